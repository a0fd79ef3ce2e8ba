import Basics
import Checks
import Estimators
import Foundation
import Sequences
import XCTest

final class ChannelPreparationTests: XCTestCase {
  private func preparation(_ change: (inout ChannelPreparation) -> Void = { _ in }) -> ChannelPreparation {
    var result = ChannelPreparation()
    result.settings = ["altitude", "speed"]
    change(&result)
    return result
  }

  private func context(_ seed: UInt64 = 1) -> FitContext { FitContext(key: RandomKey(seed: seed)) }

  func testConditionsAreFoundWhereThereAreSome() throws {
    for seed in checkSeeds {
      for (conditions, expected) in [(1, 1), (3, 3), (6, 6)] {
        let units = try WearingMachines.sequences(units: 8, conditions: conditions, key: RandomKey(seed: seed))
        let prepared = try preparation().fit(units, context: context(seed))
        XCTAssertEqual(prepared.conditions.count, expected, "seed \(seed)")
      }
    }
  }

  func testSensorsAreStandardisedWithinConditions() throws {
    let units = try WearingMachines.sequences(units: 10, conditions: 4, key: RandomKey(seed: 5))
    let prepared = try preparation().fit(units, context: context())
    let result = try prepared.transform(units)
    // s5 depends on the condition alone.
    XCTAssertEqual(prepared.dropped, ["s5"])
    XCTAssertEqual(result.channels, ["s1", "s2", "s3", "s4", "s6"])
    let condition = try prepared.conditions.assign(units, threads: 1)
    for values in result.values {
      for at in 0..<prepared.conditions.count {
        let own = values.indices.filter { condition[$0] == at }.map { Double(values[$0]) }
        XCTAssertEqual(own.reduce(0, +) / Double(own.count), 0, accuracy: 1e-4)
        XCTAssertEqual(own.reduce(0) { $0 + $1 * $1 } / Double(own.count), 1, accuracy: 1e-3)
      }
    }
    // Wear shows through the conditions: the first sensor rises, the second falls.
    for unit in result.units {
      let (first, last) = (unit.rows.prefix(15), unit.rows.suffix(15))
      func mean(_ channel: Int, _ rows: Range<Int>) -> Float {
        rows.reduce(0) { $0 + result.values[channel][$1] } / Float(rows.count)
      }
      XCTAssertGreaterThan(mean(0, last), mean(0, first))
      XCTAssertLessThan(mean(1, last), mean(1, first))
    }
  }

  func testWhatIsLearnedDependsOnTrainingUnitsAlone() throws {
    let all = try WearingMachines.sequences(units: 10, key: RandomKey(seed: 6))
    let prepared = try preparation().fit(all.selecting(units: [0, 1, 2]), context: context())
    let alone = try prepared.transform(all.selecting(units: [7]))
    let among = try prepared.transform(all)
    XCTAssertEqual(alone.values[0], Array(among.values[0][all.units[7].rows]))
  }

  func testSmoothingAndMissingNumbers() throws {
    let units = UnitSequences(
      units: [.init(name: "a", rows: 0..<4), .init(name: "b", rows: 4..<6)], channels: ["x"],
      values: [[1, .nan, -1, 1, .nan, -1]], times: [1, 2, 3, 4, 1, 2])
    var plain = ChannelPreparation()
    plain.conditions = .one
    var result = try plain.fit(units, context: context()).transform(units)
    // The four numbers have mean 0 and deviation 1.
    XCTAssertEqual(result.values[0], [1, 1, -1, 1, 0, -1])
    plain.smoothing = 0.5
    result = try plain.fit(units, context: context()).transform(units)
    XCTAssertEqual(result.values[0], [1, 1, 0, 0.5, 0, -0.5])
  }

  func testBadSettings() throws {
    let units = try WearingMachines.sequences(units: 2, key: RandomKey(seed: 7))
    assertAssayError(.configuration, saying: ["smoothing"]) {
      try preparation { $0.smoothing = 0 }.fit(units, context: context())
    }
    assertAssayError(.configuration, saying: ["conditions"]) {
      try preparation { $0.conditions = .fixed(0) }.fit(units, context: context())
    }
    assertAssayError(.schema, saying: ["nowhere"]) {
      try preparation { $0.settings = ["nowhere"] }.fit(units, context: context())
    }
    assertAssayError(.data, saying: ["varies"]) {
      try preparation { $0.channels = ["s5"] }.fit(units, context: context())
    }
    var missing = units.values
    missing[0][3] = .nan
    let holed = units.with(channels: units.channels, values: missing)
    assertAssayError(.data, saying: ["altitude", "row 4"]) { try preparation().fit(holed, context: context()) }
  }

  func testRoundTrip() throws {
    let units = try WearingMachines.sequences(units: 6, conditions: 3, key: RandomKey(seed: 8))
    let prepared = try preparation { $0.smoothing = 0.3 }.fit(units, context: context())
    let copy = try JSONDecoder().decode(PreparedChannels.self, from: JSONEncoder().encode(prepared))
    XCTAssertEqual(try copy.transform(units), try prepared.transform(units, threads: 2))
  }
}
