import Basics
import Checks
import Estimators
import Foundation
import Sequences
import XCTest

final class HealthIndexTests: XCTestCase {
  private func machines(_ seed: UInt64, conditions: Int = 1) throws -> [UnitSequences] {
    let key = RandomKey(seed: seed)
    let training = try WearingMachines.sequences(units: 12, conditions: conditions, key: key["training"])
    let test = try WearingMachines.sequences(units: 6, conditions: conditions, key: key["test"])
    return try WearingMachines.prepared(training: training, [training, test])
  }

  func testHealthFallsFromOneToZero() throws {
    for seed in checkSeeds {
      for conditions in [1, 3] {
        let units = try machines(seed, conditions: conditions)
        for method in [HealthIndex.Method.remainingLife(cap: 60), .principal] {
          let model = try HealthIndex(method).fit(units[0])
          let values = try model.values(of: units[1])
          XCTAssertTrue(values.health.allSatisfy { (0...1).contains($0) })
          for unit in units[1].units {
            let health = values.health[unit.rows]
            XCTAssertGreaterThan(health[unit.rows.lowerBound + 10], 0.6, "\(method), seed \(seed)")
            XCTAssertLessThan(health[unit.rows.upperBound - 1], 0.45, "\(method), seed \(seed)")
            XCTAssertLessThan(values.trend[unit.rows.upperBound - 1], 0)
          }
        }
      }
    }
  }

  /// Health that is taken not to heal rises far less, and no less right.
  func testMonotoneHealthHardlyRises() throws {
    func rises(_ values: HealthIndexModel.Values, _ units: UnitSequences) -> Double {
      units.units.reduce(0) { sum, unit in
        sum + zip(values.health[unit.rows], values.health[unit.rows].dropFirst()).reduce(0) { $0 + max(0, $1.1 - $1.0) }
      }
    }
    for seed in checkSeeds {
      let units = try machines(seed)
      var settings = HealthIndex(.remainingLife(cap: 60))
      let monotone = try settings.fit(units[0]).values(of: units[1])
      settings.isMonotone = false
      let plain = try settings.fit(units[0]).values(of: units[1])
      XCTAssertLessThan(rises(monotone, units[1]), 0.5 * rises(plain, units[1]), "seed \(seed)")
      let life = try LifeTarget(units[1], .remainingLife(cap: 60)).labels.map { $0 / 60 }
      XCTAssertLessThan(rootMeanSquare(monotone.health, life), 1.1 * rootMeanSquare(plain.health, life))
    }
  }

  func testTheProjectionAsAChannel() throws {
    let units = try machines(3)
    var settings = HealthIndex(.remainingLife(cap: 60))
    settings.smoothing = 1
    settings.isMonotone = false
    let model = try settings.fit(units[0])
    let more = try model.appended(to: units[1])
    XCTAssertEqual(more.channels, units[1].channels + ["health"])
    // Unsmoothed health is the projection, cut off at 0 and 1.
    for (value, health) in zip(try more.channel("health"), try model.values(of: units[1]).health) {
      XCTAssertEqual(min(max(Double(value), 0), 1), health, accuracy: 1e-5)
    }
    // It is made of its channels' parts and a constant.
    let parts = try model.parts(of: units[1])
    XCTAssertEqual(parts.count, model.channels.count)
    let sums = parts[0].indices.map { row in parts.reduce(0) { $0 + $1[row] } }
    let whole = try more.channel("health").map { Double($0) }
    for row in sums.indices { XCTAssertEqual(sums[row] - sums[0], whole[row] - whole[0], accuracy: 1e-4) }
  }

  /// Wear raises the first sensor and lowers the second.
  func testDirectionsSayWhatWearDoes() throws {
    let units = try machines(3)
    let model = try HealthIndex(.principal).fit(units[0])
    XCTAssertEqual(model.channels, ["s1", "s2", "s3", "s4", "s6"])
    XCTAssertLessThan(model.direction[0], -0.3)
    XCTAssertGreaterThan(model.direction[1], 0.3)
    XCTAssertLessThan(abs(model.direction[4]), 0.2)
  }

  func testNothingLaterIsLookedAt() throws {
    let units = try machines(3)
    let model = try HealthIndex(.remainingLife(cap: 60)).fit(units[0])
    let all = units[1]
    let cut = all.truncated(to: all.units.map { $0.rows.count / 2 })
    let whole = try model.values(of: all)
    let rows = all.units.flatMap { $0.rows.prefix($0.rows.count / 2) }
    XCTAssertEqual(try model.values(of: cut).health, rows.map { whole.health[$0] })
    XCTAssertEqual(try model.values(of: cut).trend, rows.map { whole.trend[$0] })
  }

  func testRoundTripAndBadInput() throws {
    let units = try machines(3)
    let model = try HealthIndex(.remainingLife(cap: 60)).fit(units[0])
    let copy = try JSONDecoder().decode(HealthIndexModel.self, from: JSONEncoder().encode(model))
    XCTAssertEqual(try copy.values(of: units[1]), try model.values(of: units[1]))
    var settings = HealthIndex(.principal)
    settings.smoothing = 0
    assertAssayError(.configuration, saying: ["smoothing"]) { try settings.fit(units[0]) }
    settings = HealthIndex(.principal)
    settings.trendLength = 1
    assertAssayError(.configuration, saying: ["trend"]) { try settings.fit(units[0]) }
    var holed = units[0].values
    holed[0][0] = .nan
    assertAssayError(.data, saying: ["s1", "missing"]) {
      try HealthIndex(.principal).fit(units[0].with(channels: units[0].channels, values: holed))
    }
    assertAssayError(.schema, saying: ["s2"]) {
      try model.values(of: units[0].with(channels: ["s1"], values: [units[0].values[0]]))
    }
    let flat = units[0].with(channels: ["x"], values: [Array(repeating: 1, count: units[0].rowCount)])
    assertAssayError(.data, saying: ["vary"]) { try HealthIndex(.principal).fit(flat) }
  }
}
