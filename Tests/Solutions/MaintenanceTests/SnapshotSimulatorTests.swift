import Basics
import Checks
import Maintenance
import Tables
import XCTest

/// The presses whose jobs are the snapshots of the other tests.
final class SnapshotSimulatorTests: XCTestCase {
  private func numbers(_ table: Table, _ name: String) throws -> [Double] { try table.column(name).numbers() }

  func testSameKeySameJobs() throws {
    for seed in checkSeeds {
      let a = try SnapshotSimulator(jobs: 300, key: RandomKey(seed: seed)).simulate()
      let b = try SnapshotSimulator(jobs: 300, key: RandomKey(seed: seed)).simulate()
      let c = try SnapshotSimulator(jobs: 300, key: RandomKey(seed: seed + 1)).simulate()
      XCTAssertEqual(a.jobs.contentHash(), b.jobs.contentHash())
      XCTAssertEqual(a.truth.contentHash(), b.truth.contentHash())
      XCTAssertNotEqual(a.jobs.contentHash(), c.jobs.contentHash())
    }
  }

  func testFailuresFollowTheLimits() throws {
    for seed in checkSeeds {
      let simulation = try SnapshotSimulator(jobs: 20_000, key: RandomKey(seed: seed)).simulate()
      let (jobs, truth) = (simulation.jobs, simulation.truth)
      let marks = try SnapshotSimulator.modes.map { try numbers(jobs, $0) }
      let failed = try numbers(jobs, "failed")
      let (power, wear) = (try numbers(truth, "power"), try numbers(truth, "wear"))
      let warmth = try numbers(truth, "warmth")
      var several = 0
      for job in failed.indices {
        let count = marks.count { $0[job] == 1 }
        XCTAssertEqual(failed[job], count > 0 ? 1 : 0)
        if count > 1 { several += 1 }
        if marks[0][job] == 1 { XCTAssertGreaterThan(power[job], 29) }
        if marks[1][job] == 1 { XCTAssertGreaterThan(warmth[job], 31) }
        if marks[2][job] == 1 { XCTAssertGreaterThan(wear[job], 1) }
      }
      XCTAssertGreaterThan(several, 3, "seed \(seed)")
      // Nine of ten beyond a limit fail: 20,000 jobs have a few hundred, so four standard errors are 0.08.
      let beyond = power.indices.filter { power[$0] > 29 }
      let share = Double(beyond.count { marks[0][$0] == 1 }) / Double(beyond.count)
      XCTAssertEqual(share, 0.9, accuracy: 0.09, "seed \(seed)")
      let rate = failed.reduce(0, +) / Double(failed.count)
      XCTAssertGreaterThan(rate, 0.02)
      XCTAssertLessThan(rate, 0.05)
      for (mode, mark) in zip(SnapshotSimulator.modes, marks).dropLast() {
        XCTAssertGreaterThan(mark.reduce(0, +), 100, "\(mode), seed \(seed)")
      }
      XCTAssertLessThan(marks[3].reduce(0, +), 45, "electrical, 20 expected")
    }
  }

  func testReadingsAreNearTheTruth() throws {
    let simulation = try SnapshotSimulator(key: RandomKey(seed: 3)).simulate()
    let pressure = try numbers(simulation.jobs, "pressure_bar")
    let flow = try numbers(simulation.jobs, "flow_l_min")
    let power = try numbers(simulation.truth, "power")
    let errors = power.indices.map { abs(pressure[$0] * flow[$0] / 600 / power[$0] - 1) }
    // Two readings of 1 % noise each: the mean absolute error is 1.13 %.
    XCTAssertEqual(errors.reduce(0, +) / Double(errors.count), 0.0113, accuracy: 0.001)
    let missing = Double(try simulation.jobs.column("oil_c").missingCount) / 6_000
    XCTAssertEqual(missing, 0.01, accuracy: 0.006)
  }
}
