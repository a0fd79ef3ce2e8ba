import Basics
import Evaluation

/// Seasonal autoregressive integrated moving averages, with orders given or found.
///
/// Coefficients have the largest exact likelihood (given the first values that differencing takes); missing values are
/// filtered as missing. Automatic orders are those of `ARIMALimits`' search on the shortest season of the request that
/// the limits allow; longer seasons are left to `DecomposedForecaster` or `DynamicRegression`. Intervals are Gaussian
/// and do not include the uncertainty of the coefficients.
public struct ARIMAForecaster: Forecaster {
  /// Where the orders come from.
  public enum Orders: Sendable, Codable, Hashable {
    /// Chosen by tests and AICc.
    case automatic
    /// As given; parts that a series is too short for are left out.
    case fixed(ARIMAOrder)
  }

  /// Where the orders come from.
  public var orders: Orders
  /// How far the automatic choice looks.
  public var limits: ARIMALimits

  /// Creates the method.
  public init(_ orders: Orders = .automatic, limits: ARIMALimits = ARIMALimits()) {
    self.orders = orders
    self.limits = limits
  }

  /// The name in tables.
  public var name: String {
    if case .fixed(let order) = orders { order.description } else { "ARIMA" }
  }

  /// Learns from one series; covariates are not used, see `DynamicRegression`.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try fitted(series, request: request)
  }

  /// Learns from one series, with the result's own type.
  public func fitted(_ series: Series, request: ForecastRequest) throws -> FittedARIMA {
    try series.check()
    try request.check()
    return try fitted(series, request: request, regressors: [], names: [])
  }

  /// Learns with regressors in levels that cover the series and the horizon.
  func fitted(
    _ series: Series, request: ForecastRequest, regressors: [[Double]], names: [String]
  ) throws -> FittedARIMA {
    let season = try usedSeason(series, request)
    let problem = ARIMAProblem(series.values, season: season, regressors: regressors, names: names)
    switch orders {
    case .fixed(let wanted):
      let order = try ARIMAForecaster.reduced(wanted, steps: problem.values.count)
      return ARIMAFit(problem, request: request).fitted(order, starts: [])
    case .automatic:
      var search = ARIMASearch(problem, season: season, limits: limits)
      let fit = ARIMAFit(problem, request: request)
      let found = search.run()
      // Compared roughly, the first few are nearly equal. The exact likelihood may bring a root to the unit circle; then
      // the next model has its turn.
      let wanted = limits.comparesExactly ? 1 : 3
      var results: [FittedARIMA] = []
      for candidate in found.prefix(wanted + 3) where results.count < wanted {
        let result = fit.fitted(candidate.order, starts: [candidate.free])
        if result.isUsable { results.append(result) }
      }
      return results.min { $0.aicc < $1.aicc } ?? fit.fitted(found[0].order, starts: [found[0].free])
    }
  }

  private func usedSeason(_ series: Series, _ request: ForecastRequest) throws -> Int {
    guard limits.terms >= 0, limits.seasonalTerms >= 0, limits.differences >= 0, limits.terms <= 10,
      limits.seasonalTerms <= 4, limits.allTerms <= 20
    else {
      throw AssayError(
        .configuration, "the limits of ARIMA allow \(limits.terms) terms and \(limits.seasonalTerms) seasonal ones",
        remedy: "use at most 10 terms, 4 seasonal ones and 20 in all")
    }
    if case .fixed(let order) = orders { return order.season }
    return request.seasons.first { $0 > 1 && $0 <= limits.season } ?? 1
  }

  /// The given order without what a short series cannot be asked for.
  private static func reduced(_ order: ARIMAOrder, steps: Int) throws -> ARIMAOrder {
    let parts = [order.p, order.d, order.q, order.seasonalP, order.seasonalD, order.seasonalQ]
    guard parts.allSatisfy({ $0 >= 0 }), order.coefficientCount <= 20, order.d + order.seasonalD <= 4 else {
      throw AssayError(
        .configuration, "\(order) has negative orders, or more than 20 coefficients or 4 differences",
        remedy: "use smaller orders")
    }
    if order.hasConstant && order.d + order.seasonalD > 1 {
      throw AssayError(
        .configuration, "\(order) has a constant and more than one difference",
        remedy: "leave the constant out: with two differences it would be a quadratic trend")
    }
    var result = order
    if steps < 2 * order.season + order.lostSteps {
      (result.season, result.seasonalP, result.seasonalD, result.seasonalQ) = (1, 0, 0, 0)
    }
    result.d = min(result.d, max(0, steps - 3))
    while result.coefficientCount + 2 > steps - result.lostSteps && result.p + result.q > 0 {
      if result.p >= result.q { result.p -= 1 } else { result.q -= 1 }
    }
    return result
  }
}

/// An ARIMA model with its coefficients.
public struct FittedARIMA: FittedForecaster, Hashable {
  /// The orders.
  public let order: ARIMAOrder
  /// phi1, phi2, ...
  public let autoregressive: [Double]
  /// theta1, theta2, ... with the sign of `y = e + theta1 e(t-1)`.
  public let movingAverage: [Double]
  /// The seasonal autoregressive coefficients.
  public let seasonalAutoregressive: [Double]
  /// The seasonal moving-average coefficients.
  public let seasonalMovingAverage: [Double]
  /// The mean of the differenced series; 0 without a constant.
  public let constant: Double
  /// The names of the regressors, if there were any.
  public let regressors: [String]
  /// Their coefficients.
  public let slopes: [Double]
  /// The variance of the shocks: the sum of squares over the steps less the number of coefficients.
  public let variance: Double
  /// The logarithm of the exact likelihood (its maximum over the variance).
  public let logLikelihood: Double
  /// Akaike's criterion with the correction for short series.
  public let aicc: Double
  /// The errors of one-step forecasts, not-a-number for the steps that differencing takes and for missing values.
  public let residuals: [Double]
  let prediction: Forecast
  let isUsable: Bool

  /// The forecast of the request.
  public func forecast() -> Forecast { prediction }

  /// The orders and coefficients.
  public var summary: String {
    func list(_ name: String, _ values: [Double]) -> String {
      values.isEmpty ? "" : ", \(name) " + values.map { String(($0 * 1000).rounded() / 1000) }.joined(separator: " ")
    }
    return order.description + list("phi", autoregressive) + list("theta", movingAverage)
      + list("Phi", seasonalAutoregressive) + list("Theta", seasonalMovingAverage)
  }
}
