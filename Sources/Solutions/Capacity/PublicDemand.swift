import Projects
import Tables

extension CapacityPlanning {
  /// The set that `start` takes.
  public var publicSets: [String] { ["bank-call-arrivals"] }

  /// The calls of a bank.
  public func start(of name: String, tables: [String: Table]) throws -> ProjectStart? {
    guard name == "bank-call-arrivals", let calls = tables["calls"] else { return nil }
    return ProjectStart(
      table: try calls.selecting(columns: ["time", "calls"]), columns: ["time": "time", "demand": "calls"],
      settings: [
        "step": "half hour", "horizon": "336", "tests": "4", "seasons": "48, 336", "no record means": "zero",
        "plan": "calls", "handling time": "240",
      ],
      words: "They are the calls that a bank answered on weekdays, 7:00 to 21:05, in counts of five minutes.")
  }
}
