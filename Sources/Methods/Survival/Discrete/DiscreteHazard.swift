import Basics
import Estimators
import Evaluation
import Foundation
import Kernels

/// Survival by a classifier: time is cut into intervals, and the classifier learns the probability that the event comes
/// in an interval, given that it has not come before (Singer and Willett 1993; Tutz and Schmid 2016).
///
/// Works with any classifier that gives probabilities: `ElasticNet` (the hazard is then proportional on the logistic
/// scale), `Boosting` (the log loss of periods is the likelihood of discrete hazards), `Forest`. Hazards need not be
/// proportional where the classifier finds interactions with the interval. Late entries and weights are respected.
public struct DiscreteHazard<Classifier: Estimator>: SurvivalEstimator {
  /// The classifier.
  public var classifier: Classifier
  /// At most so many intervals, with about equally many events each; at least 2.
  public var intervalCount: Int
  /// The ends of intervals; nil means they are chosen.
  public var ends: [Double]?
  /// How the interval is told to the classifier; nil means as a level for `ElasticNet` and `NaiveBayes`, else as a
  /// number.
  public var encoding: PersonPeriods.Encoding?
  /// The most periods to learn from; of more, those without events are drawn.
  public var periodLimit: Int

  /// Survival by a classifier.
  ///
  /// - Parameters:
  ///   - classifier: Learns the hazards.
  ///   - intervalCount: 20 unless given.
  ///   - ends: Chosen unless given.
  ///   - encoding: Chosen by the classifier unless given.
  ///   - periodLimit: Two million unless given.
  public init(
    _ classifier: Classifier, intervalCount: Int = 20, ends: [Double]? = nil, encoding: PersonPeriods.Encoding? = nil,
    periodLimit: Int = 2_000_000
  ) {
    self.classifier = classifier
    self.intervalCount = intervalCount
    self.ends = ends
    self.encoding = encoding
    self.periodLimit = periodLimit
  }

  /// Learns from data; the model is a `DiscreteHazardModel`.
  public func fit(_ data: SurvivalData, validation: SurvivalData?, context: FitContext) throws -> any SurvivalModel {
    try model(data, validation: validation, context: context)
  }

  /// Learns from data.
  ///
  /// - Throws: `configuration` for a setting out of its range, `data` without events; what the classifier throws.
  public func model(
    _ data: SurvivalData, validation: SurvivalData? = nil, context: FitContext
  ) throws -> DiscreteHazardModel {
    try requireSetting(intervalCount >= 2, "intervalCount", intervalCount, "at least 2")
    try requireSetting(periodLimit >= 2, "periodLimit", periodLimit, "at least 2")
    try data.outcomes.requireEvents()
    let grid = try ends.map { try TimeIntervals(ends: $0) } ?? TimeIntervals(data.outcomes, count: intervalCount)
    let isLinear = classifier is ElasticNet || classifier is NaiveBayes
    let encoding = encoding ?? (isLinear ? .level : .number)
    func periods(_ data: SurvivalData, _ name: String) -> TrainingData {
      let periods = PersonPeriods(data.outcomes, intervals: grid, limit: periodLimit, key: context.key[name])
      return TrainingData(
        features: periods.matrix(data.features, intervals: grid, encoding: encoding),
        task: .classification(classes: ["none", "event"]), labels: periods.labels, weights: periods.weights)
    }
    let training = periods(data, "periods")
    guard training.labels.contains(1), training.labels.contains(0) else {
      throw AssayError(
        .data, "the events do not spread over the intervals", remedy: "give ends of intervals that fit the times")
    }
    var context = context
    context.validation = validation.map { periods($0, "validation") }
    let model = try classifier.fit(training, context: context)
    return try DiscreteHazardModel(model, intervals: grid, encoding: encoding, featureCount: data.features.featureCount)
  }
}

extension DiscreteHazard: Equatable where Classifier: Equatable {}
extension DiscreteHazard: Hashable where Classifier: Hashable {}

/// A classifier that has learned hazards in intervals of time.
public struct DiscreteHazardModel: SurvivalModel {
  /// The name in files.
  public static let kind = "discrete-hazard"

  /// The kinds of classifiers that can be kept in files. A kind, once released, stays in this list.
  static let classifiers: [any Model.Type] = [
    PriorModel.self, StumpModel.self, ElasticNetModel.self, TreeEnsemble.self, NearestNeighboursModel.self,
    NaiveBayesModel.self, NeuralNetworkModel.self, GaussianProcessModel.self,
  ]

  /// The classifier: two classes, index 1 is the event.
  public let classifier: any Model
  /// The intervals.
  public let intervals: TimeIntervals
  /// How the interval is told to the classifier.
  public let encoding: PersonPeriods.Encoding
  private let featureCount: Int

  /// The ends of the intervals.
  public var usualTimes: [Double] { intervals.ends }

  init(
    _ classifier: any Model, intervals: TimeIntervals, encoding: PersonPeriods.Encoding, featureCount: Int
  ) throws {
    guard classifier.task.isBinary else {
      throw AssayError(
        .configuration, "the estimator does not learn classes", remedy: "use one that gives probabilities of classes")
    }
    self.classifier = classifier
    self.intervals = intervals
    self.encoding = encoding
    self.featureCount = featureCount
  }

  /// The probability that the event comes in each interval, given that it has not come before; row after row.
  public func hazards(_ features: FeatureMatrix, threads: Int = 1) -> [Double] {
    require(
      features.featureCount == featureCount, "DiscreteHazardModel",
      "\(features.featureCount) features, trained on \(featureCount)")
    let width = intervals.count
    let block = max(1, 200_000 / width)
    var result: [Double] = []
    result.reserveCapacity(features.rowCount * width)
    for start in stride(from: 0, to: features.rowCount, by: block) {
      let end = min(features.rowCount, start + block)
      let rows = (start..<end).flatMap { row in repeatElement(row, count: width) }
      let periods = (start..<end).flatMap { _ in (0..<width).map { Float($0) } }
      let matrix = PersonPeriods.matrix(features, rows: rows, intervals: periods, intervals, encoding)
      result += classifier.predict(matrix, threads: threads).output(1).map { min(max($0, 0), 1) }
    }
    return result
  }

  /// The logarithm of each row's hazard summed over all intervals.
  public func risks(_ features: FeatureMatrix, threads: Int = 1) -> [Double] {
    let hazards = hazards(features, threads: threads)
    let width = intervals.count
    return (0..<features.rowCount).map { row in
      log(
        max(
          hazards[row * width..<(row + 1) * width].reduce(0) { $0 - log1p(-min($1, 1 - 1e-12)) },
          Double.leastNormalMagnitude))
    }
  }

  /// The survival curve of every row, with constant hazard within intervals.
  public func curves(_ features: FeatureMatrix, at times: [Double]?, threads: Int) -> SurvivalCurves {
    SurvivalCurves(hazards: hazards(features, threads: threads), intervals: intervals).resampled(at: times)
  }
}

extension SurvivalCurves {
  /// Curves from hazards in intervals, row after row.
  init(hazards: [Double], intervals: TimeIntervals) {
    var values = hazards
    let width = intervals.count
    for start in stride(from: 0, to: hazards.count, by: width) {
      var survival = 1.0
      for index in start..<start + width {
        survival *= 1 - hazards[index]
        values[index] = survival
      }
    }
    self.init(times: intervals.ends, values: values, between: .constantHazard)
  }

  /// The same curves known at other times; at these where nil.
  func resampled(at times: [Double]?) -> SurvivalCurves {
    guard let times else { return self }
    return SurvivalCurves(times: times, values: survival(at: times), between: between)
  }
}

extension DiscreteHazardModel: Codable {
  private enum Key: String, CodingKey { case kind, classifier, intervals, encoding, featureCount }

  /// Reads a model.
  ///
  /// - Throws: a `bundle` error for a classifier that this version does not know.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .kind)
    guard let kind = Self.classifiers.first(where: { $0.kind == name }) else {
      throw AssayError(
        .bundle, "the file holds a classifier of the kind \"\(name)\", which this version does not know",
        remedy: "use a newer version of assay")
    }
    func decode<M: Model>(_ type: M.Type) throws -> any Model { try container.decode(type, forKey: .classifier) }
    try self.init(
      decode(kind), intervals: container.decode(TimeIntervals.self, forKey: .intervals),
      encoding: container.decode(PersonPeriods.Encoding.self, forKey: .encoding),
      featureCount: container.decode(Int.self, forKey: .featureCount))
  }

  /// Writes the model.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(type(of: classifier).kind, forKey: .kind)
    func encode<M: Model>(_ model: M) throws { try container.encode(model, forKey: .classifier) }
    try encode(classifier)
    try container.encode(intervals, forKey: .intervals)
    try container.encode(encoding, forKey: .encoding)
    try container.encode(featureCount, forKey: .featureCount)
  }
}
