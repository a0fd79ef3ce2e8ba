import Basics
import Foundation

/// Exponential smoothing by the likelihood of its state space models, the form given or chosen automatically
/// (Hyndman, Koehler, Snyder and Grose 2002; Hyndman, Koehler, Ord and Snyder 2008).
///
/// The choice is by the corrected Akaike criterion among additive and multiplicative errors, no, additive and damped
/// trends, no, additive and multiplicative seasons; forms with ratios are left out where a value is not positive, and
/// additive errors with a multiplicative season always. Parameters keep to the usual bounds (slope below level, season
/// below one minus level, damping from 0.8 to 0.98), where every model can be inverted. A missing value leaves the
/// states as they were expected.
///
/// Seasons of up to `longestSeason` steps are part of the model. A longer one is taken out before by classical
/// decomposition where the test of `isSeasonal` finds it, and put back after.
public struct ETSForecaster: Forecaster, Hashable {
  /// What becomes of seasons before the model.
  public enum Adjustment: String, Sendable, Hashable, Codable {
    /// Only seasons too long for the model are taken out.
    case longSeasons
    /// Every season that the test finds is taken out, so that the model has none: the benchmarks of the M competitions.
    case allSeasons
    /// Nothing is taken out.
    case none
  }

  /// The form; nil chooses.
  public var form: ETSForm?
  /// What becomes of seasons before the model.
  public var adjustment: Adjustment
  /// The most steps of a season inside the model, 2 to 60; by default 24.
  public var longestSeason: Int
  /// How quantiles are found.
  public var intervals: ETSIntervals
  /// Whether every form is followed to its end; else those that fall behind are dropped on the way.
  public var isExhaustive: Bool
  /// The seed of simulated paths.
  public var seed: UInt64
  /// The name in tables.
  public var name: String

  /// Creates the forecaster.
  public init(
    _ form: ETSForm? = nil, adjustment: Adjustment = .longSeasons, longestSeason: Int = 24,
    intervals: ETSIntervals = .analytic, isExhaustive: Bool = false, seed: UInt64 = 0, name: String? = nil
  ) {
    self.form = form
    self.adjustment = adjustment
    self.longestSeason = longestSeason
    self.intervals = intervals
    self.isExhaustive = isExhaustive
    self.seed = seed
    self.name = name ?? form.map(\.description) ?? "ETS"
  }

  /// Learns form, parameters and states; a series too short or without change is met with the naive forecast.
  ///
  /// - Throws: `configuration` for a longest season out of its range or fewer than two paths; `data`.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try request.check()
    try series.check()
    guard (2...60).contains(longestSeason) else {
      throw AssayError(.configuration, "ETS: the longest season \(longestSeason) is not in 2 to 60")
    }
    if case .simulated(let paths) = intervals, paths < 2 {
      throw AssayError(.configuration, "ETS: \(paths) paths are too few", remedy: "simulate 1000")
    }
    guard let fitted = fitted(series, request) else {
      return try NaiveForecaster().fit(series, request: request, covariates: nil)
    }
    return fitted
  }

  /// The fitted model; nil where there is nothing to fit.
  private func fitted(_ series: Series, _ request: ForecastRequest) -> FittedETS? {
    // Steps before the first number say nothing.
    let skipped = series.values.firstIndex { !$0.isNaN } ?? 0
    let raw = Array(series.values[skipped...])
    let filled = Series(values: raw).interpolated
    let seasons: [Int]
    switch adjustment {
    case .none: seasons = []
    case .longSeasons: seasons = request.seasons.filter { $0 > longestSeason }
    case .allSeasons: seasons = request.seasons
    }
    let season = SeasonalAdjustment.tested(filled, seasons: seasons)
    let adjusted = season.adjusted(raw)
    let adjustedFilled = season.season > 1 ? season.adjusted(filled) : filled
    let length =
      adjustment == .allSeasons
      ? 1 : request.seasons.last { $0 <= longestSeason && 2 * $0 <= raw.count } ?? 1
    let scale = adjustedFilled.reduce(0) { $0 + abs($1) } / Double(raw.count)
    guard scale > 0, let low = adjustedFilled.min(), let high = adjustedFilled.max(), high - low > 1e-12 * scale else {
      return nil
    }
    let numbers = raw.count { !$0.isNaN }
    let forms = forms(length: length, numbers: numbers, isPositive: low > 1e-4 * scale)
    guard !forms.isEmpty else { return nil }
    let solution = adjusted.map { $0 / scale }.withUnsafeBufferPointer { values in
      ETSSearch(
        values: values, filled: adjustedFilled.map { $0 / scale }, length: length,
        trace: ETSTrace(steps: raw.count, season: length), numbers: numbers,
        prunes: !isExhaustive
      ).best(of: forms)
    }
    return solution.map {
      FittedETS(
        $0, scale: scale, skipped: skipped, season: season, numbers: numbers, length: length, request: request,
        intervals: intervals, key: RandomKey(seed: seed)[series.name])
    }
  }

  /// The forms that fit a series: those asked for, simpler where it is too short or not positive.
  private func forms(length: Int, numbers: Int, isPositive: Bool) -> [ETSForm] {
    func fits(_ form: ETSForm) -> Bool {
      (isPositive || !form.needsPositiveValues) && (form.season == .none || length > 1)
        && form.parameterCount(season: length) + 2 <= numbers
    }
    guard let form else { return ETSForm.all.filter { $0.isStable && fits($0) } }
    var simpler = form
    if !isPositive {
      simpler.error = .additive
      if form.season == .multiplicative { simpler.season = .additive }
    }
    for trend in form.trend == .damped ? [form.trend, .additive, .none] : [form.trend, .none] {
      for season in [simpler.season, .none] {
        let attempt = ETSForm(simpler.error, trend, season)
        if fits(attempt) { return [attempt] }
      }
    }
    return []
  }
}
