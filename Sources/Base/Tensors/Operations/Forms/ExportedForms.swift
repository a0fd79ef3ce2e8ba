import Basics

// Operations for which other formats have no operator, and which are not made of others here: most of them are met only
// where gradients are a part of what is exported.

extension Dropout: ExportedOperation {
  /// What is dropped does not depend on the numbers.
  package func exported(_ inputs: [Tensor]) -> [Tensor]? {
    let x = inputs[0]
    let mask = apply(one: self, Tensor.ones(x.shape)).cast(to: x.type)
    return [select(mask .== 0, x.constant(0), x * mask)]
  }
}

extension Place: ExportedOperation {
  /// Elements that lie apart: fillers are put behind each, then all is placed without gaps.
  package func exported(_ inputs: [Tensor]) -> [Tensor]? {
    var (x, starts) = (inputs[0], box.starts)
    guard box.steps.contains(where: { $0 != 1 }), !box.sizes.contains(0) else { return nil }
    for (axis, step) in box.steps.enumerated() where step != 1 {
      let reach = (x.shape[axis] - 1) * Swift.abs(step)
      if step < 0 {
        x = x.flipped(axes: [axis])
        starts[axis] -= reach
      }
      var widths = Array(repeating: (before: 0, after: 0), count: x.rank + 1)
      widths[axis + 1].after = Swift.abs(step) - 1
      let shape = Array(x.shape[..<axis]) + [x.shape[axis] * Swift.abs(step)] + Array(x.shape[(axis + 1)...])
      x = x.expanded(axis: axis + 1).padded(widths, with: filler).reshaped(to: shape).sliced(axis: axis, 0..<reach + 1)
    }
    let whole = Slice(starts: starts, sizes: x.shape, steps: starts.map { _ in 1 })
    return [apply(one: Place(shape: shape, box: whole, filler: filler), x)]
  }
}

extension ScatterAdd: ExportedOperation {
  /// Indices of several axes as those of one.
  package func exported(_ inputs: [Tensor]) -> [Tensor]? {
    let (values, indices) = (inputs[0], inputs[1])
    guard indices.rank != 1 else { return nil }
    let rest = values.shape[(axis + indices.rank)...]
    let flat = values.reshaped(to: Array(values.shape[..<axis]) + [indices.count] + rest)
    return apply(self, [flat, indices.reshaped(to: [indices.count])] + inputs[2...])
  }
}

extension AveragePoolGradient: ExportedOperation {
  /// A transposed convolution of each channel with ones.
  package func exported(_ inputs: [Tensor]) -> [Tensor]? {
    var window = geometry
    window.groups = window.channels
    let ones = Tensor.ones(window.weightShape, type: inputs[0].type)
    let shares = Tensor(
      windowShares(geometry, countsPadding, Double.self), shape: [geometry.outHeight, geometry.outWidth, 1])
    let spread = ConvolutionInputGradient(geometry: window, precision: .float32)
    return [apply(one: spread, inputs[0] * shares.cast(to: inputs[0].type), ones)]
  }
}

extension ConvolutionWeightGradient: ExportedOperation {
  /// For each element of the kernel the product of what it meets with what comes back, over all places.
  package func exported(_ inputs: [Tensor]) -> [Tensor]? {
    let g = inputs[1]
    let groups = geometry.groups
    let (channels, outs) = (geometry.channels / groups, geometry.outChannels / groups)
    func rows(_ x: Tensor, _ width: Int, _ group: Int) -> Tensor {
      x.sliced(axis: 3, group * width..<(group + 1) * width).reshaped(to: [-1, width])
    }
    let taps = geometry.taps(inputs[0], beside: 0).map { tap in
      concatenated(
        (0..<groups).map { group in
          matmul(rows(tap, channels, group), rows(g, outs, group), transposingLeft: true)
        }, axis: 1)
    }
    return [stacked(taps).reshaped(to: geometry.weightShape)]
  }
}

extension MaxPoolGradient: ExportedOperation {
  /// Winners as places along an axis of all pixels of an image.
  package func exported(_ inputs: [Tensor]) -> [Tensor]? {
    let pixels = geometry.height * geometry.width
    func flat(_ x: Tensor) -> Tensor { x.reshaped(to: [x.shape[0], x.shape[1] * x.shape[2], x.shape[3]]) }
    let places = flat(inputs[1].cast(to: .int64))
    if isGathering {
      return [flat(inputs[0]).taken(along: 1, at: places).reshaped(to: geometry.outputShape)]
    }
    return [apply(one: PutAlong(axis: 1, size: pixels), flat(inputs[0]), places).reshaped(to: geometry.inputShape)]
  }
}

extension ConvolutionGeometry {
  /// For each element of the kernel, row by row, what it meets at the places of the output: [batch, out height, out
  /// width, channels].
  func taps(_ x: Tensor, beside filler: Double) -> [Tensor] {
    let framed = x.padded([(0, 0), (padTop, padBottom), (padLeft, padRight), (0, 0)], with: filler)
    return (0..<kernelHeight * kernelWidth).map { element in
      let (row, column) = (element / kernelWidth * dilationHeight, element % kernelWidth * dilationWidth)
      return framed.sliced(axis: 1, row..<row + (outHeight - 1) * strideHeight + 1, step: strideHeight)
        .sliced(axis: 2, column..<column + (outWidth - 1) * strideWidth + 1, step: strideWidth)
    }
  }

  /// The number of the pixel that is the first of the largest under each window, int64 [batch, out height, out width,
  /// channels].
  func winners(_ x: Tensor) -> Tensor {
    let values = taps(x, beside: -.infinity)
    let numbers = Tensor.range(height * width).reshaped(to: [1, height, width, 1])
    let places = taps(numbers, beside: 0)
    var (largest, winner) = (values[0], places[0])
    for (value, place) in zip(values, places).dropFirst() {
      let isLarger = value .> largest
      largest = select(isLarger, value, largest)
      winner = select(isLarger, place, winner)
    }
    return winner.broadcast(to: [x.shape[0], outHeight, outWidth, channels])
  }
}
