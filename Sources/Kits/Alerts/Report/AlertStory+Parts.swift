import Experiments
import Projects

extension AlertStory {
  var queuePart: ResultPart {
    let days = queue.days
    let x = ResultChart.Axis("day", format: .date)
    let moments = days.map(\.start)
    var charts = [
      ResultChart(
        "\(Words.sentence(nouns.targets)) and what is found of them, by day",
        summary: "The amount of \(nouns.targets), and the part that was acted on.",
        x: x, y: .init("amount", format: .money(currency), includesZero: true),
        series: [
          .init("\(nouns.targets)", .area, role: .muted, x: moments, y: days.map(\.targetAmount)),
          .init("found", .area, role: .first, x: moments, y: days.map(\.foundAmount)),
        ])
    ]
    if project.value != nil {
      charts.append(
        ResultChart(
          "Saved, day by day", summary: "Gains less costs of the \(nouns.events) acted on, summed from the first day.",
          x: x, y: .init("saved so far", format: .money(currency), includesZero: true),
          series: [.init("saved", .line, role: .good, x: moments, y: running(days.map(\.saved)))]))
    }
    let first: [ResultBlock] = isReview ? [] : [.table(actionsTable)]
    return ResultPart(
      "queue", isReview ? "The queue" : "What is done",
      first + [
        .text(
          "Each day the \(nouns.events) that were worth acting on, as they would have been chosen then. Precision is the share "
            + "of them that were \(nouns.targets), recall the share of all \(nouns.targets) that were among them."),
        .charts(charts),
      ])
  }

  private func running(_ values: [Double]) -> [Double] {
    values.reduce(into: []) { $0.append(($0.last ?? 0) + $1) }
  }

  func reasonsPart(_ reasons: [Reason]) -> ResultPart? {
    guard !reasons.isEmpty else { return nil }
    return ResultPart(
      "reasons", "Why these \(nouns.events)",
      [
        .text(
          "The \(nouns.events) of the test with the highest probabilities, as a reviewer would see them, and what they were."
        ),
        .table(
          ResultTable(
            "\(Words.sentence(nouns.events)) at the top of the queue",
            columns: ["day", queue.unit ?? nouns.event, "amount", "probability", "was", "why"],
            rows: reasons.map { reason in
              [
                .number(reason.time, .date), .text(reason.who), .number(reason.amount, .money(currency)),
                .number(reason.probability, .percent), .text(reason.isTarget ? nouns.target : nouns.ordinary),
                .text(reason.words),
              ]
            })),
      ])
  }

  var weeksPart: ResultPart? {
    guard queue.weeks.count > 1 else { return nil }
    return ResultPart(
      "weeks", "Week by week",
      [
        .text(
          "Whether it keeps working: \(nouns.targets) change, and a model that has seen last month's finds fewer of next month's. "
            + "Expected \(nouns.targets) are the sum of the probabilities; where \(nouns.targets) stay above them, the model is out of date."
        ),
        .table(
          ResultTable(
            "The test by week",
            columns: [
              "week of", "\(nouns.events)", "\(nouns.targets)", "expected", "alerts", "precision", "recall",
              "amount found",
            ]
              + (project.value == nil ? [] : ["saved"]),
            rows: queue.weeks.map { week in
              [
                .number(week.start, .date), .number(Double(week.events), .count),
                .number(Double(week.targets), .count),
                .number(week.expected, .count), .number(Double(week.alerts), .count), .number(week.precision, .percent),
                .number(week.recall, .percent), .number(week.amountRecall, .percent),
              ] + (project.value == nil ? [] : [.number(week.saved, .money(currency))])
            })),
      ])
  }
}
