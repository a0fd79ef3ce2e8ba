import Basics
import Foundation

/// How the quantiles of exponential smoothing are found.
public enum ETSIntervals: Sendable, Hashable, Codable {
  /// By formula, with normal errors; forms without one are simulated with 1,000 paths.
  ///
  /// Additive errors without a multiplicative season have an exact variance, and so have multiplicative errors without
  /// season or with an additive one; for a multiplicative season it is close (Hyndman, Koehler, Ord and Snyder 2008,
  /// sections 6.3 and 6.4).
  case analytic
  /// By so many simulated paths with normal errors, drawn from the seed.
  case simulated(paths: Int)
}

/// The future of an exponential smoothing model from its last states.
struct ETSOutlook {
  let form: ETSForm
  let parameters: ETSParameters
  let state: ETSState
  /// The steps that the states have seen, which tells the phase.
  let steps: Int
  /// The variance of the errors, relative ones for multiplicative errors.
  let variance: Double

  private var length: Int { max(1, state.season.count) }

  /// The season's number so many steps ahead.
  private func season(_ ahead: Int) -> Double { state.season[(steps + ahead) % length] }

  /// The level with its slope, without the season, for each step.
  private func trend(_ horizon: Int) -> [Double] {
    var slope = state.slope
    var level = state.level
    return (0..<horizon).map { _ in
      slope *= form.trend == .damped ? parameters.phi : 1
      level += slope
      return level
    }
  }

  /// The forecast of each step: errors of zero from here on.
  func point(_ horizon: Int) -> [Double] {
    let trend = trend(horizon)
    switch form.season {
    case .none: return trend
    case .additive: return trend.indices.map { trend[$0] + season($0) }
    case .multiplicative: return trend.indices.map { trend[$0] * season($0) }
    }
  }

  /// What an error does to the steps 1, 2, ... after it, the season aside or in it.
  private func weights(_ horizon: Int, withSeason: Bool) -> [Double] {
    var slope = parameters.beta
    var sum = parameters.alpha
    return (1...max(1, horizon)).map { ahead in
      if form.trend != .none {
        slope *= form.trend == .damped ? parameters.phi : 1
        sum += slope
      }
      return sum + (withSeason && form.season == .additive && ahead % length == 0 ? parameters.gamma : 0)
    }
  }

  /// The standard deviation of each step; nil for forms without a formula.
  func deviations(_ horizon: Int) -> [Double]? {
    guard form.isStable else { return nil }
    let weights = weights(horizon, withSeason: true)
    if form.error == .additive {
      var sum = 1.0
      return (0..<horizon).map { step in
        if step > 0 { sum += weights[step - 1] * weights[step - 1] }
        return (variance * sum).squareRoot()
      }
    }
    let mean = form.season == .multiplicative ? trend(horizon) : point(horizon)
    var squares = [Double](repeating: 0, count: horizon)
    return (0..<horizon).map { step in
      var sum = mean[step] * mean[step]
      for back in 0..<step { sum += variance * weights[back] * weights[back] * squares[step - 1 - back] }
      squares[step] = sum
      if form.season != .multiplicative {
        return max(0, (1 + variance) * sum - mean[step] * mean[step]).squareRoot()
      }
      let growth = pow(1 + parameters.gamma * parameters.gamma * variance, Double(step / length))
      return abs(season(step)) * max(0, (1 + variance) * growth * sum - mean[step] * mean[step]).squareRoot()
    }
  }

  /// Simulated futures, `path * horizon + step`.
  func paths(_ count: Int, horizon: Int, key: RandomKey) -> [Double] {
    var stream = key.stream()
    var result = [Double](repeating: 0, count: count * horizon)
    let deviation = variance.squareRoot()
    let phi = form.trend == .damped ? parameters.phi : 1
    var ring = state.season
    for path in 0..<count {
      var (level, slope) = (state.level, state.slope)
      ring = state.season
      for step in 0..<horizon {
        let expectedLevel = level + phi * slope
        let phase = (steps + step) % length
        let factor = ring.isEmpty ? 0 : ring[phase]
        let expected: Double
        switch form.season {
        case .none: expected = expectedLevel
        case .additive: expected = expectedLevel + factor
        case .multiplicative: expected = expectedLevel * factor
        }
        // A relative error below -1 would turn the sign.
        let draw = deviation * stream.normal()
        let error = form.error == .multiplicative ? expected * max(draw, -0.999) : draw
        result[path * horizon + step] = expected + error
        let levelled = form.season == .multiplicative && factor != 0 ? error / factor : error
        level = expectedLevel + parameters.alpha * levelled
        slope = phi * slope + parameters.beta * levelled
        if form.season == .additive { ring[phase] = factor + parameters.gamma * error }
        if form.season == .multiplicative, expectedLevel != 0 {
          ring[phase] = factor + parameters.gamma * error / expectedLevel
        }
      }
    }
    return result
  }
}
