import Foundation
import Tables

/// The values at which the effect of a column is shown.
struct EffectGrid {
  /// Where the values stand: the numbers themselves, or 0, 1, 2, ... for levels.
  let positions: [Double]
  /// The names of levels, dates and truth values; empty for numbers.
  let levels: [String]
  /// The share of the rows at or nearest to each value.
  let density: [Double]
  /// One row per value.
  let column: Column

  /// The grid of a column; nil for free text and for columns with fewer than two values.
  ///
  /// Numbers: every distinct value, or `points` quantiles from the 1st to the 99th percentile. Categories: the most
  /// frequent levels, at most `levels`.
  init?(_ column: Column, points: Int, levels limit: Int) {
    switch column.values {
    case .text: return nil
    case .category(let v):
      var counts = [Int](repeating: 0, count: v.levels.count)
      for code in v.codes where code >= 0 { counts[Int(code)] += 1 }
      let shown = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(limit)
      guard shown.count >= 2 else { return nil }
      positions = shown.indices.map(Double.init)
      levels = shown.map { v.levels[$0] }
      density = shown.map { Double(counts[$0]) / Double(max(1, v.codes.count)) }
      self.column = Column(column.name, .category(CategoryValues(codes: shown.map { Int32($0) }, levels: v.levels)))
    case .boolean(let v):
      let present = v.filter { $0 >= 0 }
      guard Set(present).count == 2 else { return nil }
      let share = Double(present.count { $0 == 1 }) / Double(present.count)
      positions = [0, 1]
      levels = ["false", "true"]
      density = [1 - share, share]
      self.column = Column(column.name, .boolean([0, 1]))
    case .integer, .float, .single, .dateTime:
      let numbers = column.numbers().filter(\.isFinite).sorted()
      let isDate = column.kind == .dateTime
      var values = Array(Set(numbers)).sorted()
      if values.count > points {
        let count = isDate ? min(8, points) : points
        values = (0..<count).map { index in
          let share = 0.01 + 0.98 * Double(index) / Double(count - 1)
          return numbers[min(numbers.count - 1, Int(share * Double(numbers.count)))]
        }
        values = Array(Set(values)).sorted()
      }
      guard values.count >= 2 else { return nil }
      var shares = [Double](repeating: 0, count: values.count)
      var nearest = 0
      for number in numbers {
        while nearest + 1 < values.count, abs(values[nearest + 1] - number) <= abs(values[nearest] - number) {
          nearest += 1
        }
        shares[nearest] += 1 / Double(numbers.count)
      }
      positions = isDate ? values.indices.map(Double.init) : values
      levels = isDate ? values.map(shownDay) : []
      density = shares
      self.column = Self.column(like: column, values)
    }
  }

  private static func column(like column: Column, _ values: [Double]) -> Column {
    switch column.values {
    case .integer: Column(column.name, .integer(values.map { Int64($0) }))
    case .single: Column(column.name, .single(values.map(Float.init)))
    case .dateTime: Column(column.name, .dateTime(values.map { Int64(($0 * 1e6).rounded()) }))
    default: Column(column.name, .float(values))
    }
  }
}
