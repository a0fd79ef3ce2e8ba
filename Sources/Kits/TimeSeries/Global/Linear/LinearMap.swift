import Basics
import Foundation
import Kernels

/// A linear map from the scaled numbers of a window to the steps that follow: y = x W + c.
struct LinearMap: Sendable, Codable, Hashable {
  let inputs: Int
  let targets: Int
  /// [inputs, targets], row-major.
  let weights: PackedFloats
  /// One constant per step.
  let constants: PackedFloats

  /// The ridge solution of normal equations.
  ///
  /// - Parameters:
  ///   - penalty: In mean squares of an input, per window.
  ///   - prior: A factor R with R R' the covariance of the weights that the penalty assumes, [inputs, inputs]; nil for
  ///     independent weights of equal size.
  init?(_ equations: NormalEquations, penalty: Double, prior: [Double]? = nil) {
    guard equations.weight > 0 else { return nil }
    let (n, m) = (equations.inputs, equations.targets)
    var (gram, cross) = equations.centred
    if let prior {
      let right = multiplied(gram, prior, rows: n, inner: n, columns: n)
      gram = multiplied(prior, right, rows: n, inner: n, columns: n, transposingLeft: true)
      cross = multiplied(prior, cross, rows: n, inner: n, columns: m, transposingLeft: true)
    }
    // The least penalty keeps the system solvable where windows are fewer than inputs. Sums in single precision can leave
    // a matrix of windows that obey a recurrence slightly indefinite; a larger penalty mends that.
    let unit = max(equations.inputSquare, 1e-12)
    var added = 0.0
    var found: [Double]?
    for factor in [1.0, 10, 100, 1_000] where found == nil {
      let ridge = max(penalty, 1e-7) * unit * factor
      for i in 0..<n { gram[i * n + i] += ridge - added }
      added = ridge
      found = solvePositive(gram, size: n, cross, columns: m)
    }
    guard var solution = found else { return nil }
    if let prior { solution = multiplied(prior, solution, rows: n, inner: n, columns: m) }
    var constants = equations.targetSums.map { $0 / equations.weight }
    for i in 0..<n {
      let mean = equations.inputSums[i] / equations.weight
      for j in 0..<m { constants[j] -= mean * solution[i * m + j] }
    }
    inputs = n
    targets = m
    weights = PackedFloats(solution.map { Float($0) })
    self.constants = PackedFloats(constants.map { Float($0) })
  }

  /// Maps rows: `count` of `inputs` numbers each to `count` of `targets` numbers.
  func apply(_ rows: UnsafePointer<Float>, count: Int, into result: UnsafeMutablePointer<Float>) {
    weights.values.withUnsafeBufferPointer { weights in
      constants.values.withUnsafeBufferPointer { constants in
        guard let weights = weights.baseAddress else { return }
        var product = MatrixProduct(rows: count, inner: inputs, columns: targets)
        product.bias = constants.baseAddress
        product.run(
          MatrixView(rows, width: inputs), MatrixView(weights, width: targets), into: result, stride: targets)
      }
    }
  }

  /// The factor of the covariance that a penalty assumes where a window is split into a moving average and what remains,
  /// each with weights of its own, as in DLinear.
  ///
  /// A map of both parts is a map of the window; equal penalties on the parts' weights v are a penalty on its weights
  /// w = P v with covariance P P'.
  static func decomposedPrior(inputs: Int, window: Int) -> [Double] {
    let half = window / 2
    var average = [Double](repeating: 0, count: inputs * inputs)
    for row in 0..<inputs {
      for offset in -half...half {
        // Edges are repeated.
        average[row * inputs + min(max(row + offset, 0), inputs - 1)] += 1 / Double(2 * half + 1)
      }
    }
    var rest = average.map { -$0 }
    for i in 0..<inputs { rest[i * inputs + i] += 1 }
    let first = multiplied(average, average, rows: inputs, inner: inputs, columns: inputs, transposingLeft: true)
    let second = multiplied(rest, rest, rows: inputs, inner: inputs, columns: inputs, transposingLeft: true)
    var covariance = zip(first, second).map { $0 + $1 }
    for i in 0..<inputs { covariance[i * inputs + i] += 1e-9 }
    guard factorPositive(&covariance, size: inputs) else {
      return (0..<inputs * inputs).map { $0 % (inputs + 1) == 0 ? 1 : 0 }
    }
    // R is lower triangular: the transpose of the upper factor.
    var lower = [Double](repeating: 0, count: inputs * inputs)
    for i in 0..<inputs {
      for j in 0...i { lower[i * inputs + j] = covariance[j * inputs + i] }
    }
    return lower
  }
}
