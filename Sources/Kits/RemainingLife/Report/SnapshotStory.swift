import Evaluation
import Experiments
import Foundation
import Projects

/// What a run on snapshots found out, told to whoever keeps the units running.
struct SnapshotStory {
  /// A piece of work near the top of the list.
  struct Piece {
    /// Its row in the data, counted from 1.
    let row: Int
    let machine: String?
    let probability: Double
    /// The position of the likeliest failure mode; nil where no modes are known.
    let mode: Int?
    let isServed: Bool
    let failed: Bool
    let reason: String
  }

  let problem: SnapshotProblem
  let snapshots: SnapshotData
  let split: SnapshotSplit
  let decision: ServiceDecision
  let measures: ModeMeasures?
  let experiment: ExperimentResults
  let riskiest: [Piece]

  private var currency: String { problem.terms.currency }
  private var noun: String { problem.noun }
  private var nouns: String { problem.plural }
  private var pieces: String { Words.count(split.test.count, problem.piece, plural: problem.pieces) }
  private var precisionRecall: Estimate {
    experiment.metrics.first { $0.name == Metric.prAUC.rawValue }?.value ?? Estimate(.nan, lower: .nan, upper: .nan)
  }

  func outcome(_ card: SolutionCard) -> ProjectOutcome {
    var results = ProjectResults(
      solution: card.name, title: card.title, data: problem.project.data, run: experiment.run,
      headline: headline)
    results.answers = answers
    results.keyFigures = keyFigures
    results.measures = resultMeasures
    results.parts = [servicePart, modesPart].compactMap { $0 }
    results.experiment = experiment
    results.limits = limits
    return ProjectOutcome(results: results, model: experiment.chosen, summary: summary)
  }

  // MARK: In words

  private func money(_ amount: Double) -> String { Words.money(amount, currency) }

  private var saved: Double { decision.saving.estimate.value }

  private var savedShare: Double { saved / decision.other.cost.value }

  private var hasCosts: Bool { decision.hasCosts }

  private var headline: String {
    let way = decision.ways[0]
    let share = Words.percent(Double(way.served) / Double(split.test.count))
    if !hasCosts {
      return way.served == 0
        ? "No \(problem.piece) is more likely to fail than to hold."
        : "Serving before the \(share) riskiest \(problem.pieces) prevents \(Words.percent(decision.found)) of the failures."
    }
    guard way.served > 0 else {
      return "With these costs no service pays: each would cost more than the failures it prevents."
    }
    guard decision.saving.verdict == .better else {
      return "Serving by the predictions is not shown to be cheaper than \(otherWords)."
    }
    return "Serving before the \(share) riskiest \(problem.pieces) "
      + "costs \(Words.percent(savedShare)) less than \(otherWords), and prevents "
      + "\(Words.percent(decision.found)) of the failures."
  }

  /// The way that it stands beside: "never serving".
  private var otherWords: String {
    decision.other.rule == .never ? "never serving" : "serving before every \(problem.short)"
  }

  private var answers: [ProjectResults.Answer] {
    let way = decision.ways[0]
    var list: [ProjectResults.Answer] = [
      hasCosts
        ? .init(
          "What it saves",
          "\(money(saved)) for 1,000 \(problem.pieces) (\(money(decision.saving.estimate.lower)) to "
            + "\(money(decision.saving.estimate.upper))) against the cheaper of never serving and always serving, measured "
            + "on \(pieces) that nothing was learned from.")
        : .init(
          "What it prevents",
          "\(decision.ways[1].failures - way.failures) of \(Words.count(decision.ways[1].failures, "failure")), by "
            + "\(Words.count(way.served, "service")), measured on \(pieces) that nothing was learned from. What that is worth "
            + "is not said, because no costs are given: write failure and service under value in solution.yaml."),
      .init(
        "How well it finds failures",
        way.served == 0
          ? "No \(problem.short) of the test is risky enough for a service."
          : "\(decision.ways[1].failures - way.failures) of the \(decision.ways[1].failures) failures of the test are among "
            + "the \(way.served) services: \(Words.percent(decision.precision)) of them would have been failures."),
    ]
    if let measures {
      list.append(
        .init(
          "Which failure it will be",
          "The likeliest mode is right for \(Words.percent(measures.accuracy.value)) of the test's failures; always naming "
            + "\(measures.majorityName) would be right for \(Words.percent(measures.majority))."))
    }
    let drivers = experiment.explanation.importance.filter { $0.loss.lower > 0 }.prefix(3).map(\.column)
    if !drivers.isEmpty {
      list.append(.init("What shows it", "Above all \(drivers.joined(separator: ", "))."))
    }
    return list
  }

  private var keyFigures: [ProjectResults.KeyFigure] {
    let saving = ProjectResults.KeyFigure(
      "saved for 1,000 \(problem.shorts)", .number(saved, .money(currency)), note: "against \(otherWords)")
    var list: [ProjectResults.KeyFigure] =
      (hasCosts ? [saving] : []) + [
        .init(
          "of failures prevented", .number(decision.found, .percent), note: "by the services that the rule asks for"),
        .init("of services were needed", .number(decision.precision, .percent), note: "the \(noun) would have failed"),
        .init(
          "area under precision and recall", .number(precisionRecall.value, .number),
          note: "guessing: \(Words.number(Double(decision.ways[1].failures) / Double(max(1, split.test.count))))"),
      ]
    if let measures {
      list.append(
        .init(
          "of failure modes named rightly", .number(measures.accuracy.value, .percent),
          note: "the most frequent for all: \(Words.percent(measures.majority))"))
    }
    return list
  }

  private var resultMeasures: [ProjectResults.Measure] {
    let way = decision.ways[0]
    var list = experiment.metrics.map { ProjectResults.Measure($0.name, $0.value) }
    if hasCosts {
      list += [
        .init("cost", way.cost, unit: currency), .init("cost-never", decision.ways[1].cost, unit: currency),
        .init("cost-always", decision.ways[2].cost, unit: currency),
        .init("saving", decision.saving.estimate, unit: currency),
      ]
    }
    let failures = decision.ways[1].failures
    list += [
      .init("failures-prevented", count: failures - way.failures, of: failures),
      .init("services", Double(way.served)),
      .init("service-precision", count: failures - way.failures, of: way.served),
    ]
    if let measures {
      list += [
        .init("mode-accuracy", count: measures.right, of: measures.judged),
        .init("mode-accuracy-majority", count: measures.rightByMajority, of: measures.judged),
        .init("mode-failures", Double(measures.judged)),
      ]
      for mode in measures.modes where mode.isLearned && mode.test > 0 {
        list.append(.init("pr-auc \(mode.name)", mode.precision))
      }
    }
    return list.filter { $0.value.value.isFinite }
  }

  private var limits: [String] {
    var list = [
      hasCosts
        ? "A service is taken to prevent the failure, and to cost the same whatever it finds."
        : "A service is taken to prevent the failure. Nothing is said of money, because no costs are given.",
      "Failures that no reading announces cannot be prevented.",
    ]
    if !snapshots.derived.isEmpty {
      list.append("Worked out from other columns, as the project says: \(snapshots.derived.joined(separator: ", ")).")
    }
    if let measures {
      let few = measures.modes.filter { !$0.isLearned }
      if !few.isEmpty {
        let names = few.map { "\($0.name) (\($0.training))" }.joined(separator: ", ")
        list.append(
          "Too few failures to learn from, \(FailureModes.fewest) are the least: \(names). They are named only where "
            + "every other mode is less probable than their share.")
      }
      if snapshots.unnamed > 0 {
        list.append(
          "\(Words.count(snapshots.unnamed, "failure")) have no mode; they count as failures, and where modes are measured "
            + "they are left out.")
      }
    }
    return list
  }

  private var summary: [String] {
    let stopped =
      experiment.run.wasInterrupted
      ? [
        "The run was interrupted: this is from what was finished. Go on with: assay run \(problem.project.folder) --resume"
      ] : []
    var line = "PR-AUC \(Words.number(precisionRecall.value)) on \(pieces); model: \(experiment.chosen)"
    if let measures {
      line += "; failure mode right for \(Words.percent(measures.accuracy.value)) of \(measures.judged) failures"
    }
    return [headline, line] + stopped
  }

  // MARK: Parts

  private var servicePart: ResultPart {
    let rows = decision.ways.map { way -> [ResultTable.Cell] in
      [
        .text(way.name(problem.short))
      ] + (hasCosts ? [.estimate(way.cost, .money(currency))] : []) + [
        .number(Double(way.served), .count), .number(Double(way.failures), .count),
      ]
    }
    let served = Double(decision.ways[0].served) / Double(max(1, split.test.count))
    // Beyond three times the share that pays best the line only rises.
    let end = min(1, max(0.05, 3 * served))
    let shown = decision.curve.filter { $0.share <= end }
    let chart = ResultChart(
      "Cost by the share of \(problem.shorts) before which the \(noun) is served",
      summary:
        "The riskiest \(problem.shorts) first. To the left \(nouns) fail, to the right they are served for nothing.",
      x: .init("share of \(problem.shorts) served", format: .percent, includesZero: true),
      y: .init("cost of 1,000 \(problem.shorts)", format: .money(currency), includesZero: true),
      series: [
        .init("the riskiest first", .line, x: shown.map(\.share), y: shown.map(\.cost)),
        .init("never serve", .horizontalRule, role: .muted, x: [], y: [decision.ways[1].cost.value]),
        .init("the rule", .verticalRule, role: .second, x: [served], y: []),
      ], isWide: true)
    let terms =
      hasCosts
      ? "A failure costs \(money(decision.failure)), a service before it \(money(decision.service)): on average a service "
        + "pays where the probability of a failure is above \(Words.percent(decision.threshold)). \(rule)"
      : "No costs are given, so the \(noun) is served where a failure is more probable than none. "
    var blocks: [ResultBlock] = [
      .text("\(terms)Measured on \(pieces)."),
      .table(
        ResultTable(
          "Ways to decide",
          columns: ["way"] + (hasCosts ? ["cost of 1,000 \(problem.shorts)"] : []) + [
            "services", "failures all the same",
          ],
          rows: rows, highlighted: 0)),
    ]
    if hasCosts { blocks.append(.charts([chart])) }
    if !riskiest.isEmpty { blocks.append(.table(riskiestTable)) }
    return ResultPart("service", "What to serve at once", blocks)
  }

  /// The rule where it is not that very probability.
  private var rule: String {
    guard let cut = experiment.decision?.threshold, decision.ways[0].served > 0 else { return "" }
    return "On the rows that were learned from, serving from \(Words.percent(cut)) on cost least; that is the rule. "
  }

  private var riskiestTable: ResultTable {
    let hasMachine = riskiest.contains { $0.machine != nil }
    return ResultTable(
      "The riskiest \(problem.shorts) of the test",
      columns: ["row of the data"] + (hasMachine ? [noun] : []) + ["probability"]
        + (measures == nil ? [] : ["likeliest mode"]) + ["action", "what happened", "readings that raise it"],
      rows: riskiest.map { piece in
        [.text(String(piece.row))] + (hasMachine ? [.text(piece.machine ?? "–")] : [])
          + [.number(piece.probability, .percent)]
          + (measures.map { [.text(piece.mode.map($0.name(of:)) ?? "–")] } ?? [])
          + [
            .text(piece.isServed ? ServiceDecision.actions.serve : ServiceDecision.actions.wait),
            .text(piece.failed ? "failed" : "held"), .text(piece.reason),
          ]
      })
  }

  private var modesPart: ResultPart? {
    guard let measures else { return nil }
    let rows = measures.modes.map { mode -> [ResultTable.Cell] in
      let unmeasured = !mode.isLearned || mode.test == 0
      return [
        .text(mode.name), .number(Double(mode.training), .count), .number(Double(mode.test), .count),
        unmeasured
          ? .text(mode.isLearned ? "none in the test" : "too few failures") : .estimate(mode.precision, .number),
        mode.test == 0 ? .none : .text("\(mode.named) of \(mode.test)"),
        .text(mode.drivers.map(\.column).joined(separator: ", ")),
      ]
    }
    let drivers = measures.modes.flatMap { mode in
      mode.drivers.enumerated().map { place, driver -> [ResultTable.Cell] in
        [
          .text(place == 0 ? mode.name : ""), .text(driver.column), .number(driver.share, .percent),
          .text(driver.there.words), .text(driver.elsewhere.words),
        ]
      }
    }
    var blocks: [ResultBlock] = [
      .text(
        "Each mode has a model of its own, since \(Words.one(noun)) may fail in several ways at once. "
          + "\(Words.count(measures.judged, "failure")) of the test have a mode; the likeliest is one of theirs for "
          + "\(Words.percent(measures.accuracy.value)) (\(Words.percent(measures.accuracy.lower)) to "
          + "\(Words.percent(measures.accuracy.upper))). \(majorityWords) Of the \(measures.served.count) that are "
          + "served in time, \(measures.served.right) are named rightly. A failure of two modes counts in the rows of both."
      ),
      .table(
        ResultTable(
          "Failure modes on the test",
          columns: [
            "mode", "failures learned from", "in the test", "area under precision and recall", "named first",
            "shows in",
          ], rows: rows)),
    ]
    if !drivers.isEmpty {
      blocks.append(
        .table(
          ResultTable(
            "What each mode shows in",
            columns: ["mode", "reading", "share of the effect", "usual where it fails so", "usual elsewhere"],
            rows: drivers)))
    }
    blocks.append(.table(confusionTable(measures)))
    return ResultPart("modes", "Which failure it will be", blocks)
  }

  private var majorityWords: String {
    guard let measures else { return "" }
    return "Naming the most frequent, \(measures.majorityName), for all would be right for "
      + "\(Words.percent(measures.majority))."
  }

  private func confusionTable(_ measures: ModeMeasures) -> ResultTable {
    ResultTable(
      "The test's failures by their mode, and by the mode that is named",
      columns: ["it was"] + measures.modes.map { "named \($0.name)" },
      rows: measures.modes.enumerated().filter { $0.element.test > 0 }.map { position, mode in
        [.text(mode.name)] + measures.confusion[position].map { .number(Double($0), .count) }
      })
  }
}

extension ModeMeasures {
  /// The name of a mode by its position.
  func name(of position: Int) -> String { modes[position].name }
}
