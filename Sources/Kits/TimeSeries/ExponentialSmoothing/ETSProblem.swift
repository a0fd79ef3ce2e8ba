import Foundation

/// The likelihood of one form on one series as a function of unbounded numbers, with its gradient.
///
/// The objective is minus twice the logarithm of the likelihood but for a constant: n log of the sum of squares, plus
/// twice the sum of the logarithms of what was expected for multiplicative errors (Hyndman, Koehler, Snyder and Grose
/// 2002). The unbounded numbers are logits of the smoothing parameters within their bounds, then the initial states as
/// differences from the start in units of the noise. The season's numbers move only where their sum stays.
struct ETSProblem {
  /// The least and the greatest smoothing parameter.
  static let bounds = (least: 1e-4, greatest: 0.9999)
  /// The least and the greatest damping.
  static let damping = (least: 0.8, greatest: 0.98)

  let form: ETSForm
  let length: Int
  let start: ETSStart
  /// The unit of the initial states.
  let unit: Double
  private let values: UnsafePointer<Double>
  private let trace: ETSTrace
  private let isRelative: Bool

  init(
    _ form: ETSForm, values: UnsafePointer<Double>, trace: ETSTrace, length: Int, start: ETSStart, unit: Double
  ) {
    self.form = form
    self.values = values
    self.trace = trace
    self.length = form.season == .none ? 1 : length
    self.start = start
    self.unit = unit
    isRelative = form.error == .multiplicative
  }

  private var hasSlope: Bool { form.trend != .none }
  private var hasSeason: Bool { form.season != .none }
  private var smoothingCount: Int { 1 + (hasSlope ? 1 : 0) + (hasSeason ? 1 : 0) + (form.trend == .damped ? 1 : 0) }
  /// The number of unbounded numbers.
  var dimension: Int { smoothingCount + 1 + (hasSlope ? 1 : 0) + (hasSeason ? length : 0) }

  /// The unbounded numbers of smoothing parameters, at the start's states or those of other numbers.
  func coordinates(_ parameters: ETSParameters, statesOf other: [Double]? = nil) -> [Double] {
    let (least, greatest) = Self.bounds
    func logit(_ value: Double, _ low: Double, _ high: Double) -> Double {
      let share = min(max((value - low) / (high - low), 0.003), 0.997)
      return log(share / (1 - share))
    }
    var result = [logit(parameters.alpha, least, greatest)]
    if hasSlope { result.append(logit(parameters.beta, least, min(greatest, parameters.alpha))) }
    if hasSeason { result.append(logit(parameters.gamma, least, min(greatest, 1 - parameters.alpha))) }
    if form.trend == .damped { result.append(logit(parameters.phi, Self.damping.least, Self.damping.greatest)) }
    if let other {
      result += other.suffix(dimension - smoothingCount)
    } else {
      result += [Double](repeating: 0, count: dimension - smoothingCount)
    }
    return result
  }

  /// The smoothing parameters of unbounded numbers.
  func parameters(_ point: [Double]) -> ETSParameters {
    let (least, greatest) = Self.bounds
    var result = ETSParameters()
    result.alpha = least + (greatest - least) * logistic(point[0])
    var index = 1
    if hasSlope {
      result.beta = least + (max(least, min(greatest, result.alpha)) - least) * logistic(point[index])
      index += 1
    }
    if hasSeason {
      result.gamma = least + (max(least, min(greatest, 1 - result.alpha)) - least) * logistic(point[index])
      index += 1
    }
    if form.trend == .damped {
      result.phi = Self.damping.least + (Self.damping.greatest - Self.damping.least) * logistic(point[index])
    }
    return result
  }

  /// Puts the initial states of unbounded numbers in place.
  func initialState(_ point: [Double]) -> ETSState {
    var index = smoothingCount
    var state = ETSState(level: start.level + unit * point[index], slope: 0, season: [])
    index += 1
    if hasSlope {
      state.slope = start.slope + 0.2 * unit * point[index]
      index += 1
    }
    if hasSeason { state.season = (0..<length).map { start.season[$0] + unit * point[index + $0] } }
    return state
  }

  /// A pass over the series; leaves the trace for the gradient, the residuals and the last states.
  func pass(_ point: [Double]) -> (sums: ETSSums, level: Double, slope: Double) {
    let parameters = parameters(point)
    var index = smoothingCount
    var level = start.level + unit * point[index]
    var slope = 0.0
    index += 1
    if hasSlope {
      slope = start.slope + 0.2 * unit * point[index]
      index += 1
    }
    if hasSeason { for phase in 0..<length { trace.ring[phase] = start.season[phase] + unit * point[index + phase] } }
    let sums = forward(parameters, &level, &slope)
    return (sums, level, slope)
  }

  private func forward(_ parameters: ETSParameters, _ level: inout Double, _ slope: inout Double) -> ETSSums {
    @inline(__always) func run(_ hasSlope: Bool, _ season: ETSForm.Season, _ isRelative: Bool) -> ETSSums {
      forwardPass(
        values, trace, parameters, length: length, hasSlope: hasSlope, season: season, isRelative: isRelative,
        level: &level, slope: &slope)
    }
    switch (hasSlope, form.season, isRelative) {
    case (false, .none, false): return run(false, .none, false)
    case (false, .none, true): return run(false, .none, true)
    case (false, .additive, false): return run(false, .additive, false)
    case (false, .additive, true): return run(false, .additive, true)
    case (false, .multiplicative, false): return run(false, .multiplicative, false)
    case (false, .multiplicative, true): return run(false, .multiplicative, true)
    case (true, .none, false): return run(true, .none, false)
    case (true, .none, true): return run(true, .none, true)
    case (true, .additive, false): return run(true, .additive, false)
    case (true, .additive, true): return run(true, .additive, true)
    case (true, .multiplicative, false): return run(true, .multiplicative, false)
    case (true, .multiplicative, true): return run(true, .multiplicative, true)
    }
  }

  /// The objective of what a pass summed up.
  static func objective(_ sums: ETSSums) -> Double {
    // The floor stands for a perfect fit, whose likelihood has no bound.
    sums.squares.isFinite ? Double(sums.count) * log(max(sums.squares, floor)) + 2 * sums.logarithms : .infinity
  }

  private static let floor = 1e-22

  /// The objective at a point.
  func evaluate(_ point: [Double]) -> Double { Self.objective(pass(point).sums) }

  /// The gradient at the point of the last pass.
  func differentiate(_ point: [Double], _ gradient: inout [Double], sums: ETSSums) {
    let parameters = parameters(point)
    let weight = sums.squares > Self.floor ? Double(sums.count) / sums.squares : 0
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 6 + length) { raw in
      guard let natural = raw.baseAddress else { return }
      backward(parameters, weight, natural)
      translate(natural, parameters, point, &gradient)
    }
  }

  private func backward(_ parameters: ETSParameters, _ weight: Double, _ natural: UnsafeMutablePointer<Double>) {
    @inline(__always) func run(_ hasSlope: Bool, _ season: ETSForm.Season, _ isRelative: Bool) {
      backwardPass(
        values, trace, parameters, length: length, hasSlope: hasSlope, season: season, isRelative: isRelative,
        squaresWeight: weight, logarithmsWeight: isRelative ? 2 : 0, gradient: natural)
    }
    switch (hasSlope, form.season, isRelative) {
    case (false, .none, false): run(false, .none, false)
    case (false, .none, true): run(false, .none, true)
    case (false, .additive, false): run(false, .additive, false)
    case (false, .additive, true): run(false, .additive, true)
    case (false, .multiplicative, false): run(false, .multiplicative, false)
    case (false, .multiplicative, true): run(false, .multiplicative, true)
    case (true, .none, false): run(true, .none, false)
    case (true, .none, true): run(true, .none, true)
    case (true, .additive, false): run(true, .additive, false)
    case (true, .additive, true): run(true, .additive, true)
    case (true, .multiplicative, false): run(true, .multiplicative, false)
    case (true, .multiplicative, true): run(true, .multiplicative, true)
    }
  }

  /// The gradient by parameters and states as one by unbounded numbers.
  private func translate(
    _ natural: UnsafeMutablePointer<Double>, _ parameters: ETSParameters, _ point: [Double],
    _ gradient: inout [Double]
  ) {
    let (least, greatest) = Self.bounds
    var byAlpha = natural[0]
    var index = 1
    if hasSlope {
      let share = logistic(point[index])
      if parameters.alpha < greatest { byAlpha += natural[1] * share }
      gradient[index] = natural[1] * max(0, min(greatest, parameters.alpha) - least) * share * (1 - share)
      index += 1
    }
    if hasSeason {
      let share = logistic(point[index])
      let room = 1 - parameters.alpha
      if room < greatest, room > least { byAlpha -= natural[2] * share }
      gradient[index] = natural[2] * max(0, min(greatest, room) - least) * share * (1 - share)
      index += 1
    }
    if form.trend == .damped {
      let share = logistic(point[index])
      gradient[index] = natural[3] * (Self.damping.greatest - Self.damping.least) * share * (1 - share)
      index += 1
    }
    let share = logistic(point[0])
    gradient[0] = byAlpha * (greatest - least) * share * (1 - share)
    gradient[index] = natural[4] * unit
    index += 1
    if hasSlope {
      gradient[index] = natural[5] * unit * 0.2
      index += 1
    }
    if hasSeason {
      var mean = 0.0
      for phase in 0..<length { mean += natural[6 + phase] }
      mean /= Double(length)
      for phase in 0..<length { gradient[index + phase] = (natural[6 + phase] - mean) * unit }
    }
  }
}

/// 1 / (1 + exp(-x)).
@inline(__always)
private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
