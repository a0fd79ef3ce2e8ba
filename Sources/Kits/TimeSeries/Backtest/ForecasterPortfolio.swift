extension AnyForecaster {
  /// The methods for series of seasons that are worth combining; cheap enough for thousands of series.
  ///
  /// Chosen by backtests on the training parts of the hourly and weekly series of the M4 competition and on simulated
  /// months. Whole seasons of more than one length, or a season too long for exponential smoothing, call for
  /// autoregressions and smoothing of profiles; a short season for exponential smoothing and Theta beside them; series
  /// without seasons for exponential smoothing, Theta and an autoregression of changes.
  public static func portfolio(seasons: [Int]) -> [AnyForecaster] {
    let methods: [any Forecaster]
    if seasons.count > 1 {
      methods = [
        MultiSeasonalForecaster(),
        AutoregressionForecaster(around: 2, name: "autoregression"),
        AutoregressionForecaster(isRobust: false, name: "autoregression by least squares"),
        AutoregressionForecaster(takesLogarithms: false, name: "autoregression of plain values"),
        AutoregressionForecaster(window: 3 * (seasons.last ?? 4), name: "autoregression of late seasons"),
        AutoregressionForecaster(difference: .shortestSeason),
        AutoregressionForecaster(difference: .longestSeason, ridge: 1e-4),
        ETSForecaster(),
      ]
    } else if let season = seasons.first, season > 24 {
      methods = [
        NaiveForecaster(), ETSForecaster(), ETSForecaster(adjustment: .none, name: "ETS without season"),
        ETSForecaster.damped, ThetaForecaster(), ThetaForecaster(.dynamicOptimised), MultiSeasonalForecaster(),
        AutoregressionForecaster(ridge: 1e-4),
        AutoregressionForecaster(difference: .step, ridge: 3e-2),
        AutoregressionForecaster(
          difference: .step, ridge: 1e-3, isRobust: false, name: "autoregression of changes by least squares"),
        AutoregressionForecaster(
          dense: 1, difference: .step, ridge: 1e-3, name: "autoregression of changes on few lags"),
        AutoregressionForecaster(
          difference: .step, ridge: 5e-3, window: 6 * season, name: "autoregression of late changes"),
        AutoregressionForecaster(difference: .longestSeason, ridge: 1e-3),
      ]
    } else if !seasons.isEmpty {
      methods = [
        SeasonalNaiveForecaster(), ETSForecaster(), ETSForecaster.damped, ThetaForecaster(),
        ThetaForecaster(.dynamicOptimised, paths: 100), AutoregressionForecaster(difference: .step, ridge: 1e-2),
      ]
    } else {
      methods = [
        NaiveForecaster(), ETSForecaster(), ThetaForecaster(), ThetaForecaster(.dynamicOptimised, paths: 100),
        AutoregressionForecaster(difference: .step, ridge: 1e-2),
      ]
    }
    return methods.map(AnyForecaster.init)
  }
}
