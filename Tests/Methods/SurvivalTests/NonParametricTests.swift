import Basics
import Checks
import Survival
import XCTest

final class NonParametricTests: XCTestCase {
  func testAgainstLifelines() throws {
    let golden = try SurvivalGolden.load()
    let expected = golden.kaplanMeier
    let outcomes = try SurvivalOutcomes(times: golden.tied, events: golden.events)
    let estimate = KaplanMeier(outcomes)
    let hazard = NelsonAalen(outcomes)
    let late = KaplanMeier(
      try SurvivalOutcomes(
        times: golden.tied, events: golden.events, entries: golden.tiedEntry, weights: golden.weight))
    for (index, time) in expected.at.enumerated() {
      let here = estimate.estimate(at: time)
      XCTAssertEqual(here.value, expected.survival[index], accuracy: 1e-12)
      XCTAssertEqual(here.lower, expected.lower[index], accuracy: 1e-9)
      XCTAssertEqual(here.upper, expected.upper[index], accuracy: 1e-9)
      XCTAssertEqual(late.survival(at: time), expected.late[index], accuracy: 1e-9)
      XCTAssertEqual(hazard.estimate(at: time).value, expected.hazard[index], accuracy: 1e-9)
    }
    XCTAssertEqual(estimate.quantile(0.5).value, expected.median)
    XCTAssertEqual(estimate.restrictedMean(to: 8).value, expected.restrictedMean, accuracy: 1e-9)
    let test = try LogRankTest(outcomes, groups: golden.group)
    XCTAssertEqual(test.statistic, golden.logRank.statistic, accuracy: 1e-9)
    XCTAssertEqual(test.pValue, golden.logRank.p, accuracy: 1e-9)
    XCTAssertEqual(test.degrees, 2)
  }

  func testByHand() throws {
    // 4 units: an event at 1, one out of sight at 2, events at 3 and 4.
    let outcomes = try SurvivalOutcomes(times: [1, 2, 3, 4], events: [true, false, true, true])
    let estimate = KaplanMeier(outcomes)
    XCTAssertEqual(estimate.times, [1, 3, 4])
    XCTAssertEqual(estimate.survival(at: 0.9), 1)
    XCTAssertEqual(estimate.survival(at: 1), 0.75)
    XCTAssertEqual(estimate.survival(before: 3), 0.75)
    XCTAssertEqual(estimate.survival(at: 3), 0.375)
    XCTAssertEqual(estimate.survival(at: 9), 0)
    // 1 + 2 * 0.75 + 1 * 0.375.
    XCTAssertEqual(estimate.restrictedMean().value, 2.875, accuracy: 1e-12)
    XCTAssertEqual(NelsonAalen(outcomes).hazards, [0.25, 0.75, 1.75])
  }

  func testIntervalsHoldTheTruthAsOftenAsTheySay() throws {
    var hits = 0
    for seed in 0..<400 {
      let lives = try SimulatedLives(rows: 60, effects: [], key: RandomKey(seed: UInt64(seed)))
      let interval = KaplanMeier(lives.data.outcomes).estimate(at: 8)
      let truth = exp(-pow(0.8, 1.5))
      hits += interval.lower <= truth && truth <= interval.upper ? 1 : 0
    }
    // 380 expected, standard deviation 4.4; the approximation itself may be off by a percent.
    XCTAssertEqual(Double(hits), 380, accuracy: 18)
  }

  func testEqualGroupsAreSeldomFoundDifferent() throws {
    var (rejected, found) = (0, 0)
    for seed in 0..<300 {
      let key = RandomKey(seed: UInt64(seed))
      let lives = try SimulatedLives(rows: 80, effects: [1], key: key)
      let drawn = (0..<80).map { Int(key["groups"].word(at: UInt64($0)) % 2) }
      rejected += try LogRankTest(lives.data.outcomes, groups: drawn).pValue < 0.05 ? 1 : 0
      found += try LogRankTest(lives.data.outcomes, groups: lives.risks.map { $0 > 0 ? 1 : 0 }).pValue < 0.05 ? 1 : 0
    }
    // 15 expected, standard deviation 3.8.
    XCTAssertLessThan(rejected, 30)
    XCTAssertGreaterThan(found, 280)
  }

  func testChiSquared() {
    // scipy.stats.chi2.sf.
    XCTAssertEqual(chiSquaredProbability(above: 3.841458820694124, degrees: 1), 0.05, accuracy: 1e-12)
    XCTAssertEqual(chiSquaredProbability(above: 1, degrees: 10), 0.9998278843700441, accuracy: 1e-12)
    XCTAssertEqual(chiSquaredProbability(above: 30, degrees: 10), 0.000856641210775301, accuracy: 1e-14)
    XCTAssertEqual(chiSquaredProbability(above: 0, degrees: 3), 1)
  }

  func testBadInput() {
    assertAssayError(.data, saying: ["row 2", "-1"]) { try SurvivalOutcomes(times: [1, -1], events: [true, true]) }
    assertAssayError(.data, saying: ["row 1", "nan"]) { try SurvivalOutcomes(times: [.nan], events: [true]) }
    assertAssayError(.data, saying: ["2 times", "1 events"]) { try SurvivalOutcomes(times: [1, 2], events: [true]) }
    assertAssayError(.data, saying: ["row 2", "before"]) {
      try SurvivalOutcomes(times: [1, 2], events: [true, true], entries: [0, 2])
    }
    assertAssayError(.data, saying: ["no rows"]) { try SurvivalOutcomes(times: [], events: []) }
    assertAssayError(.data, saying: ["all weights"]) {
      try SurvivalOutcomes(times: [1], events: [true], weights: [0])
    }
    assertAssayError(.data, saying: ["two groups"]) {
      try LogRankTest(SurvivalOutcomes(times: [1, 2], events: [true, true]), groups: [0, 0])
    }
  }
}
