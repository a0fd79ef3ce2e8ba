import Basics
import Estimators
import Evaluation
import Foundation
import XCTest

final class TreesCategoryTests: XCTestCase {
  /// The largest fall of the squared error over all partitions of the levels in two.
  private func bestByForce(_ codes: [Int], _ labels: [Double], levels: Int) -> Double {
    func score(_ rows: [Int]) -> Double {
      let sum = rows.reduce(0) { $0 + labels[$1] }
      return rows.isEmpty ? 0 : sum * sum / Double(rows.count)
    }
    let all = score(Array(codes.indices))
    return (1..<(1 << (levels - 1))).map { subset in
      let left = codes.indices.filter { subset >> codes[$0] & 1 == 1 }
      let right = codes.indices.filter { subset >> codes[$0] & 1 == 0 }
      return score(left) + score(right) - all
    }.max() ?? 0
  }

  func testSortedLevelsFindTheBestPartition() throws {
    for seed in 0..<20 as Range<UInt64> {
      var stream = RandomKey(seed: seed).stream()
      let levels = 3 + stream.integer(below: 6)
      let codes = (0..<80).map { _ in stream.integer(below: levels) }
      let effects = (0..<levels).map { _ in stream.normal() }
      let labels = codes.map { effects[$0] + stream.normal() }
      let data = trainingData([codes.map { Float($0) }], labels, levels: [0: levels])
      var settings = oneTree()
      settings.categoricalOneAgainstRest = 0
      settings.categoricalSmoothing = 0
      settings.categoricalL2 = 0
      let model = try fitTrees(settings, data)
      let expected = bestByForce(codes, labels, levels: levels)
      XCTAssertEqual(model.trees[0].gains[0], expected, accuracy: 1e-4 * expected, "seed \(seed)")
      // Prediction sends every row to the mean of its side.
      let predicted = model.predict(data.features, threads: 1).values
      for value in Set(predicted) {
        let rows = predicted.indices.filter { predicted[$0] == value }
        let mean = rows.reduce(0) { $0 + labels[$1] } / Double(rows.count)
        XCTAssertEqual(value, mean, accuracy: treeTolerance)
      }
    }
  }

  func testFewLevelsAreTriedOneAgainstTheRest() throws {
    let codes: [Float] = [0, 0, 1, 1, 2, 2]
    let data = trainingData([codes], [0, 0, 10, 10, 0, 0], levels: [0: 3])
    let model = try fitTrees(oneTree(), data)
    assertClose(model.predict(data.features, threads: 1).values, data.labels)
  }

  func testUnseenAndMissingLevelsGoOneWay() throws {
    let data = trainingData([[0, 0, 1, 1, 1, 2]], [0, 0, 10, 10, 10, 10], levels: [0: 5])
    let model = try fitTrees(oneTree(), data)
    let strange = FeatureMatrix(
      features: data.features.features, columns: [.dense([.nan, 4, 3, 99, -1, .infinity])], rowCount: 6)
    XCTAssertEqual(Set(model.predict(strange, threads: 1).values).count, 1)
    // A missing level that was seen has a way of its own.
    let learned = trainingData([[0, 0, .nan, .nan, 1, 1]], [0, 0, 10, 10, 0, 0], levels: [0: 2])
    assertClose(try fitTrees(oneTree(), learned).predict(learned.features, threads: 1).values, learned.labels)
  }

  func testManyLevels() throws {
    var stream = RandomKey(seed: 3).stream()
    let codes = (0..<6000).map { _ in Float(stream.integer(below: 600)) }
    let labels = codes.map { Int($0) % 2 == 0 ? 1.0 : -1.0 }
    let data = trainingData([codes], labels, levels: [0: 600])
    let model = try fitTrees(Boosting(trees: 60, minimumChildRows: 1), data)
    let predicted = model.predict(data.features, threads: 1).values
    let hits = zip(predicted, labels).filter { $0.0 * $0.1 > 0 }.count
    // 255 of the levels have bins of their own; they are the frequent ones.
    XCTAssertGreaterThan(hits, 3800)
  }
}
