import Basics
import Checks
import Evaluation
import XCTest

final class MetricTests: XCTestCase {
  private func task(_ classes: Int) -> LearningTask {
    classes == 1 ? .regression : .classification(classes: (0..<classes).map { "c\($0)" })
  }

  func testGoldenValuesOfScikitLearn() throws {
    var compared = 0
    for item in try GoldenMetrics.load().cases {
      let predictions = Predictions(item.predictions, width: item.classes)
      for (name, expected) in item.values {
        let metric = try XCTUnwrap(Metric(rawValue: name))
        let value = metric.value(
          labels: item.labels, predictions: predictions, task: task(item.classes), weights: item.weights,
          groups: item.groups)
        XCTAssertEqual(
          value, expected, accuracy: summationTolerance * max(1, abs(expected)) * 10, "\(item.name) \(name)")
        compared += 1
      }
    }
    XCTAssertGreaterThan(compared, 60)
  }

  func testGoldenClusteringMeasures() throws {
    let golden = try GoldenMetrics.load().clustering
    let silhouette = ClusteringMetrics.silhouette(
      points: golden.points, dimension: 3, clusters: golden.first, key: RandomKey(seed: 1))
    XCTAssertEqual(silhouette, golden.silhouette, accuracy: summationTolerance)
    XCTAssertEqual(
      ClusteringMetrics.adjustedRand(golden.first, golden.second), golden.adjustedRand, accuracy: summationTolerance)
  }

  func testAreaUnderROCIsTheShareOfOrderedPairs() {
    for seed in checkSeeds {
      for count in [50, 3000] {
        let (labels, predictions) = simulatedBinary(count, key: RandomKey(seed: seed), decimals: 2)
        let positive = labels.indices.filter { labels[$0] == 1 }.map { predictions[$0, 1] }
        let negative = labels.indices.filter { labels[$0] == 0 }.map { predictions[$0, 1] }
        var wins = 0.0
        for p in positive { for n in negative { wins += p > n ? 1 : p == n ? 0.5 : 0 } }
        let expected = wins / Double(positive.count * negative.count)
        let value = Metric.rocAUC.value(labels: labels, predictions: predictions, task: twoClasses)
        XCTAssertEqual(value, expected, accuracy: summationTolerance, "seed \(seed), \(count) rows")
      }
    }
  }

  func testWholeWeightsEqualRepeatedRowsAndCounts() {
    for seed in checkSeeds {
      let (labels, predictions) = simulatedBinary(300, key: RandomKey(seed: seed), decimals: 1)
      var stream = RandomKey(seed: seed)["weights"].stream()
      let counts = labels.map { _ in UInt8(stream.integer(below: 4)) }
      let rows = labels.indices.flatMap { Array(repeating: $0, count: Int(counts[$0])) }
      for metric in Metric.allCases where metric.applies(to: twoClasses) && !metric.isRanking {
        if metric == .calibrationError { continue }  // its ranges follow the rows
        let repeated = metric.value(
          labels: rows.map { labels[$0] }, predictions: predictions.selecting(rows: rows), task: twoClasses)
        let weighted = metric.value(
          labels: labels, predictions: predictions, task: twoClasses, weights: counts.map(Double.init))
        let counted = PreparedMetric(metric, labels: labels, predictions: predictions, task: twoClasses)
          .value(counts: counts)
        XCTAssertEqual(weighted, repeated, accuracy: summationTolerance, "\(metric) seed \(seed)")
        XCTAssertEqual(counted, repeated, accuracy: summationTolerance, "\(metric) seed \(seed)")
      }
    }
  }

  func testRecallAtRateCountsTheBorderInProportion() {
    // Ten rows, the highest score alone and positive, the next four tied with one positive among them.
    let scores = [0.9, 0.5, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1]
    let labels: [Double] = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    let predictions = Predictions(scores.flatMap { [1 - $0, $0] }, width: 2)
    func value(_ metric: Metric) -> Double {
      metric.value(labels: labels, predictions: predictions, task: twoClasses)
    }
    XCTAssertEqual(value(.recallAtTenPercent), 0.5)
    XCTAssertEqual(value(.recallAtFivePercent), 0.25)
    XCTAssertEqual(value(.recallAtOnePercent), 0.05, accuracy: summationTolerance)
  }

  func testMeasuresOfQueriesByHand() {
    // One query: relevant rows at ranks 2 and 4; another: at rank 1; a third without a relevant row does not count.
    let labels: [Double] = [0, 1, 0, 1, 1, 0, 0, 0]
    let scores = [0.9, 0.8, 0.7, 0.6, 0.9, 0.8, 0.2, 0.1]
    let groups = [1, 1, 1, 1, 2, 2, 3, 3]
    let predictions = Predictions(scores.flatMap { [1 - $0, $0] }, width: 2)
    func value(_ metric: Metric) -> Double {
      metric.value(labels: labels, predictions: predictions, task: twoClasses, groups: groups)
    }
    XCTAssertEqual(value(.mrr), (0.5 + 1) / 2)
    XCTAssertEqual(value(.map), ((0.5 + 0.5) / 2 + 1) / 2)
    XCTAssertEqual(value(.recallAtK), 1)
    XCTAssertEqual(RankingMetrics.recall(labels: [0, 1, 0, 1], scores: [0.9, 0.8, 0.7, 0.6], cut: 2), 0.5)
    // A relevant row tied with one other at ranks 1 and 2.
    XCTAssertEqual(RankingMetrics.reciprocalRank(labels: [0, 1], scores: [0.5, 0.5]), 0.5)
  }

  func testCalibrationErrorOfConstantAndOfHonestProbabilities() {
    // 100 rows, all predicted 0.3, 50 positive: the error is 0.2.
    let labels = (0..<100).map { Double($0 % 2) }
    let constant = Predictions(labels.flatMap { _ in [0.7, 0.3] }, width: 2)
    XCTAssertEqual(
      Metric.calibrationError.value(labels: labels, predictions: constant, task: twoClasses), 0.2,
      accuracy: summationTolerance)
    for seed in checkSeeds {
      let (labels, predictions) = simulatedBinary(20_000, key: RandomKey(seed: seed))
      let honest = Metric.calibrationError.value(labels: labels, predictions: predictions, task: twoClasses)
      XCTAssertLessThan(honest, 0.02, "seed \(seed)")
      let squared = Predictions(
        (0..<20_000).flatMap { row -> [Double] in
          let p = predictions[row, 1] * predictions[row, 1]
          return [1 - p, p]
        }, width: 2)
      XCTAssertGreaterThan(Metric.calibrationError.value(labels: labels, predictions: squared, task: twoClasses), 0.1)
    }
  }

  func testUndefinedValuesAreNotNumbers() {
    let one = Predictions([0.2, 0.8, 0.4, 0.6], width: 2)
    for metric in [Metric.rocAUC, .rmse, .ndcg] {
      XCTAssertTrue(metric.value(labels: [0, 0], predictions: one, task: twoClasses).isNaN, "\(metric)")
    }
    let flat = Predictions([1, 2], width: 1)
    XCTAssertTrue(Metric.r2.value(labels: [3, 3], predictions: flat, task: .regression).isNaN)
    XCTAssertTrue(Metric.mape.value(labels: [0, 0], predictions: flat, task: .regression).isNaN)
    XCTAssertTrue(Metric.rmse.value(labels: [], predictions: Predictions([], width: 1), task: .regression).isNaN)
    XCTAssertTrue(
      Metric.rmse.value(labels: [1, 2], predictions: Predictions([.nan, 1], width: 1), task: .regression).isNaN)
  }

  func testRelativeErrorLeavesZeroLabelsOut() {
    let value = Metric.mape.value(labels: [0, 2, 4], predictions: Predictions([5, 1, 5], width: 1), task: .regression)
    XCTAssertEqual(value, (0.5 + 0.25) / 2)
  }

  func testQuantileLossOfSeveralOutputs() {
    // Quantiles 1/4, 1/2, 3/4 predicted as 0, 1, 2 for a label of 1.
    let value = Metric.pinball.value(labels: [1], predictions: Predictions([0, 1, 2], width: 3), task: .regression)
    XCTAssertEqual(value, (0.25 + 0 + 0.25) / 3, accuracy: summationTolerance)
  }

  func testSpellings() throws {
    let expected: [(String, LearningTask, Metric)] = [
      ("AUC", twoClasses, .rocAUC), ("logloss", twoClasses, .logLoss), ("Log Loss", twoClasses, .logLoss),
      ("acc", twoClasses, .accuracy), ("ROC_AUC", twoClasses, .rocAUC), ("recall@5%", twoClasses, .recallAtFivePercent),
      ("ap", twoClasses, .prAUC), ("ece", twoClasses, .calibrationError), ("R2", .regression, .r2),
      ("quantile", .regression, .pinball),
    ]
    for (text, task, metric) in expected { XCTAssertEqual(try Metric(parsing: text, for: task), metric, text) }
    for metric in Metric.allCases {
      let task = metric.applies(to: twoClasses) ? twoClasses : .regression
      XCTAssertEqual(try Metric(parsing: metric.rawValue, for: task), metric)
    }
  }

  func testUnknownAndUnfitMetricsAreRefused() {
    for (text, task) in [("accuraci", twoClasses), ("rmse", twoClasses), ("auc", LearningTask.regression)] {
      XCTAssertThrowsError(try Metric(parsing: text, for: task), text) { error in
        let error = error as? AssayError
        XCTAssertEqual(error?.kind, .configuration)
        XCTAssertEqual(error?.remedy.contains(task == .regression ? "rmse" : "log-loss"), true)
      }
    }
  }

  func testOrderIsThatOfTheScores() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      for count in [0, 1, 5, 900, 5000] {
        var scores = (0..<count).map { _ in (stream.normal() * 50).rounded() / 50 }
        if count >= 900 { scores.replaceSubrange(0..<4, with: [.infinity, -.infinity, -0.0, 0.0]) }
        let expected = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }.map(Int32.init)
        XCTAssertEqual(descendingOrder(of: scores), expected, "seed \(seed), \(count) scores")
      }
    }
  }
}
