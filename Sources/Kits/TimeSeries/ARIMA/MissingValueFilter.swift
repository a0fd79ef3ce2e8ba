#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// The Kalman filter of a seasonal ARIMA model on the undifferenced series, where values may be missing.
///
/// The state is that of the differenced process followed by the last `d + D m` values of the series. The first of
/// those are given, as differencing without missing values takes them as given too, so that both filters have the same
/// likelihood; where one of them is missing its variance is very large, and steps whose variance shows that nothing was
/// known before them do not count. Cost: (state size)^2 per step.
final class MissingValueFilter: InnovationFilter {
  let count: Int
  private(set) var observed: Int
  let columns: Int
  let innovations: UnsafeMutablePointer<Double>
  private let deviations: UnsafeMutablePointer<Double>
  private let data: UnsafeMutablePointer<Double>
  private let lost: Int
  private let differencing: [Double]
  private let capacity: Int
  private var polynomials: ARMAPolynomials
  private let covariance: ARMACovariance
  private let means: UnsafeMutablePointer<Double>
  private let cover: UnsafeMutablePointer<Double>
  private let moved: UnsafeMutablePointer<Double>
  private let gain: UnsafeMutablePointer<Double>

  /// What stands for an unknown variance, in units of the shocks' variance.
  private static let unknown = 1e7

  /// The levels of the series and of its regressors (not differenced); missing values only in the first column.
  init(_ levels: [[Double]], order: ARIMAOrder, capacity: Int) {
    lost = order.lostSteps
    differencing = order.differencing
    self.capacity = capacity + lost
    count = levels[0].count - lost
    columns = levels.count
    observed = 0
    let size = capacity + lost + 1
    innovations = .allocate(capacity: count * columns + 1)
    deviations = .allocate(capacity: count + 1)
    data = .allocate(capacity: levels[0].count * columns + 1)
    polynomials = ARMAPolynomials(capacity: capacity)
    covariance = ARMACovariance(capacity: capacity)
    means = .allocate(capacity: size * columns)
    cover = .allocate(capacity: size * size)
    moved = .allocate(capacity: size * size)
    gain = .allocate(capacity: size)
    for (c, column) in levels.enumerated() {
      for (t, value) in column.enumerated() { data[c * column.count + t] = value }
    }
  }

  deinit {
    innovations.deallocate()
    deviations.deallocate()
    data.deallocate()
    polynomials.deallocate()
    covariance.deallocate()
    means.deallocate()
    cover.deallocate()
    moved.deallocate()
    gain.deallocate()
  }

  func run(_ order: ARIMAOrder, _ coefficients: UnsafePointer<Double>, isExact: Bool) -> Double? {
    polynomials.expand(order, coefficients)
    guard start(order) else { return nil }
    let inner = order.stateSize
    let size = inner + lost
    var logarithms = 0.0
    observed = 0
    for t in 0..<count {
      if data[lost + t].isNaN {
        for c in 0..<columns { innovations[c * count + t] = 0 }
        // The regressors go on as if they had been expected: what is missing says nothing of them.
        predict(inner, known: nil)
        continue
      }
      // gain = covariance of the state with the value; variance = that of the value.
      for i in 0..<size {
        var sum = cover[i * size]
        for (k, weight) in differencing.enumerated() where weight != 0 { sum += weight * cover[i * size + inner + k] }
        gain[i] = sum
      }
      let variance = valueOf(gain, inner)
      guard variance > 0, variance.isFinite else { return nil }
      let isKnown = variance < MissingValueFilter.unknown * 1e-3
      let deviation = variance.squareRoot()
      deviations[t] = deviation
      for c in 0..<columns {
        let state = means + c * (capacity + 1)
        let error = data[c * (count + lost) + lost + t] - valueOf(state, inner)
        innovations[c * count + t] = isKnown ? error / deviation : 0
        let pull = error / variance
        for i in 0..<size { state[i] += gain[i] * pull }
      }
      for i in 0..<size {
        let weight = gain[i] / variance
        for j in 0..<size { cover[i * size + j] -= weight * gain[j] }
      }
      if isKnown {
        logarithms += log(variance)
        observed += 1
      }
      predict(inner, known: t)
    }
    return logarithms
  }

  func deviation(_ step: Int) -> Double { deviations[step] }

  /// After `run`: the means of the next values of a column, and their variances in units of the shocks' variance.
  func forecast(_ order: ARIMAOrder, column: Int, horizon: Int) -> (means: [Double], variances: [Double]) {
    let inner = order.stateSize
    let size = inner + lost
    var result: (means: [Double], variances: [Double]) = ([], [])
    for _ in 0..<horizon {
      for i in 0..<size {
        var sum = cover[i * size]
        for (k, weight) in differencing.enumerated() where weight != 0 { sum += weight * cover[i * size + inner + k] }
        gain[i] = sum
      }
      result.means.append(valueOf(means + column * (capacity + 1), inner))
      result.variances.append(max(0, valueOf(gain, inner)))
      predict(inner, known: nil)
    }
    return result
  }

  @inline(__always)
  private func valueOf(_ state: UnsafeMutablePointer<Double>, _ inner: Int) -> Double {
    var value = state[0]
    for (k, weight) in differencing.enumerated() where weight != 0 { value += weight * state[inner + k] }
    return value
  }

  /// The stationary state of the differenced process, and the given first values.
  private func start(_ order: ARIMAOrder) -> Bool {
    let inner = order.stateSize
    let size = inner + lost
    guard covariance.stateColumn(polynomials, order: order, into: gain) else { return false }
    let (phi, theta) = (polynomials.phi, polynomials.theta)
    cover.update(repeating: 0, count: size * size)
    for i in 0..<inner { (cover[i * size], cover[i]) = (gain[i], gain[i]) }
    // P = T P T' + R R' gives each element from the one below and to the right of it and the first column.
    func column(_ i: Int) -> Double { i < inner ? gain[i] : 0 }
    for i in stride(from: inner - 1, to: 0, by: -1) {
      for j in stride(from: i, to: 0, by: -1) {
        var value = phi[i] * phi[j] * gain[0] + phi[i] * column(j + 1) + phi[j] * column(i + 1) + theta[i] * theta[j]
        if i + 1 < inner { value += cover[(i + 1) * size + j + 1] }
        cover[i * size + j] = value
        cover[j * size + i] = value
      }
    }
    for c in 0..<columns {
      let state = means + c * (capacity + 1)
      state.update(repeating: 0, count: size)
      for k in 0..<lost {
        let value = data[c * (count + lost) + lost - 1 - k]
        // A regressor beside a missing value starts at zero too: only what both were observed at is compared.
        let isMissing = data[lost - 1 - k].isNaN
        state[inner + k] = isMissing ? 0 : value
        if c == 0, isMissing { cover[(inner + k) * size + inner + k] = MissingValueFilter.unknown }
      }
    }
    return true
  }

  /// One step of time: the means of all columns, then the covariance.
  private func predict(_ inner: Int, known step: Int?) {
    let size = inner + lost
    let (phi, theta) = (polynomials.phi, polynomials.theta)
    for c in 0..<columns {
      let state = means + c * (capacity + 1)
      let first = state[0]
      let value = step.map { data[c * (count + lost) + lost + $0] } ?? valueOf(state, inner)
      for i in 0..<inner { state[i] = phi[i] * first + (i + 1 < inner ? state[i + 1] : 0) }
      for k in stride(from: lost - 1, to: 0, by: -1) { state[inner + k] = state[inner + k - 1] }
      if lost > 0 { state[inner] = value }
    }
    // moved = T cover, row by row.
    for i in 0..<inner {
      let row = moved + i * size
      let below = cover + (i + 1) * size
      if i + 1 < inner {
        for j in 0..<size { row[j] = phi[i] * cover[j] + below[j] }
      } else {
        for j in 0..<size { row[j] = phi[i] * cover[j] }
      }
    }
    if lost > 0 {
      let row = moved + inner * size
      for j in 0..<size { row[j] = cover[j] }
      for (k, weight) in differencing.enumerated() where weight != 0 {
        let other = cover + (inner + k) * size
        for j in 0..<size { row[j] += weight * other[j] }
      }
      for k in 1..<max(lost, 1) {
        (moved + (inner + k) * size).update(from: cover + (inner + k - 1) * size, count: size)
      }
    }
    // cover = moved T' + R R'.
    for i in 0..<size {
      let (row, result) = (moved + i * size, cover + i * size)
      let first = row[0]
      for j in 0..<inner - 1 { result[j] = phi[j] * first + row[j + 1] }
      result[inner - 1] = phi[inner - 1] * first
      if lost > 0 {
        result[inner] = valueOf(row, inner)
        for k in 1..<max(lost, 1) { result[inner + k] = row[inner + k - 1] }
      }
      if i < inner {
        for j in 0..<inner { result[j] += theta[i] * theta[j] }
      }
    }
  }
}
