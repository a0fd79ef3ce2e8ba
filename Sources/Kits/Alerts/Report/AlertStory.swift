import Basics
import Decisions
import Evaluation
import Experiments
import Foundation
import Projects
import Tables

/// What a run found out, told to whoever has to decide which events to act on.
struct AlertStory {
  let problem: AlertProblem
  let queue: AlertQueue
  let experiment: ExperimentResults
  /// Events followed per second, their histories alone.
  let historyRate: Double
  /// Events followed and scored per second.
  let scoringRate: Double
  /// The seconds after which outcomes counted for events to learn from, where that is sooner than the label delay.
  let earlyDelay: Double?
  /// Features of histories that were left out since they were still growing.
  let unsettled: [String]
  /// Why no network read the order of events; nil where some did.
  var withoutSequences: String?

  var project: Project { problem.project }
  var nouns: AlertNouns { problem.nouns }
  var currency: String { project.value?.currency ?? "" }
  /// The days from the first event of the test to the last, those without events too.
  var dayCount: Double {
    guard let first = queue.days.first, let last = queue.days.last else { return 1 }
    return ((last.start - first.start) / 86_400).rounded() + 1
  }

  /// An event of the queue with the reason why it is there.
  struct Reason {
    let time: Double
    let who: String
    let amount: Double
    let probability: Double
    let isTarget: Bool
    let words: String
  }

  /// The reasons for the events at the top of the queue.
  func reasons(test: Table, threads: Int) throws -> [Reason] {
    let rows = Array(queue.alerts.prefix(15))
    guard !rows.isEmpty else { return [] }
    let table = test.selecting(rows: rows)
    let bundle = try BundleFile.read(project.path("model"))
    let words = AlertReasons(
      contributions: try bundle.contributions(table, threads: threads), table: table, words: problem.words,
      usual: bundle.usual ?? [:])
    let who = queue.unit.flatMap { table[$0] }
    let times = try table.column(problem.time).numbers()
    let amounts = try table.column(problem.amount).numbers()
    let labels = try table.column(problem.outcome).numbers()
    return rows.indices.map { place in
      Reason(
        time: times[place], who: who?.text(at: place) ?? "–", amount: amounts[place],
        probability: queue.probabilities[rows[place]], isTarget: labels[place] == 1, words: words.sentence(place))
    }
  }

  /// The results with the story around them.
  func outcome(_ card: SolutionCard, reasons: [Reason]) -> ProjectOutcome {
    var results = ProjectResults(
      solution: card.name, title: card.title, data: project.data, run: experiment.run, headline: headline)
    results.answers = answers
    results.keyFigures = keyFigures
    results.measures = measures
    results.parts = [queuePart, reasonsPart(reasons), weeksPart].compactMap { $0 }
    results.experiment = experiment
    results.limits = limits
    return ProjectOutcome(results: results, model: experiment.chosen, summary: summary)
  }

  // MARK: In words

  private func money(_ amount: Double) -> String { Words.money(amount, currency) }

  private func percent(_ share: Double) -> String { Words.percent(share) }

  private var savedPerDay: Double { queue.whole.saved / dayCount }

  private var actsAtAll: Bool { queue.whole.alerts > 0 }

  private var headline: String {
    let whole = queue.whole
    guard project.value != nil else {
      return "Looking at the \(problem.queue) most suspicious \(nouns.events) a day finds "
        + "\(percent(whole.recall)) of the \(nouns.targets) and \(percent(whole.amountRecall)) of their amount."
    }
    guard actsAtAll else {
      return "With these gains and costs no action pays: each would cost more than the \(nouns.targets) it finds."
    }
    guard isReview else {
      return "\(actionsInWords) saves \(money(savedPerDay)) a day and reaches "
        + "\(percent(whole.amountRecall)) of the amount lost to \(nouns.targets)."
    }
    return "Acting on \(perDay(whole.alerts)) \(nouns.events) a day saves \(money(savedPerDay)) a day and finds "
      + "\(percent(whole.amountRecall)) of the amount lost to \(nouns.targets)."
  }

  func perDay(_ count: Int) -> String { Words.number(Double(count) / dayCount) }

  private var answers: [ProjectResults.Answer] {
    let whole = queue.whole
    let answers: [ProjectResults.Answer] = [
      .init(
        "What it finds",
        "In the \(Words.number(dayCount)) days of the test \(whole.targets) of \(problem.events(whole.events)) were \(nouns.targets), "
          + "\(money(whole.targetAmount)) in all. \(whole.found) of them were among the \(whole.alerts) acted on: "
          + "one alert in \(ratio(whole.alerts, whole.found)) is \(Words.one(nouns.target))."),
      .init(
        "Whom it disturbs",
        isReview
          ? "\(percent(Double(whole.alerts - whole.found) / Double(max(1, whole.events - whole.targets)))) of the \(nouns.ordinary) "
            + "\(nouns.events) are looked at." : disturbedInWords),
      .init(
        "How it is measured",
        "On the latest \(nouns.events) only. What \(Words.one(nouns.event)) is judged by is what was known when it was made: earlier \(nouns.events), "
          + "and \(nouns.targets) that had been known for \(problem.delayWords)."),
    ]
    return answers + [worthOfLabels].compactMap { $0 }
  }

  private func ratio(_ all: Int, _ found: Int) -> String {
    found > 0 ? Words.number(Double(all) / Double(found), digits: 2) : "–"
  }

  private var keyFigures: [ProjectResults.KeyFigure] {
    let whole = queue.whole
    var figures: [ProjectResults.KeyFigure] = []
    if project.value != nil {
      figures.append(.init("saved per day", .number(savedPerDay, .money(currency)), note: "after the cost of acting"))
    }
    figures.append(
      .init("alerts per day", .number(Double(whole.alerts) / dayCount, .number), note: "\(nouns.events) acted on"))
    figures.append(
      .init("of the alerts are \(nouns.targets)", .number(whole.precision, .percent), note: "precision in the queue"))
    figures.append(
      .init("of the \(nouns.targets)' amount is found", .number(whole.amountRecall, .percent), note: "recall by amount")
    )
    if let cards = queue.cardPrecision, let unit = queue.unit {
      figures.append(
        .init(
          "\(unit) precision at \(problem.queue) a day", .number(cards.mean, .percent),
          note: "at most \(percent(cards.best.reduce(0, +) / Double(max(1, cards.best.count)))) is possible"))
    }
    return figures
  }

  /// Nouns in names of measures have no spaces.
  private func hyphened(_ noun: String) -> String { noun.replacing(" ", with: "-") }

  private var measures: [ProjectResults.Measure] {
    var list = experiment.metrics.map { ProjectResults.Measure($0.name, $0.value) }
    let whole = queue.whole
    list += [
      .init("queue-precision", count: whole.found, of: whole.alerts),
      .init("queue-recall", count: whole.found, of: whole.targets),
      .init("queue-amount-recall", whole.amountRecall), .init("alerts-per-day", Double(whole.alerts) / dayCount),
      .init("history-\(hyphened(nouns.events))-per-second", historyRate),
      .init("scored-\(hyphened(nouns.events))-per-second", scoringRate),
    ]
    if project.value != nil { list.append(.init("saved-per-day", savedPerDay, unit: currency)) }
    if let cards = queue.cardPrecision { list.append(.init("card-precision", cards.mean)) }
    if let found = experiment.best(of: Self.unsupervised)?.test { list.append(.init("without-labels", found)) }
    if let found = experiment.best(of: Self.networks)?.test {
      list.append(.init("order-of-\(hyphened(nouns.events))", found))
    }
    return list
  }

  private var limits: [String] {
    var list = [
      "\(Words.sentence(Words.one(nouns.target))) that nobody ever reported counts as \(nouns.ordinary), in learning and in measuring.",
      "What acting would have changed is computed from the gains and costs given; whether a review recognises \(Words.one(nouns.target)) is "
        + "taken from there, not measured.",
    ]
    if let earlyDelay {
      list.append(
        "The data begin too late for the label delay: in the \(nouns.events) to learn from, \(nouns.targets) count as known after "
          + "\(Words.number(earlyDelay / 86_400)) days. Older data would show more of what known \(nouns.targets) are worth."
      )
    }
    if !unsettled.isEmpty {
      list.append(
        "\(Words.count(unsettled.count, "feature")) of the histories were left out: they were still growing when the data "
          + "began, and lie elsewhere since. Older data would let them settle.")
    }
    if let withoutSequences { list.append(withoutSequences) }
    if let first = queue.weeks.first, let last = queue.weeks.last, queue.weeks.count > 1, first.events > 0,
      last.events > 0
    {
      list.append(
        "The test spans \(Words.number(dayCount)) days. \(nouns.ageing): measure every month, and train "
          + "again when the share of \(nouns.targets) found falls.")
    }
    return list
  }

  private var summary: [String] {
    [
      headline,
      "precision \(percent(queue.whole.precision)), recall \(percent(queue.whole.recall)) in the queue; "
        + "\(Words.number(scoringRate)) \(nouns.events) a second followed and scored",
    ]
  }
}
