import Basics
import Checks
import Foundation
import TimeSeries
import XCTest

/// What every statistical forecaster promises, whatever the series.
final class ForecasterContractTests: XCTestCase {
  private let request = ForecastRequest(horizon: 15, seasons: [12], levels: [0.1, 0.5, 0.9])

  private func check(_ forecaster: any Forecaster, _ series: Series, _ request: ForecastRequest, _ note: String) throws
  {
    let fitted = try forecaster.fit(series, request: request)
    let forecast = fitted.forecast()
    let label = "\(forecaster.name), \(note)"
    XCTAssertEqual(forecast.horizon, request.horizon, label)
    XCTAssertEqual(forecast.levels, request.levels, label)
    XCTAssertTrue(forecast.point.allSatisfy(\.isFinite), "\(label): \(forecast.point)")
    XCTAssertTrue(forecast.quantiles.allSatisfy { $0.allSatisfy(\.isFinite) }, label)
    for step in 0..<request.horizon {
      for (low, high) in zip(forecast.quantiles, forecast.quantiles.dropFirst()) {
        XCTAssertLessThanOrEqual(low[step], high[step] + 1e-9 * abs(high[step]), label)
      }
    }
    XCTAssertEqual(fitted.residuals.count, series.count, label)
    for step in series.values.indices where series.values[step].isNaN {
      XCTAssertTrue(fitted.residuals[step].isNaN, "\(label): a residual where there is no value")
    }
    XCTAssertFalse(fitted.summary.isEmpty, label)
  }

  func testEverySeriesIsMet() throws {
    for seed in checkSeeds {
      let months = simulatedMonths(seed: seed)
      var gaps = months
      for step in [0, 1, 17, 18, 40, 41, 42, 43, 44, 45, 119] { gaps.values[step] = .nan }
      var random = RandomKey(seed: seed).stream()
      let demands = Series(
        "demands", values: (0..<60).map { _ in random.uniform() < 0.3 ? 1 + 5 * random.uniform() : 0 })
      let shapes: [(String, Series)] = [
        ("months", months), ("gaps", gaps), ("demands", demands),
        ("negative", Series(values: months.values.map { $0 - 150 })),
        ("one value", Series(values: [3])), ("one value among gaps", Series(values: [.nan, 3, .nan])),
        ("two values", Series(values: [3, 5])), ("constant", Series(values: [Double](repeating: 7, count: 40))),
        ("zeros", Series(values: [Double](repeating: 0, count: 40))), ("short", months.prefix(7)),
        ("a season and a half", months.prefix(18)), ("a line", Series(values: (0..<40).map { 2 + 3 * Double($0) })),
        ("large", Series(values: months.values.map { $0 * 1e9 })),
        ("small", Series(values: months.values.map { $0 * 1e-9 })),
        ("a jump", Series(values: months.values.enumerated().map { $0 < 60 ? $1 : $1 * 100 })),
      ]
      for forecaster in everyStatisticalForecaster {
        for (note, series) in shapes { try check(forecaster, series, request, note) }
        try check(forecaster, months, ForecastRequest(horizon: 1, levels: []), "no seasons, no levels")
      }
    }
  }

  func testTheSameSeriesHasTheSameForecast() throws {
    let series = simulatedMonths(seed: 3)
    for forecaster in everyStatisticalForecaster {
      let first = try forecaster.fit(series, request: request)
      XCTAssertEqual(first.forecast(), try forecaster.fit(series, request: request).forecast(), forecaster.name)
    }
  }

  func testUnitsDoNotMatter() throws {
    // A power of two changes no digit of any quotient.
    let series = simulatedMonths(seed: 5)
    let scaled = Series(series.name, values: series.values.map { $0 * 1024 })
    for forecaster in everyStatisticalForecaster where forecaster.name != "multi-seasonal smoothing" {
      let one = try forecaster.fit(series, request: request).forecast()
      let other = try forecaster.fit(scaled, request: request).forecast()
      for (a, b) in zip(one.point, other.point) {
        XCTAssertEqual(a * 1024, b, accuracy: 1e-6 * abs(b), forecaster.name)
      }
    }
  }

  func testBadInputIsRefused() {
    for forecaster in everyStatisticalForecaster {
      assertAssayError(.data, saying: ["sales", "missing"], forecaster.name) {
        try forecaster.fit(Series("sales", values: [.nan, .nan]), request: request)
      }
      assertAssayError(.data, saying: ["sales", "no steps"], forecaster.name) {
        try forecaster.fit(Series("sales", values: []), request: request)
      }
      assertAssayError(.data, saying: ["sales", "step 2", "infinite"], forecaster.name) {
        try forecaster.fit(Series("sales", values: [1, .infinity, 2]), request: request)
      }
      for bad in [
        ForecastRequest(horizon: 0), ForecastRequest(horizon: 2, seasons: [1]),
        ForecastRequest(horizon: 2, seasons: [24, 12]), ForecastRequest(horizon: 2, levels: [0.5, 0.2]),
        ForecastRequest(horizon: 2, levels: [0]),
      ] {
        assertAssayError(.configuration, saying: [], forecaster.name) {
          try forecaster.fit(Series(values: [1, 2, 3]), request: bad)
        }
      }
    }
  }

  func testForecastersAreWrittenAndRead() throws {
    let series = simulatedMonths(seed: 9)
    for forecaster in everyStatisticalForecaster {
      let bytes = try JSONEncoder().encode(AnyForecaster(forecaster))
      let back = try JSONDecoder().decode(AnyForecaster.self, from: bytes)
      XCTAssertEqual(back.name, forecaster.name)
      XCTAssertEqual(
        try back.fit(series, request: request).forecast(), try forecaster.fit(series, request: request).forecast(),
        forecaster.name)
    }
    assertAssayError(.configuration, saying: ["Oracle", "ThetaForecaster"]) {
      try JSONDecoder().decode(AnyForecaster.self, from: Data(#"{"type":"Oracle","settings":{}}"#.utf8))
    }
  }

  func testFittedModelsAreWrittenAndRead() throws {
    let fitted = try XCTUnwrap(
      try ETSForecaster().fit(simulatedMonths(seed: 4), request: request) as? FittedETS)
    let back = try JSONDecoder().decode(FittedETS.self, from: try JSONEncoder().encode(fitted))
    XCTAssertEqual(back, fitted)
    XCTAssertEqual(back.forecast(), fitted.forecast())
  }
}
