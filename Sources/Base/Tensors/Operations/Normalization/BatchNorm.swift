import Basics
import CKernels
import Kernels

/// Batch normalisation by the statistics of the batch, with what often follows in the same pass.
package struct BatchNorm: Operation {
  package let epsilon: Double
  package let isRectified: Bool
  /// Whether the largest of each 2 x 2 window follows; only together with the rectifier.
  package let isPooled: Bool
  package var name: String { "batchNorm" }
  package var gradientReads: GradientReads { isRectified && !isPooled ? [.inputs, .outputs] : .inputs }

  /// Inputs: x [..., C], scale [C], shift [C]. Outputs: the normalised tensor, mean [C], variance [C].
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let (x, scale, shift) = (inputs[0], inputs[1], inputs[2])
    let channels = check(x, scale, shift)
    let rows = x.count / max(channels, 1)
    let (means, variances) = ChannelReductions.moments(x.floats, rows: rows, channels: channels)
    let mean = Tensor(means.map(Float.init))
    let deviations = Tensor(variances.map { Float(1 / ($0 + epsilon).squareRoot()) })
    let factor = Tensor((0..<channels).map { scale.floats[$0] * deviations.floats[$0] })
    let offset = Tensor((0..<channels).map { Float(Double(shift.floats[$0]) - means[$0] * Double(factor.floats[$0])) })
    let (result, winners) = ChannelAffine.apply(x, factor, offset, isRectified: isRectified, isPooled: isPooled)
    run.keep(mean, deviations)
    if let winners { run.keep(winners) }
    return [result, mean, Tensor(variances.map(Float.init))]
  }

  private func check(_ x: Tensor, _ scale: Tensor, _ shift: Tensor) -> Int {
    let channels = x.shape.last ?? 0
    require(
      x.rank >= 1 && scale.shape == [channels] && shift.shape == [channels], name,
      "shapes do not fit: x \(x.shape), scale \(scale.shape), shift \(shift.shape)")
    require(x.type == .float32 && scale.type == .float32 && shift.type == .float32, name, "types are not all float32")
    return channels
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    let (x, scale, shift) = (inputs[0], inputs[1], inputs[2])
    let axes = Array(0..<x.rank - 1)
    let mean = x.mean(axes: axes)
    let variance = square(x - mean).mean(axes: axes)
    let normalized = (x - mean) / sqrt(variance + epsilon) * scale + shift
    let rectified = isRectified ? relu(normalized) : normalized
    return [isPooled ? maxPool(rectified, size: (2, 2)) : rectified, mean.detached(), variance.detached()]
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0] else { return [nil, nil, nil] }
    let (x, scale) = (call.inputs[0], call.inputs[1])
    let (mean, deviations) = (call.kept[0], call.kept[1])
    let channels = scale.count
    let rows = x.count / max(channels, 1)
    let output = isRectified && !isPooled ? call.outputs[0] : nil
    let sums: [Double]
    let products: [Double]
    if isPooled {
      (sums, products) = PooledRows(x).sums { start, height, width, first, second in
        assay_batch_norm_pool_sums(
          x.floats + 4 * start, call.kept[2].pointer(UInt8.self) + start, g.floats + start, height, width, channels,
          mean.floats, first, second)
      }
    } else {
      let grain = ChannelReductions.grain(channels)
      (sums, products) = ChannelReductions.sums(parts: (rows + grain - 1) / grain, channels: channels) {
        part, first, second in
        let start = part * grain * channels
        assay_batch_norm_sums(
          x.floats + start, output.map { UnsafePointer($0.floats + start) }, g.floats + start,
          min(grain, rows - part * grain), channels, mean.floats, first, second)
      }
    }
    // dx = a (g - mean of g - x^ mean of (g x^)), written as g a + x b + k.
    let share = 1 / Double(max(rows, 1))
    let a = (0..<channels).map { Double(scale.floats[$0]) * Double(deviations.floats[$0]) }
    let b = (0..<channels).map {
      -a[$0] * Double(deviations.floats[$0]) * Double(deviations.floats[$0]) * products[$0] * share
    }
    let k = (0..<channels).map { -a[$0] * sums[$0] * share - b[$0] * Double(mean.floats[$0]) }
    let factors = [a, b, k].map { Tensor($0.map(Float.init)) }
    var dx: Tensor?
    if call.needs[0] {
      let result = Tensor(uninitialized: x.shape, .float32, for: name)
      if isPooled {
        PooledRows(x).forEach { start, height, width in
          assay_batch_norm_pool_apply(
            x.floats + 4 * start, call.kept[2].pointer(UInt8.self) + start, g.floats + start, height, width, channels,
            factors[0].floats, factors[1].floats, factors[2].floats, result.floats + 4 * start)
        }
      } else {
        forEachPart(of: rows, grain: ChannelReductions.grain(channels)) { part in
          let start = part.lowerBound * channels
          assay_batch_norm_apply(
            x.floats + start, output.map { UnsafePointer($0.floats + start) }, g.floats + start, part.count, channels,
            factors[0].floats, factors[1].floats, factors[2].floats, result.floats + start)
        }
      }
      dx = result
    }
    let scaleGradient = Tensor((0..<channels).map { Float(products[$0] * Double(deviations.floats[$0])) })
    return [dx, scaleGradient, Tensor(sums.map(Float.init))]
  }
}

/// A batch of images cut into strips of pooled rows.
struct PooledRows {
  let height: Int
  let width: Int
  let channels: Int
  let rows: Int

  init(_ x: Tensor) {
    height = x.shape[1] / 2
    width = x.shape[2] / 2
    channels = x.shape[3]
    rows = x.shape[0] * height
  }

  private var grain: Int { max(1, 32_768 / max(width * channels, 1)) }

  /// Calls the body with the first element of the pooled tensor, and height and width, of each strip.
  func forEach(_ body: (_ start: Int, _ height: Int, _ width: Int) -> Void) {
    forEachPart(of: rows, grain: grain) { body($0.lowerBound * width * channels, $0.count, width) }
  }

  /// Adds up two sums per channel over the strips.
  func sums(
    _ body: (Int, Int, Int, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) -> Void
  ) -> ([Double], [Double]) {
    ChannelReductions.sums(parts: (rows + grain - 1) / grain, channels: channels) { part, first, second in
      body(part * grain * width * channels, min(grain, rows - part * grain), width, first, second)
    }
  }
}

/// Batch normalisation by the statistics of the batch (Ioffe and Szegedy 2015).
///
/// - Parameters:
///   - x: [..., channels]; statistics are over all axes but the last.
///   - scale: [channels].
///   - shift: [channels].
///   - epsilon: Added to the variance; 1e-5 unless given.
///   - activation: What follows; nothing unless given.
///   - poolsByTwo: Whether the largest of each 2 x 2 window follows, for x [batch, even height, even width, channels];
///     false unless set. With `.relu` all three are done in one pass.
/// - Returns: The normalised tensor, and mean and variance (population) of the batch, [channels] each, off the record.
public func batchNorm(
  _ x: Tensor, scale: Tensor, shift: Tensor, epsilon: Double = 1e-5, activation: Activation = .identity,
  poolsByTwo: Bool = false
) -> (output: Tensor, mean: Tensor, variance: Tensor) {
  let isRectified = activation == .relu
  let isPooled = poolsByTwo && isRectified && canPool(x)
  let outputs = apply(
    BatchNorm(epsilon: epsilon, isRectified: isRectified, isPooled: isPooled), [x, scale, shift])
  let activated = isRectified ? outputs[0] : activation(outputs[0])
  return (
    poolsByTwo && !isPooled ? maxPool(activated, size: (2, 2)) : activated, outputs[1].detached(),
    outputs[2].detached()
  )
}

/// Whether 2 x 2 windows tile the images.
func canPool(_ x: Tensor) -> Bool { x.rank == 4 && x.shape[1] % 2 == 0 && x.shape[2] % 2 == 0 }

/// Batch normalisation by given statistics, as in prediction.
///
/// - Parameters:
///   - x: [..., channels].
///   - scale: [channels].
///   - shift: [channels].
///   - mean: [channels].
///   - variance: [channels].
///   - epsilon: Added to the variance; 1e-5 unless given.
///   - activation: What follows; nothing unless given.
///   - poolsByTwo: As for the statistics of the batch.
/// - Returns: The normalised tensor.
public func batchNorm(
  _ x: Tensor, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor, epsilon: Double = 1e-5,
  activation: Activation = .identity, poolsByTwo: Bool = false
) -> Tensor {
  let isRectified = activation == .relu
  let isPooled = poolsByTwo && isRectified && canPool(x)
  let operation = FixedBatchNorm(epsilon: epsilon, isRectified: isRectified, isPooled: isPooled)
  let result = apply(one: operation, x, scale, shift, mean, variance)
  let activated = isRectified ? result : activation(result)
  return poolsByTwo && !isPooled ? maxPool(activated, size: (2, 2)) : activated
}
