import Basics
import Checks
import Foundation
import Sequences
import Tables
import XCTest

/// Readings that jump as where the unit of measurement changes, and readings that wear moves.
final class LevelJumpTests: XCTestCase {
  /// Units of 60 rows whose readings lie about 20, rise by wear towards the end, and are noisy.
  private func fleet(
    _ key: RandomKey, units: Int = 20, change: (_ unit: Int, _ row: Int, _ value: Float) -> Float = { $2 }
  ) -> UnitSequences {
    var values: [Float] = []
    for unit in 0..<units {
      var random = key[unit].stream()
      let level = 20 + 2 * random.normal()
      for row in 0..<60 {
        let wear = 25 * pow(Double(row) / 60, 6)
        let value = Float(level + wear + 1.5 * random.normal())
        values.append(change(unit, row, random.uniform() < 0.05 ? .nan : value))
      }
    }
    return UnitSequences(
      units: (0..<units).map { .init(name: "u\($0)", rows: $0 * 60..<($0 + 1) * 60) }, channels: ["heat"],
      values: [values], times: (0..<units * 60).map { Double($0 % 60) })
  }

  private func fahrenheit(_ value: Float) -> Float { 1.8 * value + 32 }

  func testWearIsNoJump() throws {
    for seed in UInt64(0)..<20 {
      XCTAssertEqual(try fleet(RandomKey(seed: seed)).levelJumps(), [])
    }
  }

  func testPartsOfUnitsAndWholeUnitsAreFound() throws {
    for seed in checkSeeds {
      let units = fleet(RandomKey(seed: seed)) { unit, row, value in
        unit == 3 || (unit == 7 && row >= 20) || (unit == 9 && (10..<30).contains(row)) ? self.fahrenheit(value) : value
      }
      let jumps = try units.levelJumps().sorted { $0.unit < $1.unit }
      XCTAssertEqual(jumps.map(\.unit), [3, 7, 9])
      XCTAssertEqual(jumps.map(\.isWholeUnit), [true, false, false])
      for jump in jumps {
        XCTAssertEqual(jump.likelyCause, "degrees Fahrenheit instead of Celsius", "\(jump)")
        XCTAssertGreaterThan(jump.level, 55)
        XCTAssertLessThan(jump.usual, 30)
      }
      // A reading may be missing at the change itself.
      XCTAssertEqual(Double(jumps[1].rows.lowerBound), 7 * 60 + 20, accuracy: 3)
      XCTAssertEqual(Double(jumps[2].rows.count), 20, accuracy: 5)
    }
  }

  func testSpikesAndSwitchesToAndFroAreNone() throws {
    let key = RandomKey(seed: 2)
    XCTAssertEqual(try fleet(key) { $1 % 15 == 7 ? 4 * $2 : $2 }.levelJumps(), [])
    XCTAssertEqual(try fleet(key) { $1 % 2 == 0 ? 4 * $2 : $2 }.levelJumps(), [])
    // Nothing has a usual level in a channel that stands at 0, or is missing.
    XCTAssertEqual(try fleet(key) { _, row, _ in row == 40 ? 1 : 0 }.levelJumps(), [])
    XCTAssertEqual(try fleet(key) { _, _, _ in .nan }.levelJumps(), [])
    assertAssayError(.schema, saying: ["cold"]) { try fleet(key).levelJumps(channels: ["cold"]) }
  }

  func testOtherUnitsOfMeasurementAreNamed() throws {
    let cases: [(scale: Float, shift: Float, words: String?)] = [
      (1, 273.15, "kelvins instead of degrees Celsius"), (1_000, 0, "a thousand times smaller"),
      (0.01, 0, "a hundred times larger"), (5, 0, nil),
    ]
    for (scale, shift, words) in cases {
      let units = fleet(RandomKey(seed: 5)) { unit, _, value in unit == 4 ? scale * value + shift : value }
      let jumps = try units.levelJumps()
      XCTAssertEqual(jumps.map(\.unit), [4])
      let cause = jumps.first?.likelyCause
      if let words {
        XCTAssertTrue(cause?.contains(words) ?? false, "\(cause ?? "none"), not \(words)")
      } else {
        XCTAssertNil(cause)
      }
    }
  }

  func testIrregularStepsAndSmoothing() throws {
    let even = (0..<40).map(Double.init)
    var random = RandomKey(seed: 3).stream()
    var time = 0.0
    let uneven = even.map { _ in
      time += pow(10, 2 * random.uniform())
      return time
    }
    for (times, isIrregular) in [(even, false), (uneven, true)] {
      let table = try Table([
        Column("unit", .text(TextValues(times.map { _ in "a" }))), Column("t", .float(times)),
        Column("x", .float(even)),
      ])
      let units = try SequenceReading(unit: "unit", time: "t").read(table)
      XCTAssertEqual(units.findings.contains { $0.kind == .irregularSteps }, isIrregular)
    }
    let units = UnitSequences(
      units: [.init(name: "a", rows: 0..<4), .init(name: "b", rows: 4..<6)], channels: ["x"],
      values: [[.nan, 4, .nan, 8, 1, 3]], times: [0, 1, 2, 3, 0, 1])
    let smooth = units.smoothed(weight: 0.25).values[0]
    XCTAssertTrue(smooth[0].isNaN)
    XCTAssertEqual(Array(smooth[1...]), [4, 4, 5, 1, 1.5])
    XCTAssertEqual(units.smoothed(weight: 1).values[0][3], 8)
  }
}
