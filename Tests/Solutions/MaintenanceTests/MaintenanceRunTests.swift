import Basics
import Checks
import Experiments
import Foundation
import Maintenance
import Projects
import Synchronization
import Tables
import XCTest

/// Whole runs on a simulated fleet.
final class MaintenanceRunTests: XCTestCase {
  private func value(_ outcome: ProjectOutcome, _ name: String) throws -> Double {
    try XCTUnwrap(outcome.results.measure(name)).value.value
  }

  private func table(_ outcome: ProjectOutcome, _ part: String, _ label: String) throws -> ResultTable {
    let blocks = try XCTUnwrap(outcome.results.parts.first { $0.identifier == part }).blocks
    let tables = blocks.compactMap { block -> ResultTable? in
      if case .table(let table) = block { table } else { nil }
    }
    return try XCTUnwrap(tables.first { $0.label == label })
  }

  /// When each piece of a stopped run was written, without what tells the time that it used.
  private static func pieces(_ folder: String) throws -> [String: Date] {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix("time-used") }
    return Dictionary(
      uniqueKeysWithValues: try files.map {
        let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + $0)
        return ($0, attributes[.modificationDate] as? Date ?? .distantPast)
      })
  }

  func testFailuresWithinTheHorizonAreForetoldAndSensorsNamed() throws {
    try withTemporaryFolder { folder in
      let fleet = try FleetProject(in: folder, units: 50, settings: ["horizon": "25"])
      let outcome = try fleet.run()
      // Wear shows, so the error must be below that of telling the same of every machine.
      let (brier, reference) = (try value(outcome, "failure-brier"), try value(outcome, "failure-brier-constant"))
      XCTAssertLessThan(brier, 0.9 * reference)
      // A quarter of 50 machines is few, and some fail for reasons that nothing shows.
      XCTAssertGreaterThan(try value(outcome, "failure-concordance"), 0.55)

      let methods = try table(outcome, "failures", "Methods that foretell failures")
      let names = methods.rows.map { row -> String in
        if case .text(let name) = row[0] { name } else { "" }
      }
      for name in ["predicted life", "Cox regression", "hazards by boosting", "the same for all"] {
        XCTAssertTrue(names.contains(name), name)
      }
      let errors = methods.rows.map { row -> Double in
        if case .number(let error, _) = row[1] { error } else { .nan }
      }
      XCTAssertEqual(errors, errors.sorted(), "the best comes first")
      XCTAssertEqual(methods.highlighted, 0)
      XCTAssertTrue(errors.allSatisfy { $0 > 0 && $0 < 0.26 }, "no error is worse than telling one half: \(errors)")

      // What drives the predictions are sensors, and what the health of all of them adds is dealt out to them.
      let shown = try XCTUnwrap(outcome.results.parts.first { $0.identifier == "drivers" })
      guard case .charts(let charts) = shown.blocks[0] else { return XCTFail("no chart of drivers") }
      let drivers = try XCTUnwrap(charts[0].y.names)
      XCTAssertTrue(Set(drivers).isSubset(of: Set(MachineSimulator.sensors + ["age"])), "\(drivers)")
      let showsWear = ["vibration_mm_s", "oil_particles_ppm", "seal_leak_ml_h", "flow_m3h", "pressure_bar"]
      XCTAssertFalse(Set(drivers.prefix(3)).isDisjoint(with: showsWear), "\(drivers)")
      XCTAssertNotEqual(drivers.first, "supply_v")

      let machines = try table(outcome, "fleet", "Machines by urgency")
      XCTAssertEqual(machines.columns[3], "fails within 25 cycles")
      try judgeOrder(machines, outcome)
      let told = try fleet.solution.predict(
        fleet.project, fleet.data, ProjectContext(threads: 2))
      let risks = try told.column("failure within horizon").numbers()
      XCTAssertTrue(risks.allSatisfy { $0 >= 0 && $0 <= 1 })
      XCTAssertGreaterThan(risks.max() ?? 0, 0.5, "machines at their failure are among them")
      let lives = try told.column("remaining").numbers()
      let (short, long) = (lives.indices.filter { lives[$0] < 20 }, lives.indices.filter { lives[$0] > 60 })
      XCTAssertFalse(short.isEmpty || long.isEmpty)
      func mean(_ rows: [Int]) -> Double { rows.reduce(0) { $0 + risks[$1] } / Double(rows.count) }
      XCTAssertGreaterThan(mean(short), mean(long) + 0.3)
    }
  }

  /// The most urgent machine comes first, none is served after a less urgent one, and "too late" has a reason.
  private func judgeOrder(_ machines: ResultTable, _ outcome: ProjectOutcome) throws {
    var (lives, words, lowers) = ([Double](), [String](), [Double]())
    for row in machines.rows {
      guard case .estimate(let life, _) = row[2], case .text(let service) = row[5] else { return XCTFail("\(row)") }
      lives.append(life.value)
      lowers.append(life.lower)
      words.append(service)
    }
    XCTAssertEqual(lives, lives.sorted())
    XCTAssertTrue(words[0].hasPrefix("now"), words[0])
    let waits = words.map { word -> Double in
      word.hasPrefix("now") ? 0 : Double(word.split(separator: " ").dropFirst().first ?? "") ?? .nan
    }
    XCTAssertEqual(waits, waits.sorted())
    for wait in Set(waits) { XCTAssertLessThanOrEqual(waits.count { $0 == wait }, 2, "the crew can do two") }
    XCTAssertTrue(words.contains { $0.contains("too late") }, "machines at their failure are among them")
    for (place, word) in words.enumerated() where word.contains("too late") {
      // Between the decision and the service lie 5 cycles, and the wait for the crew.
      XCTAssertGreaterThan(5 + waits[place], lowers[place])
    }
    let blocks = try XCTUnwrap(outcome.results.parts.first).blocks
    guard case .text(let meaning) = blocks[0] else { return XCTFail("no words above the table") }
    XCTAssertTrue(meaning.contains("serve at once") && meaning.contains("5 cycles"), meaning)
  }

  func testWithoutCostsThereIsNoMoneyAndDatesAreCountedInDays() throws {
    try withTemporaryFolder { folder in
      let fleet = try FleetProject(in: folder, units: 30, time: "time", givesCosts: false)
      let findings = try fleet.check().map(\.words)
      XCTAssertTrue(findings.contains { $0.contains("no money") }, "\(findings)")
      XCTAssertTrue(findings.contains { $0.contains("counted in days") }, "\(findings)")
      let outcome = try fleet.run(budget: 1)
      XCTAssertEqual(outcome.results.parts.map(\.identifier).prefix(3), ["fleet", "effect", "accuracy"])
      XCTAssertFalse(outcome.results.measures.contains { $0.name.contains("cost") })
      let text = String(decoding: try CanonicalJSON.encode(outcome.results), as: UTF8.self)
      for word in ["EUR", "saved", "cheaper", "10,000"] { XCTAssertFalse(text.contains(word), word) }
      XCTAssertTrue(text.contains("write failure and service under value"))
      // Lives of a hundred days or so are millions of seconds.
      XCTAssertLessThan(try value(outcome, "rmse"), 60)
      XCTAssertEqual(outcome.results.measure("rmse")?.unit, "days")
      XCTAssertTrue(outcome.results.headline.contains("days left"), outcome.results.headline)
      // The limit keeps what it promises on the machines that it was chosen on, and nearly so on others.
      XCTAssertLessThan(try value(outcome, "failed-first"), 0.35)
      let machines = try table(outcome, "fleet", "Machines by urgency")
      guard case .text(let date) = machines.rows[0][1] else { return XCTFail("no date") }
      XCTAssertTrue(date.hasPrefix("20"), date)
      let told = try fleet.solution.predict(fleet.project, fleet.data, ProjectContext(threads: 2))
      XCTAssertEqual(told["cycle"]?.kind, .dateTime)
      let waits = try told.column("service in").numbers()
      XCTAssertEqual(waits, waits.sorted(), "the most urgent come first")
    }
  }

  func testAStoppedRunGoesOnToTheSameBits() throws {
    try withTemporaryFolder { folder in
      let fleet = try FleetProject(in: folder, units: 30)
      let whole = try fleet.run()
      let model = try Data(contentsOf: URL(fileURLWithPath: fleet.project.path("model")))
      let place = fleet.project.path(ProjectStore.folderName)
      XCTAssertFalse(FileManager.default.fileExists(atPath: place), "a finished run leaves nothing")
      try FileManager.default.removeItem(atPath: fleet.project.path("model"))

      let interruption = Interruption()
      assertAssayError(.cancelled, saying: ["interrupted", ".partial", "assay run \(fleet.folder) --resume"]) {
        try fleet.run(interruption: interruption) { _, words in
          if words == "boosting, machines 3 of 5" { interruption.request() }
        }
      }
      XCTAssertFalse(FileManager.default.fileExists(atPath: fleet.project.path("model")))
      let before = try Self.pieces(place)
      // Three methods for lives and four for failures on two folds, and those before boosting on the third.
      XCTAssertEqual(before.count, 2 * 7 + 2)
      // A run that is taken up again has the time that is left, not a whole budget.
      let (project, data) = (fleet.project, fleet.data)
      @Sendable func timeUsed() throws -> Double {
        let store = try ProjectStore(project, data, ProjectContext(seed: 3, resumes: true))
        return try XCTUnwrap(store.load("time used", as: Double.self))
      }
      let used = try timeUsed()
      XCTAssertGreaterThan(used, 0)

      let seen = Mutex<[String: Date]>([:])
      let total = Mutex(0.0)
      let resumed = try fleet.run(resumes: true, threads: 1) { _, words in
        if words.hasPrefix("measuring"), let now = try? Self.pieces(place) {
          seen.withLock { $0 = now }
          total.withLock { $0 = (try? timeUsed()) ?? 0 }
        }
      }
      XCTAssertGreaterThan(total.withLock { $0 }, used)
      let after = seen.withLock { $0 }
      XCTAssertEqual(after.count, 5 * 7)
      for (name, date) in before { XCTAssertEqual(after[name], date, "\(name) was made again") }
      XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: fleet.project.path("model"))), model)
      // Bounds that are not known are not-a-number, which equals nothing.
      XCTAssertEqual(resumed.results.measures.map(\.value.value), whole.results.measures.map(\.value.value))
      XCTAssertEqual(resumed.results.parts.first, whole.results.parts.first)
      XCTAssertFalse(FileManager.default.fileExists(atPath: place))
    }
  }

  /// A machine with one row, another told backwards, and costs with which no service pays.
  func testOddRecordsAndUselessServicesDoNotStopARun() throws {
    try withTemporaryFolder { folder in
      let fleet = try FleetProject(in: folder, units: 30, settings: ["failure": "1000", "service": "2000"]) { table in
        let unit = try table.column("unit")
        let names = (0..<unit.count).map { unit.text(at: $0) ?? "" }
        let second = try XCTUnwrap(names.first { $0 != names[0] })
        let backwards = names.indices.filter { names[$0] == second }.reversed()
        return table.selecting(
          rows: [0] + backwards + names.indices.filter { names[$0] != names[0] && names[$0] != second })
      }
      let findings = try fleet.check()
      XCTAssertFalse(findings.contains { $0.level == .stop }, "\(findings)")
      let warnings = findings.filter { $0.level == .warning }.map(\.words)
      for parts in [["one row"], ["backwards", "sorted"], ["every service is a loss"]] {
        let said = warnings.filter { words in parts.allSatisfy { words.contains($0) } }
        XCTAssertEqual(said.count, 1, "\(parts) in \(warnings)")
      }
      let outcome = try fleet.run()
      XCTAssertTrue(try value(outcome, "rmse").isFinite)
      XCTAssertTrue(outcome.results.headline.contains("no cheaper than running to failure"), outcome.results.headline)
      let cost = try XCTUnwrap(outcome.results.parts.first { $0.identifier == "cost" })
      guard case .caution(let words, _) = cost.blocks[0] else { return XCTFail("no caution") }
      XCTAssertTrue(words.contains("loss"))
    }
  }
}
