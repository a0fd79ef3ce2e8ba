import Basics
import Checks
import Survival
import XCTest

final class CurveTests: XCTestCase {
  func testSteps() {
    let curves = SurvivalCurves(times: [1, 2, 4], values: [0.9, 0.5, 0.2], between: .step)
    XCTAssertEqual(curves.survival(0, at: 0.5), 1)
    XCTAssertEqual(curves.survival(0, at: 1), 0.9)
    XCTAssertEqual(curves.survival(0, at: 3.9), 0.5)
    XCTAssertEqual(curves.survival(0, at: 100), 0.2)
    XCTAssertEqual(curves.failureProbability(0, within: 1, age: 1), 1 - 0.5 / 0.9, accuracy: 1e-15)
    XCTAssertEqual(curves.remainingLife(0, level: 0.5), 2)
    XCTAssertEqual(curves.remainingLife(0, level: 0.5, age: 1.5), 2.5)
    XCTAssertEqual(curves.remainingLife(0, level: 0.9), .infinity)
    // 1 + 0.9 + 2 * 0.5.
    XCTAssertEqual(curves.meanRemainingLife(0), 2.9, accuracy: 1e-15)
    XCTAssertEqual(curves.meanRemainingLife(0, age: 2), 2, accuracy: 1e-15)
  }

  func testConstantHazardIsExact() {
    let rate = 0.3
    let times = [0.5, 1, 3, 7]
    let curves = SurvivalCurves(times: times, values: times.map { exp(-rate * $0) }, between: .constantHazard)
    for time in [0.1, 0.7, 2, 6.9, 7, 12] {
      XCTAssertEqual(curves.survival(0, at: time), exp(-rate * time), accuracy: 1e-14)
      // A constant hazard forgets age.
      XCTAssertEqual(curves.failureProbability(0, within: 2, age: time), 1 - exp(-2 * rate), accuracy: 1e-12)
      XCTAssertEqual(curves.remainingLife(0, level: 0.4, age: time), -log(0.6) / rate, accuracy: 1e-12)
      XCTAssertEqual(
        curves.meanRemainingLife(0, horizon: 5, age: time), (1 - exp(-5 * rate)) / rate, accuracy: 1e-12)
    }
  }

  func testQuantilesInvertCurves() {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed).stream()
      var (times, values, value, time) = ([Double](), [Double](), 1.0, 0.0)
      for _ in 0..<20 {
        time += random.uniform() + 0.01
        value *= 0.7 + 0.3 * random.uniform()
        times.append(time)
        values.append(value)
      }
      let curves = SurvivalCurves(times: times, values: values, between: .constantHazard)
      for _ in 0..<50 {
        let (level, age) = (0.01 + 0.98 * random.uniform(), 10 * random.uniform())
        let left = curves.remainingLife(0, level: level, age: age)
        XCTAssertEqual(curves.failureProbability(0, within: left, age: age), level, accuracy: 1e-9)
      }
    }
  }
}
