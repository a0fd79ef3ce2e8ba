import Basics
import Tables

/// The training rows on which columns are tested one by one: all, or a random sample of 50,000, each in one of four
/// folds.
///
/// With that many rows the standard error of an AUC or R² is below 0.005, far finer than the thresholds of the checks.
struct LeakSample: Sendable {
  let rows: [Int]
  let labels: [Double]
  let folds: [UInt8]
  let task: LearningTask
  let foldCount = 4

  init(_ data: GuardedData, key: RandomKey, limit: Int = 50_000) {
    let count = data.labels.count
    if count > limit {
      var stream = key["sample"].stream()
      rows = Array(stream.permutation(of: count).prefix(limit)).sorted()
    } else {
      rows = Array(0..<count)
    }
    labels = rows.map { data.labels[$0] }
    task = data.task
    let folds = key["folds"]
    self.folds = rows.indices.map { UInt8(folds.word(at: UInt64($0)) % 4) }
  }

  /// The column on the sample's rows.
  func coded(_ column: Column) -> CodedColumn {
    CodedColumn(rows.count == column.count ? column : column.selecting(rows: rows))
  }

  /// The rows of the rarest class; all rows for regression.
  var rarest: Int {
    guard task.width > 1 else { return labels.count }
    var counts = [Int](repeating: 0, count: task.width)
    for label in labels { counts[Int(label)] += 1 }
    return counts.filter { $0 > 0 }.min() ?? 0
  }
}

/// A column as small whole numbers: level by level where it has few distinct values, else in ranges of equal counts.
struct CodedColumn: Sendable {
  /// The code of each row; 0 stands for missing.
  let codes: [Int32]
  /// The codes are below this.
  let codeCount: Int
  /// Whether each code but 0 is one distinct value.
  let isExact: Bool
  /// The numbers of numeric, boolean and date-time columns (missing not-a-number); empty for others.
  let numbers: [Double]
  /// The rows without a value.
  let missing: Int

  init(_ column: Column) {
    let count = column.count
    switch column.values {
    case .text, .category:
      numbers = []
      var next: Int32 = 0
      var index: [UInt64: Int32] = [:]
      let hashes = column.valueHashes()
      let coded = hashes.indices.map { row -> Int32 in
        if column.isMissing(row) { return 0 }
        if let known = index[hashes[row]] { return known }
        next += 1
        index[hashes[row]] = next
        return next
      }
      missing = coded.count { $0 == 0 }
      // Texts that hardly repeat say nothing about other rows; only their being there may.
      isExact = 2 * Int(next) <= count
      codes = isExact ? coded : coded.map { min($0, 1) }
      codeCount = isExact ? Int(next) + 1 : 2
    default:
      let values = column.numbers()
      numbers = values
      let present = values.indices.filter { !values[$0].isNaN }
      missing = count - present.count
      let kept = present.map { values[$0] }
      // Ranges of ten rows at least, so that a range's mean says something about rows left out.
      let limit = max(2, min(256, count / 10))
      let distinct = Set(kept.prefix(4096)).count <= limit ? Set(kept).count : Int.max
      let (cells, cellCount) = distinct <= limit ? distinctRanges(of: kept) : equalCountRanges(of: kept, ranges: limit)
      var result = [Int32](repeating: 0, count: count)
      for (position, row) in present.enumerated() { result[row] = cells[position] + 1 }
      codes = result
      codeCount = cellCount + 1
      isExact = distinct <= limit
    }
  }
}

/// The rank of each value among the distinct ones, and how many there are.
func distinctRanges(of values: [Double]) -> (cells: [Int32], count: Int) {
  let distinct = Set(values).sorted()
  let rank = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
  return (values.map { rank[$0] ?? 0 }, distinct.count)
}
