import Evaluation
import Experiments
import Foundation
import Reports
import XCTest

final class TerminalTests: XCTestCase {
  func testSummaryBeginsWithTheAnswerAndKeepsToTheWidth() {
    for width in [60, 80, 120] {
      for results in [SampleResults.retention(), SampleResults.tickets(), SampleResults.flats()] {
        let text = TerminalSummary.text(results, width: width)
        XCTAssertFalse(text.contains("\u{1B}"), "no colours unless asked for")
        XCTAssertTrue(text.hasSuffix("\n"))
        // The command that repeats the run is one unbreakable text only if it has no spaces.
        for line in text.split(separator: "\n") { XCTAssertLessThanOrEqual(line.count, width, String(line)) }
        XCTAssertTrue(text.contains(results.run.identifier))
      }
    }
    let text = TerminalSummary.text(SampleResults.retention())
    XCTAssertTrue(text.hasPrefix("Call a customer whose score is at least 0.23 (at most 100 a day).\n"))
    XCTAssertTrue(text.contains("! A column may be known only afterwards: “last_login_days”"))
    XCTAssertTrue(text.contains("no difference shown"))
    XCTAssertTrue(TerminalSummary.text(SampleResults.flats()).contains("What it needs: To say whom to act on"))
    XCTAssertTrue(TerminalSummary.text(SampleResults.flats(), usesColors: true).contains("\u{1B}[1m"))
  }

  func testRunsFitTheTerminal() {
    let runs = [RunState.finished, .failed].map { state in
      RunListing(
        identifier: "261123-095619-jmxj", state: state, started: Date(timeIntervalSince1970: 1_795_427_779),
        seconds: state == .finished ? 9.4 : nil, data: "/data/houses.csv", target: "median_house_value_of_a_block",
        metric: "rmse", score: state == .finished ? 45_127.3 : nil, model: "ensemble of 3")
    }
    for width in [40, 60, 80, 120, 1_000] {
      for line in RunListText.text(runs, width: width).split(separator: "\n") {
        XCTAssertLessThanOrEqual(line.count, width, String(line))
      }
    }
    let wide = RunListText.text(runs, width: 1_000)
    for words in ["45,127", "9.4\u{A0}s", "2026-11-23T09:56", "/data/houses.csv", "failed"] {
      XCTAssertTrue(wide.contains(words), "\(words) in \(wide)")
    }
    XCTAssertTrue(RunListText.text(runs, width: 80).contains("45,127"))
  }

  func testNamesCannotCommandTheTerminal() {
    let name = "evil\u{1B}[2J\u{7}\r\u{9B}31m <b>&amp;</b>"
    for sample in [SampleResults.retention(), SampleResults.tickets(), SampleResults.flats()] {
      let results = SampleResults.renamed(sample, to: name)
      let texts = [
        TerminalSummary.text(results), ProfilePage.text(results.profile, data: name),
        ComparisonText.text(first: name, second: name, measurements: [], notes: [name]),
      ]
      for text in texts {
        XCTAssertTrue(text.contains("evil"))
        XCTAssertTrue(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x9B || $0 == "\n" })
      }
    }
  }

  func testComparisonSaysWhichIsBetterOrThatNoneIs() {
    func text(_ difference: Difference?) -> String {
      ComparisonText.text(
        first: "r-1", second: "r-2",
        measurements: [
          .init(
            name: "log-loss", first: SampleResults.estimate(0.29, 0.01), second: SampleResults.estimate(0.31, 0.01),
            difference: difference)
        ])
    }
    XCTAssertTrue(
      text(SampleResults.difference(0.02, 0.005)).hasPrefix(
        "r-1 is better than r-2 in log loss (p < 0.001".replacing("< ", with: "<\u{A0}")))
    XCTAssertTrue(text(SampleResults.difference(-0.02, 0.005)).hasPrefix("r-2 is better than r-1 in log loss"))
    let none = text(SampleResults.difference(0.001, 0.005))
    XCTAssertTrue(none.hasPrefix("No difference between r-1 and r-2 in log loss could be shown (p = 0.695)."))
    XCTAssertTrue(none.contains("Test: paired bootstrap"))
    XCTAssertTrue(text(nil).contains("not measured on the same rows"))
  }
}
