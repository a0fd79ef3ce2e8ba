import Basics
import Foundation

/// A linear regression of each step on earlier ones: the last steps, and those around whole seasons ago.
///
/// With several seasons the lags are the last `near` steps and, for every multiple of the shortest season up to the
/// longest, the steps within `around` of it: for hours with a day and a week, the neighbours of the same hour on each of
/// the last seven days. With one season of at most `dense` steps they are all steps up to one after it. Coefficients are
/// those of ridge regression (Hoerl and Kennard 1970); forecasts of later steps lean on those of earlier ones. Where all
/// values are positive it works on their logarithms.
///
/// Long series with strong seasons are its field: several hundred steps, and a few of the longest season.
public struct AutoregressionForecaster: Forecaster, Hashable {
  /// What is regressed.
  public enum Difference: String, Sendable, Hashable, Codable, CaseIterable {
    /// The values, less their mean.
    case none
    /// The changes from step to step: for series that wander.
    case step
    /// The changes since the shortest season ago, or from step to step without seasons.
    case shortestSeason
    /// The changes since the longest season ago, or from step to step without seasons.
    case longestSeason
  }

  /// The last steps among the lags, at least 1.
  public var near: Int
  /// The steps before and after each whole season ago among the lags, at least 0.
  public var around: Int
  /// The longest season all of whose steps are lags.
  public var dense: Int
  /// What is regressed.
  public var difference: Difference
  /// The ridge: this times the number of steps times their variance is added to the diagonal, 0 or more.
  public var ridge: Double
  /// Whether steps far off weigh less (Huber 1964), and the median stands for the mean.
  public var isRobust: Bool
  /// The last steps that are learned from, at least 12; nil learns from all.
  public var window: Int?
  /// Whether to work on the logarithms of positive values.
  public var takesLogarithms: Bool
  /// The name in tables.
  public var name: String

  /// Creates the forecaster.
  public init(
    near: Int = 3, around: Int = 1, dense: Int = 60, difference: Difference = .none, ridge: Double = 1e-5,
    isRobust: Bool = true, window: Int? = nil, takesLogarithms: Bool = true, name: String? = nil
  ) {
    self.near = near
    self.around = around
    self.dense = dense
    self.difference = difference
    self.ridge = ridge
    self.isRobust = isRobust
    self.window = window
    self.takesLogarithms = takesLogarithms
    self.name = name ?? "autoregression" + difference.words
  }

  /// The lags for seasons, ascending, before those that a series is too short for are left out.
  public func lags(seasons: [Int]) -> [Int] {
    var found = Set(1...max(1, near))
    if let shortest = seasons.first, let longest = seasons.last {
      if seasons.count == 1, longest <= dense {
        found.formUnion(1...longest + 1)
      } else {
        for multiple in 1...max(1, longest / shortest) {
          for lag in multiple * shortest - around...multiple * shortest + around where lag >= 1 { found.insert(lag) }
        }
      }
    } else {
      found.formUnion(1...max(near, 12))
    }
    return found.sorted()
  }

  /// Learns the coefficients; a series too short for three times as many rows as lags loses its longest lags, and one
  /// without change or with fewer than twelve steps is met with automatic exponential smoothing.
  ///
  /// - Throws: `configuration` for settings out of their range; `data`.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try request.check()
    try series.check()
    guard near >= 1, around >= 0, ridge >= 0, ridge.isFinite, window ?? 12 >= 12 else {
      throw AssayError(
        .configuration, "\(name): near \(near), around \(around), ridge \(ridge)",
        remedy: "near from 1 on, around and ridge from 0 on, a window of 12 steps at least")
    }
    let skipped = max(0, series.count - (window ?? series.count))
    let filled = Array(series.interpolated[skipped...])
    let known = series.values[skipped...]
    let mean = filled.reduce(0, +) / Double(filled.count)
    guard let low = filled.min(), let high = filled.max(), filled.count >= 12,
      high - low > 1e-9 * max(abs(low), abs(high))
    else { return try ETSForecaster().fit(series, request: request, covariates: nil) }
    let isLogarithmic = takesLogarithms && low > 0 && low >= 1e-4 * mean
    let work = isLogarithmic ? filled.map { log($0) } : filled
    let regression = LagRegression(
      work, isMissing: known.map(\.isNaN), lags: lags(seasons: request.seasons),
      difference: difference.steps(request.seasons, count: work.count), ridge: ridge, isRobust: isRobust)
    guard let regression else { return try ETSForecaster().fit(series, request: request, covariates: nil) }
    var forecast = Forecast(
      point: regression.ahead(request.horizon), deviations: regression.deviations(request.horizon),
      levels: request.levels)
    var residuals = [Double](repeating: .nan, count: skipped) + regression.errors
    if isLogarithmic {
      // The exponential keeps quantiles; the point is then the median.
      forecast = Forecast(
        point: forecast.point.map { exp($0) }, levels: forecast.levels,
        quantiles: forecast.quantiles.map { $0.map { exp($0) } })
      residuals = residuals.indices.map { series.values[$0] * (1 - exp(-residuals[$0])) }
    }
    return FittedSeries(
      forecast: forecast, residuals: residuals,
      summary: "\(name) on \(regression.lags.count) lags up to \(regression.lags[regression.lags.count - 1])"
        + (isLogarithmic ? ", logarithms" : ""))
  }
}

extension AutoregressionForecaster.Difference {
  /// What a name says of it.
  fileprivate var words: String {
    switch self {
    case .none: ""
    case .step: " of changes"
    case .shortestSeason: " of changes since a short season"
    case .longestSeason: " of changes since a long season"
    }
  }

  /// The steps back to what a value is compared with; 0 for none. A season must fit four times.
  fileprivate func steps(_ seasons: [Int], count: Int) -> Int {
    let fitting = seasons.filter { 4 * $0 <= count }
    switch self {
    case .none: return 0
    case .step: return 1
    case .shortestSeason: return fitting.first ?? 1
    case .longestSeason: return fitting.last ?? 1
    }
  }
}
