import Basics
import Kernels

/// Axes made longer or shorter, one after the other, by interpolation.
package struct Resize: Operation {
  package let options: ResizeOptions
  /// Ascending.
  package let axes: [Int]
  /// The new sizes of the axes.
  package let sizes: [Int]
  /// What coordinates are divided by; nil for the new sizes over the old.
  package let scales: [Float]?
  package var name: String { "resize" }
  package var gradientReads: GradientReads { .nothing }

  private func resized(_ index: Int, of shape: [Int]) -> ResizedAxis {
    ResizedAxis(from: shape[axes[index]], to: sizes[index], scale: scales?[index], options)
  }

  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    var x = inputs[0].detached()
    require(
      options.method == .nearest || x.type == .float32, name, "there is no \(options.method) resizing of \(x.type)")
    for (index, axis) in axes.enumerated() {
      let resized = resized(index, of: x.shape)
      x = options.method == .nearest ? nearest(x, axis, resized) : interpolated(x, axis, resized, isReversed: false)
    }
    return [x]
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    var x = inputs[0]
    for (index, axis) in axes.enumerated() {
      let resized = resized(index, of: x.shape)
      guard options.method != .nearest else {
        x = nearest(x, axis, resized)
        continue
      }
      let shape = [sizes[index]] + Array(repeating: 1, count: x.rank - axis - 1)
      let terms = (0..<resized.width).map { tap in
        let chosen = stride(from: tap, to: resized.places.count, by: resized.width)
        let shares = Tensor(chosen.map { resized.shares[$0] }, shape: shape).cast(to: x.type)
        return x.gathered(at: Tensor(chosen.map { Int64(resized.places[$0]) }), axis: axis) * shares
      }
      x = terms.dropFirst().reduce(terms[0], +)
    }
    return [x]
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard var g = upstream[0] else { return [nil] }
    for (index, axis) in axes.enumerated().reversed() {
      g = interpolated(g, axis, resized(index, of: call.inputs[0].shape), isReversed: true)
    }
    return [g]
  }
}

private func nearest(_ x: Tensor, _ axis: Int, _ resized: ResizedAxis) -> Tensor {
  x.gathered(at: Tensor(resized.places.map(Int64.init)), axis: axis)
}

/// Each new slice as a sum of old ones or, reversed, to each old slice what new ones have of it: float32.
private func interpolated(_ x: Tensor, _ axis: Int, _ resized: ResizedAxis, isReversed: Bool) -> Tensor {
  var shape = x.shape
  shape[axis] = isReversed ? resized.oldSize : resized.newSize
  let result = Tensor(repeating: 0, shape: shape)
  let extent = AxisExtent(shape, axis...axis)
  let (source, target, inner) = (x.floats, result.floats, extent.inner)
  let (from, to, width) = (x.shape[axis], shape[axis], resized.width)
  withExtendedLifetime(x) {
    resized.places.withUnsafeBufferPointer { places in
      resized.shares.withUnsafeBufferPointer { shares in
        extent.forEachColumnBlock { outer, columns in
          for term in 0..<places.count {
            let (new, old, share) = (term / width, places[term], shares[term])
            let row = source + (outer * from + (isReversed ? new : old)) * inner
            let sum = target + (outer * to + (isReversed ? old : new)) * inner
            for column in columns { sum[column] += share * row[column] }
          }
        }
      }
    }
  }
  return result
}

/// Axes made longer or shorter to given sizes, by interpolation along one after the other.
///
/// - Parameters:
///   - x: Any shape: images are [batch, height, width, channels]. Elements of any type for the nearest place,
///     floating-point numbers for interpolation.
///   - sizes: The new size of each axis.
///   - axes: Negative ones count from the last; all but the first and the last unless given.
///   - options: The nearest place unless given.
public func resize(
  _ x: Tensor, to sizes: [Int], axes: [Int]? = nil, options: ResizeOptions = ResizeOptions()
) -> Tensor {
  resized(x, to: sizes, scales: nil, axes, options)
}

/// Axes made longer or shorter by factors, by interpolation along one after the other.
///
/// - Parameters:
///   - x: As for sizes.
///   - factors: For each axis a factor above 0. The new size is the old times the factor, rounded down; the places of
///     the new axis are as far from one another as the factor says, even where that is not the ratio of the sizes.
///   - axes: Negative ones count from the last; all but the first and the last unless given.
///   - options: The nearest place unless given.
public func resize(
  _ x: Tensor, by factors: [Double], axes: [Int]? = nil, options: ResizeOptions = ResizeOptions()
) -> Tensor {
  let chosen = resizedAxes(x, axes, count: factors.count)
  let sizes = zip(chosen, factors).map { axis, factor in
    let size = Float(x.shape[axis]) * Float(factor)
    require(
      size >= 0 && size < 0x1p40 && factor > 0, "resize", "there is no axis of \(x.shape[axis]) times \(factor) places")
    return Int(size)
  }
  return resized(x, to: sizes, scales: factors.map { Float($0) }, chosen, options)
}

private func resizedAxes(_ x: Tensor, _ axes: [Int]?, count: Int) -> [Int] {
  require(
    axes != nil || x.rank >= 3, "resize", "shape \(x.shape) has no axes between the first and the last: name some")
  let chosen = axes?.map { x.axis($0, "resize") } ?? Array(1..<x.rank - 1)
  require(
    Set(chosen).count == chosen.count && chosen.count == count, "resize",
    "\(count) sizes or factors for axes \(chosen) of shape \(x.shape)")
  return chosen
}

private func resized(
  _ x: Tensor, to sizes: [Int], scales: [Float]?, _ axes: [Int]?, _ options: ResizeOptions
) -> Tensor {
  let chosen = resizedAxes(x, axes, count: sizes.count)
  for (axis, size) in zip(chosen, sizes) {
    require(
      size == 0 || (size > 0 && x.shape[axis] > 0), "resize",
      "axis \(axis) of shape \(x.shape) cannot have \(size) places")
  }
  require(
    options.method == .nearest || x.type.isFloatingPoint, "resize",
    "there is no \(options.method) resizing of \(x.type) (shape \(x.shape)); cast first")
  if sizes.isEmpty { return x }
  let order = chosen.indices.sorted { chosen[$0] < chosen[$1] }
  let operation = Resize(
    options: options, axes: order.map { chosen[$0] }, sizes: order.map { sizes[$0] },
    scales: scales.map { scales in order.map { scales[$0] } })
  return apply(one: operation, x)
}
