/// Second moments of a stationary ARMA process with unit shocks.
///
/// The process is a moving average of an autoregression u, phi(B) u = e. Autocovariances of u follow from its partial
/// autocorrelations by Levinson's recursion, in size^2 operations instead of the size^3 of a linear system.
struct ARMACovariance {
  let capacity: Int
  /// The lower-order coefficients of Levinson's recursion, row k with k numbers.
  private let triangle: UnsafeMutablePointer<Double>
  /// Autocovariances of u, lags 0 ... 2 capacity.
  private let inner: UnsafeMutablePointer<Double>
  /// Autocovariances of the process, lags 0 ... capacity.
  let gamma: UnsafeMutablePointer<Double>
  /// The weights of past shocks in the process, lags 0 ... capacity.
  let psi: UnsafeMutablePointer<Double>

  init(capacity: Int) {
    self.capacity = capacity
    triangle = .allocate(capacity: (capacity + 1) * (capacity + 2) / 2)
    inner = .allocate(capacity: 2 * capacity + 3)
    gamma = .allocate(capacity: capacity + 2)
    psi = .allocate(capacity: capacity + 2)
  }

  func deallocate() {
    triangle.deallocate()
    inner.deallocate()
    gamma.deallocate()
    psi.deallocate()
  }

  /// Writes `column`, the covariances of the state with the process: the first column of the state's covariance.
  ///
  /// The state is x[i] = sum over k of phi[i+1+k] w(t-1-k) + theta[i+k] e(t-k), so x[0] is the process itself.
  ///
  /// - Returns: False where rounding makes the autoregression appear non-stationary.
  func stateColumn(
    _ polynomials: ARMAPolynomials, order: ARIMAOrder, into column: UnsafeMutablePointer<Double>
  ) -> Bool {
    let (size, ar, ma) = (order.stateSize, order.longestAR, order.longestMA)
    let (phi, theta) = (polynomials.phi, polynomials.theta)
    guard autoregression(polynomials, order: ar, lags: size + ma + 1) else { return false }
    // gamma(k) = sum over i, j of theta[i] theta[j] inner(k + i - j)
    for lag in 0..<size + 1 {
      var sum = inner[lag]
      for a in 0..<polynomials.maCount {
        let i = polynomials.maLags[a]
        sum += theta[i] * (inner[lag + i] + inner[abs(lag - i)])
        for b in 0..<polynomials.maCount {
          let j = polynomials.maLags[b]
          sum += theta[i] * theta[j] * inner[abs(lag + i - j)]
        }
      }
      gamma[lag] = sum
    }
    for lag in 0..<ma + 1 {
      var sum = theta[lag]
      for a in 0..<polynomials.arCount {
        let i = polynomials.arLags[a]
        if i > lag { break }
        sum += phi[i - 1] * psi[lag - i]
      }
      psi[lag] = sum
    }
    column.update(repeating: 0, count: size)
    for a in 0..<polynomials.arCount {
      let lag = polynomials.arLags[a]
      let weight = phi[lag - 1]
      for i in 0..<lag { column[i] += weight * gamma[lag - i] }
    }
    column[0] += 1
    for b in 0..<polynomials.maCount {
      let lag = polynomials.maLags[b]
      let weight = theta[lag]
      for i in 0..<lag + 1 { column[i] += weight * psi[lag - i] }
    }
    return column[0] > 0 && column[0].isFinite
  }

  /// Autocovariances of the autoregression for lags 0 ..< lags.
  private func autoregression(_ polynomials: ARMAPolynomials, order: Int, lags: Int) -> Bool {
    let phi = polynomials.phi
    func row(_ k: Int) -> UnsafeMutablePointer<Double> { triangle + k * (k - 1) / 2 }
    if order > 0 {
      let last = row(order)
      for j in 0..<order { last[j] = phi[j] }
      var k = order
      while k > 1 {
        let (upper, lower) = (row(k), row(k - 1))
        let partial = upper[k - 1]
        guard abs(partial) < 1 else { return false }
        let scale = 1 / (1 - partial * partial)
        for j in 0..<k - 1 { lower[j] = (upper[j] + partial * upper[k - 2 - j]) * scale }
        k -= 1
      }
      guard abs(row(1)[0]) < 1 else { return false }
    }
    var variance = 1.0
    for k in 1..<order + 1 {
      let partial = row(k)[k - 1]
      variance /= 1 - partial * partial
    }
    inner[0] = variance
    for k in 1..<order + 1 {
      let partial = row(k)[k - 1]
      var sum = partial * variance
      let coefficients = triangle + (k - 1) * (k - 2) / 2
      for j in 0..<k - 1 { sum += coefficients[j] * inner[k - 1 - j] }
      inner[k] = sum
      variance *= 1 - partial * partial
    }
    for k in stride(from: order + 1, to: lags, by: 1) {
      var sum = 0.0
      for a in 0..<polynomials.arCount { sum += phi[polynomials.arLags[a] - 1] * inner[k - polynomials.arLags[a]] }
      inner[k] = sum
    }
    return true
  }
}
