import Basics
import Foundation

/// What is estimated of a theta model.
struct ThetaFit: Sendable {
  /// The smoothing parameter of the level.
  var alpha: Double
  /// The first level.
  var level: Double
  /// The weight of the straight line, 1 - 1 / theta.
  var weight: Double
}

/// A series as theta models see it: one-step forecasts are a smoothed level plus a share of the straight line
/// (Fiorucci et al. 2016, equations 8 to 14).
///
/// For a given alpha the forecasts are linear in the first level and in the weight, which are therefore found by least
/// squares; alpha is searched on a grid and then by golden sections.
struct ThetaLines {
  let values: [Double]
  let isDynamic: Bool
  /// Intercept and slope of the straight line before each step and, last, after all of them.
  private let intercepts, slopes: [Double]

  init(_ values: [Double], isDynamic: Bool) {
    self.values = values
    self.isDynamic = isDynamic
    let count = values.count
    var intercepts = [Double](repeating: 0, count: count + 1)
    var slopes = intercepts
    if isDynamic {
      var mean = 0.0
      var slope = 0.0
      for step in 1...count {
        let t = Double(step)
        let value = values[step - 1]
        if step == 1 {
          mean = value
        } else {
          slope = ((t - 2) * slope + 6 / t * (value - mean)) / (t + 1)
          mean += (value - mean) / t
        }
        slopes[step] = slope
        intercepts[step] = mean - (t + 1) / 2 * slope
      }
      // Nothing is known before the first value: the line through it is flat.
      slopes[0] = 0
      intercepts[0] = values[0]
    } else {
      var (mean, covariance, variance) = (0.0, 0.0, 0.0)
      let middle = Double(count + 1) / 2
      for step in 1...count {
        let distance = Double(step) - middle
        mean += values[step - 1]
        covariance += distance * values[step - 1]
        variance += distance * distance
      }
      mean /= Double(count)
      let slope = variance > 0 ? covariance / variance : 0
      for step in 0...count {
        slopes[step] = slope
        intercepts[step] = mean - middle * slope
      }
    }
    self.intercepts = intercepts
    self.slopes = slopes
  }

  /// The sums of least squares for one alpha, solved.
  ///
  /// The forecast of step t is z + level (1 - alpha)^(t - 1) + weight c, with z the smoothed past and
  /// c = (1 - alpha)^(t - 1) A + (1 - (1 - alpha)^t) / alpha B.
  private func solve(_ alpha: Double, weight fixed: Double?) -> (fit: ThetaFit, squares: Double) {
    var (ll, lw, ww, le, we, ee) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    var smoothed = 0.0
    var power = 1.0
    let kept = 1 - alpha
    let overAlpha = 1 / alpha
    values.withUnsafeBufferPointer { values in
      intercepts.withUnsafeBufferPointer { intercepts in
        slopes.withUnsafeBufferPointer { slopes in
          for step in values.indices {
            let share = power * intercepts[step] + (1 - power * kept) * overAlpha * slopes[step]
            let rest = values[step] - smoothed
            ll += power * power
            lw += power * share
            ww += share * share
            le += power * rest
            we += share * rest
            ee += rest * rest
            smoothed = kept * smoothed + alpha * values[step]
            power *= kept
          }
        }
      }
    }
    func squares(_ level: Double, _ weight: Double) -> Double {
      ee - 2 * level * le - 2 * weight * we + level * level * ll + 2 * level * weight * lw + weight * weight * ww
    }
    func level(_ weight: Double) -> Double { (le - weight * lw) / ll }
    var weight = fixed ?? 0
    if fixed == nil {
      let determinant = ll * ww - lw * lw
      weight = determinant > 1e-12 * ll * ww ? (ll * we - lw * le) / determinant : 0
      weight = min(1, max(0, weight))
    }
    let first = level(weight)
    return (ThetaFit(alpha: alpha, level: first, weight: weight), squares(first, weight))
  }

  /// The least squares estimate.
  ///
  /// - Parameter weight: The weight of the straight line if it is given; 0.5 is theta 2.
  func fit(weight: Double?) -> ThetaFit {
    let least = 0.01
    let greatest = 0.99
    let grid = 16
    var best = 0
    var bestSquares = Double.infinity
    func alpha(_ index: Int) -> Double { least + (greatest - least) * Double(index) / Double(grid) }
    for index in 0...grid {
      let squares = solve(alpha(index), weight: weight).squares
      if squares < bestSquares { (best, bestSquares) = (index, squares) }
    }
    var low = alpha(max(0, best - 1))
    var high = alpha(min(grid, best + 1))
    let ratio = (5.0.squareRoot() - 1) / 2
    var (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
    var (atA, atB) = (solve(a, weight: weight).squares, solve(b, weight: weight).squares)
    while high - low > 1e-5 {
      if atA < atB {
        (high, b, atB) = (b, a, atA)
        a = high - ratio * (high - low)
        atA = solve(a, weight: weight).squares
      } else {
        (low, a, atA) = (a, b, atB)
        b = low + ratio * (high - low)
        atB = solve(b, weight: weight).squares
      }
    }
    let inside = solve((low + high) / 2, weight: weight)
    let outside = solve(alpha(best), weight: weight)
    return inside.squares <= outside.squares ? inside.fit : outside.fit
  }

  /// The errors of one-step forecasts.
  func errors(_ fit: ThetaFit) -> [Double] {
    var level = fit.level
    var power = 1.0
    return values.indices.map { step in
      let line = power * intercepts[step] + (1 - power * (1 - fit.alpha)) / fit.alpha * slopes[step]
      let error = values[step] - level - fit.weight * line
      level += fit.alpha * (values[step] - level)
      power *= 1 - fit.alpha
      return error
    }
  }

  private func lastLevel(_ fit: ThetaFit) -> Double {
    values.reduce(fit.level) { $0 + fit.alpha * ($1 - $0) }
  }

  /// The forecasts of the steps to come.
  func point(_ fit: ThetaFit, horizon: Int) -> [Double] {
    if isDynamic { return ahead(fit, horizon: horizon) { _ in 0 } }
    let level = lastLevel(fit)
    let power = pow(1 - fit.alpha, Double(values.count))
    let (intercept, slope) = (intercepts[values.count], slopes[values.count])
    return (0..<horizon).map { step in
      level + fit.weight
        * (power * intercept + (Double(step) + (1 - power * (1 - fit.alpha)) / fit.alpha) * slope)
    }
  }

  /// One future: the level and the lines go on with what is expected plus an error.
  private func ahead(_ fit: ThetaFit, horizon: Int, _ error: (Int) -> Double) -> [Double] {
    future(fit, from: lastLevel(fit), pow(1 - fit.alpha, Double(values.count)), meanOfAll, horizon, error)
  }

  private var meanOfAll: Double { values.reduce(0, +) / Double(values.count) }

  private func future(
    _ fit: ThetaFit, from lastLevel: Double, _ lastPower: Double, _ lastMean: Double, _ horizon: Int,
    _ error: (Int) -> Double
  ) -> [Double] {
    var (level, power, mean) = (lastLevel, lastPower, lastMean)
    var (intercept, slope) = (intercepts[values.count], slopes[values.count])
    return (0..<horizon).map { step in
      let line = power * intercept + (1 - power * (1 - fit.alpha)) / fit.alpha * slope
      let value = level + fit.weight * line + error(step)
      level += fit.alpha * (value - level)
      power *= 1 - fit.alpha
      let t = Double(values.count + step + 1)
      slope = ((t - 2) * slope + 6 / t * (value - mean)) / (t + 1)
      mean += (value - mean) / t
      intercept = mean - (t + 1) / 2 * slope
      return value
    }
  }

  /// Simulated futures with normal errors, `path * horizon + step`.
  func paths(_ fit: ThetaFit, deviation: Double, horizon: Int, count: Int, key: RandomKey) -> [Double] {
    var stream = key.stream()
    let level = lastLevel(fit)
    let power = pow(1 - fit.alpha, Double(values.count))
    let mean = meanOfAll
    var result: [Double] = []
    result.reserveCapacity(count * horizon)
    for _ in 0..<count {
      result += future(fit, from: level, power, mean, horizon) { _ in deviation * stream.normal() }
    }
    return result
  }
}
