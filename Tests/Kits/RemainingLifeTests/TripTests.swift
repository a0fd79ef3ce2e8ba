import Basics
import Checks
import Experiments
import Foundation
import Projects
import RemainingLife
import Tables
import XCTest

/// Before which trips to look at a vehicle: snapshots with names and nouns that are not those of machines.
private struct Trips: Solution {
  var card: SolutionCard {
    SolutionCard(
      name: "trips", title: "Trips", purpose: "before which trips to look at a vehicle", row: "one trip",
      fields: [
        .init("broke", "whether it broke down", kind: .truth, isRequired: true),
        .init("kind", "what broke", kind: .code),
      ], settings: [], value: .amounts([]), outcome: "broke")
  }

  private func problem(_ project: Project, _ data: ProjectData) -> SnapshotProblem {
    var terms = ServiceTerms(failure: 5_000, service: 500)
    terms.currency = "EUR"
    var problem = SnapshotProblem(
      project: project, data: data, noun: "engine", piece: "trip", pieces: "trips", terms: terms)
    (problem.failed, problem.mode, problem.short, problem.shorts) = ("broke", "kind", "trip", "trips")
    return problem
  }

  /// One trip in ten breaks down: those with much heat by heat, those with much load by load, of both nine in ten.
  func simulated(key: RandomKey) throws -> ProjectStart {
    var random = key.stream()
    var (heat, load, broke, kind) = ([Double](), [Double](), [Int64](), [String]())
    for _ in 0..<1_500 {
      heat.append(random.uniform())
      load.append(random.uniform())
      let mode = heat[heat.count - 1] > 0.94 ? "heat" : load[load.count - 1] > 0.94 ? "load" : ""
      let breaks = mode != "" && random.uniform() < 0.9
      broke.append(breaks ? 1 : 0)
      kind.append(breaks ? mode : "")
    }
    return ProjectStart(
      table: try Table([
        Column("heat", .float(heat)), Column("load", .float(load)), Column("broke", .integer(broke)),
        Column("kind", .category(CategoryValues(kind.map { $0.isEmpty ? nil : $0 }))),
      ]), columns: ["broke": "broke", "kind": "kind"], words: "Trips.")
  }

  func check(_ project: Project, _ data: ProjectData) throws -> [ProjectFinding] {
    try SnapshotCheck(problem(project, data)).findings()
  }

  func run(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> ProjectOutcome {
    try SnapshotStudy(problem(project, data), context).execute(for: card)
  }

  func predict(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> Table {
    try SnapshotPrediction(problem(project, data), context).table()
  }
}

final class TripTests: XCTestCase {
  func testTripsAreJudgedAndToldAsSuch() throws {
    try withTemporaryFolder { folder in
      let solution = Trips()
      let place = folder + "/trips"
      try ProjectFolder.make(solution, in: place, start: solution.simulated(key: RandomKey(seed: 4)), threads: 2)
      let project = try Project.open(place, among: [solution]).project
      let data = try ProjectData(project, solution.card, threads: 2)
      let findings = try solution.check(project, data)
      XCTAssertTrue(findings.contains { $0.words.contains("heat ") && $0.words.contains("load ") }, "\(findings)")
      let outcome = try solution.run(
        project, data, ProjectContext(budget: 600, candidateLimit: 2, threads: 2, seed: 3))
      // Nine in ten of the trips that exceed a limit break down, and no others; chance has 0.1.
      XCTAssertGreaterThan(outcome.results.measure("pr-auc")?.value.value ?? 0, 0.7)
      XCTAssertGreaterThan(outcome.results.measure("mode-accuracy")?.value.value ?? 0, 0.8)
      var results = outcome.results
      results.run.machine = ""
      results.experiment = nil
      let told = String(decoding: try JSONEncoder().encode(results), as: UTF8.self)
        .replacing("\"machine\":\"\"", with: "").lowercased()
      XCTAssertTrue(told.contains("riskiest trips of the test"))
      XCTAssertTrue(told.contains("cost of 1,000 trips"))
      for word in ["machine", "piece", "a engine"] {
        let parts = told.components(separatedBy: word)
        XCTAssertEqual(parts.count, 1, "\(word): \(parts[0].suffix(80))")
      }
      let predicted = try solution.predict(project, data, ProjectContext(threads: 2))
      XCTAssertEqual(predicted.rowCount, 1_500)
      XCTAssertTrue(
        ["probability", "mode", "action", "reason"].allSatisfy { predicted[$0] != nil }, "\(predicted.names)")
    }
  }
}
