import Basics
import Checks
import Experiments
import Foundation
import Maintenance
import Projects
import Tables
import XCTest

/// The solution on snapshots, from the project's folder to predictions, through its public interface.
final class SnapshotTests: XCTestCase {
  private let solution = PredictiveMaintenance()

  /// A project with simulated snapshots.
  private func make(
    _ folder: String, jobs: Int = 3_000, seed: UInt64 = 1, change: (inout ProjectStart) throws -> Void = { _ in }
  ) throws -> Project {
    var start = try solution.simulatedSnapshots(jobs: jobs, key: RandomKey(seed: seed))
    try change(&start)
    let place = folder + "/p"
    try ProjectFolder.make(solution, in: place, start: start, threads: 1)
    return try Project.open(place, among: [solution]).project
  }

  private func run(_ project: Project, candidates: Int = 2, threads: Int = 2) throws -> ProjectResults {
    let data = try ProjectData(project, solution.card, threads: threads)
    return try solution.run(
      project, data, ProjectContext(budget: 60, candidateLimit: candidates, threads: threads)
    ).results
  }

  private func value(_ results: ProjectResults, _ name: String) -> Double { results.measure(name)?.value.value ?? .nan }

  func testFindsFailuresNamesTheirModesAndPredicts() throws {
    try withTemporaryFolder { folder in
      let project = try make(folder, jobs: 5_000)
      // The fifth candidate leans on the failure modes.
      try judge(run(project, candidates: 5))
      try predict(project, folder)
    }
  }

  private func judge(_ results: ProjectResults) throws {
    // One in ten beyond a limit holds, and one failure in thirty is announced by nothing: 0.9 is about the most.
    XCTAssertGreaterThan(value(results, "pr-auc"), 0.6)
    XCTAssertLessThan(value(results, "cost"), 0.7 * value(results, "cost-never"))
    XCTAssertLessThan(value(results, "cost"), value(results, "cost-always"))
    XCTAssertGreaterThan(value(results, "mode-accuracy"), 0.75)
    XCTAssertGreaterThan(value(results, "mode-accuracy"), value(results, "mode-accuracy-majority") + 0.2)
    for mode in ["overload", "heat", "tool"] { XCTAssertGreaterThan(value(results, "pr-auc \(mode)"), 0.4, mode) }
    XCTAssertNil(results.measure("pr-auc electrical"), "five failures are too few")
    XCTAssertTrue(results.limits.contains { $0.contains("electrical") })
    XCTAssertEqual(results.parts.map(\.identifier), ["service", "modes"])
    let experiment = try XCTUnwrap(results.experiment)
    XCTAssertTrue(experiment.leaderboard.contains { $0.name == "failure modes 1" })
    XCTAssertFalse(experiment.problem.columns.contains { SnapshotSimulator.modes.contains($0) })
    let driving = experiment.explanation.importance.map(\.column)
    XCTAssertTrue(driving.contains("power"), "\(driving)")
    XCTAssertFalse(driving.contains("all failure modes"), "what is told is about readings")

    // The modes are told by what their physics is about.
    let tables = results.parts[1].blocks.compactMap { block -> ResultTable? in
      if case .table(let table) = block { return table }
      return nil
    }
    let strongest = Dictionary(
      tables[1].rows.compactMap { row -> (String, String)? in
        guard case .text(let mode) = row[0], case .text(let reading) = row[1], !mode.isEmpty else { return nil }
        return (mode, reading)
      }, uniquingKeysWith: { first, _ in first })
    XCTAssertEqual(strongest["overload"], "power")
    XCTAssertEqual(strongest["heat"], "warmth")
    XCTAssertEqual(strongest["tool"], "wear")
  }

  /// New jobs without what is known only after them.
  private func predict(_ project: Project, _ folder: String) throws {
    let fresh = try SnapshotSimulator(jobs: 4_000, key: RandomKey(seed: 99)).simulate()
    let known = try fresh.jobs.column("failed").numbers()
    let marks = try SnapshotSimulator.modes.map { try fresh.jobs.column($0).numbers() }
    let path = folder + "/new.csv"
    try TableWriter.write(
      fresh.jobs.removing(columns: Set(SnapshotSimulator.modes + ["failed", "job"])), to: path, threads: 1)
    let names = Set(solution.card.fields.map(\.name))
    let rows = try ProjectData(project, solution.card, source: path, lacking: names, threads: 2)
    let table = try solution.predict(project, rows, ProjectContext(threads: 2))
    XCTAssertEqual(table.names, ["probability", "mode", "mode probability", "action", "reason"])
    XCTAssertEqual(table.rowCount, 4_000)
    let p = try table.column("probability").numbers()
    // Probabilities mean what they say: they add up to the number of failures, within three standard errors.
    let (expected, failures) = (p.reduce(0, +), known.reduce(0, +))
    XCTAssertEqual(expected, failures, accuracy: 3 * failures.squareRoot())
    let served = (0..<4_000).filter { table["action"]?.text(at: $0) == "service" }
    XCTAssertFalse(served.isEmpty)
    for row in served { XCTAssertGreaterThan(p[row], 0.05, "a service pays from 0.2 on average") }
    let right = served.filter { row in
      let position = SnapshotSimulator.modes.firstIndex(of: table["mode"]?.text(at: row) ?? "")
      return position.map { marks[$0][row] == 1 } ?? false
    }
    XCTAssertGreaterThan(Double(right.count), 0.5 * Double(served.count))
    let reasons = served.filter { !(table["reason"]?.text(at: $0) ?? "").isEmpty }
    XCTAssertGreaterThan(reasons.count * 2, served.count)
  }

  func testOneColumnOfNamesGivesTheSameModes() throws {
    try withTemporaryFolder { folder in
      let project = try make(folder) { start in
        let marks = try SnapshotSimulator.modes.map { try start.table.column($0).numbers() }
        let names = (0..<start.table.rowCount).map { row -> String? in
          let found = SnapshotSimulator.modes.indices.filter { marks[$0][row] == 1 }.map { SnapshotSimulator.modes[$0] }
          return found.isEmpty ? nil : found.joined(separator: "; ")
        }
        start.table = try start.table.removing(columns: Set(SnapshotSimulator.modes))
          .setting(Column("how", .text(TextValues(names))))
        start.columns["mode"] = "how"
        start.settings["modes"] = ""
      }
      let data = try ProjectData(project, solution.card, threads: 1)
      let words = try solution.check(project, data).map(\.words)
      let line = try XCTUnwrap(words.first { $0.hasPrefix("failures by mode") })
      for mode in SnapshotSimulator.modes { XCTAssertTrue(line.contains(mode), line) }
      let results = try run(project, candidates: 1)
      XCTAssertEqual(results.measures.count { $0.name == "mode-accuracy" }, 1)
      XCTAssertFalse(results.experiment?.problem.columns.contains("mode") ?? true)
    }
  }

  func testSameResultsForAnyNumberOfThreads() throws {
    try withTemporaryFolder { folder in
      var found: [[ProjectResults.Measure]] = []
      for threads in [1, 2] {
        let project = try make(folder + "/\(threads)", jobs: 1_500)
        found.append(try run(project, threads: threads).measures)
      }
      XCTAssertEqual(found[0].map(\.name), found[1].map(\.name))
      for (a, b) in zip(found[0], found[1]) {
        // Not-a-number, where there is no interval, is equal to nothing.
        XCTAssertEqual("\(a)", "\(b)")
      }
    }
  }

  func testWithoutCostsThereIsNoMoney() throws {
    try withTemporaryFolder { folder in
      let made = try make(folder, jobs: 2_000)
      let path = made.path(Project.fileName)
      let text = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\nvalue:")[0]
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let project = try Project.open(made.folder, among: [solution]).project
      let data = try ProjectData(project, solution.card, threads: 2)
      XCTAssertTrue(try solution.check(project, data).contains { $0.words.contains("no money") })
      let results = try run(project)
      XCTAssertFalse(results.measures.contains { $0.name.hasPrefix("cost") || $0.name == "saving" })
      let told = String(decoding: try CanonicalJSON.encode(results), as: UTF8.self)
      for word in ["EUR", "10,000", "cheaper"] { XCTAssertFalse(told.contains(word), word) }
      XCTAssertTrue(told.contains("write failure and service under value"))
      let prevented = try XCTUnwrap(results.measure("failures-prevented")).value
      XCTAssertTrue(prevented.hasInterval, "\(prevented)")
      let rows = try solution.predict(project, data, ProjectContext(threads: 2))
      let p = try rows.column("probability").numbers()
      for row in p.indices { XCTAssertEqual(rows["action"]?.text(at: row), p[row] >= 0.5 ? "service" : "wait") }
    }
  }

  func testGivenPartsAndTimeDecideTheTest() throws {
    try withTemporaryFolder { folder in
      let parts = try make(folder + "/a", jobs: 2_000) { start in
        let sides = (0..<2_000).map { $0 % 2 == 0 ? "train" : "test" }
        start.table = try start.table.setting(Column("side", .category(CategoryValues(sides))))
        start.columns["part"] = "side"
      }
      let given = try run(parts, candidates: 1)
      XCTAssertEqual(given.experiment?.problem.testRows, 1_000)
      let timed = try make(folder + "/b", jobs: 2_000) { start in
        start.table = try start.table.setting(Column("hour", .integer((0..<2_000).map { Int64($0) })))
        start.columns["cycle"] = "hour"
      }
      let later = try run(timed, candidates: 1)
      XCTAssertEqual(later.experiment?.problem.testRows, 500)
      XCTAssertFalse(later.experiment?.problem.columns.contains("cycle") ?? true)
    }
  }

  func testFieldsAreNeededForTheirKindOfRecords() throws {
    func parse(_ columns: String, _ records: String) throws {
      _ = try Project.parse(
        "solution: maintenance\ndata: d.csv\ncolumns:\n\(columns)settings:\n  records: \(records)\n", folder: "f",
        name: "solution.yaml", among: [solution])
    }
    try parse("  failed: x\n", "snapshots")
    try parse("  unit: a\n  cycle: b\n", "lives")
    assertAssayError(.configuration, saying: ["\"failed\"", "records: snapshots"]) {
      try parse("  unit: a\n", "snapshots")
    }
    assertAssayError(.configuration, saying: ["\"unit\"", "records: lives"]) { try parse("  failed: a\n", "lives") }
    assertAssayError(.configuration, saying: ["lives, snapshots"]) { try parse("  failed: a\n", "photos") }
  }

  func testWhatIsOddIsSaidBefore() throws {
    try withTemporaryFolder { folder in
      func findings(_ name: String, _ change: (inout ProjectStart) throws -> Void) throws -> [ProjectFinding] {
        let project = try make(folder + "/" + name, jobs: 1_500, change: change)
        return try solution.check(project, ProjectData(project, solution.card, threads: 1))
      }
      let plain = try findings("plain") { _ in }
      XCTAssertFalse(plain.contains { $0.level == .stop }, "\(plain)")
      XCTAssertTrue(plain.contains { $0.words.contains("too few failures to tell these modes by") })
      XCTAssertTrue(plain.contains { $0.words.contains("worked out from other columns: power, warmth, wear") })
      let few = try findings("few") { $0.table = $0.table.selecting(rows: Array(0..<100)) }
      XCTAssertTrue(few.contains { $0.level == .stop && $0.words.contains("too few") })
      let stray = try findings("stray") { start in
        var marks = try start.table.column("tool").numbers().map { Int64($0) }
        let failed = try start.table.column("failed").numbers()
        for row in failed.indices.filter({ failed[$0] == 0 }).prefix(5) { marks[row] = 1 }
        start.table = try start.table.setting(Column("tool", .integer(marks)))
      }
      XCTAssertTrue(stray.contains { $0.words.contains("5 rows name the mode tool") }, "\(stray)")
      let dear = try findings("dear") { $0.settings["service"] = "20000" }
      XCTAssertTrue(dear.contains { $0.words.contains("no service pays") })
    }
  }

  func testFormulasAndModesThatDoNotFit() throws {
    try withTemporaryFolder { folder in
      func check(_ name: String, _ setting: String, _ text: String) throws {
        let project = try make(folder + "/" + name, jobs: 1_000) { $0.settings[setting] = text }
        _ = try solution.check(project, ProjectData(project, solution.card, threads: 1))
      }
      assertAssayError(.configuration, saying: ["\"tool\"", "afterwards", "derived"]) {
        try check("leak", "derived", "worn = tool * 2")
      }
      assertAssayError(.configuration, saying: ["\"failed\"", "afterwards"]) {
        try check("target", "derived", "worn = failed + pressure_bar")
      }
      assertAssayError(.configuration, saying: ["pressure", "did you mean"]) {
        try check("unknown", "derived", "worn = pressure_barr * 2")
      }
      assertAssayError(.schema, saying: ["\"rust\"", "modes"]) { try check("modes", "modes", "overload, rust") }
      assertAssayError(.schema, saying: ["yes or no", "strokes_min"]) { try check("numbers", "modes", "strokes_min") }
    }
  }
}
