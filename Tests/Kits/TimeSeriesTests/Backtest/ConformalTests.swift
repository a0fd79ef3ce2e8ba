import Basics
import Checks
import TimeSeries
import XCTest

final class ConformalTests: XCTestCase {
  /// Walks with skewed steps: the naive method's normal quantiles are wrong, calibrated ones right, at every step.
  private func walks(_ count: Int, seed: UInt64) -> [Series] {
    (0..<count).map { index in
      var random = RandomKey(seed: seed)[index].stream()
      var level = 100.0
      let size = 1 + random.uniform()
      return Series(
        "walk \(index)",
        values: (0..<80).map { _ in
          let step = random.uniform() < 0.1 ? 9.0 : -1
          level += size * step
          return level
        })
    }
  }

  func testCoverageIsRightWhereNormalQuantilesAreNot() throws {
    let levels = [0.05, 0.25, 0.5, 0.75, 0.95]
    let request = ForecastRequest(horizon: 3, levels: levels)
    for seed in checkSeeds {
      let calibration = try Backtest(origins: 5).run([NaiveForecaster()], on: walks(200, seed: seed), request: request)
      let test = try Backtest(origins: 1).run([NaiveForecaster()], on: walks(600, seed: seed + 1), request: request)
      for scale in [ConformalQuantiles.Scale.naiveError, .ownSpread] {
        let conformal = try ConformalQuantiles(calibration, method: 0, scale: scale)
        let shares = try conformal.shares(of: test, method: 0)
        // Steps are discrete, so a share may be above its level; 600 series give a standard error below 0.02.
        for (share, level) in zip(shares, levels) {
          XCTAssertGreaterThan(share, level - 0.07, "\(scale) \(level)")
        }
        XCTAssertEqual(shares[4], 0.95, accuracy: 0.04, "\(scale)")
      }
    }
  }

  func testRanksByHand() throws {
    // Nineteen origins with errors 1 to 19 over a scale of 1.
    struct Behind: Forecaster {
      var name = "behind"
      func fit(_ series: Series, request: ForecastRequest, covariates: Covariates?) -> any FittedForecaster {
        FittedSeries(
          forecast: Forecast(point: [Double(series.count) - Double(series.count - 10)]), residuals: [], summary: "")
      }
    }
    let series = Series(values: (0..<30).map { Double($0) })
    let result = try Backtest(origins: 19, stride: 1).run(
      [Behind()], on: [series], request: ForecastRequest(horizon: 1, levels: []))
    XCTAssertEqual(result.origins.count, 19)
    // Truths 11 to 29, forecasts 10: errors 1 to 19.
    let conformal = try ConformalQuantiles(result, method: 0, levels: [0.05, 0.5, 0.9, 0.95])
    XCTAssertEqual(conformal.offsets, [[1], [10], [18], [19]])
    let applied = try conformal.applied(to: Forecast(point: [100]), after: series, seasons: [])
    XCTAssertEqual(applied.quantiles, [[101], [110], [118], [119]])
    assertAssayError(.data, saying: ["19 errors", "0.96", "24"]) {
      try ConformalQuantiles(result, method: 0, levels: [0.96])
    }
    assertAssayError(.configuration, saying: ["two levels"]) {
      try ConformalQuantiles(result, method: 0, levels: [0.5], scale: .ownSpread)
    }
  }

  func testOneSeriesIsCalibratedByItself() throws {
    let series = simulatedMonths(seed: 3)
    let request = ForecastRequest(horizon: 4, seasons: [12], levels: [0.1, 0.9])
    let plain = try ThetaForecaster().fit(series, request: request).forecast()
    let fitted = try ConformalForecaster(ThetaForecaster()).fit(series, request: request)
    XCTAssertEqual(fitted.forecast().point, plain.point)
    XCTAssertNotEqual(fitted.forecast().quantiles, plain.quantiles)
    XCTAssertTrue(fitted.summary.contains("20 origins"), fitted.summary)
    let short = try ConformalForecaster(ThetaForecaster()).fit(series.prefix(12), request: request)
    XCTAssertTrue(short.summary.contains("too few"), short.summary)
  }
}
