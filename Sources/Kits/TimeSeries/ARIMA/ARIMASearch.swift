/// How far the automatic choice of orders looks.
public struct ARIMALimits: Sendable, Codable, Hashable {
  /// The largest p and the largest q.
  public var terms: Int
  /// The largest P and the largest Q.
  public var seasonalTerms: Int
  /// The largest p + q + P + Q.
  public var allTerms: Int
  /// The largest d.
  public var differences: Int
  /// The largest D.
  public var seasonalDifferences: Int
  /// The longest season that gets seasonal terms: the state grows with it.
  public var season: Int
  /// The largest number of models that are tried.
  public var models: Int
  /// Whether models are compared by the exact likelihood; otherwise by the conditional sum of squares, which is faster.
  public var comparesExactly: Bool

  /// Creates limits.
  public init(
    terms: Int = 5, seasonalTerms: Int = 2, allTerms: Int = 7, differences: Int = 2, seasonalDifferences: Int = 1,
    season: Int = 60, models: Int = 60, comparesExactly: Bool = true
  ) {
    self.terms = terms
    self.seasonalTerms = seasonalTerms
    self.allTerms = allTerms
    self.differences = differences
    self.seasonalDifferences = seasonalDifferences
    self.season = season
    self.models = models
    self.comparesExactly = comparesExactly
  }
}

/// The stepwise choice of orders of Hyndman and Khandakar, "Automatic time series forecasting: the forecast package for
/// R", Journal of Statistical Software 27 (2008): differences by tests, then from four models by single steps to the
/// neighbour of smaller AICc, until there is none.
struct ARIMASearch {
  private let problem: ARIMAProblem
  private let limits: ARIMALimits
  private let season: Int
  private let d: Int
  private let seasonalD: Int
  private let capacity: Int
  private let largest: (p: Int, seasonalP: Int)
  private var estimators: [Bool: ARMAEstimator] = [:]
  private var tried: Set<ARIMAOrder> = []
  private var best: (order: ARIMAOrder, estimate: ARMAEstimate)?
  /// The models with finite criterion, for the final comparison.
  private(set) var ranking: [(order: ARIMAOrder, free: [Double], aicc: Double)] = []

  init(_ problem: ARIMAProblem, season: Int, limits: ARIMALimits) {
    self.problem = problem
    self.limits = limits
    let values = problem.unexplained
    let fitsSeason = season > 1 && season <= limits.season && values.count >= 2 * season + 3
    self.season = fitsSeason ? season : 1
    var moves = values
    if fitsSeason && limits.seasonalDifferences > 0 && values.count >= 3 * season
      && STL(isPeriodic: false).decompose(values, period: season).seasonalStrength(0) > 0.64
    {
      seasonalD = 1
      moves = ARIMAOrder.difference(moves, lag: season)
    } else {
      seasonalD = 0
    }
    d = StationarityTest.differences(moves, maximum: limits.differences)
    let steps = values.count - d - seasonalD * self.season
    largest = (min(limits.terms, steps / 4), fitsSeason ? min(limits.seasonalTerms, steps / season / 3) : 0)
    capacity = largest.p + 1 + largest.seasonalP * self.season
  }

  /// The models found, the best first; never empty.
  mutating func run() -> [(order: ARIMAOrder, free: [Double], aicc: Double)] {
    let canHaveConstant = d + seasonalD <= 1
    for (p, q, seasonalP, seasonalQ) in [(2, 2, 1, 1), (0, 0, 0, 0), (1, 0, 1, 0), (0, 1, 0, 1)] {
      _ = consider(p, q, seasonalP, seasonalQ, canHaveConstant)
    }
    if canHaveConstant { _ = consider(0, 0, 0, 0, false) }
    while step() {}
    if ranking.isEmpty { ranking = [(order(0, 0, 0, 0, canHaveConstant), [], .infinity)] }
    return ranking.sorted { $0.aicc < $1.aicc }
  }

  private func order(_ p: Int, _ q: Int, _ seasonalP: Int, _ seasonalQ: Int, _ hasConstant: Bool) -> ARIMAOrder {
    ARIMAOrder(p, d, q, seasonal: (seasonalP, seasonalD, seasonalQ), season: season, hasConstant: hasConstant)
  }

  /// Tries the neighbours of the best model; true as soon as one is better.
  private mutating func step() -> Bool {
    guard let current = best?.order, tried.count < limits.models else { return false }
    let pairs = [(-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)]
    for (a, b) in pairs
    where consider(current.p, current.q, current.seasonalP + a, current.seasonalQ + b, current.hasConstant) {
      return true
    }
    for (a, b) in pairs
    where consider(current.p + a, current.q + b, current.seasonalP, current.seasonalQ, current.hasConstant) {
      return true
    }
    return d + seasonalD <= 1
      && consider(current.p, current.q, current.seasonalP, current.seasonalQ, !current.hasConstant)
  }

  /// Fits a model that is within the limits and new; true if it is the best so far.
  private mutating func consider(
    _ p: Int, _ q: Int, _ seasonalP: Int, _ seasonalQ: Int, _ hasConstant: Bool
  ) -> Bool {
    let terms = 0...largest.p
    let seasonalTerms = 0...(season > 1 ? largest.seasonalP : 0)
    let wanted =
      tried.isEmpty || best == nil
      ? order(
        min(p, largest.p), min(q, largest.p), min(seasonalP, seasonalTerms.upperBound),
        min(seasonalQ, seasonalTerms.upperBound), hasConstant)
      : order(p, q, seasonalP, seasonalQ, hasConstant)
    guard terms.contains(wanted.p), terms.contains(wanted.q), seasonalTerms.contains(wanted.seasonalP),
      seasonalTerms.contains(wanted.seasonalQ), wanted.coefficientCount <= limits.allTerms,
      tried.count < limits.models, tried.insert(wanted).inserted
    else { return false }
    let estimator = estimators[hasConstant] ?? ARMAEstimator(problem.filter(wanted, capacity: capacity, exactly: false))
    estimators[hasConstant] = estimator
    guard
      let estimate = estimator.fit(
        wanted, start: start(wanted), isExact: limits.comparesExactly, tolerance: 5e-4, iterations: 10, isRough: true),
      ARIMASearch.isUsable(wanted, estimate), estimate.aicc < .infinity
    else { return false }
    ranking.append((wanted, estimate.free, estimate.aicc))
    guard estimate.aicc < (best?.estimate.aicc ?? .infinity) else { return false }
    best = (wanted, estimate)
    return true
  }

  /// Free numbers near those of the best model: further terms begin small, and alike they would cancel each other.
  private func start(_ wanted: ARIMAOrder) -> [Double] {
    guard let best else { return [Double](repeating: 0.1, count: wanted.coefficientCount) }
    let lengths = \ARIMAOrder.blocks
    var result: [Double] = []
    var from = 0
    for (old, new) in zip(best.order[keyPath: lengths], wanted[keyPath: lengths]) {
      let known = best.estimate.free[from..<from + min(old, new)]
      result += known + [Double](repeating: 0.1, count: max(0, new - old))
      from += old
    }
    return result
  }

  /// Whether all roots keep a distance of 1% from the unit circle: nearer ones are the sign of a needless term.
  static func isUsable(_ order: ARIMAOrder, _ estimate: ARMAEstimate) -> Bool {
    var from = 0
    for (length, sign) in zip(order.blocks, [1.0, -1, 1, -1]) {
      let part = Array(estimate.coefficients[from..<from + length])
      // The seasonal moving average may come near to it: then the season is the same in all years.
      let isSeasonalMA = from == order.p + order.q + order.seasonalP
      guard PartialAutocorrelations.rootsLieBeyond(isSeasonalMA ? 1.001 : 1.01, coefficients: part, sign: sign)
      else { return false }
      from += length
    }
    return true
  }
}

extension ARIMAOrder {
  /// The numbers of coefficients in the order in which they are kept: p, q, P, Q.
  var blocks: [Int] { [p, q, seasonalP, seasonalQ] }
}
