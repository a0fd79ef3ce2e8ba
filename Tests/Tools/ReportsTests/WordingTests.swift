import Evaluation
import Experiments
import Foundation
import Reports
import XCTest

/// What reports say, and what they must not say.
final class WordingTests: XCTestCase {
  private func html(_ change: (inout ExperimentResults) -> Void) -> String {
    var results = SampleResults.retention()
    change(&results)
    return Report.html(results)
  }

  /// Bins that hold 1,000 rows with 100 events.
  private func bins(predicted: Double) -> [ReliabilityBin] {
    [
      ReliabilityBin(predicted: predicted, observed: Estimate(0.05, lower: 0.03, upper: 0.08), count: 500),
      ReliabilityBin(predicted: 2 * predicted, observed: Estimate(0.15, lower: 0.12, upper: 0.18), count: 500),
    ]
  }

  func testProbabilitiesThatAreTooLowAreCalledSo() {
    let low = html { $0.reliability?.bins = bins(predicted: 0.03) }
    XCTAssertTrue(low.contains("Probabilities are too low on the test data"))
    XCTAssertTrue(low.contains("So they are too low"))
    XCTAssertTrue(low.contains("by a factor of 2.2"), "100 seen, 45 expected")
    let high = html { $0.reliability?.bins = bins(predicted: 0.2) }
    XCTAssertTrue(high.contains("So they are too high"))
    let right = html { $0.reliability?.bins = bins(predicted: 0.066) }
    XCTAssertTrue(right.contains("neither too low nor too high"), "100 seen, 99 expected")
    XCTAssertFalse(right.contains("Probabilities are too"))
    XCTAssertFalse((low + high + right).contains("needed no correction"))
  }

  func testClassesAreCalledByTheirNames() {
    let classes = SampleResults.retention().problem.task.classes
    let plain = html { _ in }
    let named = html {
      $0.problem.classNames = [classes[1]: "leaver", classes[0]: "keeper"]
      $0.explanation.examples[0].reason = "predicted \($0.explanation.examples[0].prediction), mostly because of age"
    }
    XCTAssertFalse(plain.contains("leaver"))
    XCTAssertTrue(named.contains("really “<bdi>leaver</bdi>”"))
    XCTAssertTrue(named.contains("really “<bdi>keeper</bdi>”"))
    XCTAssertTrue(named.lowercased().contains("predicted leaver "), "reasons of single rows")
    XCTAssertFalse(named.contains("“<bdi>\(classes[1])</bdi>”"))
  }

  func testEffectsFitTheDifference() throws {
    // 0.513 against 0.299 is 31 % of the way to a perfect 1, whatever the rows spread.
    var results = SampleResults.retention()
    results.problem.metric = "pr-auc"
    results.metrics.insert(
      MetricSummary(
        name: "pr-auc", value: Estimate(0.513, lower: 0.43, upper: 0.6), baseline: 0.03, higherIsBetter: true), at: 0)
    for index in results.leaderboard.indices {
      let isChosen = results.leaderboard[index].name == results.chosen
      results.leaderboard[index].test = Estimate(isChosen ? 0.513 : 0.299)
      if !isChosen {
        results.leaderboard[index].chosenAgainstThis = Difference(
          estimate: Estimate(0.214, lower: 0.15, upper: 0.27), pValue: 0.0002, effectSize: 0.05, verdict: .better,
          test: "paired bootstrap")
      }
    }
    let page = Report.html(results)
    XCTAssertTrue(page.contains("large<span class=\"sub\">31\u{A0}% farther from perfect</span>"))
    XCTAssertFalse(page.contains(">negligible"))
    let difference = results.leaderboard.compactMap(\.chosenAgainstThis)[0]
    let text = ComparisonText.text(
      first: "a", second: "b",
      measurements: [
        .init(name: "pr-auc", first: Estimate(0.513), second: Estimate(0.299), difference: difference)
      ], width: 200)
    XCTAssertTrue(text.contains("a is better than b in PR-AUC (p <\u{A0}0.001, large effect)"), text)
    let loss = ComparisonText.text(
      first: "a", second: "b",
      measurements: [.init(name: "log-loss", first: Estimate(0.198), second: Estimate(0.2), difference: difference)],
      width: 200)
    XCTAssertTrue(loss.contains("negligible effect"), "1 % of the loss: \(loss)")
  }

  func testNumbersWithoutIntervalShowNone() {
    var results = ProjectSample.results()
    let page = ProjectReport.html(results)
    XCTAssertTrue(page.contains("<td class=\"number\">31.2</td>") || page.contains("<td class=\"number\">31.3</td>"))
    XCTAssertTrue(page.contains("0.4"))
    XCTAssertFalse(page.contains("no interval"))
    results.parts = [
      ResultPart(
        "a", "A",
        [
          .table(
            ResultTable(
              "T", columns: ["name", "value"],
              rows: [[.text("x"), .estimate(Estimate(7, lower: 7, upper: 7), .number)]]))
        ])
    ]
    XCTAssertFalse(ProjectReport.html(results).contains("7 to 7"))
  }

  func testMidnightIsLeftOutWhereItIsAlways() {
    func page(_ first: String, _ second: String) -> String {
      var results = ProjectSample.results()
      results.parts = [ResultPart("a", "A", [.table(ProjectSample.steps(at: first, second))])]
      return ProjectReport.html(results)
    }
    XCTAssertTrue(page("00:00:00", "00:00:00").contains(">2025-01-01</th>"))
    XCTAssertTrue(page("00:00:00", "06:30:00").contains(">2025-01-01 00:00</th>"))
    XCTAssertTrue(page("00:00:00", "06:30:05").contains(">2025-01-01 00:00:00</th>"))
  }

  func testTablesWithLongTextsBecomeRecords() {
    let page = ProjectReport.html(ProjectSample.results())
    XCTAssertEqual(page.components(separatedBy: "<table class=\"stacks\">").count - 1, 2)
    XCTAssertTrue(page.contains("data-title=\"why\"><div>"))
    XCTAssertTrue(page.contains("data-title=\"adding and removing\""))
  }
}
