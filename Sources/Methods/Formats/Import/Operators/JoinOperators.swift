import Tensors

/// The parts of an axis of which there is one of each, the sizes of which may be given.
private func split(_ settings: NodeSettings) throws -> OperatorBody {
  let axis = try settings.integer("axis", 0)
  let setting = try settings.integers("split")
  let wanted = try settings.integer("num_outputs") ?? settings.node.outputs.count
  guard (1...1 << 16).contains(wanted) else { throw settings.unsupported("a split in \(wanted) parts") }
  return { call in
    let value = try call.value(0)
    let axis = try call.axis(axis, rank: value.rank)
    let size = value.shape[axis]
    // Equal parts; the last is smaller where they cannot be equal.
    let part = (size + wanted - 1) / wanted
    let equal = (0..<wanted).map { max(0, min(part, size - $0 * part)) }
    let sizes = try call.optionalIntegers(1) ?? setting ?? equal
    try call.need(
      sizes.allSatisfy { $0 >= 0 && $0 <= size } && sizes.reduce(0, +) == size,
      "parts of \(sizes) do not make up axis \(axis) of shape \(value.shape)")
    let parts = value.stored.split(sizes: sizes, axis: value.storedAxis(axis))
    return parts.map { value.isChannelsLast ? GraphValue(channelsLast: $0) : GraphValue($0) }
  }
}

/// The first element, the count and the step along an axis, by the rules of Python's slices.
private func span(_ start: Int, _ end: Int, _ step: Int, size: Int) -> (first: Int, count: Int) {
  func place(_ index: Int, _ range: ClosedRange<Int>) -> Int {
    let (sum, overflow) = index.addingReportingOverflow(index < 0 ? size : 0)
    return min(max(overflow ? index : sum, range.lowerBound), range.upperBound)
  }
  if size == 0 { return (0, 0) }
  if step > 0 {
    let (first, last) = (place(start, 0...size), place(end, 0...size))
    return (first, last > first ? (last - first - 1) / step + 1 : 0)
  }
  let first = place(start, 0...size - 1)
  // An end before the first element is -1, which stays as it is.
  let last = end < 0 && end < -size ? -1 : place(end, -1...size - 1)
  return (first, first > last ? (first - last - 1) / (step == .min ? .max : -step) + 1 : 0)
}

private func slice(_ settings: NodeSettings) throws -> OperatorBody {
  let given = (try settings.integers("starts"), try settings.integers("ends"), try settings.integers("axes"))
  return { call in
    let value = try call.value(0)
    let starts = try call.optionalIntegers(1) ?? given.0 ?? []
    let ends = try call.optionalIntegers(2) ?? given.1 ?? []
    let named = try call.optionalIntegers(3) ?? given.2 ?? Array(starts.indices)
    let steps = try call.optionalIntegers(4) ?? starts.map { _ in 1 }
    try call.need(
      starts.count == ends.count && starts.count == named.count && starts.count == steps.count,
      "\(starts.count) starts, \(ends.count) ends, \(named.count) axes and \(steps.count) steps")
    let axes = try named.map { try call.axis($0, rank: value.rank) }
    try call.need(Set(axes).count == axes.count && !steps.contains(0), "axes \(axes) or steps \(steps) cannot be taken")
    var result = value.stored
    for index in axes.indices {
      let (axis, step) = (value.storedAxis(axes[index]), steps[index])
      let (first, count) = span(starts[index], ends[index], step, size: result.shape[axis])
      if count == 0 {
        result = result.sliced(axis: axis, 0..<0)
      } else if step > 0 {
        result = result.sliced(axis: axis, first..<first + (count - 1) * step + 1, step: step)
      } else {
        let last = first + (count - 1) * step
        // Backwards: the same elements forwards, turned round.
        result = result.sliced(axis: axis, last..<first + 1, step: count == 1 ? 1 : -step).flipped(axes: [axis])
      }
    }
    return [value.isChannelsLast ? GraphValue(channelsLast: result) : GraphValue(result)]
  }
}

private func pad(_ settings: NodeSettings) throws -> OperatorBody {
  let mode = try settings.text("mode", "constant")
  guard ["constant", "reflect", "edge", "wrap"].contains(mode) else { throw settings.unsupported("padding by \(mode)") }
  let setting = try settings.integers("pads")
  let number = try settings.number("value", 0)
  return { call in
    let value = try call.value(0)
    let shape = value.shape
    let widths = try call.optionalIntegers(1) ?? setting ?? []
    let axes = try call.optionalIntegers(3)?.map { try call.axis($0, rank: value.rank) } ?? Array(0..<value.rank)
    try call.need(
      widths.count == 2 * axes.count && Set(axes).count == axes.count, "\(widths.count) widths for axes \(axes)")
    var filler = number
    if let given = call.optional(2) {
      try call.need(given.count == 1, "the value to pad with has shape \(given.shape)")
      filler = given.scalar
    }
    try call.need(value.type.isFloatingPoint || filler == filler.rounded(), "\(filler) is no \(value.type)")
    try call.need(value.type != .uint8 || (0...255).contains(filler), "\(filler) is no uint8")
    try call.need(value.type != .int32 || Swift.abs(filler) < 0x1p31, "\(filler) is no int32")
    try call.need(value.type != .int64 || Swift.abs(filler) < 0x1p63, "\(filler) is no int64")
    let limit = 1 << 40
    try call.need(widths.allSatisfy { $0 > -limit && $0 < limit }, "widths \(widths) are not supported")
    var result = value.stored
    for (index, axis) in axes.enumerated() {
      let (before, after) = (widths[index], widths[index + axes.count])
      let size = shape[axis] + before + after
      try call.need(
        size >= 0 && shape[axis] + min(before, 0) + min(after, 0) >= 0, "widths \(widths) do not fit shape \(shape)")
      let place = value.storedAxis(axis)
      var grown = result.shape
      grown[place] = size
      try call.checked(grown, type: value.type)
      result = try padded(result, place, before, after, mode, filler, call)
    }
    return [value.isChannelsLast ? GraphValue(channelsLast: result) : GraphValue(result)]
  }
}

/// One axis made longer or, by negative widths, shorter.
private func padded(
  _ x: Tensor, _ axis: Int, _ before: Int, _ after: Int, _ mode: String, _ filler: Double, _ call: ImportedCall
) throws -> Tensor {
  let size = x.shape[axis]
  if before == 0, after == 0 { return x }
  if mode != "constant" {
    try call.need(size > 0, "an axis without elements cannot be padded by \(mode)")
    let places = (-before..<size + after).map { place in
      switch mode {
      case "edge": return min(max(place, 0), size - 1)
      case "wrap": return ((place % size) + size) % size
      default:
        let period = max(1, 2 * (size - 1))
        let rest = ((place % period) + period) % period
        return min(rest, period - rest) % size
      }
    }
    return x.gathered(at: Tensor(places), axis: axis)
  }
  let kept = x.sliced(axis: axis, max(0, -before)..<size - max(0, -after))
  var widths = x.shape.map { _ in (before: 0, after: 0) }
  widths[axis] = (max(0, before), max(0, after))
  return kept.padded(widths, with: filler)
}

/// Operators that join tensors, or take or add parts.
let joinOperators: [String: OperatorMaker] = [
  "Concat": { settings in
    guard let axis = try settings.integer("axis") else { throw settings.unsupported("a missing axis") }
    return { call in
      let values = try call.inputs.indices.map { try call.value($0) }
      guard let first = values.first else { throw ImportedCall.problem("there is nothing to join") }
      let axis = try call.axis(axis, rank: first.rank)
      try call.needOneType(values)
      var (shape, size) = (first.shape, 0)
      for value in values {
        var other = value.shape
        try call.need(other.count == shape.count, "shapes \(shape) and \(other) do not fit")
        size += other[axis]
        other[axis] = shape[axis]
        try call.need(other == shape, "shapes \(shape) and \(value.shape) do not fit along axis \(axis)")
      }
      shape[axis] = size
      try call.checked(shape, type: first.type)
      if values.contains(where: \.isChannelsLast) {
        let result = concatenated(
          values.map(\.channelsLast), axis: GraphValue(channelsLast: first.channelsLast).storedAxis(axis))
        return [GraphValue(channelsLast: result)]
      }
      return [GraphValue(concatenated(values.map(\.plain), axis: axis))]
    }
  },
  "Split": split,
  "Slice": slice,
  "Pad": pad,
]
