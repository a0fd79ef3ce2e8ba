import Basics

/// What a forecast is asked for.
public struct ForecastRequest: Sendable, Codable, Hashable {
  /// The steps to look ahead, at least 1.
  public var horizon: Int
  /// The lengths of the seasons in steps, ascending, for example [24, 168] for hours; empty for none.
  public var seasons: [Int]
  /// The probabilities of the quantiles, ascending, each between 0 and 1.
  public var levels: [Double]

  /// Creates a request.
  public init(horizon: Int, seasons: [Int] = [], levels: [Double] = [0.05, 0.25, 0.5, 0.75, 0.95]) {
    self.horizon = horizon
    self.seasons = seasons
    self.levels = levels
  }
}

/// A method that learns each series by itself: a value of settings. Cheap: thousands of series a second at best.
public protocol Forecaster: Sendable, Codable {
  /// The name in tables: "seasonal naive", "ETS".
  var name: String { get }

  /// Learns from one series; missing values are allowed, the last value may be missing too.
  ///
  /// A series too short for the method's seasons or terms is met with the simplest form that fits it, never with an
  /// error.
  ///
  /// - Throws: `data` for a series without any number or with infinite ones, `configuration` for settings out of their
  ///   range.
  func fit(_ series: Series, request: ForecastRequest, covariates: Covariates?) throws -> any FittedForecaster
}

extension Forecaster {
  /// Learns from one series without covariates.
  public func fit(_ series: Series, request: ForecastRequest) throws -> any FittedForecaster {
    try fit(series, request: request, covariates: nil)
  }
}

/// What was learned of one series.
public protocol FittedForecaster: Sendable, Codable {
  /// Looks ahead from the end of the series that was learned from: the request's horizon and levels.
  func forecast() -> Forecast

  /// The errors of one-step forecasts inside the series, not-a-number where there was none.
  var residuals: [Double] { get }

  /// What was chosen, for a reader: "ETS(A,Ad,M), alpha 0.31".
  var summary: String { get }
}

/// A method that learns from many series at once and looks ahead for each: boosting, linear and deep nets.
public protocol GlobalForecaster: Sendable, Codable {
  /// The name in tables: "N-HiTS".
  var name: String { get }

  /// Learns from series, which may differ in length and scale.
  ///
  /// - Parameters:
  ///   - panel: The series.
  ///   - request: The horizon, seasons and levels.
  ///   - key: The source of all randomness.
  ///   - threads: The threads it may use; the result does not depend on their number.
  ///   - deadline: The moment by which training stops with what it has.
  ///   - interruption: Stops with a `cancelled` error at the next safe point.
  /// - Throws: `data` where no series is long enough, `configuration`, `cancelled`.
  func fit(
    _ panel: [Series], request: ForecastRequest, key: RandomKey, threads: Int, deadline: Deadline,
    interruption: Interruption
  ) throws -> any FittedGlobalForecaster
}

/// What was learned from many series.
public protocol FittedGlobalForecaster: Sendable {
  /// Looks ahead from the end of each series, which need not have been learned from; one forecast per series, in order.
  func forecast(_ panel: [Series], threads: Int) -> [Forecast]
}
