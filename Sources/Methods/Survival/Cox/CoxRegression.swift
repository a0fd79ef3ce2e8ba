import Basics
import Estimators
import Evaluation
import Foundation
import Networks

/// Proportional hazards (Cox 1972): features multiply a hazard whose shape over time is left open.
///
/// It minimises the mean over rows of the negative log partial likelihood plus
/// `lambda * sum(l1Ratio * |b| + (1 - l1Ratio) / 2 * b^2)` over the coefficients b of standardised columns (Simon,
/// Friedman, Hastie and Tibshirani 2011), by Newton steps whose quadratic problems are solved by coordinate descent
/// where there is an absolute penalty. Missing numbers take the mean, with an indicator; the levels of a category are
/// compared with the most frequent one. Columns that are combinations of earlier ones get the coefficient 0 where there
/// is no penalty. Late entries, weights and strata of the outcomes are respected.
///
/// Cost per step: rows x columns^2 / 2, one thread.
public struct CoxRegression: SurvivalEstimator, Hashable {
  /// How events at the same time are treated.
  public var ties: TiedEvents
  /// The penalty, at least 0.
  public var lambda: Double
  /// The share of the absolute penalty, 0 (ridge) ... 1 (lasso).
  public var l1Ratio: Double
  /// The steps, at least 1.
  public var maximumSteps = 100
  /// The fit ends when a step raises the log-likelihood (less penalty) by less than this share of it.
  public var tolerance = 1e-11

  /// Proportional hazards.
  ///
  /// - Parameters:
  ///   - ties: Efron's way unless given.
  ///   - lambda: No penalty unless given.
  ///   - l1Ratio: Ridge unless given.
  public init(ties: TiedEvents = .efron, lambda: Double = 0, l1Ratio: Double = 0) {
    self.ties = ties
    self.lambda = lambda
    self.l1Ratio = l1Ratio
  }

  /// Learns from data; the model is a `CoxModel`.
  public func fit(_ data: SurvivalData, validation: SurvivalData?, context: FitContext) throws -> any SurvivalModel {
    try model(data, context: context)
  }

  /// Learns from data.
  ///
  /// - Throws: `configuration` for a setting out of its range, `data` without events, `cancelled`.
  public func model(_ data: SurvivalData, context: FitContext) throws -> CoxModel {
    try requireSetting(lambda >= 0 && lambda.isFinite, "lambda", lambda, "at least 0")
    try requireSetting((0...1).contains(l1Ratio), "l1Ratio", l1Ratio, "in 0 ... 1")
    try requireSetting(maximumSteps >= 1, "maximumSteps", maximumSteps, "at least 1")
    try data.outcomes.requireEvents()
    let design = SurvivalDesign(data.features, weights: data.outcomes.weights)
    let likelihood = CoxLikelihood(
      data.outcomes, rows: design.rows(data.features), width: design.width, ties: ties)
    let solution = try CoxSolver(self, likelihood: likelihood).solve(context.interruption)
    return CoxModel(solution, estimator: self, design: design, likelihood: likelihood)
  }

  /// The penalty with the best cross-validated partial likelihood on a path from the smallest that sets all coefficients
  /// to zero (Verweij and van Houwelingen 1993: what the rows left out add to the likelihood of all).
  ///
  /// - Parameters:
  ///   - data: The rows to learn from; rows of a unit should not be in different folds.
  ///   - folds: The fold of each row, 0, 1, ...; drawn in five parts unless given.
  ///   - pathLength: The penalties tried.
  ///   - smallestRatio: The last penalty over the first.
  /// - Returns: The configuration with the best penalty, and each penalty with its log-likelihood per event.
  /// - Throws: as `fit`.
  public func tuned(
    _ data: SurvivalData, folds: [Int]? = nil, pathLength: Int = 25, smallestRatio: Double = 1e-3, context: FitContext
  ) throws -> (estimator: CoxRegression, path: [(lambda: Double, logLikelihood: Double)]) {
    try requireSetting(pathLength >= 2, "pathLength", pathLength, "at least 2")
    try requireSetting(smallestRatio > 0 && smallestRatio < 1, "smallestRatio", smallestRatio, "between 0 and 1")
    try data.outcomes.requireEvents()
    let design = SurvivalDesign(data.features, weights: data.outcomes.weights)
    let rows = design.rows(data.features)
    let width = design.width
    let all = CoxLikelihood(data.outcomes, rows: rows, width: width, ties: ties)
    let total = (0..<data.rowCount).reduce(0) { $0 + data.outcomes.weight($1) }
    let zero = [Double](repeating: 0, count: width)
    let steepest = all.value(zero).gradient.reduce(0) { max($0, abs($1)) } / total
    let largest = max(steepest / max(l1Ratio, 1e-2), .leastNormalMagnitude)
    let lambdas = (0..<pathLength).map { largest * pow(smallestRatio, Double($0) / Double(pathLength - 1)) }
    var random = context.key["folds"].stream()
    var drawn = [Int](repeating: 0, count: data.rowCount)
    for (place, row) in random.permutation(of: data.rowCount).enumerated() { drawn[row] = place % 5 }
    let folds = folds ?? drawn
    precondition(folds.count == data.rowCount, "tuned: \(folds.count) folds for \(data.rowCount) rows")
    var gains = [Double](repeating: 0, count: pathLength)
    for fold in Set(folds).sorted() {
      let kept = folds.indices.filter { folds[$0] != fold }
      guard !kept.isEmpty else { continue }
      let outcomes = data.outcomes.selecting(rows: kept)
      try outcomes.requireEvents()
      let part = CoxLikelihood(
        outcomes, rows: kept.flatMap { rows[$0 * width..<($0 + 1) * width] }, width: width, ties: ties)
      var start = zero
      for (index, lambda) in lambdas.enumerated() {
        var settings = self
        settings.lambda = lambda
        let solution = try CoxSolver(settings, likelihood: part, start: start).solve(context.interruption)
        start = solution.coefficients
        gains[index] +=
          all.value(start, derivatives: false).logLikelihood - part.value(start, derivatives: false).logLikelihood
      }
    }
    let events = Double(max(data.outcomes.eventCount, 1))
    var best = self
    // Of equal gains the stronger penalty, which comes first.
    best.lambda = lambdas[gains.indices.reduce(0) { gains[$1] > gains[$0] ? $1 : $0 }]
    return (best, zip(lambdas, gains).map { ($0, $1 / events) })
  }
}

/// Newton's method for Cox's likelihood with an elastic-net penalty.
struct CoxSolver {
  let settings: CoxRegression
  let likelihood: CoxLikelihood
  var start: [Double]?
  private let scale: Double

  struct Solution {
    var coefficients: [Double]
    var value: CoxLikelihood.Value
    var nullLogLikelihood: Double
    var steps: Int
    var isConverged: Bool
  }

  init(_ settings: CoxRegression, likelihood: CoxLikelihood, start: [Double]? = nil) {
    self.settings = settings
    self.likelihood = likelihood
    self.start = start
    scale = (0..<likelihood.outcomes.count).reduce(0) { $0 + likelihood.outcomes.weight($1) }
  }

  /// The penalty in units of the log-likelihood.
  private func penalty(_ coefficients: [Double]) -> Double {
    coefficients.reduce(0) {
      $0 + settings.l1Ratio * abs($1) + 0.5 * (1 - settings.l1Ratio) * $1 * $1
    } * settings.lambda * scale
  }

  func solve(_ interruption: Interruption) throws -> Solution {
    let width = likelihood.width
    let zero = [Double](repeating: 0, count: width)
    var coefficients = start ?? zero
    var value = likelihood.value(coefficients)
    let null = start == nil ? value.logLikelihood : likelihood.value(zero, derivatives: false).logLikelihood
    var objective = value.logLikelihood - penalty(coefficients)
    var isConverged = width == 0
    var steps = 0
    while !isConverged, steps < settings.maximumSteps {
      try interruption.check()
      steps += 1
      let step = step(value, coefficients)
      var share = 1.0
      var next = coefficients
      var nextValue = value
      var nextObjective = -Double.infinity
      for _ in 0..<30 {
        next = zip(coefficients, step).map { $0 + share * $1 }
        nextValue = likelihood.value(next)
        nextObjective = nextValue.logLikelihood - penalty(next)
        if nextObjective >= objective - 1e-12 * abs(objective) { break }
        share /= 2
      }
      guard nextObjective >= objective - 1e-12 * abs(objective) else { break }
      isConverged = nextObjective - objective <= settings.tolerance * max(abs(objective), 1) && share == 1
      (coefficients, value, objective) = (next, nextValue, nextObjective)
      // Where a group never has the event, its coefficient has no end; the likelihood no longer changes.
      if coefficients.contains(where: { abs($0) > 1e3 }) { break }
    }
    return Solution(
      coefficients: coefficients, value: value, nullLogLikelihood: null, steps: steps, isConverged: isConverged)
  }

  /// The step to the optimum of the quadratic approximation.
  private func step(_ value: CoxLikelihood.Value, _ coefficients: [Double]) -> [Double] {
    let width = likelihood.width
    let ridge = settings.lambda * scale * (1 - settings.l1Ratio)
    let bound = settings.lambda * scale * settings.l1Ratio
    var matrix = value.information
    for index in 0..<width { matrix[index * width + index] += ridge }
    let gradient = (0..<width).map { value.gradient[$0] - ridge * coefficients[$0] }
    if bound == 0 { return SymmetricSolver(matrix, size: width).solve(gradient) }
    // Coordinate descent; `rest` is the gradient at the step so far.
    var step = [Double](repeating: 0, count: width)
    var rest = gradient
    for _ in 0..<1000 {
      var largest = 0.0
      for j in 0..<width {
        let curvature = matrix[j * width + j]
        guard curvature > 0 else { continue }
        let current = coefficients[j] + step[j]
        let target = curvature * current + rest[j]
        let moved = (target > bound ? target - bound : target < -bound ? target + bound : 0) / curvature
        let change = moved - current
        if change == 0 { continue }
        step[j] += change
        for k in 0..<width { rest[k] -= change * matrix[k * width + j] }
        largest = max(largest, curvature * change * change)
      }
      if largest < 1e-16 * scale { break }
    }
    return step
  }
}
