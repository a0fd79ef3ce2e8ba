import Basics

/// Takes the seasons out by MSTL, forecasts the rest by any method, and puts the seasons back as they were last.
///
/// All seasons of the request with two periods in the series are taken out; missing values are filled for the
/// decomposition only. Quantiles are those of the rest: the seasons are taken as known. With a transformation the point
/// forecast is the median.
public struct DecomposedForecaster: Forecaster {
  /// What forecasts the seasonally adjusted series.
  public var base: AnyForecaster
  /// The change of scale before the decomposition; makes seasons proportional to the level.
  public var transform: PowerTransform
  /// The decomposition.
  public var decomposition: MSTL
  /// Seasons weaker than this are left in, 0 ... 1; see `SeasonalDecomposition.seasonalStrength(_:)`.
  public var leastStrength: Double

  /// Creates the method around another one.
  public init(
    _ base: any Forecaster, transform: PowerTransform = .none, decomposition: MSTL = MSTL(), leastStrength: Double = 0
  ) {
    self.base = AnyForecaster(base)
    self.transform = transform
    self.decomposition = decomposition
    self.leastStrength = leastStrength
  }

  /// The name in tables.
  public var name: String { "MSTL + " + base.name }

  /// Learns from one series; covariates are handed to the method inside.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try series.check()
    try request.check()
    let periods = request.seasons.filter { 2 * $0 <= series.count }
    let power = transform.power(for: series.values, season: periods.first ?? 2)
    var values = series.values
    if let power { values = values.map { PowerTransform.apply($0, power: power) } }
    let filled = SeasonalInterpolation(season: periods.last ?? 1).fill(values)
    var parts = decomposition.decompose(filled, periods: periods)
    let strong = parts.periods.indices.filter { parts.seasonalStrength($0) >= leastStrength }
    if strong.count < parts.periods.count {
      parts = decomposition.decompose(filled, periods: strong.map { parts.periods[$0] })
    }
    var adjusted = values
    for season in parts.seasons { for t in adjusted.indices { adjusted[t] -= season[t] } }
    let inner = ForecastRequest(horizon: request.horizon, seasons: [], levels: request.levels)
    let fitted = try base.fit(Series(series.name, values: adjusted), request: inner, covariates: covariates)
    let season = parts.seasonsAhead(request.horizon)
    func restored(_ steps: [Double]) -> [Double] {
      zip(steps, season).map { step, part in power.map { PowerTransform.invert(step + part, power: $0) } ?? step + part
      }
    }
    let ahead = fitted.forecast()
    let outlook = Forecast(point: restored(ahead.point), levels: ahead.levels, quantiles: ahead.quantiles.map(restored))
    let errors = zip(values, fitted.residuals).enumerated().map { t, pair -> Double in
      guard let power else { return pair.1 }
      return series.values[t] - PowerTransform.invert(pair.0 - pair.1, power: power)
    }
    let lengths = parts.periods.map(String.init).joined(separator: ", ")
    let scale = power.map { abs($0) < 1e-9 ? ", logarithm" : ", power \(($0 * 100).rounded() / 100)" } ?? ""
    return FittedSeries(
      forecast: outlook, residuals: errors, summary: "MSTL(\(lengths)\(scale)) + " + fitted.summary)
  }
}
