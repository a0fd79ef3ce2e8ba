/// Whether weights are those of each series or of all.
public enum CombinationScope: Sendable, Codable, Hashable {
  /// One set of weights for all series.
  case panel
  /// One set per series. Errors of few origins are noisy: each is averaged with the method's error over all series at
  /// `shrinkage`, from 0 (the series alone) to 1 (all series alone), both relative to the mean over the methods.
  case series(shrinkage: Double)
}

extension BacktestResult {
  /// The weights that a rule draws from this backtest. They know the truth of the origins and nothing after.
  ///
  /// Series without an origin get the weights of the panel. Least squares and greedy selection are for the panel, or for
  /// each series by its own origins alone.
  ///
  /// - Parameters:
  ///   - rule: How to weigh.
  ///   - scope: For all series or each.
  ///   - measures: What errors are measured by; several are averaged, each relative to its mean over the methods.
  public func weights(
    _ rule: CombinationRule, scope: CombinationScope = .panel, measures: [BacktestMeasure] = [.scaledError]
  ) -> CombinationWeights {
    let equal = [Double](repeating: 1, count: names.count)
    switch rule {
    case .mean: return CombinationWeights(rows: [equal])
    case .median: return CombinationWeights(rows: [equal], isMedian: true)
    case .fixed(let weights): return CombinationWeights(rows: [weights])
    case .nonNegativeLeastSquares:
      return perScope(scope) { leastSquaresWeights($0) ?? equal }
    case .greedy(let steps):
      return perScope(scope) { greedyWeights($0, steps: steps, measures: measures) ?? equal }
    case .best:
      return byErrors(scope, measures) { errors in
        let best = errors.indices.min { errors[$0] < errors[$1] } ?? 0
        return errors.indices.map { $0 == best ? 1 : 0 }
      }
    case .inverseError(let power):
      return byErrors(scope, measures) { errors in
        let least = max(errors.min() ?? 1, 1e-12)
        return errors.map { inversePower(max($0, 1e-12) / least, power) }
      }
    }
  }

  private func perScope(_ scope: CombinationScope, _ solve: ([Origin]) -> [Double]) -> CombinationWeights {
    guard case .series = scope else { return CombinationWeights(rows: [solve(origins)]) }
    let all = solve(origins)
    let grouped = Dictionary(grouping: origins, by: \.series)
    return CombinationWeights(rows: (0..<seriesCount).map { grouped[$0].map(solve) ?? all })
  }

  private func byErrors(
    _ scope: CombinationScope, _ measures: [BacktestMeasure], _ weigh: ([Double]) -> [Double]
  ) -> CombinationWeights {
    let shrinkage: Double
    switch scope {
    case .panel: shrinkage = 1
    case .series(let share): shrinkage = share
    }
    // Relative to the mean over the methods, so that measures and series can be averaged.
    func relative(_ errors: [Double]) -> [Double] {
      let mean = errors.reduce(0, +) / Double(errors.count)
      return errors.map { mean > 0 ? $0 / mean : 1 }
    }
    var panel = [Double](repeating: 0, count: names.count)
    var rows = [[Double]](repeating: panel, count: seriesCount)
    for measure in measures {
      let means = relative(panelErrors(measure))
      let series = seriesErrors(measure)
      for method in names.indices { panel[method] += means[method] / Double(measures.count) }
      for index in rows.indices {
        let own = series[index].allSatisfy(\.isFinite) ? relative(series[index]) : means
        for method in names.indices { rows[index][method] += own[method] / Double(measures.count) }
      }
    }
    if shrinkage >= 1 { return CombinationWeights(rows: [weigh(panel)]) }
    return CombinationWeights(
      rows: rows.map { row in
        weigh(row.indices.map { (1 - shrinkage) * row[$0] + shrinkage * panel[$0] })
      })
  }

  /// Non-negative weights of sum 1 with the least squared scaled error; nil without any truth.
  private func leastSquaresWeights(_ origins: [Origin]) -> [Double]? {
    let count = names.count
    // With weights of sum 1 the error is the weighted sum of the methods' errors: only their products matter.
    var products = [Double](repeating: 0, count: count * count)
    for origin in origins {
      for step in origin.truth.indices where !origin.truth[step].isNaN {
        let errors = origin.forecasts.map { ($0.point[step] - origin.truth[step]) / origin.scale }
        for i in 0..<count { for j in 0..<count { products[i * count + j] += errors[i] * errors[j] } }
      }
    }
    return simplexMinimum(of: products, count: count)
  }

  /// Weights by greedy selection; nil without any truth.
  private func greedyWeights(_ origins: [Origin], steps: Int, measures: [BacktestMeasure]) -> [Double]? {
    let count = names.count
    var chosen = [Double](repeating: 0, count: count)
    let usable = origins.filter { $0.truth.contains { !$0.isNaN } }
    guard !usable.isEmpty else { return nil }
    // The mean of the methods' errors is the unit of each measure.
    let units = measures.map { measure in
      usable.reduce(0.0) { sum, origin in
        sum + origin.forecasts.reduce(0) { $0 + Self.error($1, origin.truth, origin.scale, measure) }
      } / Double(count)
    }
    var best = (value: Double.infinity, weights: chosen)
    for taken in 0..<max(1, steps) {
      var candidate = (value: Double.infinity, method: 0)
      for method in 0..<count {
        var weights = chosen
        weights[method] += 1
        let combination = CombinationWeights(rows: [weights])
        var value = 0.0
        for origin in usable {
          let forecast = combination.combined(origin.forecasts, series: 0)
          for (measure, unit) in zip(measures, units) where unit > 0 {
            value += Self.error(forecast, origin.truth, origin.scale, measure) / unit
          }
        }
        if value < candidate.value { candidate = (value, method) }
      }
      chosen[candidate.method] += 1
      if candidate.value < best.value || taken == 0 { best = (candidate.value, chosen) }
    }
    return best.weights
  }
}
