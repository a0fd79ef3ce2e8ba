import Basics
import Evaluation
import Foundation
import Kernels

/// Class probabilities as if features were independent given the class.
///
/// Numbers are normal within a class, categories have a share per level, and sparse features without negative numbers
/// are counts of one multinomial (words of a text). What is missing says nothing. Classes only. Source: Hastie,
/// Tibshirani and Friedman, "The Elements of Statistical Learning", section 6.6.3; for counts McCallum and Nigam, "A
/// comparison of event models for naive Bayes text classification" (1998).
public struct NaiveBayes: Estimator, Hashable {
  /// Rows added to every level and count of a class (Laplace), above 0.
  public var smoothing = 1.0
  /// Rows with the variance of all classes together that each class is thought to have besides its own, above 0.
  public var varianceSmoothing = 1.0

  /// The default configuration.
  public init() {}

  /// Learns from data; see `Estimator`.
  public func fit(_ data: TrainingData, context: FitContext) throws -> any Model {
    try require(smoothing > 0 && smoothing.isFinite, "smoothing", smoothing, "above 0")
    try require(
      varianceSmoothing > 0 && varianceSmoothing.isFinite, "varianceSmoothing", varianceSmoothing, "above 0")
    guard case .classification(let classes) = data.task else {
      throw AssayError(
        .configuration, "naive Bayes predicts classes, the target is a number", remedy: "use another method")
    }
    try data.checkLearnable()
    try context.interruption.check()
    let weights = data.rowWeights
    let total = weights.reduce(0, +)
    var shares = [Double](repeating: 0, count: classes.count)
    for (label, weight) in zip(data.labels, weights) { shares[Int(label)] += weight / total }
    let labels = data.labels.map { Int($0) }

    let counts = data.features.columns.indices.filter { isCount(data.features, $0) }
    var totals = [Double](repeating: 0, count: classes.count)
    let sums = counts.map { countSums(data.features.columns[$0], labels, weights, classes.count) }
    for sum in sums { for k in totals.indices { totals[k] += sum[k] } }
    var terms = parallelMap(data.features.featureCount, threads: context.threads) { feature -> NaiveBayesModel.Term in
      switch data.features.features[feature].kind {
      case .numeric: return normalTerm(data.features.columns[feature], labels, weights, classes.count)
      case .categorical(let levels):
        return levelTerm(data.features.columns[feature], labels, weights, classes.count, levels: levels)
      }
    }
    for (position, feature) in counts.enumerated() {
      terms[feature] = .count(
        logShares: (0..<classes.count).map { k in
          log((sums[position][k] + smoothing) / (totals[k] + smoothing * Double(counts.count)))
        })
    }
    return NaiveBayesModel(task: data.task, logPriors: shares.map { log(max($0, 1e-12)) }, terms: terms)
  }

  private func isCount(_ matrix: FeatureMatrix, _ feature: Int) -> Bool {
    guard case .sparse(_, let values) = matrix.columns[feature], matrix.features[feature].kind == .numeric else {
      return false
    }
    return values.allSatisfy { $0 >= 0 || $0.isNaN }
  }

  private func countSums(_ column: FeatureValues, _ labels: [Int], _ weights: [Double], _ classes: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: classes)
    column.forEachStored { row, value in
      if value.isFinite { sums[labels[row]] += weights[row] * Double(value) }
    }
    return sums
  }

  private func normalTerm(
    _ column: FeatureValues, _ labels: [Int], _ weights: [Double], _ classes: Int
  ) -> NaiveBayesModel.Term {
    let values = column.densified(rowCount: labels.count)
    // The last entry is for all classes together.
    var weight = [Double](repeating: 0, count: classes + 1)
    var mean = weight
    var squares = weight
    for row in values.indices where values[row].isFinite && weights[row] > 0 {
      // Running means and squared deviations (West 1979).
      for k in [labels[row], classes] {
        weight[k] += weights[row]
        let difference = Double(values[row]) - mean[k]
        mean[k] += difference * weights[row] / weight[k]
        squares[k] += weights[row] * difference * (Double(values[row]) - mean[k])
      }
    }
    guard weight[classes] > 0 else { return .none }
    let variance = squares[classes] / weight[classes]
    guard variance.squareRoot() > 1e-9 * abs(mean[classes]), variance > 0 else { return .none }
    return .normal(
      means: (0..<classes).map { weight[$0] > 0 ? mean[$0] : mean[classes] },
      variances: (0..<classes).map { (squares[$0] + varianceSmoothing * variance) / (weight[$0] + varianceSmoothing) })
  }

  private func levelTerm(
    _ column: FeatureValues, _ labels: [Int], _ weights: [Double], _ classes: Int, levels: Int
  ) -> NaiveBayesModel.Term {
    let values = column.densified(rowCount: labels.count)
    var sums = [Double](repeating: 0, count: levels * classes)
    var totals = [Double](repeating: 0, count: classes)
    var seen = [Bool](repeating: false, count: levels)
    for row in values.indices where weights[row] > 0 {
      guard let level = levelCode(values[row], levels: levels) else { continue }
      sums[level * classes + labels[row]] += weights[row]
      totals[labels[row]] += weights[row]
      seen[level] = true
    }
    let count = Double(seen.count(where: { $0 }))
    guard count > 0 else { return .none }
    // A level not seen in training says nothing.
    return .levels(
      logShares: (0..<levels * classes).map { index in
        seen[index / classes] ? log((sums[index] + smoothing) / (totals[index % classes] + smoothing * count)) : 0
      })
  }
}

/// Class shares with a distribution per feature and class.
public struct NaiveBayesModel: Model, Hashable {
  /// The name in bundles.
  public static let kind = "naive-bayes"

  /// What the model predicts.
  public let task: LearningTask
  let logPriors: [Double]
  let terms: [Term]

  /// What a feature says of each class.
  enum Term: Sendable, Hashable, Codable {
    case none
    case normal(means: [Double], variances: [Double])
    /// `logShares[level * classes + class]`.
    case levels(logShares: [Double])
    case count(logShares: [Double])
  }

  /// Predicts every row.
  public func predict(_ features: FeatureMatrix, threads: Int) -> Predictions {
    let classes = logPriors.count
    let shardRows = 1024
    let parts = parallelMap((features.rowCount + shardRows - 1) / shardRows, threads: threads) { shard in
      let rows = shard * shardRows..<min(features.rowCount, (shard + 1) * shardRows)
      var logs = [Double](repeating: 0, count: rows.count * classes)
      for row in 0..<rows.count { for k in 0..<classes { logs[row * classes + k] = logPriors[k] } }
      for (feature, term) in terms.enumerated() { term.add(features.columns[feature], rows, classes, to: &logs) }
      for row in 0..<rows.count {
        let range = row * classes..<(row + 1) * classes
        let highest = logs[range].max() ?? 0
        for index in range { logs[index] = exp(logs[index] - highest) }
        let total = logs[range].reduce(0, +)
        for index in range { logs[index] /= total }
      }
      return logs
    }
    return Predictions(parts.flatMap { $0 }, width: classes)
  }
}

extension NaiveBayesModel.Term {
  /// Adds the log likelihoods of some rows to `logs[row * classes + class]`.
  func add(_ column: FeatureValues, _ rows: Range<Int>, _ classes: Int, to logs: inout [Double]) {
    switch (self, column) {
    case (.none, _): return
    case (.count, .sparse(let at, let values)):
      var position = lowerBound(at, Int32(rows.lowerBound))
      while position < at.count, Int(at[position]) < rows.upperBound {
        addValue(values[position], Int(at[position]) - rows.lowerBound, classes, to: &logs)
        position += 1
      }
    case (_, .dense(let values)):
      for row in rows { addValue(values[row], row - rows.lowerBound, classes, to: &logs) }
    case (_, .sparse(let at, let values)):
      var position = lowerBound(at, Int32(rows.lowerBound))
      for row in rows {
        var value: Float = 0
        if position < at.count, Int(at[position]) == row {
          value = values[position]
          position += 1
        }
        addValue(value, row - rows.lowerBound, classes, to: &logs)
      }
    }
  }

  @inline(__always)
  private func addValue(_ value: Float, _ row: Int, _ classes: Int, to logs: inout [Double]) {
    guard value.isFinite else { return }
    switch self {
    case .none: return
    case .normal(let means, let variances):
      // A number far outside would make all classes impossible; beyond 1e6 deviations they differ no more.
      for k in 0..<classes {
        let difference = Double(value) - means[k]
        logs[row * classes + k] -= 0.5 * (log(variances[k]) + min(difference * difference / variances[k], 1e12))
      }
    case .levels(let logShares):
      guard let level = levelCode(value, levels: logShares.count / classes) else { return }
      for k in 0..<classes { logs[row * classes + k] += logShares[level * classes + k] }
    case .count(let logShares):
      let count = min(max(Double(value), 0), 1e9)
      for k in 0..<classes { logs[row * classes + k] += count * logShares[k] }
    }
  }
}
