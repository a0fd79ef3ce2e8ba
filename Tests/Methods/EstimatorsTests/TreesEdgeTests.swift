import Basics
import Estimators
import Evaluation
import Foundation
import XCTest

/// Data at the edge, and settings out of range.
final class TreesEdgeTests: XCTestCase {
  private let estimators: [any Estimator] = [
    Boosting(trees: 5, minimumChildRows: 1), Forest(trees: 5), Forest(kind: .extraTrees, trees: 5),
  ]

  func testOneRowConstantColumnAllMissing() throws {
    for estimator in estimators {
      for column in [[3], [.nan]] as [[Float]] {
        let one = trainingData([column], [4])
        assertClose(try fitTrees(estimator, one).predict(one.features, threads: 1).values, [4])
      }
      let constant = trainingData(
        [[Float](repeating: 2, count: 30), [Float](repeating: .nan, count: 30)], (0..<30).map { Double($0) })
      let predicted = try fitTrees(estimator, constant).predict(constant.features, threads: 1).values
      XCTAssertEqual(Set(predicted).count, 1)
      XCTAssertEqual(predicted[0], 14.5, accuracy: 4)
    }
  }

  func testOneClassOnly() throws {
    for estimator in estimators {
      let data = trainingData([[1, 2, 3, 4]], [0, 0, 0, 0], task: twoClasses)
      let predicted = try fitTrees(estimator, data).predict(data.features, threads: 1)
      for row in 0..<4 { XCTAssertEqual(predicted[row, 0], 1, accuracy: 1e-6) }
      let several = trainingData(
        [[1, 2, 3, 4]], [2, 2, 2, 2], task: .classification(classes: ["a", "b", "c"]))
      let shares = try fitTrees(estimator, several).predict(several.features, threads: 1)
      for row in 0..<4 { XCTAssertEqual(shares[row, 2], 1, accuracy: 1e-5) }
    }
  }

  func testInfiniteValuesArePredictedAsTheLargest() throws {
    for estimator in estimators {
      let data = trainingData([[1, 2, 3, 4, 5, 6]], [0, 0, 5, 5, 9, 9])
      let model = try fitTrees(estimator, data)
      let values = { (x: [Float]) in model.predict(FeatureMatrix(dense: [x]), threads: 1).values }
      XCTAssertEqual(values([-.infinity, .infinity]), values([-1e30, 1e30]))
    }
    let infinite: [Float] = [-.infinity, -.infinity, 0, 0, .infinity, .infinity, .nan]
    let binned = BinnedFeatures(FeatureMatrix(dense: [infinite]), key: RandomKey(seed: 1))
    XCTAssertEqual((0..<7).map { binned.bin(row: $0, feature: 0) }, [1, 1, 2, 2, 3, 3, 0])
  }

  func testSparseEqualsDense() throws {
    for seed in [1, 7, 2026] as [UInt64] {
      var stream = RandomKey(seed: seed).stream()
      var dense: [[Float]] = []
      var sparse: [FeatureValues] = []
      let rows = 400
      for _ in 0..<4 {
        let column: [Float] = (0..<rows).map { _ in stream.uniform() < 0.2 ? Float(stream.normal()) : 0 }
        let at = column.indices.filter { column[$0] != 0 }
        dense.append(column)
        sparse.append(.sparse(rows: at.map { Int32($0) }, values: at.map { column[$0] }))
      }
      let labels = (0..<rows).map { Double(dense[0][$0]) + 2 * abs(Double(dense[1][$0])) + 0.1 * stream.normal() }
      let first = trainingData(dense, labels)
      var second = first
      second.features = FeatureMatrix(features: first.features.features, columns: sparse, rowCount: rows)
      for estimator in estimators {
        let a = try fitTrees(estimator, first)
        let b = try fitTrees(estimator, second)
        XCTAssertEqual(a.trees, b.trees)
        XCTAssertEqual(a.predict(first.features, threads: 1), a.predict(second.features, threads: 2))
        let few = second.features.selecting(rows: [3, 50, 7])
        XCTAssertEqual(
          a.predict(few, threads: 1).values, [3, 50, 7].map { a.predict(first.features, threads: 1)[$0, 0] })
      }
    }
  }

  func testBinsAreTestsOnValues() {
    for seed in [1, 7, 2026] as [UInt64] {
      var stream = RandomKey(seed: seed).stream()
      let values: [Float] = (0..<3000).map { row in
        row % 50 == 0 ? .nan : row % 3 == 0 ? Float(stream.integer(below: 4)) : Float(stream.normal() * 1e3)
      }
      let matrix = FeatureMatrix(dense: [values])
      for maximum in [2, 16, 255] {
        let binned = BinnedFeatures(matrix, maximumBins: maximum, key: RandomKey(seed: seed))
        XCTAssertLessThanOrEqual(binned.bins[0].count, maximum + 1)
        for (row, value) in values.enumerated() {
          let bin = Int(binned.bin(row: row, feature: 0))
          XCTAssertEqual(bin, Int(binned.bins[0].bin(of: value)))
          if value.isNaN {
            XCTAssertEqual(bin, 0)
          } else {
            XCTAssertLessThanOrEqual(value, binned.bins[0].threshold(ofBin: bin))
            if bin > 1 { XCTAssertGreaterThan(value, binned.bins[0].threshold(ofBin: bin - 1)) }
          }
        }
      }
    }
  }

  func testBadSettingsAndData() {
    let good = trainingData([[1, 2, 3]], [1, 2, 3])
    func kind(_ estimator: any Estimator, _ data: TrainingData) -> AssayError.Kind? {
      do {
        _ = try estimator.fit(data, context: FitContext(key: RandomKey(seed: 1)))
        return nil
      } catch { return (error as? AssayError)?.kind }
    }
    for bad in [
      Boosting(trees: 0), Boosting(leaves: 1), Boosting(depthLimit: 0), Boosting(bins: 1), Boosting(bins: 256),
      Boosting(learningRate: 0), Boosting(l2: -1), Boosting(rowShare: 0), Boosting(columnShare: 1.1),
      Boosting(monotone: ["nobody": 1]), Boosting(monotone: ["x1": 2]), Boosting(objective: .logistic),
      Boosting(objective: .quantile(level: 1)), Boosting(objective: .tweedie(power: 2)),
    ] { XCTAssertEqual(kind(bad, good), .configuration, "\(bad)") }
    XCTAssertEqual(kind(Forest(trees: 0), good), .configuration)
    XCTAssertEqual(kind(Forest(columnShareByNode: 2), good), .configuration)
    XCTAssertEqual(kind(Boosting(objective: .poisson), trainingData([[1, 2]], [-1, 2])), .data)
    XCTAssertEqual(kind(Boosting(objective: .lambdaRank(truncation: 5)), good), .data)
    for estimator in estimators {
      XCTAssertEqual(kind(estimator, trainingData([[]], [])), .data)
      XCTAssertEqual(kind(estimator, trainingData([[1, 2]], [1, .nan])), .data)
      XCTAssertEqual(kind(estimator, trainingData([[1, 2]], [1, 2], weights: [1, -1])), .data)
      XCTAssertEqual(kind(estimator, trainingData([[1, 2]], [0, 2], task: twoClasses)), .data)
    }
  }

  func testSavingAndLoading() throws {
    for task in [LearningTask.regression, twoClasses, .classification(classes: ["a", "b", "c"])] {
      let data = simulatedData(rows: 300, seed: 9, task: task)
      for estimator in estimators {
        let model = try fitTrees(estimator, data)
        let bytes = try JSONEncoder().encode(model)
        let again = try JSONDecoder().decode(TreeEnsemble.self, from: bytes)
        XCTAssertEqual(again.trees, model.trees)
        XCTAssertEqual(again.predict(data.features, threads: 1), model.predict(data.features, threads: 1))
      }
      var text = String(
        decoding: try JSONEncoder().encode(try fitTrees(estimators[0], data)), as: UTF8.self)
      text = text.replacingOccurrences(of: "\"features\":[1", with: "\"features\":[77")
      XCTAssertThrowsError(
        try JSONDecoder().decode(
          TreeEnsemble.self,
          from: Data(
            text.replacingOccurrences(
              of: "\"left\":[", with: "\"left\":[0,"
            ).utf8)))
    }
    let settings = Boosting(objective: .huber(delta: 2), monotone: ["a": 1])
    XCTAssertEqual(try JSONDecoder().decode(Boosting.self, from: JSONEncoder().encode(settings)), settings)
  }

  func testFewRowsPredictAsMany() throws {
    for task in [LearningTask.regression, twoClasses, .classification(classes: ["a", "b", "c"])] {
      let data = simulatedData(rows: 500, seed: 12, task: task)
      for estimator in estimators {
        let model = try fitTrees(estimator, data)
        let all = model.predict(data.features, threads: 3)
        for row in stride(from: 0, to: 500, by: 37) {
          let one = model.predict(data.features.selecting(rows: [row]), threads: 1)
          XCTAssertEqual(one.values, (0..<task.width).map { all[row, $0] })
        }
      }
    }
  }
}
