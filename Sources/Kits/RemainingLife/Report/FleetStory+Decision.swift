import Evaluation
import Experiments
import Projects

extension FleetStory {
  private static let mostMachines = 40

  /// The machines in the order in which they are to be served.
  var fleetPart: ResultPart {
    let shown = state.members.prefix(Self.mostMachines)
    let rows = shown.map { machine -> [ResultTable.Cell] in
      let range = Estimate(machine.told, lower: machine.lower, upper: machine.upper)
      return [
        .text(machine.name), moment(machine),
        machine.lower.isNaN ? .number(machine.told, .number) : .estimate(range, .number),
        machine.risk.isNaN ? .none : .number(machine.risk, .percent),
        .text(machine.signs.joined(separator: ", ")), .text(advice(machine)),
      ]
    }
    let rest = state.members.count - shown.count
    return ResultPart(
      "fleet", hasRunning ? "The fleet" : "The test \(nouns) at the end of their records",
      [
        .text(meaning),
        .text(
          "Intervals hold the life that is left with a probability of \(Words.percent(problem.level)). "
            + "The crew can do \(Words.count(problem.terms.crew, "service")) per \(time.singular)."
            + (rest > 0 ? " \(Words.count(rest, noun, plural: nouns)) with longer lives are not shown." : "")),
        .table(
          ResultTable(
            "\(Words.sentence(nouns)) by urgency",
            columns: [
              "\(noun)", hasDates ? "last reading" : "last reading at (\(time.plural))",
              "life left, \(time.plural)",
              "fails within \(horizon)", "shown most by", "service",
            ], rows: rows)),
      ])
  }

  /// When a unit was last recorded, as the customer writes it.
  private func moment(_ machine: FleetState.Member) -> ResultTable.Cell {
    hasDates
      ? .text(problem.data.table[problem.time]?.text(at: machine.row) ?? "") : .number(machine.time, .number)
  }

  /// What "now" and "may be too late" mean.
  private var meaning: String {
    guard policies.alarm > 0 else {
      return "The \(noun) with the shortest life left comes first. No service before a failure pays, so all run on."
    }
    let reason =
      hasCosts
      ? "waiting is expected to cost more than the life that a service gives away"
      : "waiting would let more \(nouns) fail first than is meant to"
    return
      "The most urgent \(noun), with the shortest life left, comes first; “now” means: serve at once, because with "
      + "\(time.amount(policies.alarm)) left or less \(reason); “may be too late” means: the \(reaction) from the decision "
      + "to the service are longer than the lower end of the life left."
  }

  private var reaction: String { time.amount(problem.terms.reaction) }

  /// When a machine is to be served, in words.
  private func advice(_ machine: FleetState.Member) -> String {
    let turn = machine.turn
    let words =
      switch turn.advice {
      case .now: "now"
      case .early: "now, the crew has no place later"
      case .waitForCrew: "in \(time.amount(turn.time)), as soon as the crew is free"
      case .later: "in \(time.amount(turn.time))"
      case .leave: "let it run"
      }
    let isDue = turn.advice == .now || turn.advice == .waitForCrew
    let lead = problem.terms.reaction + turn.time
    return isDue && lead > machine.lower ? "\(words); may be too late" : words
  }

  /// What calling machines in brings: in money where costs are given, else in machines and time alone.
  var decisionPart: ResultPart { hasCosts ? costPart : effectPart }

  private var measured: String {
    "Measured on \(Words.count(policies.unitCount, noun, plural: nouns)): \(policies.basis(nouns))."
  }

  private var effectPart: ResultPart {
    let curve = policies.curve.compactMap { point in point.threshold.map { (life: -$0, point: point) } }
      .sorted { $0.life < $1.life }
    let lives = curve.map(\.life)
    let axis = ResultChart.Axis("predicted life left when called in, \(time.plural)")
    let charts = [
      ResultChart(
        "\(Words.sentence(nouns)) that fail first",
        summary: "The later \(nouns) are called in, the more of them fail before.",
        x: axis, y: .init("share that fails first", format: .percent, includesZero: true),
        series: [.init("", .line, x: lives, y: curve.map(\.point.failures))]),
      ResultChart(
        "Life given away", summary: "The earlier \(nouns) are called in, the more life is given away.",
        x: axis, y: .init("life given away, \(time.plural)", includesZero: true),
        series: [.init("", .line, x: lives, y: curve.map(\.point.lostLife))]),
    ]
    let rows = policies.policies.map { policy -> [ResultTable.Cell] in
      [
        .text(policy.name), .text("\(failures(policy)) of \(policies.unitCount)"),
        policy.limit.isFinite ? .number(policy.point.lostLife, .number) : .none,
        policy.limit.isFinite ? .number(abs(policy.limit), .number) : .text("never"),
      ]
    }
    return ResultPart(
      "effect", "What it prevents",
      [
        .caution(
          "No costs are given.",
          "So \(nouns) are called in as late as leaves at most \(Words.percent(1 - problem.level)) of "
            + "those learned from to fail first. Write what a failure and a service cost under value in solution.yaml "
            + "(failure, service); then the cheapest limit is taken, and told what it saves."),
        .text("Between the decision and the service lie \(reaction). \(measured)"), .charts(charts),
        .table(
          ResultTable(
            "Ways to decide",
            columns: [
              "way", "\(nouns) that fail first", "life given away, \(time.plural)", "called in at (\(time.plural))",
            ], rows: rows, highlighted: 0)),
      ])
  }

  private var costPart: ResultPart {
    let rows = policies.policies.map { policy -> [ResultTable.Cell] in
      let rate = policy.point.rate
      return [
        .text(policy.name),
        .estimate(
          Estimate(1_000 * rate.value, lower: 1_000 * rate.lower, upper: 1_000 * rate.upper), .money(currency)),
        .number(policy.point.failures, .percent),
        policy.limit.isFinite ? .number(policy.point.lostLife, .number) : .none,
        policy.limit.isFinite ? .number(abs(policy.limit), .number) : .text("never"),
      ]
    }
    let inspection = problem.terms.inspection
    let looks =
      inspection > 0
      ? ", looking at \(Words.one(noun))'s readings once \(Words.money(inspection, currency)), which only the way by predicted "
        + "life needs" : ""
    let caution: [ResultBlock] =
      problem.terms.failure <= problem.terms.service
      ? [
        .caution(
          "Every service is a loss.",
          "With these costs a failure costs no more than a service, so that nothing pays but waiting for failures.")
      ] : []
    return ResultPart(
      "cost", "What it saves",
      caution + [
        .text(
          "A failure costs \(Words.money(problem.terms.failure, currency)), a service "
            + "\(Words.money(problem.terms.service, currency))\(looks); between the decision and the service "
            + "lie \(reaction). \(measured)"),
        .charts([costChart]),
        .table(
          ResultTable(
            "Ways to decide",
            columns: [
              "way", "cost \(perThousand)", "fail first", "life given away, \(time.plural)",
              "called in at (\(time.plural))",
            ], rows: rows, highlighted: 0)),
      ])
  }

  private var costChart: ResultChart {
    // Calling machines in when they are new costs so much more that nothing else could be seen beside it.
    let most = 2 * policies.policies.reduce(0) { max($0, $1.point.rate.value) }
    let curve = policies.curve.compactMap { point in point.threshold.map { (life: -$0, rate: point.rate) } }
      .filter { $0.rate.value <= most }.sorted { $0.life < $1.life }
    let (lives, rates) = (curve.map(\.life), curve.map(\.rate))
    let lower: [Double] = rates.map { 1_000 * $0.lower }
    let upper: [Double] = rates.map { 1_000 * $0.upper }
    return ResultChart(
      "Cost by the life left at which \(Words.one(noun)) is called in",
      summary: "Called in too early, life is given away; too late, \(nouns) fail.",
      x: .init("predicted life left when called in, \(time.plural)"),
      y: .init("cost \(perThousand)", format: .money(currency), includesZero: true),
      series: [
        .init(
          "by predicted life", .line, x: lives, y: rates.map { 1_000 * $0.value }, lower: lower, upper: upper),
        .init(
          "run to failure", .horizontalRule, role: .muted, x: [], y: [1_000 * policies.policies[2].point.rate.value]),
        .init("fixed age", .horizontalRule, role: .second, x: [], y: [1_000 * policies.policies[1].point.rate.value]),
      ], isWide: true)
  }
}
