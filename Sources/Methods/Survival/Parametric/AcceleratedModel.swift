import Basics
import Estimators
import Evaluation
import Foundation

/// A column of an accelerated failure time model.
public struct AcceleratedTerm: Sendable, Codable, Hashable {
  /// The feature, with "=2" for a level or " missing"; "location" and "log scale" for those of the distribution.
  public let name: String
  /// The change of the logarithm of life for one unit more.
  public let coefficient: Double
  /// Its standard error; nil with a penalty or for a column that was set aside.
  public let standardError: Double?
}

/// A fitted model of accelerated failure time.
public struct AcceleratedModel: SurvivalModel, Hashable {
  /// The name in files.
  public static let kind = "accelerated-failure-time"

  /// The family of distributions.
  public let family: LifeFamily
  /// Location (of a row with all features 0), features, and logarithm of the scale.
  public let terms: [AcceleratedTerm]
  /// The scale of the logarithm of life; one over the shape of a Weibull distribution.
  public let scale: Double
  /// The log-likelihood.
  public let logLikelihood: Double
  /// Whether the steps came to an end.
  public let isConverged: Bool
  /// The times at which curves are given unless others are asked for: up to twice the longest time seen.
  public let usualTimes: [Double]
  private let design: SurvivalDesign
  /// For standardised columns: location, coefficients.
  private let coefficients: [Double]

  init(
    _ solution: AcceleratedLikelihood.Solution, _ estimator: AcceleratedFailureTime, _ design: SurvivalDesign,
    _ outcomes: SurvivalOutcomes
  ) {
    self.design = design
    family = estimator.family
    logLikelihood = solution.value.logLikelihood
    isConverged = solution.isConverged
    let width = design.width
    let size = width + 2
    coefficients = Array(solution.parameters[0...width])
    scale = exp(solution.parameters[size - 1])
    let solver = SymmetricSolver(solution.value.information, size: size)
    let covariance = solver.inverse()
    func error(_ weights: [Double]) -> Double? {
      guard estimator.lambda == 0 else { return nil }
      var variance = 0.0
      for a in 0..<size where weights[a] != 0 {
        if solver.isAside[a] { return nil }
        for b in 0..<size where weights[b] != 0 { variance += weights[a] * weights[b] * covariance[a * size + b] }
      }
      return variance.squareRoot()
    }
    // The location of a row with all features 0 is a combination of standardised parameters.
    var atZero = [Double](repeating: 0, count: size)
    atZero[0] = 1
    for (column, term) in design.terms.enumerated() { atZero[column + 1] = -term.mean / term.scale }
    let location = zip(atZero, solution.parameters).reduce(0) { $0 + $1.0 * $1.1 }
    var terms = [AcceleratedTerm(name: "location", coefficient: location, standardError: error(atZero))]
    for (column, term) in design.terms.enumerated() {
      var weights = [Double](repeating: 0, count: size)
      weights[column + 1] = 1 / term.scale
      terms.append(
        AcceleratedTerm(
          name: term.name, coefficient: solution.parameters[column + 1] / term.scale, standardError: error(weights)))
    }
    var last = [Double](repeating: 0, count: size)
    last[size - 1] = 1
    terms.append(
      AcceleratedTerm(name: "log scale", coefficient: solution.parameters[size - 1], standardError: error(last)))
    self.terms = terms
    let longest = outcomes.times.max() ?? 1
    usualTimes = (1...200).map { longest * Double($0) / 100 }
  }

  /// The distribution of each row's life.
  public func distributions(_ features: FeatureMatrix) -> [LifeDistribution] {
    require(
      features.featureCount == design.fills.count, "AcceleratedModel",
      "\(features.featureCount) features, trained on \(design.fills.count)")
    return design.predictors(features, coefficients: Array(coefficients.dropFirst())).map {
      LifeDistribution(family, location: coefficients[0] + $0, scale: scale)
    }
  }

  /// The location of the logarithm of life of each row with the sign turned: larger where events come earlier.
  public func risks(_ features: FeatureMatrix, threads: Int = 1) -> [Double] {
    distributions(features).map { -$0.location }
  }

  /// The survival curve of every row, with constant hazard between the times.
  public func curves(_ features: FeatureMatrix, at times: [Double]?, threads: Int) -> SurvivalCurves {
    let times = times ?? usualTimes
    return SurvivalCurves(
      times: times,
      values: distributions(features).flatMap { distribution in times.map { distribution.survival(at: $0) } },
      between: .constantHazard)
  }
}
