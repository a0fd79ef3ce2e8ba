import Tensors

/// A reduction over axes, which come as an input or, in older files, as an attribute.
private func reduction(
  ofWholes: Bool = false, needsElements: Bool = false,
  _ function: @escaping @Sendable (_ x: Tensor, _ axes: [Int], _ keepsAxes: Bool) -> Tensor
) -> OperatorMaker {
  { settings in
    let given = try settings.integers("axes")
    let keepsAxes = try settings.flag("keepdims", true)
    let emptyMeansNone = try settings.flag("noop_with_empty_axes", false)
    return { call in
      let value = try call.value(0)
      let isWhole = value.type == .int32 || value.type == .int64
      try call.need(value.type.isFloatingPoint || (ofWholes && isWhole), "there is none of \(value.type)")
      var axes = try call.axes(call.optionalIntegers(1) ?? given ?? [], rank: value.rank)
      if axes.isEmpty {
        if emptyMeansNone { return [value] }
        axes = Array(0..<value.rank)
      }
      let shape = value.shape
      try call.need(
        !needsElements || axes.allSatisfy { shape[$0] > 0 }, "there is no element along axes \(axes) of shape \(shape)")
      if axes.isEmpty { return [GraphValue(function(value.plain.reshaped(to: [1]), [0], false))] }
      return [value.reduced(axes, keepsAxes: keepsAxes, function)]
    }
  }
}

extension GraphValue {
  /// A reduction in the layout that the value has, where the result has a place in it.
  func reduced(
    _ axes: [Int], keepsAxes: Bool, _ function: (_ x: Tensor, _ axes: [Int], _ keepsAxes: Bool) -> Tensor
  ) -> GraphValue {
    guard isChannelsLast else { return GraphValue(function(stored, axes, keepsAxes)) }
    let here = axes.map(storedAxis).sorted()
    if keepsAxes { return GraphValue(channelsLast: function(stored, here, true)) }
    // Without the axes of space, [batch, channels] is left, the same in both layouts.
    if axes == Array(2..<rank) { return GraphValue(function(stored, here, false)) }
    return GraphValue(function(plain, axes, false))
  }
}

/// Reductions over axes.
let reductionOperators: [String: OperatorMaker] = [
  "ReduceSum": reduction(ofWholes: true) { $0.sum(axes: $1, keepsAxes: $2) },
  "ReduceMean": reduction { $0.mean(axes: $1, keepsAxes: $2) },
  "ReduceMax": reduction(ofWholes: true, needsElements: true) { $0.max(axes: $1, keepsAxes: $2) },
  "ReduceMin": reduction(ofWholes: true, needsElements: true) { $0.min(axes: $1, keepsAxes: $2) },
  "ReduceProd": reduction(ofWholes: true) { $0.product(axes: $1, keepsAxes: $2) },
  "ReduceL1": reduction(ofWholes: true) { abs($0).sum(axes: $1, keepsAxes: $2) },
  "ReduceL2": reduction { sqrt(square($0).sum(axes: $1, keepsAxes: $2)) },
  "ReduceSumSquare": reduction(ofWholes: true) { square($0).sum(axes: $1, keepsAxes: $2) },
  "ReduceLogSum": reduction { log($0.sum(axes: $1, keepsAxes: $2)) },
  "ReduceLogSumExp": reduction(needsElements: true) { $0.logSumExp(axes: $1, keepsAxes: $2) },
]

/// The place of the largest or the smallest element.
private func extremePlace(
  _ place: @escaping @Sendable (Tensor, _ axis: Int) -> Tensor
) -> OperatorMaker {
  { settings in
    let axis = try settings.integer("axis", 0)
    let keepsAxis = try settings.flag("keepdims", true)
    let takesLast = try settings.flag("select_last_index", false)
    return { call in
      let x = try call.numeric(0).plain
      let axis = try call.axis(axis, rank: x.rank)
      let size = x.shape[axis]
      try call.need(size > 0, "there is no element along axis \(axis) of shape \(x.shape)")
      let result = takesLast ? Double(size - 1) - place(x.flipped(axes: [axis]), axis) : place(x, axis)
      return [GraphValue(keepsAxis ? result.expanded(axis: axis) : result)]
    }
  }
}

/// Operators that look at the order of elements along an axis.
let orderOperators: [String: OperatorMaker] = [
  "ArgMax": extremePlace { $0.argMax(axis: $1) },
  "ArgMin": extremePlace { $0.argMin(axis: $1) },
  "TopK": { settings in
    let axis = try settings.integer("axis", -1)
    let isLargest = try settings.flag("largest", true)
    return { call in
      let x = try call.numeric(0).plain
      let axis = try call.axis(axis, rank: x.rank)
      let count = try call.integer(1)
      try call.need(
        count >= 0 && count <= x.shape[axis], "there are no \(count) elements along axis \(axis) of \(x.shape)")
      guard isLargest else {
        let (values, indices) = x.sorted(axis: axis)
        return [values, indices].map { GraphValue($0.sliced(axis: axis, 0..<count)) }
      }
      let (values, indices) = x.top(count, axis: axis)
      return [GraphValue(values), GraphValue(indices)]
    }
  },
  "CumSum": { settings in
    let (isExclusive, isReversed) = (try settings.flag("exclusive", false), try settings.flag("reverse", false))
    return { call in
      let x = try call.numeric(0).plain
      try call.need(x.type != .uint8, "there is none of uint8")
      let axis = try call.axis(call.integer(1), rank: x.rank)
      return [GraphValue(x.cumulativeSum(axis: axis, isReversed: isReversed, isExclusive: isExclusive))]
    }
  },
]
