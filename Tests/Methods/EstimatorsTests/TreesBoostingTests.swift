import Basics
import Estimators
import Evaluation
import Foundation
import XCTest

/// Properties that boosting promises.
final class TreesBoostingTests: XCTestCase {
  func testSameBitsWithAnyNumberOfThreads() throws {
    let several = LearningTask.classification(classes: ["a", "b", "c"])
    for task in [LearningTask.regression, twoClasses, several] {
      let data = simulatedData(rows: 70_000, seed: 11, task: task)
      let boosting = Boosting(
        trees: 3, leaves: 15, rowShare: 0.9, columnShare: 0.7, columnShareByNode: 0.8)
      let whole = Boosting(trees: 3, leaves: 15)
      for settings in [boosting, whole] {
        let reference = try fitTrees(settings, data, threads: 1)
        let expected = reference.margins(data.features, threads: 1)
        for threads in 2...4 {
          let model = try fitTrees(settings, data, threads: threads)
          XCTAssertEqual(model.trees, reference.trees, "\(task) \(threads) threads")
          XCTAssertEqual(model.margins(data.features, threads: threads), expected)
        }
      }
    }
  }

  func testSeedMatters() throws {
    let data = simulatedData(rows: 500, seed: 11)
    let settings = Boosting(trees: 3, rowShare: 0.5)
    XCTAssertNotEqual(try fitTrees(settings, data, seed: 1).trees, try fitTrees(settings, data, seed: 2).trees)
  }

  func testTrainingScoresAreReproducedByRawPrediction() throws {
    // The second tree starts from scores kept in training; it equals a fresh fit only if rows land in the same leaves.
    let data = simulatedData(rows: 3000, seed: 5)
    let model = try fitTrees(Boosting(trees: 1, leaves: 40, learningRate: 1, minimumChildRows: 1), data)
    let tree = model.trees[0]
    let predicted = model.predict(data.features, threads: 1).values
    // Every leaf's value is the mean label of the rows that raw prediction sends there.
    for value in Set(predicted) {
      let rows = predicted.indices.filter { predicted[$0] == value }
      let mean = rows.reduce(0) { $0 + data.labels[$1] } / Double(rows.count)
      XCTAssertEqual(mean, value, accuracy: treeTolerance)
      XCTAssertTrue(tree.leafRows.contains(Double(rows.count)))
    }
    XCTAssertEqual(Set(predicted).count, tree.leafCount)
  }

  func testWeightsEqualRepeatedRows() throws {
    for task in [LearningTask.regression, twoClasses] {
      // Few distinct values: bins do not depend on how often they occur.
      var data = simulatedData(rows: 600, seed: 21, task: task)
      data.features = FeatureMatrix(
        features: data.features.features,
        columns: (0..<6).map { .dense(data.features.dense($0).map { ($0 * 10).rounded() / 10 }) }, rowCount: 600)
      var weighted = data
      weighted.weights = data.labels.indices.map { Double(1 + $0 % 3) }
      let repeated = data.selecting(rows: data.labels.indices.flatMap { [Int](repeating: $0, count: 1 + $0 % 3) })
      let settings = Boosting(trees: 5, leaves: 8, minimumChildRows: 1)
      let first = try fitTrees(settings, weighted).margins(data.features, threads: 1).values
      let second = try fitTrees(settings, repeated).margins(data.features, threads: 1).values
      assertClose(first, second, accuracy: 1e-3, "\(task)")
    }
  }

  func testMonotoneConstraintHolds() throws {
    for seed in [1, 7, 2026] as [UInt64] {
      var stream = RandomKey(seed: seed).stream()
      let x = (0..<2000).map { _ in Float(stream.normal()) }
      let other = (0..<2000).map { _ in Float(stream.normal()) }
      let labels = x.indices.map { sin(3 * Double(x[$0])) + Double(x[$0]) + Double(other[$0]) + stream.normal() }
      for (sign, objective) in [(1, Objective.squared), (-1, .squared), (1, .absolute), (-1, .quantile(level: 0.8))] {
        let model = try fitTrees(
          Boosting(objective: objective, trees: 30, leaves: 15, minimumChildRows: 5, monotone: ["x1": sign]),
          trainingData([x, other], labels))
        for fixed in [-1.5, -0.2, 0.4, 1.1] as [Float] {
          let grid = (0..<200).map { Float($0) * 0.03 - 3 }
          let values = model.predict(
            FeatureMatrix(dense: [grid, [Float](repeating: fixed, count: 200)]), threads: 1
          ).values
          for (a, b) in zip(values, values.dropFirst()) {
            XCTAssertGreaterThanOrEqual((b - a) * Double(sign), -1e-9, "seed \(seed) sign \(sign) \(objective)")
          }
        }
      }
    }
  }

  func testMissingGoesTheWayThatWasLearned() throws {
    // Missing rows have the labels of the upper half in one case and of the lower half in the other.
    for missingLabel in [0.0, 10] {
      let x: [Float] = [1, 2, 3, 4, .nan, .nan]
      let data = trainingData([x], [0, 0, 10, 10, missingLabel, missingLabel])
      let model = try fitTrees(oneTree(), data)
      assertClose(model.predict(data.features, threads: 1).values, data.labels)
    }
  }

  func testMissingAloneCanBeSplitOff() throws {
    let data = trainingData([[1, 2, 3, 4, .nan, .nan]], [1, 1, 1, 1, 9, 9])
    let model = try fitTrees(oneTree(), data)
    assertClose(model.predict(data.features, threads: 1).values, data.labels)
  }

  func testMissingNotSeenInTrainingGoesWithTheMajority() throws {
    let data = trainingData([[1, 2, 3, 4, 5]], [0, 0, 0, 10, 10])
    let model = try fitTrees(oneTree(), data)
    assertClose(model.predict(FeatureMatrix(dense: [[.nan]]), threads: 1).values, [0])
  }

  func testMinimumRowsAreExactAlsoWhereHessiansAreSmall() throws {
    for minimum in [5, 20, 50] {
      let data = simulatedData(rows: 900, seed: 8, task: twoClasses)
      var weighted = data
      weighted.weights = data.labels.indices.map { $0 % 7 == 0 ? 30 : 0.2 }
      let model = try fitTrees(
        Boosting(trees: 10, leaves: 30, minimumChildWeight: 0, minimumChildRows: minimum), weighted)
      for tree in model.trees {
        XCTAssertGreaterThanOrEqual(tree.leafRows.min() ?? 0, Double(minimum))
      }
      XCTAssertTrue(model.trees.contains { $0.leafCount > 2 })
    }
  }

  func testLeafAndDepthLimits() throws {
    let data = simulatedData(rows: 1000, seed: 2)
    let model = try fitTrees(Boosting(trees: 3, leaves: 9, minimumChildRows: 1), data)
    XCTAssertEqual(model.trees.map(\.leafCount), [9, 9, 9])
    let shallow = try fitTrees(Boosting(trees: 3, leaves: 100, depthLimit: 2, minimumChildRows: 1), data)
    XCTAssertEqual(shallow.trees.map(\.leafCount), [4, 4, 4])
  }

  func testPenaltiesShrinkLeaves() throws {
    let data = trainingData([[1, 2, 3, 4]], [0, 0, 10, 10])
    var settings = oneTree()
    settings.l2 = 2
    // Sums of gradients +-10 at the mean 5, hessian 2: values -+10 / (2 + 2).
    assertClose(try fitTrees(settings, data).predict(data.features, threads: 1).values, [2.5, 2.5, 7.5, 7.5])
    settings.l2 = 0
    settings.l1 = 4
    assertClose(try fitTrees(settings, data).predict(data.features, threads: 1).values, [2, 2, 8, 8])
    settings.l1 = 0
    settings.minimumGain = 101
    assertClose(try fitTrees(settings, data).predict(data.features, threads: 1).values, [5, 5, 5, 5])
    settings.minimumGain = 99
    assertClose(try fitTrees(settings, data).predict(data.features, threads: 1).values, data.labels)
  }

  func testEarlyStoppingReturnsToTheBestRound() throws {
    let data = simulatedData(rows: 300, seed: 4, task: twoClasses)
    let validation = simulatedData(rows: 300, seed: 5, task: twoClasses)
    let settings = Boosting(trees: 400, leaves: 31, learningRate: 0.3, minimumChildRows: 2, earlyStoppingRounds: 15)
    let model = try fitTrees(settings, data, validation: validation)
    XCTAssertLessThan(model.treeCount, 300)
    func loss(_ trees: Int) throws -> Double {
      var fixed = settings
      fixed.trees = trees
      let p = try fitTrees(fixed, data).predict(validation.features, threads: 1)
      return validation.labels.indices.reduce(0) { $0 - log(p[$1, Int(validation.labels[$1])]) }
    }
    let best = try loss(model.treeCount)
    XCTAssertLessThan(best, try loss(model.treeCount + 15))
    if model.treeCount > 1 { XCTAssertLessThan(best, try loss(model.treeCount - 1)) }
    XCTAssertEqual(model.trees, try fitTrees(settings.with(trees: model.treeCount), data).trees)
  }

  func testDeadlineKeepsTreesAndInterruptionThrows() throws {
    let data = simulatedData(rows: 300, seed: 4)
    var context = FitContext(key: RandomKey(seed: 1), deadline: Deadline(after: 0))
    let model = try XCTUnwrap(try Boosting(trees: 50).fit(data, context: context) as? TreeEnsemble)
    XCTAssertEqual(model.treeCount, 1)
    context.deadline = .never
    context.interruption.request()
    XCTAssertThrowsError(try Boosting().fit(data, context: context)) {
      XCTAssertEqual(($0 as? AssayError)?.kind, .cancelled)
    }
  }

  func testLearnsAsWellAsItShould() throws {
    // The noise's standard deviation is 0.3, the labels' about 1.9.
    for seed in [1, 7, 2026] as [UInt64] {
      let data = simulatedData(rows: 8000, seed: seed, withMissing: false)
      let test = simulatedData(rows: 2000, seed: seed + 1, withMissing: false)
      let model = try fitTrees(Boosting(trees: 200), data)
      let predicted = model.predict(test.features, threads: 1).values
      let error = zip(predicted, test.labels).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 2000
      XCTAssertLessThan(error.squareRoot(), 0.45, "seed \(seed)")
    }
  }
}

extension Boosting {
  fileprivate func with(trees: Int) -> Boosting {
    var copy = self
    copy.trees = trees
    return copy
  }
}
