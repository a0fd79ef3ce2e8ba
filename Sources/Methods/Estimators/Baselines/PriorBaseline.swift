import Basics
import Evaluation

/// Predicts the same for every row: the class shares, or the mean or median of the numbers.
///
/// What every other method must beat.
public struct PriorBaseline: Estimator, Hashable {
  /// The number predicted in regression.
  public enum Centre: String, Sendable, Hashable, Codable {
    case mean
    case median
  }

  /// The number predicted in regression; ignored for classes.
  public var centre = Centre.mean

  /// A configuration.
  public init(centre: Centre = .mean) { self.centre = centre }

  /// Learns from data; see `Estimator`.
  public func fit(_ data: TrainingData, context: FitContext) throws -> any Model {
    try data.checkLearnable()
    return PriorModel(task: data.task, values: values(data))
  }

  private func values(_ data: TrainingData) -> [Double] {
    let weights = data.rowWeights
    let total = weights.reduce(0, +)
    switch (data.task, centre) {
    case (.classification(let classes), _):
      var shares = [Double](repeating: 0, count: classes.count)
      for (label, weight) in zip(data.labels, weights) { shares[Int(label)] += weight }
      return shares.map { $0 / total }
    case (.regression, .mean):
      return [zip(data.labels, weights).reduce(0) { $0 + $1.0 * ($1.1 / total) }]
    case (.regression, .median):
      let order = data.labels.indices.sorted { data.labels[$0] < data.labels[$1] }
      return [weightedMedian(order.map { (data.labels[$0], weights[$0]) }, total: total)]
    }
  }

  /// The middle of sorted values by weight; the mean of the two values where exactly half lies on each side.
  private func weightedMedian(_ sorted: [(value: Double, weight: Double)], total: Double) -> Double {
    var below = 0.0
    for (position, entry) in sorted.enumerated() {
      below += entry.weight
      if below == total / 2, let next = sorted[(position + 1)...].first(where: { $0.weight > 0 }) {
        return (entry.value + next.value) / 2
      }
      if below > total / 2 { return entry.value }
    }
    return sorted.last?.value ?? 0
  }
}

/// One prediction for all rows.
public struct PriorModel: Model, Hashable {
  /// The name in bundles.
  public static let kind = "prior"

  /// What the model predicts.
  public let task: LearningTask
  /// The prediction: one number, or one share per class.
  public let values: [Double]

  /// Predicts every row.
  public func predict(_ features: FeatureMatrix, threads: Int) -> Predictions {
    var result: [Double] = []
    result.reserveCapacity(features.rowCount * values.count)
    for _ in 0..<features.rowCount { result.append(contentsOf: values) }
    return Predictions(result, width: values.count)
  }
}
