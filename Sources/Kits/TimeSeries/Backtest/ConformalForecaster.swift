import Basics

/// A method whose quantiles are calibrated by a backtest inside each series.
///
/// For many series it is quicker, and better where series are short, to calibrate once for all by `ConformalQuantiles`.
public struct ConformalForecaster: Forecaster {
  /// The method.
  public var base: AnyForecaster
  /// The backtest whose errors calibrate.
  public var backtest: Backtest

  /// Creates the forecaster.
  public init(_ base: any Forecaster, backtest: Backtest = Backtest(origins: 20, stride: 1)) {
    self.base = AnyForecaster(base)
    self.backtest = backtest
  }

  /// The name of the method with "conformal".
  public var name: String { "conformal " + base.name }

  /// Learns the method and its errors; a series too short for the levels keeps the method's own quantiles, and says so.
  ///
  /// - Throws: What the method throws.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    let fitted = try base.fit(series, request: request, covariates: covariates)
    let result = try backtest.run([base], on: [series], request: request, covariates: [covariates])
    var forecast = fitted.forecast()
    var note = ", quantiles calibrated at \(result.origins.count) origins"
    do {
      forecast = try ConformalQuantiles(result, method: 0).applied(
        to: forecast, after: series, seasons: request.seasons)
    } catch let error as AssayError where error.kind == .data {
      note = ", quantiles of the method: too few origins to calibrate"
    }
    return FittedSeries(forecast: forecast, residuals: fitted.residuals, summary: fitted.summary + note)
  }
}
