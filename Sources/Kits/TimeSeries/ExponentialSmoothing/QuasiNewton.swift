/// Minimises a smooth function of a few unbounded numbers by the method of Broyden, Fletcher, Goldfarb and Shanno
/// (Nocedal and Wright, "Numerical Optimization", chapter 6); it can be paused and taken up again.
struct QuasiNewton {
  /// Where it stands.
  private(set) var point: [Double]
  /// The function there.
  private(set) var value: Double
  /// Whether further steps would gain next to nothing.
  private(set) var isDone = false
  /// The steps taken.
  private(set) var iterations = 0
  private var gradient: [Double]
  private var inverse: [Double]
  private var isFresh = true
  private var smallGains = 0
  /// A step that gains less than this, twice in a row, is the last.
  private let tolerance: Double

  /// Starts.
  ///
  /// - Parameters:
  ///   - evaluate: The function, and what `differentiate` needs of the same point; may be infinite.
  ///   - differentiate: Fills in the gradient at the point that was evaluated last.
  init(
    at start: [Double], tolerance: Double, evaluate: ([Double]) -> Double,
    differentiate: ([Double], inout [Double]) -> Void
  ) {
    point = start
    self.tolerance = tolerance
    value = evaluate(start)
    gradient = [Double](repeating: 0, count: start.count)
    inverse = [Double](repeating: 0, count: start.count * start.count)
    if value.isFinite { differentiate(start, &gradient) } else { isDone = true }
  }

  /// Takes up to so many steps.
  mutating func advance(
    _ steps: Int, evaluate: ([Double]) -> Double, differentiate: ([Double], inout [Double]) -> Void
  ) {
    let count = point.count
    var direction = [Double](repeating: 0, count: count)
    var trial = point
    var trialGradient = gradient
    var product = direction
    for _ in 0..<steps where !isDone {
      iterations += 1
      var slope = 0.0
      var length = 1.0
      if isFresh {
        // Without curvature yet: a step of about a quarter of a unit, the scale the parameters are laid out in.
        let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
        if !(norm > 1e-9) {
          isDone = true
          return
        }
        length = min(1, 0.25 / norm)
        for i in 0..<count { direction[i] = -gradient[i] }
        slope = -norm * norm
      } else {
        slope = descend(&direction)
        if !(slope < 0) {
          isFresh = true
          continue
        }
        // A step in one coordinate of more than four units leaves the region that the curvature speaks of.
        let longest = direction.reduce(0) { max($0, abs($1)) }
        if longest > 4 { length = 4 / longest }
      }
      var trialValue = Double.infinity
      var halvings = 0
      while true {
        for i in 0..<count { trial[i] = point[i] + length * direction[i] }
        trialValue = evaluate(trial)
        if trialValue <= value + 1e-4 * length * slope { break }
        halvings += 1
        if halvings > 12 { break }
        // The minimum of the parabola through what is known, kept between a tenth and a half.
        let share = trialValue.isFinite ? -slope * length / (2 * (trialValue - value - slope * length)) : 0.1
        length *= min(0.5, max(0.1, share))
      }
      if !(trialValue <= value) {
        if isFresh { isDone = true }
        isFresh = true
        continue
      }
      differentiate(trial, &trialGradient)
      update(trial, trialGradient, &product)
      let gain = value - trialValue
      swap(&point, &trial)
      swap(&gradient, &trialGradient)
      value = trialValue
      smallGains = gain < tolerance ? smallGains + 1 : 0
      if smallGains >= 2 { isDone = true }
    }
  }

  /// Sets the direction to minus the inverse times the gradient; the slope along it.
  private func descend(_ direction: inout [Double]) -> Double {
    let count = point.count
    return inverse.withUnsafeBufferPointer { inverse in
      gradient.withUnsafeBufferPointer { gradient in
        var slope = 0.0
        for i in 0..<count {
          var sum = 0.0
          for j in 0..<count { sum += inverse[i * count + j] * gradient[j] }
          direction[i] = -sum
          slope -= sum * gradient[i]
        }
        return slope
      }
    }
  }

  /// Updates the inverse Hessian by the step to `next`.
  private mutating func update(_ next: [Double], _ nextGradient: [Double], _ product: inout [Double]) {
    let count = point.count
    var curvature = 0.0
    var square = 0.0
    for i in 0..<count {
      let change = nextGradient[i] - gradient[i]
      curvature += (next[i] - point[i]) * change
      square += change * change
    }
    guard curvature > 1e-12 * square, square > 0 else { return }
    if isFresh {
      for i in 0..<count * count { inverse[i] = 0 }
      for i in 0..<count { inverse[i * count + i] = curvature / square }
      isFresh = false
    }
    var quadratic = 0.0
    let (from, oldGradient) = (point, gradient)
    inverse.withUnsafeMutableBufferPointer { inverse in
      product.withUnsafeMutableBufferPointer { product in
        for i in 0..<count {
          var sum = 0.0
          for j in 0..<count { sum += inverse[i * count + j] * (nextGradient[j] - oldGradient[j]) }
          product[i] = sum
          quadratic += sum * (nextGradient[i] - oldGradient[i])
        }
        let scale = (1 + quadratic / curvature) / curvature
        for i in 0..<count {
          let step = next[i] - from[i]
          for j in 0..<count {
            let other = next[j] - from[j]
            inverse[i * count + j] += scale * step * other - (product[i] * other + step * product[j]) / curvature
          }
        }
      }
    }
  }
}
