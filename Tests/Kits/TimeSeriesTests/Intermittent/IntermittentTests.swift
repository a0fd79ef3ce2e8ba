import Basics
import Checks
import TimeSeries
import XCTest

final class IntermittentTests: XCTestCase {
  private let request = ForecastRequest(horizon: 3, levels: [0.5, 0.9])

  func testCrostonByHand() throws {
    // First size 4, mean interval 6 / 2 = 3. Demand 4 after 2 steps: size 4, interval 3 + 0.5 (2 - 3) = 2.5; demand 8
    // after 3 more: size 4 + 0.5 * 4 = 6, interval 2.5 + 0.5 (3 - 2.5) = 2.75.
    let series = Series(values: [0, 4, 0, 0, 8, 0])
    let croston = try IntermittentForecaster(.croston, sizeSmoothing: 0.5, frequencySmoothing: 0.5).fit(
      series, request: request)
    XCTAssertEqual(croston.forecast().point[2], 6 / 2.75, accuracy: 1e-12)
    XCTAssertEqual(croston.residuals[4], 8 - 4 / 2.5, accuracy: 1e-12)
    let corrected = try IntermittentForecaster(sizeSmoothing: 0.5, frequencySmoothing: 0.5).fit(
      series, request: request)
    XCTAssertEqual(corrected.forecast().point[0], 0.75 * 6 / 2.75, accuracy: 1e-12)
    // Probability from 1/3 on, halfway to 0 or 1 in each step.
    var probability = 1.0 / 3
    for demand in [0.0, 1, 0, 0, 1, 0] { probability += 0.5 * (demand - probability) }
    let fading = try IntermittentForecaster(
      .teunterSyntetosBabai, sizeSmoothing: 0.5, frequencySmoothing: 0.5
    ).fit(series, request: request)
    XCTAssertEqual(fading.forecast().point[0], 6 * probability, accuracy: 1e-12)
  }

  func testTheRateIsFoundAndQuantilesAreOfDemands() throws {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed).stream()
      let values = (0..<2000).map { _ in random.uniform() < 0.2 ? 5 + 10 * random.uniform() : 0 }
      for method in IntermittentForecaster.Method.allCases {
        let forecast = try IntermittentForecaster(method, sizeSmoothing: 0.005, frequencySmoothing: 0.005).fit(
          Series(values: values), request: ForecastRequest(horizon: 2, levels: [0.5, 0.79, 0.9])
        ).forecast()
        // Four standard deviations: that of the smoothed probability is 0.4 times the root of 0.005 / 1.995.
        XCTAssertEqual(forecast.point[0], 2, accuracy: 0.8, "\(method) \(seed)")
        XCTAssertEqual(forecast.quantiles[0][0], 0)
        XCTAssertGreaterThan(forecast.quantiles[2][0], 5, "the median demand is the 90 % quantile")
        XCTAssertLessThan(forecast.quantiles[2][0], 15)
      }
    }
  }

  func testOnlyTheFadingMethodForgetsDemandThatEnded() throws {
    let values = (0..<60).map { $0 % 3 == 0 ? 6.0 : 0 } + [Double](repeating: 0, count: 60)
    func point(_ method: IntermittentForecaster.Method) throws -> Double {
      try IntermittentForecaster(method, sizeSmoothing: 0.1, frequencySmoothing: 0.1).fit(
        Series(values: values), request: request
      ).forecast().point[0]
    }
    XCTAssertEqual(try point(.croston), 2, accuracy: 0.3)
    XCTAssertLessThan(try point(.teunterSyntetosBabai), 0.02)
  }

  func testDemandIsClassified() {
    func kind(_ values: [Double]) -> DemandPattern.Kind { DemandPattern(Series(values: values)).kind }
    XCTAssertEqual(kind([5, 6, 5, 6, 5, 6]), .smooth)
    XCTAssertEqual(kind([1, 20, 2, 30, 1, 1]), .erratic)
    XCTAssertEqual(kind([5, 0, 0, 6, 0, .nan, 5]), .intermittent)
    XCTAssertEqual(kind([1, 0, 0, 30, 0, 2]), .lumpy)
    let pattern = DemandPattern(Series(values: [2, 0, 4, 0]))
    XCTAssertEqual(pattern.interval, 2)
    XCTAssertEqual(pattern.variation, 2.0 / 9, accuracy: 1e-12)
    XCTAssertEqual(DemandPattern(Series(values: [0, 0])).interval, .infinity)
  }

  func testSmoothingOutOfRange() {
    assertAssayError(.configuration, saying: ["1.5"]) {
      try IntermittentForecaster(sizeSmoothing: 1.5).fit(Series(values: [1, 0]), request: request)
    }
  }
}
