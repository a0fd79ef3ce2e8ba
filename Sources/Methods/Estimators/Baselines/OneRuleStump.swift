import Basics
import Evaluation
import Kernels

/// The best rule on a single feature: a threshold of a number, or a grouping of levels into two; missing is a branch of
/// its own.
///
/// The rule with the least squared error (for classes: Gini impurity) is taken; among equals the first feature. Levels
/// are ordered by the mean label of their rows, which makes the best grouping a cut of that order (Fisher, "On grouping
/// for maximum homogeneity", 1958); with more than two classes the orders by the share of each class are tried. After
/// Holte, "Very simple classification rules perform well on most commonly used datasets" (1993).
/// Cost: sorting each feature.
public struct OneRuleStump: Estimator, Hashable {
  /// The least weight of the rows on each side of a rule, above 0.
  public var minimumWeight = 5.0
  /// Rows of average label that every branch is thought to have besides its own, at least 0.
  public var smoothing = 1.0

  /// The default configuration.
  public init() {}

  /// Learns from data; see `Estimator`.
  public func fit(_ data: TrainingData, context: FitContext) throws -> any Model {
    try require(minimumWeight > 0 && minimumWeight.isFinite, "minimumWeight", minimumWeight, "above 0")
    try require(smoothing >= 0 && smoothing.isFinite, "smoothing", smoothing, "at least 0")
    try data.checkLearnable()
    let search = RuleSearch(data, minimumWeight: minimumWeight)
    let candidates = parallelMap(data.features.featureCount, threads: context.threads) { search.best($0) }
    try context.interruption.check()
    var best: RuleSearch.Candidate?
    for case let candidate? in candidates where candidate.gain > (best?.gain ?? 0) { best = candidate }
    return StumpModel(task: data.task, candidate: best, search: search, smoothing: smoothing)
  }
}

/// Looks for the best rule on a feature.
struct RuleSearch: Sendable {
  /// Which side a present value takes.
  enum Rule: Sendable, Hashable, Codable {
    /// Values below the threshold take the first side.
    case threshold(Float)
    /// The levels of each side; others were not seen.
    case levels(first: [Int], second: [Int])
  }

  /// A rule and the sums of its branches: first side, second side, missing.
  struct Candidate: Sendable {
    let feature: Int
    let rule: Rule
    let gain: Double
    let branches: [Sums]
  }

  /// The weight of some rows and, per output, the weighted sum of their labels.
  struct Sums: Sendable {
    var weight = 0.0
    var labels: [Double]

    init(outputs: Int) { labels = Array(repeating: 0, count: outputs) }

    /// What a branch explains: the squared sums over the weight.
    var score: Double { weight > 0 ? labels.reduce(0) { $0 + $1 * $1 } / weight : 0 }

    func subtracting(_ other: Sums) -> Sums {
      var result = self
      result.weight -= other.weight
      for k in labels.indices { result.labels[k] -= other.labels[k] }
      return result
    }
  }

  let data: TrainingData
  let weights: [Double]
  let centre: Double
  let outputs: Int
  let minimumWeight: Double
  let all: Sums

  init(_ data: TrainingData, minimumWeight: Double) {
    self.data = data
    self.minimumWeight = minimumWeight
    weights = data.rowWeights
    outputs = data.task.width
    let total = weights.reduce(0, +)
    // Sums of squares lose digits unless numbers are taken from their mean.
    centre = data.task == .regression ? zip(data.labels, weights).reduce(0) { $0 + $1.0 * ($1.1 / total) } : 0
    var all = Sums(outputs: outputs)
    for row in 0..<data.rowCount {
      RuleSearch.add(row, to: &all, data, weights, centre)
    }
    self.all = all
  }

  private static func add(
    _ row: Int, to sums: inout Sums, _ data: TrainingData, _ weights: [Double], _ centre: Double
  ) {
    sums.weight += weights[row]
    if data.task == .regression {
      sums.labels[0] += weights[row] * (data.labels[row] - centre)
    } else {
      sums.labels[Int(data.labels[row])] += weights[row]
    }
  }

  func best(_ feature: Int) -> Candidate? {
    let column = data.features.columns[feature].densified(rowCount: data.rowCount)
    switch data.features.features[feature].kind {
    case .numeric: return bestThreshold(feature, column)
    case .categorical(let levels): return bestGrouping(feature, column, levels: levels)
    }
  }

  private func bestThreshold(_ feature: Int, _ column: [Float]) -> Candidate? {
    let order = column.indices.filter { !column[$0].isNaN }.sorted { column[$0] < column[$1] }
    var present = Sums(outputs: outputs)
    for row in order { RuleSearch.add(row, to: &present, data, weights, centre) }
    var left = Sums(outputs: outputs)
    var best: (score: Double, threshold: Float, left: Sums)?
    for position in order.indices.dropLast() {
      RuleSearch.add(order[position], to: &left, data, weights, centre)
      let value = column[order[position]]
      let next = column[order[position + 1]]
      guard value < next, left.weight >= minimumWeight, present.weight - left.weight >= minimumWeight else { continue }
      let score = left.score + present.subtracting(left).score
      if score > (best?.score ?? -.infinity) {
        let middle = value + (next - value) / 2
        best = (score, middle > value ? middle : next, left)
      }
    }
    guard let best else { return nil }
    return candidate(feature, .threshold(best.threshold), first: best.left, present: present)
  }

  private func bestGrouping(_ feature: Int, _ column: [Float], levels: Int) -> Candidate? {
    var sums = [Sums](repeating: Sums(outputs: outputs), count: levels)
    var present = Sums(outputs: outputs)
    for (row, value) in column.enumerated() {
      guard let level = levelCode(value, levels: levels) else { continue }
      RuleSearch.add(row, to: &sums[level], data, weights, centre)
      RuleSearch.add(row, to: &present, data, weights, centre)
    }
    let seen = sums.indices.filter { sums[$0].weight > 0 }
    var best: (score: Double, levels: [Int], first: Sums)?
    for output in outputs == 2 ? [1] : Array(0..<outputs) {
      let means = sums.map { $0.weight > 0 ? $0.labels[output] / $0.weight : 0 }
      let order = seen.sorted { (means[$0], $0) < (means[$1], $1) }
      var first = Sums(outputs: outputs)
      for (position, level) in order.dropLast().enumerated() {
        first.weight += sums[level].weight
        for k in 0..<outputs { first.labels[k] += sums[level].labels[k] }
        guard first.weight >= minimumWeight, present.weight - first.weight >= minimumWeight else { continue }
        let score = first.score + present.subtracting(first).score
        if score > (best?.score ?? -.infinity) { best = (score, order[...position].sorted(), first) }
      }
    }
    guard let best else { return nil }
    let second = seen.filter { !best.levels.contains($0) }
    return candidate(feature, .levels(first: best.levels, second: second), first: best.first, present: present)
  }

  private func candidate(_ feature: Int, _ rule: Rule, first: Sums, present: Sums) -> Candidate {
    let branches = [first, present.subtracting(first), all.subtracting(present)]
    let gain = branches.reduce(-all.score) { $0 + $1.score }
    // A gain within rounding of nothing is nothing.
    return Candidate(
      feature: feature, rule: rule, gain: gain > 1e-12 * abs(all.score) ? gain : 0, branches: branches)
  }
}
