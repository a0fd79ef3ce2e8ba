import Basics
import Foundation
import XCTest

/// Every solution from `assay new` to `assay predict`, on its simulated data, as a user types it.
final class SolutionTests: XCTestCase {
  private func follow(
    _ name: String, settings: [(String, String)] = [], budget: String, measures: [String],
    body: (Program, [String: Any]) throws -> Void
  ) throws {
    let program = try Program("solution-\(name)")
    defer { program.remove() }
    XCTAssertEqual(try program.run("new", name, "p").status, 0)
    var file = try String(contentsOfFile: program.path("p/solution.yaml"), encoding: .utf8)
    for (given, wanted) in settings {
      XCTAssertTrue(file.contains(given), "\(given) in\n\(file)")
      file = file.replacing(given, with: wanted)
    }
    try program.write("p/solution.yaml", file)
    let check = try program.run("check", "p")
    XCTAssertEqual(check.status, 0, check.errors)
    XCTAssertTrue(check.output.contains("ready: assay run p"), check.output)
    let run = try program.run("run", "p", "--budget", budget, "--candidates", "2", "--threads", "2")
    XCTAssertEqual(run.status, 0, run.errors)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: program.path("p/results.json")))
    let results = try XCTUnwrap(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    XCTAssertEqual(results["solution"] as? String, name)
    let found = (results["measures"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
    for measure in measures { XCTAssertTrue(found.contains(measure), "\(measure) in \(found)") }
    let report = try String(contentsOfFile: program.path("p/report.html"), encoding: .utf8)
    XCTAssertTrue(report.contains("<svg") && report.contains("How to repeat it"))
    XCTAssertFalse(report.contains("NaN"))
    let list = try program.run("runs")
    XCTAssertEqual(list.status, 0, list.errors)
    // The rows that the project came with, by the command that its README gives.
    let later = try program.run("predict", "p", "later.csv", "--output", "later-scored.csv")
    XCTAssertEqual(later.status, 0, later.errors)
    let readme = try String(contentsOfFile: program.path("p/README.md"), encoding: .utf8)
    XCTAssertTrue(readme.contains("assay predict p later.csv"), readme)
    let lines = try program.run("runs", "--json").output
    let runs = try JSONSerialization.jsonObject(with: Data(lines.utf8)) as? [[String: Any]] ?? []
    let names = runs.compactMap { $0["identifier"] as? String }
    XCTAssertEqual(names.count, 1)
    // A run does not differ from itself, which is said with a test or without.
    let compared = try program.run(["compare"] + names + names)
    XCTAssertEqual(compared.status, 0, compared.errors)
    XCTAssertTrue(
      compared.output.contains("No test of the difference") || compared.output.contains("No difference"),
      compared.output)
    try body(program, results)
  }

  private func value(_ name: String, _ results: [String: Any]) -> Double {
    let measure = (results["measures"] as? [[String: Any]])?.first { $0["name"] as? String == name }
    return ((measure?["value"] as? [String: Any])?["value"] as? Double) ?? .nan
  }

  func testFraud() throws {
    try follow("fraud", budget: "3m", measures: ["pr-auc", "saved-per-day", "card-precision"]) { program, results in
      XCTAssertGreaterThan(value("pr-auc", results), 0.1, "a tenfold of the share of frauds")
      // New payments are the last rows again, a month later, without what is to be found out.
      let rows = try String(contentsOfFile: program.path("p/data.csv"), encoding: .utf8).split(separator: "\n")
      let later = rows.suffix(20).map { String($0).replacing("2025-", with: "2026-") }
      try program.write("new.csv", ([String(rows[0])] + later).joined(separator: "\n") + "\n")
      let predicted = try program.run("predict", "p", "new.csv")
      XCTAssertEqual(predicted.status, 0, predicted.errors)
      let lines = predicted.output.split(separator: "\n")
      XCTAssertEqual(lines.count, 21)
      XCTAssertTrue(lines[0].contains("probability") && lines[0].contains("action"), String(lines[0]))
    }
  }

  func testMaintenance() throws {
    try follow(
      "maintenance", settings: [("networks: yes", "networks: no")], budget: "20s",
      measures: ["rmse", "coverage", "cost-rate"]
    ) { program, results in
      XCTAssertLessThan(value("rmse", results), 30, "the mean of lives is off by 40")
      XCTAssertLessThan(value("cost-rate", results), value("cost-rate-run-to-failure", results))
      let predicted = try program.run("predict", "p", "p/data.csv", "--output", program.path("lives.csv"))
      XCTAssertEqual(predicted.status, 0, predicted.errors)
      let lives = try String(contentsOfFile: program.path("lives.csv"), encoding: .utf8).split(separator: "\n")
      XCTAssertEqual(lives.count, 121)
    }
  }

  func testCapacity() throws {
    try follow(
      "capacity", budget: "20s", measures: ["scaled-error", "coverage", "plan-cost", "proven-cost"]
    ) { program, results in
      XCTAssertLessThan(value("scaled-error", results), value("scaled-error-last-season", results))
      XCTAssertLessThanOrEqual(value("plan-cost", results), value("plan-cost-on-mean", results) * 1.0002)
    }
  }

  func testMistakesAreSaidBeforeAnythingRuns() throws {
    let program = try Program("solution-mistakes")
    defer { program.remove() }
    let unknown = try program.run("new", "frauds", "p")
    XCTAssertEqual(unknown.status, 1)
    XCTAssertTrue(unknown.errors.contains("fraud, maintenance, capacity"), unknown.errors)
    XCTAssertEqual(try program.run("run", "nowhere").status, 1)
    XCTAssertEqual(try program.run("new", "maintenance", "p").status, 0)
    XCTAssertEqual(try program.run("new", "maintenance", "p").status, 1)
    let file = try String(contentsOfFile: program.path("p/solution.yaml"), encoding: .utf8)
    try program.write("p/solution.yaml", file.replacing("unit: unit", with: "unit: machine"))
    let check = try program.run("check", "p")
    XCTAssertEqual(check.status, 1)
    XCTAssertTrue(check.errors.contains("machine"), check.errors)
    let list = try program.run("solutions", "--json")
    XCTAssertEqual(list.status, 0)
    let entries = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]]
    XCTAssertEqual(entries?.count, 3)
  }
}
