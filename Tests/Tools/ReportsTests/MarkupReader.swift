/// A strict reader of the markup that reports are written in: every element closed, every attribute quoted, no stray
/// character of markup in text.
struct MarkupReader {
  struct Element {
    var name: String
    var attributes: [String: String]
    /// The names of the elements around it, the outermost first.
    var ancestors: [String]
    /// The text directly inside.
    var text = ""
    /// The indices of the elements directly inside.
    var children: [Int] = []
  }

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private(set) var elements: [Element] = []
  /// All text outside of style sheets, characters of markup restored.
  var text: String { elements.filter { $0.name != "style" }.map(\.text).joined(separator: " ") }

  func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  private static let withoutContent: Set<String> = ["meta", "br", "link", "img", "hr", "input"]

  init(_ source: String) throws {
    let bytes = Array(source.utf8)
    var position = 0
    var open: [Int] = []
    func starts(_ text: String) -> Bool {
      bytes.count - position >= text.utf8.count && zip(text.utf8, bytes[position...]).allSatisfy { $0 == $1 }
    }
    func name() -> String {
      let start = position
      while position < bytes.count, isNameByte(bytes[position]) { position += 1 }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }
    if starts("<!DOCTYPE html>") { position += 15 }
    while position < bytes.count {
      if starts("</") {
        position += 2
        let closing = name()
        guard let last = open.popLast() else { throw Failure(description: "</\(closing)> closes nothing") }
        guard elements[last].name == closing else {
          throw Failure(description: "</\(closing)> closes <\(elements[last].name)>")
        }
        guard starts(">") else { throw Failure(description: "</\(closing) is not ended") }
        position += 1
      } else if starts("<") {
        position += 1
        let opening = name()
        guard !opening.isEmpty else { throw Failure(description: "a bare < at byte \(position)") }
        var attributes: [String: String] = [:]
        while position < bytes.count, bytes[position] == 0x20 {
          position += 1
          let key = name()
          guard !key.isEmpty, starts("=\"") else { throw Failure(description: "attribute of <\(opening)> not quoted") }
          position += 2
          let start = position
          while position < bytes.count, bytes[position] != 0x22 {
            guard bytes[position] != 0x3C else { throw Failure(description: "a < inside an attribute of <\(opening)>") }
            position += 1
          }
          let value = String(decoding: bytes[start..<position], as: UTF8.self)
          guard attributes.updateValue(try restored(value), forKey: key) == nil else {
            throw Failure(description: "<\(opening)> has \(key) twice")
          }
          position += 1
        }
        let isClosed = starts("/>")
        guard isClosed || starts(">") else {
          throw Failure(description: "<\(opening) is not ended at byte \(position)")
        }
        position += isClosed ? 2 : 1
        if let parent = open.last { elements[parent].children.append(elements.count) }
        elements.append(
          Element(name: opening, attributes: attributes, ancestors: open.map { elements[$0].name }))
        if isClosed || MarkupReader.withoutContent.contains(opening) { continue }
        if opening == "style" {
          let start = position
          while position < bytes.count, !starts("</style>") { position += 1 }
          elements[elements.count - 1].text = String(decoding: bytes[start..<position], as: UTF8.self)
        }
        open.append(elements.count - 1)
      } else {
        let start = position
        while position < bytes.count, bytes[position] != 0x3C {
          guard bytes[position] != 0x3E else { throw Failure(description: "a bare > at byte \(position)") }
          position += 1
        }
        let text = try restored(String(decoding: bytes[start..<position], as: UTF8.self))
        if let parent = open.last { elements[parent].text += text }
      }
    }
    if let last = open.last { throw Failure(description: "<\(elements[last].name)> is never closed") }
  }
}

private func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x3A, 0x5F: true
  default: false
  }
}

/// The text with its entities replaced; an ampersand that begins none is a failure.
private func restored(_ text: String) throws -> String {
  guard text.contains("&") else { return text }
  let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#39": "'"]
  var result = ""
  for (index, part) in text.split(separator: "&", omittingEmptySubsequences: false).enumerated() {
    if index == 0 {
      result += part
      continue
    }
    guard let end = part.firstIndex(of: ";"), let character = entities[String(part[..<end])] else {
      throw MarkupReader.Failure(description: "a bare & before \(part.prefix(12))")
    }
    result += character + part[part.index(after: end)...]
  }
  return result
}
