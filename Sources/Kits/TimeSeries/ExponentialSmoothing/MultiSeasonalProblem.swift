import Foundation

/// The parameters of exponential smoothing with several seasons.
struct MultiSeasonalParameters {
  var alpha: Double
  var beta: Double
  var phi: Double
  var gammas: [Double]
  /// How much of an error the passing deviation takes.
  var kappa: Double
  /// What remains of the passing deviation after a step.
  var rho: Double

  var text: String {
    String(format: ", alpha %.3f", alpha) + (beta > 0 ? String(format: ", beta %.3f, phi %.3f", beta, phi) : "")
      + ", gamma " + gammas.map { String(format: "%.3f", $0) }.joined(separator: " ")
      + String(format: ", kappa %.3f, rho %.3f", kappa, rho)
  }
}

/// Where a pass ends, and its errors.
struct MultiSeasonalPath {
  var level: Double
  var slope: Double
  var profiles: [[Double]]
  /// The passing deviation.
  var passing: Double
  /// One-step errors, not-a-number where a value is missing.
  var errors: [Double]
}

/// Smoothing with several seasons on one series: passes, forecasts, and the search of parameters.
struct MultiSeasonalProblem {
  private let values: [Double]
  private let profiles: [[Double]]
  private let level: Double
  private let hasSlope: Bool
  private let horizon: Int
  private let offsets: [Int]
  private let lengths: [Int]

  init(values: [Double], profiles: [[Double]], level: Double, hasSlope: Bool, horizon: Int) {
    self.values = values
    self.profiles = profiles
    self.hasSlope = hasSlope
    self.horizon = horizon
    let lengths = profiles.map(\.count)
    self.lengths = lengths
    offsets = lengths.indices.map { place in lengths[..<place].reduce(0, +) }
    // The first level is that of the first steps without their seasons.
    let early = (0..<min(values.count, max(12, lengths[0]))).compactMap { step -> Double? in
      if values[step].isNaN { return nil }
      return values[step] - profiles.reduce(0) { $0 + $1[step % $1.count] }
    }
    self.level = early.isEmpty ? level : early.reduce(0, +) / Double(early.count)
  }

  private static let greatestPhi = 0.98

  private func parameters(_ point: [Double]) -> MultiSeasonalParameters {
    func share(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    let seasons = lengths.count
    let slope = hasSlope ? share(point[seasons + 3]) : 0
    return MultiSeasonalParameters(
      alpha: share(point[0]), beta: hasSlope ? 0.3 * share(point[0]) * slope : 0,
      phi: hasSlope ? 0.8 + (Self.greatestPhi - 0.8) * share(point[seasons + 4]) : 0,
      gammas: (0..<seasons).map { 0.6 * share(point[1 + $0]) }, kappa: share(point[seasons + 1]),
      rho: 0.995 * share(point[seasons + 2]))
  }

  /// The sum of squared errors over the number of them; multi-step errors are taken at every third of the shortest
  /// season, after a first cycle of it.
  private func loss(_ parameters: MultiSeasonalParameters) -> Double {
    var squares = 0.0
    var count = 0
    let stride = max(1, lengths[0] / 3)
    pass(parameters) { step, level, slope, passing, ring, error in
      if horizon == 1 {
        if !error.isNaN {
          squares += error * error
          count += 1
        }
        return
      }
      guard step >= lengths[0], step % stride == 0 else { return }
      var faded = slope
      var carried = passing
      var reached = level
      for ahead in step + 1...step + horizon {
        if ahead >= values.count { break }
        faded *= parameters.phi
        carried *= parameters.rho
        reached += faded
        var expected = reached + carried
        for season in lengths.indices { expected += ring[offsets[season] + ahead % lengths[season]] }
        let miss = values[ahead] - expected
        if miss.isNaN { continue }
        squares += miss * miss
        count += 1
      }
    }
    return squares / Double(max(1, count))
  }

  /// One pass; `visit` sees every step with the states after it. The profiles at the end, one after the other.
  @discardableResult
  private func pass(
    _ parameters: MultiSeasonalParameters,
    _ visit: (Int, Double, Double, Double, UnsafePointer<Double>, Double) -> Void
  ) -> [Double] {
    var ring = profiles.flatMap { $0 }
    var (level, slope, passing) = (self.level, 0.0, 0.0)
    let seasons = lengths.count
    ring.withUnsafeMutableBufferPointer { ring in
      guard let base = ring.baseAddress else { return }
      for step in values.indices {
        let faded = parameters.phi * slope
        passing *= parameters.rho
        var expected = level + faded + passing
        for season in 0..<seasons { expected += base[offsets[season] + step % lengths[season]] }
        let miss = values[step] - expected
        let error = miss.isNaN ? 0 : miss
        level += faded + parameters.alpha * error
        slope = faded + parameters.beta * error
        for season in 0..<seasons {
          base[offsets[season] + step % lengths[season]] += parameters.gammas[season] * error
        }
        passing += parameters.kappa * error
        visit(step, level, slope, passing, UnsafePointer(base), miss)
      }
    }
    return ring
  }

  /// The parameters with the least loss, by quasi-Newton steps from a few starts with differences as gradient.
  func solve() -> MultiSeasonalParameters {
    let seasons = lengths.count
    let dimension = seasons + 3 + (hasSlope ? 2 : 0)
    var best: (point: [Double], value: Double)?
    for (alpha, gamma, kappa, rho) in [(-4.0, -3.0, 2.0, 2.5), (-2.0, -2.0, 0.0, 1.0), (0.0, -2.0, -2.0, 0.0)] {
      var point = [Double](repeating: gamma, count: dimension)
      point[0] = alpha
      point[seasons + 1] = kappa
      point[seasons + 2] = rho
      if hasSlope {
        point[seasons + 3] = -2
        point[seasons + 4] = 0
      }
      let value = log(max(loss(parameters(point)), 1e-300))
      if best == nil || value < best!.value { best = (point, value) }
    }
    // The loss per step matters to about a ten-thousandth of itself.
    func evaluate(_ point: [Double]) -> Double {
      // A slight pull keeps coordinates where the logistic function still has a slope.
      log(max(loss(parameters(point)), 1e-300)) + 1e-5 * point.reduce(0) { $0 + $1 * $1 }
    }
    func differentiate(_ point: [Double], _ gradient: inout [Double]) {
      var moved = point
      for index in point.indices {
        moved[index] = point[index] + 1e-4
        let up = evaluate(moved)
        moved[index] = point[index] - 1e-4
        gradient[index] = (up - evaluate(moved)) / 2e-4
        moved[index] = point[index]
      }
    }
    var optimiser = QuasiNewton(
      at: best!.point, tolerance: 1e-5, evaluate: evaluate, differentiate: differentiate)
    optimiser.advance(40, evaluate: evaluate, differentiate: differentiate)
    return parameters(optimiser.point)
  }

  /// A pass that keeps its errors and ends.
  func run(_ parameters: MultiSeasonalParameters) -> MultiSeasonalPath {
    var path = MultiSeasonalPath(level: level, slope: 0, profiles: profiles, passing: 0, errors: [])
    path.errors.reserveCapacity(values.count)
    let ring = pass(parameters) { _, level, slope, passing, _, error in
      path.level = level
      path.slope = slope
      path.passing = passing
      path.errors.append(error)
    }
    path.profiles = lengths.indices.map { Array(ring[offsets[$0]..<offsets[$0] + lengths[$0]]) }
    return path
  }

  /// The forecasts after a pass.
  func ahead(_ parameters: MultiSeasonalParameters, _ path: MultiSeasonalPath, horizon: Int) -> [Double] {
    var (level, slope, carried) = (path.level, path.slope, path.passing)
    return (0..<horizon).map { step in
      slope *= parameters.phi
      level += slope
      carried *= parameters.rho
      return path.profiles.reduce(level + carried) { $0 + $1[(values.count + step) % $1.count] }
    }
  }

  /// The standard deviation of each step: what an error does to later steps, summed in squares.
  func deviations(
    _ parameters: MultiSeasonalParameters, _ path: MultiSeasonalPath, horizon: Int
  ) -> [Double] {
    let deviation = rootMeanSquare(path.errors, degreesLost: lengths.count + 2)
    // One unit of error and what each state takes of it; later errors come out of nothing.
    var sum = 0.0
    var (level, slope, carried) = (parameters.alpha, parameters.beta, parameters.kappa)
    return (1...horizon).map { ahead in
      let weight: Double
      if ahead == 1 {
        weight = 1
      } else {
        slope *= parameters.phi
        level += slope
        carried *= parameters.rho
        weight =
          level + carried
          + zip(parameters.gammas, lengths).reduce(0) { $0 + ((ahead - 1) % $1.1 == 0 ? $1.0 : 0) }
      }
      sum += weight * weight
      return deviation * sum.squareRoot()
    }
  }
}
