import Projects

/// What a failure and a service cost, and how services are done.
public struct ServiceTerms: Sendable {
  /// What a failure costs.
  public var failure: Double
  /// What a service before it costs.
  public var service: Double
  /// What looking at the readings of one unit once costs.
  public var inspection = 0.0
  /// The time from the decision to the service.
  public var reaction = 0.0
  /// The services that can be done in one unit of time.
  public var crew = 1
  /// The share of units that may be called in long before their time.
  public var falseAlarms = 0.1
  /// The currency of the costs.
  public var currency = ""
  /// Which of failure and service nobody gave: then nothing is said of money.
  public var lacking: [String] = []
  /// Amounts that nobody gave and that are taken all the same.
  public var assumed: [(name: String, amount: Double)] = []

  /// Terms with two costs.
  public init(failure: Double, service: Double) {
    self.failure = failure
    self.service = service
  }

  /// Whether both costs are given.
  public var areGiven: Bool { lacking.isEmpty }

  /// That there are no costs, and what to give.
  var costless: ProjectFinding {
    ProjectFinding(
      .warning,
      "value does not say the cost of \(lacking.map { "a \($0)" }.joined(separator: " and ")): the report will have no "
        + "money in it",
      remedy: "give failure and service under value, in one currency")
  }
}
