import Basics
import Checks
import Foundation
import Sequences
import XCTest

final class LifeIntervalsTests: XCTestCase {
  /// Predictions whose errors have a part that the rows of a unit share, and grow with the life.
  private func rows(
    _ units: Int, key: RandomKey
  ) -> (lives: [Double], predictions: [Double], units: [Int]) {
    var lives: [Double] = []
    var predictions: [Double] = []
    var unit: [Int] = []
    for number in 0..<units {
      var random = key[number].stream()
      let shared = random.normal()
      // Long units have more rows; they may not count for more.
      for _ in 0..<10 + random.integer(below: 60) {
        let life = 120 * random.uniform()
        lives.append(life)
        predictions.append(min(max(life + (0.5 + life / 10) * (shared + 0.3 * random.normal()), 0), 120))
        unit.append(number)
      }
    }
    return (lives, predictions, unit)
  }

  func testCoverageOfNewUnits() throws {
    for level in [0.8, 0.9] {
      var shares: [Double] = []
      for seed in UInt64(0)..<30 {
        let key = RandomKey(seed: seed)
        let known = rows(80, key: key["known"])
        let fresh = rows(200, key: key["fresh"])
        let intervals = try LifeIntervals(
          lives: known.lives, predictions: known.predictions, units: known.units, level: level, range: 0...120)
        let coverage = intervals.coverage(lives: fresh.lives, predictions: fresh.predictions, units: fresh.units)
        XCTAssertEqual(coverage.count, 1)
        XCTAssertEqual(coverage[0].units, 200)
        shares.append(coverage[0].share)
      }
      let mean = shares.reduce(0, +) / Double(shares.count)
      // Thirty calibrations on 80 units: the mean share has a standard error of about 0.006. Too wide is wrong as well.
      XCTAssertGreaterThan(mean, level - 0.02)
      XCTAssertLessThan(mean, level + 0.025)
    }
  }

  func testIntervalsAreNarrowNearTheEnd() throws {
    let known = rows(80, key: RandomKey(seed: 3))
    let intervals = try LifeIntervals(
      lives: known.lives, predictions: known.predictions, units: known.units, range: 0...120)
    let (lower, upper) = intervals.intervals(for: [5, 30, 60])
    XCTAssertLessThan(upper[0] - lower[0], 0.5 * (upper[1] - lower[1]))
    XCTAssertLessThan(upper[1] - lower[1], 0.8 * (upper[2] - lower[2]))
    let (low, high) = intervals.intervals(for: [0, 119, 500])
    XCTAssertTrue(zip(low, high).allSatisfy { 0 <= $0 && $0 <= $1 && $1 <= 120 })
    let bands = intervals.coverage(
      lives: known.lives, predictions: known.predictions, units: known.units, bands: [0, 30, 60])
    XCTAssertEqual(bands.map(\.from), [-.infinity, 0, 30, 60])
    XCTAssertEqual(bands.dropFirst().reduce(0) { $0 + $1.rows }, known.lives.count)
    XCTAssertLessThan(bands[1].meanWidth, bands[3].meanWidth)
  }

  func testUnitsCountOnceHoweverLong() throws {
    var known = rows(40, key: RandomKey(seed: 4))
    let first = try LifeIntervals(
      lives: known.lives, predictions: known.predictions, units: known.units, range: 0...120)
    // One unit's rows again and again change nothing but its number of rows.
    let own = known.units.indices.filter { known.units[$0] == 0 }
    for _ in 0..<10 {
      known.lives += own.map { known.lives[$0] }
      known.predictions += own.map { known.predictions[$0] }
      known.units += own.map { known.units[$0] }
    }
    let second = try LifeIntervals(
      lives: known.lives, predictions: known.predictions, units: known.units, range: 0...120)
    for life in [10.0, 50, 90] {
      let (a, b) = (first.intervals(for: [life]), second.intervals(for: [life]))
      // Ranges of like predictions are cut by rows, so the scales move a little.
      XCTAssertEqual(a.lower[0], b.lower[0], accuracy: 6)
      XCTAssertEqual(a.upper[0], b.upper[0], accuracy: 6)
    }
  }

  /// Units that are looked at near their end alone are covered as promised, though calibration rows come from all ages.
  func testCoverageHoldsInEachBand() throws {
    var shares: [Double] = []
    for seed in UInt64(0)..<8 {
      let key = RandomKey(seed: seed)
      let known = rows(100, key: key["known"])
      let fresh = rows(200, key: key["fresh"])
      let intervals = try LifeIntervals(
        lives: known.lives, predictions: known.predictions, units: known.units, level: 0.8, range: 0...120)
      let coverage = intervals.coverage(
        lives: fresh.lives, predictions: fresh.predictions, units: fresh.units, bands: [0, 24, 48])
      shares.append(coverage[1].share)
    }
    // Eight calibrations on 100 units: the mean share has a standard error of about 0.01.
    let mean = shares.reduce(0, +) / Double(shares.count)
    XCTAssertGreaterThan(mean, 0.77)
    XCTAssertLessThan(mean, 0.88)
  }

  /// Calibration units are followed from far beyond the cap, as machines are from new; fresh ones are looked at once,
  /// anywhere below it: the many easy rows at the cap may not use up what may be missed.
  func testCoverageHoldsBelowTheCapHoweverManyRowsLieAtIt() throws {
    func lives(_ units: Int, key: RandomKey, longest: Double) -> (lives: [Double], predictions: [Double], units: [Int])
    {
      var (lives, predictions, owners) = ([Double](), [Double](), [Int]())
      for number in 0..<units {
        var random = key[number].stream()
        for _ in 0..<50 {
          let life = longest * random.uniform()
          let told = min(life, 130) + 12 * random.normal()
          lives.append(min(life, 100))
          predictions.append(min(max(told, 0), 100))
          owners.append(number)
        }
      }
      return (lives, predictions, owners)
    }
    var (below, beyond) = ([Double](), [Double]())
    for seed in UInt64(0)..<8 {
      let key = RandomKey(seed: seed)
      let known = lives(100, key: key["known"], longest: 300)
      let intervals = try LifeIntervals(
        lives: known.lives, predictions: known.predictions, units: known.units, level: 0.9, range: 0...100)
      let fresh = lives(200, key: key["fresh"], longest: 300)
      for isCapped in [false, true] {
        let rows = fresh.lives.indices.filter { (fresh.lives[$0] >= 100) == isCapped }
        let share = intervals.coverage(
          lives: rows.map { fresh.lives[$0] }, predictions: rows.map { fresh.predictions[$0] },
          units: rows.map { fresh.units[$0] })[0].share
        if isCapped { beyond.append(share) } else { below.append(share) }
      }
    }
    // Eight calibrations on 100 units each.
    XCTAssertGreaterThan(below.reduce(0, +) / 8, 0.88)
    XCTAssertLessThan(below.reduce(0, +) / 8, 0.97)
    XCTAssertGreaterThan(beyond.reduce(0, +) / 8, 0.88)
  }

  func testRoundTripAndBadInput() throws {
    let known = rows(40, key: RandomKey(seed: 5))
    let intervals = try LifeIntervals(
      lives: known.lives, predictions: known.predictions, units: known.units, range: 0...120)
    XCTAssertEqual(try JSONDecoder().decode(LifeIntervals.self, from: JSONEncoder().encode(intervals)), intervals)
    assertAssayError(.data, saying: ["40 units", "79 units are the least"]) {
      try LifeIntervals(
        lives: known.lives, predictions: known.predictions, units: known.units, level: 0.975, range: 0...120)
    }
    var holed = known.predictions
    holed[3] = .nan
    assertAssayError(.data, saying: ["not a number"]) {
      try LifeIntervals(lives: known.lives, predictions: holed, units: known.units, range: 0...120)
    }
    assertAssayError(.configuration, saying: ["level"]) {
      try LifeIntervals(lives: known.lives, predictions: known.predictions, units: known.units, level: 1, range: 0...1)
    }
  }
}
