import Basics
import Checks
import Evaluation
import XCTest

final class ConformalTests: XCTestCase {
  /// Numbers whose noise grows with their size; the prediction is the mean.
  private func numbers(_ count: Int, key: RandomKey) -> (labels: [Double], predictions: Predictions, noise: [Double]) {
    var stream = key.stream()
    var labels: [Double] = []
    var means: [Double] = []
    var noise: [Double] = []
    for _ in 0..<count {
      let mean = 1 + 9 * stream.uniform()
      means.append(mean)
      noise.append(0.3 * mean)
      labels.append(mean + 0.3 * mean * stream.normal())
    }
    return (labels, Predictions(means, width: 1), noise)
  }

  /// Four classes with probabilities that mean what they say.
  private func classes(_ count: Int, key: RandomKey) -> (labels: [Double], predictions: Predictions) {
    var stream = key.stream()
    var labels: [Double] = []
    var values: [Double] = []
    for _ in 0..<count {
      let raw = (0..<4).map { _ in exp(1.5 * stream.normal()) }
      let shares = raw.map { $0 / raw.reduce(0, +) }
      var left = stream.uniform()
      labels.append(
        Double(
          shares.firstIndex {
            left -= $0; return left < 0
          } ?? 3))
      values += shares
    }
    return (labels, Predictions(values, width: 4))
  }

  func testIntervalsCoverWhatTheyPromise() throws {
    for seed in checkSeeds {
      let key = RandomKey(seed: seed)
      let (labels, predictions, noise) = numbers(3000, key: key["calibration"])
      let (newLabels, newPredictions, newNoise) = numbers(6000, key: key["new"])
      func quantiles(_ means: Predictions, _ noise: [Double]) -> Predictions {
        // Too narrow on purpose: calibration must widen them.
        Predictions(zip(means.values, noise).flatMap { [$0 - 0.8 * $1, $0 + 0.8 * $1] }, width: 2)
      }
      for level in [0.8, 0.9] {
        for method in [ConformalMethod.absolute, .scaled] {
          let conformal = try ConformalPredictor(method, level: level, labels: labels, predictions: predictions)
          let coverage = conformal.coverage(labels: newLabels, predictions: newPredictions)[0]
          XCTAssertEqual(coverage.covered.value, level, accuracy: 0.025, "seed \(seed) \(method)")
        }
        let given = try ConformalPredictor(
          .scaled, level: level, labels: labels, predictions: predictions, difficulty: noise)
        XCTAssertEqual(
          given.coverage(labels: newLabels, predictions: newPredictions, difficulty: newNoise)[0].covered.value, level,
          accuracy: 0.025)
        let regression = try ConformalPredictor(
          .quantile, level: level, labels: labels, predictions: quantiles(predictions, noise))
        XCTAssertEqual(
          regression.coverage(labels: newLabels, predictions: quantiles(newPredictions, newNoise))[0].covered.value,
          level, accuracy: 0.025)
      }
    }
  }

  func testScaledIntervalsFollowTheNoise() throws {
    let (labels, predictions, _) = numbers(4000, key: RandomKey(seed: 3))
    let (newLabels, newPredictions, _) = numbers(6000, key: RandomKey(seed: 4))
    let small = newPredictions.values.map { $0 < 3 ? "small" : "large" }
    for (method, isEven) in [(ConformalMethod.absolute, false), (.scaled, true)] {
      let conformal = try ConformalPredictor(method, labels: labels, predictions: predictions)
      let coverage = conformal.coverage(
        labels: newLabels, predictions: newPredictions, segmentings: [("size", small)])
      XCTAssertEqual(coverage.map(\.segment), ["all", "size = large", "size = small"])
      XCTAssertEqual(coverage[2].covered.value > 0.97, !isEven, "\(method) \(coverage)")
      XCTAssertEqual(coverage[1].covered.value, 0.9, accuracy: isEven ? 0.02 : 0.05)
    }
  }

  func testSetsCoverWhatTheyPromise() throws {
    for seed in checkSeeds {
      let key = RandomKey(seed: seed)
      let (labels, predictions) = classes(2000, key: key["calibration"])
      let (newLabels, newPredictions) = classes(6000, key: key["new"])
      var sizes: [Double] = []
      for method in [ConformalMethod.lac, .aps] {
        let conformal = try ConformalPredictor(method, labels: labels, predictions: predictions)
        let coverage = conformal.coverage(labels: newLabels, predictions: newPredictions)[0]
        XCTAssertEqual(coverage.covered.value, 0.9, accuracy: 0.025, "seed \(seed) \(method)")
        sizes.append(coverage.meanSize)
        for (row, set) in conformal.sets(for: newPredictions).enumerated() {
          XCTAssertTrue(set.contains(newPredictions.mostProbable(row)))
        }
      }
      XCTAssertLessThan(sizes[0], sizes[1], "least ambiguous sets are the smallest")
    }
  }

  func testSegmentsGetTheirOwnThreshold() throws {
    var stream = RandomKey(seed: 2).stream()
    let segments = (0..<4000).map { $0 % 4 == 0 ? "hard" : "easy" }
    let labels = segments.map { ($0 == "hard" ? 5 : 1) * stream.normal() }
    let zeros = Predictions([Double](repeating: 0, count: 4000), width: 1)
    let conformal = try ConformalPredictor(.absolute, labels: labels, predictions: zeros, segments: segments)
    XCTAssertEqual(conformal.segmentThresholds["hard"] ?? 0, 5 * 1.645, accuracy: 0.6)
    XCTAssertEqual(conformal.segmentThresholds["easy"] ?? 0, 1.645, accuracy: 0.12)
    let (lower, upper) = conformal.intervals(for: Predictions([0, 0, 0], width: 1), segments: ["hard", "easy", "new"])
    XCTAssertGreaterThan(upper[0] - lower[0], 2 * (upper[1] - lower[1]))
    XCTAssertEqual(upper[2], conformal.threshold)
  }

  func testFiniteSampleQuantileByHand() throws {
    let zeros = Predictions([Double](repeating: 0, count: 9), width: 1)
    let labels: [Double] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    // ceil(10 * 0.9) = 9: the largest of nine; ceil(10 * 0.8) = 8.
    XCTAssertEqual(try ConformalPredictor(.absolute, level: 0.9, labels: labels, predictions: zeros).threshold, 9)
    XCTAssertEqual(try ConformalPredictor(.absolute, level: 0.8, labels: labels, predictions: zeros).threshold, 8)
    XCTAssertThrowsError(try ConformalPredictor(.absolute, level: 0.95, labels: labels, predictions: zeros)) {
      XCTAssertEqual(($0 as? AssayError)?.kind, .data)
    }
    XCTAssertThrowsError(try ConformalPredictor(.absolute, level: 1, labels: labels, predictions: zeros)) {
      XCTAssertEqual(($0 as? AssayError)?.kind, .configuration)
    }
  }

  func testRoundTrip() throws {
    let (labels, predictions, _) = numbers(500, key: RandomKey(seed: 1))
    let conformal = try ConformalPredictor(
      .scaled, labels: labels, predictions: predictions, segments: labels.map { $0 > 5 ? "a" : "b" })
    let copy = try JSONDecoder().decode(ConformalPredictor.self, from: JSONEncoder().encode(conformal))
    XCTAssertEqual(copy, conformal)
    XCTAssertEqual(copy.intervals(for: predictions).upper, conformal.intervals(for: predictions).upper)
  }
}
