import Evaluation

/// How forecasts of many series did on steps that they had not seen, made at several moments one after the other, beside
/// simple ways to forecast.
public struct RollingTest: Sendable, Codable, Hashable {
  /// A way to forecast, with its errors averaged over series and moments.
  public struct Row: Sendable, Codable, Hashable {
    /// The name.
    public let name: String
    /// The mean scaled error.
    public let scaledError: Double
    /// The symmetric percentage error, 0 to 200.
    public let percentageError: Double
    /// The mean absolute error of the first series, over all moments.
    public let firstError: Double
    /// The root mean squared error of the first series, over all moments.
    public let firstSquaredError: Double
    /// What was forecast of the first series: one array per moment.
    public let firstPoints: [[Double]]
  }

  /// One moment at which forecasts were made.
  public struct Moment: Sendable {
    /// The series up to then.
    public var known: [Series]
    /// What came: one array per series; missing values are not judged.
    public var truths: [[Double]]
    /// The forecasts, one per series.
    public var forecasts: [Forecast]

    /// Creates a moment.
    public init(known: [Series], truths: [[Double]], forecasts: [Forecast]) {
      precondition(
        known.count == truths.count && known.count == forecasts.count,
        "RollingTest: \(known.count) series, \(truths.count) truths, \(forecasts.count) forecasts")
      self.known = known
      self.truths = truths
      self.forecasts = forecasts
    }
  }

  /// The forecast first, then the simple ways.
  public let rows: [Row]
  /// The share of the numbers that came which lay within the interval.
  public let coverage: Estimate
  /// The mean absolute error of each series' forecast over all moments.
  public let seriesErrors: [Double]

  /// Measures forecasts.
  ///
  /// - Parameters:
  ///   - moments: At least one, the oldest first.
  ///   - baselines: The simple ways, which learn from the same steps.
  ///   - seasons: The seasons, for the simple ways; the shortest is that of the scaled error.
  ///   - lower: The level of the interval's lower end, which the forecasts must have.
  ///   - upper: That of its upper end.
  /// - Throws: What the simple ways throw.
  public init(
    _ moments: [Moment], baselines: [(name: String, method: any Forecaster)], seasons: [Int], lower: Double,
    upper: Double
  ) throws {
    precondition(!moments.isEmpty, "RollingTest: no moments")
    var made: [(name: String, points: [[[Double]]])] = [("forecast", moments.map { $0.forecasts.map(\.point) })]
    for (name, method) in baselines {
      made.append(
        (
          name,
          try moments.map { moment in
            let request = ForecastRequest(horizon: moment.truths[0].count, seasons: seasons, levels: [])
            return try moment.known.map { try Self.simple(method, $0, request) }
          }
        ))
    }
    let season = seasons.first ?? 1
    rows = made.map { name, points in
      let accuracies = zip(moments, points).map { moment, points in
        PanelAccuracy(points, truths: moment.truths, panel: moment.known, season: season)
      }
      let first = points.map { $0[0] }
      let truth = moments.flatMap { $0.truths[0] }
      func mean(_ value: (PanelAccuracy) -> Double) -> Double {
        let numbers = accuracies.map(value).filter(\.isFinite)
        return numbers.reduce(0, +) / Double(numbers.count)
      }
      return Row(
        name: name, scaledError: mean(\.scaledError), percentageError: mean(\.symmetricPercentageError),
        firstError: PointAccuracy.meanAbsoluteError(first.flatMap { $0 }, truth: truth),
        firstSquaredError: PointAccuracy.meanSquaredError(first.flatMap { $0 }, truth: truth).squareRoot(),
        firstPoints: first)
    }
    seriesErrors = moments[0].known.indices.map { index in
      PointAccuracy.meanAbsoluteError(
        moments.flatMap { $0.forecasts[index].point }, truth: moments.flatMap { $0.truths[index] })
    }
    var (held, all) = (0, 0)
    for moment in moments {
      for (forecast, truth) in zip(moment.forecasts, moment.truths) {
        guard let low = forecast.quantile(lower), let high = forecast.quantile(upper) else { continue }
        for step in truth.indices where !truth[step].isNaN {
          all += 1
          if low[step] <= truth[step], truth[step] <= high[step] { held += 1 }
        }
      }
    }
    coverage =
      all == 0
      ? Estimate(.nan, lower: .nan, upper: .nan) : wilsonInterval(successes: Double(held), trials: Double(all))
  }

  /// What a simple way expects of a series from its first number on; 0 of one that has none yet.
  private static func simple(_ method: any Forecaster, _ series: Series, _ request: ForecastRequest) throws -> [Double]
  {
    let own = Series(series.name, values: Array(series.values.drop { $0.isNaN }))
    guard own.count > 0 else { return [Double](repeating: 0, count: request.horizon) }
    return try method.fit(own, request: request).forecast().point
  }
}
