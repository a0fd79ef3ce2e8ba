import Basics
import Kernels

/// The mean under a window, per channel.
package struct AveragePool: Operation {
  package let geometry: ConvolutionGeometry
  /// Whether padding counts as zeros.
  package let countsPadding: Bool
  package var name: String { "averagePool" }
  package var gradientReads: GradientReads { .nothing }

  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    let result = Tensor(uninitialized: geometry.outputShape, x.type, for: name)
    switch x.type {
    case .float32: PoolKernels(geometry).mean(x.floats, countsPadding: countsPadding, result.floats)
    case .float64: pool(x.pointer(Double.self), result.pointer(Double.self))
    default: stop(name, "there is no pooling of \(x.type)")
    }
    return [result]
  }

  private func pool<Element: BinaryFloatingPoint>(
    _ x: UnsafePointer<Element>, _ result: UnsafeMutablePointer<Element>
  ) {
    let channels = geometry.channels
    let shares = windowShares(geometry, countsPadding, Element.self)
    forEachTask(geometry.batch) { image in
      let pixels = geometry.outHeight * geometry.outWidth
      (result + image * pixels * channels).update(repeating: 0, count: pixels * channels)
      geometry.forEachTap(image: image) { input, _, output in
        for c in 0..<channels { result[output + c] += x[input + c] }
      }
      for pixel in 0..<pixels {
        let start = (image * pixels + pixel) * channels
        for c in 0..<channels { result[start + c] *= shares[pixel] }
      }
    }
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    [upstream[0].map { apply(one: AveragePoolGradient(geometry: geometry, countsPadding: countsPadding), $0) }]
  }
}

/// Spreads what belongs to a mean evenly over its window.
package struct AveragePoolGradient: Operation {
  let geometry: ConvolutionGeometry
  let countsPadding: Bool
  package var name: String { "gradient of averagePool" }
  package var gradientReads: GradientReads { .nothing }

  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let g = inputs[0]
    let result = Tensor(uninitialized: geometry.inputShape, g.type, for: name)
    switch g.type {
    case .float32: PoolKernels(geometry).meanGradient(g.floats, countsPadding: countsPadding, result.floats)
    case .float64: spread(g.pointer(Double.self), result.pointer(Double.self))
    default: stop(name, "there is no pooling of \(g.type)")
    }
    return [result]
  }

  private func spread<Element: BinaryFloatingPoint>(
    _ g: UnsafePointer<Element>, _ result: UnsafeMutablePointer<Element>
  ) {
    let channels = geometry.channels
    let shares = windowShares(geometry, countsPadding, Element.self)
    forEachTask(geometry.batch) { image in
      let pixels = geometry.height * geometry.width * channels
      let first = image * geometry.outHeight * geometry.outWidth
      (result + image * pixels).update(repeating: 0, count: pixels)
      geometry.forEachTap(image: image) { input, _, output in
        let share = shares[output / channels - first]
        for c in 0..<channels { result[input + c] += g[output + c] * share }
      }
    }
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    [upstream[0].map { apply(one: AveragePool(geometry: geometry, countsPadding: countsPadding), $0) }]
  }
}

/// 1 over the number of elements under each window.
func windowShares<Element: BinaryFloatingPoint>(
  _ geometry: ConvolutionGeometry, _ countsPadding: Bool, _ type: Element.Type
) -> [Element] {
  var counts = [Int](repeating: 0, count: geometry.outHeight * geometry.outWidth)
  if countsPadding {
    counts = counts.map { _ in geometry.kernelHeight * geometry.kernelWidth }
  } else if geometry.batch > 0, geometry.channels > 0 {
    geometry.forEachTap(image: 0) { _, _, output in counts[output / geometry.outChannels] += 1 }
  }
  return counts.map { $0 == 0 ? 0 : 1 / Element($0) }
}

/// The mean under a window that passes over images, per channel.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - size: The window's height and width.
///   - stride: From window to window; the size unless given.
///   - padding: Room around the image; none unless given.
///   - countsPadding: Whether padding counts as zeros; false unless set.
/// - Returns: [batch, out height, out width, channels].
public func averagePool(
  _ x: Tensor, size: (Int, Int), stride: (Int, Int)? = nil, padding: Padding = .valid, countsPadding: Bool = false
) -> Tensor {
  let geometry = poolGeometry(x, size, stride, padding, "averagePool")
  return apply(one: AveragePool(geometry: geometry, countsPadding: countsPadding), x)
}

/// The mean over all pixels: [batch, height, width, channels] to [batch, channels].
public func globalAveragePool(_ x: Tensor) -> Tensor {
  require(x.rank == 4, "globalAveragePool", "takes [batch, height, width, channels], not shape \(x.shape)")
  return x.mean(axes: [1, 2])
}
