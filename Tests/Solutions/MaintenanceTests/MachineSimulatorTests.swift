import Basics
import Checks
import Foundation
import Maintenance
import Tables
import XCTest

final class MachineSimulatorTests: XCTestCase {
  private func numbers(_ table: Table, _ name: String) throws -> [Double] { try table.column(name).numbers() }

  /// The rows of each unit, in order.
  private func units(_ table: Table) throws -> [Range<Int>] {
    let codes = try numbers(table, "unit")
    var ranges: [Range<Int>] = []
    var start = 0
    for row in codes.indices where row == codes.count - 1 || codes[row + 1] != codes[row] {
      ranges.append(start..<row + 1)
      start = row + 1
    }
    return ranges
  }

  /// The correlation of two columns over the rows where neither is missing.
  private func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let pairs = zip(a, b).filter { !$0.0.isNaN && !$0.1.isNaN }
    let count = Double(pairs.count)
    let (meanA, meanB) = (pairs.map(\.0).reduce(0, +) / count, pairs.map(\.1).reduce(0, +) / count)
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in pairs {
      ab += (x - meanA) * (y - meanB)
      aa += (x - meanA) * (x - meanA)
      bb += (y - meanB) * (y - meanB)
    }
    return ab / (aa * bb).squareRoot()
  }

  func testSameKeySameTables() throws {
    for seed in checkSeeds {
      let a = try MachineSimulator(units: 12, days: 200, key: RandomKey(seed: seed)).simulate()
      let b = try MachineSimulator(units: 12, days: 200, key: RandomKey(seed: seed)).simulate(threads: 2)
      let c = try MachineSimulator(units: 12, days: 200, key: RandomKey(seed: seed + 1)).simulate()
      XCTAssertEqual(a.cycles.contentHash(), b.cycles.contentHash())
      XCTAssertEqual(a.truth.contentHash(), b.truth.contentHash())
      XCTAssertEqual(a.units.contentHash(), b.units.contentHash())
      XCTAssertNotEqual(a.cycles.contentHash(), c.cycles.contentHash())
    }
  }

  func testWearNeverFallsButAtServices() throws {
    for seed in checkSeeds {
      let simulation = try MachineSimulator(units: 40, key: RandomKey(seed: seed)).simulate()
      let bearing = try numbers(simulation.truth, "bearing_wear")
      let seal = try numbers(simulation.truth, "seal_wear")
      let impeller = try numbers(simulation.truth, "impeller_wear")
      let services = try numbers(simulation.cycles, "service")
      let cycles = try numbers(simulation.cycles, "cycle")
      var falls = 0
      for rows in try units(simulation.cycles) {
        for row in rows.dropFirst() {
          XCTAssertEqual(cycles[row], cycles[row - 1] + 1)
          XCTAssertGreaterThanOrEqual(bearing[row], bearing[row - 1])
          XCTAssertGreaterThanOrEqual(impeller[row], impeller[row - 1])
          if seal[row] < seal[row - 1] {
            XCTAssertEqual(services[row], 1)
            falls += 1
          }
          XCTAssertEqual(services[row], Int(cycles[row]) % 90 == 1 ? 1 : 0)
        }
      }
      XCTAssertGreaterThan(falls, 10)
      for wear in [bearing, seal, impeller] { XCTAssertTrue(wear.allSatisfy { $0 >= 0 && $0 <= 1 }) }
    }
  }

  func testLivesCountDownToTheFailure() throws {
    let simulation = try MachineSimulator(key: RandomKey(seed: 7)).simulate(threads: 2)
    let left = try numbers(simulation.truth, "remaining_life")
    let wear = try ["bearing_wear", "seal_wear", "impeller_wear"].map { try numbers(simulation.truth, $0) }
    let failed = try numbers(simulation.units, "failed")
    let last = try numbers(simulation.units, "last_cycle")
    let installed = try numbers(simulation.units, "installed")
    let end = 1_704_067_200 + 500 * 86_400.0
    let ranges = try units(simulation.cycles)
    XCTAssertEqual(ranges.count, 100)
    for (unit, rows) in ranges.enumerated() {
      XCTAssertEqual(Double(rows.count), last[unit])
      for row in rows.dropFirst() { XCTAssertEqual(left[row], left[row - 1] - 1) }
      let final = rows.upperBound - 1
      let mode = simulation.units["failure_mode"]?.text(at: unit)
      let coming = simulation.truth["mode"]?.text(at: final) ?? ""
      if failed[unit] == 1 {
        XCTAssertEqual(left[final], 0)
        XCTAssertEqual(mode, coming)
        let worn = wear.map { $0[final] >= 1 }
        let part = ["bearing", "seal", "impeller"].firstIndex(of: coming)
        XCTAssertEqual(worn.contains(true), part != nil)
        if let part { XCTAssertTrue(worn[part]) }
      } else {
        XCTAssertGreaterThan(left[final], 0)
        XCTAssertNil(mode)
        XCTAssertEqual(installed[unit] + last[unit] * 86_400, end, "censored before the end of the observation")
      }
      for row in rows.dropLast() { XCTAssertTrue(wear.allSatisfy { $0[row] < 1 }) }
    }
  }

  func testFailuresAndCensoring() throws {
    var modes: [String: Int] = [:]
    for seed in checkSeeds {
      let simulation = try MachineSimulator(key: RandomKey(seed: seed)).simulate(threads: 2)
      let failed = try numbers(simulation.units, "failed").reduce(0, +) / 100
      XCTAssertGreaterThan(failed, 0.5, "seed \(seed)")
      XCTAssertLessThan(failed, 0.95, "seed \(seed)")
      for unit in 0..<100 {
        if let mode = simulation.units["failure_mode"]?.text(at: unit) { modes[mode, default: 0] += 1 }
      }
    }
    for mode in MachineSimulator.failureModes { XCTAssertGreaterThan(modes[mode] ?? 0, 8, "\(mode): \(modes)") }
  }

  func testSensorsShowWearAndConditions() throws {
    for seed in checkSeeds {
      let simulation = try MachineSimulator(key: RandomKey(seed: seed)).simulate(threads: 2)
      func sensor(_ name: String, _ other: [Double]) throws -> Double {
        correlation(try numbers(simulation.cycles, name), other)
      }
      let load = try numbers(simulation.cycles, "load")
      let bearing = try numbers(simulation.truth, "bearing_wear")
      XCTAssertGreaterThan(try sensor("vibration_mm_s", bearing), 0.6)
      XCTAssertGreaterThan(try sensor("oil_particles_ppm", bearing), 0.8)
      XCTAssertGreaterThan(try sensor("seal_leak_ml_h", numbers(simulation.truth, "seal_wear")), 0.6)
      XCTAssertGreaterThan(try sensor("motor_current_a", load), 0.8)
      XCTAssertGreaterThan(try sensor("bearing_temp_c", numbers(simulation.cycles, "ambient_c")), 0.4)
      for truth in ["bearing_wear", "seal_wear", "impeller_wear", "remaining_life"] {
        XCTAssertLessThan(abs(try sensor("supply_v", numbers(simulation.truth, truth))), 0.15, truth)
      }
      // What is left goes down with the wear of the most worn part.
      let worst = try ["seal_wear", "impeller_wear"].reduce(bearing) {
        zip($0, try numbers(simulation.truth, $1)).map(max)
      }
      XCTAssertLessThan(correlation(worst, try numbers(simulation.truth, "remaining_life")), -0.5)
    }
  }

  func testMissingMeasurements() throws {
    let table = try MachineSimulator(key: RandomKey(seed: 1)).simulate(threads: 2).cycles
    for sensor in MachineSimulator.sensors {
      let share = Double(try table.column(sensor).missingCount) / Double(table.rowCount)
      XCTAssertEqual(share, sensor == "oil_particles_ppm" ? 0.9 : 0.01, accuracy: 0.015, sensor)
    }
    for name in ["unit", "time", "cycle", "model", "site", "load", "ambient_c", "service"] {
      XCTAssertEqual(try table.column(name).missingCount, 0, name)
    }
  }

  func testServicesProlongLives() throws {
    var (with, without) = (0.0, 0.0)
    for seed in checkSeeds {
      // Beyond all lives, so that none is censored.
      let key = RandomKey(seed: seed)
      let serviced = try MachineSimulator(units: 60, days: 3_000, key: key).simulate(threads: 2)
      let bare = try MachineSimulator(units: 60, days: 3_000, serviceInterval: nil, key: key).simulate(threads: 2)
      XCTAssertEqual(try numbers(bare.cycles, "service").reduce(0, +), 0)
      with += try numbers(serviced.units, "last_cycle").reduce(0, +)
      without += try numbers(bare.units, "last_cycle").reduce(0, +)
    }
    XCTAssertGreaterThan(with, 1.15 * without)
  }
}
