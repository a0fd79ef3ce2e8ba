import Basics
import Estimators
import Evaluation
import Foundation
import XCTest

final class TreesForestTests: XCTestCase {
  func testSameBitsWithAnyNumberOfThreads() throws {
    for task in [LearningTask.regression, twoClasses, .classification(classes: ["a", "b", "c"])] {
      let data = simulatedData(rows: 700, seed: 3, task: task)
      for kind in [Forest.Kind.randomForest, .extraTrees] {
        let reference = try fitTrees(Forest(kind: kind, trees: 7), data)
        for threads in 2...4 {
          XCTAssertEqual(try fitTrees(Forest(kind: kind, trees: 7), data, threads: threads).trees, reference.trees)
        }
      }
    }
  }

  func testGrownOutTreesRepeatTheirRows() throws {
    // Distinct values and no bootstrap: every leaf is pure.
    for task in [LearningTask.regression, twoClasses, .classification(classes: ["a", "b", "c"])] {
      var stream = RandomKey(seed: 4).stream()
      let columns = (0..<3).map { _ in (0..<200).map { _ in Float(stream.normal()) } }
      let labels = (0..<200).map { _ in
        task.classes.isEmpty ? stream.normal() : Double(stream.integer(below: task.width))
      }
      let data = trainingData(columns, labels, task: task)
      let model = try fitTrees(Forest(kind: .extraTrees, trees: 5), data)
      let predicted = model.predict(data.features, threads: 1)
      for row in 0..<200 {
        if task.classes.isEmpty {
          XCTAssertEqual(predicted[row, 0], labels[row], accuracy: treeTolerance)
        } else {
          XCTAssertEqual(predicted[row, Int(labels[row])], 1, accuracy: treeTolerance)
        }
      }
    }
  }

  func testGiniFindsTheBestCut() throws {
    // One tree, one node, all rows: the cut must have the smallest weighted impurity of all cuts.
    for seed in 0..<10 as Range<UInt64> {
      var stream = RandomKey(seed: seed).stream()
      let x = (0..<60).map { _ in Float(stream.integer(below: 12)) }
      let labels = x.map { Double(min(2, max(0, Int(Double($0) / 4 + stream.normal())))) }
      let data = trainingData([x], labels, task: .classification(classes: ["a", "b", "c"]))
      let model = try fitTrees(
        Forest(trees: 1, leaves: 2, columnShareByNode: 1, rowShare: 1), data)
      func squares(_ rows: [Int]) -> Double {
        guard !rows.isEmpty else { return 0 }
        return (0..<3).reduce(0.0) { sum, k in
          let n = Double(rows.filter { labels[$0] == Double(k) }.count)
          return sum + n * n / Double(rows.count)
        }
      }
      let all = squares(Array(x.indices))
      let best = (0..<11).map { cut in
        squares(x.indices.filter { x[$0] <= Float(cut) }) + squares(x.indices.filter { x[$0] > Float(cut) }) - all
      }.max()!
      XCTAssertEqual(model.trees[0].gains[0], best, accuracy: 1e-4 * best, "seed \(seed)")
    }
  }

  func testForestsLearn() throws {
    for task in [LearningTask.regression, twoClasses] {
      let data = simulatedData(rows: 4000, seed: 5, task: task)
      let test = simulatedData(rows: 1000, seed: 6, task: task)
      for kind in [Forest.Kind.randomForest, .extraTrees] {
        let predicted = try fitTrees(Forest(kind: kind, trees: 60), data).predict(test.features, threads: 1)
        if task.classes.isEmpty {
          let mean = test.labels.reduce(0, +) / 1000
          let error = test.labels.indices.reduce(0) { $0 + pow(predicted[$1, 0] - test.labels[$1], 2) }
          let spread = test.labels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
          XCTAssertLessThan(error, 0.3 * spread, "\(kind)")
        } else {
          let hits = test.labels.indices.filter { (predicted[$0, 1] > 0.5) == (test.labels[$0] == 1) }.count
          XCTAssertGreaterThan(hits, 850, "\(kind)")
        }
      }
    }
  }

  func testDeadlineAndInterruption() throws {
    let data = simulatedData(rows: 200, seed: 5)
    var context = FitContext(key: RandomKey(seed: 1), threads: 2, deadline: Deadline(after: 0))
    let model = try XCTUnwrap(try Forest(trees: 50).fit(data, context: context) as? TreeEnsemble)
    XCTAssertEqual(model.treeCount, 1)
    context.deadline = .never
    context.interruption.request()
    XCTAssertThrowsError(try Forest().fit(data, context: context)) {
      XCTAssertEqual(($0 as? AssayError)?.kind, .cancelled)
    }
  }
}
