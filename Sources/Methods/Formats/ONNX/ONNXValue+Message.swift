extension ONNXValue: ONNXMessage {
  mutating func read(_ field: ProtobufField) throws {
    switch field.number {
    case 1: name = try field.text()
    case 2:
      let type: ONNXType = try field.message()
      (kind, shape) = (type.kind, type.shape)
    default: break
    }
  }

  func write(to writer: inout ProtobufWriter) {
    writer.text(1, name)
    writer.message(2) { type in
      type.message(1) { tensor in
        tensor.integer(1, kind)
        guard let shape else { return }
        tensor.message(2) { list in
          for size in shape {
            list.message(1) { axis in
              switch size {
              case .fixed(let value): axis.integer(1, value, always: true)
              case .named(let name): axis.text(2, name)
              }
            }
          }
        }
      }
    }
  }
}

/// The type of a value: that of a tensor, others are skipped and leave `kind` 0.
private struct ONNXType: ONNXMessage {
  var kind = 0
  var shape: [ONNXValue.Size]?

  mutating func read(_ field: ProtobufField) throws {
    guard field.number == 1 else { return }
    var tensor = try field.message()
    while let field = try tensor.next() {
      switch field.number {
      case 1: kind = try field.integer()
      case 2: shape = try sizes(field.message())
      default: break
      }
    }
  }

  private func sizes(_ reader: ProtobufReader) throws -> [ONNXValue.Size] {
    var reader = reader
    var result: [ONNXValue.Size] = []
    while let field = try reader.next() {
      guard field.number == 1 else { continue }
      var axis = try field.message()
      var size = ONNXValue.Size.named("")
      while let field = try axis.next() {
        switch field.number {
        case 1: size = .fixed(try field.integer())
        case 2: size = .named(try field.text())
        default: break
        }
      }
      result.append(size)
    }
    return result
  }

  func write(to writer: inout ProtobufWriter) {}
}
