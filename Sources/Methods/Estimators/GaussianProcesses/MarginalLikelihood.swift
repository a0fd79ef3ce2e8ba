import Basics
import CKernels
import Foundation

/// The marginal likelihood of some rows' labels as a function of the scales and variances of a `Covariance`.
///
/// For checking the gradient, and for finding good scales.
struct MarginalLikelihood: Sendable {
  private let labels: [Double]
  private let weights: [Double]
  private let groups: [Int]
  private let groupCount: Int
  /// Per group, the squared differences of all pairs (i, j), j < i, at i (i - 1) / 2 + j.
  private let differences: [[Float]]
  /// The inner products of all pairs, and of rows with themselves.
  private let products: [Double]
  private let squares: [Double]

  init(points: [Float], labels: [Double], weights: [Double], groups: [Int]) {
    self.labels = labels
    self.weights = weights
    self.groups = groups
    let rows = labels.count
    let width = groups.count
    groupCount = (groups.max() ?? -1) + 1
    let pairs = rows * (rows - 1) / 2
    var differences = Array(repeating: [Float](repeating: 0, count: pairs), count: groupCount)
    var products = [Double](repeating: 0, count: pairs)
    for (column, group) in groups.enumerated() {
      differences[group].withUnsafeMutableBufferPointer { differences in
        for i in 0..<rows {
          let value = points[i * width + column]
          for j in 0..<i {
            let other = points[j * width + column]
            differences[i * (i - 1) / 2 + j] += (value - other) * (value - other)
            products[i * (i - 1) / 2 + j] += Double(value * other)
          }
        }
      }
    }
    self.differences = differences
    self.products = products
    squares = (0..<rows).map { row in
      points[row * width..<(row + 1) * width].reduce(0) { $0 + Double($1 * $1) }
    }
  }

  /// The deviations of the normal priors of the logarithms: weak, but enough to keep a scale that no row speaks for.
  private static let scaleDeviation = 1.2
  private static let varianceDeviation = 2.0

  /// The log of the likelihood times the priors, up to a constant, and its derivatives in the scales, the smooth, the
  /// linear and the noise variance (all by their logarithms); nil where the covariances cannot be inverted.
  func value(_ covariance: Covariance) -> (value: Double, gradient: [Double])? {
    let rows = labels.count
    var squared = [Double](repeating: 0, count: products.count)
    for group in 0..<groupCount {
      assay_add_mixed(exp(-2 * covariance.logScales[group]), differences[group], &squared, squared.count)
    }
    var slopes = [Double](repeating: 0, count: squared.count)
    var scratch = slopes
    for pair in squared.indices { scratch[pair] = -(5 * squared[pair]).squareRoot() }
    var decay = scratch
    assay_exp(scratch, &decay, decay.count)
    let (smooth, linear, noise) = (covariance.smooth, covariance.linear, covariance.noise)
    var matrix = [Double](repeating: 0, count: rows * rows)
    for i in 0..<rows {
      for j in 0..<i {
        let pair = i * (i - 1) / 2 + j
        slopes[pair] = smooth * 5 / 3 * (1 - scratch[pair]) * decay[pair]
        scratch[pair] = smooth * (1 - scratch[pair] + 5 / 3 * squared[pair]) * decay[pair]
        matrix[i * rows + j] = scratch[pair] + linear * products[pair]
      }
      matrix[i * rows + i] = smooth + linear * squares[i] + noise / weights[i]
    }
    guard let factor = choleskyFactor(matrix, size: rows) else { return nil }
    let inverse = SymmetricInverse(factor: factor, size: rows)
    let solved = (0..<rows).map { inverse.dot(row: $0, labels) }
    var value = 0.0
    for row in 0..<rows { value -= 0.5 * labels[row] * solved[row] + log(factor[row * rows + row]) }

    // The derivative in a number on which K depends: half the sum of (a a' - K^-1) dK.
    var gradient = [Double](repeating: 0, count: groupCount + 3)
    for i in 0..<rows {
      for j in 0..<i {
        let pair = i * (i - 1) / 2 + j
        let force = solved[i] * solved[j] - inverse[i, j]
        slopes[pair] *= force
        gradient[groupCount] += force * scratch[pair]
        gradient[groupCount + 1] += force * linear * products[pair]
      }
      let force = 0.5 * (solved[i] * solved[i] - inverse[i, i])
      gradient[groupCount] += force * smooth
      gradient[groupCount + 1] += force * linear * squares[i]
      gradient[groupCount + 2] += force * noise / weights[i]
    }
    for group in 0..<groupCount {
      gradient[group] =
        exp(-2 * covariance.logScales[group]) * assay_dot_mixed(differences[group], slopes, slopes.count)
    }
    for (index, (position, centre, deviation)) in priors(covariance).enumerated() {
      let distance = (position - centre) / deviation
      value -= 0.5 * distance * distance
      gradient[index] -= distance / deviation
    }
    return (value, gradient)
  }

  private func priors(_ covariance: Covariance) -> [(position: Double, centre: Double, deviation: Double)] {
    let usual = Covariance.usualLogScale(groupCount)
    return covariance.logScales.map { ($0, usual, MarginalLikelihood.scaleDeviation) } + [
      (covariance.logSmooth, 0, MarginalLikelihood.varianceDeviation),
      (covariance.logLinear, log(0.1), MarginalLikelihood.varianceDeviation),
      (covariance.logNoise, log(0.1), MarginalLikelihood.varianceDeviation),
    ]
  }

  /// The best of some steps by the signs of the derivatives, each number with a step length of its own that grows while
  /// the sign stays and shrinks where it changes (Riedmiller and Braun, "RPROP", 1993).
  func maximised(
    from start: Covariance, steps: Int, deadline: Deadline, interruption: Interruption
  ) throws -> Covariance {
    var current = start
    var best: (value: Double, covariance: Covariance)?
    var lengths = [Double](repeating: 0.3, count: groupCount + 3)
    var signs = [Double](repeating: 0, count: groupCount + 3)
    for _ in 0..<steps {
      try interruption.check()
      if deadline.hasPassed { break }
      guard let (value, gradient) = value(current) else { break }
      if value > best?.value ?? -.infinity { best = (value, current) }
      for index in gradient.indices {
        let sign: Double = gradient[index] > 0 ? 1 : gradient[index] < 0 ? -1 : 0
        let turn = sign * signs[index]
        lengths[index] = turn > 0 ? min(1.2 * lengths[index], 0.8) : turn < 0 ? 0.5 * lengths[index] : lengths[index]
        signs[index] = turn < 0 ? 0 : sign
        current.move(index, by: signs[index] * lengths[index])
      }
    }
    return best?.covariance ?? start
  }
}

extension Covariance {
  /// Moves one of the logarithms: the scales, then the smooth, the linear and the noise variance.
  mutating func move(_ index: Int, by step: Double) {
    func moved(_ value: Double) -> Double { min(max(value + step, -9), 9) }
    switch index - logScales.count {
    case 0: logSmooth = moved(logSmooth)
    case 1: logLinear = moved(logLinear)
    case 2: logNoise = moved(logNoise)
    default: logScales[index] = moved(logScales[index])
    }
  }
}

/// The inverse of a matrix from its Cholesky factor.
private struct SymmetricInverse {
  private let values: [Double]
  private let size: Int

  init(factor: [Double], size: Int) {
    self.size = size
    // Row by row the inverse of the factor, stored by columns: K^-1 is made of the products of its columns.
    var lower = [Double](repeating: 0, count: size * size)
    var columns = lower
    var result = lower
    for i in 0..<size {
      lower.withUnsafeMutableBufferPointer { lower in
        let row = lower.baseAddress! + i * size
        for k in 0..<i { assay_add(-factor[i * size + k], lower.baseAddress! + k * size, row, k + 1) }
        row[i] = 1
        for k in 0...i {
          row[k] /= factor[i * size + i]
          columns[k * size + i] = row[k]
        }
      }
    }
    columns.withUnsafeBufferPointer { columns in
      for i in 0..<size {
        for j in 0...i {
          let sum = assay_dot(columns.baseAddress! + i * size + i, columns.baseAddress! + j * size + i, size - i)
          result[i * size + j] = sum
          result[j * size + i] = sum
        }
      }
    }
    values = result
  }

  subscript(_ i: Int, _ j: Int) -> Double { values[i * size + j] }

  func dot(row: Int, _ vector: [Double]) -> Double {
    values.withUnsafeBufferPointer { assay_dot($0.baseAddress! + row * size, vector, size) }
  }
}
