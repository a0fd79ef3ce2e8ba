import Basics

/// Quantiles made from the errors of a backtest, so that the truth stays below each as often as promised: split conformal
/// prediction for each step ahead (Vovk, Gammerman and Shafer 2005; for quantiles Linusson, Johansson and Löfström 2014).
///
/// Errors of all series and origins are pooled after division by a scale. The promise holds as far as the errors to come
/// are like those of the backtest; `shares(of:)` measures it on another backtest.
public struct ConformalQuantiles: Sendable, Codable, Hashable {
  /// What the errors of a series are divided by.
  public enum Scale: String, Sendable, Codable, Hashable {
    /// The mean absolute error of the seasonal naive forecast in the known steps.
    case naiveError
    /// The spread of the method's own quantiles at each step, which must have at least two levels.
    case ownSpread
  }

  /// The probabilities of the quantiles, ascending.
  public let levels: [Double]
  /// What the errors of a series are divided by.
  public let scale: Scale
  /// `offsets[level][step]`: what is added to the point forecast, in scales.
  public let offsets: [[Double]]

  /// Calibrates a method of a backtest.
  ///
  /// A step with too few errors for its outermost level borrows those of the nearest steps.
  ///
  /// - Parameters:
  ///   - result: The backtest, with the method among its own or added.
  ///   - method: The index of the method.
  ///   - levels: The probabilities of the quantiles; by default those of the backtest's request.
  ///   - scale: What the errors of a series are divided by.
  /// - Throws: `data` where all steps together have too few errors to promise a level; `configuration` for levels out of
  ///   order, or a method without quantiles where its own spread is the scale.
  public init(
    _ result: BacktestResult, method: Int, levels: [Double]? = nil, scale: Scale = .naiveError
  ) throws {
    precondition(result.names.indices.contains(method), "ConformalQuantiles: method \(method) of \(result.names.count)")
    var request = result.request
    request.levels = levels ?? request.levels
    try request.check()
    self.levels = request.levels
    self.scale = scale
    var scores = [[Double]](repeating: [], count: request.horizon)
    for origin in result.origins {
      let forecast = origin.forecasts[method]
      let units = try Self.units(forecast, scale, naive: origin.scale)
      for step in scores.indices where !origin.truth[step].isNaN && units[step] > 0 {
        scores[step].append((origin.truth[step] - forecast.point[step]) / units[step])
      }
    }
    var offsets = [[Double]](repeating: [], count: request.levels.count)
    for step in scores.indices {
      for (index, level) in request.levels.enumerated() {
        offsets[index].append(try Self.offset(scores, step, level))
      }
    }
    self.offsets = offsets
  }

  /// The rank that keeps the promise for one more error: above the middle the ceil((n + 1) level)-th smallest, below it
  /// the mirror image, in the middle the median.
  private static func offset(_ scores: [[Double]], _ step: Int, _ level: Double) throws -> Double {
    let tail = min(level, 1 - level)
    let needed = Int((1 / tail - 1 - 1e-9).rounded(.up))
    var reach = 0
    var pool = scores[step]
    while pool.count < needed, reach < scores.count {
      reach += 1
      if step - reach >= 0 { pool += scores[step - reach] }
      if step + reach < scores.count { pool += scores[step + reach] }
    }
    guard pool.count >= max(1, needed) else {
      throw AssayError(
        .data, "\(pool.count) errors of the backtest are too few for the level \(level)",
        remedy: "backtest at more origins or more series, or leave the level out; \(needed) errors are the least")
    }
    pool.sort()
    if level == 0.5 { return interpolatedQuantile(ofSorted: pool, 0.5) }
    let rank = min(pool.count, Int((Double(pool.count + 1) * (1 - tail) - 1e-9).rounded(.up)))
    return level > 0.5 ? pool[rank - 1] : pool[pool.count - rank]
  }

  private static func units(_ forecast: Forecast, _ scale: Scale, naive: Double) throws -> [Double] {
    switch scale {
    case .naiveError: return [Double](repeating: naive, count: forecast.horizon)
    case .ownSpread:
      guard let low = forecast.quantiles.first, let high = forecast.quantiles.last, forecast.levels.count >= 2 else {
        throw AssayError(
          .configuration, "a method without two quantiles has no spread of its own",
          remedy: "ask for two levels, or scale by the naive error")
      }
      return zip(low, high).map { $1 - $0 }
    }
  }

  /// The forecast with calibrated quantiles in place of its own; the point forecast stays.
  ///
  /// - Parameters:
  ///   - forecast: A forecast of the calibrated method, of the same horizon.
  ///   - series: The series that it goes on from.
  ///   - seasons: The seasons of the request.
  /// - Throws: `configuration` for a forecast without quantiles where its own spread is the scale.
  public func applied(to forecast: Forecast, after series: Series, seasons: [Int]) throws -> Forecast {
    try applied(to: forecast, naive: errorScale(series.values, seasons: seasons))
  }

  private func applied(to forecast: Forecast, naive: Double) throws -> Forecast {
    precondition(
      forecast.horizon == (offsets.first?.count ?? forecast.horizon), "ConformalQuantiles: \(forecast.horizon) steps")
    let units = try Self.units(forecast, scale, naive: naive)
    var quantiles = offsets.map { offset in
      forecast.point.indices.map { forecast.point[$0] + offset[$0] * units[$0] }
    }
    // Pools of different steps may cross where levels are close.
    for index in quantiles.indices.dropFirst() {
      for step in quantiles[index].indices {
        quantiles[index][step] = max(quantiles[index][step], quantiles[index - 1][step])
      }
    }
    return Forecast(point: forecast.point, levels: levels, quantiles: quantiles)
  }

  /// How often the truth of another backtest is at or below each calibrated quantile: close to the levels if the
  /// calibration is right.
  ///
  /// - Throws: As `applied(to:after:seasons:)`.
  public func shares(of result: BacktestResult, method: Int) throws -> [Double] {
    var below = [Double](repeating: 0, count: levels.count)
    var count = 0.0
    for origin in result.origins {
      let calibrated = try applied(to: origin.forecasts[method], naive: origin.scale)
      for step in origin.truth.indices where !origin.truth[step].isNaN {
        count += 1
        for index in levels.indices where origin.truth[step] <= calibrated.quantiles[index][step] { below[index] += 1 }
      }
    }
    return below.map { $0 / count }
  }
}
