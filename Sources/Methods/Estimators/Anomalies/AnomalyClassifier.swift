import Basics
import Evaluation
import Foundation

/// Turns what a detector finds unusual into probabilities of the second of two classes.
///
/// The detector learns from features alone. Labels of the training rows then choose two numbers, the intercept and the
/// slope of a logistic curve over the logarithm of the score (Platt 1999): they say how probable a class is at a score,
/// and change nothing about the order of rows. So beside learners that use labels it shows what labels are worth.
public struct AnomalyClassifier<Detector: AnomalyDetector>: Estimator {
  /// What finds unusual rows.
  public var detector: Detector

  /// A classifier by a detector.
  public init(_ detector: Detector) { self.detector = detector }

  /// Learns what is usual from the features, and from the labels how probable the second class is at a score.
  ///
  /// - Throws: `configuration` for another task than two classes, and what the detector throws.
  public func fit(_ data: TrainingData, context: FitContext) throws -> any Model {
    guard data.task.isBinary else {
      throw AssayError(
        .configuration, "an anomaly detector tells two classes apart, not \(data.task.classes.count)",
        remedy: "give a target of two classes")
    }
    let fitted = try detector.fit(data.features, context: context)
    func classifier<Fitted: AnomalyModel>(_ model: Fitted) -> any Model {
      let scores = model.scores(data.features, threads: context.threads)
      return AnomalyClassifierModel(
        task: data.task, model: model,
        curve: ScoreCurve(scores: scores, labels: data.labels, weights: data.weights))
    }
    return classifier(fitted)
  }
}

/// A fitted detector with the curve from scores to probabilities.
public struct AnomalyClassifierModel<Fitted: AnomalyModel>: ContributingModel {
  /// The name in bundles.
  public static var kind: String { "anomaly-" + Fitted.kind }

  /// What is predicted.
  public let task: LearningTask
  /// What was learned without labels.
  public let model: Fitted
  private let curve: ScoreCurve

  init(task: LearningTask, model: Fitted, curve: ScoreCurve) {
    self.task = task
    self.model = model
    self.curve = curve
  }

  /// The probabilities of both classes.
  public func predict(_ features: FeatureMatrix, threads: Int) -> Predictions {
    let probabilities = model.scores(features, threads: threads).map { 1 / (1 + exp(-curve.margin($0))) }
    return Predictions(probabilities.flatMap { [1 - $0, $0] }, width: 2)
  }

  /// How much each feature moved the log-odds away from those of the usual row, by its part in the score.
  public func contributions(_ features: FeatureMatrix, threads: Int) -> Contributions {
    let scores = model.scores(features, threads: threads)
    let parts = model.parts(features, threads: threads)
    var values: [Double] = []
    values.reserveCapacity(scores.count * (features.featureCount + 1))
    for (score, parts) in zip(scores, parts) {
      let margin = curve.margin(score)
      let sum = parts.reduce(0, +)
      values += parts.map { sum > 0 ? (margin - curve.intercept) * $0 / sum : 0 }
      values.append(sum > 0 ? curve.intercept : margin)
    }
    return Contributions(values, width: 1, featureCount: features.featureCount)
  }
}

/// A logistic curve over the logarithm of a score, rising.
struct ScoreCurve: Sendable, Codable, Hashable {
  /// Of the logarithms of the training rows' scores.
  let mean: Double
  let deviation: Double
  /// The log-odds at the mean, and by how much they rise per deviation.
  private(set) var intercept: Double
  private(set) var slope: Double

  /// A curve that hardly rises would not keep the order of scores in its probabilities.
  private static let leastSlope = 1e-3

  init(scores: [Double], labels: [Double], weights: [Double]?) {
    let logs = scores.map(Self.logarithm)
    let count = Double(max(1, logs.count))
    let mean = logs.reduce(0, +) / count
    let variance = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    self.mean = mean
    deviation = variance > 0 ? variance.squareRoot() : 1
    let places = logs.map { [mean, deviation] in ($0 - mean) / deviation }
    let positives = zip(labels, weights ?? Array(repeating: 1, count: labels.count)).reduce(0) { $0 + $1.0 * $1.1 }
    let total = weights?.reduce(0, +) ?? count
    let share = (positives + 1) / (total + 2)
    intercept = log(share / (1 - share))
    slope = 0
    for _ in 0..<30 {
      // A little of a prior on the slope keeps it finite where the score tells the classes apart entirely.
      var (first, second) = (0.0, -slope)
      var (curvature, mixed, bend) = (1e-9, 0.0, 1.0)
      for (row, place) in places.enumerated() {
        let weight = weights?[row] ?? 1
        let probability = 1 / (1 + exp(-(intercept + slope * place)))
        let miss = weight * (labels[row] - probability)
        let spread = weight * probability * (1 - probability)
        first += miss
        second += miss * place
        curvature += spread
        mixed += spread * place
        bend += spread * place * place
      }
      let determinant = curvature * bend - mixed * mixed
      guard determinant > 1e-12 else { break }
      let step = (first * bend - second * mixed, second * curvature - first * mixed)
      let length = max(abs(step.0), abs(step.1)) / determinant
      // Far from the optimum a step of Newton's can overshoot.
      let scale = (length > 2 ? 2 / length : 1) / determinant
      intercept = min(max(intercept + step.0 * scale, -30), 30)
      slope += step.1 * scale
      if length < 1e-9 { break }
    }
    slope = max(slope, Self.leastSlope)
  }

  /// The log-odds at a score.
  func margin(_ score: Double) -> Double {
    intercept + slope * (Self.logarithm(score) - mean) / deviation
  }

  private static func logarithm(_ score: Double) -> Double { log(max(score, 1e-12)) }
}
