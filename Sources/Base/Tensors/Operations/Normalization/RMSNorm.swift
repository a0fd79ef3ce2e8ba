import Basics
import CKernels
import Kernels

/// Division of each row (the last axis) by its root mean square, then a gain.
package struct RMSNorm: Operation {
  package let epsilon: Double
  package var name: String { "rmsNorm" }

  /// Inputs: x [..., n], gain [n].
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    checkRowParameters(inputs[0], [inputs[1]], name)
    let (x, rows) = (inputs[0], Rows(inputs[0].shape))
    let result = Tensor(uninitialized: x.shape, .float32, for: name)
    let scales = run.isRecorded ? Tensor(uninitialized: Array(x.shape.dropLast()), .float32, for: name) : nil
    rows.forEachPart { first, count in
      let start = first * rows.width
      assay_rms_norm(
        x.floats + start, inputs[1].floats, result.floats + start, scales.map { $0.floats + first }, count, rows.width,
        Float(epsilon))
    }
    if let scales { run.keep(scales) }
    return [result]
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    let x = inputs[0]
    checkRowParameters(x, [inputs[1]], name)
    return [x / sqrt(square(x).mean(axes: [-1], keepsAxes: true) + epsilon) * inputs[1]]
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0] else { return [nil, nil] }
    let (x, rows) = (call.inputs[0], Rows(call.inputs[0].shape))
    let result = Tensor(uninitialized: x.shape, .float32, for: name)
    let gain = rows.sums(1) { first, count, sums in
      let start = first * rows.width
      assay_rms_norm_backward(
        x.floats + start, g.floats + start, call.inputs[1].floats, call.kept[0].floats + first, nil,
        result.floats + start, sums, count, rows.width)
    }
    return [result, gain[0]]
  }
}

/// Root-mean-square normalisation (Zhang and Sennrich 2019): each row, the last axis, is divided by its root mean square,
/// then multiplied with a gain.
///
/// - Parameters:
///   - x: [..., n].
///   - gain: [n]; ones unless given.
///   - epsilon: Added to the mean square; 1e-6 unless given.
/// - Returns: [..., n].
public func rmsNorm(_ x: Tensor, gain: Tensor? = nil, epsilon: Double = 1e-6) -> Tensor {
  apply(one: RMSNorm(epsilon: epsilon), x, gain ?? rowOf(1, like: x, "rmsNorm"))
}
