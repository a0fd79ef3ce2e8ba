import Basics
import CKernels
import Kernels

/// Batch normalisation by given statistics, with what often follows in the same pass.
package struct FixedBatchNorm: Operation {
  package let epsilon: Double
  package let isRectified: Bool
  /// Whether the largest of each 2 x 2 window follows; only together with the rectifier.
  package let isPooled: Bool
  package var name: String { "batchNorm" }

  /// Inputs: x [..., C], scale [C], shift [C], mean [C], variance [C].
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    let channels = x.shape.last ?? 0
    require(
      x.rank >= 1 && inputs[1...].allSatisfy { $0.shape == [channels] } && inputs.allSatisfy { $0.type == .float32 },
      name, "shapes do not fit: x \(x.shape), scale, shift, mean and variance \(inputs[1...].map(\.shape)), all float32"
    )
    let (scale, shift, mean, variance) = (inputs[1].floats, inputs[2].floats, inputs[3].floats, inputs[4].floats)
    let (factor, offset) = (Tensor(uninitialized: [channels], .float32), Tensor(uninitialized: [channels], .float32))
    for channel in 0..<channels {
      let slope = Double(scale[channel]) / (Double(variance[channel]) + epsilon).squareRoot()
      factor.floats[channel] = Float(slope)
      offset.floats[channel] = Float(Double(shift[channel]) - Double(mean[channel]) * slope)
    }
    return [ChannelAffine.apply(x, factor, offset, isRectified: isRectified, isPooled: isPooled).result]
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    let factor = inputs[1] / sqrt(inputs[4] + epsilon)
    let affine = ChannelAffine(isRectified: isRectified, isPooled: isPooled)
    return [apply(one: affine, inputs[0], factor, inputs[2] - inputs[3] * factor)]
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    gradientsOfComposition(upstream, call)
  }
}
