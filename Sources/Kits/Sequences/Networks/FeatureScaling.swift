import Basics
import Estimators
import Foundation

/// Features as numbers of like size: amounts standardised, categories as indicators.
///
/// An amount becomes (value - mean) / deviation, held within a bound; a missing one 0, with an indicator where training
/// rows had missing ones. A category becomes one indicator for each of its most frequent levels.
struct FeatureScaling: Sendable, Hashable, Codable {
  /// What a feature becomes.
  enum Column: Sendable, Hashable, Codable {
    case amount(mean: Float, deviation: Float, hasIndicator: Bool)
    case levels([Int32])
  }

  let columns: [Column]
  /// Numbers per row.
  let width: Int

  private static let maximumLevels = 32
  /// Beyond so many deviations numbers are cut off.
  private static let bound: Float = 10

  init(_ features: FeatureMatrix, positions: [Int]) {
    columns = positions.map { position in
      let values = features.dense(position)
      if case .categorical = features.features[position].kind {
        var counts: [Int32: Int] = [:]
        for value in values where value >= 0 { counts[Int32(value), default: 0] += 1 }
        let kept = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.maximumLevels)
        return .levels(kept.map(\.key).sorted())
      }
      let (mean, deviation) = Self.moments(values)
      return .amount(mean: mean, deviation: deviation, hasIndicator: values.contains(where: \.isNaN))
    }
    width = columns.reduce(0) { $0 + $1.width }
  }

  /// The mean and the deviation of the numbers that are there; deviation 1 where they do not vary.
  static func moments(_ values: some Collection<Float>) -> (mean: Float, deviation: Float) {
    var (count, sum, squares) = (0.0, 0.0, 0.0)
    for value in values where !value.isNaN {
      count += 1
      sum += Double(value)
    }
    let mean = count > 0 ? sum / count : 0
    for value in values where !value.isNaN { squares += (Double(value) - mean) * (Double(value) - mean) }
    let deviation = count > 0 ? (squares / count).squareRoot() : 0
    return (Float(mean), deviation > 1e-6 * max(abs(mean), .leastNormalMagnitude) ? Float(deviation) : 1)
  }

  /// The numbers of all rows, `width` per row.
  func rows(_ features: FeatureMatrix, positions: [Int]) -> [Float] {
    var result = [Float](repeating: 0, count: features.rowCount * width)
    var start = 0
    for (column, position) in zip(columns, positions) {
      let values = features.dense(position)
      switch column {
      case .amount(let mean, let deviation, let hasIndicator):
        for (row, value) in values.enumerated() {
          if value.isNaN {
            if hasIndicator { result[row * width + start + 1] = 1 }
          } else {
            result[row * width + start] = min(max((value - mean) / deviation, -Self.bound), Self.bound)
          }
        }
      case .levels(let levels):
        let places = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, $0) })
        for (row, value) in values.enumerated() where value >= 0 {
          if let place = places[Int32(value)] { result[row * width + start + place] = 1 }
        }
      }
      start += column.width
    }
    return result
  }
}

extension FeatureScaling.Column {
  /// Numbers per row.
  var width: Int {
    switch self {
    case .amount(_, _, let hasIndicator): hasIndicator ? 2 : 1
    case .levels(let levels): levels.count
    }
  }
}
