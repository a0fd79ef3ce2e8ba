import Basics
import Checks
import Evaluation
import Survival
import XCTest

final class LifeIntervalTests: XCTestCase {
  /// Units with rows; residuals of a unit share a part, and grow with life.
  private func rows(
    units: Int, key: RandomKey, skew: Double = 0
  ) -> (actual: [Double], predicted: [Double], difficulty: [Double], units: [Int]) {
    var random = key.stream()
    var result = (actual: [Double](), predicted: [Double](), difficulty: [Double](), units: [Int]())
    for unit in 0..<units {
      let own = random.normal()
      let life = 20 + random.integer(below: 60)
      for time in 0..<life {
        let left = Double(life - time)
        let spread = 1 + 0.2 * left
        let noise = 0.8 * own + 0.6 * random.normal()
        result.actual.append(left)
        result.predicted.append(left + spread * (noise + skew * noise * noise))
        result.difficulty.append(spread)
        result.units.append(unit)
      }
    }
    return result
  }

  func testNewUnitsAreCovered() throws {
    for seed in checkSeeds {
      var (coverage, naive) = (0.0, 0.0)
      let rounds = 30
      for round in 0..<rounds {
        let key = RandomKey(seed: seed)[round]
        let known = rows(units: 79, key: key["known"], skew: 0.2)
        let new = rows(units: 40, key: key["new"], skew: 0.2)
        let intervals = try RemainingLifeIntervals(
          actual: known.actual, predicted: known.predicted, difficulty: known.difficulty, units: known.units)
        coverage +=
          intervals.coverage(
            actual: new.actual, predicted: new.predicted, difficulty: new.difficulty, units: new.units)[0].covered.value
          / Double(rounds)
        // Rows taken for units are too sure of themselves.
        let rowwise = try RemainingLifeIntervals(
          actual: known.actual, predicted: known.predicted, difficulty: known.difficulty,
          units: Array(known.actual.indices))
        naive +=
          rowwise.coverage(
            actual: new.actual, predicted: new.predicted, difficulty: new.difficulty, units: new.units)[0].covered.value
          / Double(rounds)
      }
      // 30 rounds of 79 + 40 units: a standard error below 0.01.
      XCTAssertGreaterThan(coverage, 0.88)
      XCTAssertLessThan(coverage, 0.96)
      XCTAssertLessThan(naive, coverage)
    }
  }

  func testEndsByHand() throws {
    // 19 units with one row each; residuals -9 ... 9: 0.9 needs the 19th of 19 on each side.
    let residuals = (-9...9).map(Double.init)
    let intervals = try RemainingLifeIntervals(
      actual: residuals.map { 50 + $0 }, predicted: residuals.map { _ in 50 }, units: Array(0..<19), level: 0.9,
      cap: 100)
    XCTAssertEqual(intervals.above, 9)
    XCTAssertEqual(intervals.below, 9)
    XCTAssertEqual(
      intervals.intervals(predicted: [20, 5, 95]),
      [
        Estimate(20, lower: 11, upper: 29), Estimate(5, lower: 0, upper: 14), Estimate(95, lower: 86, upper: .infinity),
      ])
    assertAssayError(.data, saying: ["18 units", "19 units are the least"]) {
      try RemainingLifeIntervals(
        actual: Array(residuals.dropLast()), predicted: Array(residuals.dropLast()), units: Array(0..<18), level: 0.9)
    }
    assertAssayError(.configuration, saying: ["1.5"]) {
      try RemainingLifeIntervals(actual: [1], predicted: [1], units: [0], level: 1.5)
    }
    let copy = try JSONDecoder().decode(RemainingLifeIntervals.self, from: JSONEncoder().encode(intervals))
    XCTAssertEqual(copy, intervals)
  }

  func testLowerBoundsHoldInSpiteOfCensoring() throws {
    for seed in checkSeeds {
      var (held, naive, count, length) = (0.0, 0.0, 0.0, 0.0)
      for round in 0..<40 {
        let key = RandomKey(seed: seed)[round]
        let known = try SimulatedLives(rows: 250, effects: [0.8], watched: 3...16, key: key["known"])
        let new = try SimulatedLives(rows: 100, effects: [0.8], watched: 3...16, key: key["new"])
        func first(_ risks: [Double]) -> [Double] { risks.map { 6 * exp(-0.3 * $0) } }
        let bound = try LifeLowerBound(
          times: known.data.outcomes.times, watched: known.censoring, predicted: first(known.risks), cutoff: 10)
        for (value, life) in zip(bound.bounds(predicted: first(new.risks)), new.lives) {
          held += value <= life ? 1 : 0
          length += value
          count += 1
        }
        for (value, life) in zip(first(new.risks), new.lives) { naive += value <= life ? 1 : 0 }
      }
      // 4,000 units in 40 groups that share a calibration: a standard error of about 0.005.
      XCTAssertGreaterThan(held / count, 0.885)
      XCTAssertLessThan(held / count, 0.95)
      XCTAssertLessThan(naive / count, 0.85)
      XCTAssertGreaterThan(length / count, 1)
    }
    assertAssayError(.data, saying: ["too few"]) {
      try LifeLowerBound(times: [1, 2], watched: [3, 3], predicted: [1, 1], cutoff: 2)
    }
  }
}
