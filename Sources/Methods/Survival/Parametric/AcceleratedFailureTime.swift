import Basics
import Estimators
import Evaluation
import Foundation

/// Accelerated failure time: features stretch or shorten life by a factor, and life has a distribution of a family.
///
/// log life = location + features + scale * z, fitted by maximum likelihood (Kalbfleisch and Prentice 2002, chapter 3)
/// with Newton steps; censoring, late entries and weights are respected, strata are not. Columns are made as in
/// `CoxRegression`.
public struct AcceleratedFailureTime: SurvivalEstimator, Hashable {
  /// The family of distributions.
  public var family: LifeFamily
  /// The penalty `lambda / 2 * sum(b^2)` on coefficients of standardised columns, beside the mean log-likelihood of
  /// rows; at least 0.
  public var lambda: Double
  /// The steps, at least 1.
  public var maximumSteps = 200

  /// Accelerated failure time.
  ///
  /// - Parameters:
  ///   - family: Weibull unless given.
  ///   - lambda: No penalty unless given.
  public init(_ family: LifeFamily = .weibull, lambda: Double = 0) {
    self.family = family
    self.lambda = lambda
  }

  /// Learns from data; the model is an `AcceleratedModel`.
  public func fit(_ data: SurvivalData, validation: SurvivalData?, context: FitContext) throws -> any SurvivalModel {
    try model(data, context: context)
  }

  /// Learns from data.
  ///
  /// - Throws: `configuration` for a setting out of its range; `data` for times that are not above 0 or no events.
  public func model(_ data: SurvivalData, context: FitContext) throws -> AcceleratedModel {
    try requireSetting(lambda >= 0 && lambda.isFinite, "lambda", lambda, "at least 0")
    try requireSetting(maximumSteps >= 1, "maximumSteps", maximumSteps, "at least 1")
    try data.outcomes.requireEvents()
    if let row = data.outcomes.times.firstIndex(where: { $0 <= 0 }) {
      throw AssayError(
        .data, "the time is 0; a distribution of lives needs times above 0", at: "row \(row + 1)",
        remedy: "leave such rows out, or give times with their fraction")
    }
    let design = SurvivalDesign(data.features, weights: data.outcomes.weights)
    let problem = AcceleratedLikelihood(
      family: family, outcomes: data.outcomes, rows: design.rows(data.features), width: design.width, lambda: lambda)
    return AcceleratedModel(try problem.solve(maximumSteps, context.interruption), self, design, data.outcomes)
  }
}

/// The likelihood of lives in location, coefficients and the logarithm of the scale.
struct AcceleratedLikelihood {
  let family: LifeFamily
  let outcomes: SurvivalOutcomes
  let rows: [Double]
  let width: Int
  let lambda: Double

  /// Location, coefficients, logarithm of the scale.
  var size: Int { width + 2 }

  struct Value {
    var logLikelihood = 0.0
    var gradient: [Double]
    /// Second derivatives with the sign turned.
    var information: [Double]
  }

  struct Solution {
    var parameters: [Double]
    var value: Value
    var isConverged: Bool
  }

  func value(_ parameters: [Double]) -> Value {
    let size = size
    var result = Value(
      gradient: [Double](repeating: 0, count: size), information: [Double](repeating: 0, count: size * size))
    let logScale = parameters[size - 1]
    let scale = exp(logScale)
    var numbers = [Double](repeating: 1, count: width + 1)
    for row in 0..<outcomes.count where outcomes.weight(row) > 0 {
      for column in 0..<width { numbers[column + 1] = rows[row * width + column] }
      var location = 0.0
      for column in 0...width { location += numbers[column] * parameters[column] }
      // Sums of derivatives in the location (m) and in the logarithm of the scale (s).
      var (m, s, mm, ms, ss) = (0.0, 0.0, 0.0, 0.0, 0.0)
      func add(_ part: (value: Double, first: Double, second: Double), _ z: Double, sign: Double) {
        result.logLikelihood += sign * outcomes.weight(row) * part.value
        m -= sign * part.first / scale
        s -= sign * z * part.first
        mm += sign * part.second / (scale * scale)
        ms += sign * (part.first + z * part.second) / scale
        ss += sign * (z * part.first + z * z * part.second)
      }
      let time = log(outcomes.times[row])
      let z = (time - location) / scale
      if outcomes.events[row] {
        add(family.density(z), z, sign: 1)
        s -= 1
        result.logLikelihood -= outcomes.weight(row) * (logScale + time)
      } else {
        add(family.survival(z), z, sign: 1)
      }
      if let entry = outcomes.entries?[row], entry > 0 {
        let z = (log(entry) - location) / scale
        add(family.survival(z), z, sign: -1)
      }
      let weight = outcomes.weight(row)
      for a in 0...width {
        result.gradient[a] += weight * m * numbers[a]
        let scaled = weight * mm * numbers[a]
        for b in 0...a { result.information[a * size + b] -= scaled * numbers[b] }
        result.information[(size - 1) * size + a] -= weight * ms * numbers[a]
      }
      result.gradient[size - 1] += weight * s
      result.information[size * size - 1] -= weight * ss
    }
    for a in 0..<size { for b in 0..<a { result.information[b * size + a] = result.information[a * size + b] } }
    return result
  }

  func solve(_ maximumSteps: Int, _ interruption: Interruption) throws -> Solution {
    let total = (0..<outcomes.count).reduce(0) { $0 + outcomes.weight($1) }
    let ridge = lambda * total
    func penalty(_ parameters: [Double]) -> Double {
      (0..<width).reduce(0) { $0 + 0.5 * ridge * parameters[$1 + 1] * parameters[$1 + 1] }
    }
    // A start with the right order of size: the mean logarithm of time.
    var parameters = [Double](repeating: 0, count: size)
    for row in 0..<outcomes.count { parameters[0] += outcomes.weight(row) * log(outcomes.times[row]) / total }
    var value = value(parameters)
    var objective = value.logLikelihood - penalty(parameters)
    for _ in 0..<maximumSteps {
      try interruption.check()
      var matrix = value.information
      var gradient = value.gradient
      for column in 1..<width + 1 {
        matrix[column * size + column] += ridge
        gradient[column] -= ridge * parameters[column]
      }
      let step = ascent(matrix, gradient)
      var share = 1.0
      var next = (parameters: parameters, value: value, objective: -Double.infinity)
      for _ in 0..<40 {
        let moved = zip(parameters, step).map { $0 + share * $1 }
        let there = self.value(moved)
        next = (moved, there, there.logLikelihood - penalty(moved))
        if next.objective >= objective - 1e-12 * abs(objective) { break }
        share /= 2
      }
      guard next.objective >= objective - 1e-12 * abs(objective) else { break }
      let gain = next.objective - objective
      (parameters, value, objective) = next
      if gain <= 1e-12 * max(1, abs(objective)), share == 1 {
        return Solution(parameters: parameters, value: value, isConverged: true)
      }
    }
    return Solution(parameters: parameters, value: value, isConverged: false)
  }

  /// A Newton step; far from the optimum, where the likelihood is not concave, one with a longer diagonal.
  private func ascent(_ matrix: [Double], _ gradient: [Double]) -> [Double] {
    var damping = 0.0
    for _ in 0..<40 {
      var damped = matrix
      for index in 0..<size { damped[index * size + index] += damping * max(abs(matrix[index * size + index]), 1) }
      let solver = SymmetricSolver(damped, size: size)
      let step = solver.solve(gradient)
      let slope = zip(step, gradient).reduce(0) { $0 + $1.0 * $1.1 }
      if solver.isPositive, slope >= 0, step.allSatisfy({ abs($0) < 20 }) { return step }
      damping = damping == 0 ? 1e-3 : damping * 4
    }
    return gradient
  }
}
