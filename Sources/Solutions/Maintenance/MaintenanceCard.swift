import Projects

extension PredictiveMaintenance {
  /// What the solution is and needs.
  static let description = SolutionCard(
    name: "maintenance", title: "Predictive maintenance",
    purpose: "when to service each machine: before it fails, and not much sooner",
    row: "the readings of one machine at one moment; with records: snapshots, one piece of work or one inspection",
    fields: [
      .init("unit", "the machine", kind: .code, isRequired: true, where: .init("records", "lives")),
      .init(
        "cycle", "when the readings were taken: cycle, operating hours or time", kind: .order, isRequired: true,
        where: .init("records", "lives")),
      .init(
        "failed",
        "in a machine's last row, whether it failed then; without this column every record ends in a failure. "
          + "Of snapshots, whether the machine failed in this piece of work",
        kind: .truth, isRequired: true, where: .init("records", "snapshots")),
      .init(
        "mode",
        "of snapshots, how it failed: the name of the failure mode, several with ; between them; never learned "
          + "from", kind: .code),
      .init(
        "remaining", "how long it ran on after the row, where that is known otherwise; in the time unit", kind: .number),
      .init("part", "train or test, where the split of machines, or of snapshots, is given", kind: .code),
    ],
    settings: [
      .init(
        "records", "lives: rows follow machines until they fail; snapshots: each row is a piece of work by itself",
        kind: .choice(["lives", "snapshots"]), standard: "lives"),
      .init(
        "conditions", "columns that say how it is operated, not how it is: load, speed; separated by commas",
        kind: .columns, standard: ""),
      .init("sensors", "columns that measure its state; all others if empty", kind: .columns, standard: ""),
      .init(
        "modes", "of snapshots, columns that say yes or no to one failure mode each; never learned from",
        kind: .columns, standard: ""),
      .init(
        "derived", "of snapshots, columns worked out from others: power = torque * speed; heat = oil - air",
        kind: .text, standard: ""),
      .init(
        "time unit", "of lives, what cycle counts: cycles, hours; dates are counted in it, in days if empty",
        kind: .text, standard: ""),
      .init(
        "longest life", "remaining life is told up to this; beyond it nothing shows yet; in the time unit",
        kind: .number(1...1e9), standard: "125"),
      .init(
        "horizon", "the time within which failures are foretold; in the time unit", kind: .number(0.001...1e9),
        standard: "30"),
      .init("window", "the rows of the past that are looked at", kind: .whole(2...500), standard: "50"),
      .init(
        "test share", "the share of machines, or snapshots, that everything is measured on", kind: .number(0.05...0.5),
        standard: "0.25"),
      .init("level", "the probability that intervals promise", kind: .number(0.5...0.99), standard: "0.9"),
      .init(
        "networks", "of lives, whether networks are tried beside boosting", kind: .choice(["yes", "no"]),
        standard: "yes"),
    ],
    value: .amounts([
      .init("currency", "the currency of the costs", kind: .text, standard: "EUR"),
      .init(
        "failure",
        "what a failure costs, with the standstill; without failure and service there is no money in the report",
        kind: .number(0...1e12), standard: "10000"),
      .init(
        "service", "what a planned service costs; of snapshots, looking and mending before it fails",
        kind: .number(0...1e12), standard: "2000"),
      .init(
        "inspection", "what looking at the readings of one machine once costs", kind: .number(0...1e12), standard: "0"),
      .init(
        "reaction", "the time from the decision to the service; in the time unit", kind: .number(0...1e9),
        standard: "5"),
      .init(
        "crew", "the services that can be done in one cycle, hour, day: one time unit", kind: .whole(1...1_000_000),
        standard: "2"),
      .init(
        "false alarms", "the share of machines that may be called in long before their time",
        kind: .number(0.001...0.9),
        standard: "0.1"),
    ]),
    outcome: "failed")

  /// Whether a project's rows are snapshots.
  static func takesSnapshots(_ project: Project) -> Bool { project.settings.text("records") == "snapshots" }
}
