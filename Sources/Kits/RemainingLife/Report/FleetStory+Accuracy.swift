import Experiments
import Projects

extension FleetStory {
  var accuracyPart: ResultPart {
    let (rows, hasIntervals) = (judged.rows, judged.hasIntervals)
    let chart = ResultChart(
      "Predicted against true life left",
      summary: "Rows of \(nouns) that nothing was learned from; thin lines are the intervals.",
      x: .init("true life left, \(time.plural)"), y: .init("predicted, \(time.plural)", includesZero: true),
      series: [
        .init("", .dashes, role: .muted, x: [0, longest], y: [0, longest]),
        .init(
          "", .points, x: rows.map(\.life), y: rows.map(\.told), lower: hasIntervals ? rows.map(\.lower) : [],
          upper: hasIntervals ? rows.map(\.upper) : []),
      ], isWide: true)
    let methods = zip(result.outcomes, result.weights).sorted { $0.0.error < $1.0.error }.map {
      outcome, weight -> [ResultTable.Cell] in
      [
        .text(outcome.candidate.name), .number(outcome.error, .number),
        outcome.isDropped ? .text("dropped early") : .number(weight, .percent), .number(outcome.seconds, .number),
      ]
    }
    let kinds =
      result.conditionCount == 1
      ? "One kind of operation was found."
      : "\(result.conditionCount) kinds of operation were found, and readings are "
        + "compared within each."
    return ResultPart(
      "accuracy", "How good the predictions are",
      [
        .charts([chart]),
        .text(
          "What was tried, by the error on training \(nouns) that each had not learned from. The model is their average "
            + "with these weights. \(kinds)"),
        .table(
          ResultTable(
            "Methods", columns: ["method", "RMSE, \(time.plural)", "weight", "seconds of training"], rows: methods)),
        .table(errorTable),
      ])
  }

  private var errorTable: ResultTable {
    func row(_ name: String, _ value: KeyPath<LifeMeasures, Double>) -> [ResultTable.Cell] {
      [.text(name), .number(judged.capped[keyPath: value], .number), .number(judged.whole[keyPath: value], .number)]
    }
    return ResultTable(
      "Measures on test \(nouns)", columns: ["measure", "lives up to \(time.amount(longest))", "whole lives"],
      rows: [
        row("RMSE, \(time.plural)", \.rootMeanSquaredError),
        row("mean absolute error, \(time.plural)", \.meanAbsoluteError),
        row("asymmetric score, summed", \.asymmetricScore),
      ])
  }

  var driversPart: ResultPart? {
    let shown = Array(state.drivers.prefix(12))
    guard !shown.isEmpty else { return nil }
    return ResultPart(
      "drivers", "What shows the wear",
      [
        .charts([
          ResultChart(
            "How much each reading moves the predicted life",
            summary: "In \(time.plural), on average over the \(nouns) shown.",
            x: .init("mean effect, \(time.plural)", includesZero: true), y: .init("", names: shown.map(\.channel)),
            series: [
              .init(
                "", .bars, x: shown.indices.map(Double.init), y: shown.map(\.effect),
                labels: shown.map { Words.number($0.effect, digits: 2) })
            ], isWide: true)
        ])
      ])
  }
}
