import Basics
import Checks
import Foundation
import TimeSeries
import XCTest

final class MultiSeasonalTests: XCTestCase {
  /// Hours with a day and a weekend: the truth without noise is known.
  private func hours(seed: UInt64) -> (series: Series, truth: [Double]) {
    var random = RandomKey(seed: seed).stream()
    var level = 0.0
    let clean = (0..<24 * 7 * 6).map { hour -> Double in
      let day = hour / 24 % 7
      let night: Double = 0.5 * sin(Double.pi * Double(hour % 24) / 12)
      return day < 5 ? night : 0.3 * night - 0.4
    }
    let values = clean.map { value -> Double in
      level = 0.9 * level + 0.03 * random.normal()
      return exp(5 + value + level)
    }
    let cut = 24 * 7 * 5
    return (Series(values: Array(values[..<cut])), Array(values[cut..<cut + 48]))
  }

  func testDayAndWeekAreBothSeen() throws {
    for seed in checkSeeds {
      let (series, truth) = hours(seed: seed)
      let request = ForecastRequest(horizon: 48, seasons: [24, 168], levels: [0.05, 0.95])
      func error(_ forecaster: any Forecaster, _ request: ForecastRequest) throws -> Double {
        PointAccuracy.symmetricPercentageError(
          try forecaster.fit(series, request: request).forecast().point, truth: truth)
      }
      for fitsHorizon in [false, true] {
        let both = try error(MultiSeasonalForecaster(fitsHorizon: fitsHorizon), request)
        XCTAssertLessThan(
          both, try error(SeasonalNaiveForecaster(season: 24), request), "seed \(seed), horizon \(fitsHorizon)")
        XCTAssertLessThan(both, 1.2 * (try error(SeasonalNaiveForecaster(season: 168), request)), "seed \(seed)")
      }
      let forecast = try MultiSeasonalForecaster(fitsHorizon: false).fit(series, request: request).forecast()
      let coverage = QuantileAccuracy.coverage(
        lower: forecast.quantiles[0], upper: forecast.quantiles[1], truth: truth)
      XCTAssertGreaterThan(coverage, 0.6, "90 % are promised; the 48 errors of a path move together")
    }
  }

  func testSettingsOutOfRange() {
    assertAssayError(.configuration, saying: ["decay"]) {
      try MultiSeasonalForecaster(decay: 0).fit(Series(values: [1, 2]), request: ForecastRequest(horizon: 1))
    }
  }
}
