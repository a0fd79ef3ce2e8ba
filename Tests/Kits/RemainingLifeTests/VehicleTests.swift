import Basics
import Checks
import Experiments
import Foundation
import Projects
import RemainingLife
import Tables
import XCTest

/// When to service vehicles whose brakes wear: a solution with other names than machines have.
private struct Vehicles: Solution {
  var card: SolutionCard {
    SolutionCard(
      name: "vehicles", title: "Vehicles", purpose: "when to change the brakes of each", row: "one week of a vehicle",
      fields: [
        .init("plate", "the vehicle", kind: .code, isRequired: true),
        .init("week", "the week of its life", kind: .order, isRequired: true),
        .init("broke", "whether the brakes failed then", kind: .truth),
      ], settings: [], value: .amounts([]))
  }

  private func problem(_ project: Project, _ data: ProjectData) -> LifeProblem {
    var terms = ServiceTerms(failure: 5_000, service: 500)
    terms.reaction = 2
    terms.currency = "EUR"
    var problem = LifeProblem(project: project, data: data, noun: "vehicle", terms: terms)
    (problem.unit, problem.time, problem.failed) = ("plate", "week", "broke")
    problem.longestLife = 40
    problem.horizon = 8
    problem.window = 10
    problem.usesNetworks = false
    return problem
  }

  /// Brakes wear evenly, each pair at a pace of its own; they fail when 100 hundredths are worn.
  func simulated(key: RandomKey) throws -> ProjectStart {
    var random = key.stream()
    var (plates, weeks, wear, broke) = ([String](), [Double](), [Double](), [Int64]())
    for vehicle in 0..<40 {
      let life = 30 + random.integer(below: 40)
      for week in 0..<life {
        plates.append("v\(vehicle)")
        weeks.append(Double(week))
        wear.append(100 * Double(week) / Double(life) + 2 * random.normal())
        broke.append(week == life - 1 ? 1 : 0)
      }
    }
    return ProjectStart(
      table: try Table([
        Column("plate", .category(CategoryValues(plates))), Column("week", .float(weeks)), Column("wear", .float(wear)),
        Column("broke", .integer(broke)),
      ]), columns: ["plate": "plate", "week": "week", "broke": "broke"], words: "Vehicles.")
  }

  func check(_ project: Project, _ data: ProjectData) throws -> [ProjectFinding] {
    try FleetCheck(problem(project, data)).findings()
  }

  func run(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> ProjectOutcome {
    try FleetStudy(problem(project, data), context).execute(for: card)
  }

  func predict(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> Table {
    try FleetPrediction(problem(project, data), context).table()
  }
}

/// The kit with names, nouns and costs that are not those of machines.
final class VehicleTests: XCTestCase {
  func testVehiclesAreServedAndToldAsSuch() throws {
    try withTemporaryFolder { folder in
      let solution = Vehicles()
      let place = folder + "/vehicles"
      try ProjectFolder.make(solution, in: place, start: solution.simulated(key: RandomKey(seed: 2)), threads: 2)
      let project = try Project.open(place, among: [solution]).project
      let data = try ProjectData(project, solution.card, threads: 2)
      let findings = try solution.check(project, data)
      XCTAssertTrue(findings.contains { $0.words.hasPrefix("40 vehicles") }, "\(findings)")
      XCTAssertFalse(findings.contains { $0.words.contains("machine") }, "\(findings)")
      let outcome = try solution.run(project, data, ProjectContext(budget: 10_000, threads: 2, seed: 3))
      // A life is told from the pace of wear, which noise of 2 in 100 blurs; telling the mean of all errs by 11 weeks.
      XCTAssertLessThan(outcome.results.measure("rmse")?.value.value ?? .infinity, 6)
      var results = outcome.results
      results.run.machine = ""
      results.run.command = ""
      let told = String(decoding: try JSONEncoder().encode(results), as: UTF8.self).replacing(
        "\"machine\":\"\"", with: "")
      XCTAssertTrue(told.contains("vehicles"))
      let others = told.lowercased().components(separatedBy: "machine")
      XCTAssertEqual(others.count, 1, String(others[0].suffix(80)))
      let predicted = try solution.predict(project, data, ProjectContext(threads: 2))
      XCTAssertEqual(predicted.rowCount, 40)
      XCTAssertEqual(Array(predicted.names.prefix(2)), ["plate", "week"])
    }
  }
}
