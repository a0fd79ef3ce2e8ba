import Evaluation
import Experiments
import Projects

extension FleetStory {
  /// The measures of the probabilities of failing within the horizon.
  var failureMeasures: [ProjectResults.Measure] {
    guard let foretold else { return [] }
    return [
      .init("failure-brier", foretold.brier), .init("failure-brier-constant", foretold.reference),
      .init("failure-concordance", foretold.concordance),
    ]
  }

  /// How failures within the horizon are foretold.
  var failurePart: ResultPart? {
    guard let chosen = result.failures.first(where: \.isChosen) else { return nil }
    let rows = result.failures.map { outcome -> [ResultTable.Cell] in
      [
        .text(outcome.name), .number(outcome.brier, .number), .number(outcome.concordance, .number),
        outcome.seconds > 0 ? .number(outcome.seconds, .number) : .none,
      ]
    }
    var blocks: [ResultBlock] = [
      .text(
        "Whether \(Words.one(noun)) fails within \(horizon), foretold by methods that also learn from \(nouns) which "
          + "still run, judged on \(nouns) that each had not learned from. The error is the mean squared difference between "
          + "the calibrated probability and what came (Brier score), weighed for \(nouns) that went out of sight; the order is "
          + "right with the probability told as concordance. Best, and used: \(chosen.name)."),
      .table(
        ResultTable(
          "Methods that foretell failures", columns: ["method", "Brier score", "concordance", "seconds"], rows: rows,
          highlighted: result.failures.firstIndex(where: \.isChosen))),
    ]
    if let foretold {
      let bins = foretold.bins
      blocks.append(
        .charts([
          ResultChart(
            "Told against what came",
            summary: "\(Words.count(foretold.count, "moment")) of test \(nouns) in ten groups of like probability.",
            x: .init("probability told", format: .percent, includesZero: true),
            y: .init("share that failed within \(horizon)", format: .percent, includesZero: true),
            series: [
              .init("", .dashes, role: .muted, x: [0, 1], y: [0, 1]),
              .init(
                "", .points, x: bins.map(\.predicted), y: bins.map(\.observed.value),
                lower: bins.map(\.observed.lower), upper: bins.map(\.observed.upper)),
            ])
        ]))
      blocks.append(
        .text(
          "On test \(nouns) the error is \(Words.number(foretold.brier)), "
            + "\(Words.percent(foretold.skill)) less than by telling the same of every \(noun); concordance "
            + "\(Words.number(foretold.concordance))."))
    }
    return ResultPart("failures", "Failures within \(horizon)", blocks)
  }
}
