import Foundation

/// The regression of a series, or of its changes over some steps, on earlier ones.
struct LagRegression {
  let lags: [Int]
  let coefficients: [Double]
  /// One-step errors of the series, not-a-number where there are none.
  let errors: [Double]
  private let centred: [Double]
  private let mean: Double
  private let values: [Double]
  private let difference: Int
  private let bounds: ClosedRange<Double>

  /// Fits; nil for a series that is too short for any lag or whose equations cannot be solved.
  ///
  /// - Parameters:
  ///   - values: The series with its gaps filled.
  ///   - isMissing: Whether a step was a gap; such a step is not learned from as a target.
  ///   - difference: The steps back to what a value is compared with; 0 for the values themselves.
  ///   - isRobust: Whether targets far off weigh less, by Huber's weights in five rounds.
  init?(
    _ values: [Double], isMissing: [Bool], lags wanted: [Int], difference: Int, ridge: Double, isRobust: Bool
  ) {
    let work = difference > 0 ? zip(values.dropFirst(difference), values).map { $0 - $1 } : values
    let count = work.count
    // Changes have no mean of their own: a drift that goes on for ever is not what a ridge would choose.
    var mean = 0.0
    if difference == 0 { mean = isRobust ? median(work) : work.reduce(0, +) / Double(count) }
    let centred = work.map { $0 - mean }
    var lags = wanted.filter { 2 * $0 < count }
    while let longest = lags.last, count - longest < 3 * lags.count { lags.removeLast() }
    guard let longest = lags.last else { return nil }
    let rows = count - longest
    let variance = centred.reduce(0) { $0 + $1 * $1 } / Double(count)
    guard variance > 0 else { return nil }
    var weights = (0..<rows).map { isMissing[longest + $0 + difference] ? 0.0 : 1.0 }
    let present = weights
    var coefficients = [Double](repeating: 0, count: lags.count)
    var misses = [Double](repeating: 0, count: rows)
    for round in 0..<(isRobust ? 5 : 1) {
      if round > 0 {
        // Huber's weights: 1 up to one and a half robust standard deviations, then falling with the distance.
        let sizes = misses.indices.filter { present[$0] > 0 }.map { abs(misses[$0]) }
        let bound = 1.5 * 1.4826 * median(sizes)
        guard bound > 0 else { break }
        for row in 0..<rows { weights[row] = present[row] * min(1, bound / max(abs(misses[row]), 1e-300)) }
      }
      guard let solved = weightedSolution(centred, weights, lags, penalty: (ridge + 1e-9) * variance * Double(rows))
      else { return nil }
      coefficients = solved
      for row in 0..<rows {
        var expected = 0.0
        for i in lags.indices { expected += solved[i] * centred[longest + row - lags[i]] }
        misses[row] = centred[longest + row] - expected
      }
    }
    var errors = [Double](repeating: .nan, count: values.count)
    for row in 0..<rows where present[row] > 0 { errors[longest + row + difference] = misses[row] }
    self.lags = lags
    self.coefficients = coefficients
    self.errors = errors
    self.centred = centred
    self.mean = mean
    self.difference = difference
    self.values = values
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    // A regression that explodes is held within what the series has seen, and as much again for one that wanders.
    let room = (difference == 1 ? 1 : 0.2) * (high - low)
    bounds = low - room...high + room
  }

  /// The forecasts of the next steps.
  func ahead(_ horizon: Int) -> [Double] {
    var path = Array(centred.suffix(lags[lags.count - 1]))
    let start = path.count
    var reached = values
    for step in 0..<horizon {
      var next = 0.0
      for (lag, coefficient) in zip(lags, coefficients) { next += coefficient * path[start + step - lag] }
      let base = difference > 0 ? reached[reached.count - difference] : mean
      let held = min(max(base + next, bounds.lowerBound), bounds.upperBound)
      path.append(held - base)
      reached.append(held)
    }
    return Array(reached.suffix(horizon))
  }

  /// The standard deviation of each step: what one error does to the steps after it, summed in squares.
  func deviations(_ horizon: Int) -> [Double] {
    let deviation = rootMeanSquare(errors, degreesLost: lags.count)
    var response = [Double](repeating: 0, count: horizon)
    var effects = response
    var sum = 0.0
    return (0..<horizon).map { step in
      var next = step == 0 ? 1.0 : 0
      for (lag, coefficient) in zip(lags, coefficients) where lag <= step { next += coefficient * response[step - lag] }
      response[step] = next
      effects[step] = next + (difference > 0 && step >= difference ? effects[step - difference] : 0)
      // An exploding response is held like the forecasts are.
      sum += min(effects[step] * effects[step], 100)
      return deviation * sum.squareRoot()
    }
  }
}

/// The median of numbers; 0 of none.
private func median(_ values: [Double]) -> Double {
  values.isEmpty ? 0 : interpolatedQuantile(ofSorted: values.sorted(), 0.5)
}

/// The coefficients of the ridge regression of a series on its lags; row r has the target of step `longest lag + r`.
private func weightedSolution(
  _ series: [Double], _ weights: [Double], _ lags: [Int], penalty: Double
) -> [Double]? {
  let size = lags.count
  let longest = lags[size - 1]
  let rows = weights.count
  var matrix = [Double](repeating: 0, count: size * size)
  var right = [Double](repeating: 0, count: size)
  var weighted = [Double](repeating: 0, count: rows)
  series.withUnsafeBufferPointer { series in
    for i in 0..<size {
      for row in 0..<rows { weighted[row] = weights[row] * series[longest + row - lags[i]] }
      weighted.withUnsafeBufferPointer { weighted in
        for j in 0...i { matrix[i * size + j] = dot(weighted, series, from: longest - lags[j]) }
        right[i] = dot(weighted, series, from: longest)
      }
      matrix[i * size + i] += penalty
    }
  }
  return solvedByCholesky(&matrix, right, size)
}

/// The product of numbers and as many of others from a place on, in eight sums.
private func dot(
  _ first: UnsafeBufferPointer<Double>, _ second: UnsafeBufferPointer<Double>, from start: Int
) -> Double {
  guard let left = first.baseAddress, let right = second.baseAddress else { return 0 }
  var sums = SIMD8<Double>()
  let whole = first.count & ~7
  for step in stride(from: 0, to: whole, by: 8) {
    let x = UnsafeRawPointer(left + step).loadUnaligned(as: SIMD8<Double>.self)
    let y = UnsafeRawPointer(right + start + step).loadUnaligned(as: SIMD8<Double>.self)
    sums += x * y
  }
  var sum = sums.sum()
  for step in whole..<first.count { sum += left[step] * right[start + step] }
  return sum
}

/// The solution of symmetric positive definite equations by Cholesky's decomposition; nil if they are not. Only the lower
/// triangle is read, and overwritten.
private func solvedByCholesky(_ matrix: inout [Double], _ right: [Double], _ size: Int) -> [Double]? {
  for i in 0..<size {
    for j in 0...i {
      var sum = matrix[i * size + j]
      for k in 0..<j { sum -= matrix[i * size + k] * matrix[j * size + k] }
      if i == j {
        guard sum > 0, sum.isFinite else { return nil }
        matrix[i * size + i] = sum.squareRoot()
      } else {
        matrix[i * size + j] = sum / matrix[j * size + j]
      }
    }
  }
  var solution = right
  for i in 0..<size {
    for k in 0..<i { solution[i] -= matrix[i * size + k] * solution[k] }
    solution[i] /= matrix[i * size + i]
  }
  for i in stride(from: size - 1, through: 0, by: -1) {
    for k in i + 1..<max(i + 1, size) { solution[i] -= matrix[k * size + i] * solution[k] }
    solution[i] /= matrix[i * size + i]
  }
  return solution
}
