import Evaluation
import Experiments
import Foundation
import Projects

/// What a run found out, told to whoever keeps the machines running.
struct MaintenanceStory {
  let project: Project
  let fleet: FleetData
  let result: LifeSearch.Result
  let judged: [MaintenanceRun.Judged]
  /// Nil where failures within the horizon could not be foretold or judged.
  let foretold: FailureMeasures?
  let policies: FleetPolicies
  let state: FleetState
  let run: RunSummary
  /// The machines learned from, and those measured on.
  let counts: (training: Int, test: Int)
  /// Whether the fleet shown still runs; else it is the test machines at their end.
  let hasRunning: Bool

  var horizon: String { Words.number(project.settings.number("horizon")) }

  private var currency: String { project.amounts.text("currency") ?? "" }
  private var longest: Double { result.model.longestLife }

  func outcome() -> ProjectOutcome {
    var results = ProjectResults(
      solution: "maintenance", title: "Predictive maintenance", data: project.data, run: run, headline: headline)
    results.answers = answers
    results.keyFigures = keyFigures
    results.measures = measures
    results.parts = [fleetPart, costPart, accuracyPart, failurePart, driversPart].compactMap { $0 }
    results.limits = limits
    return ProjectOutcome(results: results, model: chosen, summary: summary)
  }

  // MARK: In words

  private var model: FleetPolicies.Policy { policies.policies[0] }

  /// What the model's way saves of the reference's cost, per machine and 1,000 units of time.
  private var saving: Double { 1_000 * (policies.reference.point.rate.value - model.point.rate.value) }

  private var headline: String {
    let reference = policies.reference
    guard saving > 0, policies.alarm > 0 else {
      return "With these costs, calling machines in by their predicted life is no cheaper than \(phrase(reference))."
    }
    let share = saving / (1_000 * reference.point.rate.value)
    return "Calling a machine in when it has about \(Words.number(policies.alarm)) left costs "
      + "\(Words.percent(share)) less than \(phrase(reference))."
  }

  private func phrase(_ policy: FleetPolicies.Policy) -> String {
    policy.limit.isFinite ? "serving at a fixed age" : "running to failure"
  }

  private var chosen: String {
    zip(result.outcomes, result.weights).filter { $0.1 > 0 }.map(\.0.candidate.name).joined(separator: " + ")
  }

  private var capped: LifeMeasures {
    LifeMeasures(predicted: judged.map(\.told), lives: judged.map { min($0.life, longest) })
  }

  private var whole: LifeMeasures { LifeMeasures(predicted: judged.map(\.told), lives: judged.map(\.life)) }

  private var coverage: Double {
    let known = judged.filter { !$0.lower.isNaN }
    // An upper end at the longest life means "that or more".
    let held = known.count { $0.life >= $0.lower && ($0.life <= $0.upper || $0.upper >= longest) }
    return known.isEmpty ? .nan : Double(held) / Double(known.count)
  }

  private var answers: [ProjectResults.Answer] {
    let now = state.machines.count { $0.turn.due == 0 }
    return [
      .init(
        "What it saves",
        "\(Words.money(saving, currency)) per machine and 1,000 units of cycle, measured on "
          + "\(Words.count(policies.machines, "machine")): \(policies.basis)."),
      .init(
        "How good the predictions are",
        "Off by \(Words.number(capped.meanAbsoluteError)) on average, in units of cycle; intervals that promise "
          + "\(Words.percent(project.settings.number("level"))) held \(Words.percent(coverage)) of the time."),
      .init(
        "How early it warns",
        policies.lead.detected.value > 0
          ? "With at most \(Words.percent(project.amounts.number("false alarms"))) false alarms, "
            + "\(Words.percent(policies.lead.detected.value)) of failures are announced, half of them at least "
            + "\(Words.number(policies.lead.median ?? .nan)) before."
          : "With so few false alarms no failure is announced."),
      .init(
        "What to do now",
        now == 0
          ? "No machine is due; the next is due in \(Words.number(state.machines.map(\.turn.due).min() ?? .nan))."
          : "\(Words.count(now, "machine")) of \(state.machines.count) should be served now."),
    ]
  }

  private var keyFigures: [ProjectResults.KeyFigure] {
    [
      .init(
        "saved per machine and 1,000 cycles", .number(saving, .money(currency)),
        note: "against \(phrase(policies.reference))"),
      .init("of machines fail all the same", .number(model.point.failures, .percent), note: "before they are served"),
      .init("life given away", .number(model.point.lostLife, .number), note: "by machines that are served, on average"),
      .init(
        "RMSE of the remaining life", .number(capped.rootMeanSquaredError, .number),
        note: "up to \(Words.number(longest))"),
      .init(
        "of lives in their interval", .number(coverage, .percent),
        note: "promised: \(Words.percent(project.settings.number("level")))"),
    ]
  }

  private var measures: [ProjectResults.Measure] {
    [
      .init("rmse", capped.rootMeanSquaredError), .init("mae", capped.meanAbsoluteError),
      .init("asymmetric-score", capped.asymmetricScore), .init("rmse-uncapped", whole.rootMeanSquaredError),
      .init("asymmetric-score-uncapped", whole.asymmetricScore), .init("coverage", coverage),
      .init("judged", Double(judged.count)),
    ] + failureMeasures + [
      .init("cost-rate", model.point.rate, unit: currency),
      .init("cost-rate-fixed-age", policies.policies[1].point.rate, unit: currency),
      .init("cost-rate-run-to-failure", policies.policies[2].point.rate, unit: currency),
    ]
  }

  private var limits: [String] {
    var list = [
      "A life longer than \(Words.number(longest)) is told as that: machines far from their end look alike.",
      "Machines that failed for a reason that no sensor shows cannot be announced.",
      "Costs hold for machines like these under the conditions of the records.",
    ]
    if !result.dropped.isEmpty {
      list.append("Not used, because they never change: \(result.dropped.joined(separator: ", ")).")
    }
    if !fleet.skipped.isEmpty {
      list.append("Not used, because they hold no numbers: \(fleet.skipped.joined(separator: ", ")).")
    }
    return list
  }

  private var summary: [String] {
    [
      headline,
      "RMSE \(Words.number(capped.rootMeanSquaredError)), MAE \(Words.number(capped.meanAbsoluteError)) on "
        + "\(Words.count(judged.count, "row")) of \(Words.count(counts.test, "machine")); model: \(chosen)",
    ]
  }

  // MARK: Parts

  private var fleetPart: ResultPart {
    let shown = state.machines.prefix(40)
    let rows = shown.map { machine -> [ResultTable.Cell] in
      let range = Estimate(machine.told, lower: machine.lower, upper: machine.upper)
      let when =
        machine.turn.due == 0
        ? "now" : machine.turn.time == 0 ? "now, the crew is full later" : "in \(Words.number(machine.turn.time))"
      return [
        .text(machine.name), .number(machine.time, .number),
        machine.lower.isNaN ? .number(machine.told, .number) : .estimate(range, .number),
        machine.risk.isNaN ? .none : .number(machine.risk, .percent),
        .text(machine.signs.joined(separator: ", ")), .text(machine.turn.isLate ? "\(when), too late" : when),
      ]
    }
    let rest = state.machines.count - shown.count
    return ResultPart(
      "fleet", hasRunning ? "The fleet" : "The test machines at the end of their records",
      [
        .text(
          "The machines in the order in which they are to be served, with the life that is left and the interval that holds "
            + "it with a probability of \(Words.percent(project.settings.number("level"))). The crew can do "
            + "\(Words.count(project.amounts.whole("crew"), "service")) in a unit of cycle."
            + (rest > 0 ? " \(rest) more are due later." : "")),
        .table(
          ResultTable(
            "Machines by urgency",
            columns: ["machine", "at cycle", "life left", "fails within \(horizon)", "shown most by", "service"],
            rows: rows)),
      ])
  }

  private var costPart: ResultPart {
    let curve = policies.curve.compactMap { point in point.threshold.map { (life: -$0, rate: point.rate) } }
      .sorted { $0.life < $1.life }
    let (lives, rates) = (curve.map(\.life), curve.map(\.rate))
    let lower: [Double] = rates.map { 1_000 * $0.lower }
    let upper: [Double] = rates.map { 1_000 * $0.upper }
    let chart = ResultChart(
      "Cost by the life left at which a machine is called in",
      summary: "Called in too early, life is given away; too late, machines fail.",
      x: .init("predicted life left when called in"),
      y: .init("cost per machine and 1,000 cycles", format: .money(currency), includesZero: true),
      series: [
        .init(
          "by predicted life", .line, x: lives, y: rates.map { 1_000 * $0.value }, lower: lower, upper: upper),
        .init(
          "run to failure", .horizontalRule, role: .muted, x: [], y: [1_000 * policies.policies[2].point.rate.value]),
        .init("fixed age", .horizontalRule, role: .second, x: [], y: [1_000 * policies.policies[1].point.rate.value]),
      ], isWide: true)
    let rows = policies.policies.map { policy -> [ResultTable.Cell] in
      let rate = policy.point.rate
      return [
        .text(policy.name),
        .estimate(
          Estimate(1_000 * rate.value, lower: 1_000 * rate.lower, upper: 1_000 * rate.upper), .money(currency)),
        .number(policy.point.failures, .percent), .number(policy.point.lostLife, .number),
        policy.limit.isFinite ? .number(abs(policy.limit), .number) : .text("never"),
      ]
    }
    let isUseless = project.amounts.number("failure") <= project.amounts.number("service")
    return ResultPart(
      "cost", "What it saves",
      (isUseless
        ? [
          .caution(
            "Every service is a loss.",
            "With these costs a failure costs no more than a service, so that nothing pays but waiting for failures.")
        ] : []) + [
          .text(
            "A failure costs \(Words.money(project.amounts.number("failure"), currency)), a service "
              + "\(Words.money(project.amounts.number("service"), currency)); between the decision and the service lie "
              + "\(Words.number(project.amounts.number("reaction"))) units of cycle. Measured on "
              + "\(Words.count(policies.machines, "machine")): \(policies.basis)."),
          .charts([chart]),
          .table(
            ResultTable(
              "Ways to decide",
              columns: ["way", "cost per machine and 1,000 cycles", "fail first", "life given away", "called in at"],
              rows: rows,
              highlighted: 0)),
        ])
  }

  private var accuracyPart: ResultPart {
    let hasIntervals = judged.contains { !$0.lower.isNaN }
    let chart = ResultChart(
      "Predicted against true life left",
      summary: "Rows of machines that nothing was learned from; thin lines are the intervals.",
      x: .init("true life left"), y: .init("predicted", includesZero: true),
      series: [
        .init("", .dashes, role: .muted, x: [0, longest], y: [0, longest]),
        .init(
          "", .points, x: judged.map(\.life), y: judged.map(\.told), lower: hasIntervals ? judged.map(\.lower) : [],
          upper: hasIntervals ? judged.map(\.upper) : []),
      ], isWide: true)
    let rows = zip(result.outcomes, result.weights).sorted { $0.0.error < $1.0.error }.map {
      outcome, weight -> [ResultTable.Cell] in
      [
        .text(outcome.candidate.name), .number(outcome.error, .number),
        outcome.isDropped ? .text("dropped early") : .number(weight, .percent), .number(outcome.seconds, .number),
      ]
    }
    return ResultPart(
      "accuracy", "How good the predictions are",
      [
        .charts([chart]),
        .text(
          "What was tried, by the error on training machines that each had not learned from. The model is their average with "
            + "these weights; \(result.conditionCount == 1 ? "one kind" : "\(result.conditionCount) kinds") of operation "
            + "\(result.conditionCount == 1 ? "was" : "were") found, and readings are compared within \(result.conditionCount == 1 ? "it" : "each")."
        ),
        .table(ResultTable("Methods", columns: ["method", "RMSE", "weight", "seconds"], rows: rows)),
        .table(
          ResultTable(
            "Measures on test machines", columns: ["measure", "up to \(Words.number(longest))", "whole lives"],
            rows: [
              [
                .text("RMSE"), .number(capped.rootMeanSquaredError, .number),
                .number(whole.rootMeanSquaredError, .number),
              ],
              [
                .text("mean absolute error"), .number(capped.meanAbsoluteError, .number),
                .number(whole.meanAbsoluteError, .number),
              ],
              [
                .text("asymmetric score, summed"), .number(capped.asymmetricScore, .number),
                .number(whole.asymmetricScore, .number),
              ],
            ])),
      ])
  }

  private var driversPart: ResultPart? {
    let shown = Array(state.drivers.prefix(12))
    guard !shown.isEmpty else { return nil }
    return ResultPart(
      "drivers", "What shows the wear",
      [
        .charts([
          ResultChart(
            "How much each reading moves the predicted life",
            summary: "Units of cycle, on average over the machines shown.",
            x: .init("mean effect", includesZero: true), y: .init("", names: shown.map(\.channel)),
            series: [
              .init(
                "", .bars, x: shown.indices.map(Double.init), y: shown.map(\.effect),
                labels: shown.map { Words.number($0.effect, digits: 2) })
            ], isWide: true)
        ])
      ])
  }
}
