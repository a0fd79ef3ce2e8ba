import Basics
import Decisions
import Evaluation
import Experiments
import Foundation
import Reports
import Tables
import XCTest

final class ReportTests: XCTestCase {
  private let samples = [
    ("retention", SampleResults.retention()), ("tickets", SampleResults.tickets()), ("flats", SampleResults.flats()),
  ]

  func testReportsAreSelfContained() throws {
    for (name, results) in samples {
      let html = Report.html(results)
      let reader = try MarkupReader(html)
      XCTAssertTrue(reader.all("script").isEmpty && reader.all("link").isEmpty && reader.all("img").isEmpty, name)
      for element in reader.elements {
        XCTAssertNil(element.attributes["src"], name)
        XCTAssertFalse(element.attributes.keys.contains { $0.hasPrefix("on") }, "\(name): an event handler")
        if let link = element.attributes["href"] {
          XCTAssertTrue(link.hasPrefix("#"), link)
          let target = String(link.dropFirst())
          XCTAssertEqual(reader.elements.filter { $0.attributes["id"] == target }.count, 1, "\(name): \(link)")
        }
        for value in element.attributes.values where value.contains("url(") {
          XCTAssertTrue(value.hasPrefix("url(#"), value)
        }
      }
      XCTAssertFalse(html.contains("http:") || html.contains("https:") || html.contains("@import"), name)
      XCTAssertFalse(try XCTUnwrap(reader.all("style").first).text.contains("url("), name)
      XCTAssertLessThan(html.utf8.count, 1_500_000, name)
      XCTAssertEqual(html, Report.html(results), "same results, same text")
      let identifiers = reader.elements.compactMap { $0.attributes["id"] }
      XCTAssertEqual(Set(identifiers).count, identifiers.count, "\(name): identifiers are unique")
    }
  }

  func testEveryChartHasTitleAndDescription() throws {
    for (name, results) in samples {
      let reader = try MarkupReader(Report.html(results))
      let charts = reader.all("svg").filter { $0.attributes["class"] == "chart" }
      XCTAssertGreaterThan(charts.count, 8, name)
      for chart in charts {
        XCTAssertEqual(chart.attributes["role"], "img")
        let described = chart.children.map { reader.elements[$0] }.filter { ["title", "desc"].contains($0.name) }
        XCTAssertEqual(described.map(\.name), ["title", "desc"])
        XCTAssertTrue(described.allSatisfy { !$0.text.isEmpty })
      }
    }
  }

  func testTheDecisionComesFirstAndEverySourceIsNamed() throws {
    let results = SampleResults.retention()
    let reader = try MarkupReader(Report.html(results))
    XCTAssertEqual(
      reader.all("h1").map(\.text), ["Call a customer whose score is at least 0.23 (at most 100 a day)."])
    let runs = reader.all("a").filter { $0.text == results.run.identifier }
    XCTAssertGreaterThanOrEqual(runs.count, 7, "the parts with numbers name the run")
    XCTAssertEqual(reader.all("pre").filter { $0.text == results.run.command }.count, 1)
    for heading in ["The decision and its value", "How good the model is", "What was tried", "Limits", "Model card"] {
      XCTAssertTrue(reader.all("h2").contains { $0.text.contains(heading) }, heading)
    }
    XCTAssertTrue(reader.text.contains("€42,100"))
    XCTAssertTrue(reader.text.contains("A column may be known only afterwards"))
  }

  func testTheFirstScreenSpeaksOfCustomersAndWeeks() throws {
    var results = SampleResults.retention()
    results.decision?.unit = "customer"
    results.decision?.rows = results.problem.testRows
    results.decision?.periods = DecisionResult.Periods(name: "week", count: 12)
    results.intervalLevel = 0.9
    let html = Report.html(results)
    let start = try XCTUnwrap(html.range(of: "<dl class=\"brief\">"))
    let end = try XCTUnwrap(html.range(of: "</dl>", range: start.upperBound..<html.endIndex))
    let brief = try MarkupReader("<p>" + html[start.upperBound..<end.lowerBound] + "</p>").text
    // 3.42 more per customer, of 4,560 customers in 12 weeks.
    for words in ["€1,300 more per week", "4,560\u{A0}customers kept aside", "90\u{A0}% intervals"] {
      XCTAssertTrue(brief.contains(words), "\(words) in \(brief)")
    }
    XCTAssertTrue(brief.contains("Acting on about 79 customers per week"), brief)
    XCTAssertFalse(brief.contains("rows"), brief)
    XCTAssertTrue(html.contains("Value per customer"))
  }

  func testWithoutValueThePageSaysSoAndItsExampleIsValid() throws {
    let tasks: [ExperimentResults] = [
      SampleResults.tickets(), SampleResults.flats(), withoutValue(SampleResults.retention()),
    ]
    for results in tasks {
      let reader = try MarkupReader(Report.html(results))
      XCTAssertTrue(reader.text.contains("No value file was given"))
      let example = try XCTUnwrap(reader.all("pre").first { $0.text.contains("actions:") }).text
      let value = try ValueFile.parse(example)
      XCTAssertEqual(value.actionNames, ["do nothing", "call"])
      try value.check(columns: ["amount": .float], task: results.problem.task, target: results.problem.target)
    }
  }

  func testMissingPartsLeaveNoEmptySections() throws {
    var results = SampleResults.flats()
    results.leaderboard = []
    results.metrics = []
    results.reliability = nil
    results.fit = nil
    results.segments = []
    results.explanation = ExplanationSummary()
    results.profile = TableProfile(rowCount: 0, columns: [], repeatedRows: 0, duplicateColumns: [])
    let reader = try MarkupReader(Report.html(results))
    let headings = reader.all("h2").map(\.text).joined(separator: "|")
    for absent in ["How good", "tried", "trusted", "drives", "weak"] {
      XCTAssertFalse(headings.contains(absent), absent)
    }
    XCTAssertTrue(headings.contains("Limits") && headings.contains("How to repeat it"))
    XCTAssertTrue(reader.all("svg").isEmpty)
    for element in reader.elements where ["section", "ul", "dl", "tbody", "figure"].contains(element.name) {
      XCTAssertFalse(element.children.isEmpty, "an empty <\(element.name)>")
    }
  }

  func testVerdictsAreSaidInWords() throws {
    func headline(_ results: ExperimentResults) throws -> String {
      try XCTUnwrap(MarkupReader(Report.html(results)).all("h1").first).text
    }
    var results = SampleResults.retention()
    results.decision?.policies[3].modelAdvantage = SampleResults.difference(0.4, 1.2)
    XCTAssertTrue(try headline(results).hasPrefix("No difference between deciding by the model"))
    results.decision?.policies[3].modelAdvantage = SampleResults.difference(-3, 1.2)
    XCTAssertTrue(try headline(results).hasPrefix("Do not decide by the model"))
    // A way of deciding that breaks the capacity cannot be chosen, so losing to it says nothing against the model.
    results.decision?.policies[3].name = "call all, beyond capacity"
    XCTAssertTrue(try headline(results).hasPrefix("Call a customer"))
    results.decision?.shareActedOn = 0
    results.decision?.rule = "do nothing for every customer: no rule that acts earned more on the validation data"
    XCTAssertTrue(try headline(results).hasPrefix("Do nothing for every customer"))

    var tickets = SampleResults.tickets()
    XCTAssertTrue(try headline(tickets).contains("better than the simplest guess"))
    tickets.leaderboard[2].chosenAgainstThis = SampleResults.difference(0.01, 0.04)
    XCTAssertTrue(try headline(tickets).contains("No model was shown"))
    tickets.chosen = "prior"
    let reader = try MarkupReader(Report.html(tickets))
    XCTAssertTrue(reader.text.contains("Nothing that was tried beats the simplest guess"))
    XCTAssertTrue(reader.text.contains("The run was interrupted"))
    XCTAssertTrue(try MarkupReader(Report.html(SampleResults.flats())).text.contains("Small sample"))
  }

  func testNamesFromDataAreHarmless() throws {
    let evil = "</td><script>alert(1)</script><img src=x onerror='x'>\" & \u{202E}\u{7}\n"
    let names = [evil, "שם לקוח", "👩‍👩‍👧‍👦 ردود", String(repeating: "long_name_", count: 200), "", "a]]>b", "{{x}}"]
    for name in names {
      for (_, sample) in samples {
        let reader = try MarkupReader(Report.html(SampleResults.renamed(sample, to: name)))
        XCTAssertTrue(reader.all("script").isEmpty && reader.all("img").isEmpty)
        XCTAssertTrue(reader.elements.allSatisfy { $0.attributes["onerror"] == nil && $0.attributes["src"] == nil })
      }
    }
  }

  func testNumbersThatAreNoneAreNotShownAsSuch() throws {
    for (name, sample) in samples {
      for value in [Double.nan, .infinity, -.infinity, 1e307, 0] {
        let html = Report.html(SampleResults.withNumbers(sample, value))
        let reader = try MarkupReader(html)
        let texts = reader.elements.filter { $0.name != "style" }.flatMap { [$0.text] + $0.attributes.values }
        let words = Set(texts.flatMap { $0.lowercased().split { !$0.isLetter } })
        XCTAssertTrue(words.isDisjoint(with: ["nan", "inf", "infinity"]), "\(name) with \(value)")
      }
    }
  }

  func testAWideTableStaysSmall() throws {
    var results = SampleResults.retention()
    let columns = (0..<10_000).map { index -> ColumnProfile in
      var column = results.profile.columns[index % results.profile.columns.count]
      column.name = "column_\(index)"
      return column
    }
    results.profile.columns = columns
    results.problem.columns = columns.map(\.name)
    let many = (0..<3000).map { index -> LeaderboardEntry in
      var entry = results.leaderboard[3]
      entry.name = "candidate \(index)"
      return entry
    }
    results.leaderboard += many
    let html = Report.html(results)
    _ = try MarkupReader(html)
    XCTAssertLessThan(html.utf8.count, 1_500_000)
  }

  func testWritingToAnImpossiblePlaceSaysSo() {
    XCTAssertThrowsError(try Report.write(SampleResults.flats(), to: "/no/such/folder/report.html")) { error in
      XCTAssertEqual((error as? AssayError)?.kind, .file)
    }
  }

  private func withoutValue(_ results: ExperimentResults) -> ExperimentResults {
    var results = results
    results.decision = nil
    let ratios = (0...60).map { pow(20, Double($0 - 30) / 30) }
    results.costCurves = [
      Curve("model", x: ratios, y: ratios.map { 0.1 * $0 / (1 + 0.1 * $0) }),
      Curve("do nothing", x: ratios, y: ratios.map { 0.147 * $0 }),
      Curve("treat all", x: ratios, y: ratios.map { _ in 0.853 }),
    ]
    return results
  }
}
