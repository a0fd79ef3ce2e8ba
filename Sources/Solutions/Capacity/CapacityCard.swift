import Projects
import TimeSeries

extension CapacityPlanning {
  /// What the solution is and needs.
  static let description = SolutionCard(
    name: "capacity", title: "Capacity planning",
    purpose: "how much capacity to have when: servers, staff, stock or trucks for a demand that is not known yet",
    row: "the demand of one series at one moment",
    fields: [
      .init("time", "the moment at which the step begins", kind: .time, isRequired: true),
      .init("demand", "how much was asked for: calls, orders, requests, pallets", kind: .number, isRequired: true),
      .init("series", "whose demand it is: product, queue, service", kind: .code),
      .init("region", "where; series of one region add up to it", kind: .code),
      .init(
        "holiday", "yes on holidays, also in rows of the future with an empty demand", kind: .truth),
      .init(
        "unserved", "yes where demand could not be met, as in a stock-out: its number then says nothing", kind: .truth),
    ],
    settings: [
      .init(
        "step", "the length of a step; that of the data if auto; records within a step are added up",
        kind: .choice(["auto", "half hour", "hour", "day", "week", "month"]), standard: "auto"),
      .init("horizon", "the steps that are planned for", kind: .whole(1...2_000), standard: "28"),
      .init(
        "seasons", "the lengths of seasons in steps, such as 7 or 24, 168; from the step if empty", kind: .text,
        standard: ""),
      .init(
        "no record means", "what a step without a record stands for", kind: .choice(["missing", "zero"]),
        standard: "missing"),
      .init("level", "the probability that intervals promise", kind: .number(0.5...0.98), standard: "0.9"),
      .init(
        "drivers",
        "columns known in advance, such as price or campaign; rows with an empty demand after the last one give what is "
          + "planned", kind: .columns, standard: ""),
      .init(
        "holidays",
        "a country (\(Holiday.countries.joined(separator: ", "))), dates such as 2025-12-24, or a file of dates",
        kind: .text, standard: ""),
      .init(
        "tests", "how many times the past is forecast as if it were not known, to see how well that goes",
        kind: .whole(1...50), standard: "1"),
      .init(
        "networks", "methods that learn from all series; auto: where they are enough and time allows",
        kind: .choice(["auto", "yes", "no"]), standard: "auto"),
      .init(
        "plan", "what is planned: capacity in units, or people who answer calls", kind: .choice(["units", "calls"]),
        standard: "units"),
    ],
    value: .amounts([
      .init("currency", "the currency of the costs", kind: .text, standard: "EUR"),
      .init(
        "unit", "the demand that one unit of capacity serves in a step", kind: .number(1e-9...1e12), standard: "10"),
      .init("shortage", "what a piece of demand costs that is not served", kind: .number(0...1e12), standard: "8"),
      .init("holding", "what a unit of capacity costs in a step, used or not", kind: .number(0...1e12), standard: "20"),
      .init("adding", "what adding a unit costs", kind: .number(0...1e12), standard: "40"),
      .init("removing", "what removing a unit costs", kind: .number(0...1e12), standard: "10"),
      .init("lead time", "the steps between ordering a unit and having it", kind: .whole(0...1_000), standard: "2"),
      .init(
        "units now", "the units there are; what the mean demand needs if empty", kind: .number(0...1e12), standard: ""),
      .init("handling time", "calls: the seconds that one takes", kind: .number(1...1e6), standard: "300"),
      .init(
        "patience", "calls: the seconds after which callers give up on average", kind: .number(1...1e6), standard: "180"
      ),
      .init("answered", "calls: the share to be answered in time", kind: .number(0.01...0.999), standard: "0.8"),
      .init("within", "calls: the seconds that count as in time", kind: .number(0...1e6), standard: "20"),
      .init("wage", "calls: the cost of a person and hour", kind: .number(0...1e9), standard: "30"),
      .init(
        "most people", "calls: the greatest number of people on a day; no limit if empty", kind: .number(0...1e6),
        standard: ""),
      .init(
        "missing person", "calls: the cost of a missing person and hour; none may be missing if empty",
        kind: .number(0...1e9), standard: ""),
      .init("shifts", "calls: the lengths of shifts in hours", kind: .numbers(1...24), standard: "4, 6, 8"),
    ]))
}
