import Basics
import Checks
import Evaluation
import XCTest

final class BootstrapTests: XCTestCase {
  func testIntervalOfAMeanIsThatOfTheNormalDistribution() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      let values = (0..<4000).map { _ in 10 + 3 * stream.normal() }
      let estimate = Bootstrap(key: RandomKey(seed: seed)).mean(of: values)
      let mean = values.reduce(0, +) / 4000
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3999).squareRoot()
      let half = 1.96 * deviation / 4000.0.squareRoot()
      XCTAssertEqual(estimate.value, mean, accuracy: 1e-9)
      // 2,000 resamples know an end of the interval to about 5 % of its half width.
      XCTAssertEqual(estimate.lower, mean - half, accuracy: 0.15 * half, "seed \(seed)")
      XCTAssertEqual(estimate.upper, mean + half, accuracy: 0.15 * half, "seed \(seed)")
    }
  }

  func testIntervalsHoldTheTruthAsOftenAsTheySay() {
    // A skewed mean (exponential, 40 rows) and an AUC (200 rows): 90 % intervals over 300 tables.
    var stream = RandomKey(seed: 5).stream()
    var meanHits = 0
    var areaHits = 0
    for table in 0..<300 {
      let bootstrap = Bootstrap(key: RandomKey(seed: 11)[table], level: 0.9, resamples: 400)
      let values = (0..<40).map { _ in -log(1 - stream.uniform()) }
      let mean = bootstrap.mean(of: values)
      if mean.lower <= 1, mean.upper >= 1 { meanHits += 1 }
      let labels = (0..<200).map { Double($0 % 2) }
      let scores = labels.flatMap { label -> [Double] in
        let score = normalProbability(below: stream.normal() + label)
        return [1 - score, score]
      }
      let area = bootstrap.estimate(
        .rocAUC, labels: labels, predictions: Predictions(scores, width: 2), task: twoClasses)
      // Two normal distributions one deviation apart.
      let truth = normalProbability(below: 1 / 2.0.squareRoot())
      if area.lower <= truth, area.upper >= truth { areaHits += 1 }
    }
    // Three standard errors of 300 tables are 5 %; the bootstrap of skewed small samples lacks a little.
    XCTAssertEqual(Double(meanHits) / 300, 0.9, accuracy: 0.06)
    XCTAssertEqual(Double(areaHits) / 300, 0.9, accuracy: 0.06)
  }

  func testEveryMetricHasAnIntervalAroundItsValue() {
    for count in [60, 3000] {
      let (labels, predictions) = simulatedBinary(count, key: RandomKey(seed: 2), decimals: 2)
      let groups = labels.indices.map { $0 / 15 }
      let metrics = Metric.allCases.filter { $0.applies(to: twoClasses) }
      let plain = metrics.filter { !$0.isRanking }
      let ranking = metrics.filter(\.isRanking)
      let bootstrap = Bootstrap(key: RandomKey(seed: 3), resamples: 300, threads: 2)
      let estimates =
        bootstrap.estimates(plain, labels: labels, predictions: predictions, task: twoClasses)
        + bootstrap.estimates(ranking, labels: labels, predictions: predictions, task: twoClasses, groups: groups)
      for (metric, estimate) in zip(plain + ranking, estimates) {
        XCTAssertEqual(
          estimate.value,
          metric.value(
            labels: labels, predictions: predictions, task: twoClasses, groups: metric.isRanking ? groups : nil))
        // All of the highest 1 % are positive in every resample: their share of the positives is certain.
        if metric == .recallAtOnePercent { continue }
        XCTAssertLessThan(estimate.lower, estimate.value, "\(metric)")
        XCTAssertGreaterThan(estimate.upper, estimate.value, "\(metric)")
        XCTAssertLessThan(estimate.upper - estimate.lower, count == 60 ? 1 : 0.3, "\(metric)")
      }
    }
  }

  func testSameNumbersForAnyNumberOfThreads() {
    let (labels, predictions) = simulatedBinary(500, key: RandomKey(seed: 2))
    let other = simulatedBinary(500, key: RandomKey(seed: 2), decimals: 1).predictions
    var outcomes: Set<Difference> = []
    var estimates: Set<Estimate> = []
    for threads in [1, 2, 5] {
      let bootstrap = Bootstrap(key: RandomKey(seed: 8), resamples: 300, threads: threads)
      outcomes.insert(
        bootstrap.difference(.logLoss, labels: labels, first: predictions, second: other, task: twoClasses))
      estimates.insert(bootstrap.estimate(.rocAUC, labels: labels, predictions: predictions, task: twoClasses))
    }
    XCTAssertEqual(outcomes.count, 1)
    XCTAssertEqual(estimates.count, 1)
  }

  func testClustersWidenTheInterval() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      let effects = (0..<50).map { _ in stream.normal() }
      let clusters = (0..<1000).map { $0 / 20 }
      let values = clusters.map { effects[$0] + 0.1 * stream.normal() }
      let bootstrap = Bootstrap(key: RandomKey(seed: seed))
      let rows = bootstrap.mean(of: values)
      let whole = bootstrap.mean(of: values, clusters: clusters)
      // Twenty copies of an effect hold no more than one: the interval is the root of 20 wider.
      XCTAssertEqual((whole.upper - whole.lower) / (rows.upper - rows.lower), 4.47, accuracy: 0.6, "seed \(seed)")
    }
  }

  func testDifferenceKnowsTheBetterModelAndEqualOnes() {
    for seed in checkSeeds {
      let key = RandomKey(seed: seed)
      let (labels, good) = simulatedBinary(4000, key: key)
      let bad = Predictions(good.values.map { 0.5 + 0.3 * ($0 - 0.5) }, width: 2)
      let bootstrap = Bootstrap(key: key)
      for metric in [Metric.logLoss, .brier, .calibrationError] {
        let forth = bootstrap.difference(metric, labels: labels, first: good, second: bad, task: twoClasses)
        let back = bootstrap.difference(metric, labels: labels, first: bad, second: good, task: twoClasses)
        XCTAssertEqual(forth.verdict, .better, "\(metric)")
        XCTAssertEqual(back.verdict, .worse, "\(metric)")
        XCTAssertLessThan(forth.pValue, 0.01)
        XCTAssertEqual(forth.estimate.value, -back.estimate.value)
        XCTAssertGreaterThan(forth.effectSize, 0)
      }
      let same = bootstrap.difference(.rocAUC, labels: labels, first: good, second: bad, task: twoClasses)
      XCTAssertEqual(same.verdict, .noDifference, "a monotone change keeps the order")
      XCTAssertEqual(same.pValue, 1)
    }
  }

  func testNoDifferenceIsFoundAsRarelyAsItShouldBe() {
    // Two models whose errors differ by pure noise: 200 comparisons at 95 %.
    var stream = RandomKey(seed: 4).stream()
    var verdicts = 0
    var small = 0
    for table in 0..<200 {
      let values = (0..<150).map { _ in stream.normal() }
      let difference = Bootstrap(key: RandomKey(seed: 9)[table], resamples: 500).difference(of: values)
      if difference.verdict != .noDifference { verdicts += 1 }
      if difference.pValue < 0.05 { small += 1 }
    }
    // Ten expected, deviation 3.
    XCTAssertLessThanOrEqual(verdicts, 20)
    XCTAssertLessThanOrEqual(small, 20)
    XCTAssertGreaterThanOrEqual(small, 1)
  }

  func testAllRightIsNotCertain() {
    let labels = (0..<50).map { Double($0 % 2) }
    let predictions = Predictions(labels.flatMap { [1 - $0, $0] }, width: 2)
    let estimate = Bootstrap(key: RandomKey(seed: 1)).estimate(
      .accuracy, labels: labels, predictions: predictions, task: twoClasses)
    XCTAssertEqual(estimate.value, 1)
    XCTAssertEqual(estimate.lower, 1 - 0.0713, accuracy: 1e-3)
  }

  func testUndefinedStaysUndefined() {
    let estimate = Bootstrap(key: RandomKey(seed: 1)).estimate(
      .rocAUC, labels: [1, 1, 1], predictions: Predictions([0.1, 0.9, 0.2, 0.8, 0.3, 0.7], width: 2), task: twoClasses)
    XCTAssertTrue(estimate.value.isNaN && estimate.lower.isNaN)
    XCTAssertTrue(Bootstrap(key: RandomKey(seed: 1)).mean(of: []).value.isNaN)
    XCTAssertTrue(Bootstrap(key: RandomKey(seed: 1)).mean(of: [4]).lower.isNaN)
  }
}
