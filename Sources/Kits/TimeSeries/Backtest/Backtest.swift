import Basics
import Kernels

/// A rolling-origin backtest: forecasts made inside the series as if their later part were not known (Tashman,
/// "Out-of-sample tests of forecasting accuracy", 2000).
public struct Backtest: Sendable, Codable, Hashable {
  /// How many origins per series at most, at least 1; fewer where the series is short.
  public var origins: Int
  /// The steps between origins; nil is the horizon, so that no step is judged twice.
  public var stride: Int?
  /// The fewest steps to learn from at an origin, at least 1; by default 10.
  public var minimumTraining: Int

  /// Creates a backtest.
  public init(origins: Int = 3, stride: Int? = nil, minimumTraining: Int = 10) {
    self.origins = origins
    self.stride = stride
    self.minimumTraining = minimumTraining
  }

  /// The number of steps learned from at each origin, ascending; the last leaves exactly the horizon.
  public func cuts(_ count: Int, horizon: Int) -> [Int] {
    let stride = max(1, stride ?? horizon)
    return (0..<max(1, origins)).map { count - horizon - $0 * stride }.filter { $0 >= max(1, minimumTraining) }
      .reversed()
  }

  /// Makes the forecasts of every method at every origin of every series.
  ///
  /// - Parameters:
  ///   - forecasters: The methods.
  ///   - panel: The series; those too short for one origin have none in the result.
  ///   - request: Horizon, seasons and levels of the forecasts.
  ///   - covariates: Nil, or one per series, covering it.
  ///   - threads: The threads it may use; the result does not depend on their number.
  ///   - interruption: Stops with a `cancelled` error between fits.
  /// - Throws: `configuration`; `cancelled`; what a method throws. An origin before the first number is left out.
  public func run(
    _ forecasters: [any Forecaster], on panel: [Series], request: ForecastRequest, covariates: [Covariates?]? = nil,
    threads: Int = 1, interruption: Interruption = Interruption()
  ) throws -> BacktestResult {
    try check(request)
    precondition(covariates.map { $0.count == panel.count } ?? true, "Backtest: covariates for every series or none")
    let places = origins(of: panel, request)
    let results = parallelMap(places.count, threads: threads) { index in
      Result { () throws -> BacktestResult.Origin in
        try interruption.check()
        var origin = places[index]
        let known = panel[origin.series].prefix(origin.trained)
        for forecaster in forecasters {
          origin.forecasts.append(
            try forecaster.fit(known, request: request, covariates: covariates?[origin.series]).forecast())
        }
        return origin
      }
    }
    return BacktestResult(
      names: forecasters.map(\.name), origins: try results.map { try $0.get() }, request: request,
      seriesCount: panel.count)
  }

  /// Makes the forecasts of a method that learns from many series: it is fitted once per origin, on all series cut there.
  ///
  /// The origins are those of `run(_:on:request:)`, counted from the end, so that the results can be joined by
  /// `BacktestResult.adding(_:)`.
  ///
  /// - Throws: `configuration`; what the method throws.
  public func run(
    _ forecaster: any GlobalForecaster, on panel: [Series], request: ForecastRequest, key: RandomKey, threads: Int = 1,
    deadline: Deadline, interruption: Interruption = Interruption()
  ) throws -> BacktestResult {
    try check(request)
    var places = origins(of: panel, request)
    let step = max(1, stride ?? request.horizon)
    for back in 0..<max(1, origins) {
      let here = places.indices.filter {
        places[$0].trained == panel[places[$0].series].count - request.horizon - back * step
      }
      if here.isEmpty { continue }
      let known = here.map { panel[places[$0].series].prefix(places[$0].trained) }
      let fitted = try forecaster.fit(
        known, request: request, key: key[back], threads: threads, deadline: deadline, interruption: interruption)
      for (place, forecast) in zip(here, fitted.forecast(known, threads: threads)) {
        places[place].forecasts = [forecast]
      }
    }
    return BacktestResult(
      names: [forecaster.name], origins: places, request: request, seriesCount: panel.count)
  }

  private func check(_ request: ForecastRequest) throws {
    try request.check()
    guard origins >= 1, stride ?? 1 >= 1, minimumTraining >= 1 else {
      throw AssayError(
        .configuration,
        "a backtest of \(origins) origins, \(stride ?? request.horizon) steps apart, at least "
          + "\(minimumTraining) to learn from", remedy: "give numbers from 1 on")
    }
  }

  /// The origins with what comes after them, without forecasts.
  private func origins(of panel: [Series], _ request: ForecastRequest) -> [BacktestResult.Origin] {
    panel.indices.flatMap { index -> [BacktestResult.Origin] in
      let series = panel[index]
      let first = series.values.firstIndex { !$0.isNaN } ?? series.count
      return cuts(series.count, horizon: request.horizon).filter { $0 > first }.map { cut in
        BacktestResult.Origin(
          series: index, trained: cut, truth: Array(series.values[cut..<cut + request.horizon]), forecasts: [],
          scale: errorScale(Array(series.values[..<cut]), seasons: request.seasons))
      }
    }
  }
}

/// The size of a series' changes by which errors of different series are made comparable: the mean absolute error of the
/// seasonal naive forecast of the shortest season, or of the naive one; 1 where nothing ever changes.
func errorScale(_ values: [Double], seasons: [Int]) -> Double {
  for season in [seasons.first ?? 1, 1] {
    let error = PointAccuracy.naiveError(values, season: season)
    if error.isFinite, error > 0 { return error }
  }
  return 1
}
