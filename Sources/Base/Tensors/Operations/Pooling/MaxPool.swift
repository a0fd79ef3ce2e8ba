import Basics
import Kernels

/// The largest element under a window, per channel.
package struct MaxPool: Operation {
  package let geometry: ConvolutionGeometry
  package var name: String { "maxPool" }
  package var gradientReads: GradientReads { .nothing }

  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    let result = Tensor(uninitialized: geometry.outputShape, x.type, for: name)
    let winners = Tensor(uninitialized: geometry.outputShape, .int32, for: name)
    switch x.type {
    case .float32: PoolKernels(geometry).largest(x.floats, result.floats, winners.pointer(Int32.self))
    case .float64: pool(x.pointer(Double.self), result.pointer(Double.self), winners.pointer(Int32.self))
    default: stop(name, "there is no pooling of \(x.type)")
    }
    run.keep(winners)
    return [result]
  }

  /// A winner is the number of its pixel in the image; not-a-number wins. A window in the padding alone has no
  /// winner, -1, and the result 0.
  private func pool<Element: BinaryFloatingPoint>(
    _ x: UnsafePointer<Element>, _ result: UnsafeMutablePointer<Element>, _ winners: UnsafeMutablePointer<Int32>
  ) {
    let geometry = geometry
    let channels = geometry.channels
    forEachTask(geometry.batch) { image in
      let pixels = geometry.outHeight * geometry.outWidth * channels
      (result + image * pixels).update(repeating: -.infinity, count: pixels)
      (winners + image * pixels).update(repeating: -1, count: pixels)
      geometry.forEachTap(image: image) { input, _, output in
        let pixel = Int32(truncatingIfNeeded: input / channels - image * geometry.height * geometry.width)
        for c in 0..<channels {
          let value = x[input + c]
          if winners[output + c] < 0 || value > result[output + c] || (value.isNaN && !result[output + c].isNaN) {
            result[output + c] = value
            winners[output + c] = pixel
          }
        }
      }
      for i in image * pixels..<(image + 1) * pixels where winners[i] < 0 { result[i] = 0 }
    }
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    let winners = Recording.keepsAll ? geometry.winners(call.inputs[0]) : call.kept[0]
    return [upstream[0].map { apply(one: MaxPoolGradient(geometry: geometry, isGathering: false), $0, winners) }]
  }
}

/// Carries what belongs to the output of a max pool to the winners, or back from there: each is the gradient of the other.
package struct MaxPoolGradient: Operation {
  let geometry: ConvolutionGeometry
  let isGathering: Bool
  package var name: String { "gradient of maxPool" }

  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let (values, winners) = (inputs[0], inputs[1])
    let shape = isGathering ? geometry.outputShape : geometry.inputShape
    let result = Tensor(uninitialized: shape, values.type, for: name)
    switch values.type {
    case .float32 where !isGathering:
      PoolKernels(geometry).largestGradient(values.floats, winners.pointer(Int32.self), result.floats)
    case .float32: move(values.pointer(Float.self), winners.pointer(Int32.self), result.pointer(Float.self))
    case .float64: move(values.pointer(Double.self), winners.pointer(Int32.self), result.pointer(Double.self))
    default: stop(name, "there is no pooling of \(values.type)")
    }
    return [result]
  }

  private func move<Element: BinaryFloatingPoint>(
    _ values: UnsafePointer<Element>, _ winners: UnsafePointer<Int32>, _ result: UnsafeMutablePointer<Element>
  ) {
    let channels = geometry.channels
    let (ins, outs) = (geometry.height * geometry.width, geometry.outHeight * geometry.outWidth)
    let isGathering = isGathering
    forEachTask(geometry.batch) { image in
      if !isGathering { (result + image * ins * channels).update(repeating: 0, count: ins * channels) }
      for output in image * outs..<(image + 1) * outs {
        for c in 0..<channels {
          let winner = Int(winners[output * channels + c])
          let input = (image * ins + winner) * channels + c
          if isGathering {
            result[output * channels + c] = winner < 0 ? 0 : values[input]
          } else if winner >= 0 {
            result[input] += values[output * channels + c]
          }
        }
      }
    }
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    [
      upstream[0].map {
        apply(one: MaxPoolGradient(geometry: geometry, isGathering: !isGathering), $0, call.inputs[1])
      }, nil,
    ]
  }
}

/// The largest element under a window that passes over images, per channel.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - size: The window's height and width.
///   - stride: From window to window; the size unless given.
///   - padding: Room around the image that never wins; none unless given.
/// - Returns: [batch, out height, out width, channels]. The gradient goes to the first winner.
public func maxPool(_ x: Tensor, size: (Int, Int), stride: (Int, Int)? = nil, padding: Padding = .valid) -> Tensor {
  apply(one: MaxPool(geometry: poolGeometry(x, size, stride, padding, "maxPool")), x)
}

/// The geometry of a window; its channels stay apart.
package func poolGeometry(
  _ x: Tensor, _ size: (Int, Int), _ stride: (Int, Int)?, _ padding: Padding, _ operation: String
) -> ConvolutionGeometry {
  require(x.rank == 4, operation, "takes [batch, height, width, channels], not shape \(x.shape)")
  var options = ConvolutionOptions(padding: padding)
  (options.strideHeight, options.strideWidth) = stride ?? size
  return ConvolutionGeometry(input: x.shape, kernel: size, outChannels: x.shape[3], options: options, operation)
}
