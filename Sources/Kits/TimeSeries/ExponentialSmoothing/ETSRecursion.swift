import Foundation

/// The smoothing parameters of an exponential smoothing model.
public struct ETSParameters: Sendable, Hashable, Codable {
  /// How much of an error the level takes, 0 to 1.
  public var alpha = 0.0
  /// How much of an error the slope takes, 0 to alpha.
  public var beta = 0.0
  /// How much of an error the season takes, 0 to 1 - alpha.
  public var gamma = 0.0
  /// What remains of the slope after a step; 1 without damping.
  public var phi = 1.0
}

/// The states of an exponential smoothing model between two steps.
public struct ETSState: Sendable, Hashable, Codable {
  /// The level.
  public var level: Double
  /// The slope per step; 0 without a trend.
  public var slope: Double
  /// The season, one number per phase; phase 0 is that of the first step. Empty without a season.
  public var season: [Double]
}

/// What a pass over a series sums up.
struct ETSSums {
  /// The sum of squares of the errors: absolute ones for additive errors, relative ones for multiplicative.
  var squares = 0.0
  /// The sum of the logarithms of what was expected; 0 for additive errors.
  var logarithms = 0.0
  /// The steps with a number.
  var count = 0
}

/// The memory of passes over a series: what a pass leaves for the gradient, step by step.
///
/// One thread uses it at a time.
final class ETSTrace {
  let steps: Int
  /// For every step: the level with the slope, the slope and the season before it, the error, and what was expected.
  let expectedLevel, slope, season, error, expected: UnsafeMutablePointer<Double>
  /// The season as the pass goes, and its gradient.
  let ring, ringGradient: UnsafeMutablePointer<Double>
  private let memory: UnsafeMutablePointer<Double>

  init(steps: Int, season length: Int) {
    self.steps = steps
    let total = 5 * steps + 2 * length
    memory = .allocate(capacity: total)
    memory.initialize(repeating: 0, count: total)
    expectedLevel = memory
    slope = memory + steps
    season = memory + 2 * steps
    error = memory + 3 * steps
    expected = memory + 4 * steps
    ring = memory + 5 * steps
    ringGradient = memory + 5 * steps + length
  }

  deinit { memory.deallocate() }
}

/// A pass forward over a series; the states end in `level`, `slope` and the trace's ring.
///
/// The update of the states is the same for additive and multiplicative errors when it is written in the absolute error,
/// so only the sums tell the two apart. A missing value leaves the states as they were expected. The pass ends early,
/// with infinite squares, where a model with ratios meets an expectation that is not positive.
///
/// The constants `form` are known where this is called, so each call is a loop of its own without branches on them.
@inline(__always)
func forwardPass(
  _ values: UnsafePointer<Double>, _ trace: ETSTrace, _ parameters: ETSParameters, length: Int,
  hasSlope: Bool, season: ETSForm.Season, isRelative: Bool, level: inout Double, slope: inout Double
) -> ETSSums {
  let (alpha, beta, gamma, phi) = (parameters.alpha, parameters.beta, parameters.gamma, parameters.phi)
  let (ring, expectedLevels, slopes, seasons) = (trace.ring, trace.expectedLevel, trace.slope, trace.season)
  let (errors, expectations) = (trace.error, trace.expected)
  var sums = ETSSums()
  var product = 1.0
  var phase = 0
  var (currentLevel, currentSlope) = (level, slope)
  for step in 0..<trace.steps {
    let faded = hasSlope ? phi * currentSlope : 0
    let expectedLevel = hasSlope ? currentLevel + faded : currentLevel
    var expected = expectedLevel
    var factor = 0.0
    if season != .none {
      factor = ring[phase]
      expected = season == .additive ? expectedLevel + factor : expectedLevel * factor
    }
    if season == .multiplicative && !(factor > 1e-6 && expectedLevel > 1e-6) || isRelative && !(expected > 1e-6) {
      sums.squares = .infinity
      return sums
    }
    let value = values[step]
    expectedLevels[step] = expectedLevel
    if hasSlope { slopes[step] = currentSlope }
    if season != .none { seasons[step] = factor }
    expectations[step] = expected
    let isMissing = value.isNaN
    let error = isMissing ? 0 : value - expected
    errors[step] = error
    if !isMissing {
      sums.count += 1
      if isRelative {
        let relative = error / expected
        sums.squares += relative * relative
        product *= expected
        // The logarithm of a product of many is one logarithm; the product must stay in range.
        if product > 1e200 || product < 1e-200 {
          sums.logarithms += log(product)
          product = 1
        }
      } else {
        sums.squares += error * error
      }
    }
    let levelled = season == .multiplicative ? error / factor : error
    currentLevel = expectedLevel + alpha * levelled
    if hasSlope { currentSlope = faded + beta * levelled }
    if season != .none {
      ring[phase] = factor + gamma * (season == .multiplicative ? error / expectedLevel : error)
      phase += 1
      if phase == length { phase = 0 }
    }
  }
  if isRelative { sums.logarithms += log(product) }
  level = currentLevel
  slope = currentSlope
  return sums
}

/// The gradient of the objective by a pass backward over the trace of the last forward pass (reverse accumulation).
///
/// - Parameters:
///   - squaresWeight: The derivative of the objective by the sum of squares.
///   - logarithmsWeight: The derivative by the sum of logarithms.
///   - gradient: Receives the derivatives by alpha, beta, gamma, phi, level, slope, then the season's phases.
@inline(__always)
func backwardPass(
  _ values: UnsafePointer<Double>, _ trace: ETSTrace, _ parameters: ETSParameters, length: Int,
  hasSlope: Bool, season: ETSForm.Season, isRelative: Bool, squaresWeight: Double, logarithmsWeight: Double,
  gradient: UnsafeMutablePointer<Double>
) {
  let (alpha, beta, gamma, phi) = (parameters.alpha, parameters.beta, parameters.gamma, parameters.phi)
  let (ring, expectedLevels, slopes, seasons) = (trace.ringGradient, trace.expectedLevel, trace.slope, trace.season)
  let (errors, expectations) = (trace.error, trace.expected)
  var (byAlpha, byBeta, byGamma, byPhi) = (0.0, 0.0, 0.0, 0.0)
  var (byLevel, bySlope) = (0.0, 0.0)
  var phase = 0
  if season != .none {
    ring.update(repeating: 0, count: length)
    phase = (trace.steps - 1) % length
  }
  for step in stride(from: trace.steps - 1, through: 0, by: -1) {
    let error = errors[step]
    let isMissing = values[step].isNaN
    let expectedLevel = expectedLevels[step]
    let bySeason = season == .none ? 0 : ring[phase]
    let factor = season == .none ? 1 : seasons[step]
    let overFactor = season == .multiplicative ? 1 / factor : 1
    let overLevel = season == .multiplicative ? 1 / expectedLevel : 1
    let levelled = error * overFactor
    let seasoned = error * overLevel
    byAlpha += byLevel * levelled
    var byLevelled = alpha * byLevel
    if hasSlope {
      byBeta += bySlope * levelled
      byLevelled += beta * bySlope
    }
    if season != .none { byGamma += bySeason * seasoned }
    // The derivative by what was expected, directly and through the error.
    var byExpected = 0.0
    if !isMissing {
      var byError = byLevelled * overFactor
      if season != .none { byError += gamma * bySeason * overLevel }
      if isRelative {
        let overExpected = 1 / expectations[step]
        byExpected =
          (logarithmsWeight - 2 * squaresWeight * error * overExpected * values[step] * overExpected) * overExpected
          - byError
      } else {
        byExpected = -2 * squaresWeight * error - byError
      }
    }
    var byExpectedLevel = byLevel
    switch season {
    case .none: byExpectedLevel += byExpected
    case .additive:
      byExpectedLevel += byExpected
      ring[phase] = bySeason + byExpected
    case .multiplicative:
      byExpectedLevel += byExpected * factor - gamma * bySeason * seasoned * overLevel
      ring[phase] = bySeason + byExpected * expectedLevel - byLevelled * levelled * overFactor
    }
    if hasSlope {
      byPhi += slopes[step] * (byExpectedLevel + bySlope)
      bySlope = phi * (byExpectedLevel + bySlope)
    }
    byLevel = byExpectedLevel
    if season != .none { phase = phase == 0 ? length - 1 : phase - 1 }
  }
  gradient[0] = byAlpha
  gradient[1] = byBeta
  gradient[2] = byGamma
  gradient[3] = byPhi
  gradient[4] = byLevel
  gradient[5] = bySlope
  if season != .none { for index in 0..<length { gradient[6 + index] = ring[index] } }
}
