import Planning
import TimeSeries

/// What is asked of a demand: how far ahead, how sure, and what is to be planned for it.
public struct DemandProblem: Sendable {
  /// What is planned.
  public enum Plan: Sendable {
    /// Nothing: forecasts alone.
    case none
    /// Units of capacity, with their costs; the units there are, or what the mean demand needs if nil.
    case units(CapacityProblem, now: Double?)
    /// People who answer calls, and their shifts.
    case calls(StaffingPlan.Rules, ShiftRules)
  }

  /// The steps that are asked for, the closed ones among them.
  public var horizon: Int
  /// How many times the last steps are forecast as if they were not known, where so many fit.
  public var tests = 1
  /// The probability that intervals promise.
  public var level = 0.9
  /// Which methods learn from all series.
  public var learning = SharedLearning.Choice.auto
  /// What is planned.
  public var plan = Plan.none
  /// The currency of costs.
  public var currency = ""
  /// The costs that the plan hangs on and that nobody gave, with the examples that stand in their place.
  public var assumed: [(name: String, amount: Double)] = []
  /// Whether records within a step are meant to be added up; else a moment that comes twice is a slip.
  public var addsWithinSteps = false
  /// Whether demand that could not be met is marked in the records.
  public var marksUnserved = false
  /// What the demand and the capacity are called.
  public var nouns = DemandNouns()
  /// Where the data came from, for errors.
  public var source = "demand"

  /// Forecasts so many steps ahead, and no plan.
  public init(horizon: Int) { self.horizon = horizon }

  /// How often the last steps can be forecast as if they were not known.
  public func tests(on panel: DemandPanel) -> Int {
    panel.horizon < 1 ? 0 : min(tests, (panel.count - 4) / panel.horizon - 1)
  }

  /// The levels that a plan needs, with the ends of the interval asked for.
  var levels: [Double] {
    let ends = [(1 - level) / 2, (1 + level) / 2]
    let usual = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98]
    return (usual.filter { level in ends.allSatisfy { abs($0 - level) > 1e-9 } } + ends).sorted()
  }
}

/// What a solution calls the demand and what serves it; plurals end in s.
public struct DemandNouns: Sendable, Hashable {
  /// What is asked for, as a mass: "demand", "traffic".
  public var demand: String
  /// What serves it: "unit", "truck".
  public var unit: String

  /// Creates nouns.
  public init(demand: String = "demand", unit: String = "unit") {
    self.demand = demand
    self.unit = unit
  }
}
