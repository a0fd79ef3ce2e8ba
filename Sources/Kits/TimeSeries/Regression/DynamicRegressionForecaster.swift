import Basics

/// Regression on covariates and on waves of long seasons, with ARIMA errors.
///
/// The slopes and the errors' model are learned together by exact likelihood, so slopes are weighed as the errors'
/// correlation demands (Box and Jenkins; Hyndman and Athanasopoulos, "Forecasting: principles and practice", chapter
/// 10). Seasons that the ARIMA model does not take are waves: sines and cosines whose number is chosen by AICc.
public struct DynamicRegressionForecaster: Forecaster {
  /// The model of the errors.
  public var errors: ARIMAForecaster
  /// Which seasons of the request are waves.
  public var waves: Waves
  /// The largest number of harmonics per season.
  public var harmonics: Int
  /// The change of scale of the series; covariates stay as they are.
  public var transform: PowerTransform

  /// Which seasons of the request are waves.
  public enum Waves: String, Sendable, Codable, CaseIterable {
    /// All of them; the errors' model has no season.
    case all
    /// All but the shortest, which is left to the errors' model if its limits allow it.
    case longer
    /// None: only covariates.
    case none
  }

  /// Creates the method.
  public init(
    errors: ARIMAForecaster = ARIMAForecaster(), waves: Waves = .longer, harmonics: Int = 12,
    transform: PowerTransform = .none
  ) {
    self.errors = errors
    self.waves = waves
    self.harmonics = harmonics
    self.transform = transform
  }

  /// The name in tables.
  public var name: String { "dynamic regression" }

  /// Learns from one series and the covariates.
  ///
  /// - Throws: Besides what every method throws: `data` where covariates do not cover the series and the horizon or have
  ///   values that are missing or infinite.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try series.check()
    try request.check()
    guard harmonics >= 0 else {
      throw AssayError(.configuration, "\(harmonics) harmonics per season", remedy: "use 0 or more")
    }
    let count = series.count + request.horizon
    var columns = Covariates(names: [], columns: [])
    if let covariates, !covariates.names.isEmpty { columns = try covariates.covering(count, of: series.name) }
    var seasons = request.seasons.filter { 2 * $0 <= series.count }
    var inner = request
    inner.seasons = []
    if waves == .longer, let first = seasons.first, first <= errors.limits.season {
      inner.seasons = [first]
      seasons.removeFirst()
    } else if waves == .none {
      inner.seasons = request.seasons
      seasons = []
    }
    let power = transform.power(for: series.values, season: request.seasons.first ?? 2)
    let values = power.map { power in series.values.map { PowerTransform.apply($0, power: power) } } ?? series.values
    let own = columns.names.count
    for season in seasons { columns = withWaves(columns, season: season, values: values, count: count) }
    // A regressor takes a degree of freedom: with too few steps the last ones, which are the waves, go first.
    let most = max(own, values.count { !$0.isNaN } / 3)
    if columns.names.count > most {
      columns = Covariates(names: Array(columns.names.prefix(most)), columns: Array(columns.columns.prefix(most)))
    }
    let fitted = try errors.fitted(
      Series(series.name, values: values), request: inner, regressors: columns.columns, names: columns.names)
    let summary = "regression on \(own) covariates and \(columns.names.count - own) waves, errors " + fitted.summary
    guard let power else {
      return FittedSeries(forecast: fitted.forecast(), residuals: fitted.residuals, summary: summary)
    }
    let ahead = fitted.forecast()
    func restored(_ steps: [Double]) -> [Double] { steps.map { PowerTransform.invert($0, power: power) } }
    let residuals = values.indices.map {
      series.values[$0] - PowerTransform.invert(values[$0] - fitted.residuals[$0], power: power)
    }
    return FittedSeries(
      forecast: Forecast(point: restored(ahead.point), levels: ahead.levels, quantiles: ahead.quantiles.map(restored)),
      residuals: residuals, summary: summary)
  }

  /// Adds the waves of a season: as many harmonics as the AICc of ordinary regression on columns and waves prefers.
  private func withWaves(_ columns: Covariates, season: Int, values: [Double], count: Int) -> Covariates {
    let all = Covariates.fourier(period: Double(season), harmonics: min(harmonics, season / 2), count: count)
    // Waves that a shorter season brought already would be there twice.
    let fresh = all.columns.indices.filter { k in
      !columns.columns.contains { other in zip(other, all.columns[k]).allSatisfy { abs($0 - $1) < 1e-9 } }
    }
    let waves = Covariates(names: fresh.map { all.names[$0] }, columns: fresh.map { all.columns[$0] })
    let seen = values.indices.filter { !values[$0].isNaN }
    let line = [[Double](repeating: 1, count: seen.count), seen.map { Double($0) / Double(values.count) }]
    let fixed = line + columns.columns.map { column in seen.map { column[$0] } }
    let series = seen.map { values[$0] }
    var best = (waves: 0, criterion: Double.infinity)
    for used in stride(from: 0, through: waves.names.count, by: 2) {
      let regressors = fixed + waves.columns.prefix(used).map { column in seen.map { column[$0] } }
      let (n, k) = (Double(seen.count), Double(regressors.count + 1))
      guard n - k - 1 > 0 else { break }
      let regression = ColumnRegression(count: seen.count, columns: regressors.count)
      let data = series + regressors.flatMap { $0 }
      var rest = series
      let sum = data.withUnsafeBufferPointer { data in
        rest.withUnsafeMutableBufferPointer { rest -> Double in
          guard let from = data.baseAddress, let into = rest.baseAddress else { return 0 }
          return regression.residuals(from, into: into)
        }
      }
      let criterion = n * PowerTransform.apply(max(sum / n, .leastNormalMagnitude), power: 0) + 2 * k * n / (n - k - 1)
      if criterion < best.criterion { best = (used, criterion) }
    }
    return columns.joined(
      with: Covariates(
        names: Array(waves.names.prefix(best.waves)), columns: Array(waves.columns.prefix(best.waves))))
  }
}
