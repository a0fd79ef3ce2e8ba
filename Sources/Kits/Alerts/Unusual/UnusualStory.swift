import Experiments
import Foundation
import Projects
import Tables

/// What a run without labels found, and what it cannot know.
struct UnusualStory {
  let problem: AlertProblem
  let found: AnomalySearch.Outcome
  /// The latest events with their histories, and how unusual each is.
  let events: Table
  let scores: [Double]
  /// The rows of `events` in the queue, the most unusual first.
  let queued: [Int]
  /// The events learned from.
  let learned: Int
  /// The days of the latest events.
  let days: Int
  /// The events that can be looked at in a day.
  let queue: Int

  private static let shown = 20
  private var nouns: AlertNouns { problem.nouns }

  func outcome(_ card: SolutionCard, _ run: RunSummary, threads: Int) throws -> ProjectOutcome {
    var results = ProjectResults(
      solution: card.name, title: card.title, data: problem.project.data, run: run, headline: headline)
    let top = events.selecting(rows: Array(queued.prefix(1_000)))
    let parts = try found.model.parts(top, threads: threads)
    results.answers = answers
    results.keyFigures = keyFigures
    results.measures = measures
    results.parts = [try queuePart(top, parts), unusualPart(top, parts), methodsPart, reviewsPart]
    results.limits = limits
    return ProjectOutcome(results: results, model: found.model.method.rawValue, summary: summary)
  }

  // MARK: In words

  private var stability: Double { found.judged.first { $0.method == found.model.method }?.stability ?? .nan }

  private var known: Int { problem.knownTargets }

  private var whatIsKnown: String {
    guard problem.data.has(problem.outcome) else {
      return "no column says which \(nouns.events) were \(nouns.targets)"
    }
    return known == 0
      ? "no \(nouns.event) is marked as \(Words.one(nouns.target))"
      : "only \(problem.events(known)) are marked as \(nouns.targets)"
  }

  private var headline: String {
    "Nothing could be measured, for \(whatIsKnown). The \(Words.count(queue, "most unusual \(nouns.event)", plural: "most unusual \(nouns.events)")) of each day are "
      + "queued for review."
  }

  private var review: ReviewPlan { ReviewPlan(nouns: nouns, outcome: problem.outcome, queue: queue, days: days) }

  private var answers: [ProjectResults.Answer] {
    [
      .init(
        "What was done",
        "From \(Words.count(learned, "earlier \(nouns.event)", plural: "earlier \(nouns.events)")) it was learned what is usual, without any label. The "
          + "\(Words.count(scores.count, "latest \(nouns.event)", plural: "latest \(nouns.events)")) were then ranked by how unusual they are, each with what was "
          + "known when it was made."),
      .init(
        "What it cannot tell",
        "Unusual is not yet \(Words.one(nouns.target)). How many \(nouns.targets) the queue finds, how many it misses and what it saves are not known "
          + "until some \(nouns.events) have been looked at: the report has no such figures, and no probability."),
      .init("What to do next", review.words[0]),
    ]
  }

  private var keyFigures: [ProjectResults.KeyFigure] {
    [
      .init("queued per day", .number(Double(queued.count) / Double(max(1, days)), .number), note: "for review"),
      .init(
        "of the queue is the same", .number(stability, .percent),
        note: "when half of the \(nouns.events) are learned from, then the other half"),
      .init(
        "reviews for a first measure", .number(Double(ReviewPlan.precisionReviews), .count),
        note: "\(Words.count(review.daysForPrecision, "day")) of the queue"),
    ]
  }

  private var measures: [ProjectResults.Measure] {
    [
      .init("queue-stability", stability), .init("alerts-per-day", Double(queued.count) / Double(max(1, days))),
      .init("known-\(nouns.targets.replacing(" ", with: "-"))", Double(known)),
    ]
      + (knownInQueue.map { [.init("known-\(nouns.targets.replacing(" ", with: "-"))-in-queue", Double($0.queued))] }
        ?? [])
  }

  /// The known targets among the latest events, and how many of them are queued.
  private var knownInQueue: (latest: Int, queued: Int)? {
    guard let labels = events[problem.outcome]?.numbers() else { return nil }
    let latest = labels.count { $0 == 1 }
    return latest > 0 ? (latest, queued.count { labels[$0] == 1 }) : nil
  }

  private var limits: [String] {
    var list = [
      "The order of the queue comes from what is rare, not from what is harmful. \(Words.sentence(Words.one(nouns.target))) that looks like any other \(nouns.event) "
        + "is not in it; whatever is unusual and \(nouns.ordinary) is.",
      "The stability says whether the detector says the same twice, not whether it is right.",
    ]
    if let found = knownInQueue {
      list.append(
        "Of the \(Words.count(found.latest, "known \(nouns.target)", plural: "known \(nouns.targets)")) among the latest \(nouns.events) \(found.queued) are in the queue; "
          + "so few say little.")
    }
    if problem.project.value != nil {
      list.append(
        "Gains and costs were not used: they need the probability of \(Words.one(nouns.target)), which labels alone can tell."
      )
    }
    return list
  }

  private var summary: [String] {
    [headline, "ranked by: \(found.model.method.rawValue); \(Words.percent(stability)) of the queue is stable"]
  }

  // MARK: Parts

  private func queuePart(_ top: Table, _ parts: ColumnContributions) throws -> ResultPart {
    let reasons = AlertReasons(contributions: parts, table: top, words: problem.words)
    let unit = (problem.units + [problem.place]).first { top[$0] != nil }
    let times = try top.column(problem.time).numbers()
    let amounts = try top.column(problem.amount).numbers()
    let rows = (0..<min(Self.shown, top.rowCount)).map { row -> [ResultTable.Cell] in
      [
        .number(times[row], .date), .text(unit.flatMap { top[$0]?.text(at: row) } ?? "–"),
        .number(amounts[row], .money(problem.project.value?.currency ?? "")),
        .number(found.model.shareBelow(scores[queued[row]]), .percent), .text(reasons.sentence(row)),
      ]
    }
    return ResultPart(
      "queue", "The queue",
      [
        .caution(
          "Not measured.",
          "These \(nouns.events) are unusual; how many of them are \(nouns.targets) nobody has looked at yet."),
        .table(
          ResultTable(
            "The most unusual \(nouns.events) of the latest \(Words.count(days, "day"))",
            columns: ["day", unit ?? nouns.event, "amount", "more unusual than", "what is unusual"], rows: rows)),
      ])
  }

  private func unusualPart(_ top: Table, _ parts: ColumnContributions) -> ResultPart {
    var sums = [Double](repeating: 0, count: parts.columns.count)
    for row in 0..<top.rowCount {
      for (place, part) in parts.row(row).enumerated() { sums[place] += part.amount }
    }
    let whole = max(sums.reduce(0, +), 1e-12)
    let order = sums.indices.sorted { (sums[$1], $0) < (sums[$0], $1) }.prefix(12)
    return ResultPart(
      "unusual", "What makes \(nouns.events) unusual",
      [
        .text(
          "The share of each column in what sets the queue apart. A column that is no sign of \(nouns.targets) for you can be left out "
            + "under `exclude:`; the queue then fills with other \(nouns.events)."),
        .table(
          ResultTable(
            "Columns that make the queue unusual", columns: ["column", "share"],
            rows: order.map { [.text(parts.columns[$0]), .number(sums[$0] / whole, .percent)] })),
      ])
  }

  private var methodsPart: ResultPart {
    ResultPart(
      "methods", "What \(nouns.events) are ranked by",
      [
        .text(
          "Without labels nobody can say which detector is right, but one that ranks by chance shows itself: each learned "
            + "from one half of the \(nouns.events) and from the other, and the shares of the queue that both agree on are below. "
            + "The mean of both is taken unless one alone is clearly more stable."),
        .table(
          ResultTable(
            "Detectors by stability", columns: ["ranked by", "the same in the queue"],
            rows: found.judged.map { [.text($0.method.rawValue), .number($0.stability, .percent)] },
            highlighted: found.judged.firstIndex { $0.method == found.model.method })),
      ])
  }

  private var reviewsPart: ResultPart {
    ResultPart("reviews", "How to come to a measure", [.list(review.words)])
  }
}
