import Basics
import Foundation
import Kernels
import Tables

/// A column of the training rows and the same one of the test rows.
struct ColumnPair: Sendable {
  let training: Column
  let test: Column
}

/// Which test rows fall into the same cell as a training row, all columns together.
struct RowMatches: Sendable {
  /// The first training row in the cell of each test row; -1 without one.
  let partner: [Int32]
  /// The entropy of the columns' cells in bits, summed: what rows would carry if columns were independent.
  let bits: Double

  /// - Parameter cells: the cell of each training row and of each test row in a column.
  init(_ columns: Int, threads: Int, cells: @Sendable (Int) -> (training: [UInt64], test: [UInt64])) {
    let parts = parallelMap(columns, threads: threads) { index in
      let (training, test) = cells(index)
      return (training: training, test: test, bits: entropy(training))
    }
    bits = parts.reduce(0) { $0 + $1.bits }
    var training = [UInt64](repeating: 0, count: parts.first?.training.count ?? 0)
    var test = [UInt64](repeating: 0, count: parts.first?.test.count ?? 0)
    for part in parts {
      for row in training.indices { training[row] = RandomKey.mix(training[row] &+ part.training[row]) }
      for row in test.indices { test[row] = RandomKey.mix(test[row] &+ part.test[row]) }
    }
    var first = [UInt64: Int32](minimumCapacity: training.count)
    for (row, hash) in training.enumerated() where first[hash] == nil { first[hash] = Int32(row) }
    partner = test.map { first[$0] ?? -1 }
  }
}

/// A column in cells so wide that nearly equal numbers mostly share one; other values have a cell each.
struct NearColumn: Sendable {
  /// The width of a cell, in standard deviations.
  private static let cellWidth = 0.1
  /// The largest difference called near, in standard deviations.
  private static let reach = 0.02

  /// The numbers of training and test rows over their standard deviation; nil for texts, categories, booleans and
  /// columns of at most twenty distinct numbers.
  private let numbers: (training: [Double], test: [Double])?
  private let exact: (training: [UInt64], test: [UInt64])

  init(_ pair: ColumnPair) {
    if let spread = Self.spread(pair.training) {
      numbers = (pair.training.numbers().map { $0 / spread }, pair.test.numbers().map { $0 / spread })
      exact = ([], [])
    } else {
      numbers = nil
      exact = (pair.training.valueHashes(), pair.test.valueHashes())
    }
  }

  /// The standard deviation of a column with more than twenty distinct numbers.
  private static func spread(_ column: Column) -> Double? {
    switch column.kind {
    case .integer, .float, .dateTime: break
    default: return nil
    }
    let values = column.numbers().filter(\.isFinite)
    guard Set(values.prefix(2000)).count > 20 else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return variance > 0 ? variance.squareRoot() : nil
  }

  /// The cells, their borders moved by a share of their width.
  func cells(shift: Double) -> (training: [UInt64], test: [UInt64]) {
    guard let numbers else { return exact }
    func cell(_ value: Double) -> UInt64 {
      guard value.isFinite else { return value.isNaN ? 1 : 2 }
      let place = (value / Self.cellWidth + shift).rounded(.down)
      return RandomKey.mix(UInt64(bitPattern: Int64(max(-1e15, min(1e15, place)))))
    }
    return (numbers.training.map(cell), numbers.test.map(cell))
  }

  /// Whether the values of two rows that share all cells are near.
  func isNear(test: Int, training: Int) -> Bool {
    guard let numbers else { return true }
    let a = numbers.test[test]
    let b = numbers.training[training]
    return (a.isNaN && b.isNaN) || abs(a - b) <= Self.reach
  }
}

/// The entropy of values in bits.
func entropy(_ values: [UInt64]) -> Double {
  // A sample of 20,000 rows: more would only sharpen entropies that are far above what is needed.
  let sample =
    values.count > 20_000 ? stride(from: 0, to: values.count, by: values.count / 20_000).map { values[$0] } : values
  var counts: [UInt64: Int] = [:]
  for value in sample { counts[value, default: 0] += 1 }
  let total = Double(sample.count)
  // Summed in a fixed order: a dictionary's own order differs between runs.
  return counts.values.sorted().reduce(0) { $0 - Double($1) / total * log2(Double($1) / total) }
}
