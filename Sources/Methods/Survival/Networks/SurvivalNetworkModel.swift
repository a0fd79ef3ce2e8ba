import Basics
import Estimators
import Foundation
import Kernels
import Networks
import Tensors

/// A trained network that says when events come.
public struct SurvivalNetworkModel: SurvivalModel {
  /// The name in files.
  public static let kind = "survival-network"

  /// The settings it was trained with.
  public let settings: SurvivalNetwork
  /// The intervals of hazards; nil for Cox.
  public let intervals: TimeIntervals?
  /// The cumulative hazards of Cox at a log risk of 0, one per stratum; empty for hazards.
  public let baselines: [BaselineHazard]
  /// The times at which curves are given unless others are asked for.
  public let usualTimes: [Double]
  private let design: SurvivalDesign
  private let weights: [String: StoredWeight]
  private let network: Sequential

  /// A parameter's numbers.
  private struct StoredWeight: Sendable, Codable {
    let shape: [Int]
    let values: [Float]
  }

  init(
    _ settings: SurvivalNetwork, design: SurvivalDesign, intervals: TimeIntervals?, network: Sequential,
    data: SurvivalData, _ context: FitContext
  ) throws {
    self.settings = settings
    self.design = design
    self.intervals = intervals
    self.network = network
    weights = network.weights.mapValues { StoredWeight(shape: $0.shape, values: $0.values(Float.self)) }
    guard case .cox(let ties) = settings.output else {
      baselines = []
      usualTimes = intervals?.ends ?? [1]
      return
    }
    let likelihood = CoxLikelihood(data.outcomes, rows: [], width: 0, ties: ties)
    let times = data.outcomes.times.indices.filter { data.outcomes.events[$0] }.map { data.outcomes.times[$0] }.sorted()
    usualTimes = spreadTimes(times, count: 200)
    baselines = likelihood.baselines(
      logRisks: Self.outputs(network, design, data.features, threads: context.threads))
  }

  private static func outputs(
    _ network: Sequential, _ design: SurvivalDesign, _ features: FeatureMatrix, threads: Int
  ) -> [Double] {
    require(
      features.featureCount == design.fills.count, "SurvivalNetworkModel",
      "\(features.featureCount) features, trained on \(design.fills.count)")
    guard features.rowCount > 0 else { return [] }
    let inputs = Tensor(design.rows(features).map { Float($0) }, shape: [features.rowCount, design.width])
    return Compute.$threads.withValue(threads) { network(inputs).doubles }
  }

  /// The probability that the event comes in each interval, given that it has not come before; row after row. Only for
  /// networks of hazards.
  public func hazards(_ features: FeatureMatrix, threads: Int = 1) -> [Double] {
    require(intervals != nil, "SurvivalNetworkModel.hazards", "the network puts out the risks of Cox's model")
    return Self.outputs(network, design, features, threads: threads).map { 1 / (1 + exp(-$0)) }
  }

  /// The logarithm of the relative hazard, or of the hazard summed over all intervals.
  public func risks(_ features: FeatureMatrix, threads: Int = 1) -> [Double] {
    guard let intervals else { return Self.outputs(network, design, features, threads: threads) }
    let hazards = hazards(features, threads: threads)
    let width = intervals.count
    return (0..<features.rowCount).map { row in
      log(
        max(
          hazards[row * width..<(row + 1) * width].reduce(0) { $0 - log1p(-min($1, 1 - 1e-12)) },
          Double.leastNormalMagnitude))
    }
  }

  /// The survival curve of every row; for Cox in stratum 0.
  public func curves(_ features: FeatureMatrix, at times: [Double]?, threads: Int) -> SurvivalCurves {
    if let intervals {
      return SurvivalCurves(hazards: hazards(features, threads: threads), intervals: intervals).resampled(at: times)
    }
    return SurvivalCurves(
      baseline: baselines[0], logRisks: risks(features, threads: threads), times: times ?? usualTimes)
  }
}

extension SurvivalNetworkModel: Codable {
  private enum Key: String, CodingKey { case settings, intervals, baselines, usualTimes, design, weights }

  /// Reads a model.
  ///
  /// - Throws: a `bundle` error for weights that do not fit the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    settings = try container.decode(SurvivalNetwork.self, forKey: .settings)
    intervals = try container.decodeIfPresent(TimeIntervals.self, forKey: .intervals)
    baselines = try container.decode([BaselineHazard].self, forKey: .baselines)
    usualTimes = try container.decode([Double].self, forKey: .usualTimes)
    design = try container.decode(SurvivalDesign.self, forKey: .design)
    weights = try container.decode([String: StoredWeight].self, forKey: .weights)
    guard design.width > 0, settings.hidden.allSatisfy({ $0 > 0 }), intervals != nil || !baselines.isEmpty,
      weights.values.allSatisfy({ $0.shape.reduce(1, *) == $0.values.count })
    else { throw AssayError(.bundle, "the network does not fit together", remedy: "save it anew") }
    network = SurvivalNetwork.layers(
      inputs: design.width, hidden: settings.hidden, outputs: intervals?.count ?? 1, dropout: settings.dropout,
      key: RandomKey(seed: 0))
    try network.load(weights.mapValues { Tensor($0.values, shape: $0.shape) })
  }

  /// Writes the model.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(settings, forKey: .settings)
    try container.encodeIfPresent(intervals, forKey: .intervals)
    try container.encode(baselines, forKey: .baselines)
    try container.encode(usualTimes, forKey: .usualTimes)
    try container.encode(design, forKey: .design)
    try container.encode(weights, forKey: .weights)
  }
}
