import Basics
import Foundation
import TimeSeries
import XCTest

final class ARIMAForecasterTests: XCTestCase {
  func testCoefficientsComeBackFromLongSeries() throws {
    for seed in UInt64(1)...3 {
      let values = RandomSeries.arma(seed, count: 3000, phi: 0.7, theta: 0.4, level: 50)
      let order = ARIMAOrder(1, 0, 1, hasConstant: true)
      let fitted = try ARIMAForecaster(.fixed(order)).fitted(
        Series(values: values), request: ForecastRequest(horizon: 50))
      // Standard errors are about 0.02 for the coefficients, 0.09 for the mean and 0.026 for the variance.
      XCTAssertEqual(fitted.autoregressive[0], 0.7, accuracy: 0.08)
      XCTAssertEqual(fitted.movingAverage[0], 0.4, accuracy: 0.08)
      XCTAssertEqual(fitted.constant, 50, accuracy: 0.4)
      XCTAssertEqual(fitted.variance, 1, accuracy: 0.12)
      // Far ahead only the mean is left.
      XCTAssertEqual(fitted.forecast().point[49], fitted.constant, accuracy: 1e-3)
    }
  }

  func testGapsChangeEstimatesLittle() throws {
    var values = RandomSeries.arma(7, count: 600, phi: 0.8, theta: 0)
    let order = ARIMAOrder(1, 0, 0)
    let request = ForecastRequest(horizon: 3)
    let whole = try ARIMAForecaster(.fixed(order)).fitted(Series(values: values), request: request)
    for step in stride(from: 5, to: 600, by: 7) { values[step] = .nan }
    let gapped = try ARIMAForecaster(.fixed(order)).fitted(Series(values: values), request: request)
    XCTAssertEqual(gapped.autoregressive[0], whole.autoregressive[0], accuracy: 0.05)
    XCTAssertTrue(gapped.residuals[5].isNaN)
    XCTAssertFalse(gapped.residuals[6].isNaN)
  }

  func testAutomaticOrdersFindDifferencesAndSeasons() throws {
    let request = ForecastRequest(horizon: 12, seasons: [12], levels: [0.1, 0.5, 0.9])
    for seed in UInt64(1)...4 {
      let fitted = try ARIMAForecaster().fitted(
        Series(values: RandomSeries.monthly(seed, count: 120)), request: request)
      XCTAssertEqual(fitted.order.seasonalD, 1)
      XCTAssertEqual(fitted.order.season, 12)
      let noise = try ARIMAForecaster().fitted(
        Series(values: RandomSeries.arma(seed, count: 200, phi: 0, theta: 0, level: 9)), request: request)
      XCTAssertEqual(noise.order.d + noise.order.seasonalD, 0)
      XCTAssertEqual(noise.forecast().point[11], 9, accuracy: 0.6)
    }
  }

  func testTheSearchBeatsTheModelsItStartsFrom() throws {
    for seed in UInt64(1)...3 {
      let series = Series(values: RandomSeries.monthly(seed, count: 120))
      let request = ForecastRequest(horizon: 1, seasons: [12])
      let best = try ARIMAForecaster().fitted(series, request: request)
      let order = ARIMAOrder(0, best.order.d, 0, seasonal: (0, best.order.seasonalD, 0), season: 12)
      let plain = try ARIMAForecaster(.fixed(order)).fitted(series, request: request)
      XCTAssertLessThan(best.aicc, plain.aicc)
    }
  }

  /// Among simulated continuations a nominal share must lie below each quantile.
  func testQuantilesCover() throws {
    var below = [0, 0]
    let trials = 150
    for seed in 0..<trials {
      let values = RandomSeries.arma(UInt64(seed), count: 205, phi: 0.6, theta: 0.3)
      let order = ARIMAOrder(1, 0, 1)
      let fitted = try ARIMAForecaster(.fixed(order)).fitted(
        Series(values: Array(values.prefix(200))), request: ForecastRequest(horizon: 5, levels: [0.1, 0.9]))
      for k in 0..<2 where values[204] < fitted.forecast().quantiles[k][4] { below[k] += 1 }
    }
    // Three standard errors of a share of 150 trials.
    XCTAssertEqual(Double(below[0]) / Double(trials), 0.1, accuracy: 0.075)
    XCTAssertEqual(Double(below[1]) / Double(trials), 0.9, accuracy: 0.075)
  }

  func testApplyingToLongerSeriesKeepsTheCoefficients() throws {
    let values = RandomSeries.monthly(5, count: 130)
    let request = ForecastRequest(horizon: 4, seasons: [12])
    let fitted = try ARIMAForecaster().fitted(Series(values: Array(values.prefix(120))), request: request)
    let same = try fitted.applied(to: Series(values: Array(values.prefix(120))), request: request)
    for step in 0..<4 {
      XCTAssertEqual(same.forecast().point[step], fitted.forecast().point[step], accuracy: 1e-6)
    }
    let later = try fitted.applied(to: Series(values: values), request: request)
    XCTAssertEqual(later.coefficients, fitted.coefficients)
    XCTAssertNotEqual(later.forecast().point[0], fitted.forecast().point[0])
  }

  func testShortAndConstantSeriesGetAForecast() throws {
    let request = ForecastRequest(horizon: 3, seasons: [12])
    for values in [
      [4.0], [4, 4], [1, 2, 4], [5, 5, 5, 5, 5, 5, 5, 5], (0..<30).map { Double($0) }, [.nan, 3, .nan],
    ] {
      for forecaster in [
        ARIMAForecaster(), ARIMAForecaster(.fixed(ARIMAOrder(2, 1, 1, seasonal: (1, 1, 1), season: 12))),
      ] {
        let forecast = try forecaster.fit(Series(values: values), request: request).forecast()
        XCTAssertTrue(forecast.point.allSatisfy(\.isFinite), "\(values) \(forecast.point)")
        XCTAssertTrue(forecast.quantiles.allSatisfy { $0.allSatisfy(\.isFinite) }, "\(values)")
      }
    }
    let line = try ARIMAForecaster().fit(Series(values: (0..<30).map { Double($0) }), request: request).forecast()
    XCTAssertEqual(line.point[2], 32, accuracy: 1e-6)
  }

  func testBadInputIsRefused() {
    let request = ForecastRequest(horizon: 3)
    func assertThrows(_ kind: AssayError.Kind, _ body: () throws -> Void, line: UInt = #line) {
      XCTAssertThrowsError(try body(), line: line) { XCTAssertEqual(($0 as? AssayError)?.kind, kind, line: line) }
    }
    assertThrows(.data) { _ = try ARIMAForecaster().fit(Series(values: []), request: request) }
    assertThrows(.data) { _ = try ARIMAForecaster().fit(Series(values: [.nan, .nan]), request: request) }
    assertThrows(.data) { _ = try ARIMAForecaster().fit(Series(values: [1, .infinity]), request: request) }
    assertThrows(.configuration) {
      _ = try ARIMAForecaster(.fixed(ARIMAOrder(-1, 0, 0))).fit(Series(values: [1, 2, 3]), request: request)
    }
    assertThrows(.configuration) {
      _ = try ARIMAForecaster(.fixed(ARIMAOrder(1, 2, 0, hasConstant: true)))
        .fit(Series(values: [1, 2, 3]), request: request)
    }
    assertThrows(.configuration) {
      _ = try ARIMAForecaster.applied(
        ARIMAOrder(2, 0, 0), coefficients: [0.5], to: Series(values: [1, 2, 3]), request: request)
    }
    assertThrows(.data) {
      _ = try ARIMAForecaster.applied(
        ARIMAOrder(1, 0, 0), coefficients: [1.2], to: Series(values: [1, 2, 3, 4]), request: request)
    }
  }

  func testSettingsAndModelsAreWrittenAndRead() throws {
    let forecaster = ARIMAForecaster(.fixed(ARIMAOrder(1, 1, 1, seasonal: (0, 1, 1), season: 4)))
    let back = try JSONDecoder().decode(ARIMAForecaster.self, from: JSONEncoder().encode(forecaster))
    let series = Series(values: RandomSeries.monthly(9, count: 60))
    let request = ForecastRequest(horizon: 4, seasons: [4])
    let fitted = try back.fit(series, request: request)
    XCTAssertEqual(fitted.forecast(), try forecaster.fit(series, request: request).forecast())
    XCTAssertTrue(fitted.summary.hasPrefix("ARIMA(1,1,1)(0,1,1)4"))
  }
}
