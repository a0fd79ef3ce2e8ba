import Basics

/// How the forecasts of a backtest are judged.
public enum BacktestMeasure: String, Sendable, Codable, Hashable, CaseIterable {
  /// The mean absolute error over the series' seasonal naive error before the origin.
  case scaledError
  /// The symmetric percentage error, 0 to 200.
  case symmetricPercentageError
  /// The root of the mean squared error over the series' seasonal naive error before the origin.
  case scaledSquaredError
  /// The mean quantile loss over all levels, over the series' seasonal naive error before the origin.
  case scaledQuantileLoss
}

/// What a backtest found: forecasts beside the truth, at every origin of every series.
public struct BacktestResult: Sendable, Codable {
  /// One origin of one series.
  public struct Origin: Sendable, Codable {
    /// The index of the series in the panel.
    public let series: Int
    /// The number of steps that were known.
    public let trained: Int
    /// What came then; missing values are not-a-number.
    public let truth: [Double]
    /// One forecast per method.
    public internal(set) var forecasts: [Forecast]
    /// The mean absolute error of the seasonal naive forecast in the known steps.
    public let scale: Double
  }

  /// The methods.
  public private(set) var names: [String]
  /// The origins: series by series, the oldest first.
  public private(set) var origins: [Origin]
  /// Horizon, seasons and levels.
  public let request: ForecastRequest
  /// The number of series, with those that had no origin.
  public let seriesCount: Int

  init(names: [String], origins: [Origin], request: ForecastRequest, seriesCount: Int) {
    self.names = names
    self.origins = origins
    self.request = request
    self.seriesCount = seriesCount
  }

  /// The errors: `errors[origin][method]`, not-a-number where no truth is known.
  public func errors(_ measure: BacktestMeasure) -> [[Double]] {
    origins.map { origin in origin.forecasts.map { Self.error($0, origin.truth, origin.scale, measure) } }
  }

  /// The error of one forecast.
  static func error(
    _ forecast: Forecast, _ truth: [Double], _ scale: Double, _ measure: BacktestMeasure
  ) -> Double {
    switch measure {
    case .scaledError: return PointAccuracy.meanAbsoluteError(forecast.point, truth: truth) / scale
    case .symmetricPercentageError: return PointAccuracy.symmetricPercentageError(forecast.point, truth: truth)
    case .scaledSquaredError:
      return PointAccuracy.meanSquaredError(forecast.point, truth: truth).squareRoot() / scale
    case .scaledQuantileLoss:
      var sum = 0.0
      for (level, quantile) in zip(forecast.levels, forecast.quantiles) {
        sum += QuantileAccuracy.quantileLoss(quantile, truth: truth, level: level)
      }
      return sum / Double(max(1, forecast.levels.count)) / scale
    }
  }

  /// The mean errors of each series over its origins: `errors[series][method]`, not-a-number for series without any.
  public func seriesErrors(_ measure: BacktestMeasure) -> [[Double]] {
    var sums = [[Double]](repeating: [Double](repeating: 0, count: names.count), count: seriesCount)
    var counts = [Double](repeating: 0, count: seriesCount)
    for (origin, errors) in zip(origins, errors(measure)) where errors.allSatisfy({ !$0.isNaN }) {
      counts[origin.series] += 1
      for method in names.indices { sums[origin.series][method] += errors[method] }
    }
    return sums.indices.map { series in sums[series].map { $0 / counts[series] } }
  }

  /// The mean error of each method over the series, each series counting once.
  public func panelErrors(_ measure: BacktestMeasure) -> [Double] {
    let rows = seriesErrors(measure).filter { $0.allSatisfy(\.isFinite) }
    return names.indices.map { method in rows.reduce(0) { $0 + $1[method] } / Double(rows.count) }
  }

  /// The result of some of the origins, for weights from older ones that newer ones judge.
  public func keeping(_ isKept: (Origin) -> Bool) -> BacktestResult {
    var result = self
    result.origins = origins.filter(isKept)
    return result
  }

  /// The methods of another result on the same origins beside those of this one.
  public func adding(_ other: BacktestResult) -> BacktestResult {
    precondition(
      other.origins.count == origins.count
        && zip(origins, other.origins).allSatisfy { $0.series == $1.series && $0.trained == $1.trained },
      "BacktestResult: results of different origins")
    var result = self
    result.names += other.names
    for index in origins.indices { result.origins[index].forecasts += other.origins[index].forecasts }
    return result
  }

  /// A combination as one more method.
  public func adding(_ weights: CombinationWeights, name: String) -> BacktestResult {
    var result = self
    result.names.append(name)
    for index in origins.indices {
      result.origins[index].forecasts.append(
        weights.combined(origins[index].forecasts, series: origins[index].series))
    }
    return result
  }
}
