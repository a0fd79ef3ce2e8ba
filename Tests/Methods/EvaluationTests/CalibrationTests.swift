import Basics
import Checks
import Evaluation
import XCTest

final class CalibrationTests: XCTestCase {
  /// Probabilities with their log-odds multiplied and moved.
  private func distorted(_ predictions: Predictions, by factor: Double, plus offset: Double = 0) -> Predictions {
    Predictions(
      predictions.output(1).flatMap { p -> [Double] in
        let z = factor * log(p / (1 - p)) + offset
        let q = 1 / (1 + exp(-z))
        return [1 - q, q]
      }, width: 2)
  }

  private func logLoss(_ labels: [Double], _ predictions: Predictions) -> Double {
    let classes = (0..<predictions.width).map(String.init)
    return Metric.logLoss.value(labels: labels, predictions: predictions, task: .classification(classes: classes))
  }

  func testIsotonicRegressionAgainstScikitLearn() throws {
    let golden = try GoldenMetrics.load().isotonic
    let steps = IsotonicRegression(scores: golden.x, labels: golden.y, weights: golden.weights)
    for (query, value) in zip(golden.queries, golden.values) {
      XCTAssertEqual(steps.value(at: query), value, accuracy: summationTolerance, "at \(query)")
    }
  }

  func testIsotonicRegressionNeverFalls() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      let x = (0..<3000).map { _ in stream.normal() }
      let y = x.map { $0 + stream.normal() }
      let steps = IsotonicRegression(scores: x, labels: y)
      XCTAssertEqual(steps.y, steps.y.sorted())
      XCTAssertEqual(steps.x, steps.x.sorted())
      // Pooling keeps the total.
      XCTAssertEqual(x.map(steps.value).reduce(0, +), y.reduce(0, +), accuracy: 1e-8)
    }
  }

  func testPlattScalingUndoesADistortion() {
    for seed in checkSeeds {
      let (labels, honest) = simulatedBinary(20_000, key: RandomKey(seed: seed))
      let platt = PlattScaling(probabilities: distorted(honest, by: 2, plus: 1).output(1), labels: labels)
      XCTAssertEqual(platt.slope, 0.5, accuracy: 0.04, "seed \(seed)")
      XCTAssertEqual(platt.intercept, -0.5, accuracy: 0.07, "seed \(seed)")
    }
  }

  func testPlattTargetsKeepSeparableDataFinite() {
    let platt = PlattScaling(probabilities: [0.1, 0.2, 0.8, 0.9], labels: [0, 0, 1, 1])
    XCTAssertTrue(platt.slope.isFinite && platt.slope > 0)
    XCTAssertLessThan(platt.value(at: 0.99), 0.95)
  }

  func testTemperatureUndoesASharpening() {
    for seed in checkSeeds {
      let (labels, honest) = simulatedBinary(10_000, key: RandomKey(seed: seed))
      let scaling = TemperatureScaling(labels: labels, predictions: distorted(honest, by: 3))
      XCTAssertEqual(scaling.temperature, 3, accuracy: 0.25, "seed \(seed)")
    }
  }

  func testChosenLeavesHonestProbabilitiesAlone() {
    var changed = 0
    for seed in 1...20 {
      let (labels, honest) = simulatedBinary(2000, key: RandomKey(seed: UInt64(seed)))
      if Calibrator.chosen(labels: labels, predictions: honest, key: RandomKey(seed: 1)).method != .none {
        changed += 1
      }
    }
    XCTAssertLessThanOrEqual(changed, 3)
  }

  func testChosenRepairsDistortionsAndGeneralises() {
    for seed in checkSeeds {
      let key = RandomKey(seed: seed)
      let (labels, honest) = simulatedBinary(4000, key: key["fit"])
      let (newLabels, newHonest) = simulatedBinary(4000, key: key["new"])
      let calibrator = Calibrator.chosen(labels: labels, predictions: distorted(honest, by: 2.5, plus: 1), key: key)
      XCTAssertEqual(calibrator.method, .platt)
      let before = logLoss(newLabels, distorted(newHonest, by: 2.5, plus: 1))
      let after = logLoss(newLabels, calibrator.apply(distorted(newHonest, by: 2.5, plus: 1)))
      XCTAssertLessThan(after, before)
      XCTAssertEqual(after, logLoss(newLabels, newHonest), accuracy: 0.01, "seed \(seed)")
    }
  }

  func testStepsAreChosenForWhatNoSigmoidMends() {
    // The middle of the scale is squeezed: probabilities in 0.3 ... 0.7 all reported near 0.5, above 0.9 as 0.75.
    let (labels, honest) = simulatedBinary(20_000, key: RandomKey(seed: 4), spread: 3)
    let values = honest.output(1).flatMap { p -> [Double] in
      let q = p < 0.3 ? p / 10 : p < 0.7 ? 0.49 + p / 50 : 0.6 + p / 10
      return [1 - q, q]
    }
    let squeezed = Predictions(values, width: 2)
    let calibrator = Calibrator.chosen(labels: labels, predictions: squeezed, key: RandomKey(seed: 1))
    XCTAssertEqual(calibrator.method, .isotonic)
    let error = Metric.calibrationError.value(labels: labels, predictions: calibrator.apply(squeezed), task: twoClasses)
    XCTAssertLessThan(error, 0.01)
  }

  func testManyClassesStayDistributions() {
    var stream = RandomKey(seed: 6).stream()
    var labels: [Double] = []
    var values: [Double] = []
    for _ in 0..<3000 {
      let raw = (0..<4).map { _ in exp(stream.normal()) }
      let shares = raw.map { $0 / raw.reduce(0, +) }
      var left = stream.uniform()
      labels.append(
        Double(
          shares.firstIndex {
            left -= $0; return left < 0
          } ?? 3))
      let sharp = shares.map { pow($0, 3) }
      values += sharp.map { $0 / sharp.reduce(0, +) }
    }
    let sharpened = Predictions(values, width: 4)
    for calibrator in [
      Calibrator.chosen(labels: labels, predictions: sharpened, key: RandomKey(seed: 1)),
      Calibrator.fit(.isotonic, labels: labels, predictions: sharpened),
    ] {
      let calibrated = calibrator.apply(sharpened)
      for row in 0..<calibrated.rowCount {
        XCTAssertEqual((0..<4).reduce(0) { $0 + calibrated[row, $1] }, 1, accuracy: summationTolerance)
      }
      XCTAssertNotEqual(calibrator.method, .none)
      XCTAssertLessThan(logLoss(labels, calibrated), logLoss(labels, sharpened) - 0.2)
    }
  }

  /// Rows that were all right do not show that an error is impossible.
  func testNoMethodAnswersZeroOrOne() {
    for width in [2, 4] {
      let labels = (0..<200).map { Double($0 % width) }
      // Certain, and nearly so: each way of calibrating would sharpen these without end.
      for certain in [1.0, 1 - 1e-6, 0.9] {
        let predictions = Predictions(
          labels.flatMap { label in
            (0..<width).map { Double($0) == label ? certain : (1 - certain) / Double(width - 1) }
          }, width: width)
        for method in Calibrator.Method.allCases where width == 2 || method != .platt {
          let calibrated = Calibrator.fit(method, labels: labels, predictions: predictions).apply(predictions)
          for value in calibrated.values {
            // Half a row of 201, shared among the classes.
            XCTAssertGreaterThan(value, 0.5 / 201 / Double(width) * 0.99, "\(method), \(certain)")
            XCTAssertLessThan(value, 1 - 0.5 / 201 * (1 - 1 / Double(width)) * 0.99, "\(method), \(certain)")
          }
        }
      }
    }
  }

  /// 9 rows without and 3 with the event, parted by the score: Jeffreys' rule gives (0 + 1/2) / (9 + 1) and
  /// (3 + 1/2) / (3 + 1) at the ends.
  func testEndsOfTheStepsAreBoundByTheirRows() {
    let scores = (0..<12).map(Double.init)
    let labels = scores.map { $0 < 9 ? 0.0 : 1.0 }
    let steps = IsotonicRegression(scores: scores, labels: labels, smoothing: true)
    XCTAssertEqual(steps.value(at: 3), 0.05, accuracy: 1e-12)
    XCTAssertEqual(steps.value(at: 11), 0.875, accuracy: 1e-12)
  }

  func testRoundTrip() throws {
    let (labels, predictions) = simulatedBinary(500, key: RandomKey(seed: 1))
    for method in Calibrator.Method.allCases {
      let calibrator = Calibrator.fit(method, labels: labels, predictions: predictions)
      XCTAssertEqual(calibrator.method, method)
      let copy = try JSONDecoder().decode(Calibrator.self, from: JSONEncoder().encode(calibrator))
      XCTAssertEqual(copy.apply(predictions), calibrator.apply(predictions))
    }
  }

  func testFewRowsAndOneClassChooseNothing() {
    let few = simulatedBinary(20, key: RandomKey(seed: 1))
    XCTAssertEqual(Calibrator.chosen(labels: few.labels, predictions: few.predictions, key: RandomKey(seed: 1)), .none)
    let many = simulatedBinary(200, key: RandomKey(seed: 1))
    let ones = [Double](repeating: 1, count: 200)
    XCTAssertEqual(Calibrator.chosen(labels: ones, predictions: many.predictions, key: RandomKey(seed: 1)), .none)
  }
}
