import Basics

/// The best capacity for one period, decided before the demand is known.
///
/// Too little costs `underCost` per unit of demand, too much `overCost` per unit of capacity; the expected cost is least
/// where the demand is met with probability underCost / (underCost + overCost). Paper: Arrow, Harris and Marschak,
/// "Optimal inventory policy", Econometrica 19 (1951).
public struct Newsvendor: Sendable, Hashable, Codable {
  /// Cost per unit of demand that is not met, above 0.
  public var underCost: Double
  /// Cost per unit of capacity that is not used, above 0.
  public var overCost: Double
  /// The size in which capacity comes, such as the requests that one server takes; nil for any amount.
  public var unit: Double?
  /// The least capacity; 0 by default.
  public var minimum: Double
  /// The greatest capacity; nil for no limit.
  public var maximum: Double?

  /// Creates the problem; it is checked when it is used.
  public init(
    underCost: Double, overCost: Double, unit: Double? = nil, minimum: Double = 0, maximum: Double? = nil
  ) {
    self.underCost = underCost
    self.overCost = overCost
    self.unit = unit
    self.minimum = minimum
    self.maximum = maximum
  }

  /// The probability with which the demand should be met.
  public var criticalRatio: Double { underCost / (underCost + overCost) }

  /// What a capacity means for a demand.
  public struct Outcome: Sendable, Hashable, Codable {
    /// The capacity in units of demand.
    public let capacity: Double
    /// Under-capacity and over-capacity cost, expected.
    public let expectedCost: Double
    /// The mean demand that is not met.
    public let expectedShortage: Double
    /// The mean capacity that is not used.
    public let expectedSurplus: Double
    /// The probability that all demand is met.
    public let serviceLevel: Double
    /// The share of the demand that is met; 1 where there is no demand.
    public let fillRate: Double
  }

  /// The capacity of least expected cost; the smaller one of two that cost the same.
  ///
  /// - Throws: a `configuration` error if the costs or sizes are out of range or no multiple of the unit lies within the
  ///   limits.
  public func decision(for demand: DemandDistribution) throws(AssayError) -> Outcome {
    let range = try check()
    let wish = min(max(demand.quantile(criticalRatio), range.lowerBound), range.upperBound)
    guard let unit else { return outcome(of: wish, for: demand) }
    // The cost is convex, so the best multiple is beside the best amount.
    let least = (range.lowerBound / unit - 1e-9).rounded(.up)
    let most = (range.upperBound / unit + 1e-9).rounded(.down)
    guard least <= most else {
      throw AssayError(
        .configuration, "no multiple of the unit \(unit) lies between \(minimum) and \(range.upperBound)",
        at: "Newsvendor", remedy: "widen the limits")
    }
    let below = min(max((wish / unit).rounded(.down), least), most)
    let above = min(below + 1, most)
    let (low, high) = (outcome(of: below * unit, for: demand), outcome(of: above * unit, for: demand))
    return high.expectedCost < low.expectedCost ? high : low
  }

  /// The best capacities of several periods, each by itself.
  public func decisions(for demands: [DemandDistribution]) throws(AssayError) -> [Outcome] {
    var results: [Outcome] = []
    for demand in demands { results.append(try decision(for: demand)) }
    return results
  }

  /// What a given capacity means.
  public func outcome(of capacity: Double, for demand: DemandDistribution) -> Outcome {
    let shortage = demand.expectedExcess(over: capacity)
    // E max(capacity - demand, 0), which rounding must not make negative.
    let surplus = max(0, shortage + capacity - demand.mean)
    return Outcome(
      capacity: capacity, expectedCost: underCost * shortage + overCost * surplus, expectedShortage: shortage,
      expectedSurplus: surplus, serviceLevel: demand.probability(atMost: capacity),
      fillRate: demand.mean > 0 ? 1 - min(1, shortage / demand.mean) : 1)
  }

  /// The cost curve: what capacities between two quantiles of the demand mean, in equal steps or every multiple.
  ///
  /// - Parameters:
  ///   - points: The number of steps; 40 by default. Multiples of the unit are thinned to about as many.
  ///   - levels: The quantiles at the ends.
  public func curve(
    for demand: DemandDistribution, points: Int = 40, levels: ClosedRange<Double> = 0.01...0.999
  ) throws(AssayError) -> [Outcome] {
    let range = try check()
    let low = min(max(demand.quantile(levels.lowerBound), range.lowerBound), range.upperBound)
    let high = min(max(demand.quantile(levels.upperBound), range.lowerBound), range.upperBound)
    let points = max(1, points)
    guard let unit else {
      return (0...points).map { outcome(of: low + (high - low) * Double($0) / Double(points), for: demand) }
    }
    let first = Int((low / unit).rounded(.down))
    let last = max(first, Int((high / unit).rounded(.up)))
    let step = max(1, (last - first + points - 1) / points)
    return stride(from: first, through: last, by: step).map { outcome(of: Double($0) * unit, for: demand) }
  }

  private func check() throws(AssayError) -> ClosedRange<Double> {
    guard underCost > 0, underCost.isFinite, overCost > 0, overCost.isFinite else {
      throw AssayError(
        .configuration, "the costs of too little (\(underCost)) and too much (\(overCost)) must both be above 0",
        at: "Newsvendor", remedy: "where one of them is free, no capacity is the best")
    }
    if let unit, !(unit > 0 && unit.isFinite) {
      throw AssayError(
        .configuration, "the unit of capacity is \(unit)", at: "Newsvendor", remedy: "give a size above 0")
    }
    let most = maximum ?? .greatestFiniteMagnitude
    guard minimum.isFinite, minimum <= most else {
      throw AssayError(
        .configuration, "the least capacity \(minimum) is above the greatest \(most)", at: "Newsvendor")
    }
    return minimum...most
  }
}
