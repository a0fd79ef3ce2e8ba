import Basics
import CKernels
import Kernels

/// The sum of two tensors and its layer normalisation, in one pass: what stands between the parts of a transformer.
package struct AddLayerNorm: Operation {
  package let epsilon: Double
  package var name: String { "addLayerNorm" }
  package var gradientReads: GradientReads { [.inputs, .outputs] }

  /// Inputs: x [..., n], residual [..., n], gain [n], bias [n]. Outputs: the sum and its normalisation.
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    check(inputs)
    let (x, rows) = (inputs[0], Rows(inputs[0].shape))
    let results = (0..<2).map { _ in Tensor(uninitialized: x.shape, .float32, for: name) }
    let moments = rowMoments(x.shape, run, name)
    rows.forEachPart { first, count in
      let start = first * rows.width
      assay_add_layer_norm(
        x.floats + start, inputs[1].floats + start, inputs[2].floats, inputs[3].floats, results[0].floats + start,
        results[1].floats + start, moments.map { $0.mean.floats + first }, moments.map { $0.scale.floats + first },
        count, rows.width, Float(epsilon))
    }
    if let moments { run.keep(moments.mean, moments.scale) }
    return results
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    check(inputs)
    let sum = inputs[0] + inputs[1]
    return [sum, apply(one: LayerNorm(epsilon: epsilon), sum, inputs[2], inputs[3])]
  }

  private func check(_ inputs: [Tensor]) {
    require(
      inputs[0].shape == inputs[1].shape && inputs[0].type == inputs[1].type, name,
      "\(inputs[0].type) \(inputs[0].shape) and \(inputs[1].type) \(inputs[1].shape) differ")
    checkRowParameters(inputs[0], Array(inputs[2...]), name)
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[1] else { return [upstream[0], upstream[0], nil, nil] }
    let results = layerNormGradients(
      call.outputs[0], g, gain: call.inputs[2], call.kept, also: upstream[0], name)
    // The sum passes its gradient on to both terms.
    return [results[0], results[0], results[1], results[2]]
  }
}

/// The sum of two tensors and its layer normalisation in one pass; see `layerNorm(_:gain:bias:epsilon:)`.
///
/// - Parameters:
///   - x: [..., n].
///   - residual: The shape of x.
///   - gain: [n]; ones unless given.
///   - bias: [n]; zeros unless given.
///   - epsilon: Added to the variance; 1e-5 unless given.
/// - Returns: x + residual, and its normalisation.
public func addLayerNorm(
  _ x: Tensor, _ residual: Tensor, gain: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
) -> (sum: Tensor, normalized: Tensor) {
  let (gain, bias) = (gain ?? rowOf(1, like: x, "addLayerNorm"), bias ?? rowOf(0, like: x, "addLayerNorm"))
  let outputs = apply(AddLayerNorm(epsilon: epsilon), [x, residual, gain, bias])
  return (outputs[0], outputs[1])
}
