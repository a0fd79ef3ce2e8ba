import Basics
import Tables

/// Whether a column identifies rows: texts without spaces, all different; whole numbers that count the rows; whole
/// numbers, all different, whose name says so.
struct IdentifierCheck: Sendable {
  let isIdentifier: Bool
  private let words: String

  init(_ column: Column, test: Table?, isDeclared: Bool) {
    let parts = [column] + (test?[column.name].map { [$0] } ?? [])
    let words = isDeclared ? nil : Self.words(column.name, parts)
    isIdentifier = words != nil
    self.words = words ?? ""
  }

  private static func words(_ name: String, _ parts: [Column]) -> String? {
    let count = parts.reduce(0) { $0 + $1.count }
    guard count >= 20, !parts.contains(where: { part in (0..<part.count).contains { part.isMissing($0) } }) else {
      return nil
    }
    switch parts[0].values {
    case .text, .category:
      guard areDistinct(parts, count), parts.allSatisfy(hasSingleWords) else { return nil }
      return "every row has another text"
    case .integer:
      guard areDistinct(parts, count) else { return nil }
      let numbers = parts.flatMap { $0.numbers() }
      guard let low = numbers.min(), let high = numbers.max() else { return nil }
      // Up to a tenth of the numbers may be gone, for rows that were deleted.
      if high - low + 1 <= 1.1 * Double(count) { return "it counts the rows from \(Int64(low)) to \(Int64(high))" }
      return namesIdentifier(name) ? "every row has another number" : nil
    default: return nil
    }
  }

  private static func areDistinct(_ parts: [Column], _ count: Int) -> Bool {
    var seen = Set<UInt64>(minimumCapacity: count)
    for part in parts { for hash in part.valueHashes() where !seen.insert(hash).inserted { return false } }
    return true
  }

  /// Whether the first thousand texts have no spaces: a sentence may differ in every row and still say something.
  private static func hasSingleWords(_ column: Column) -> Bool {
    switch column.values {
    case .text(let values):
      return (0..<min(1000, values.count)).allSatisfy { values.utf8($0).count <= 64 && !values.utf8($0).contains(32) }
    case .category(let values):
      return values.levels.prefix(1000).allSatisfy { $0.utf8.count <= 64 && !$0.utf8.contains(32) }
    default: return false
    }
  }

  private static func namesIdentifier(_ name: String) -> Bool {
    let words = nameWords(name)
    return words.contains {
      ["id", "pid", "uid", "uuid", "guid", "key", "no", "nr", "number", "index", "identifier"]
        .contains($0)
    } || name.lowercased().hasSuffix("id")
  }

  /// The finding; it stops the run if the identifier predicts, since then the rows are ordered by the target.
  func finding(_ column: String, _ strength: ColumnStrength, target: String) -> GuardFinding {
    let predicts = strength.explained >= 0.9 || strength.area >= 0.95
    return GuardFinding(
      .identifier, severity: predicts ? .stop : .warning, column: column,
      evidence: "column \"\(column)\" identifies rows: \(words)"
        + (predicts ? "; \(strength.words), so the rows are ordered by \"\(target)\"" : ""),
      remedy: (predicts ? "leave it out with --exclude \"\(column)\"" : "it is left out")
        + "; --allow \"identifier:\(column)\" \"reason\" keeps it")
  }
}

/// The words of a column's name in lower case: "customerID" and "customer_id" are customer, id.
func nameWords(_ name: String) -> [String] {
  var words: [String] = []
  var current = ""
  var previousIsLower = false
  for character in name {
    if !character.isLetter && !character.isNumber {
      if !current.isEmpty { words.append(current) }
      current = ""
      previousIsLower = false
      continue
    }
    if character.isUppercase, previousIsLower {
      words.append(current)
      current = ""
    }
    previousIsLower = character.isLowercase
    current += character.lowercased()
  }
  return current.isEmpty ? words : words + [current]
}
