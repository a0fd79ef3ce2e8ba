import Basics
import Checks
import Estimators
import Survival
import XCTest

final class AcceleratedTests: XCTestCase {
  func testAgainstLifelines() throws {
    let golden = try SurvivalGolden.load()
    for (name, family) in [("weibull", LifeFamily.weibull), ("logNormal", .logNormal), ("logLogistic", .logLogistic)] {
      for isLate in [false, true] {
        let expected = golden.aft[name + (isLate ? "Late" : "")]!
        let data = try golden.data(golden.time, entries: isLate ? golden.entry : nil)
        let model = try AcceleratedFailureTime(family).model(data, context: context(1))
        // lifelines stops when its own optimiser is content; likelihoods show that ours is not below.
        XCTAssertGreaterThan(model.logLikelihood, expected.logLikelihood - 1e-6, name)
        XCTAssertEqual(model.logLikelihood, expected.logLikelihood, accuracy: 1e-4, name)
        for (term, (coefficient, error)) in zip(model.terms, zip(expected.coefficients, expected.se)) {
          XCTAssertEqual(term.coefficient, coefficient, accuracy: 2e-3, "\(name) \(term.name)")
          XCTAssertEqual(term.standardError ?? .nan, error, accuracy: 2e-3, "\(name) \(term.name)")
        }
        XCTAssertTrue(model.isConverged)
      }
    }
  }

  func testDistributionsAgreeWithThemselves() {
    for family in LifeFamily.allCases {
      let life = LifeDistribution(family, location: 2, scale: 0.4)
      for level in [0.01, 0.3, 0.5, 0.9] {
        let time = life.remainingLife(level: level)
        XCTAssertEqual(life.survival(at: time), 1 - level, accuracy: 1e-12)
        XCTAssertEqual(life.failureProbability(within: time), level, accuracy: 1e-12)
        let left = life.remainingLife(level: level, age: 5)
        XCTAssertEqual(life.failureProbability(within: left, age: 5), level, accuracy: 1e-10)
      }
      // The mean is the area below the curve.
      let step = 0.005
      let area = (0..<400_000).reduce(0) { $0 + step * life.survival(at: (Double($1) + 0.5) * step) }
      XCTAssertEqual(area, life.mean, accuracy: 1e-3 * life.mean)
    }
    // Far in the tail the normal survival is too small to divide by.
    let far = LifeDistribution(.logNormal, location: 0, scale: 0.1)
    XCTAssertEqual(far.failureProbability(within: 100, age: 20), 1, accuracy: 1e-9)
  }

  func testFindsLives() throws {
    for seed in checkSeeds {
      let lives = try SimulatedLives(rows: 2000, effects: [0.6, -0.3], shape: 2, key: RandomKey(seed: seed))
      let model = try AcceleratedFailureTime(.weibull).model(lives.data, context: context(1))
      // Weibull: effects on log life are those on the log hazard over the shape, with the sign turned.
      XCTAssertEqual(model.terms[0].coefficient, log(10), accuracy: 0.06)
      XCTAssertEqual(model.terms[1].coefficient, -0.3, accuracy: 0.06)
      XCTAssertEqual(model.terms[2].coefficient, 0.15, accuracy: 0.06)
      XCTAssertEqual(model.scale, 0.5, accuracy: 0.04)
      let copy = try JSONDecoder().decode(AcceleratedModel.self, from: JSONEncoder().encode(model))
      XCTAssertEqual(copy, model)
      let curves = model.curves(lives.data.features)
      let direct = model.distributions(lives.data.features)[0]
      XCTAssertEqual(curves.survival(0, at: curves.times[20]), direct.survival(at: curves.times[20]), accuracy: 1e-12)
      XCTAssertEqual(
        curves.remainingLife(0, level: 0.5, age: 3), direct.remainingLife(level: 0.5, age: 3), accuracy: 0.03)
    }
  }

  func testTimesOfZero() throws {
    let data = try SurvivalData(
      features: FeatureMatrix(dense: [[1, 2]]), outcomes: SurvivalOutcomes(times: [0, 2], events: [true, true]))
    assertAssayError(.data, saying: ["row 1", "time is 0"]) {
      try AcceleratedFailureTime().model(data, context: context(1))
    }
  }
}
