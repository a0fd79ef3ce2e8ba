import Basics
import Checks
import Estimators
import Evaluation
import XCTest

final class GaussianProcessTests: XCTestCase {
  /// The covariances are kept in single precision.
  static let tolerance = 1e-4

  /// Made with NumPy: K = M(r / 1.5) + 0.1 x x' + 0.1 I on standardised x and y, M the Matern function 5/2.
  func testEqualsTheFormulaBeforeTuning() throws {
    let data = TrainingData(
      features: FeatureMatrix(dense: [[0, 1, 2, 4]]), task: .regression, labels: [1, 3, 2, 5])
    var process = GaussianProcess()
    process.tuningSteps = 0
    let model = try process.fit(data, context: FitContext(key: RandomKey(seed: 1)))
    let predictions = model.predict(FeatureMatrix(dense: [[3, 1.5]]), threads: 1)
    XCTAssertEqual(predictions[0, 0], 3.494703, accuracy: Self.tolerance)
    XCTAssertEqual(predictions[1, 0], 2.433442, accuracy: Self.tolerance)
  }

  /// One column counts, five do not: without a scale per column 250 rows in six dimensions say little of a sine.
  func testFindsTheColumnThatCounts() throws {
    for seed in checkSeeds {
      let (train, test) = try sine(rows: 250, noise: 0.1, seed: seed)
      let model = try GaussianProcess().fit(train, context: FitContext(key: RandomKey(seed: seed), threads: 2))
      let tuned = error(model, test)
      var flat = GaussianProcess()
      flat.tuningSteps = 0
      let untuned = error(try flat.fit(train, context: FitContext(key: RandomKey(seed: seed))), test)
      XCTAssertLessThan(tuned, 0.1, "seed \(seed)")
      XCTAssertLessThan(tuned, 0.5 * untuned, "seed \(seed)")
    }
  }

  func testFindsTheNoise() throws {
    for seed in checkSeeds {
      let (train, _) = try sine(rows: 400, noise: 0.5, seed: seed)
      let model = try XCTUnwrap(
        GaussianProcess().fit(train, context: FitContext(key: RandomKey(seed: seed))) as? GaussianProcessModel)
      // The sine has the variance 1/2, the noise 1/4.
      XCTAssertEqual(model.noise, 1.0 / 3, accuracy: 0.08, "seed \(seed)")
    }
  }

  func testFollowsALineBeyondItsRows() throws {
    let x = (0..<200).map { Float($0) / 100 - 1 }
    let data = TrainingData(
      features: FeatureMatrix(dense: [x]), task: .regression, labels: x.map { 3 * Double($0) })
    let near = data.selecting(rows: Array(20..<180))
    let model = try GaussianProcess().fit(near, context: FitContext(key: RandomKey(seed: 2)))
    // Within the labels seen, which end at 2.37 with these rows.
    let ends = model.predict(FeatureMatrix(dense: [[0.75, 5]]), threads: 1)
    XCTAssertEqual(ends[0, 0], 2.25, accuracy: 0.02)
    XCTAssertEqual(ends[1, 0], near.labels.max() ?? 0, accuracy: 1e-9)
  }

  /// More rows than one block of the factor, some of them twice: the answer is still the mean of what is near.
  func testManyRowsThatRepeat() throws {
    var stream = RandomKey(seed: 5).stream()
    let x = (0..<700).map { Float($0 / 2) / 50 }
    let data = TrainingData(
      features: FeatureMatrix(dense: [x]), task: .regression, labels: x.map { sin(Double($0)) + 0.01 * stream.normal() }
    )
    for threads in [1, 3] {
      let model = try GaussianProcess().fit(data, context: FitContext(key: RandomKey(seed: 1), threads: threads))
      let predictions = model.predict(data.features, threads: threads)
      for row in 0..<700 { XCTAssertEqual(predictions[row, 0], sin(Double(x[row])), accuracy: 0.02) }
    }
  }

  private func sine(rows: Int, noise: Double, seed: UInt64) throws -> (TrainingData, TrainingData) {
    var stream = RandomKey(seed: seed)["sine"].stream()
    let columns = (0..<6).map { _ in (0..<rows + 200).map { _ in Float(stream.uniform()) } }
    let clean = columns[0].map { sin(2 * Double.pi * Double($0)) }
    let labels = clean.enumerated().map { $0 < rows ? $1 + noise * stream.normal() : $1 }
    let data = TrainingData(features: FeatureMatrix(dense: columns), task: .regression, labels: labels)
    return (data.selecting(rows: Array(0..<rows)), data.selecting(rows: Array(rows..<rows + 200)))
  }

  private func error(_ model: any Model, _ data: TrainingData) -> Double {
    let predictions = model.predict(data.features, threads: 1)
    let squares = (0..<data.rowCount).reduce(0.0) { $0 + pow(predictions[$1, 0] - data.labels[$1], 2) }
    return (squares / Double(data.rowCount)).squareRoot()
  }
}
