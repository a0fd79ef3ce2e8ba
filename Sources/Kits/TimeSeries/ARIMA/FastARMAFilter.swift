#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// The exact likelihood of an ARMA process without missing values, in (state size) operations per step.
///
/// From a stationary start the covariance of the Kalman filter's state changes by matrices of rank one, so gains follow
/// from two vectors without the covariance itself (Morf, Sidhu and Kailath 1974; for ARMA Pearlman 1980 and Mélard
/// 1984). Once the gains stand still the filter is the recursion with few lags, as in the conditional sum of squares.
final class FastARMAFilter: InnovationFilter {
  let count: Int
  var observed: Int { count }
  let columns: Int
  let innovations: UnsafeMutablePointer<Double>
  private let data: UnsafeMutablePointer<Double>
  /// The standard deviations of the innovations of the dense steps.
  private let deviations: UnsafeMutablePointer<Double>
  private let states: UnsafeMutablePointer<Double>
  private let gain: UnsafeMutablePointer<Double>
  private let change: UnsafeMutablePointer<Double>
  private let capacity: Int
  private let stride: Int
  private var polynomials: ARMAPolynomials
  private let covariance: ARMACovariance
  /// Whether the state after the last step is wanted: then the recursion with few lags is not used.
  var keepsState = false

  /// Copies the differenced columns; `capacity` is the largest state that orders will have.
  init(_ values: [[Double]], capacity: Int) {
    count = values[0].count
    columns = values.count
    self.capacity = capacity
    innovations = .allocate(capacity: count * columns + 1)
    data = .allocate(capacity: count * columns + 1)
    deviations = .allocate(capacity: count + 1)
    // Vectors of four may read and write beyond the size: all such arrays have room for it, filled with zeros.
    stride = capacity + 8
    states = .allocate(capacity: stride * columns)
    gain = .allocate(capacity: stride)
    change = .allocate(capacity: stride)
    polynomials = ARMAPolynomials(capacity: capacity)
    covariance = ARMACovariance(capacity: capacity)
    for (c, column) in values.enumerated() {
      for (t, value) in column.enumerated() { data[c * count + t] = value }
    }
  }

  deinit {
    innovations.deallocate()
    data.deallocate()
    deviations.deallocate()
    states.deallocate()
    gain.deallocate()
    change.deallocate()
    polynomials.deallocate()
    covariance.deallocate()
  }

  func run(_ order: ARIMAOrder, _ coefficients: UnsafePointer<Double>, isExact: Bool) -> Double? {
    let size = order.stateSize
    precondition(size <= capacity, "FastARMAFilter: a state of \(size), capacity \(capacity)")
    polynomials.expand(order, coefficients)
    guard isExact || keepsState else {
      for c in 0..<columns { recursion(from: 0, column: c, scale: 1) }
      return 0
    }
    states.update(repeating: 0, count: stride * columns)
    gain.update(repeating: 0, count: stride)
    change.update(repeating: 0, count: stride)
    if !isExact {
      steadyGain(size)
      for t in 0..<count { step(t, size: size, variance: 1) }
      return 0
    }
    return exactRun(order, size: size)
  }

  func deviation(_ step: Int) -> Double { deviations[step] }

  /// The next value that the state of a column expects, and the state one step on: forecasts of the differenced column.
  func forecast(_ order: ARIMAOrder, column: Int, horizon: Int) -> [Double] {
    let size = order.stateSize
    let state = states + column * stride
    return (0..<horizon).map { _ in
      let first = state[0]
      for i in 0..<size { state[i] = polynomials.phi[i] * first + (i + 1 < size ? state[i + 1] : 0) }
      return first
    }
  }

  @inline(__always)
  private func load(_ from: UnsafeMutablePointer<Double>, _ i: Int) -> SIMD4<Double> {
    UnsafeRawPointer(from + i).loadUnaligned(as: SIMD4<Double>.self)
  }

  @inline(__always)
  private func store(_ value: SIMD4<Double>, _ into: UnsafeMutablePointer<Double>, _ i: Int) {
    UnsafeMutableRawPointer(into + i).storeBytes(of: value, as: SIMD4<Double>.self)
  }

  private func steadyGain(_ size: Int) {
    for i in 0..<size { gain[i] = polynomials.phi[i] + (i + 1 < size ? polynomials.theta[i + 1] : 0) }
  }

  private func exactRun(_ order: ARIMAOrder, size: Int) -> Double? {
    guard covariance.stateColumn(polynomials, order: order, into: change) else { return nil }
    let phi = polynomials.phi
    var variance = change[0]
    change[size] = 0
    // The first gain, before division by the variance, is the transition of the column; the first change is the same.
    let first = change[0]
    for i in 0..<size {
      change[i] = phi[i] * first + change[i + 1]
      gain[i] = change[i]
    }
    change[size] = 0
    var middle = -1 / variance
    var logarithms = 0.0
    var product = 1.0
    var t = 0
    var steadySteps = -1
    while t < count {
      product *= variance
      // One logarithm for several steps: the variances of unit shocks are moderate numbers.
      if product > 1e100 || product < 1e-100 {
        logarithms += log(product)
        product = 1
      }
      step(t, size: size, variance: variance)
      t += 1
      if steadySteps >= 0 {
        steadySteps += 1
        if steadySteps > order.longestMA && !keepsState { break }
        continue
      }
      let head = change[0]
      let next = variance + middle * head * head
      guard next > 0 else { return nil }
      let weight = middle * head
      let share = head / next
      // Four at a time; the arrays end with zeros up to a multiple of four.
      var i = 0
      while i < size {
        let moved = load(phi, i) * head + load(change, i + 1)
        let updated = load(gain, i) + weight * moved
        store(updated, gain, i)
        store(moved - updated * share, change, i)
        i += 4
      }
      middle += middle * middle * head * head / variance
      variance = next
      if t & 7 == 0 {
        var norm = 0.0
        for i in 0..<size { norm += change[i] * change[i] }
        if abs(middle) * norm < 1e-10 { steadySteps = 0 }
      }
    }
    if t < count {
      logarithms += Double(count - t) * log(variance)
      let scale = 1 / variance.squareRoot()
      for c in 0..<columns {
        let column = innovations + c * count
        // The recursion needs the innovations as they were before division.
        let from = max(0, t - order.longestMA)
        for k in from..<t { column[k] *= deviations[k] }
        recursion(from: t, column: c, scale: scale)
        for k in from..<t { column[k] /= deviations[k] }
      }
    }
    return logarithms + log(product)
  }

  /// One step of the filter for all columns; `deviations` keeps the standard deviation.
  @inline(__always)
  private func step(_ t: Int, size: Int, variance: Double) {
    let phi = polynomials.phi
    let deviation = variance.squareRoot()
    deviations[t] = deviation
    for c in 0..<columns {
      let state = states + c * stride
      let expected = state[0]
      let error = data[c * count + t] - expected
      innovations[c * count + t] = error / deviation
      let pull = error / variance
      var i = 0
      while i < size {
        store(load(phi, i) * expected + load(state, i + 1) + load(gain, i) * pull, state, i)
        i += 4
      }
    }
  }

  /// The innovations from a step on by the lags with coefficients, then times `scale`.
  private func recursion(from start: Int, column: Int, scale: Double) {
    let (phi, theta) = (polynomials.phi, polynomials.theta)
    let (arLags, maLags) = (polynomials.arLags, polynomials.maLags)
    let (arCount, maCount) = (polynomials.arCount, polynomials.maCount)
    let values = data + column * count
    let errors = innovations + column * count
    let longest = max(arCount > 0 ? arLags[arCount - 1] : 0, maCount > 0 ? maLags[maCount - 1] : 0)
    var t = start
    while t < min(longest, count) {
      var error = values[t]
      for k in 0..<arCount where arLags[k] <= t { error -= phi[arLags[k] - 1] * values[t - arLags[k]] }
      for k in 0..<maCount where maLags[k] <= t { error -= theta[maLags[k]] * errors[t - maLags[k]] }
      errors[t] = error
      t += 1
    }
    while t < count {
      var error = values[t]
      for k in 0..<arCount { error -= phi[arLags[k] - 1] * values[t - arLags[k]] }
      for k in 0..<maCount { error -= theta[maLags[k]] * errors[t - maLags[k]] }
      errors[t] = error
      t += 1
    }
    if scale != 1 { for k in start..<count { errors[k] *= scale } }
  }
}
