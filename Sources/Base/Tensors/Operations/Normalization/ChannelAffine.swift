import Basics
import CKernels
import Kernels

/// x times a factor plus an offset per channel, with a rectifier and 2 x 2 max pooling where wanted, in one pass.
package struct ChannelAffine: Operation {
  let isRectified: Bool
  let isPooled: Bool
  package var name: String { "channelAffine" }

  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let (x, factor, offset) = (inputs[0], inputs[1], inputs[2])
    let channels = x.shape.last ?? 0
    require(
      x.rank >= 1 && factor.shape == [channels] && offset.shape == [channels] && x.type == .float32
        && factor.type == .float32 && offset.type == .float32, name,
      "shapes do not fit: x \(x.shape), factor \(factor.shape), offset \(offset.shape), all float32")
    return [Self.apply(x, factor, offset, isRectified: isRectified, isPooled: isPooled).result]
  }

  /// The result, and for a pooled one the winners' places.
  static func apply(
    _ x: Tensor, _ factor: Tensor, _ offset: Tensor, isRectified: Bool, isPooled: Bool
  ) -> (result: Tensor, winners: Tensor?) {
    let channels = factor.count
    if isPooled {
      let rows = PooledRows(x)
      let shape = [x.shape[0], rows.height, rows.width, channels]
      let result = Tensor(uninitialized: shape, .float32, for: "batchNorm")
      let winners = Tensor(uninitialized: shape, .uint8, for: "batchNorm")
      rows.forEach { start, height, width in
        assay_batch_norm_pool(
          x.floats + 4 * start, height, width, channels, factor.floats, offset.floats, result.floats + start,
          winners.pointer(UInt8.self) + start)
      }
      return (result, winners)
    }
    let result = Tensor(uninitialized: x.shape, .float32, for: "batchNorm")
    forEachPart(of: x.count / max(channels, 1), grain: ChannelReductions.grain(channels)) { part in
      let start = part.lowerBound * channels
      assay_channel_affine(
        x.floats + start, part.count, channels, factor.floats, offset.floats, isRectified ? 1 : 0,
        result.floats + start)
    }
    return (result, nil)
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    let result = inputs[0] * inputs[1] + inputs[2]
    let rectified = isRectified ? relu(result) : result
    return [isPooled ? maxPool(rectified, size: (2, 2)) : rectified]
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    // Rarely needed (statistics are fixed in prediction): the composition is walked.
    let leaves = call.inputs.map { $0.tracked() }
    guard let outputs = composition(leaves) else { return [nil, nil, nil] }
    return Tensors.gradients(of: outputs, seeds: upstream, at: leaves, isDifferentiable: false)
  }
}
