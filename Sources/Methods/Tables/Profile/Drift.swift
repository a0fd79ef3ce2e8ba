import Basics
import Foundation

/// The change of a column's distribution between the first and the last third of the rows in time.
enum Drift {
  /// The rows of the first and the last third.
  struct Thirds: Sendable {
    private let first: [Int]
    private let last: [Int]

    /// Orders the rows by a column; rows without a time are left out.
    init(_ time: Column) throws {
      guard time.kind != .text && time.kind != .category else {
        throw AssayError(
          .schema, "the values of the column \"\(time.name)\" are neither numbers nor date-times", at: "time column",
          remedy: "choose a column that can be put in order of time")
      }
      let moments = time.numbers()
      let order = moments.indices.filter { !moments[$0].isNaN }
        .sorted { (moments[$0], $0) < (moments[$1], $1) }
      let third = order.count / 3
      first = Array(order.prefix(third))
      last = Array(order.suffix(third))
    }

    /// The population stability index of a column; nil for text, or if there are too few rows to compare.
    func index(of column: Column) -> Double? {
      guard first.count >= 10 else { return nil }
      switch column.values {
      case .text: return nil
      case .category(let values): return index(codes: values.codes, levels: values.levels.count)
      case .boolean(let values): return index(codes: values.map(Int32.init), levels: 2)
      case .integer, .float, .single, .dateTime: return index(numbers: column.numbers())
      }
    }

    /// Numbers are compared in the tenths of the first third; a missing value is a bin of its own.
    private func index(numbers: [Double]) -> Double {
      let sorted = first.map { numbers[$0] }.filter { !$0.isNaN }.sorted()
      let edges = sorted.isEmpty ? [] : (1..<10).map { sorted[$0 * (sorted.count - 1) / 10] }
      func bins(_ rows: [Int]) -> [Int] {
        var counts = Array(repeating: 0, count: edges.count + 2)
        for row in rows {
          let number = numbers[row]
          counts[number.isNaN ? edges.count + 1 : edges.firstPosition { $0 >= number }] += 1
        }
        return counts
      }
      return Drift.stabilityIndex(bins(first), bins(last))
    }

    /// Categories are compared by the twenty most frequent levels, all others together, and missing values.
    private func index(codes: [Int32], levels: Int) -> Double {
      func counts(_ rows: [Int]) -> [Int] {
        var counts = Array(repeating: 0, count: levels + 1)
        for row in rows { counts[Int(codes[row]) + 1] += 1 }
        return counts
      }
      let (a, b) = (counts(first), counts(last))
      let frequent = (1..<(levels + 1)).sorted { (a[$1] + b[$1], $0) < (a[$0] + b[$0], $1) }
      let kept = [0] + frequent.prefix(20)
      let rest = frequent.dropFirst(20)
      func bins(_ counts: [Int]) -> [Int] { kept.map { counts[$0] } + [rest.reduce(0) { $0 + counts[$1] }] }
      return Drift.stabilityIndex(bins(a), bins(b))
    }
  }

  /// The sum of `(q - p) ln(q / p)` over bins; half a row is added to each bin, so that empty ones are allowed.
  static func stabilityIndex(_ first: [Int], _ second: [Int]) -> Double {
    // Bins that are empty on both sides tell nothing.
    let used = first.indices.filter { first[$0] + second[$0] > 0 }
    func shares(_ counts: [Int]) -> [Double] {
      let total = used.reduce(0.5 * Double(used.count)) { $0 + Double(counts[$1]) }
      return used.map { (Double(counts[$0]) + 0.5) / total }
    }
    return zip(shares(first), shares(second)).reduce(0) { $0 + ($1.1 - $1.0) * log($1.1 / $1.0) }
  }
}
