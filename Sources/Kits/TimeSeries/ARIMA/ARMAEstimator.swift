#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// What maximum likelihood found.
struct ARMAEstimate {
  /// The free numbers behind the coefficients; see `PartialAutocorrelations`.
  var free: [Double]
  /// phi, theta, Phi, Theta.
  var coefficients: [Double]
  /// The coefficients of the regressors.
  var slopes: [Double]
  /// The sum of squares of the standardised innovations.
  var sumOfSquares: Double
  /// The sum of the logarithms of their variances.
  var logDeterminant: Double
  /// The steps that count.
  var observed: Int

  var logLikelihood: Double {
    let n = Double(observed)
    return -0.5 * (n * (log(2 * Double.pi * max(sumOfSquares / n, .leastNormalMagnitude)) + 1) + logDeterminant)
  }

  /// Coefficients, slopes and the variance.
  var parameterCount: Int { coefficients.count + slopes.count + 1 }

  /// Akaike's criterion with the correction for short series; infinite where there are too few steps for it.
  var aicc: Double {
    let (n, k) = (Double(observed), Double(parameterCount))
    return n - k - 1 <= 0 ? .infinity : -2 * logLikelihood + 2 * k * n / (n - k - 1)
  }
}

/// Maximum likelihood of ARMA coefficients, with regressors removed by generalised least squares in every step.
///
/// Up to a constant the likelihood is a sum of squares of the innovations, standardised and multiplied by the geometric
/// mean of their standard deviations (Ansley 1979), so the method is that of Levenberg and Marquardt. The Jacobian is
/// by forward differences over free numbers, which keep the process stationary and invertible.
struct ARMAEstimator {
  let filter: any InnovationFilter
  private let count: Int
  private let regression: ColumnRegression
  private static let largestOrder = 24

  init(_ filter: any InnovationFilter) {
    self.filter = filter
    count = filter.count
    regression = ColumnRegression(count: filter.count, columns: filter.columns - 1)
  }

  /// The coefficients of free numbers.
  static func coefficients(_ order: ARIMAOrder, free: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: order.coefficientCount)
    free.withUnsafeBufferPointer { free in
      result.withUnsafeMutableBufferPointer { result in
        guard let from = free.baseAddress, let into = result.baseAddress else { return }
        write(order, free: from, into: into)
      }
    }
    return result
  }

  /// The free numbers of coefficients.
  static func free(_ order: ARIMAOrder, coefficients: [Double]) -> [Double] {
    var parts: [Double] = []
    var start = 0
    for (length, sign) in [(order.p, 1.0), (order.q, -1), (order.seasonalP, 1), (order.seasonalQ, -1)] {
      parts += PartialAutocorrelations.free(of: Array(coefficients[start..<start + length]), sign: sign)
      start += length
    }
    return parts
  }

  private static func write(
    _ order: ARIMAOrder, free: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>
  ) {
    // Without a list of the four parts: this runs once per likelihood and must not allocate.
    func part(_ start: Int, _ count: Int, sign: Double) {
      PartialAutocorrelations.coefficients(of: free + start, count: count, sign: sign, into: result + start)
    }
    part(0, order.p, sign: 1)
    part(order.p, order.q, sign: -1)
    part(order.p + order.q, order.seasonalP, sign: 1)
    part(order.p + order.q + order.seasonalP, order.seasonalQ, sign: -1)
  }

  /// The likelihood at given coefficients, with the best slopes for them.
  func evaluate(_ order: ARIMAOrder, coefficients: [Double]) -> ARMAEstimate? {
    var residuals = [Double](repeating: 0, count: count)
    let padded = coefficients + [0]
    guard let logDeterminant = padded.withUnsafeBufferPointer({ filter.run(order, $0.baseAddress!, isExact: true) })
    else { return nil }
    let sum = residuals.withUnsafeMutableBufferPointer {
      regression.residuals(filter.innovations, into: $0.baseAddress!)
    }
    return ARMAEstimate(
      free: [], coefficients: coefficients, slopes: regression.currentSlopes, sumOfSquares: sum,
      logDeterminant: logDeterminant, observed: filter.observed)
  }

  /// The coefficients of the largest likelihood from a start.
  ///
  /// - Parameters:
  ///   - start: Free numbers, one per coefficient.
  ///   - isExact: Whether the likelihood is exact, or the conditional sum of squares.
  ///   - tolerance: The relative fall of the sum of squares below which it ends.
  ///   - iterations: The largest number of steps.
  ///   - updatesJacobian: Whether Jacobians after the first are updates of it (Broyden 1965), which needs far fewer runs
  ///     of the filter.
  ///   - isRough: Whether an updated Jacobian is good enough to end with.
  func fit(
    _ order: ARIMAOrder, start: [Double], isExact: Bool, tolerance: Double, iterations: Int,
    updatesJacobian: Bool = true,
    isRough: Bool = false
  ) -> ARMAEstimate? {
    let parameters = order.coefficientCount
    precondition(start.count == parameters && parameters <= ARMAEstimator.largestOrder)
    // base residuals, trial residuals, one column of the Jacobian per parameter; free numbers and coefficients.
    let work = UnsafeMutablePointer<Double>.allocate(capacity: (parameters + 2) * (count + 1) + 8 * (parameters + 1))
    defer { work.deallocate() }
    var (base, trial) = (work, work + count + 1)
    let jacobian = trial + count + 1
    let free = jacobian + parameters * (count + 1)
    let candidate = free + parameters + 1
    let coefficients = candidate + parameters + 1
    for k in 0..<parameters { free[k] = start[k] }
    var move = [Double](repeating: 0, count: parameters)

    func objective(_ at: UnsafeMutablePointer<Double>, _ into: UnsafeMutablePointer<Double>) -> (Double, Double)? {
      ARMAEstimator.write(order, free: at, into: coefficients)
      guard let logDeterminant = filter.run(order, coefficients, isExact: isExact) else { return nil }
      let sum = regression.residuals(filter.innovations, into: into)
      let scale = exp(logDeterminant / Double(max(filter.observed, 1)) / 2)
      if scale != 1 { for t in 0..<count { into[t] *= scale } }
      let value = sum * scale * scale
      return value.isFinite ? (value, logDeterminant) : nil
    }

    func differentiate() {
      for k in 0..<parameters {
        let kept = free[k]
        let width = 1e-5 * max(1, abs(kept))
        free[k] = kept + width
        let column = jacobian + k * (count + 1)
        if objective(free, column) == nil { column.update(from: base, count: count) }
        free[k] = kept
        for t in 0..<count { column[t] = (column[t] - base[t]) / width }
      }
    }

    /// Broyden's update of the Jacobian by what the last move changed; `trial` holds the residuals before it.
    func update() {
      var square = 0.0
      for k in 0..<parameters { square += move[k] * move[k] }
      guard square > 0 else { return }
      for t in 0..<count {
        var rest = base[t] - trial[t]
        for k in 0..<parameters { rest -= jacobian[k * (count + 1) + t] * move[k] }
        rest /= square
        for k in 0..<parameters { jacobian[k * (count + 1) + t] += rest * move[k] }
      }
    }

    guard var (value, logDeterminant) = objective(free, base) else { return nil }
    var slopes = regression.currentSlopes
    var damping = 1e-3
    var normal = [Double](repeating: 0, count: parameters * parameters)
    var gradient = [Double](repeating: 0, count: parameters)
    var system = normal
    var step = 0
    var isFresh = false
    while parameters > 0 && value > 0 && step < iterations {
      step += 1
      if !isFresh && (step == 1 || !updatesJacobian) {
        differentiate()
        isFresh = true
      }
      for a in 0..<parameters {
        let left = jacobian + a * (count + 1)
        for b in 0...a {
          let product = ColumnRegression.dot(left, jacobian + b * (count + 1), count)
          normal[a * parameters + b] = product
          normal[b * parameters + a] = product
        }
        gradient[a] = -ColumnRegression.dot(left, base, count)
      }
      let before = value
      var isAccepted = false
      for _ in 0..<(isFresh ? 6 : 2) {
        system = normal
        for a in 0..<parameters { system[a * parameters + a] += damping * normal[a * parameters + a] + 1e-10 * before }
        move = gradient
        guard SymmetricSystem.solve(&system, size: parameters, &move) else {
          damping = max(damping * 10, 1e-6)
          continue
        }
        // A free number far from zero is a root at the unit circle: steps beyond 2 gain nothing and can overshoot.
        for k in 0..<parameters { candidate[k] = min(50, max(-50, free[k] + min(2, max(-2, move[k])))) }
        if let (next, nextDeterminant) = objective(candidate, trial), next < value {
          (value, logDeterminant) = (next, nextDeterminant)
          slopes = regression.currentSlopes
          for k in 0..<parameters {
            move[k] = candidate[k] - free[k]
            free[k] = candidate[k]
          }
          swap(&base, &trial)
          damping = max(damping / 10, 1e-9)
          isAccepted = true
          break
        }
        damping *= 10
      }
      let isDone = !isAccepted || before - value < tolerance * before
      if isDone && (isFresh || isRough) { break }
      if isDone {
        // The updated Jacobian may have lost its way: a new one says whether this is the end.
        differentiate()
        isFresh = true
        damping = 1e-3
      } else {
        isFresh = false
        if updatesJacobian { update() }
      }
    }
    ARMAEstimator.write(order, free: free, into: coefficients)
    return ARMAEstimate(
      free: (0..<parameters).map { free[$0] }, coefficients: (0..<parameters).map { coefficients[$0] },
      slopes: slopes, sumOfSquares: value / exp(logDeterminant / Double(max(filter.observed, 1))),
      logDeterminant: logDeterminant, observed: filter.observed)
  }
}
