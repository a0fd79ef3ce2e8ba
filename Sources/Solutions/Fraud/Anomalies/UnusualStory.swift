import Experiments
import Foundation
import Projects
import Tables

/// What a run without labels found, and what it cannot know.
struct UnusualStory {
  let project: Project
  let data: ProjectData
  let found: AnomalySearch.Outcome
  /// The latest payments with their histories, and how unusual each is.
  let payments: Table
  let scores: [Double]
  /// The rows of `payments` in the queue, the most unusual first.
  let queued: [Int]
  /// The payments learned from.
  let learned: Int
  /// The days of the latest payments.
  let days: Int
  /// The payments that can be looked at in a day.
  let queue: Int

  private static let shown = 20

  func outcome(_ run: RunSummary, threads: Int) throws -> ProjectOutcome {
    var results = ProjectResults(
      solution: "fraud", title: "Fraud prevention", data: project.data, run: run, headline: headline)
    let top = payments.selecting(rows: Array(queued.prefix(1_000)))
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

  private var known: Int { UnusualPayments.knownFrauds(data) }

  private var whatIsKnown: String {
    guard data.has("fraud") else { return "no column says which payments were frauds" }
    return known == 0 ? "no payment is marked as a fraud" : "only \(Words.count(known, "payment")) are marked as frauds"
  }

  private var headline: String {
    "Nothing could be measured, for \(whatIsKnown). The \(Words.count(queue, "most unusual payment")) of each day are "
      + "queued for review."
  }

  private var review: ReviewPlan { ReviewPlan(queue: queue, days: days) }

  private var answers: [ProjectResults.Answer] {
    [
      .init(
        "What was done",
        "From \(Words.count(learned, "earlier payment")) it was learned what is usual, without any label. The "
          + "\(Words.count(scores.count, "latest payment")) were then ranked by how unusual they are, each with what was "
          + "known when it was made."),
      .init(
        "What it cannot tell",
        "Unusual is not fraudulent. How many frauds the queue finds, how many it misses and what it saves are not known "
          + "until some payments have been looked at: the report has no such figures, and no probability."),
      .init("What to do next", review.words[0]),
    ]
  }

  private var keyFigures: [ProjectResults.KeyFigure] {
    [
      .init("queued per day", .number(Double(queued.count) / Double(max(1, days)), .number), note: "for review"),
      .init(
        "of the queue is the same", .number(stability, .percent),
        note: "when half of the payments are learned from, then the other half"),
      .init(
        "reviews for a first measure", .number(Double(ReviewPlan.precisionReviews), .count),
        note: "\(Words.count(review.daysForPrecision, "day")) of the queue"),
    ]
  }

  private var measures: [ProjectResults.Measure] {
    [
      .init("queue-stability", stability), .init("alerts-per-day", Double(queued.count) / Double(max(1, days))),
      .init("known-frauds", Double(known)),
    ] + (knownInQueue.map { [.init("known-frauds-in-queue", Double($0.queued))] } ?? [])
  }

  /// The known frauds among the latest payments, and how many of them are queued.
  private var knownInQueue: (latest: Int, queued: Int)? {
    guard let labels = payments["fraud"]?.numbers() else { return nil }
    let latest = labels.count { $0 == 1 }
    return latest > 0 ? (latest, queued.count { labels[$0] == 1 }) : nil
  }

  private var limits: [String] {
    var list = [
      "The order of the queue comes from what is rare, not from what is harmful. A fraud that looks like any other payment "
        + "is not in it; an honest customer with unusual habits is.",
      "The stability says whether the detector says the same twice, not whether it is right.",
    ]
    if let found = knownInQueue {
      list.append(
        "Of the \(Words.count(found.latest, "known fraud")) among the latest payments \(found.queued) are in the queue; "
          + "so few say little.")
    }
    if project.value != nil {
      list.append("Gains and costs were not used: they need the probability of a fraud, which labels alone can tell.")
    }
    return list
  }

  private var summary: [String] {
    [headline, "ranked by: \(found.model.method.rawValue); \(Words.percent(stability)) of the queue is stable"]
  }

  // MARK: Parts

  private func queuePart(_ top: Table, _ parts: ColumnContributions) throws -> ResultPart {
    let reasons = FraudReasons(contributions: parts, table: top)
    let unit = ["card", "customer", "terminal"].first { top[$0] != nil }
    let times = try top.column("time").numbers()
    let amounts = try top.column("amount").numbers()
    let rows = (0..<min(Self.shown, top.rowCount)).map { row -> [ResultTable.Cell] in
      [
        .number(times[row], .date), .text(unit.flatMap { top[$0]?.text(at: row) } ?? "–"),
        .number(amounts[row], .money(project.value?.currency ?? "")),
        .number(found.model.shareBelow(scores[queued[row]]), .percent), .text(reasons.sentence(row)),
      ]
    }
    return ResultPart(
      "queue", "The queue",
      [
        .caution(
          "Not measured.", "These payments are unusual; how many of them are frauds nobody has looked at yet."),
        .table(
          ResultTable(
            "The most unusual payments of the latest \(Words.count(days, "day"))",
            columns: ["day", unit ?? "payment", "amount", "more unusual than", "what is unusual"], rows: rows)),
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
      "unusual", "What makes payments unusual",
      [
        .text(
          "The share of each column in what sets the queue apart. A column that is no sign of fraud for you can be left out "
            + "under `exclude:`; the queue then fills with other payments."),
        .table(
          ResultTable(
            "Columns that make the queue unusual", columns: ["column", "share"],
            rows: order.map { [.text(parts.columns[$0]), .number(sums[$0] / whole, .percent)] })),
      ])
  }

  private var methodsPart: ResultPart {
    ResultPart(
      "methods", "What payments are ranked by",
      [
        .text(
          "Without labels nobody can say which detector is right, but one that ranks by chance shows itself: each learned "
            + "from one half of the payments and from the other, and the shares of the queue that both agree on are below. "
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
