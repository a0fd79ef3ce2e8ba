extension AssayError {
  /// A `format` error from what a `Codable` type threw while it was encoded or decoded; an `AssayError` stays itself.
  ///
  /// - Parameters:
  ///   - error: what was thrown.
  ///   - source: the file or format, put before the path of keys: "results.json".
  static func coding(_ error: any Error, in source: String) -> AssayError {
    func made(_ problem: String, _ context: [any CodingKey]) -> AssayError {
      let path = describe(context)
      return AssayError(.format, problem, at: path.isEmpty ? source : "\(source), \(path)")
    }
    switch error {
    case let error as AssayError:
      return error
    case DecodingError.keyNotFound(let key, let context):
      return made("the field \"\(key.stringValue)\" is absent", context.codingPath)
    case DecodingError.valueNotFound(_, let context):
      return made("a value is absent", context.codingPath)
    case DecodingError.typeMismatch(_, let context), DecodingError.dataCorrupted(let context):
      return made(plain(context.debugDescription), context.codingPath)
    case EncodingError.invalidValue(_, let context):
      return made(plain(context.debugDescription), context.codingPath)
    default:
      return made(plain("\(error)"), [])
    }
  }

  /// `columns[3].name`.
  private static func describe(_ path: [any CodingKey]) -> String {
    path.reduce(into: "") { text, key in
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
  }

  /// The sentence without its final stop and with a small first letter, as messages of this house are.
  private static func plain(_ sentence: String) -> String {
    let body = sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...]
    return body.prefix(1).lowercased() + body.dropFirst()
  }
}
