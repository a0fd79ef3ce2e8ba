import Basics
import Evaluation
import Foundation
import TimeSeries

/// How the forecasts did on the last steps, which they had not seen.
struct DemandTest {
  /// A way to forecast with its errors, averaged over the series.
  struct Row {
    let name: String
    let scaled: Double
    let percentage: Double
  }

  /// The ensemble, the seasonal naive forecast and the naive one.
  let rows: [Row]
  /// The share of steps whose truth lay within the interval.
  let coverage: Estimate
  /// The errors of the total: mean absolute error of the ensemble and of the seasonal naive forecast.
  let totalError: (ensemble: Double, naive: Double)
  /// What was forecast.
  let forecasts: [Forecast]
  /// What came.
  let truths: [[Double]]
  /// What came in the season before: the seasonal naive forecast of the total.
  let naiveTotal: [Double]

  init(_ forecast: DemandForecast, known: [Series], truths: [[Double]], seasons: [Int], lower: Double, upper: Double)
    throws
  {
    forecasts = forecast.forecasts
    self.truths = truths
    let horizon = truths[0].count
    let request = ForecastRequest(horizon: horizon, seasons: seasons, levels: [])
    let season = seasons.first ?? 1
    func row(_ name: String, _ points: [[Double]]) -> Row {
      let accuracy = PanelAccuracy(points, truths: truths, panel: known, season: season)
      return Row(name: name, scaled: accuracy.scaledError, percentage: accuracy.symmetricPercentageError)
    }
    func points(_ forecaster: any Forecaster) throws -> [[Double]] {
      try known.map { series in
        let own = Series(series.name, values: Array(series.values.drop { $0.isNaN }))
        return try forecaster.fit(own, request: request).forecast().point
      }
    }
    let longest = SeasonalNaiveForecaster()
    let naive = try points(longest)
    rows = [
      row("forecast", forecast.forecasts.map(\.point)), row("same time last season", naive),
      row("last number", try points(NaiveForecaster())),
    ]
    naiveTotal = naive[0]
    var (held, all) = (0, 0)
    for (forecast, truth) in zip(forecast.forecasts, truths) {
      guard let low = forecast.quantile(lower), let high = forecast.quantile(upper) else { continue }
      for step in truth.indices where !truth[step].isNaN {
        all += 1
        if low[step] <= truth[step], truth[step] <= high[step] { held += 1 }
      }
    }
    coverage =
      all == 0
      ? Estimate(.nan, lower: .nan, upper: .nan) : wilsonInterval(successes: Double(held), trials: Double(all))
    totalError = (
      PointAccuracy.meanAbsoluteError(forecast.forecasts[0].point, truth: truths[0]),
      PointAccuracy.meanAbsoluteError(naive[0], truth: truths[0])
    )
  }
}
