import Basics
import Evaluation
import Foundation
import Kernels

/// Finds the penalty of an elastic net and the coefficients there.
struct PenaltySelection {
  let estimator: ElasticNet
  let encoding: DesignEncoding
  let design: DesignMatrix
  let response: LinearResponse
  /// What turned the labels into those of the response.
  let labelScale: LabelScale
  let context: FitContext

  /// The chosen penalty and its solution.
  struct Choice {
    var lambda: Double
    var state: ElasticNetPath.State
  }

  /// Lambdas without improvement after which a path is left.
  private static let patience = 8
  /// The tolerance on the way: enough to compare penalties and to start the next from.
  private static let pathTolerance = 1e-5
  /// Fewer rows than this cannot be cross-validated.
  private static let fewestRows = 4

  func run() throws -> Choice {
    var path = ElasticNetPath(
      design: design, response: response, l1Ratio: estimator.l1Ratio,
      tolerance: max(estimator.tolerance, PenaltySelection.pathTolerance))
    let largest = path.largestLambda()
    if let lambda = estimator.lambda {
      // Stronger penalties first: each solution is a good start for the next.
      let steps = largest > lambda ? geometric(from: largest, to: max(lambda, largest * 1e-4), count: 10) : []
      return try finish(&path, at: lambda, after: steps.filter { $0 > lambda })
    }
    guard largest > 0 else { return try finish(&path, at: 0, after: []) }
    let lambdas = penalties(from: largest)
    if let validation = context.validation, validation.rowCount > 0 {
      let choice = try chooseByValidation(&path, lambdas, validation)
      path.restore(choice.state)
      return try finish(&path, at: choice.lambda, after: [], isSolved: true)
    }
    guard response.rowCount >= PenaltySelection.fewestRows else { return try finish(&path, at: largest, after: []) }
    let best = try crossValidate(lambdas)
    let steps = stride(from: 0, to: best, by: 5).map { lambdas[$0] }
    return try finish(&path, at: lambdas[best], after: steps)
  }

  /// The penalties in the order they are tried.
  ///
  /// Where the end is not given, weak penalties follow in longer steps, down to 1e-6 of the first: a path is left as
  /// soon as its held-out loss has not improved for some steps, so they cost nothing unless they help (as on texts,
  /// where there are more terms than rows).
  private func penalties(from largest: Double) -> [Double] {
    if let ratio = estimator.smallestRatio {
      return geometric(from: largest, to: largest * ratio, count: estimator.pathLength)
    }
    let planned = design.columns.count > design.rowCount ? 1e-2 : 1e-4
    let step = pow(1e-4, 1 / Double(estimator.pathLength - 1))
    let further = (1...1000).lazy.map { largest * planned * pow(step, Double($0)) }.prefix { $0 >= 1e-6 * largest }
    return geometric(from: largest, to: largest * planned, count: estimator.pathLength) + further
  }

  private func geometric(from first: Double, to last: Double, count: Int) -> [Double] {
    (0..<count).map { first * pow(last / first, Double($0) / Double(count - 1)) }
  }

  /// Solves at a penalty to the estimator's tolerance, after stronger ones on the way; `isSolved` says that the path
  /// stands at that penalty already, to its own tolerance.
  private func finish(
    _ path: inout ElasticNetPath, at lambda: Double, after steps: [Double], isSolved: Bool = false
  ) throws -> Choice {
    try path.follow(
      steps, deadline: context.deadline, interruption: context.interruption, mayEndEarly: false
    ) { _, _ in true }
    // Without time left the solution of the path is the answer; without a path, one solution there must be.
    if context.deadline.hasPassed && isSolved { return Choice(lambda: lambda, state: path.state) }
    path.tolerance = estimator.tolerance
    try path.follow(
      [lambda], deadline: .never, interruption: context.interruption, mayEndEarly: false
    ) { _, _ in true }
    return Choice(lambda: lambda, state: path.state)
  }

  private func chooseByValidation(
    _ path: inout ElasticNetPath, _ lambdas: [Double], _ validation: TrainingData
  ) throws -> Choice {
    try validation.checkLearnable()
    let held = DesignMatrix(
      columns: encoding.columns(validation.features, threads: context.threads), rowCount: validation.rowCount,
      threads: context.threads)
    let heldResponse = LinearResponse(
      family: response.family, labels: validation.labels.map(labelScale.standardized), weights: validation.rowWeights)
    var choice: Choice?
    var least = Double.infinity
    var bestIndex = 0
    try path.follow(lambdas, deadline: context.deadline, interruption: context.interruption, mayEndEarly: true) {
      index, state in
      let eta = state.coefficients.indices.map { output in
        var eta = [Double](repeating: state.intercepts[output], count: held.rowCount)
        let steps = state.coefficients[output].enumerated().filter { $0.element != 0 }
        held.add(steps.map { (column: $0.offset, step: $0.element) }, to: &eta)
        return eta
      }
      let loss = heldResponse.loss(eta)
      if loss < least || choice == nil {
        least = loss
        bestIndex = index
        choice = Choice(lambda: lambdas[index], state: state)
      }
      return index - bestIndex < PenaltySelection.patience
    }
    return choice!
  }

  /// The position of the lambda with the least held-out loss.
  ///
  /// A fold keeps all rows in the design and gives those held out no weight, so nothing is copied and the predictors of
  /// the held-out rows come with the fit.
  private func crossValidate(_ lambdas: [Double]) throws -> Int {
    let folds = min(estimator.folds, response.rowCount)
    let foldOfRow = assignFolds(folds)
    let single = DesignMatrix(columns: design.columns, rowCount: design.rowCount, threads: 1)
    let losses = parallelMap(folds, threads: context.threads) { fold in
      Result { try heldOutLosses(lambdas, single, heldOut: foldOfRow.map { $0 == fold }) }
    }
    var total = [Double](repeating: 0, count: lambdas.count)
    for result in losses {
      let losses = try result.get()
      guard let final = losses.last else { continue }
      // A path that ended early stays at its last loss.
      for index in total.indices { total[index] += index < losses.count ? losses[index] : final }
    }
    return total.indices.min { total[$0] < total[$1] } ?? 0
  }

  private func heldOutLosses(_ lambdas: [Double], _ design: DesignMatrix, heldOut: [Bool]) throws -> [Double] {
    let kept = zip(response.weights, heldOut).map { $1 ? 0 : $0 }
    let held = zip(response.weights, heldOut).map { $1 ? $0 : 0 }
    let share = held.reduce(0, +)
    guard share > 0, share < 1 - 1e-12 else { return [] }
    let heldResponse = LinearResponse(family: response.family, labels: response.labels, weights: held)
    var path = ElasticNetPath(
      design: design,
      response: LinearResponse(family: response.family, labels: response.labels, weights: kept),
      l1Ratio: estimator.l1Ratio, tolerance: max(estimator.tolerance, PenaltySelection.pathTolerance))
    var losses: [Double] = []
    var bestIndex = 0
    try path.follow(lambdas, deadline: context.deadline, interruption: context.interruption, mayEndEarly: true) {
      index, state in
      losses.append(share * heldResponse.loss(state.eta, denominators: state.denominators))
      if losses[index] < losses[bestIndex] { bestIndex = index }
      return index - bestIndex < PenaltySelection.patience
    }
    return losses
  }

  /// Folds of equal size; for classes, each fold with its share of every class.
  private func assignFolds(_ folds: Int) -> [Int] {
    var stream = context.key["penalty folds"].stream()
    var order = stream.permutation(of: response.rowCount)
    switch response.family {
    case .logistic, .softmax:
      var rank = [Int](repeating: 0, count: order.count)
      for (position, row) in order.enumerated() { rank[row] = position }
      order.sort { (response.labels[$0], rank[$0]) < (response.labels[$1], rank[$1]) }
    case .squared, .poisson: break
    }
    var result = [Int](repeating: 0, count: order.count)
    for (position, row) in order.enumerated() { result[row] = position % folds }
    return result
  }
}
