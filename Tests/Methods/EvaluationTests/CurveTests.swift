import Basics
import Checks
import Evaluation
import XCTest

final class CurveTests: XCTestCase {
  private func area(_ curve: Curve) -> Double {
    var sum = 0.0
    for i in 1..<curve.x.count { sum += (curve.x[i] - curve.x[i - 1]) * (curve.y[i] + curve.y[i - 1]) / 2 }
    return sum
  }

  func testThinnedROCKeepsTheArea() {
    for seed in checkSeeds {
      let (labels, predictions) = simulatedBinary(30_000, key: RandomKey(seed: seed))
      let scores = predictions.output(1)
      let full = rocCurve(labels: labels, scores: scores, points: .max)
      let thin = rocCurve(labels: labels, scores: scores)
      XCTAssertGreaterThan(full.x.count, 10_000)
      XCTAssertLessThanOrEqual(thin.x.count, 300)
      XCTAssertEqual(thin.x.first, 0)
      XCTAssertEqual(thin.y.last, 1)
      XCTAssertEqual(thin.x, thin.x.sorted())
      let auc = Metric.rocAUC.value(labels: labels, predictions: predictions, task: twoClasses)
      XCTAssertEqual(area(full), auc, accuracy: 1e-9)
      XCTAssertEqual(area(thin), auc, accuracy: 1e-3, "seed \(seed)")
    }
  }

  func testPrecisionRecallByHand() {
    let curve = precisionRecallCurve(labels: [1, 0, 1, 0], scores: [0.9, 0.8, 0.7, 0.1])
    XCTAssertEqual(curve.x, [0, 0.5, 0.5, 1, 1])
    XCTAssertEqual(curve.y, [1, 1, 0.5, 2.0 / 3, 0.5])
  }

  func testCurvesWithOneClassAreEmpty() {
    XCTAssertTrue(rocCurve(labels: [1, 1], scores: [0.1, 0.2]).x.isEmpty)
    XCTAssertTrue(precisionRecallCurve(labels: [0, 0], scores: [0.1, 0.2]).x.isEmpty)
  }

  func testBestThresholdIsAsGoodAsAnySearched() {
    for seed in checkSeeds {
      let (labels, predictions) = simulatedBinary(400, key: RandomKey(seed: seed), decimals: 2, offset: -2)
      let scores = predictions.output(1)
      func f1(_ threshold: Double) -> Double {
        let matrix = ConfusionMatrix(labels: labels, scores: scores, threshold: threshold)
        return Double(2 * matrix.counts[1][1])
          / Double(2 * matrix.counts[1][1] + matrix.counts[0][1] + matrix.counts[1][0])
      }
      let best = bestF1Threshold(labels: labels, scores: scores)
      XCTAssertEqual(f1(best.threshold), best.f1, accuracy: summationTolerance)
      XCTAssertEqual(scores.map(f1).max() ?? 0, best.f1, accuracy: summationTolerance, "seed \(seed)")
    }
  }

  func testConfusionCountsByHand() {
    let predictions = Predictions([0.8, 0.1, 0.1, 0.2, 0.2, 0.6, 0.1, 0.7, 0.2], width: 3)
    let matrix = ConfusionMatrix(labels: [0, 1, 1], predictions: predictions)
    XCTAssertEqual(matrix.counts, [[1, 0, 0], [0, 1, 1], [0, 0, 0]])
    XCTAssertEqual(matrix.recall(of: 1), 0.5)
    XCTAssertEqual(matrix.precision(of: 2), 0)
  }

  func testReliabilityBinsHoldTheTruth() {
    for seed in checkSeeds {
      let (labels, predictions) = simulatedBinary(20_000, key: RandomKey(seed: seed))
      let bins = reliabilityBins(labels: labels, predictions: predictions, level: 0.999)
      XCTAssertEqual(bins.count, 10)
      XCTAssertEqual(bins.reduce(0) { $0 + $1.count }, 20_000)
      for bin in bins {
        XCTAssertEqual(Double(bin.count), 2000, accuracy: 100)
        XCTAssertTrue((bin.observed.lower...bin.observed.upper).contains(bin.predicted), "seed \(seed) \(bin)")
      }
      XCTAssertEqual(bins.map(\.predicted), bins.map(\.predicted).sorted())
    }
  }

  func testWilsonIntervalByHand() {
    // 8 of 10 at 95 %: 0.4902 to 0.9433 (Brown, Cai and DasGupta 2001, formula 4).
    let interval = wilsonInterval(successes: 8, trials: 10)
    XCTAssertEqual(interval.lower, 0.4901625, accuracy: 1e-6)
    XCTAssertEqual(interval.upper, 0.9433178, accuracy: 1e-6)
    XCTAssertEqual(wilsonInterval(successes: 0, trials: 5).lower, 0)
  }

  func testNormalQuantileInvertsTheProbability() {
    for z in [-8.0, -2.5, -1.959963984540054, -0.1, 0, 0.7, 3] {
      XCTAssertEqual(normalQuantile(normalProbability(below: z)), z, accuracy: 1e-9)
    }
  }
}
