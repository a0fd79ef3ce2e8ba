import Basics
import Foundation
import Tables

/// A column of texts with a known structure, of which columns are made: the domain of an e-mail address, the network of
/// an IP address.
///
/// The new columns are named `COLUMN.part`; entities and graphs may use them. A text that is not of the kind it should
/// be gives missing values. A missing text does too.
public struct TextPart: Sendable, Hashable {
  /// The structure of a text.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// `length` in characters, share of `digits`, `entropy` of the characters in bits.
    case text
    /// `domain`, `tld`, `free` (1 for providers where anybody gets an address), and `length`, `digits` and `entropy` of
    /// what is before the @.
    case email
    /// `host`, `domain` (what is registered: the last two labels, or three below such as co.uk), `tld`, `depth` of the
    /// path, `parameters` of the query, `secure`, and `length`, `digits` and `entropy` of the whole.
    case url
    /// `network` (the first 24 bits of version 4, 48 of version 6), `private` (1 for addresses that the internet does not
    /// route), `version`.
    case ip
    /// `family` of the browser and `system` by well-known words, `mobile`.
    case agent
  }

  /// The column.
  public var column: String
  /// What its texts are.
  public var kind: Kind

  /// Creates a part.
  public init(_ column: String, kind: Kind) {
    self.column = column
    self.kind = kind
  }

  /// What is made of one text.
  enum Value {
    case number(Double)
    case text(String?)
  }

  /// The parts of a text in the order of `parts`; nil for one that is not of the kind.
  func values(_ text: String) -> [Value]? {
    switch kind {
    case .text: CharacterShape(text).values
    case .email: EmailAddress(text)?.values
    case .url: WebAddress(text)?.values
    case .ip: NetworkAddress(text)?.values
    case .agent: UserAgent(text).values
    }
  }

  /// The names of the parts, and which of them are texts.
  var parts: [(name: String, isText: Bool)] {
    switch kind {
    case .text: CharacterShape.parts
    case .email: EmailAddress.parts
    case .url: WebAddress.parts
    case .ip: NetworkAddress.parts
    case .agent: UserAgent.parts
    }
  }

  /// The new columns.
  ///
  /// - Throws: a `schema` error for a column that has no texts.
  public func columns(of column: Column) throws -> [Column] {
    let codes: [Int]
    let distinct: [[Value]?]
    switch column.values {
    case .category(let values):
      codes = values.codes.map(Int.init)
      distinct = values.levels.map { self.values($0) }
    case .text(let values):
      // Each distinct text is read once: addresses repeat.
      var index: [String: Int] = [:]
      var found: [[Value]?] = []
      codes = (0..<values.count).map { row in
        guard let text = values[row] else { return -1 }
        if let code = index[text] { return code }
        index[text] = found.count
        found.append(self.values(text))
        return found.count - 1
      }
      distinct = found
    default:
      throw AssayError(
        .schema, "the column \"\(column.name)\" has values of kind \(column.kind.rawValue), and should have texts",
        remedy: "read it as text, or take it from the plan's parts")
    }
    return parts.enumerated().map { place, part in
      let name = "\(column.name).\(part.name)"
      func value(_ code: Int) -> Value? { code < 0 ? nil : distinct[code]?[place] }
      if part.isText {
        let texts = codes.map { code in if case .text(let text)? = value(code) { text } else { String?.none } }
        return Column(name, .category(CategoryValues(texts)))
      }
      return Column(
        name, .single(codes.map { code in if case .number(let number)? = value(code) { Float(number) } else { .nan } }))
    }
  }
}

extension TextPart: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case column, kind }

  /// Reads what was written, with defaults for what is left out.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(CodingKeys.self, of: "a part")
    column = try container.decode(String.self, forKey: .column)
    kind = try container.decode(Kind.self, forKey: .kind)
  }
}

extension HistoryPlan {
  /// The table with the columns of all parts, which replace columns of the same name.
  public func addParts(to table: Table) throws -> Table {
    var result = table
    for part in parts {
      for column in try part.columns(of: try table.column(part.column)) { result = try result.setting(column) }
    }
    return result
  }
}

/// What the characters of a text look like, whatever they mean.
struct CharacterShape {
  static let parts = [("length", false), ("digits", false), ("entropy", false)]

  var length = 0
  var digits = 0
  var entropy = 0.0

  init(_ text: some StringProtocol) {
    var counts: [Character: Int] = [:]
    for character in text {
      length += 1
      if character.isASCII && character.isNumber { digits += 1 }
      counts[character, default: 0] += 1
    }
    // In the order of size, so that the sum is the same in every run.
    for count in counts.values.sorted() {
      let share = Double(count) / Double(length)
      entropy -= share * log2(share)
    }
  }

  var values: [TextPart.Value] {
    [.number(Double(length)), .number(length > 0 ? Double(digits) / Double(length) : 0), .number(entropy)]
  }
}
