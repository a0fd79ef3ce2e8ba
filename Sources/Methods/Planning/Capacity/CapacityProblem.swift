import Basics

/// How much capacity to have in each of several periods, ordered before the demand is known.
///
/// Capacity is counted in units (servers, trucks, people); `unitSize` says how much demand a unit takes per period. An
/// order of period t is there from period t + `leadTime` on and stays until it is removed. What the capacity does not
/// take goes to spot capacity, up to its limit, and is lost beyond.
public struct CapacityProblem: Sendable, Hashable, Codable {
  /// The demand that one unit takes per period; 1 by default.
  public var unitSize = 1.0
  /// Whether units are whole; true by default.
  public var hasWholeUnits = true
  /// Units before the first period.
  public var initialUnits = 0.0
  /// Units ordered before that arrive in the periods from the first; periods beyond its end get none.
  public var arriving: [Double] = []
  /// Periods from an order to its arrival; 0 or more.
  public var leadTime = 0
  /// Cost of ordering one unit.
  public var addingCost = 0.0
  /// Cost of a period with an order, whatever its size.
  public var orderCost = 0.0
  /// Cost of removing one unit; negative where it is sold.
  public var removingCost = 0.0
  /// Cost of having one unit for one period.
  public var holdingCost: Double
  /// Cost per unit of demand that is lost.
  public var shortageCost: Double
  /// Cost per unit of demand that goes to spot capacity, overtime or a partner; nil if there is none.
  public var spotCost: Double?
  /// The greatest demand per period that spot capacity takes; nil for no limit.
  public var spotLimit: Double?
  /// The least number of units in any period.
  public var leastUnits = 0.0
  /// The greatest number of units in any period; nil for no limit.
  public var mostUnits: Double?
  /// The most units that one period orders; nil for no limit.
  public var mostAdded: Double?
  /// The most units that one period removes; nil for no limit, 0 to keep what there is.
  public var mostRemoved: Double?

  /// A problem with the two costs that it cannot do without; the others are set as properties.
  public init(holdingCost: Double, shortageCost: Double) {
    self.holdingCost = holdingCost
    self.shortageCost = shortageCost
  }

  func check() throws(AssayError) {
    let costs: [(String, Double)] = [
      ("adding", addingCost), ("an order", orderCost), ("holding", holdingCost), ("a shortage", shortageCost),
      ("spot capacity", spotCost ?? 0), ("the spot limit", spotLimit ?? 0), ("least units", leastUnits),
      ("most units", mostUnits ?? 0), ("most added", mostAdded ?? 0), ("most removed", mostRemoved ?? 0),
      ("initial units", initialUnits),
    ]
    for (name, value) in costs where !(value >= 0 && value.isFinite) {
      throw AssayError(.configuration, "\(name) is \(value)", at: "capacity problem", remedy: "give a number from 0 on")
    }
    guard unitSize > 0, unitSize.isFinite, leadTime >= 0, arriving.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw AssayError(
        .configuration, "the unit size \(unitSize), the lead time \(leadTime) or what is arriving is out of range",
        at: "capacity problem")
    }
    guard removingCost.isFinite, addingCost + removingCost >= 0 else {
      throw AssayError(
        .configuration, "a unit costs \(addingCost) and is sold for \(-removingCost), which would be a money machine",
        at: "capacity problem", remedy: "check the costs of adding and removing")
    }
    if let spotCost, spotCost > shortageCost {
      throw AssayError(
        .configuration, "spot capacity costs \(spotCost), more than losing the demand (\(shortageCost))",
        at: "capacity problem", remedy: "leave the spot cost out")
    }
  }

  /// The cost of demand beyond the capacity, and its parts: what goes to spot capacity and what is lost.
  func split(_ excess: Double) -> (spot: Double, lost: Double) {
    guard excess > 0 else { return (0, 0) }
    guard spotCost != nil else { return (0, excess) }
    let spot = min(excess, spotLimit ?? .infinity)
    return (spot, excess - spot)
  }

  /// The expected cost of excess demand in a period with that many units.
  func excessCost(_ units: Double, period: Int, _ scenarios: DemandScenarios) -> Double {
    var total = 0.0
    for (path, weight) in zip(scenarios.paths, scenarios.weights) {
      let (spot, lost) = split(path[period] - units * unitSize)
      total += weight * ((spotCost ?? 0) * spot + shortageCost * lost)
    }
    return total
  }
}
