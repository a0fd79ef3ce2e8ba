import Basics

extension ARIMAForecaster {
  /// A model with given coefficients on a series: nothing is learned but the constant and the variance.
  ///
  /// - Parameters:
  ///   - order: The orders.
  ///   - coefficients: phi, theta, Phi and Theta in this order.
  ///   - series: The series, at least 2 steps longer than differencing takes.
  ///   - request: The horizon and levels; its seasons are not used.
  /// - Throws: `configuration` for a wrong number of coefficients, `data` for a series that is too short, and for
  ///   coefficients outside the stationary region.
  public static func applied(
    _ order: ARIMAOrder, coefficients: [Double], to series: Series, request: ForecastRequest
  ) throws -> FittedARIMA {
    try series.check()
    try request.check()
    guard coefficients.count == order.coefficientCount else {
      throw AssayError(
        .configuration, "\(order) has \(order.coefficientCount) coefficients, not \(coefficients.count)",
        remedy: "give phi, theta, seasonal Phi and seasonal Theta in this order")
    }
    let problem = ARIMAProblem(series.values, season: order.season)
    guard problem.values.count >= order.lostSteps + 2 else {
      throw AssayError(
        .data, "\(problem.values.count) steps are too few for \(order)", at: "series \(series.name)",
        remedy: "give at least \(order.lostSteps + 2) steps")
    }
    guard let result = ARIMAFit(problem, request: request).evaluated(order, coefficients: coefficients) else {
      throw AssayError(
        .data, "\(order) with coefficients \(coefficients) is not stationary", remedy: "use smaller coefficients")
    }
    return result
  }
}

extension FittedARIMA {
  /// phi, theta, Phi and Theta in this order.
  public var coefficients: [Double] {
    autoregressive + movingAverage + seasonalAutoregressive + seasonalMovingAverage
  }

  /// The same model on another series, such as the series with some steps more: quick, for rolling origins.
  ///
  /// - Throws: As `ARIMAForecaster.applied`; `configuration` for a model with regressors.
  public func applied(to series: Series, request: ForecastRequest) throws -> FittedARIMA {
    guard regressors.isEmpty else {
      throw AssayError(
        .configuration, "a model with regressors cannot be applied to another series", remedy: "fit it anew")
    }
    return try ARIMAForecaster.applied(order, coefficients: coefficients, to: series, request: request)
  }
}
