import Basics
import Checks
import Decisions
import Evaluation
import XCTest

final class CostCurvesTests: XCTestCase {
  func testByHand() throws {
    let labels = [1.0, 0, 1, 0, 0]
    let scores = [0.9, 0.8, 0.7, 0.2, 0.1]
    let curves = try CostCurves.curves(
      validationLabels: labels, validationScores: scores, testLabels: labels, testScores: scores,
      ratios: [0.5, 1, 2, 10], key: RandomKey(seed: 1))
    XCTAssertEqual(curves.map(\.name), ["model", "do nothing", "treat all"])
    // Cuts by ratio: 0.5: two missed cost 1, one missed 0.5, none missed and one alarm 1.
    XCTAssertEqual(curves[0].y, [0.1, 0.2, 0.2, 0.2])
    XCTAssertEqual(curves[1].y, [0.2, 0.4, 0.8, 4])
    XCTAssertEqual(curves[2].y, [0.6, 0.6, 0.6, 0.6])
  }

  func testModelIsNoWorseThanTheOthersOnItsOwnRowsAndNearlySoOnNewOnes() throws {
    for seed in checkSeeds {
      let first = try simulated(rows: 3000, seed: seed)
      let second = try simulated(rows: 3000, seed: seed + 100)
      func curves(_ test: DecisionData) throws -> [Curve] {
        try CostCurves.curves(
          validationLabels: first.labels, validationScores: first.predictions.output(1), testLabels: test.labels,
          testScores: test.predictions.output(1), key: RandomKey(seed: seed))
      }
      let own = try curves(first)
      let fresh = try curves(second)
      XCTAssertEqual(own[0].x.count, 61)
      XCTAssertEqual(own[0].x[30], 1)
      for point in own[0].x.indices {
        XCTAssertLessThanOrEqual(own[0].y[point], own[1].y[point] + 1e-12)
        XCTAssertLessThanOrEqual(own[0].y[point], own[2].y[point] + 1e-12)
        XCTAssertLessThanOrEqual(own[0].lower[point], own[0].y[point] + 1e-12)
        XCTAssertGreaterThanOrEqual(own[0].upper[point], own[0].y[point] - 1e-12)
      }
      XCTAssertLessThan(fresh[0].y.reduce(0, +), fresh[1].y.reduce(0, +))
      XCTAssertLessThan(fresh[0].y.reduce(0, +), fresh[2].y.reduce(0, +))
    }
  }

  func testUselessScoresCostAsMuchAsTheBetterOfTheTwo() throws {
    let labels = (0..<100).map { $0 < 20 ? 1.0 : 0 }
    let scores = Array(repeating: 0.2, count: 100)
    let curves = try CostCurves.curves(
      validationLabels: labels, validationScores: scores, testLabels: labels, testScores: scores,
      ratios: [1, 3, 5, 20], key: RandomKey(seed: 1))
    for (index, expected) in [0.2, 0.6, 0.8, 0.8].enumerated() {
      XCTAssertEqual(curves[0].y[index], expected, accuracy: 1e-12)
    }
  }

  func testNoRows() {
    let error = failure {
      try CostCurves.curves(
        validationLabels: [], validationScores: [], testLabels: [1], testScores: [1], key: RandomKey(seed: 1))
    }
    XCTAssertEqual(error?.kind, .data)
  }
}
