import Foundation
import TimeSeries
import XCTest

/// The exact likelihood and forecasts at given coefficients against statsmodels, and maxima against its optimiser.
final class ARIMALikelihoodTests: XCTestCase {
  private func order(_ model: StatisticalGolden.Model) -> ARIMAOrder {
    let s = model.seasonal
    return ARIMAOrder(
      model.order[0], model.order[1], model.order[2], seasonal: (s[0], s[1], s[2]), season: max(1, s[3]))
  }

  private func series(_ model: StatisticalGolden.Model) -> Series {
    Series(model.name, values: model.values.map { $0 ?? .nan })
  }

  func testLikelihoodsAndForecastsOfStatsmodels() throws {
    for model in try StatisticalGolden.load().arima {
      let fitted = try ARIMAForecaster.applied(
        order(model), coefficients: model.coefficients, to: series(model),
        request: ForecastRequest(horizon: 8, levels: [0.841344746068543]))
      // The other side starts levels from a wide distribution instead of from the first values, hence not to all digits.
      XCTAssertEqual(fitted.logLikelihood, model.logLikelihood, accuracy: 2e-3, model.name)
      let forecast = fitted.forecast()
      for (step, expected) in (model.forecast ?? []).enumerated() {
        XCTAssertEqual(forecast.point[step], expected, accuracy: 1e-4 * (1 + abs(expected)), "\(model.name) \(step)")
        // One standard deviation above the mean, in units of the shocks.
        let spread = (forecast.quantiles[0][step] - forecast.point[step]) / fitted.variance.squareRoot()
        let variance = try XCTUnwrap(model.variances)[step]
        // Ours are those of a known past; the other side adds what a short past leaves unknown of it.
        XCTAssertEqual(spread * spread, variance, accuracy: 1e-3 * variance, "\(model.name) \(step)")
      }
    }
  }

  func testMaximaAreAtLeastThoseOfStatsmodels() throws {
    for model in try StatisticalGolden.load().fitted {
      let fitted = try ARIMAForecaster(.fixed(order(model))).fitted(series(model), request: ForecastRequest(horizon: 1))
      XCTAssertGreaterThan(fitted.logLikelihood, model.logLikelihood - 1e-4, model.name)
      if abs(fitted.logLikelihood - model.logLikelihood) < 1e-4 {
        for (ours, theirs) in zip(fitted.coefficients, model.coefficients) {
          // A flat maximum: coefficients agree less than likelihoods.
          XCTAssertEqual(ours, theirs, accuracy: 5e-3, model.name)
        }
      }
    }
  }

  func testBothFiltersAgree() throws {
    // A missing value behind the end changes nothing, but sends the series through the filter for missing values.
    for model in try StatisticalGolden.load().arima where !model.values.contains(where: { $0 == nil }) {
      let request = ForecastRequest(horizon: 6, levels: [0.1])
      let plain = try ARIMAForecaster.applied(
        order(model), coefficients: model.coefficients, to: series(model), request: request)
      let longer = Series(values: series(model).values + [.nan])
      let gapped = try ARIMAForecaster.applied(
        order(model), coefficients: model.coefficients, to: longer, request: ForecastRequest(horizon: 5, levels: [0.1]))
      XCTAssertEqual(plain.logLikelihood, gapped.logLikelihood, accuracy: 1e-7, model.name)
      for step in 0..<5 {
        let size = 1 + abs(plain.forecast().point[step + 1])
        XCTAssertEqual(plain.forecast().point[step + 1], gapped.forecast().point[step], accuracy: 1e-7 * size)
        // The filter for missing values knows what a short past leaves unknown: its spread is a little wider.
        XCTAssertEqual(
          plain.forecast().quantiles[0][step + 1], gapped.forecast().quantiles[0][step], accuracy: 1e-4 * size)
      }
      for (a, b) in zip(plain.residuals, gapped.residuals) where !a.isNaN {
        XCTAssertEqual(a, b, accuracy: 1e-7 * (1 + abs(a)), model.name)
      }
    }
  }

  func testKPSSOfStatsmodels() throws {
    for item in try StatisticalGolden.load().kpss {
      XCTAssertEqual(
        StationarityTest.kpss(item.values, aroundTrend: item.trend, lags: item.lags), item.statistic, accuracy: 1e-9)
    }
  }
}
