extension ETSForecaster {
  /// Simple exponential smoothing of the seasonally adjusted series, as the benchmark of the M competitions.
  public static let simple = Self(ETSForm(.additive, .none, .none), adjustment: .allSeasons, name: "SES")

  /// Holt's linear trend of the seasonally adjusted series, as the benchmark of the M competitions.
  public static let holt = Self(ETSForm(.additive, .additive, .none), adjustment: .allSeasons, name: "Holt")

  /// A damped trend of the seasonally adjusted series, as the benchmark of the M competitions.
  public static let damped = Self(ETSForm(.additive, .damped, .none), adjustment: .allSeasons, name: "Damped")

  /// Additive Holt-Winters: level, slope and an additive season.
  public static let holtWinters = Self(ETSForm(.additive, .additive, .additive), name: "Holt-Winters")
}

extension Combination {
  /// The mean of simple, Holt's and damped exponential smoothing, the benchmark "Comb" of the M competitions
  /// (Makridakis and Hibon 2000).
  public static let comb = Self(
    [ETSForecaster.simple, ETSForecaster.holt, ETSForecaster.damped], rule: .mean, name: "Comb")
}
