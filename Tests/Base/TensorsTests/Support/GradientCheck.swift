import Basics
import Checks
import Tensors
import XCTest

/// What a directional derivative may differ from a central difference by, relative to 1 and its size: the difference over
/// steps of 1e-5 is wrong by about 1e-10 times the third derivative, which stays below 1e3 here, and by rounding errors of
/// about 1e-16 / 1e-5 times the function's terms.
let gradientTolerance = 1e-6

/// Compares gradients in float64 with central differences along random directions, for several seeds.
///
/// The output y becomes a scalar, the sum of y (w + y / 2) with random weights w: so the gradient that comes to the function
/// depends on its inputs, and second gradients show whether the rule is differentiable in it. The second order is checked as the gradient of a random
/// projection of the gradient.
///
/// - Parameters:
///   - inputs: Float64 tensors at which the function is smooth.
///   - order: 1 or 2; 2 unless given.
///   - function: Gives a tensor of any shape, float64.
func checkGradients(
  _ name: String, at inputs: [Tensor], order: Int = 2, tolerance: Double = gradientTolerance,
  file: StaticString = #filePath, line: UInt = #line, _ function: ([Tensor]) -> Tensor
) {
  let shape = function(inputs).shape
  for seed in checkSeeds {
    let key = RandomKey(seed: seed)["gradients"]
    let weights = Tensor.normal(shape, key: key["weights"], type: .float64)
    func scalar(_ x: [Tensor]) -> Tensor {
      let y = function(x)
      return (y * (weights + y * 0.5)).sum()
    }
    compare(
      "\(name), gradient at shapes \(inputs.map(\.shape)), seed \(seed)", at: inputs, key["first"], tolerance, file,
      line,
      scalar)
    guard order > 1 else { continue }
    let projections = directions(inputs, key["projections"])
    compare(
      "\(name), second gradient at shapes \(inputs.map(\.shape)), seed \(seed)", at: inputs, key["second"], tolerance,
      file, line
    ) { x in
      let (_, gradients) = valueWithGradients(at: x, scalar)
      return zip(gradients, projections).map { ($0 * $1).sum() }.reduce(Tensor(0.0), +)
    }
  }
}

private func directions(_ inputs: [Tensor], _ key: RandomKey) -> [Tensor] {
  inputs.indices.map { Tensor.normal(inputs[$0].shape, key: key[$0], type: .float64) }
}

private func compare(
  _ name: String, at inputs: [Tensor], _ key: RandomKey, _ tolerance: Double, _ file: StaticString, _ line: UInt,
  _ scalar: ([Tensor]) -> Tensor
) {
  let along = directions(inputs, key)
  let step = 1e-5
  let above = scalar(zip(inputs, along).map { $0 + $1 * step }).scalar
  let below = scalar(zip(inputs, along).map { $0 - $1 * step }).scalar
  let (_, gradients) = valueWithGradients(at: inputs, scalar)
  let derivative = zip(gradients, along).map { ($0 * $1).sum().scalar }.reduce(0, +)
  XCTAssertEqual(
    derivative, (above - below) / (2 * step), accuracy: tolerance * (1 + Swift.abs(derivative)), name, file: file,
    line: line)
}
