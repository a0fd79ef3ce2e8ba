import Basics
import Decisions
import Evaluation
import Experiments
import Foundation
import Projects
import Tables

/// What a run found out, told to whoever is responsible for fraud.
struct FraudStory {
  let project: Project
  let data: ProjectData
  let queue: FraudQueue
  let experiment: ExperimentResults
  /// Payments followed per second, their histories alone.
  let historyRate: Double
  /// Payments followed and scored per second.
  let scoringRate: Double
  /// The seconds after which outcomes counted for payments to learn from, where that is sooner than the label delay.
  let earlyDelay: Double?
  /// Features of histories that were left out since they were still growing.
  let unsettled: [String]
  /// Why no network read the order of payments; nil where some did.
  var withoutSequences: String?

  private var currency: String { project.value?.currency ?? "" }
  /// The days from the first payment of the test to the last, those without payments too.
  var dayCount: Double {
    guard let first = queue.days.first, let last = queue.days.last else { return 1 }
    return ((last.start - first.start) / 86_400).rounded() + 1
  }

  /// A payment of the queue with the reason why it is there.
  struct Reason {
    let time: Double
    let who: String
    let amount: Double
    let probability: Double
    let isFraud: Bool
    let words: String
  }

  /// The reasons for the payments at the top of the queue.
  func reasons(test: Table, threads: Int) throws -> [Reason] {
    let rows = Array(queue.alerts.prefix(15))
    guard !rows.isEmpty else { return [] }
    let table = test.selecting(rows: rows)
    let bundle = try BundleFile.read(project.path("model"))
    let words = FraudReasons(
      contributions: try bundle.contributions(table, threads: threads), table: table, usual: bundle.usual ?? [:])
    let who = queue.unit.flatMap { table[$0] }
    let times = try table.column("time").numbers()
    let amounts = try table.column("amount").numbers()
    let labels = try table.column("fraud").numbers()
    return rows.indices.map { place in
      Reason(
        time: times[place], who: who?.text(at: place) ?? "–", amount: amounts[place],
        probability: queue.probabilities[rows[place]], isFraud: labels[place] == 1, words: words.sentence(place))
    }
  }

  /// The results with the story around them.
  func outcome(reasons: [Reason]) -> ProjectOutcome {
    var results = ProjectResults(
      solution: "fraud", title: "Fraud prevention", data: project.data, run: experiment.run, headline: headline)
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
      return "Looking at the \(project.settings.whole("queue")) most suspicious payments a day finds "
        + "\(percent(whole.recall)) of the frauds and \(percent(whole.amountRecall)) of their amount."
    }
    guard actsAtAll else {
      return "With these gains and costs no action pays: each would cost more than the frauds it finds."
    }
    guard isReview else {
      return "\(actionsInWords) saves \(money(savedPerDay)) a day and reaches "
        + "\(percent(whole.amountRecall)) of the amount lost to fraud."
    }
    return "Acting on \(perDay(whole.alerts)) payments a day saves \(money(savedPerDay)) a day and finds "
      + "\(percent(whole.amountRecall)) of the amount lost to fraud."
  }

  func perDay(_ count: Int) -> String { Words.number(Double(count) / dayCount) }

  private var answers: [ProjectResults.Answer] {
    let whole = queue.whole
    let answers: [ProjectResults.Answer] = [
      .init(
        "What it finds",
        "In the \(Words.number(dayCount)) days of the test \(whole.frauds) of \(whole.payments) payments were frauds, "
          + "\(money(whole.fraudAmount)) in all. \(whole.found) of them were among the \(whole.alerts) acted on: "
          + "one alert in \(ratio(whole.alerts, whole.found)) is a fraud."),
      .init(
        "Whom it disturbs",
        isReview
          ? "\(percent(Double(whole.alerts - whole.found) / Double(max(1, whole.payments - whole.frauds)))) of the honest "
            + "payments are looked at." : disturbedInWords),
      .init(
        "How it is measured",
        "On the latest payments only. What a payment is judged by is what was known when it was made: earlier payments, "
          + "and frauds that had been known for \(project.settings.text("label delay") ?? "no time")."),
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
      .init("alerts per day", .number(Double(whole.alerts) / dayCount, .number), note: "payments acted on"))
    figures.append(
      .init("of the alerts are frauds", .number(whole.precision, .percent), note: "precision in the queue"))
    figures.append(
      .init("of the frauds' amount is found", .number(whole.amountRecall, .percent), note: "recall by amount"))
    if let cards = queue.cardPrecision, let unit = queue.unit {
      figures.append(
        .init(
          "\(unit) precision at \(project.settings.whole("queue")) a day", .number(cards.mean, .percent),
          note: "at most \(percent(cards.best.reduce(0, +) / Double(max(1, cards.best.count)))) is possible"))
    }
    return figures
  }

  private var measures: [ProjectResults.Measure] {
    var list = experiment.metrics.map { ProjectResults.Measure($0.name, $0.value) }
    let whole = queue.whole
    list += [
      .init("queue-precision", count: whole.found, of: whole.alerts),
      .init("queue-recall", count: whole.found, of: whole.frauds),
      .init("queue-amount-recall", whole.amountRecall), .init("alerts-per-day", Double(whole.alerts) / dayCount),
      .init("history-payments-per-second", historyRate), .init("scored-payments-per-second", scoringRate),
    ]
    if project.value != nil { list.append(.init("saved-per-day", savedPerDay, unit: currency)) }
    if let cards = queue.cardPrecision { list.append(.init("card-precision", cards.mean)) }
    if let found = experiment.best(of: Self.unsupervised)?.test { list.append(.init("without-labels", found)) }
    if let found = experiment.best(of: Self.networks)?.test { list.append(.init("order-of-payments", found)) }
    return list
  }

  private var limits: [String] {
    var list = [
      "A fraud that nobody ever reported counts as an honest payment, in learning and in measuring.",
      "What acting would have changed is computed from the gains and costs given; whether a review recognises a fraud is "
        + "taken from there, not measured.",
    ]
    if let earlyDelay {
      list.append(
        "The data begin too late for the label delay: in the payments to learn from, frauds count as known after "
          + "\(Words.number(earlyDelay / 86_400)) days. Older data would show more of what known frauds are worth.")
    }
    if !unsettled.isEmpty {
      list.append(
        "\(Words.count(unsettled.count, "feature")) of the histories were left out: they were still growing when the data "
          + "began, and lie elsewhere since. Older data would let them settle.")
    }
    if let withoutSequences { list.append(withoutSequences) }
    if let first = queue.weeks.first, let last = queue.weeks.last, queue.weeks.count > 1, first.payments > 0,
      last.payments > 0
    {
      list.append(
        "The test spans \(Words.number(dayCount)) days. Fraudsters change what works no longer: measure every month, and train "
          + "again when the share of frauds found falls.")
    }
    return list
  }

  private var summary: [String] {
    [
      headline,
      "precision \(percent(queue.whole.precision)), recall \(percent(queue.whole.recall)) in the queue; "
        + "\(Words.number(scoringRate)) payments a second followed and scored",
    ]
  }

  // MARK: Parts

  private var queuePart: ResultPart {
    let days = queue.days
    let x = ResultChart.Axis("day", format: .date)
    let moments = days.map(\.start)
    var charts = [
      ResultChart(
        "Frauds and what is found of them, by day", summary: "The amount of frauds, and the part that was acted on.",
        x: x, y: .init("amount", format: .money(currency), includesZero: true),
        series: [
          .init("frauds", .area, role: .muted, x: moments, y: days.map(\.fraudAmount)),
          .init("found", .area, role: .first, x: moments, y: days.map(\.foundAmount)),
        ])
    ]
    if project.value != nil {
      charts.append(
        ResultChart(
          "Saved, day by day", summary: "Gains less costs of the payments acted on, summed from the first day.",
          x: x, y: .init("saved so far", format: .money(currency), includesZero: true),
          series: [.init("saved", .line, role: .good, x: moments, y: running(days.map(\.saved)))]))
    }
    let first: [ResultBlock] = isReview ? [] : [.table(actionsTable)]
    return ResultPart(
      "queue", isReview ? "The queue" : "What is done",
      first + [
        .text(
          "Each day the payments that were worth acting on, as they would have been chosen then. Precision is the share "
            + "of them that were frauds, recall the share of all frauds that were among them."),
        .charts(charts),
      ])
  }

  private func running(_ values: [Double]) -> [Double] {
    values.reduce(into: []) { $0.append(($0.last ?? 0) + $1) }
  }

  private func reasonsPart(_ reasons: [Reason]) -> ResultPart? {
    guard !reasons.isEmpty else { return nil }
    return ResultPart(
      "reasons", "Why these payments",
      [
        .text(
          "The payments of the test with the highest probabilities, as a reviewer would see them, and what they were."),
        .table(
          ResultTable(
            "Payments at the top of the queue",
            columns: ["day", queue.unit ?? "payment", "amount", "probability", "was", "why"],
            rows: reasons.map { reason in
              [
                .number(reason.time, .date), .text(reason.who), .number(reason.amount, .money(currency)),
                .number(reason.probability, .percent), .text(reason.isFraud ? "fraud" : "honest"), .text(reason.words),
              ]
            })),
      ])
  }

  private var weeksPart: ResultPart? {
    guard queue.weeks.count > 1 else { return nil }
    return ResultPart(
      "weeks", "Week by week",
      [
        .text(
          "Whether it keeps working: frauds change, and a model that has seen last month's finds fewer of next month's. "
            + "Expected frauds are the sum of the probabilities; where frauds stay above them, the model is out of date."
        ),
        .table(
          ResultTable(
            "The test by week",
            columns: ["week of", "payments", "frauds", "expected", "alerts", "precision", "recall", "amount found"]
              + (project.value == nil ? [] : ["saved"]),
            rows: queue.weeks.map { week in
              [
                .number(week.start, .date), .number(Double(week.payments), .count),
                .number(Double(week.frauds), .count),
                .number(week.expected, .count), .number(Double(week.alerts), .count), .number(week.precision, .percent),
                .number(week.recall, .percent), .number(week.amountRecall, .percent),
              ] + (project.value == nil ? [] : [.number(week.saved, .money(currency))])
            })),
      ])
  }
}
