import Basics

/// A setting of an operator.
public enum ONNXAttribute: Sendable {
  /// A number.
  case float(Float)
  /// A whole number.
  case integer(Int)
  /// Text.
  case text(String)
  /// A tensor.
  case tensor(ONNXTensor)
  /// Numbers.
  case floats([Float])
  /// Whole numbers.
  case integers([Int])
  /// Texts.
  case texts([String])
  /// Of a kind that no supported operator has, such as a graph.
  case other(Int)
}

/// An attribute with its name, as it stands in a file.
struct ONNXNamedAttribute: ONNXMessage {
  var name = ""
  var value = ONNXAttribute.other(0)

  init() {}

  init(name: String, value: ONNXAttribute) {
    self.name = name
    self.value = value
  }

  /// Fields of several kinds may come in any order before the one that says which counts.
  init(_ reader: ProtobufReader) throws {
    var reader = reader
    var kind = 0
    var float: Float = 0
    var integer = 0
    var text = ""
    var tensor: ONNXTensor?
    var floats: [Float] = []
    var integers: [Int] = []
    var texts: [String] = []
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try field.text()
      case 2: float = try field.float()
      case 3: integer = try field.integer()
      case 4: text = try field.text()
      case 5: tensor = try field.message()
      case 7: floats += try field.floats()
      case 8: integers += try field.integers()
      case 9: texts.append(try field.text())
      case 20: kind = try field.integer()
      default: break
      }
    }
    switch kind {
    case 1: value = .float(float)
    case 2: value = .integer(integer)
    case 3: value = .text(text)
    case 4: value = .tensor(tensor ?? ONNXTensor())
    case 6: value = .floats(floats)
    case 7: value = .integers(integers)
    case 8: value = .texts(texts)
    default: value = .other(kind)
    }
  }

  mutating func read(_ field: ProtobufField) throws {}

  func write(to writer: inout ProtobufWriter) throws {
    writer.text(1, name)
    switch value {
    case .float(let number):
      writer.float(2, number)
      writer.integer(20, 1)
    case .integer(let number):
      writer.integer(3, number, always: true)
      writer.integer(20, 2)
    case .text(let text):
      writer.text(4, text, always: true)
      writer.integer(20, 3)
    case .tensor(let tensor):
      try writer.message(5, tensor)
      writer.integer(20, 4)
    case .floats(let numbers):
      writer.repeated(7, numbers)
      writer.integer(20, 6)
    case .integers(let numbers):
      writer.repeated(8, numbers)
      writer.integer(20, 7)
    case .texts(let texts):
      for text in texts { writer.text(9, text, always: true) }
      writer.integer(20, 8)
    case .other(let kind):
      throw AssayError(.format, "an attribute of kind \(kind) cannot be written", at: "attribute \"\(name)\"")
    }
  }
}
