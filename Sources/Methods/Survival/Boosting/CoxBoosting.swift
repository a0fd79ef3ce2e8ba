import Basics
import Estimators
import Evaluation
import Foundation
import Networks

/// Proportional hazards whose logarithm is a sum of trees (Ridgeway 1999; with Newton steps as in Chen and Guestrin 2016).
///
/// Each round fits one tree of `Boosting` to the derivatives of Cox's partial likelihood: by weighted least squares on
/// gradient over curvature, which is a Newton step in every leaf. Late entries, weights and strata are respected.
public struct CoxBoosting: SurvivalEstimator, Hashable {
  /// How trees are grown: leaves, depth, shares of rows and columns, penalties, the learning rate and the number of
  /// trees; its objective is not used.
  public var trees: Boosting
  /// How events at the same time are treated.
  public var ties: TiedEvents

  /// Boosted proportional hazards.
  ///
  /// - Parameters:
  ///   - trees: 100 trees of 8 leaves with a learning rate of 0.1 unless given; 50 rounds without a better likelihood of
  ///     the validation rows end it.
  ///   - ties: Efron's way unless given.
  public init(_ trees: Boosting = Boosting(trees: 100, leaves: 8, learningRate: 0.1), ties: TiedEvents = .efron) {
    self.trees = trees
    self.ties = ties
  }

  /// Learns from data; the model is a `CoxBoostingModel`.
  public func fit(_ data: SurvivalData, validation: SurvivalData?, context: FitContext) throws -> any SurvivalModel {
    try model(data, validation: validation, context: context)
  }

  /// Learns from data.
  ///
  /// - Throws: `configuration` for settings of trees out of their range, `data` without events, `cancelled`.
  public func model(
    _ data: SurvivalData, validation: SurvivalData? = nil, context: FitContext
  ) throws -> CoxBoostingModel {
    try data.outcomes.requireEvents()
    let likelihood = CoxLikelihood(data.outcomes, rows: [], width: 0, ties: ties)
    let judged = validation.map { CoxLikelihood($0.outcomes, rows: [], width: 0, ties: ties) }
    var single = trees
    (single.trees, single.learningRate, single.objective, single.earlyStoppingRounds) = (1, 1, .squared, nil)
    // Settings are checked by a tree's fit; the bins must be fit for them.
    try requireSetting((2...255).contains(trees.bins), "bins", trees.bins, "in 2 ... 255")
    try requireSetting(trees.trees >= 1, "trees", trees.trees, "at least 1")
    try requireSetting(
      trees.learningRate > 0 && trees.learningRate <= 1, "learningRate", trees.learningRate, "in 0 ... 1")
    let binned = BinnedFeatures(
      data.features, maximumBins: trees.bins, key: context.key["bins"], threads: context.threads)
    var scores = [Double](repeating: 0, count: data.rowCount)
    var judgedScores = [Double](repeating: 0, count: validation?.rowCount ?? 0)
    var rounds: [TreeEnsemble] = []
    var best = (rounds: 0, likelihood: judged?.logLikelihood(judgedScores) ?? 0)
    for round in 0..<trees.trees {
      if round > 0, context.deadline.hasPassed || (context.keepsUnfinished && context.interruption.isRequested) {
        break
      }
      try context.interruption.check()
      let slopes = likelihood.rowDerivatives(scores)
      var (labels, weights) = (scores, scores)
      for row in scores.indices {
        weights[row] = slopes.curvatures[row]
        labels[row] = weights[row] > 0 ? -slopes.gradients[row] / weights[row] : 0
      }
      guard weights.contains(where: { $0 > 0 }) else { break }
      var step = FitContext(key: context.key["round"][round], threads: context.threads)
      step.interruption = context.interruption
      let tree = try single.fit(
        TrainingData(features: data.features, task: .regression, labels: labels, weights: weights), binned: binned,
        context: step)
      rounds.append(tree)
      for (row, value) in tree.margins(data.features, threads: context.threads).values.enumerated() {
        scores[row] += trees.learningRate * value
      }
      guard let validation, let judged, let patience = trees.earlyStoppingRounds else { continue }
      for (row, value) in tree.margins(validation.features, threads: context.threads).values.enumerated() {
        judgedScores[row] += trees.learningRate * value
      }
      let now = judged.logLikelihood(judgedScores)
      if now > best.likelihood { best = (round + 1, now) }
      if round + 1 - best.rounds >= patience { break }
    }
    if judged != nil, trees.earlyStoppingRounds != nil { rounds.removeLast(rounds.count - best.rounds) }
    let kept = CoxBoostingModel.sum(rounds, trees.learningRate, data.features, threads: context.threads)
    return CoxBoostingModel(
      rounds: rounds, rate: trees.learningRate, featureCount: data.features.featureCount,
      baselines: likelihood.baselines(logRisks: kept), outcomes: data.outcomes)
  }
}

/// Boosted proportional hazards.
public struct CoxBoostingModel: SurvivalModel {
  /// The name in files.
  public static let kind = "cox-boosting"

  /// The trees, one per round.
  public let rounds: [TreeEnsemble]
  /// The cumulative hazards at a log risk of 0, one per stratum.
  public let baselines: [BaselineHazard]
  /// The times at which curves are given unless others are asked for: those of events, at most 200.
  public let usualTimes: [Double]
  private let rate: Double
  private let featureCount: Int

  init(
    rounds: [TreeEnsemble], rate: Double, featureCount: Int, baselines: [BaselineHazard], outcomes: SurvivalOutcomes
  ) {
    self.rounds = rounds
    self.rate = rate
    self.featureCount = featureCount
    self.baselines = baselines
    let times = outcomes.times.indices.filter { outcomes.events[$0] }.map { outcomes.times[$0] }.sorted()
    usualTimes = spreadTimes(times, count: 200)
  }

  static func sum(_ rounds: [TreeEnsemble], _ rate: Double, _ features: FeatureMatrix, threads: Int) -> [Double] {
    var result = [Double](repeating: 0, count: features.rowCount)
    for tree in rounds {
      for (row, value) in tree.margins(features, threads: threads).values.enumerated() { result[row] += rate * value }
    }
    return result
  }

  /// The logarithm of each row's relative hazard.
  public func risks(_ features: FeatureMatrix, threads: Int = 1) -> [Double] {
    require(
      features.featureCount == featureCount, "CoxBoostingModel",
      "\(features.featureCount) features, trained on \(featureCount)")
    return Self.sum(rounds, rate, features, threads: threads)
  }

  /// The survival curve of every row, in stratum 0.
  public func curves(_ features: FeatureMatrix, at times: [Double]?, threads: Int) -> SurvivalCurves {
    SurvivalCurves(
      baseline: baselines[0], logRisks: risks(features, threads: threads), times: times ?? usualTimes)
  }
}

extension SurvivalCurves {
  /// Curves with steps: exp(-baseline * e^risk).
  init(baseline: BaselineHazard, logRisks: [Double], times: [Double]) {
    let hazards = times.map { baseline.value(at: $0) }
    self.init(
      times: times,
      values: logRisks.flatMap { risk in
        let factor = exp(risk)
        return hazards.map { exp(-$0 * factor) }
      }, between: .step)
  }
}

extension CoxLikelihood {
  /// The log partial likelihood for given logarithms of relative risks.
  func logLikelihood(_ logRisks: [Double]) -> Double {
    let largest = logRisks.max() ?? 0
    let risks = logRisks.indices.map { outcomes.weight($0) * exp(logRisks[$0] - largest) }
    var total = 0.0
    for stratum in 0..<sets.stratumCount {
      forEachRiskSum(stratum, risks) { moment, sum, tied in
        for position in moment.events {
          let row = sets.order[position]
          total += outcomes.weight(row) * (logRisks[row] - largest)
        }
        total -= TieSums(moment, risk: sum, tied: tied, ties: ties).logarithm
      }
    }
    return total
  }

  /// First and second derivatives of the negative log-likelihood in each row's log risk.
  func rowDerivatives(_ logRisks: [Double]) -> (gradients: [Double], curvatures: [Double]) {
    let largest = logRisks.max() ?? 0
    let risks = logRisks.indices.map { outcomes.weight($0) * exp(logRisks[$0] - largest) }
    var first = [Double](repeating: 0, count: risks.count)
    var second = first
    for stratum in 0..<sets.stratumCount {
      var sums: [TieSums] = []
      forEachRiskSum(stratum, risks) { moment, sum, tied in
        let ties = TieSums(moment, risk: sum, tied: tied, ties: ties)
        sums.append(ties)
        for position in moment.events {
          let row = sets.order[position]
          first[row] -= ties.shared
          second[row] += ties.bothSquared - 2 * ties.sharedSquared
        }
      }
      var (inverse, squared) = (
        [Double](repeating: 0, count: sums.count + 1), [Double](repeating: 0, count: sums.count + 1)
      )
      for index in sums.indices.reversed() {
        inverse[index] = inverse[index + 1] + sums[index].inverse
        squared[index] = squared[index + 1] + sums[index].squared
      }
      var joined = stratumStart(stratum)
      var left = leavingStart(stratum)
      for (index, moment) in sets.moments[sets.starts[stratum]..<sets.starts[stratum + 1]].enumerated() {
        while joined < moment.joined {
          first[sets.order[joined]] += inverse[index]
          second[sets.order[joined]] += squared[index]
          joined += 1
        }
        while left < moment.left {
          first[sets.leaving[left]] -= inverse[index]
          second[sets.leaving[left]] -= squared[index]
          left += 1
        }
      }
    }
    var (gradients, curvatures) = (first, second)
    for row in risks.indices {
      let slope = risks[row] * first[row]
      gradients[row] = slope - (outcomes.events[row] ? outcomes.weight(row) : 0)
      // Where one row is nearly all of its risk set the curvature vanishes; a floor keeps the step finite.
      curvatures[row] = max(slope - risks[row] * risks[row] * second[row], 0.01 * slope, 0)
    }
    return (gradients, curvatures)
  }
}
