import Evaluation
import Experiments

/// A project's results with what is hard to lay out: long names at the ends of lines, long texts in tables, many
/// columns.
enum ProjectSample {
  static func results() -> ProjectResults {
    let run = SampleResults.retention().run
    var results = ProjectResults(
      solution: "capacity", title: "Capacity planning", data: "data.csv", run: run, headline: "Have 12 vans.")
    results.keyFigures = [
      .init("in the intervals", .estimate(Estimate(0.79, lower: 0.76, upper: 0.82), .percent)),
      .init("mean error", .estimate(Estimate(1.16), .number)),
    ]
    let x = (0..<28).map { 1_735_689_600 + 86_400 * Double($0) }
    let y = x.indices.map { 900 + 40 * Double($0 % 7) }
    let names = ["demand expected", "same time last season", "WWW Maximum MMM"]
    let lines = names.enumerated().map { index, name in
      ResultChart.Series(
        name, index == 1 ? .dashes : .line, role: [.first, .second, .third][index], x: x,
        y: y.map { $0 + 30 * Double(index) })
    }
    let charts = [true, false].map { isWide in
      ResultChart(
        "Demand", summary: "What came.", x: .init("day", format: .date), y: .init("demand"),
        series: lines + [.init("if the forecast were certain", .verticalRule, role: .ink, x: [x[27]], y: [])],
        isWide: isWide)
    }
    let reason = "the amount is 53.5 times the mean of this customer in one day; this address was last seen 30 min ago"
    results.parts = [
      ResultPart(
        "plan", "The plan",
        [
          .charts(charts), .table(steps(at: "00:00:00", "00:00:00")),
          .table(
            ResultTable(
              "Reasons", columns: ["day", "card", "probability", "why"],
              rows: (0..<8).map { row in
                [.number(x[row], .date), .text("k-c50c8db2da82"), .number(0.9, .percent), .text(reason)]
              })),
          .table(
            ResultTable(
              "Ways", columns: ["way", "having", "adding and removing", "shortage", "all"],
              rows: [[.text("this plan")] + (0..<4).map { .number(70_000 + Double($0), .money("EUR")) }])),
        ])
    ]
    return results
  }

  /// A table of two steps that begin at these times of day.
  static func steps(at first: String, _ second: String) -> ResultTable {
    ResultTable(
      "Steps", columns: ["from", "units", "exact", "measured"],
      rows: zip(["2025-01-01", "2025-01-02"], [first, second]).map { day, time in
        [
          .text("\(day) \(time)"), .number(121, .count), .estimate(Estimate(31.25), .number),
          .estimate(Estimate(0.5, lower: 0.4, upper: 0.6), .number),
        ]
      })
  }
}
