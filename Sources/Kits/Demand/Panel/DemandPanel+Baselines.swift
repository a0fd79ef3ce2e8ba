import TimeSeries

extension DemandPanel {
  /// The longest season in a word: "week".
  public var seasonWord: String {
    guard seasons.last != nil else { return "step" }
    switch timeline.step {
    case .seconds(let length):
      let period = open?.period ?? seasons.last ?? 1
      return [86_400: "day", 604_800: "week", 31_449_600: "year"][length * period] ?? "season"
    case .months(let count): return count * (seasons.last ?? 1) == 12 ? "year" : "season"
    }
  }

  /// The simple ways to forecast that every other is compared with; the first two lead to plans of their own.
  public var baselines: [(name: String, method: any Forecaster)] {
    let season = seasonWord
    return [
      ("same time last \(season)", FilledForecaster(SeasonalNaiveForecaster())),
      ("mean of the same time in the last 4 \(season)s", FilledForecaster(SeasonalNaiveForecaster(seasonsAveraged: 4))),
      ("last number", FilledForecaster(NaiveForecaster())),
    ]
  }
}
