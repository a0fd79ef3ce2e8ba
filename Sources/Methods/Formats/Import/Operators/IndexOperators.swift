import Tensors

extension ImportedCall {
  /// Indices of an input as int64, negative ones counted from the end, if they lie within an axis of this size.
  func indices(_ index: Int, below size: Int) throws -> Tensor {
    try within(tensor(index), size)
  }

  private func within(_ tensor: Tensor, _ size: Int) throws -> Tensor {
    try need(tensor.type == .int32 || tensor.type == .int64, "indices are \(tensor.type), not whole numbers")
    let values = tensor.cast(to: .int64).values(Int.self)
    guard let bad = values.first(where: { $0 < -size || $0 >= size }) else {
      return Tensor(values.map { $0 < 0 ? $0 + size : $0 }, shape: tensor.shape)
    }
    throw Self.problem("there is no place \(bad) in an axis of size \(size)")
  }

  /// The places, in a tensor without gaps, of elements named by one index per leading axis: the last axis of an input.
  fileprivate func flatPlaces(_ index: Int, in shape: [Int]) throws -> (places: [Int], rest: [Int], shape: [Int]) {
    let tensor = try tensor(index)
    try need(tensor.type == .int64 && tensor.rank >= 1, "indices are \(tensor.type) of shape \(tensor.shape)")
    let depth = tensor.shape[tensor.rank - 1]
    try need(depth >= 1 && depth <= shape.count, "indices of shape \(tensor.shape) do not fit shape \(shape)")
    let values = tensor.values(Int.self)
    let places = try (0..<values.count / depth).map { row in
      try (0..<depth).reduce(0) { place, axis in
        let (value, size) = (values[row * depth + axis], shape[axis])
        try need(value >= -size && value < size, "there is no place \(value) in axis \(axis) of shape \(shape)")
        return place * size + (value < 0 ? value + size : value)
      }
    }
    return (places, Array(shape[depth...]), Array(tensor.shape.dropLast()))
  }
}

/// The places of the elements that the indices of GatherElements and ScatterElements name along an axis.
private func elementPlaces(_ indices: Tensor, in shape: [Int], axis: Int) -> Tensor {
  let strides = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
  let values = indices.values(Int.self)
  let places = values.indices.map { position in
    var (rest, place) = (position, 0)
    for other in shape.indices.reversed() {
      let own = rest % indices.shape[other]
      rest /= indices.shape[other]
      place += (other == axis ? values[position] : own) * strides[other]
    }
    return place
  }
  return Tensor(places)
}

/// Data with some rows of the first axis replaced, enlarged by addition, or raised to the largest.
private func scattered(
  _ data: Tensor, _ updates: Tensor, at places: Tensor, _ reduction: String, _ call: ImportedCall
) throws -> Tensor {
  if data.type == .bool || data.type == .uint8 {
    let wide = try scattered(data.cast(to: .int32), updates.cast(to: .int32), at: places, reduction, call)
    return wide.cast(to: data.type)
  }
  if reduction == "add" { return data.scatterAdded(updates, at: places) }
  var taken = [Bool](repeating: false, count: data.shape[0])
  for place in places.values(Int.self) { taken[place] = true }
  let isTaken = Tensor(taken, shape: [data.shape[0]] + Array(repeating: 1, count: data.rank - 1))
  if reduction == "max" {
    let largest = segmentMax(updates, segments: places, count: data.shape[0])
    return select(isTaken, maximum(data, largest), data)
  }
  // What is replaced becomes 0 first, so that adding replaces it.
  let cleared = select(isTaken, Tensor(0).cast(to: data.type), data)
  return cleared.scatterAdded(updates, at: places)
}

private func scatterReduction(_ settings: NodeSettings) throws -> String {
  let reduction = try settings.text("reduction", "none")
  guard ["none", "add", "max"].contains(reduction) else { throw settings.unsupported("the reduction \(reduction)") }
  return reduction
}

/// Operators that take or put elements by their places.
let indexOperators: [String: OperatorMaker] = [
  "Gather": { settings in
    let axis = try settings.integer("axis", 0)
    return { call in
      let x = try call.tensor(0)
      let axis = try call.axis(axis, rank: x.rank)
      let indices = try call.indices(1, below: x.shape[axis])
      try call.checked(Array(x.shape[..<axis]) + indices.shape + Array(x.shape[(axis + 1)...]), type: x.type)
      return [GraphValue(x.gathered(at: indices, axis: axis))]
    }
  },
  "GatherElements": { settings in
    let axis = try settings.integer("axis", 0)
    return { call in
      let x = try call.tensor(0)
      let axis = try call.axis(axis, rank: x.rank)
      let indices = try call.indices(1, below: x.shape[axis])
      try call.need(
        indices.rank == x.rank && x.shape.indices.allSatisfy { $0 == axis || indices.shape[$0] <= x.shape[$0] },
        "indices of shape \(indices.shape) do not fit shape \(x.shape)")
      let places = elementPlaces(indices, in: x.shape, axis: axis)
      return [GraphValue(x.reshaped(to: [x.count]).gathered(at: places).reshaped(to: indices.shape))]
    }
  },
  "GatherND": { settings in
    guard try settings.integer("batch_dims", 0) == 0 else { throw settings.unsupported("an attribute batch_dims") }
    return { call in
      let x = try call.tensor(0)
      let (places, rest, shape) = try call.flatPlaces(1, in: x.shape)
      try call.checked(shape + rest, type: x.type)
      let rows = x.shape.dropLast(rest.count).reduce(1, *)
      return [GraphValue(x.reshaped(to: [rows] + rest).gathered(at: Tensor(places)).reshaped(to: shape + rest))]
    }
  },
  "ScatterElements": { settings in
    let axis = try settings.integer("axis", 0)
    let reduction = try scatterReduction(settings)
    return { call in
      let (x, updates) = (try call.tensor(0), try call.tensor(2))
      let axis = try call.axis(axis, rank: x.rank)
      let indices = try call.indices(1, below: x.shape[axis])
      try call.need(
        indices.shape == updates.shape && x.type == updates.type && indices.rank == x.rank
          && x.shape.indices.allSatisfy { $0 == axis || indices.shape[$0] <= x.shape[$0] },
        "indices of shape \(indices.shape) and updates of shape \(updates.shape) do not fit shape \(x.shape)")
      let places = elementPlaces(indices, in: x.shape, axis: axis)
      let flat = x.reshaped(to: [x.count])
      return [
        GraphValue(
          try scattered(flat, updates.reshaped(to: [updates.count]), at: places, reduction, call).reshaped(to: x.shape))
      ]
    }
  },
  "ScatterND": { settings in
    let reduction = try scatterReduction(settings)
    return { call in
      let (x, updates) = (try call.tensor(0), try call.tensor(2))
      let (places, rest, shape) = try call.flatPlaces(1, in: x.shape)
      try call.need(
        updates.shape == shape + rest && updates.type == x.type,
        "updates of shape \(updates.shape) do not fit shape \(x.shape)")
      let rows = x.shape.dropLast(rest.count).reduce(1, *)
      let result = try scattered(
        x.reshaped(to: [rows] + rest), updates.reshaped(to: [places.count] + rest), at: Tensor(places), reduction, call)
      return [GraphValue(result.reshaped(to: x.shape))]
    }
  },
  "OneHot": { settings in
    let axis = try settings.integer("axis", -1)
    return { call in
      let classes = try call.tensor(0)
      try call.need(classes.type != .bool, "classes are truth values")
      let depthTensor = try call.tensor(1)
      try call.need(depthTensor.count == 1, "the number of classes has shape \(depthTensor.shape)")
      let depth = Int(clamping: Int64(exactly: depthTensor.scalar.rounded(.towardZero)) ?? -1)
      let values = try call.tensor(2)
      try call.need(values.shape == [2], "values of shape \(values.shape), not two")
      let place = try call.axis(axis, rank: classes.rank + 1)
      let indices = classes.cast(to: .int64)
      var shape = indices.shape
      shape.insert(depth, at: place)
      try call.need(depth >= 1, "\(depth) classes")
      try call.checked(shape, type: .int64)
      try call.checked(shape, type: values.type)
      let wrapped = select(indices .< 0, indices + Tensor(depth), indices).expanded(axis: place)
      let grid = Tensor.range(depth).reshaped(to: [depth] + Array(repeating: 1, count: classes.rank - place))
      return [GraphValue(select(wrapped .== grid, values[1], values[0]))]
    }
  },
  "Trilu": { settings in
    let isUpper = try settings.flag("upper", true)
    return { call in
      let x = try call.tensor(0)
      try call.need(x.rank >= 2, "shape \(x.shape) has no matrices")
      let diagonal = call.has(1) ? try call.integer(1) : 0
      let (rows, columns) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
      try call.checked([rows, columns], type: .int64)
      let bounded = min(max(diagonal, -rows - 1), columns + 1)
      let distance = Tensor.range(columns) - Tensor.range(rows).reshaped(to: [rows, 1])
      let keeps = isUpper ? distance .>= Double(bounded) : distance .<= Double(bounded)
      return [GraphValue(select(keeps, x, Tensor.zeros([], type: x.type)))]
    }
  },
]
