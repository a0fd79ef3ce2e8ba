import Tensors

private func maximumPool(_ settings: NodeSettings) throws -> OperatorBody {
  let spatial = try SpatialSettings(settings)
  return { call in
    let value = try call.floating(0)
    let windows = try pooled(value, spatial, call)
    let result = maxPool(
      windows.spread(value.channelsLast), size: (windows.rows.window, windows.columns.window),
      stride: (windows.rows.stride, windows.columns.stride), padding: windows.padding)
    return [windows.gathered(result)]
  }
}

private func meanPool(_ settings: NodeSettings) throws -> OperatorBody {
  let spatial = try SpatialSettings(settings)
  let countsPadding = try settings.flag("count_include_pad", false)
  return { call in
    let value = try call.floating(0)
    let windows = try pooled(value, spatial, call)
    let (rows, columns) = (windows.rows, windows.columns)
    if rows.extra == 0, columns.extra == 0 {
      let result = averagePool(
        windows.spread(value.channelsLast), size: (rows.window, columns.window), stride: (rows.stride, columns.stride),
        padding: windows.padding, countsPadding: countsPadding)
      return [windows.gathered(result)]
    }
    let edges = [
      (0, 0), (rows.before, rows.after + rows.extra), (columns.before, columns.after + columns.extra), (0, 0),
    ]
    let framed = windows.spread(value.channelsLast).padded(edges.map { (before: $0.0, after: $0.1) })
    let mean = averagePool(
      framed, size: (rows.window, columns.window), stride: (rows.stride, columns.stride), padding: .valid)
    // Each mean was over a whole window; what counts may be less at the edges.
    let (high, wide) = (factors(rows, countsPadding), factors(columns, countsPadding))
    if (high + wide).allSatisfy({ $0 == 1 }) { return [windows.gathered(mean)] }
    let factor = Tensor(high, shape: [high.count, 1, 1]) * Tensor(wide, shape: [wide.count, 1])
    return [windows.gathered(mean * factor.cast(to: mean.type))]
  }
}

/// For each window along an axis, its size over the number of elements in it that count.
private func factors(_ axis: Windows.Axis, _ countsPadding: Bool) -> [Double] {
  let (first, end) = countsPadding ? (0, axis.before + axis.size + axis.after) : (axis.before, axis.before + axis.size)
  return (0..<axis.count).map { window in
    let start = window * axis.stride
    return Double(axis.window) / Double(max(1, min(start + axis.window, end) - max(start, first)))
  }
}

/// The windows, checked.
private func pooled(_ value: GraphValue, _ spatial: SpatialSettings, _ call: ImportedCall) throws -> Windows {
  let shape = value.shape
  try call.need(shape.count >= 3, "shape \(shape) has no axes of space")
  let windows = try spatial.windows(on: Array(shape[2...]), call)
  for axis in [windows.rows, windows.columns] {
    try call.need(axis.dilation == 1, "pooling with dilation is not supported")
    try call.need(
      axis.before < axis.window && axis.after < axis.window && axis.size > 0 && axis.count > 0,
      "windows of \(axis.window) with padding \(axis.before) and \(axis.after) do not fit shape \(shape)")
  }
  let framed = [windows.rows, windows.columns].map { $0.size + $0.before + $0.after + $0.extra }
  try call.checked([shape[0], shape[1]] + framed, type: value.type)
  return windows
}

/// A reduction over all axes of space, which stay with size 1.
private func everywhere(_ function: @escaping @Sendable (Tensor, [Int]) -> Tensor) -> OperatorMaker {
  { _ in
    { call in
      let value = try call.floating(0)
      try call.need(value.rank >= 3, "shape \(value.shape) has no axes of space")
      try call.need(value.shape[2...].allSatisfy { $0 > 0 }, "shape \(value.shape) has no elements")
      return [value.reduced(Array(2..<value.rank), keepsAxes: true) { x, axes, _ in function(x, axes) }]
    }
  }
}

/// Pooling.
let poolingOperators: [String: OperatorMaker] = [
  "MaxPool": maximumPool,
  "AveragePool": meanPool,
  "GlobalAveragePool": everywhere { $0.mean(axes: $1, keepsAxes: true) },
  "GlobalMaxPool": everywhere { $0.max(axes: $1, keepsAxes: true) },
]
