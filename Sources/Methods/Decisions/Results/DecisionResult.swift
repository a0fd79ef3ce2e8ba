import Evaluation

/// What deciding by the model's scores earns on test data, beside the alternatives.
public struct DecisionResult: Sendable, Hashable, Codable {
  /// A way of deciding with its value on the test data.
  public struct Policy: Sendable, Hashable, Codable {
    /// "model", "do nothing", "call all", "today's rule".
    public var name: String
    /// The value summed over the test rows, in the currency, with its interval.
    public var total: Estimate
    /// The value per row.
    public var perRow: Estimate
    /// The test rows on which each action was taken, by name of the action.
    public var actionCounts: [String: Int]
    /// What the model's policy earns more than this one, per row; nil for the model itself.
    public var modelAdvantage: Difference?

    /// Creates a policy's outcome.
    public init(
      name: String, total: Estimate, perRow: Estimate, actionCounts: [String: Int], modelAdvantage: Difference? = nil
    ) {
      self.name = name
      self.total = total
      self.perRow = perRow
      self.actionCounts = actionCounts
      self.modelAdvantage = modelAdvantage
    }
  }

  /// The currency as shown: "EUR".
  public var currency: String
  /// The names of the actions; the first is the one for rows not acted on.
  public var actions: [String]
  /// One sentence that says when to act: "call a customer whose score is at least 0.23 (at most 100 a day)".
  public var rule: String
  /// The score from which the main action is taken, where the rule is a threshold.
  public var threshold: Double?
  /// The rows per period that can be acted on, as given: "100 per day"; nil without a limit.
  public var capacity: String?
  /// The model's policy first, then the alternatives.
  public var policies: [Policy]
  /// The value per row against the share of rows acted on, in order of falling priority: test data, with interval.
  public var valueCurve: Curve
  /// What one more unit of capacity earns, against the share of rows acted on.
  public var marginalValue: Curve?
  /// The share of test rows acted on by the model's policy.
  public var shareActedOn: Double
  /// The value of deciding with perfect knowledge of the labels, per row.
  public var perfectPerRow: Double
  /// What one more row of capacity earns, measured on the rows that a tenth more capacity would add; nil without a
  /// capacity, or where it is not used up.
  public var valueOfOneMore: Estimate?

  /// What a row is, in the singular: "customer"; nil in results of version 0.1.0, where it was not kept.
  public var unit: String?
  /// The probability that the intervals promise: 0.95.
  public var level: Double?
  /// The test rows that the value was measured on.
  public var rows: Int?
  /// The test rows that were left out because their value cannot be worked out; nil if none were.
  public var leftOut: UndecidedRows?
  /// The time that the test rows stand for; nil where no column says when they were.
  public var periods: Periods?

  /// A stretch of time, counted in periods.
  public struct Periods: Sendable, Hashable, Codable {
    /// The period, in the singular: "week".
    public var name: String
    /// How many: all rows of 12 weeks stand for 12, a random half of these rows for 6.
    public var count: Double

    /// Creates a stretch of time.
    public init(name: String, count: Double) {
      self.name = name
      self.count = count
    }
  }

  /// Creates a result.
  public init(
    currency: String, actions: [String], rule: String, threshold: Double?, capacity: String?, policies: [Policy],
    valueCurve: Curve, marginalValue: Curve?, shareActedOn: Double, perfectPerRow: Double,
    valueOfOneMore: Estimate? = nil, unit: String? = nil, level: Double? = nil, rows: Int? = nil,
    leftOut: UndecidedRows? = nil, periods: Periods? = nil
  ) {
    self.currency = currency
    self.actions = actions
    self.rule = rule
    self.threshold = threshold
    self.capacity = capacity
    self.policies = policies
    self.valueCurve = valueCurve
    self.marginalValue = marginalValue
    self.shareActedOn = shareActedOn
    self.perfectPerRow = perfectPerRow
    self.valueOfOneMore = valueOfOneMore
    self.unit = unit
    self.level = level
    self.rows = rows
    self.leftOut = leftOut
    self.periods = periods
  }
}
