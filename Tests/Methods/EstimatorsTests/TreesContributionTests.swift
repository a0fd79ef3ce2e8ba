import Basics
import Estimators
import Evaluation
import Foundation
import XCTest

final class TreesContributionTests: XCTestCase {
  private let sumTolerance = 1e-9

  func testContributionsAddUpToTheMargin() throws {
    for task in [LearningTask.regression, twoClasses, .classification(classes: ["a", "b", "c"])] {
      let data = simulatedData(rows: 400, seed: 14, task: task)
      let estimators: [any Estimator] = [
        Boosting(trees: 20, minimumChildRows: 2), Forest(trees: 6), Forest(kind: .extraTrees, trees: 6),
      ]
      for estimator in estimators {
        let model = try fitTrees(estimator, data)
        let margins = model.margins(data.features, threads: 1)
        let parts = model.contributions(data.features, threads: 1)
        XCTAssertEqual(parts.width, task.width == 3 ? 3 : 1)
        XCTAssertEqual(parts.rowCount, 400)
        for row in 0..<400 {
          for output in 0..<parts.width {
            XCTAssertEqual(parts.margin(row: row, output: output), margins[row, output], accuracy: sumTolerance)
          }
        }
        XCTAssertEqual(model.contributions(data.features, threads: 3), parts)
      }
    }
  }

  /// The game of TreeSHAP: features that are not known are averaged over by the training rows of each child.
  private func expectation(_ tree: Tree, known: Set<Int>, leafOf bins: [UInt8]) -> Double {
    func value(_ slot: Int32) -> Double {
      if slot < 0 { return tree.values[Int(-1 - slot)] }
      let node = Int(slot)
      let feature = Int(tree.features[node])
      let bin = bins[feature]
      func rows(_ child: Int32) -> Double { child < 0 ? tree.leafRows[Int(-1 - child)] : tree.nodeRows[Int(child)] }
      let (left, right) = (tree.left[node], tree.right[node])
      guard known.contains(feature) else {
        return (rows(left) * value(left) + rows(right) * value(right)) / tree.nodeRows[node]
      }
      let goesLeft: Bool
      if tree.setOfNode[node] >= 0 {
        goesLeft = tree.sets[Int(tree.setOfNode[node])][Int(bin) / 32] >> UInt32(bin % 32) & 1 == 1
      } else {
        goesLeft = bin == 0 ? tree.missingLeft[node] : bin <= tree.cuts[node]
      }
      return value(goesLeft ? left : right)
    }
    return tree.nodeCount == 0 ? tree.values[0] : value(0)
  }

  func testContributionsAreShapleyValuesByForce() throws {
    for seed in [1, 7, 2026] as [UInt64] {
      let data = simulatedData(rows: 300, seed: seed)
      let model = try fitTrees(Boosting(trees: 2, leaves: 25, learningRate: 1, minimumChildRows: 1), data)
      let count = data.features.featureCount
      let parts = model.contributions(data.features, threads: 1)
      var factorial = [1.0]
      for k in 1...count { factorial.append(factorial[k - 1] * Double(k)) }
      for row in stride(from: 0, to: 300, by: 23) {
        let bins = (0..<count).map { model.bins[$0].bin(of: data.features.dense($0)[row]) }
        let game = (0..<(1 << count)).map { subset in
          let known = Set((0..<count).filter { subset >> $0 & 1 == 1 })
          return model.base[0] + model.trees.reduce(0) { $0 + expectation($1, known: known, leafOf: bins) }
        }
        XCTAssertEqual(parts.base(row: row), game[0], accuracy: sumTolerance)
        for feature in 0..<count {
          var expected = 0.0
          for subset in 0..<(1 << count) where subset >> feature & 1 == 0 {
            let size = subset.nonzeroBitCount
            let weight = factorial[size] * factorial[count - size - 1] / factorial[count]
            expected += weight * (game[subset | 1 << feature] - game[subset])
          }
          XCTAssertEqual(parts[row, 0, feature], expected, accuracy: sumTolerance)
        }
      }
    }
  }

  func testDeepTreesWithManyFeatures() throws {
    // More than 16 features on a path need more than 8 quadrature points.
    var stream = RandomKey(seed: 2).stream()
    let columns = (0..<40).map { _ in (0..<500).map { _ in Float(stream.normal()) } }
    let labels = (0..<500).map { row in exp((0..<40).reduce(0) { $0 + 0.3 * Double(columns[$1][row]) }) }
    let data = trainingData(columns, labels)
    let model = try fitTrees(Forest(kind: .extraTrees, trees: 3, columnShareByNode: 0.03), data)
    let margins = model.margins(data.features, threads: 1)
    let parts = model.contributions(data.features, threads: 2)
    let scale = labels.max() ?? 1
    for row in 0..<500 {
      XCTAssertEqual(parts.margin(row: row), margins[row, 0], accuracy: sumTolerance * scale)
    }
  }

  func testImportance() throws {
    let data = simulatedData(rows: 500, seed: 14)
    let model = try fitTrees(Boosting(trees: 10), data)
    XCTAssertEqual(model.splitImportance.reduce(0, +), Double(model.trees.reduce(0) { $0 + $1.nodeCount }))
    // The fifth column is noise.
    XCTAssertEqual(model.gainImportance.min(), model.gainImportance[4])
  }
}
