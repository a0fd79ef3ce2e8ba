import Evaluation
import Experiments
import Projects
import TimeSeries

extension DemandStory {
  var forecastPart: ResultPart {
    let total = ahead.forecasts[0]
    let shown = min(panel.count, max(3 * horizon, 2 * (panel.seasons.last ?? 1)))
    let past = Array(panel.count - shown..<panel.count)
    let next = Array(panel.count..<panel.count + horizon)
    let fan = ResultChart(
      panel.nodes.count > 1 ? "\(Words.sentence(demand)) of all series together" : Words.sentence(demand),
      summary: "The past, and what is expected with the interval that holds \(Words.percent(level)).",
      x: .init("", format: .date), y: .init("\(demand) in a \(panel.step)", includesZero: true),
      series: [
        drawn("past", .line, role: .ink, past, Array(panel.nodes[0].values.suffix(shown))),
        drawn(
          "expected", .line, next, total.point, lower: total.quantile((1 - level) / 2) ?? [],
          upper: total.quantile((1 + level) / 2) ?? []),
      ], isWide: true)
    return ResultPart(
      "forecast", "What is expected",
      [
        .charts([fan] + regionFans),
        .table(
          ResultTable(
            "Methods, and how they did at moments of the past",
            columns: ["method", "weight", "mean scaled error", "percentage error"],
            rows: ahead.methods.prefix(12).map { method in
              [
                .text(method.name), .number(method.weight, .percent), .number(method.scaledError, .number),
                .number(method.percentageError / 100, .percent),
              ]
            })),
        .text(
          "Methods are weighed for each series by how well they forecast from several moments of its past, before the steps "
            + "that test them. \(outcome.learning.words)"),
      ] + driverText)
  }

  /// The fans of the largest sums below the total, or of series where there are no such sums.
  private var regionFans: [ResultChart] {
    guard let tree = panel.hierarchy else { return [] }
    let candidates = tree.aggregateCount > 1 ? Array(1..<tree.aggregateCount) : Array(tree.aggregateCount..<tree.count)
    let largest = candidates.sorted { mean(ahead.forecasts[$0].point) > mean(ahead.forecasts[$1].point) }.prefix(4)
    let shown = min(panel.count, 3 * horizon)
    let past = (panel.count - shown..<panel.count).map { Double(panel.moment($0)) }
    return largest.map { node in
      let forecast = ahead.forecasts[node]
      return ResultChart(
        panel.nodes[node].name, x: .init("", format: .date), y: .init(demand, includesZero: true),
        series: [
          .init("past", .line, role: .ink, x: past, y: Array(panel.nodes[node].values.suffix(shown))),
          .init(
            "expected", .line, x: moments, y: forecast.point, lower: forecast.quantile((1 - level) / 2) ?? [],
            upper: forecast.quantile((1 + level) / 2) ?? []),
        ])
    }
  }

  private var driverText: [ResultBlock] {
    guard !panel.drivers.isEmpty else { return [] }
    return [
      .text(
        "Known in advance, and used by the methods called \"adjusted\" and by dynamic regression: "
          + panel.drivers.names.joined(separator: "; ")
          + ". What each does to a series is learned from its past and left out "
          + "where it is not seen clearly.")
    ]
  }

  var testPart: ResultPart {
    let bounds = [(1 - level) / 2, (1 + level) / 2].map { end in
      tested.flatMap { $0.forecasts[0].quantile(end) ?? $0.forecasts[0].point }
    }
    let steps = Array(testStart..<panel.count)
    let chart = ResultChart(
      "The last \(testTime), forecast without knowing them",
      summary: "What was expected with its interval, what came, and the same time last \(season).",
      x: .init("", format: .date), y: .init(demand, includesZero: true),
      series: [
        drawn("expected", .line, steps, test.rows[0].firstPoints.flatMap { $0 }, lower: bounds[0], upper: bounds[1]),
        drawn("last \(season)", .dashes, role: .muted, steps, test.rows[1].firstPoints.flatMap { $0 }),
        drawn("came", .line, role: .ink, steps, testTruth),
      ], isWide: true)
    return ResultPart(
      "test", "How well that would have gone",
      [
        .charts([chart]),
        .table(
          ResultTable(
            "Errors on the last \(testTime), averaged over \(Words.count(panel.nodes.count, "series", plural: "series and sums"))",
            columns: [
              "way", "mean scaled error", "percentage error",
              panel.nodes.count > 1 ? "mean error of the sum" : "mean error", "root mean squared error",
            ],
            rows: test.rows.map {
              [
                .text($0.name), .number($0.scaledError, .number), .number($0.percentageError / 100, .percent),
                .number($0.firstError, .number), .number($0.firstSquaredError, .number),
              ]
            },
            highlighted: 0)),
        .text(
          "The scaled error is relative to the usual change from season to season in the past; below 1 is better than that."
            + (tested.count > 1
              ? " Each of the \(tested.count) rounds was forecast from what was known before it." : "")),
      ])
  }

  var seriesPart: ResultPart? {
    guard panel.nodes.count > 1 else { return nil }
    let rows = panel.nodes.indices.prefix(40).map { node -> [ResultTable.Cell] in
      let past = panel.nodes[node].values.suffix(horizon).filter { !$0.isNaN }
      return [
        .text(panel.nodes[node].name), .number(mean(past), .number),
        .number(mean(ahead.forecasts[node].point), .number), .number(test.seriesErrors[node], .number),
      ]
    }
    return ResultPart(
      "series", "Series by series",
      [
        .table(
          ResultTable(
            "Series and their sums",
            columns: ["series", "mean of the last \(time)", "expected mean", "mean error in the test"],
            rows: rows)),
        .text("Forecasts of series add up to those of their regions and of all."),
      ])
  }
}
