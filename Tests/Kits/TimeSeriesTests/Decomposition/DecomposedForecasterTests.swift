import Foundation
import TimeSeries
import XCTest

final class DecomposedForecasterTests: XCTestCase {
  /// Two seasons and a line without noise: what is taken out and put back must be the truth.
  func testTwoExactSeasonsGoOn() throws {
    func value(_ t: Int) -> Double {
      50 + 3 * sin(2 * .pi * Double(t) / 6) + 5 * cos(2 * .pi * Double(t) / 42)
    }
    let series = Series(values: (0..<420).map(value))
    let forecaster = DecomposedForecaster(ARIMAForecaster(.fixed(ARIMAOrder(0, 1, 0))))
    let forecast = try forecaster.fit(series, request: ForecastRequest(horizon: 60, seasons: [6, 42])).forecast()
    for step in 0..<60 { XCTAssertEqual(forecast.point[step], value(420 + step), accuracy: 0.3) }
  }

  func testTheLogarithmMultiplies() throws {
    func value(_ t: Int) -> Double { exp(3 + 0.01 * Double(t)) * (1 + 0.4 * sin(2 * .pi * Double(t) / 12)) }
    let series = Series(values: (0..<144).map(value))
    let base = ARIMAForecaster(.fixed(ARIMAOrder(0, 1, 0, hasConstant: true)))
    let request = ForecastRequest(horizon: 12, seasons: [12], levels: [0.1, 0.5, 0.9])
    let fitted = try DecomposedForecaster(base, transform: .log).fit(series, request: request)
    let forecast = fitted.forecast()
    for step in 0..<12 {
      XCTAssertEqual(forecast.point[step] / value(144 + step), 1, accuracy: 0.03)
      XCTAssertLessThanOrEqual(forecast.quantiles[0][step], forecast.point[step])
      XCTAssertGreaterThanOrEqual(forecast.quantiles[2][step], forecast.point[step])
    }
    XCTAssertEqual(fitted.residuals.count, 144)
    // Errors are in the units of the series, which reaches 90: without noise they are small.
    XCTAssertLessThan(fitted.residuals.filter { !$0.isNaN }.map(abs).max() ?? 99, 5)
  }

  func testGapsAndShortSeries() throws {
    var values = RandomSeries.monthly(3, count: 60)
    for step in [7, 8, 9, 30, 59] { values[step] = .nan }
    let forecaster = DecomposedForecaster(ARIMAForecaster(), transform: .automatic)
    let request = ForecastRequest(horizon: 6, seasons: [12, 48])
    for series in [Series(values: values), Series(values: [1, 2, .nan]), Series(values: [0])] {
      let fitted = try forecaster.fit(series, request: request)
      XCTAssertTrue(fitted.forecast().point.allSatisfy(\.isFinite))
      XCTAssertEqual(fitted.residuals.count, series.count)
    }
  }

  func testSettingsAreWrittenAndRead() throws {
    let forecaster = DecomposedForecaster(ARIMAForecaster(), transform: .power(0.3), leastStrength: 0.2)
    let back = try JSONDecoder().decode(DecomposedForecaster.self, from: JSONEncoder().encode(forecaster))
    XCTAssertEqual(back.transform, .power(0.3))
    XCTAssertEqual(back.name, "MSTL + ARIMA")
    XCTAssertEqual(back.leastStrength, 0.2)
  }
}
