import Basics
import Evaluation
import Foundation

/// Labels and weights in the form that gradients and losses need, with the best constant to start from.
struct BoostingTarget: Sendable {
  let objective: Objective
  /// Labels; relative to the base where the objective allows it.
  let labels: [Float]
  let weights: [Float]?
  /// The starting margin of each output.
  let base: [Double]
  /// The queries' rows, for ranking.
  let queries: [Range<Int>]

  /// The numbers per row that trees add to.
  var outputs: Int { base.count }
  /// The base that scores do not contain although gradients need it.
  var scoreOffset: [Float] { objective.isShiftable ? [Float](repeating: 0, count: base.count) : base.map { Float($0) } }
  /// Whether all hessians are 1.
  var hasUnitHessians: Bool { weights == nil && objective.isShiftable }

  /// Prepares data; `base` nil means the best constant is found from it.
  init(_ data: TrainingData, objective: Objective, base known: [Double]? = nil) {
    self.objective = objective
    let weights = data.weights
    self.weights = weights.map { $0.map { Float($0) } }
    let base = known ?? BoostingTarget.bestConstants(data, objective: objective)
    self.base = base
    let shift = objective.isShiftable ? base[0] : 0
    labels = data.labels.map { Float($0 - shift) }
    queries = data.groups.map { BoostingTarget.runs($0) } ?? []
  }

  private static func runs(_ groups: [Int]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = 0
    for row in groups.indices where row + 1 == groups.count || groups[row + 1] != groups[row] {
      result.append(start..<row + 1)
      start = row + 1
    }
    return result
  }

  private static func bestConstants(_ data: TrainingData, objective: Objective) -> [Double] {
    let weights = data.weights ?? [Double](repeating: 1, count: data.rowCount)
    let total = max(weights.reduce(0, +), .leastNormalMagnitude)
    func mean() -> Double { zip(data.labels, weights).reduce(0) { $0 + $1.0 * $1.1 } / total }
    let nearlyNone = 1e-7
    switch objective {
    case .squared: return [mean()]
    case .absolute, .huber: return [weightedQuantile(data.labels, weights, level: 0.5)]
    case .quantile(let level): return [weightedQuantile(data.labels, weights, level: level)]
    case .poisson, .tweedie: return [log(max(mean(), nearlyNone))]
    case .logistic:
      let share = min(max(mean(), nearlyNone), 1 - nearlyNone)
      return [log(share / (1 - share))]
    case .softmax:
      var shares = [Double](repeating: 0, count: data.task.width)
      for (label, weight) in zip(data.labels, weights) { shares[Int(label)] += weight / total }
      return shares.map { log(max($0, nearlyNone)) }
    case .lambdaRank: return [0]
    }
  }
}

/// The smallest value at which the weights up to it reach a share of all; halfway to the next one if they reach it
/// exactly.
func weightedQuantile(_ values: [Double], _ weights: [Double], level: Double) -> Double {
  let order = values.indices.sorted { values[$0] < values[$1] }
  let goal = level * weights.reduce(0, +)
  var sum = 0.0
  for (position, index) in order.enumerated() {
    sum += weights[index]
    if sum > goal || position == order.count - 1 { return values[index] }
    if sum == goal { return (values[index] + values[order[position + 1]]) / 2 }
  }
  return 0
}
