import Basics
import Estimators
import Evaluation
import Foundation
import Networks

/// What a column does to the hazard.
public struct CoxTerm: Sendable, Codable, Hashable {
  /// The feature, with "=2" for a level or " missing".
  public let name: String
  /// The logarithm of the hazard ratio for one unit more, or for having the level.
  public let coefficient: Double
  /// Its standard error; nil with a penalty or for a column that was set aside.
  public let standardError: Double?

  /// The factor of the hazard with its interval; ends are not-a-number without a standard error.
  public func hazardRatio(level: Double = 0.95) -> Estimate {
    let reach = normalQuantile(0.5 + level / 2) * (standardError ?? .nan)
    return Estimate(exp(coefficient), lower: exp(coefficient - reach), upper: exp(coefficient + reach))
  }

  /// The probability of a coefficient at least this far from 0 if it were 0 (Wald's test); nil
  /// without a standard error.
  public var pValue: Double? { standardError.map { 2 * normalProbability(below: -abs(coefficient / $0)) } }
}

/// The cumulative hazard of a row with average features in one stratum (Breslow 1972; with Efron's shares for ties).
public struct BaselineHazard: Sendable, Codable, Hashable {
  /// Rising times of events.
  public let times: [Double]
  /// The cumulative hazard from each of those times on.
  public let hazards: [Double]

  /// The cumulative hazard at a time; 0 before the first event, and constant after the last.
  public func value(at time: Double) -> Double {
    let index = firstIndex(in: times, above: time)
    return index == 0 ? 0 : hazards[index - 1]
  }
}

/// A fitted model of proportional hazards.
public struct CoxModel: SurvivalModel, Hashable {
  /// The name in files.
  public static let kind = "cox"

  /// How events at the same time were treated.
  public let ties: TiedEvents
  /// The columns with their coefficients in units of the features.
  public let terms: [CoxTerm]
  /// The cumulative hazards, one per stratum.
  public let baselines: [BaselineHazard]
  /// The log partial likelihood.
  public let logLikelihood: Double
  /// The log partial likelihood without features.
  public let nullLogLikelihood: Double
  /// The Newton steps taken.
  public let steps: Int
  /// Whether the steps came to an end. If not, some group probably never has the event, and its coefficient no end.
  public let isConverged: Bool
  /// The times at which curves are given unless others are asked for: those of events, at most 200.
  public let usualTimes: [Double]
  let design: SurvivalDesign
  /// For standardised columns.
  let coefficients: [Double]
  /// The inverse of the information for standardised columns, row-major; empty with a penalty.
  let covariance: [Double]

  init(
    _ solution: CoxSolver.Solution, estimator: CoxRegression, design: SurvivalDesign, likelihood: CoxLikelihood
  ) {
    self.design = design
    ties = estimator.ties
    coefficients = solution.coefficients
    logLikelihood = solution.value.logLikelihood
    nullLogLikelihood = solution.nullLogLikelihood
    steps = solution.steps
    isConverged = solution.isConverged
    let solver = SymmetricSolver(solution.value.information, size: design.width)
    let covariance = estimator.lambda == 0 ? solver.inverse() : []
    self.covariance = covariance
    terms = design.terms.indices.map { index in
      let scale = design.terms[index].scale
      let variance = covariance.isEmpty || solver.isAside[index] ? nil : covariance[index * design.width + index]
      return CoxTerm(
        name: design.terms[index].name, coefficient: solution.coefficients[index] / scale,
        standardError: variance.map { $0.squareRoot() / scale })
    }
    baselines = likelihood.baselines(solution.coefficients)
    let times = likelihood.outcomes.times.indices.filter { likelihood.outcomes.events[$0] }
      .map { likelihood.outcomes.times[$0] }.sorted()
    usualTimes = spreadTimes(times, count: 200)
  }

  /// The logarithm of each row's hazard relative to that of a row with average features.
  public func risks(_ features: FeatureMatrix, threads: Int = 1) -> [Double] {
    check(features)
    return design.predictors(features, coefficients: coefficients)
  }

  /// The survival curve of every row, in stratum 0.
  public func curves(_ features: FeatureMatrix, at times: [Double]?, threads: Int) -> SurvivalCurves {
    curves(features, strata: nil, at: times)
  }

  /// The survival curve of every row in its stratum.
  ///
  /// - Parameters:
  ///   - strata: One per row, of those in the training data; 0 unless given.
  ///   - times: Rising times; `usualTimes` unless given.
  public func curves(_ features: FeatureMatrix, strata: [Int]?, at times: [Double]? = nil) -> SurvivalCurves {
    let times = times ?? usualTimes
    if let strata {
      require(
        strata.count == features.rowCount && strata.allSatisfy(baselines.indices.contains), "CoxModel.curves",
        "there must be one stratum of 0 ..< \(baselines.count) for each of \(features.rowCount) rows")
    }
    let hazards = baselines.map { baseline in times.map { baseline.value(at: $0) } }
    var values: [Double] = []
    values.reserveCapacity(features.rowCount * times.count)
    for (row, risk) in risks(features).enumerated() {
      let factor = exp(risk)
      for hazard in hazards[strata?[row] ?? 0] { values.append(exp(-hazard * factor)) }
    }
    return SurvivalCurves(times: times, values: values, between: .step)
  }

  /// Whether the features together tell anything: twice the gain of log-likelihood, chi-squared if they did not. Only
  /// without penalty.
  public var likelihoodRatio: (statistic: Double, degrees: Int, pValue: Double) {
    let statistic = 2 * (logLikelihood - nullLogLikelihood)
    let degrees = terms.count { $0.standardError != nil }
    return (statistic, degrees, degrees > 0 ? chiSquaredProbability(above: statistic, degrees: Double(degrees)) : 1)
  }

  private func check(_ features: FeatureMatrix) {
    require(
      features.featureCount == design.fills.count, "CoxModel",
      "\(features.featureCount) features, trained on \(design.fills.count)")
  }
}

extension CoxLikelihood {
  /// The cumulative hazards of the strata at coefficients.
  func baselines(_ coefficients: [Double]) -> [BaselineHazard] {
    baselines(logRisks: predictors(coefficients))
  }

  /// The cumulative hazards of the strata for given logarithms of relative risks, one per row.
  func baselines(logRisks: [Double]) -> [BaselineHazard] {
    let largest = logRisks.max() ?? 0
    let risks = logRisks.indices.map { outcomes.weight($0) * exp(logRisks[$0] - largest) }
    return (0..<sets.stratumCount).map { stratum in
      var times: [Double] = []
      var increments: [Double] = []
      forEachRiskSum(stratum, risks) { moment, sum, tied in
        times.append(moment.time)
        increments.append(TieSums(moment, risk: sum, tied: tied, ties: ties).inverse * exp(-largest))
      }
      var total = 0.0
      let hazards = increments.reversed().map { increment in
        total += increment
        return total
      }
      return BaselineHazard(times: times.reversed(), hazards: hazards)
    }
  }

  /// Calls `body` with each moment of a stratum, latest first, the sum of risks of those at risk, and of those with an
  /// event then.
  func forEachRiskSum(_ stratum: Int, _ risks: [Double], _ body: (CoxRiskSets.Moment, Double, Double) -> Void) {
    var joined = stratumStart(stratum)
    var left = leavingStart(stratum)
    var sum = 0.0
    for moment in sets.moments[sets.starts[stratum]..<sets.starts[stratum + 1]] {
      while joined < moment.joined {
        sum += risks[sets.order[joined]]
        joined += 1
      }
      while left < moment.left {
        sum -= risks[sets.leaving[left]]
        left += 1
      }
      let tied = moment.events.reduce(0) { $0 + risks[sets.order[$1]] }
      body(moment, max(sum, tied), tied)
    }
  }
}
