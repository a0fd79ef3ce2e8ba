import Basics
import Estimators
import Evaluation
import XCTest

final class NaiveBayesTests: XCTestCase {
  static let probabilityTolerance = 1e-6

  func testProbabilitiesEqualThoseOfScikitLearn() throws {
    let golden = try ClassicalGolden.load()
    var bayes = NaiveBayes()
    bayes.varianceSmoothing = 1e-9
    let rows = golden.three.count
    let levels = FeatureMatrix(
      features: [Feature("a", kind: .categorical(levels: 3)), Feature("b", kind: .categorical(levels: 4))],
      columns: golden.levels.map { .dense($0) }, rowCount: rows)
    let words = FeatureMatrix(
      features: golden.words.indices.map { Feature("word\($0)") },
      columns: golden.words.map { counts in
        let stored = counts.indices.filter { counts[$0] != 0 }
        return .sparse(rows: stored.map(Int32.init), values: stored.map { counts[$0] })
      }, rowCount: rows)
    for (name, features, expected) in [
      ("normal", FeatureMatrix(dense: golden.x), golden.gaussianBayes),
      ("levels", levels, golden.categoricalBayes), ("words", words, golden.multinomialBayes),
    ] {
      let data = TrainingData(
        features: features, task: .classification(classes: ["a", "b", "c"]), labels: golden.three)
      let model = try bayes.fit(data, context: FitContext(key: RandomKey(seed: 1)))
      let predictions = model.predict(features, threads: 2)
      for (row, probabilities) in expected.enumerated() {
        for (k, probability) in probabilities.enumerated() {
          XCTAssertEqual(predictions[row, k], probability, accuracy: Self.probabilityTolerance, "\(name), row \(row)")
        }
      }
    }
  }

  func testMissingSaysNothing() throws {
    let data = TrainingData(
      features: FeatureMatrix(dense: [[1, 2, 8, 9, 1, 7]]), task: .classification(classes: ["a", "b"]),
      labels: [0, 0, 1, 1, 0, 1])
    let model = try NaiveBayes().fit(data, context: FitContext(key: RandomKey(seed: 1)))
    let predictions = model.predict(FeatureMatrix(dense: [[.nan]]), threads: 1)
    XCTAssertEqual(predictions[0, 0], 0.5, accuracy: 1e-12)
  }
}
