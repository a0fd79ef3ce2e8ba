import Evaluation

/// What a method learned of one series, with the forecast already worked out.
public struct FittedSeries: FittedForecaster, Hashable {
  private let outlook: Forecast
  /// The errors of one-step forecasts inside the series, not-a-number where there was none.
  public let residuals: [Double]
  /// What was chosen, for a reader.
  public let summary: String

  /// Creates a result of a forecast, one residual per step of the series, and a description.
  public init(forecast: Forecast, residuals: [Double], summary: String) {
    outlook = forecast
    self.residuals = residuals
    self.summary = summary
  }

  /// The forecast of the request that the series was learned for.
  public func forecast() -> Forecast { outlook }
}

extension Forecast {
  /// A forecast whose errors are normal with a standard deviation per step.
  ///
  /// - Parameters:
  ///   - point: The mean of each step.
  ///   - deviations: The standard deviation of each step, not negative.
  ///   - levels: The probabilities of the quantiles, ascending.
  public init(point: [Double], deviations: [Double], levels: [Double]) {
    self.init(
      point: point, levels: levels,
      quantiles: levels.map { level in
        let z = normalQuantile(level)
        return zip(point, deviations).map { $0 + z * $1 }
      })
  }

  /// A forecast whose quantiles are those of simulated paths.
  ///
  /// - Parameters:
  ///   - point: The forecast of each step.
  ///   - paths: `paths[path * horizon + step]`, at least one path.
  ///   - levels: The probabilities of the quantiles, ascending; between two paths the quantile is interpolated.
  init(point: [Double], paths: [Double], levels: [Double]) {
    let horizon = point.count
    let count = paths.count / horizon
    var quantiles = levels.map { _ in [Double](repeating: 0, count: horizon) }
    var column = [Double](repeating: 0, count: count)
    for step in 0..<horizon {
      for path in 0..<count { column[path] = paths[path * horizon + step] }
      column.sort()
      for (index, level) in levels.enumerated() {
        quantiles[index][step] = interpolatedQuantile(ofSorted: column, level)
      }
    }
    self.init(point: point, levels: levels, quantiles: quantiles)
  }

  /// Every step multiplied by a positive factor of its own, quantiles too.
  func multiplied(by factors: [Double]) -> Forecast {
    Forecast(
      point: zip(point, factors).map { $0 * $1 }, levels: levels,
      quantiles: quantiles.map { zip($0, factors).map { $0 * $1 } })
  }

  /// Every step raised by an amount of its own, quantiles too.
  func raised(by amounts: [Double]) -> Forecast {
    Forecast(
      point: zip(point, amounts).map { $0 + $1 }, levels: levels,
      quantiles: quantiles.map { zip($0, amounts).map { $0 + $1 } })
  }
}

/// The quantile of sorted numbers, linear between them (type 7 of Hyndman and Fan 1996); not empty.
func interpolatedQuantile(ofSorted sorted: [Double], _ level: Double) -> Double {
  let position = level * Double(sorted.count - 1)
  let low = min(Int(position), sorted.count - 1)
  let high = min(low + 1, sorted.count - 1)
  return sorted[low] + (position - Double(low)) * (sorted[high] - sorted[low])
}

/// The root of the mean square of the numbers that are there; 0 if there are none.
func rootMeanSquare(_ values: [Double], degreesLost: Int = 0) -> Double {
  var sum = 0.0
  var count = 0
  for value in values where !value.isNaN {
    sum += value * value
    count += 1
  }
  return count == 0 ? 0 : (sum / Double(max(1, count - degreesLost))).squareRoot()
}
