import Basics
import Checks
import Foundation
import TimeSeries
import XCTest

final class ThetaTests: XCTestCase {
  private let request = ForecastRequest(horizon: 6, levels: [0.1, 0.5, 0.9])

  /// Half the line, half simple exponential smoothing of twice the series minus the line, as the paper defines it.
  func testTheStandardMethodIsItsDefinition() throws {
    for seed in checkSeeds {
      let series = simulatedMonths(40, strength: 0, seed: seed)
      let fitted = try ThetaForecaster().fit(series, request: request)
      let values = series.values
      let middle = 41.0 / 2
      let mean = values.reduce(0, +) / 40
      var (covariance, variance) = (0.0, 0.0)
      for step in 0..<40 {
        let distance = Double(step + 1) - middle
        covariance += distance * values[step]
        variance += distance * distance
      }
      let slope = covariance / variance
      let line = { (step: Int) -> Double in mean + slope * (Double(step + 1) - middle) }
      let curved = values.indices.map { 2 * values[$0] - line($0) }
      // The best alpha and first level by brute force: forecasts are flat beyond the end.
      var best = (squares: Double.infinity, level: 0.0)
      for index in 0...2000 {
        let alpha = 0.01 + 0.98 * Double(index) / 2000
        // Least squares for the first level: the forecast is linear in it.
        var (smoothed, power, cross, square) = (0.0, 1.0, 0.0, 0.0)
        for value in curved {
          cross += power * (value - smoothed)
          square += power * power
          smoothed += alpha * (value - smoothed)
          power *= 1 - alpha
        }
        var level = cross / square
        var squares = 0.0
        for value in curved {
          squares += (value - level) * (value - level)
          level += alpha * (value - level)
        }
        if squares < best.squares { best = (squares, level) }
      }
      for (ahead, value) in fitted.forecast().point.enumerated() {
        XCTAssertEqual(value, 0.5 * line(40 + ahead) + 0.5 * best.level, accuracy: 0.02, "seed \(seed)")
      }
    }
  }

  func testALineGoesOn() throws {
    let series = Series(values: (0..<30).map { 5 + 2 * Double($0) })
    for method in [ThetaForecaster.Method.optimised, .dynamicOptimised] {
      let point = try ThetaForecaster(method).fit(series, request: request).forecast().point
      // With alpha near 1 the level is the last value and the line adds the whole slope where theta is without bound.
      for (ahead, value) in point.enumerated() {
        XCTAssertEqual(value, 5 + 2 * Double(30 + ahead), accuracy: 1.5 + 0.3 * Double(ahead), method.rawValue)
      }
    }
  }

  func testOptimisingLowersTheError() throws {
    for seed in checkSeeds {
      let series = simulatedMonths(80, strength: 0, seed: seed)
      func squares(_ method: ThetaForecaster.Method) throws -> Double {
        try ThetaForecaster(method).fit(series, request: request).residuals.reduce(0) { $0 + $1 * $1 }
      }
      XCTAssertLessThanOrEqual(try squares(.optimised), try squares(.standard) * (1 + 1e-9), "seed \(seed)")
    }
  }

  func testQuantilesOpenAndTheSeedDecides() throws {
    let series = simulatedMonths(seed: 8)
    for method in ThetaForecaster.Method.allCases {
      let forecast = try ThetaForecaster(method, seed: 1).fit(series, request: request).forecast()
      let widths = (0..<6).map { forecast.quantiles[2][$0] - forecast.quantiles[0][$0] }
      XCTAssertGreaterThan(widths[5], widths[0], method.rawValue)
      let other = try ThetaForecaster(method, seed: 2).fit(series, request: request).forecast()
      XCTAssertEqual(forecast.point, other.point)
      XCTAssertEqual(forecast == other, method != .dynamicOptimised, "only the dynamic method simulates")
    }
    assertAssayError(.configuration, saying: ["1 paths"]) {
      try ThetaForecaster(paths: 1).fit(series, request: request)
    }
  }
}
