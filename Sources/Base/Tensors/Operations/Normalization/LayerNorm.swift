import Basics
import CKernels
import Kernels

/// Normalisation of each row (the last axis) to mean 0 and variance 1, then perhaps a gain and a bias.
package struct LayerNorm: Operation {
  package let epsilon: Double
  package var name: String { "layerNorm" }

  /// Inputs: x [..., n], perhaps gain [n] and bias [n].
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    checkRowParameters(x, Array(inputs[1...]), name)
    let result = Tensor(uninitialized: x.shape, .float32, for: name)
    let moments = rowMoments(x.shape, run, name)
    let rows = Rows(x.shape)
    rows.forEachPart { first, count in
      let start = first * rows.width
      assay_layer_norm(
        x.floats + start, parameter(inputs, 1), parameter(inputs, 2), result.floats + start,
        moments.map { $0.mean.floats + first }, moments.map { $0.scale.floats + first }, count, rows.width,
        Float(epsilon))
    }
    if let moments { run.keep(moments.mean, moments.scale) }
    return [result]
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    let x = inputs[0]
    checkRowParameters(x, Array(inputs[1...]), name)
    let centred = x - x.mean(axes: [-1], keepsAxes: true)
    let variance = square(centred).mean(axes: [-1], keepsAxes: true)
    let normal = centred / sqrt(variance + epsilon)
    return [inputs.count == 1 ? normal : normal * inputs[1] + inputs[2]]
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0] else { return call.inputs.map { _ in nil } }
    let parameters = call.inputs.count == 1 ? nil : call.inputs[1]
    return layerNormGradients(call.inputs[0], g, gain: parameters, call.kept, also: nil, name)
  }
}

/// A gain or bias among the inputs, if there is one.
func parameter(_ inputs: [Tensor], _ index: Int) -> UnsafePointer<Float>? {
  index < inputs.count ? UnsafePointer(inputs[index].floats) : nil
}

/// Room for each row's mean and inverse deviation, where a gradient may be asked for.
func rowMoments(_ shape: [Int], _ run: OperationRun, _ operation: String) -> (mean: Tensor, scale: Tensor)? {
  guard run.isRecorded else { return nil }
  let rows = Array(shape.dropLast())
  return (
    Tensor(uninitialized: rows, .float32, for: operation), Tensor(uninitialized: rows, .float32, for: operation)
  )
}

/// The gradients with respect to x, and to gain and bias where there are any.
///
/// - Parameter also: A gradient that reaches x past the normalisation.
func layerNormGradients(
  _ x: Tensor, _ upstream: Tensor, gain: Tensor?, _ kept: [Tensor], also: Tensor?, _ operation: String
) -> [Tensor?] {
  let result = Tensor(uninitialized: x.shape, .float32, for: operation)
  let rows = Rows(x.shape)
  func backward(_ first: Int, _ count: Int, _ sums: UnsafeMutablePointer<Float>?) {
    let start = first * rows.width
    assay_layer_norm_backward(
      x.floats + start, upstream.floats + start, gain.map { UnsafePointer($0.floats) }, kept[0].floats + first,
      kept[1].floats + first, also.map { UnsafePointer($0.floats + start) }, result.floats + start, sums,
      sums.map { $0 + rows.width }, count, rows.width)
  }
  guard gain != nil else {
    rows.forEachPart { first, count in backward(first, count, nil) }
    return [result]
  }
  return [result] + rows.sums(2, backward)
}

/// Stops unless x has rows and each parameter is one row of its length and type.
func checkRowParameters(_ x: Tensor, _ parameters: [Tensor], _ operation: String) {
  require(
    x.rank >= 1 && x.type.isFloatingPoint
      && parameters.allSatisfy { $0.shape == [x.shape[x.rank - 1]] && $0.type == x.type }, operation,
    "\(parameters.map { "\($0.type) \($0.shape)" }.joined(separator: " and ")) do not fit rows of \(x.type) \(x.shape)")
}

/// Layer normalisation (Ba, Kiros and Hinton 2016): each row, the last axis, is brought to mean 0 and variance 1, then
/// multiplied with a gain and shifted by a bias.
///
/// - Parameters:
///   - x: [..., n].
///   - gain: [n]; ones unless given.
///   - bias: [n]; zeros unless given.
///   - epsilon: Added to the variance; 1e-5 unless given.
/// - Returns: [..., n].
public func layerNorm(_ x: Tensor, gain: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5) -> Tensor {
  let operation = LayerNorm(epsilon: epsilon)
  guard gain != nil || bias != nil else { return apply(one: operation, x) }
  return apply(one: operation, x, gain ?? rowOf(1, like: x, "layerNorm"), bias ?? rowOf(0, like: x, "layerNorm"))
}

/// A number for each element of a row.
func rowOf(_ value: Double, like x: Tensor, _ operation: String) -> Tensor {
  require(x.rank >= 1 && x.type.isFloatingPoint, operation, "\(x.type) of shape \(x.shape) has no rows to normalise")
  return Tensor(repeating: value, shape: [x.shape[x.rank - 1]], type: x.type)
}
