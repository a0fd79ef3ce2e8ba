import Basics
import Checks
import Estimators
import Evaluation
import Foundation
import Survival
import XCTest

/// Whether events come within a horizon, with rows that went out of sight.
final class HorizonTests: XCTestCase {
  func testLabelsAndWeightsOfASmallExample() throws {
    // Watched beyond the time with probability 3/4 after 2, 3/8 after 4 (one of two left).
    let outcomes = try SurvivalOutcomes(
      times: [1, 2, 3, 4, 5], events: [true, false, true, false, true])
    let censoring = CensoringDistribution(outcomes)
    let labels = HorizonOutcomes(outcomes, horizon: 3, censoring: censoring)
    XCTAssertEqual(labels.labels, [1, 0, 1, 0, 0])
    let known = 1 / 0.75
    for (weight, expected) in zip(labels.weights, [1, 0, known, known, known]) {
      XCTAssertEqual(weight, expected, accuracy: 1e-12)
    }
    XCTAssertTrue(labels.hasBoth)
    XCTAssertEqual(labels.share, (1 + known) / (1 + 3 * known), accuracy: 1e-12)
    XCTAssertEqual(labels.brier([1, 0.3, 1, 0, 0]), 0, accuracy: 1e-12, "a row that is not known counts nothing")
    let wrong = labels.brier([0, 0, 1, 0, 0])
    XCTAssertEqual(wrong, 1 / (1 + 3 * known), accuracy: 1e-12)
    // All that is asked is known without censoring before it.
    let early = HorizonOutcomes(outcomes, horizon: 1, censoring: censoring)
    XCTAssertEqual(early.labels, [1, 0, 0, 0, 0])
    XCTAssertEqual(early.weights, [1, 1, 1, 1, 1])
    XCTAssertFalse(HorizonOutcomes(outcomes, horizon: 0.5, censoring: censoring).hasBoth)
  }

  /// Lives with a known chance of ending within the horizon, a part of them out of sight before.
  private func drawn(
    _ count: Int, key: RandomKey
  ) throws -> (outcomes: SurvivalOutcomes, scores: [Double], chances: [Double], failed: [Double]) {
    var random = key.stream()
    var (times, events, scores, chances, failed) = ([Double](), [Bool](), [Double](), [Double](), [Double]())
    for _ in 0..<count {
      let rate = exp(random.normal()) / 10
      let life = -log(1 - random.uniform()) / rate
      let end = 2 + 20 * random.uniform()
      times.append(min(life, end))
      events.append(life <= end)
      scores.append(5 * rate)
      chances.append(1 - exp(-10 * rate))
      failed.append(life <= 10 ? 1 : 0)
    }
    return (try SurvivalOutcomes(times: times, events: events), scores, chances, failed)
  }

  func testWeightsMakeUpForCensoring() throws {
    for seed in checkSeeds {
      let (outcomes, _, chances, failed) = try drawn(20_000, key: RandomKey(seed: seed))
      let labels = HorizonOutcomes(outcomes, horizon: 10, censoring: CensoringDistribution(outcomes))
      // 20,000 rows, of which half are known: standard errors of about 0.005 and 0.002.
      let share = failed.reduce(0, +) / 20_000
      XCTAssertEqual(labels.share, share, accuracy: 0.02)
      let brier = zip(chances, failed).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 20_000
      XCTAssertEqual(labels.brier(chances), brier, accuracy: 0.01)
      let known = outcomes.times.indices.filter { outcomes.events[$0] || outcomes.times[$0] > 10 }
      let naive = known.reduce(0) { $0 + (outcomes.times[$1] <= 10 ? 1.0 : 0) } / Double(known.count)
      XCTAssertGreaterThan(abs(naive - share), 0.03, "without weights the share would be off")
    }
  }

  func testScoresOfAnyScaleBecomeProbabilities() throws {
    for seed in checkSeeds {
      let (outcomes, scores, chances, _) = try drawn(6_000, key: RandomKey(seed: seed))
      let labels = HorizonOutcomes(outcomes, horizon: 10, censoring: CensoringDistribution(outcomes))
      let folds = scores.indices.map { $0 % 5 }
      let told = labels.crossCalibrated(scores, folds: folds)
      XCTAssertTrue(told.allSatisfy { $0 >= 0 && $0 <= 1 })
      let off = zip(told, chances).reduce(0) { $0 + abs($1.0 - $1.1) } / 6_000
      XCTAssertLessThan(off, 0.05)
      // A row's own label does not move its probability.
      var others = outcomes.events
      others[0].toggle()
      let changed = HorizonOutcomes(
        try SurvivalOutcomes(times: outcomes.times, events: others), horizon: 10,
        censoring: CensoringDistribution(outcomes))
      XCTAssertEqual(changed.crossCalibrated(scores, folds: folds)[0], told[0])
    }
    let few = try SurvivalOutcomes(times: [1, 2], events: [false, false])
    let labels = HorizonOutcomes(few, horizon: 5, censoring: CensoringDistribution(few))
    XCTAssertNil(labels.calibration([1, 2]))
    XCTAssertTrue(labels.brier([0.5, 0.5]).isNaN)
    XCTAssertTrue(labels.crossCalibrated([1, 2], folds: [0, 1]).allSatisfy(\.isNaN))
  }
}
