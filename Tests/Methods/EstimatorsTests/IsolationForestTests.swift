import Basics
import Checks
import Estimators
import XCTest

final class IsolationForestTests: XCTestCase {
  func testAveragePathLength() {
    XCTAssertEqual(IsolationForestModel.averagePathLength(1), 0)
    XCTAssertEqual(IsolationForestModel.averagePathLength(2), 1)
    XCTAssertEqual(IsolationForestModel.averagePathLength(3), 5.0 / 3, accuracy: 1e-12)
    // Liu, Ting and Zhou estimate H by log and Euler's constant: 10.244 at 256.
    XCTAssertEqual(IsolationForestModel.averagePathLength(256), 10.2448, accuracy: 0.005)
  }

  func testPlantedOutliersComeFirst() throws {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      let rows = 1000
      let outliers = Set([10, 500, 990])
      var columns = (0..<4).map { _ in (0..<rows).map { _ in Float(stream.normal()) } }
      for row in outliers { for column in 0..<4 { columns[column][row] = Float(stream.uniform() < 0.5 ? -7 : 7) } }
      columns[1][3] = .nan
      let features = FeatureMatrix(dense: columns)
      let context = FitContext(key: RandomKey(seed: seed), threads: 2)
      let scores = try IsolationForest().fit(features, context: context).scores(features, threads: 2)
      XCTAssertEqual(Set(scores.indices.sorted { scores[$0] > scores[$1] }.prefix(3)), outliers)
      XCTAssertTrue(scores.allSatisfy { $0 > 0 && $0 < 1 })
      XCTAssertLessThan(scores.reduce(0, +) / Double(rows), 0.5)
    }
  }

  func testRareLevelIsUnusual() throws {
    let levels = (0..<400).map { Float($0 == 7 ? 3 : $0 % 3) }
    let features = FeatureMatrix(
      features: [Feature("level", kind: .categorical(levels: 4))], columns: [.dense(levels)], rowCount: 400)
    var forest = IsolationForest()
    forest.sampleSize = 400
    let scores = try forest.fit(features, context: FitContext(key: RandomKey(seed: 1))).scores(features, threads: 1)
    XCTAssertEqual(scores.indices.max { scores[$0] < scores[$1] }, 7)
  }

  func testThreadsSavingAndOddTables() throws {
    let forest = IsolationForest()
    for problem in [ContractProblem.regression] {
      for (name, data) in problem.awkward() {
        let one = try forest.fit(data.features, context: FitContext(key: RandomKey(seed: 3), threads: 1))
        let four = try forest.fit(data.features, context: FitContext(key: RandomKey(seed: 3), threads: 4))
        let scores = one.scores(data.features, threads: 1)
        XCTAssertEqual(four.scores(data.features, threads: 3), scores, name)
        XCTAssertTrue(scores.allSatisfy { $0.isFinite && $0 > 0 && $0 <= 1 }, name)
        let model = try XCTUnwrap(one as? IsolationForestModel)
        let loaded = try JSONDecoder().decode(IsolationForestModel.self, from: JSONEncoder().encode(model))
        XCTAssertEqual(loaded.scores(data.features, threads: 1), scores, name)
      }
    }
    var none = IsolationForest()
    none.trees = 0
    XCTAssertThrowsError(try none.fit(FeatureMatrix(dense: [[1, 2]]), context: FitContext(key: RandomKey(seed: 1)))) {
      XCTAssertEqual(($0 as? AssayError)?.kind, .configuration)
    }
  }
}
