import Basics
import CKernels
import Kernels

/// The elastic-net problem along a path of penalties: at each lambda it minimises
/// `loss + lambda * sum(l1Ratio * |b| + (1 - l1Ratio) / 2 * b^2)` over standardised coefficients, intercepts free.
///
/// Coordinate descent on quadratic approximations with warm starts (Friedman, Hastie and Tibshirani, "Regularization
/// paths for generalized linear models via coordinate descent", J. Stat. Software 33, 2010). Two forms of the inner
/// problem, chosen by the number of columns:
/// - few columns: on the products of all pairs of columns, so that a pass costs nothing per row. The products are kept
///   from one step and one lambda to the next; the gradient is always exact, and when progress slows down or the
///   objective rises the products are computed anew, so only the number of steps depends on their age.
/// - many columns: on the columns themselves (`ColumnDescent`), restricted to what the sequential strong rules keep
///   (Tibshirani and others, "Strong rules for discarding predictors in lasso-type problems", J. R. Stat. Soc. B 74,
///   2012), with a check of the optimality conditions of all columns at the end of each lambda.
struct ElasticNetPath {
  /// Coefficients and predictors at one lambda.
  struct State: Sendable {
    /// `[output][column]`, for standardised columns.
    var coefficients: [[Double]]
    var intercepts: [Double]
    /// `[output][row]`.
    var eta: [[Double]]
    /// Softmax only: the exponentials of `eta`, and their sum per row.
    var exponentials: [[Double]] = []
    var denominators: [Double] = []
  }

  let design: DesignMatrix
  let response: LinearResponse
  let l1Ratio: Double
  /// A lambda is solved when no step changes the loss by more than this share of the loss without features.
  var tolerance: Double
  private let outputs: [Int]
  private(set) var state: State
  private var grams: [Int: Gram] = [:]
  private var descents: [Int: ColumnDescent] = [:]
  private let usesGram: Bool
  private let nullLoss: Double

  /// The products of pairs of columns with the curvature of some earlier step.
  private struct Gram {
    let values: [Double]
    var isFresh: Bool
  }

  private static let gramColumns = 256
  private static let cyclesPerLambda = 100
  private static let halvings = 12

  init(design: DesignMatrix, response: LinearResponse, l1Ratio: Double, tolerance: Double) {
    self.design = design
    self.response = response
    self.l1Ratio = l1Ratio
    self.tolerance = tolerance
    outputs = design.columns.isEmpty ? [] : response.fittedOutputs
    usesGram = design.columns.count <= ElasticNetPath.gramColumns
    let intercepts = response.nullIntercepts()
    state = State(
      coefficients: intercepts.map { _ in Array(repeating: 0, count: design.columns.count) }, intercepts: intercepts,
      eta: intercepts.map { Array(repeating: $0, count: design.rowCount) })
    nullLoss = response.loss(state.eta)
    refreshExponentials()
    if !usesGram {
      for output in outputs { descents[output] = ColumnDescent(columnCount: design.columns.count) }
    }
  }

  /// The smallest lambda at which all coefficients are zero; for a ridge penalty that of a thousandth of lasso.
  func largestLambda() -> Double {
    var largest = 0.0
    var residual = [Double](repeating: 0, count: design.rowCount)
    var curvature = residual
    for output in outputs {
      derivatives(output, &residual, &curvature)
      for value in design.transposedProduct(residual) { largest = max(largest, abs(value)) }
    }
    return largest / max(l1Ratio, 1e-3)
  }

  /// Goes back to an earlier solution.
  mutating func restore(_ earlier: State) {
    state = earlier
    _ = discardStaleGrams()
  }

  /// Solves for one lambda after the other, in the order given, and shows each solution to `visit` until it says false.
  ///
  /// Ends early when the deadline has passed, or when the data are explained (99.9 % of the deviance, or a gain below
  /// 1e-5 of it) and `mayEndEarly` is set.
  mutating func follow(
    _ lambdas: [Double], deadline: Deadline, interruption: Interruption, mayEndEarly: Bool,
    visit: (Int, State) throws -> Bool
  ) throws {
    let range = nullLoss - response.saturatedLoss
    var explained = 0.0
    var previous = lambdas.first ?? 0
    for (index, lambda) in lambdas.enumerated() {
      if index > 0, deadline.hasPassed { return }
      try interruption.check()
      if !outputs.isEmpty { try solve(lambda, previous: previous, interruption) }
      if try !visit(index, state) { return }
      previous = lambda
      guard mayEndEarly else { continue }
      let ratio = range > 0 ? (nullLoss - loss()) / range : 1
      if index >= 5, ratio > 0.999 || ratio - explained < 1e-5 * ratio { return }
      explained = ratio
    }
  }

  // MARK: One lambda

  private mutating func solve(_ lambda: Double, previous: Double, _ interruption: Interruption) throws {
    if usesGram { return try iterate(lambda, interruption) }
    for output in outputs {
      descents[output]!.selectEligible(lambda: lambda, previous: previous, l1Ratio: l1Ratio)
    }
    var residual = [Double](repeating: 0, count: design.rowCount)
    var curvature = residual
    while true {
      try iterate(lambda, interruption)
      var violated = false
      for output in outputs {
        derivatives(output, &residual, &curvature)
        let gradient = design.transposedProduct(residual)
        if descents[output]!.addViolators(gradient, bound: lambda * l1Ratio) { violated = true }
      }
      if !violated { return }
    }
  }

  /// Cycles through the outputs until nothing moves.
  private mutating func iterate(_ lambda: Double, _ interruption: Interruption) throws {
    let enough = tolerance * max(nullLoss - response.saturatedLoss, 1e-300)
    var objective = loss() + penalty(lambda)
    var damping = 1.0
    var lastChange = Double.infinity
    for _ in 0..<ElasticNetPath.cyclesPerLambda {
      try interruption.check()
      let before = state
      let change = cycle(lambda, damping: damping, innerTolerance: 0.01 * enough)
      let now = loss() + penalty(lambda)
      if !(now <= objective + 1e-12 * abs(objective)) {
        state = before
        if !discardStaleGrams() {
          damping /= 2
          if damping < 1 / Double(1 << ElasticNetPath.halvings) { return }
        }
        continue
      }
      objective = now
      if change < enough { return }
      // `change` is a square: a tenth of it is a third of the distance.
      if change > 0.1 * lastChange { _ = discardStaleGrams() }
      lastChange = change
    }
  }

  /// Forgets products that were computed with an earlier curvature; false if there are none.
  private mutating func discardStaleGrams() -> Bool {
    if response.family == .squared { return false }
    let stale = grams.filter { !$0.value.isFresh }.map(\.key)
    for output in stale { grams[output] = nil }
    return !stale.isEmpty
  }

  /// One step of every output; the largest curvature times squared step.
  private mutating func cycle(_ lambda: Double, damping: Double, innerTolerance: Double) -> Double {
    let columns = design.columns.count
    var residual = [Double](repeating: 0, count: design.rowCount)
    var curvature = residual
    var change = 0.0
    for output in outputs {
      derivatives(output, &residual, &curvature)
      var steps: [Double]
      if usesGram {
        if grams[output] == nil {
          grams[output] = Gram(values: design.weightedGram(curvature), isFresh: true)
        } else {
          grams[output]!.isFresh = false
        }
        var gradient = design.transposedProduct(residual)
        gradient.append(residual.reduce(0, +))
        let solution = solveQuadratic(
          gram: grams[output]!.values, gradient: gradient, coefficients: state.coefficients[output],
          l1: lambda * l1Ratio, l2: lambda * (1 - l1Ratio), tolerance: innerTolerance)
        steps = solution.steps
        change = max(change, solution.change)
      } else {
        let solution = descents[output]!.solve(
          design, residual: residual, curvature: curvature, coefficients: state.coefficients[output],
          l1: lambda * l1Ratio, l2: lambda * (1 - l1Ratio), tolerance: innerTolerance)
        steps = solution.steps
        change = max(change, solution.change)
      }
      if damping < 1 { for index in steps.indices { steps[index] *= damping } }
      state.intercepts[output] += steps[columns]
      var moved: [(column: Int, step: Double)] = []
      for column in 0..<columns where steps[column] != 0 {
        state.coefficients[output][column] += steps[column]
        moved.append((column, steps[column]))
      }
      design.add(moved, to: &state.eta[output])
      let shift = steps[columns]
      if shift != 0 { for row in 0..<design.rowCount { state.eta[output][row] += shift } }
      refreshExponentials(of: output)
    }
    refreshDenominators()
    return change
  }

  private func loss() -> Double { response.loss(state.eta, denominators: state.denominators) }

  private func penalty(_ lambda: Double) -> Double {
    var total = 0.0
    for output in outputs {
      for b in state.coefficients[output] where b != 0 { total += l1Ratio * abs(b) + 0.5 * (1 - l1Ratio) * b * b }
    }
    return lambda * total
  }

  // MARK: Derivatives

  /// The first and second derivatives of the loss in the predictor of an output, per row, times the weights.
  private func derivatives(_ output: Int, _ residual: inout [Double], _ curvature: inout [Double]) {
    let count = response.rowCount
    let labels = response.labels
    let weights = response.weights
    switch response.family {
    case .squared:
      for row in 0..<count { residual[row] = weights[row] * (state.eta[0][row] - labels[row]) }
      curvature = weights
    case .poisson:
      assay_exp(state.eta[0], &curvature, count)
      for row in 0..<count {
        residual[row] = weights[row] * (curvature[row] - labels[row])
        curvature[row] *= weights[row]
      }
    case .logistic:
      _ = assay_logistic(state.eta[0], labels, weights, &residual, &curvature, count)
    case .softmax:
      let label = Double(output)
      for row in 0..<count {
        let share = state.exponentials[output][row] / state.denominators[row]
        residual[row] = weights[row] * (share - (labels[row] == label ? 1 : 0))
        curvature[row] = weights[row] * share * (1 - share)
      }
    }
    // Rows predicted with certainty would leave directions without curvature.
    if response.family != .squared {
      for row in 0..<count { curvature[row] = max(curvature[row], 1e-6 * weights[row]) }
    }
  }

  private mutating func refreshExponentials() {
    guard case .softmax(let classes) = response.family else { return }
    state.exponentials = Array(repeating: Array(repeating: 0, count: response.rowCount), count: classes)
    for output in 0..<classes { assay_exp(state.eta[output], &state.exponentials[output], response.rowCount) }
    refreshDenominators()
  }

  private mutating func refreshExponentials(of output: Int) {
    guard case .softmax = response.family else { return }
    for row in 0..<response.rowCount { state.denominators[row] -= state.exponentials[output][row] }
    assay_exp(state.eta[output], &state.exponentials[output], response.rowCount)
    for row in 0..<response.rowCount {
      state.denominators[row] = max(state.denominators[row], 0) + state.exponentials[output][row]
    }
  }

  /// Sums afresh: the differences of `refreshExponentials(of:)` gather rounding errors.
  private mutating func refreshDenominators() {
    guard case .softmax(let classes) = response.family else { return }
    state.denominators = state.exponentials[0]
    for output in 1..<classes {
      for row in 0..<response.rowCount { state.denominators[row] += state.exponentials[output][row] }
    }
  }
}
