import Basics
import Evaluation

/// Bootstrap of many means over the same rows at once, so that a curve of 200 points costs one pass.
///
/// Beyond 2,000 rows (or clusters) these are dealt at random into 2,000 groups, and whole groups are drawn. The variance
/// between the sums of random groups is in expectation that between rows, so the intervals stay right and the cost no
/// longer grows with the rows.
struct RowBootstrap {
  static let largestGroupCount = 2_000
  static let resamples = 1_000
  static let level = 0.95

  private let group: [Int]
  private let groupCount: Int
  private let isRowByRow: Bool
  private let key: RandomKey

  /// - Parameter clusters: rows of equal number are drawn together; nil draws single rows.
  init(rowCount: Int, clusters: [Int]?, key: RandomKey) {
    var index: [Int: Int] = [:]
    let unit =
      clusters.map { clusters in
        clusters.map { cluster in
          let next = index.count
          if let known = index[cluster] { return known }
          index[cluster] = next
          return next
        }
      } ?? Array(0..<rowCount)
    let unitCount = clusters == nil ? rowCount : index.count
    groupCount = min(unitCount, RowBootstrap.largestGroupCount)
    isRowByRow = clusters == nil && unitCount == groupCount
    self.key = key
    if unitCount == groupCount {
      group = unit
    } else {
      var stream = key["groups"].stream()
      var groupOfUnit = [Int](repeating: 0, count: unitCount)
      for (position, unit) in stream.permutation(of: unitCount).enumerated() {
        groupOfUnit[unit] = position % groupCount
      }
      group = unit.map { groupOfUnit[$0] }
    }
  }

  /// Sums per group of numbers given per row, statistics next to each other.
  struct Sums {
    let width: Int
    fileprivate var values: [Double]
    fileprivate var rows: [Double]
  }

  /// Adds up statistics; `add` is called once per row with the place of the row's sums.
  func sums(width: Int, _ add: (_ row: Int, _ sums: UnsafeMutableBufferPointer<Double>) -> Void) -> Sums {
    var result = Sums(
      width: width, values: Array(repeating: 0, count: groupCount * width),
      rows: Array(repeating: 0, count: groupCount))
    for row in group.indices { result.rows[group[row]] += 1 }
    result.values.withUnsafeMutableBufferPointer { buffer in
      for row in group.indices {
        add(row, UnsafeMutableBufferPointer(rebasing: buffer[group[row] * width..<(group[row] + 1) * width]))
      }
    }
    return result
  }

  /// The means per row of all statistics.
  func means(_ sums: Sums) -> [Double] {
    let rows = sums.rows.reduce(0, +)
    return (0..<sums.width).map { statistic in
      (0..<groupCount).reduce(0) { $0 + sums.values[$1 * sums.width + statistic] } / rows
    }
  }

  /// The means per row of all statistics in each resample: `[resample][statistic]`.
  func resampledMeans(_ sums: Sums) -> [[Double]] {
    var stream = key["resamples"].stream()
    return (0..<RowBootstrap.resamples).map { _ in
      var totals = [Double](repeating: 0, count: sums.width)
      var rows = 0.0
      sums.values.withUnsafeBufferPointer { values in
        totals.withUnsafeMutableBufferPointer { totals in
          for _ in 0..<groupCount {
            let drawn = stream.integer(below: groupCount)
            rows += sums.rows[drawn]
            let start = drawn * sums.width
            for i in 0..<totals.count { totals[i] += values[start + i] }
          }
        }
      }
      for i in totals.indices { totals[i] /= rows }
      return totals
    }
  }

  /// A number with the percentile interval of its resampled values.
  static func estimate(_ value: Double, resampled: [Double]) -> Estimate {
    let sorted = resampled.sorted()
    let tail = (1 - level) / 2
    return Estimate(value, lower: quantile(sorted, tail), upper: quantile(sorted, 1 - tail))
  }

  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let position = share * Double(sorted.count - 1)
    let below = Int(position)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
  }

  /// Numbers per row as at most 2,000 numbers of equal weight with the same mean and the same standard error of the
  /// mean, for `Bootstrap`: the row's numbers themselves, or the mean plus a group's scaled sum of deviations from it.
  func condensed(_ values: [Double]) -> [Double] {
    if isRowByRow { return values }
    let center = mean(values)
    var result = [Double](repeating: 0, count: groupCount)
    for row in group.indices { result[group[row]] += values[row] - center }
    let scale = Double(groupCount) / Double(max(1, group.count))
    return result.map { center + scale * $0 }
  }
}
