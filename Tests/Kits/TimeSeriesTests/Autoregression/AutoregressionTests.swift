import Basics
import Checks
import Foundation
import TimeSeries
import XCTest

final class AutoregressionTests: XCTestCase {
  func testLagsOfSeasons() {
    XCTAssertEqual(AutoregressionForecaster(near: 2).lags(seasons: [4, 12]), [1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13])
    XCTAssertEqual(AutoregressionForecaster(near: 1, around: 0).lags(seasons: [24, 72]), [1, 24, 48, 72])
    XCTAssertEqual(AutoregressionForecaster().lags(seasons: [12]), Array(1...13))
    XCTAssertEqual(AutoregressionForecaster(around: 0).lags(seasons: [100]), [1, 2, 3, 100])
    XCTAssertEqual(AutoregressionForecaster().lags(seasons: []), Array(1...12))
  }

  /// A process whose coefficients are known: the forecast is that of the true model but for their errors.
  func testTheProcessIsFound() throws {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed).stream()
      var values = [Double](repeating: 0, count: 3000)
      for step in 12..<3000 { values[step] = 0.5 * values[step - 1] + 0.4 * values[step - 12] + random.normal() }
      let request = ForecastRequest(horizon: 24, seasons: [12], levels: [0.1, 0.9])
      let fitted = try AutoregressionForecaster(takesLogarithms: false).fit(Series(values: values), request: request)
      var truth = values
      for step in 3000..<3024 { truth.append(0.5 * truth[step - 1] + 0.4 * truth[step - 12]) }
      for step in 0..<24 { XCTAssertEqual(fitted.forecast().point[step], truth[3000 + step], accuracy: 0.6) }
      let first = fitted.forecast().quantiles[1][0] - fitted.forecast().quantiles[0][0]
      XCTAssertEqual(first, 2 * 1.2816, accuracy: 0.12)
      // Two steps ahead the variance is 1 + 0.5 squared.
      let second = fitted.forecast().quantiles[1][1] - fitted.forecast().quantiles[0][1]
      XCTAssertEqual(second / first, 1.25.squareRoot(), accuracy: 0.03)
    }
  }

  func testAnExactPatternGoesOn() throws {
    let pattern = [3.0, 1, 4, 1, 5, 9, 2, 6]
    let series = Series(values: (0..<120).map { 10 + pattern[$0 % 8] })
    for difference in AutoregressionForecaster.Difference.allCases {
      let forecast = try AutoregressionForecaster(difference: difference, ridge: 0).fit(
        series, request: ForecastRequest(horizon: 10, seasons: [8])
      ).forecast()
      for step in 0..<10 {
        XCTAssertEqual(forecast.point[step], 10 + pattern[step % 8], accuracy: 0.02, "\(difference)")
      }
    }
  }

  func testForecastsStayWithinReason() throws {
    // Growth by a tenth a step fits an exploding regression; it is held.
    let series = Series(values: (0..<60).map { pow(1.1, Double($0)) })
    for difference in AutoregressionForecaster.Difference.allCases {
      let point = try AutoregressionForecaster(difference: difference, takesLogarithms: false).fit(
        series, request: ForecastRequest(horizon: 100)
      ).forecast().point
      XCTAssertLessThanOrEqual(point[99], 2.01 * series.values[59], "\(difference)")
    }
    assertAssayError(.configuration, saying: ["ridge -1"]) {
      try AutoregressionForecaster(ridge: -1).fit(series, request: ForecastRequest(horizon: 1))
    }
  }
}
