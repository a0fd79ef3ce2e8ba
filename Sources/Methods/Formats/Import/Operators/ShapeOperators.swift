import Tensors

/// Axes that come as an input or, in older files, as an attribute.
private func givenAxes(_ call: ImportedCall, _ setting: [Int]?) throws -> [Int]? {
  try call.optionalIntegers(1) ?? setting
}

/// The shape that the operator Reshape makes of a shape: 0 stands for the size that was there, -1 for what remains.
private func reshaped(_ shape: [Int], to sizes: [Int], zeroIsSize: Bool, _ call: ImportedCall) throws -> [Int] {
  var result = sizes
  for (axis, size) in sizes.enumerated() where size == 0 && !zeroIsSize {
    try call.need(axis < shape.count, "size 0 at axis \(axis) has nothing to stand for in shape \(shape)")
    result[axis] = shape[axis]
  }
  let count = shape.reduce(1, *)
  let open = result.indices.filter { result[$0] == -1 }
  try call.need(open.count <= 1 && result.allSatisfy { $0 >= -1 }, "there is no shape \(sizes)")
  var known = 1
  for size in result where size != -1 {
    let (product, overflow) = known.multipliedReportingOverflow(by: size)
    try call.need(!overflow, "there is no shape \(sizes)")
    known = product
  }
  if let axis = open.first {
    try call.need(known > 0 && count % known == 0, "shape \(shape) does not fit \(sizes)")
    result[axis] = count / known
    known = count
  }
  try call.need(known == count, "shape \(shape) does not fit \(sizes)")
  return result
}

/// Blocks of space to channels, or back.
private func blockSize(_ settings: NodeSettings) throws -> Int {
  let size = try settings.integer("blocksize", 0)
  guard (1...1 << 20).contains(size) else { throw settings.unsupported("a block of \(size)") }
  return size
}

/// Operators that change the shape alone.
let shapeOperators: [String: OperatorMaker] = [
  "Reshape": { settings in
    let zeroIsSize = try settings.flag("allowzero", false)
    return { call in
      let x = try call.tensor(0)
      let shape = try reshaped(x.shape, to: call.integers(1), zeroIsSize: zeroIsSize, call)
      return [GraphValue(x.reshaped(to: shape))]
    }
  },
  "Flatten": { settings in
    let axis = try settings.integer("axis", 1)
    return { call in
      let x = try call.tensor(0)
      let place = axis < 0 ? axis + x.rank : axis
      try call.need(place >= 0 && place <= x.rank, "there is no axis \(axis) in shape \(x.shape)")
      return [GraphValue(x.reshaped(to: [x.shape[..<place].reduce(1, *), x.shape[place...].reduce(1, *)]))]
    }
  },
  "Transpose": { settings in
    let order = try settings.integers("perm")
    return { call in
      let value = try call.value(0)
      let rank = value.rank
      let order = order ?? Array((0..<rank).reversed())
      try call.need(order.sorted() == Array(0..<rank), "\(order) is no order of the axes of shape \(value.shape)")
      // What is stored with channels last may be just what is wanted.
      if value.isChannelsLast, order == [0] + Array(2..<rank) + [1] { return [GraphValue(value.stored)] }
      if !value.isChannelsLast, rank >= 3, order == [0, rank - 1] + Array(1..<(rank - 1)) {
        return [GraphValue(channelsLast: value.stored)]
      }
      return [GraphValue(value.plain.transposed(axes: order))]
    }
  },
  "Squeeze": { settings in
    let setting = try settings.integers("axes")
    return { call in
      let x = try call.tensor(0)
      guard let axes = try givenAxes(call, setting) else { return [GraphValue(x.squeezed())] }
      let chosen = try call.axes(axes, rank: x.rank)
      try call.need(chosen.allSatisfy { x.shape[$0] == 1 }, "axes \(axes) of shape \(x.shape) are not all of size 1")
      return [GraphValue(x.squeezed(axes: chosen))]
    }
  },
  "Unsqueeze": { settings in
    let setting = try settings.integers("axes")
    return { call in
      let x = try call.tensor(0)
      let axes = try givenAxes(call, setting) ?? []
      let chosen = try call.axes(axes, rank: x.rank + axes.count)
      var shape = x.shape
      for axis in chosen { shape.insert(1, at: axis) }
      return [GraphValue(x.reshaped(to: shape))]
    }
  },
  "Expand": { _ in
    { call in
      let x = try call.tensor(0)
      let shape = try call.broadcast([x.shape, call.integers(1)], type: x.type)
      return [GraphValue(x.broadcast(to: shape))]
    }
  },
  "Tile": { _ in
    { call in
      let x = try call.tensor(0)
      let counts = try call.integers(1)
      try call.need(counts.count == x.rank, "\(counts.count) repeats for shape \(x.shape)")
      try call.need(
        counts.allSatisfy { $0 >= 0 && $0 <= call.byteLimit }, "shape \(x.shape) cannot be repeated \(counts) times")
      try call.checked(counts + x.shape, type: x.type)
      return [GraphValue(x.tiled(counts))]
    }
  },
  "Shape": { settings in
    let (start, end) = (try settings.integer("start", 0), try settings.integer("end"))
    return { call in
      let shape = try call.value(0).shape
      func place(_ axis: Int) -> Int { min(max(axis < 0 ? axis + shape.count : axis, 0), shape.count) }
      let (first, last) = (place(start), end.map(place) ?? shape.count)
      return [GraphValue(Tensor(first < last ? Array(shape[first..<last]) : []))]
    }
  },
  "Size": { _ in { call in [GraphValue(Tensor(try call.value(0).stored.count))] } },
  "DepthToSpace": { settings in
    let (size, mode) = (try blockSize(settings), try settings.text("mode", "DCR"))
    return { call in
      let x = try call.tensor(0)
      try call.need(x.rank == 4 && x.shape[1] % (size * size) == 0, "shape \(x.shape) has no blocks of \(size)")
      let (n, c, h, w) = (x.shape[0], x.shape[1] / size / size, x.shape[2], x.shape[3])
      let parts =
        mode == "CRD"
        ? x.reshaped(to: [n, c, size, size, h, w]).transposed(axes: [0, 1, 4, 2, 5, 3])
        : x.reshaped(to: [n, size, size, c, h, w]).transposed(axes: [0, 3, 4, 1, 5, 2])
      return [GraphValue(parts.reshaped(to: [n, c, h * size, w * size]))]
    }
  },
  "SpaceToDepth": { settings in
    let size = try blockSize(settings)
    return { call in
      let x = try call.tensor(0)
      try call.need(
        x.rank == 4 && x.shape[2] % size == 0 && x.shape[3] % size == 0, "shape \(x.shape) has no blocks of \(size)")
      let (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2] / size, x.shape[3] / size)
      let parts = x.reshaped(to: [n, c, h, size, w, size]).transposed(axes: [0, 3, 5, 1, 2, 4])
      return [GraphValue(parts.reshaped(to: [n, c * size * size, h, w]))]
    }
  },
]
