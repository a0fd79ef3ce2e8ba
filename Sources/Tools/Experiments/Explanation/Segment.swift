import Evaluation
import Tables

/// Rows that share a value or a range in one column, or in two.
struct Segment: Sendable {
  /// "region = north", "age from 18 to 30", "income missing": one for a single column, two for a pair.
  let parts: [String]
  /// The rows, ascending.
  let rows: [Int]

  /// The parts joined by "and".
  var name: String { parts.joined(separator: " and ") }

  /// The segments of a column with at least `least` rows inside and outside: the eight most frequent levels, quarters
  /// of numbers and times, missing values; none for free text.
  static func of(_ column: Column, least: Int) -> [Segment] {
    let count = column.count
    func segment(_ text: String, _ rows: [Int]) -> Segment? {
      guard rows.count >= least, count - rows.count >= least else { return nil }
      return Segment(parts: ["\(column.name) \(text)"], rows: rows)
    }
    if case .text = column.values { return [] }
    var result: [Segment?] = []
    let present = (0..<count).filter { !column.isMissing($0) }
    if present.count < count { result.append(segment("missing", (0..<count).filter { column.isMissing($0) })) }
    let numbers = column.numbers()
    let distinct = Set(present.lazy.map { numbers[$0] })
    let isNumber = column.kind == .integer || column.kind == .float || column.kind == .dateTime
    if !isNumber || distinct.count <= 8 {
      let byValue = Dictionary(grouping: present, by: { numbers[$0] })
      let frequent = byValue.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.prefix(8)
      for (_, rows) in frequent { result.append(segment("= \(column.shown(rows[0]))", rows)) }
    } else {
      for rows in quarters(present, numbers) {
        guard let first = rows.min(by: { numbers[$0] < numbers[$1] }),
          let last = rows.max(by: { numbers[$0] < numbers[$1] })
        else { continue }
        result.append(segment("from \(column.shown(first)) to \(column.shown(last))", rows))
      }
    }
    return result.compactMap { $0 }
  }

  /// Rows in four ranges of nearly equal counts; equal values stay together.
  private static func quarters(_ rows: [Int], _ numbers: [Double]) -> [[Int]] {
    let sorted = rows.map { numbers[$0] }.sorted()
    let borders = [0.25, 0.5, 0.75].map { sorted[Int($0 * Double(sorted.count))] }
    var parts = [[Int]](repeating: [], count: 4)
    for row in rows { parts[borders.count { numbers[row] >= $0 }].append(row) }
    return parts.filter { !$0.isEmpty }
  }

  /// The rows in both segments, if there are at least `least` of them, and as many outside.
  func and(_ other: Segment, least: Int, of count: Int) -> Segment? {
    let inside = Set(other.rows)
    let shared = rows.filter(inside.contains)
    guard shared.count >= least, count - shared.count >= least else { return nil }
    return Segment(parts: parts + other.parts, rows: shared)
  }
}
