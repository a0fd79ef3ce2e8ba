extension Forecast {
  /// A forecast whose quantiles are put in order step by step, where they crossed (Chernozhukov and others, "Quantile and
  /// probability curves without crossing", 2010).
  static func ordered(point: [Double], levels: [Double], quantiles: [[Double]]) -> Forecast {
    var quantiles = quantiles
    for step in point.indices {
      let sorted = quantiles.map { $0[step] }.sorted()
      for (position, value) in sorted.enumerated() { quantiles[position][step] = value }
    }
    return Forecast(point: point, levels: levels, quantiles: quantiles)
  }
}
