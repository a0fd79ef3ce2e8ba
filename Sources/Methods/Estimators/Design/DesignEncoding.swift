import Basics
import Kernels

/// How the features of a table become numbers of comparable size, for methods that add or measure distances.
///
/// - A numeric feature becomes itself, missing replaced by the weighted mean of what is present, and, where something
///   was missing in training, an indicator of it.
/// - A categorical feature becomes one indicator per level seen in training, one of them for "missing" if that was
///   seen; a level not seen has all indicators at zero.
///
/// Every term is centred by its mean and divided by its scale: the standard deviation for dense numbers, a fixed
/// number for indicators. A fixed scale keeps rare levels from being blown up, so that a penalty shrinks what few rows
/// support. Sparse numbers are treated alike: their scale is that of an indicator times the root mean square of what is
/// not zero, or the standard deviation if that is larger. Terms that do not vary are left out.
struct DesignEncoding: Sendable, Codable {
  /// What a term takes from its feature.
  enum Role: Sendable, Hashable, Codable {
    case value
    case missing
    case level(Int)
  }

  /// One column of the design.
  struct Term: Sendable, Hashable, Codable {
    let feature: Int
    let role: Role
    let mean: Double
    let scale: Double
  }

  /// The terms, those of a feature next to each other, features in order.
  let terms: [Term]
  /// Where the terms of each feature start, and the end of the last.
  let starts: [Int]
  /// The number put in for a missing value, per feature.
  let fills: [Double]

  /// The number of terms.
  var termCount: Int { terms.count }

  /// The terms of a feature.
  func terms(of feature: Int) -> Range<Int> { starts[feature]..<starts[feature + 1] }

  /// Learns means, scales and levels.
  ///
  /// - Parameters:
  ///   - weights: One per row, at least 0.
  ///   - indicatorScale: The scale of indicators.
  ///   - maximumLevels: The most frequent levels of a feature get an indicator, further ones do not.
  init(
    _ matrix: FeatureMatrix, weights: [Double], indicatorScale: Double, maximumLevels: Int = .max, threads: Int
  ) {
    let encoded = parallelMap(matrix.featureCount, threads: threads) { feature -> ([Term], Double) in
      let values = PresentValues(matrix.columns[feature], rowCount: matrix.rowCount, weights: weights)
      switch matrix.features[feature].kind {
      case .numeric:
        return DesignEncoding.numericTerms(feature, values, indicatorScale: indicatorScale)
      case .categorical(let levels):
        let terms = DesignEncoding.levelTerms(
          feature, values, levels: levels, indicatorScale: indicatorScale, maximumLevels: maximumLevels)
        return (terms, 0)
      }
    }
    terms = encoded.flatMap(\.0)
    fills = encoded.map(\.1)
    starts = encoded.reduce(into: [0]) { $0.append($0.last! + $1.0.count) }
  }

  private static func numericTerms(
    _ feature: Int, _ values: PresentValues, indicatorScale: Double
  ) -> ([Term], Double) {
    guard values.presentWeight > 0 else { return ([], 0) }
    let mean = values.sum / values.presentWeight
    let variance = values.squaredDeviations(from: mean) / values.totalWeight
    var terms: [Term] = []
    // Rounding of a constant column leaves deviations of about 1e-16 of its size.
    if variance.squareRoot() > 1e-9 * abs(mean), variance > 0 {
      let deviation = variance.squareRoot()
      let scale = values.isSparse ? max(deviation, indicatorScale * values.rootMeanSquareOfNonzero) : deviation
      terms.append(Term(feature: feature, role: .value, mean: mean, scale: scale))
    }
    let share = values.missingWeight / values.totalWeight
    if share > 0, share < 1 {
      terms.append(Term(feature: feature, role: .missing, mean: share, scale: indicatorScale))
    }
    return (terms, mean)
  }

  private static func levelTerms(
    _ feature: Int, _ values: PresentValues, levels: Int, indicatorScale: Double, maximumLevels: Int
  ) -> [Term] {
    let weights = values.weightByLevel(levels)
    let kept = weights.indices.filter { weights[$0] > 0 }
      .sorted { (weights[$0], $1) > (weights[$1], $0) }.prefix(maximumLevels).sorted()
    var terms = kept.map { level in
      Term(feature: feature, role: .level(level), mean: weights[level] / values.totalWeight, scale: indicatorScale)
    }
    if values.missingWeight > 0 {
      let share = values.missingWeight / values.totalWeight
      terms.append(Term(feature: feature, role: .missing, mean: share, scale: indicatorScale))
    }
    return terms.filter { $0.mean < 1 }
  }
}

/// Weighted sums over a column.
private struct PresentValues {
  let column: FeatureValues
  let rowCount: Int
  let weights: [Double]
  let totalWeight: Double
  private(set) var presentWeight = 0.0
  private(set) var missingWeight = 0.0
  private(set) var sum = 0.0
  private var nonzeroWeight = 0.0
  private var nonzeroSquares = 0.0

  var isSparse: Bool { if case .sparse = column { true } else { false } }
  var rootMeanSquareOfNonzero: Double { nonzeroWeight > 0 ? (nonzeroSquares / nonzeroWeight).squareRoot() : 0 }

  init(_ column: FeatureValues, rowCount: Int, weights: [Double]) {
    self.column = column
    self.rowCount = rowCount
    self.weights = weights
    totalWeight = weights.reduce(0, +)
    var missing = 0.0
    var sum = 0.0
    var nonzero = 0.0
    var squares = 0.0
    column.forEachStored { row, value in
      if !value.isFinite {
        missing += weights[row]
      } else if value != 0 {
        sum += weights[row] * Double(value)
        nonzero += weights[row]
        squares += weights[row] * Double(value) * Double(value)
      }
    }
    missingWeight = missing
    presentWeight = missing > 0 ? max(0, totalWeight - missing) : totalWeight
    if presentWeight < 1e-12 * totalWeight { presentWeight = 0 }
    self.sum = sum
    nonzeroWeight = nonzero
    nonzeroSquares = squares
  }

  func squaredDeviations(from mean: Double) -> Double {
    var total = 0.0
    var stored = 0.0
    column.forEachStored { row, value in
      stored += weights[row]
      if value.isFinite { total += weights[row] * (Double(value) - mean) * (Double(value) - mean) }
    }
    if isSparse { total += max(0, totalWeight - stored) * mean * mean }
    return total
  }

  func weightByLevel(_ levels: Int) -> [Double] {
    var result = [Double](repeating: 0, count: levels)
    var stored = 0.0
    column.forEachStored { row, value in
      stored += weights[row]
      if let level = levelCode(value, levels: levels) { result[level] += weights[row] }
    }
    if isSparse, levels > 0 { result[0] += max(0, totalWeight - stored) }
    return result
  }
}

/// The level that a number stands for; nil for missing and for numbers that are no level.
@inline(__always)
func levelCode(_ value: Float, levels: Int) -> Int? {
  guard value >= 0, value < Float(levels) else { return nil }
  return Int(value)
}

extension FeatureValues {
  /// Calls `body` with the row and number of every stored entry: all rows of a dense column.
  @inline(__always)
  func forEachStored(_ body: (Int, Float) -> Void) {
    switch self {
    case .dense(let values):
      values.withUnsafeBufferPointer { values in
        for row in values.indices { body(row, values[row]) }
      }
    case .sparse(let rows, let values):
      for (row, value) in zip(rows, values) { body(Int(row), value) }
    }
  }
}
