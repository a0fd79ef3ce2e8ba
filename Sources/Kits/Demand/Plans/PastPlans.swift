import TimeSeries

/// What was forecast when the last steps were not known, beside what came: what plans of the past are made from.
public struct PastPlans: Sendable {
  /// One moment: the first step forecast, the forecast of the total, what came of it, and the simple ways' points.
  public struct Moment: Sendable {
    /// The first step forecast.
    public let start: Int
    /// The forecast of the total.
    public let forecast: Forecast
    /// What came.
    public let truth: [Double]
    /// The same time last season.
    public let lastSeason: [Double]
    /// The mean of the same time in the last four seasons.
    public let seasonMean: [Double]
  }

  /// The moments, the earliest first.
  public let moments: [Moment]

  /// What was forecast at moments that end with the last step.
  ///
  /// - Parameters:
  ///   - panel: The demand.
  ///   - tested: A forecast for each moment, each a horizon after the one before.
  ///   - test: Their test against the panel's `baselines`.
  public init(panel: DemandPanel, tested: [DemandForecast], test: RollingTest) {
    moments = tested.indices.map { place in
      let start = panel.count - (tested.count - place) * panel.horizon
      return Moment(
        start: start, forecast: tested[place].forecasts[0],
        truth: Array(panel.nodes[0].values[start..<start + panel.horizon]),
        lastSeason: test.rows[1].firstPoints[place], seasonMean: test.rows[2].firstPoints[place])
    }
  }
}
