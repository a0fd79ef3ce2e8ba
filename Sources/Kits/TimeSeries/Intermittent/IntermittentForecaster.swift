import Basics
import Foundation

/// Demand that is zero in most steps: size and frequency are smoothed apart.
///
/// Croston (1972) smooths the sizes of demands and the intervals between them; Syntetos and Boylan (2005) remove the
/// bias of their ratio by the factor 1 - alpha / 2; Teunter, Syntetos and Babai (2011) smooth the probability of a demand
/// in every step, so that the forecast fades where demand has ended. Smoothing parameters that are not given are those
/// with the least squared error of one-step forecasts, from a grid.
///
/// The quantiles are those of a demand that comes with the smoothed probability, and then has one of the sizes that were
/// seen, scaled to the smoothed size.
public struct IntermittentForecaster: Forecaster, Hashable {
  /// Which of the methods.
  public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
    /// Croston's ratio of size and interval.
    case croston
    /// Croston's with the bias removed, by Syntetos and Boylan.
    case syntetosBoylan
    /// Probability and size, by Teunter, Syntetos and Babai.
    case teunterSyntetosBabai
  }

  /// Which of the methods.
  public var method: Method
  /// The smoothing parameter of sizes, 0 to 1; nil chooses from 0.05 to 0.5.
  public var sizeSmoothing: Double?
  /// The smoothing parameter of intervals or probabilities, 0 to 1; nil chooses from 0.02 to 0.5.
  public var frequencySmoothing: Double?

  /// Creates the forecaster.
  public init(
    _ method: Method = .syntetosBoylan, sizeSmoothing: Double? = nil, frequencySmoothing: Double? = nil
  ) {
    self.method = method
    self.sizeSmoothing = sizeSmoothing
    self.frequencySmoothing = frequencySmoothing
  }

  /// "Croston", "SBA" or "TSB".
  public var name: String {
    switch method {
    case .croston: "Croston"
    case .syntetosBoylan: "SBA"
    case .teunterSyntetosBabai: "TSB"
    }
  }

  /// Learns size and frequency; a series without demand is forecast as zero.
  ///
  /// - Throws: `configuration` for smoothing parameters out of 0 to 1; `data`.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try request.check()
    try series.check()
    for parameter in [sizeSmoothing, frequencySmoothing].compactMap({ $0 }) where !(0...1).contains(parameter) {
      throw AssayError(.configuration, "\(name): the smoothing parameter \(parameter) is not in 0 to 1")
    }
    let sizes = sizeSmoothing.map { [$0] } ?? [0.05, 0.1, 0.15, 0.2, 0.3, 0.5]
    let frequencies = frequencySmoothing.map { [$0] } ?? [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5]
    var best: (state: Smoothed, squares: Double, size: Double, frequency: Double)?
    for size in sizes {
      for frequency in frequencies {
        let state = smoothed(series.values, size, frequency)
        let squares = state.errors.reduce(0) { $1.isNaN ? $0 : $0 + $1 * $1 }
        if best == nil || squares < best!.squares { best = (state, squares, size, frequency) }
      }
    }
    guard let best else { throw AssayError(.data, "it has no steps", at: "series \(series.name)") }
    let demands = series.values.filter { !$0.isNaN && $0 != 0 }.sorted()
    let mean = demands.reduce(0, +) / Double(max(1, demands.count))
    let scaled = demands.map { mean == 0 ? $0 : $0 / mean * best.state.size }.sorted()
    let probability = min(1, max(0, best.state.frequency))
    let quantiles = request.levels.map { level -> [Double] in
      let inside = scaled.isEmpty ? 0 : mixtureQuantile(scaled, probability, level)
      return [Double](repeating: inside, count: request.horizon)
    }
    return FittedSeries(
      forecast: Forecast(
        point: [Double](repeating: best.state.forecast, count: request.horizon), levels: request.levels,
        quantiles: quantiles),
      residuals: best.state.errors,
      summary: name
        + String(
          format: ", size %.4g (alpha %.2f), every %.4g steps (beta %.2f)", best.state.size, best.size,
          probability > 0 ? 1 / probability : .infinity, best.frequency))
  }

  /// The smallest number below which the mixture of zero and the sorted sizes lies with the level.
  private func mixtureQuantile(_ sizes: [Double], _ probability: Double, _ level: Double) -> Double {
    let below = Double(sizes.count { $0 < 0 }) / Double(sizes.count) * probability
    if level < below { return min(0, interpolatedQuantile(ofSorted: sizes, level / probability)) }
    if level <= below + 1 - probability { return 0 }
    return max(0, interpolatedQuantile(ofSorted: sizes, (level - (1 - probability)) / probability))
  }

  private struct Smoothed {
    var size = 0.0
    var frequency = 0.0
    var forecast = 0.0
    var errors: [Double] = []
  }

  private func smoothed(_ values: [Double], _ alpha: Double, _ beta: Double) -> Smoothed {
    var result = Smoothed()
    result.errors.reserveCapacity(values.count)
    let numbers = values.lazy.filter { !$0.isNaN }
    let count = numbers.count
    let demands = numbers.count { $0 != 0 }
    guard demands > 0, let first = numbers.first(where: { $0 != 0 }) else {
      result.errors = values
      return result
    }
    let usual = Double(count) / Double(demands)
    var (size, interval, probability) = (first, usual, 1 / usual)
    var waited = 0.0
    let correction = method == .syntetosBoylan ? 1 - beta / 2 : 1
    func forecast() -> Double {
      method == .teunterSyntetosBabai ? probability * size : correction * size / interval
    }
    for value in values {
      result.errors.append(value - forecast())
      if value.isNaN { continue }
      waited += 1
      let came = value != 0
      probability += beta * ((came ? 1 : 0) - probability)
      if came {
        size += alpha * (value - size)
        interval += beta * (waited - interval)
        waited = 0
      }
    }
    result.size = size
    result.frequency = method == .teunterSyntetosBabai ? probability : correction / interval
    result.forecast = forecast()
    return result
  }
}
