extension PredictiveMaintenance {
  /// The sets that `start` takes.
  public var publicSets: [String] { ["cmapss-fd001", "ai4i2020"] }
}
