import Basics
import Checks
import Foundation
import Maintenance
import Projects
import Tables
import XCTest

/// What a fleet's odd records are answered with.
final class MaintenanceCheckTests: XCTestCase {
  private func findings(
    settings: [String: String] = [:], seed: UInt64 = 1, _ change: (Table) throws -> Table = { $0 }
  ) throws -> [ProjectFinding] {
    try withTemporaryFolder { folder in
      try FleetProject(in: folder, seed: seed, settings: settings, change: change).check()
    }
  }

  private func words(_ findings: [ProjectFinding], _ level: ProjectFinding.Level) -> [String] {
    findings.filter { $0.level == level }.map { "\($0.words) -> \($0.remedy)" }
  }

  /// The fleet with some rows' temperature in degrees Fahrenheit.
  private func fahrenheit(_ table: Table, _ isChanged: (_ unit: String, _ row: Int) -> Bool) throws -> Table {
    let unit = try table.column("unit")
    let degrees = try table.column("bearing_temp_c").numbers()
    let changed = degrees.indices.map { isChanged(unit.text(at: $0) ?? "", $0) ? 1.8 * degrees[$0] + 32 : degrees[$0] }
    return try table.setting(Column("bearing_temp_c", .float(changed)))
  }

  func testGoodRecordsHaveNoWarningButFewFailures() throws {
    for seed in checkSeeds {
      for line in words(try findings(seed: seed), .warning) { XCTAssertTrue(line.contains("are few"), line) }
    }
  }

  func testTemperaturesInFahrenheitAreFoundWithColumnAndPlace() throws {
    for seed in checkSeeds {
      let machines = words(try findings(seed: seed) { try fahrenheit($0) { unit, _ in unit.hasSuffix("3") } }, .warning)
        .filter { $0.contains("usually") }
      XCTAssertEqual(machines.count, 1, "\(machines)")
      for part in ["bearing_temp_c", "all of machine U-1003", "machines", "Fahrenheit instead of Celsius"] {
        XCTAssertTrue(machines.first?.contains(part) ?? false, "\(machines): \(part)")
      }
      // From some row on, in one machine.
      var first = 0
      let rows = words(
        try findings(seed: seed) { table in
          let unit = try table.column("unit")
          let own = (0..<unit.count).filter { unit.text(at: $0) == "U-1005" }
          first = own[own.count / 2]
          return try fahrenheit(table) { unit, row in unit == "U-1005" && row >= first }
        }, .warning
      ).filter { $0.contains("usually") }
      XCTAssertEqual(rows.count, 1, "\(rows)")
      for part in ["bearing_temp_c", "1 machine", "machine U-1005 from row", "Fahrenheit"] {
        XCTAssertTrue(rows.first?.contains(part) ?? false, "\(rows): \(part)")
      }
      let named = rows.first?.split(separator: " ").compactMap { Int($0) } ?? []
      // A reading may be missing at the change itself.
      XCTAssertTrue(named.contains { ($0 - first - 1) >= 0 && ($0 - first - 1) < 4 }, "\(rows), row \(first + 1)")
    }
  }

  func testFewDoubledTimesAreMergedAndManyAreRefused() throws {
    let few = try findings { $0.selecting(rows: [0, 0, 5] + Array(1..<$0.rowCount)) }
    XCTAssertTrue(words(few, .warning).contains { $0.contains("a time again") && $0.contains("mean") }, "\(few)")
    XCTAssertEqual(words(few, .stop), [])
    // Two machines under one name.
    let many = try findings { table in
      let unit = try table.column("unit")
      let names = (0..<unit.count).map { row -> String? in
        let name = unit.text(at: row) ?? ""
        return name.hasSuffix("7") ? name.dropLast() + "8" : name
      }
      return try table.setting(Column("unit", .category(CategoryValues(names))))
    }
    XCTAssertTrue(words(many, .stop).contains { $0.contains("time of another row") && $0.contains("one name") })
  }

  func testGapsAndIrregularSteps() throws {
    let gap = try findings { table in
      var cycles = try table.column("cycle").numbers()
      let unit = try table.column("unit")
      let own = cycles.indices.filter { unit.text(at: $0) == unit.text(at: 0) }
      for row in own.dropFirst(20) { cycles[row] += 1_000 }
      return try table.setting(Column("cycle", .float(cycles)))
    }
    XCTAssertTrue(words(gap, .warning).contains { $0.contains("a step of 1001") && $0.contains("row 21") }, "\(gap)")
    let irregular = try findings { table in
      var random = RandomKey(seed: 4).stream()
      return table.selecting(rows: (0..<table.rowCount).filter { _ in random.uniform() < 0.3 })
    }
    XCTAssertTrue(
      words(irregular, .warning).contains { $0.contains("steps are irregular") && $0.contains("the like in") },
      "\(irregular)")
  }

  func testCostsWithWhichNothingPays() throws {
    let looks = words(try findings(settings: ["inspection": "500"]), .warning)
    XCTAssertTrue(looks.contains { $0.contains("watching is a loss") }, "\(looks)")
    XCTAssertFalse(words(try findings(settings: ["inspection": "1"]), .warning).contains { $0.contains("loss") })
    XCTAssertTrue(words(try findings(settings: ["service": "0"]), .stop).contains { $0.contains("cost something") })
  }

  func testTooFewFailuresAreToldWithTheWayOut() throws {
    let none = try findings { table in
      try table.setting(Column("failed", .integer(Array(repeating: 0, count: table.rowCount))))
    }
    XCTAssertTrue(words(none, .stop).contains { $0.contains("0 machines failed") && $0.contains("failed") })
  }

  /// The rows of the first machine in the table.
  private func first(_ table: Table) throws -> [Int] {
    let unit = try table.column("unit")
    return (0..<unit.count).filter { unit.text(at: $0) == unit.text(at: 0) }
  }

  func testContradictoryRecordsStopARun() throws {
    let revived = try findings { table in
      var marks = try table.column("failed").numbers().map { Int64($0) }
      let own = try first(table)
      for row in own { marks[row] = 0 }
      marks[own[10]] = 1
      return try table.setting(Column("failed", .integer(marks)))
    }
    XCTAssertTrue(
      words(revived, .stop).contains { $0.contains("failed in row 11 of the table and goes on") }, "\(revived)")
    let restarted = try findings { table in
      var cycles = try table.column("cycle").numbers()
      let own = try first(table)
      let middle = own.count / 2
      for (place, row) in own.enumerated() where place >= middle { cycles[row] = Double(place - middle) + 1.5 }
      return try table.setting(Column("cycle", .float(cycles)))
    }
    XCTAssertTrue(words(restarted, .stop).contains { $0.contains("as if counting began anew") }, "\(restarted)")
    // A row that comes a little late is sorted, and told.
    let late = try findings { table in
      var rows = Array(0..<table.rowCount)
      rows.swapAt(5, 6)
      return table.selecting(rows: rows)
    }
    XCTAssertEqual(words(late, .stop), [])
    XCTAssertTrue(words(late, .warning).contains { $0.contains("backwards") }, "\(late)")
  }

  func testShortRecordsAreNoFailuresToLearnFrom() throws {
    let short = try findings { table in
      let unit = try table.column("unit")
      var seen: [String: Int] = [:]
      let rows = (0..<unit.count).filter { row in
        let count = seen[unit.text(at: row) ?? "", default: 0]
        seen[unit.text(at: row) ?? ""] = count + 1
        return count < 3
      }
      return table.selecting(rows: rows)
    }
    XCTAssertTrue(words(short, .stop).contains { $0.contains("0 machines failed with a record of at least 5 rows") })
    XCTAssertTrue(words(short, .warning).contains { $0.contains("fewer than 5 rows") }, "\(short)")
    XCTAssertTrue(words(short, .warning).contains { $0.contains("longest life is 100 cycles") }, "\(short)")
  }

  func testTheUnitOfTimeIsSaidOrRefused() throws {
    XCTAssertTrue(words(try findings(), .note).contains { $0.contains("count cycles") })
    let hours = words(try findings(settings: ["time unit": "operating hours"]), .note)
    XCTAssertTrue(hours.contains { $0.contains("count operating hours") }, "\(hours)")
    try withTemporaryFolder { folder in
      let dates = try FleetProject(in: folder, settings: ["time unit": "hours"], time: "time").check()
      XCTAssertTrue(words(dates, .note).contains { $0.contains("counted in hours") }, "\(dates)")
    }
    try withTemporaryFolder { folder in
      let fleet = try FleetProject(in: folder, settings: ["time unit": "cycles"], time: "time")
      assertAssayError(.configuration, saying: ["dates", "cycles", "hours"]) { try fleet.check() }
    }
  }
}
