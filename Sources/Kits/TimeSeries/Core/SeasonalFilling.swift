extension Series {
  /// The series with missing values after its first number put in from its own past: the mean of the same phase of up to
  /// four earlier seasons, or the number before where there is none.
  ///
  /// Nothing is taken from later steps, so a series that is filled and cut is the same as one that is cut and filled.
  ///
  /// - Parameter season: The steps of a season; 1 for none, which repeats the number before.
  public func filledFromPast(season: Int) -> Series {
    let length = max(1, season)
    guard let first = values.firstIndex(where: { !$0.isNaN }) else { return self }
    var filled = values
    for step in first..<filled.count where filled[step].isNaN {
      var (sum, count) = (0.0, 0.0)
      if length > 1 {
        for earlier in stride(from: step - length, through: max(first, step - 4 * length), by: -length) {
          sum += filled[earlier]
          count += 1
        }
      }
      filled[step] = count > 0 ? sum / count : filled[step - 1]
    }
    return Series(name, values: filled)
  }
}

/// A method that gets a series with its gaps filled from its own past, by the longest season that fits: for methods that
/// would draw a straight line through a day that is missing.
public struct FilledForecaster: Forecaster {
  /// The method.
  public var base: AnyForecaster

  /// Creates the method.
  public init(_ base: any Forecaster) { self.base = AnyForecaster(base) }

  /// The name of the method.
  public var name: String { base.name }

  /// Learns as the method does; filled steps have no residual.
  ///
  /// - Throws: What the method throws.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    guard series.hasMissing else { return try base.fit(series, request: request, covariates: covariates) }
    let filled = series.filledFromPast(season: request.longestSeason(within: series.count))
    let fitted = try base.fit(filled, request: request, covariates: covariates)
    return FittedSeries(
      forecast: fitted.forecast(),
      residuals: zip(fitted.residuals, series.values).map { $1.isNaN ? .nan : $0 }, summary: fitted.summary)
  }
}
