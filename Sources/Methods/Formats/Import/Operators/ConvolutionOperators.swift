import Tensors

private func convolution(_ settings: NodeSettings) throws -> OperatorBody {
  let spatial = try SpatialSettings(settings)
  let groups = try settings.integer("group", 1)
  guard (1...1 << 20).contains(groups) else { throw settings.unsupported("\(groups) groups") }
  return { call in
    let (value, weight) = (try call.floating(0), try call.floating(1).plain)
    let shape = value.shape
    try call.need(shape.count >= 3 && weight.rank == shape.count, "shapes \(shape) and \(weight.shape) do not fit")
    let windows = try spatial.windows(on: Array(shape[2...]), window: Array(weight.shape[2...]), call)
    let outputs = weight.shape[0]
    try call.need(
      weight.shape[1] * groups == shape[1] && outputs % groups == 0 && outputs > 0 && shape[1] > 0,
      "\(groups) groups of weights of shape \(weight.shape) do not fit shape \(shape)")
    let bias = try call.optional(2).map { bias in
      try call.need(bias.shape == [outputs], "a bias of shape \(bias.shape) for \(outputs) channels")
      return bias
    }
    try call.needOneType([value, GraphValue(weight)] + (bias.map { [GraphValue($0)] } ?? []))
    let result = try call.checked(windows.resultShape(batch: shape[0], channels: outputs), type: value.type)
    try call.need(result[1] > 0 && result[2] > 0, "shape \(shape) is smaller than a window of \(weight.shape)")
    let kernel = weight.transposed(axes: Array(2..<weight.rank) + [1, 0])
    let convolved = Tensors.convolution(
      windows.spread(value.channelsLast), windows.isLine ? kernel.expanded(axis: 0) : kernel, bias: bias,
      options: windows.options(groups: groups))
    return [windows.gathered(convolved)]
  }
}

/// Each element of the input is spread over a window of the result.
private func transposedConvolution(_ settings: NodeSettings) throws -> OperatorBody {
  let spatial = try SpatialSettings(settings)
  let groups = try settings.integer("group", 1)
  guard (1...1 << 20).contains(groups) else { throw settings.unsupported("\(groups) groups") }
  if try settings.integers("output_shape") != nil || spatial.isAutomatic {
    throw settings.unsupported("a transposed convolution that is told the shape of its result")
  }
  let added = try settings.integers("output_padding")
  guard (added ?? []).allSatisfy({ $0 >= 0 && $0 < 1 << 20 }) else {
    throw settings.unsupported("a padding out of range")
  }
  return { call in
    let (value, weight) = (try call.floating(0), try call.floating(1).plain)
    let shape = value.shape
    try call.need(shape.count >= 3 && weight.rank == shape.count, "shapes \(shape) and \(weight.shape) do not fit")
    let windows = try spatial.windows(on: Array(shape[2...]), window: Array(weight.shape[2...]), call)
    let outputs = weight.shape[1] * groups
    try call.need(
      weight.shape[0] == shape[1] && shape[1] % groups == 0 && outputs > 0 && shape[1] > 0
        && (added ?? []).count <= (added == nil ? 0 : shape.count - 2),
      "\(groups) groups of weights of shape \(weight.shape) do not fit shape \(shape)")
    let extra = windows.isLine ? [0] + (added ?? [0]) : added ?? [0, 0]
    try call.need(extra.count == 2, "the padding of the result does not fit shape \(shape)")
    let sizes = zip([windows.rows, windows.columns], extra).map { axis, extra in
      (axis.size - 1) * axis.stride + axis.extent - axis.before - axis.after + extra
    }
    try call.need(
      sizes.allSatisfy { $0 > 0 } && shape[2...].allSatisfy { $0 > 0 }, "shape \(shape) has no result")
    try call.checked([shape[0], outputs] + sizes, type: value.type)
    let bias = try call.optional(2).map { bias in
      try call.need(bias.shape == [outputs], "a bias of shape \(bias.shape) for \(outputs) channels")
      return bias
    }
    try call.needOneType([value, GraphValue(weight)] + (bias.map { [GraphValue($0)] } ?? []))
    // What the result is longer than its smallest size is what less padding behind it would make it.
    let after = [windows.rows.after - extra[0], windows.columns.after - extra[1]]
    guard after.allSatisfy({ $0 >= 0 }), extra[0] < windows.rows.stride, extra[1] < windows.columns.stride else {
      return [try spreadAndConvolved(value, weight, bias, windows, extra, sizes, groups, call)]
    }
    var options = windows.options(groups: groups)
    options.padding = .explicit(
      top: windows.rows.before, bottom: after[0], left: windows.columns.before, right: after[1])
    let kernel = weight.transposed(axes: Array(2..<weight.rank) + [1, 0])
    let result = convolutionTransposed(
      windows.spread(value.channelsLast), windows.isLine ? kernel.expanded(axis: 0) : kernel, bias: bias,
      options: options)
    return [windows.gathered(result)]
  }
}

/// The same where the result is made longer by more: a convolution of the input with zeros between its elements, by the
/// turned window.
private func spreadAndConvolved(
  _ value: GraphValue, _ weight: Tensor, _ bias: Tensor?, _ windows: Windows, _ extra: [Int], _ sizes: [Int],
  _ groups: Int, _ call: ImportedCall
) throws -> GraphValue {
  let x = windows.spread(value.channelsLast)
  let axes = [windows.rows, windows.columns]
  // Zeros between the elements: an axis of size `stride` behind each axis of space, of which the first is taken.
  let (n, c) = (x.shape[0], x.shape[3])
  let spread = [1, 2].map { (x.shape[$0] - 1) * axes[$0 - 1].stride + 1 }
  try call.checked([n, x.shape[1], axes[0].stride, x.shape[2], axes[1].stride, c], type: x.type)
  let widths = [(0, 0), (0, 0), (0, axes[0].stride - 1), (0, 0), (0, axes[1].stride - 1), (0, 0)]
  let dotted = x.reshaped(to: [n, x.shape[1], 1, x.shape[2], 1, c]).padded(widths.map { (before: $0.0, after: $0.1) })
    .reshaped(to: [n, x.shape[1] * axes[0].stride, x.shape[2] * axes[1].stride, c])
    .sliced(axis: 1, 0..<spread[0]).sliced(axis: 2, 0..<spread[1])
  // Where padding cuts into the result, the spread input is cut.
  let before = zip(axes, extra).map { axis, _ in axis.extent - 1 - axis.before }
  let after = zip(axes, extra).map { axis, extra in axis.extent - 1 - axis.after + extra }
  var framed = dotted
  for (axis, place) in [(0, 1), (1, 2)] {
    let (low, high) = (max(0, -before[axis]), framed.shape[place] - max(0, -after[axis]))
    try call.need(low < high, "the padding is larger than the result")
    framed = framed.sliced(axis: place, low..<high)
  }
  let padding = Padding.explicit(
    top: max(0, before[0]), bottom: max(0, after[0]), left: max(0, before[1]), right: max(0, after[1]))
  // [C, M/g, kh, kw] to [kh, kw, C/g, M], turned in space.
  let (inputs, outputs) = (weight.shape[0] / groups, weight.shape[1])
  let kernelSize = windows.isLine ? [1, weight.shape[2]] : Array(weight.shape[2...])
  let kernel = weight.reshaped(to: [groups, inputs, outputs] + kernelSize).transposed(axes: [3, 4, 1, 0, 2])
    .reshaped(to: kernelSize + [inputs, groups * outputs]).flipped(axes: [0, 1])
  var options = windows.options(groups: groups)
  (options.strideHeight, options.strideWidth, options.padding) = (1, 1, padding)
  return windows.gathered(Tensors.convolution(framed, kernel, bias: bias, options: options))
}

/// Convolutions.
let convolutionOperators: [String: OperatorMaker] = [
  "Conv": convolution,
  "ConvTranspose": transposedConvolution,
]
