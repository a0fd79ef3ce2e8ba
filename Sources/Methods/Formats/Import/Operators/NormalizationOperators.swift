import Tensors

private func batchNormalization(_ settings: NodeSettings) throws -> OperatorBody {
  let epsilon = try settings.number("epsilon", 1e-5)
  if try settings.flag("training_mode", false) { throw settings.unsupported("normalisation in training") }
  return { call in
    let value = try call.floating(0)
    try call.need(value.rank >= 2, "shape \(value.shape) has no channels")
    let channels = value.shape[1]
    let settings = try (1...4).map { try perChannel($0, channels, value.type, call) }
    let result = batchNorm(
      value.channelsLast, scale: settings[0], shift: settings[1], mean: settings[2], variance: settings[3],
      epsilon: epsilon, activation: .identity)
    return [GraphValue(channelsLast: result)]
  }
}

/// An input with a number for each channel.
private func perChannel(_ index: Int, _ channels: Int, _ type: ElementType, _ call: ImportedCall) throws -> Tensor {
  let tensor = try call.tensor(index)
  try call.need(
    tensor.shape == [channels] && tensor.type == type,
    "input \(index) is \(tensor.type) of shape \(tensor.shape), not \(type) of shape [\(channels)]")
  return tensor
}

private func groupNormalization(_ settings: NodeSettings, groups: Int?) throws -> OperatorBody {
  let epsilon = try settings.number("epsilon", 1e-5)
  return { call in
    let value = try call.floating(0)
    try call.need(value.rank >= 3 && value.stored.count > 0, "shape \(value.shape) has no axes of space")
    let channels = value.shape[1]
    let groups = groups ?? channels
    try call.need(groups >= 1 && channels % groups == 0, "\(groups) groups of \(channels) channels")
    // Before version 21 of the operators there was one gain for a group.
    let isPerGroup = try call.tensor(1).shape == [groups] && groups != channels
    let parameters = try (1...2).map { index in
      let given = try perChannel(index, isPerGroup ? groups : channels, value.type, call)
      return isPerGroup
        ? given.reshaped(to: [groups, 1]).broadcast(to: [groups, channels / groups]).reshaped(to: [channels]) : given
    }
    let result = groupNorm(
      value.channelsLast, groups: groups, gain: parameters[0], bias: parameters[1], epsilon: epsilon)
    return [GraphValue(channelsLast: result)]
  }
}

/// Normalisation over the last axes, from `axis` on.
private func overLastAxes(
  _ settings: NodeSettings,
  _ function: @escaping @Sendable (_ x: Tensor, _ gain: Tensor, _ bias: Tensor, _ epsilon: Double) -> Tensor
) throws -> OperatorBody {
  let epsilon = try settings.number("epsilon", 1e-5)
  let axis = try settings.integer("axis", -1)
  return { call in
    let x = try call.floating(0).plain
    let axis = try call.axis(axis, rank: x.rank)
    let last = Array(x.shape[axis...])
    let size = last.reduce(1, *)
    try call.need(size > 0, "shape \(x.shape) has no elements")
    func flat(_ tensor: Tensor, _ index: Int) throws -> Tensor {
      try call.need(tensor.type == x.type, "input \(index) is \(tensor.type), not \(x.type)")
      let shape = try call.broadcast([tensor.shape, last], type: x.type)
      try call.need(shape == last, "input \(index) of shape \(tensor.shape) does not fit \(last)")
      return tensor.broadcast(to: last).reshaped(to: [size])
    }
    let gain = try flat(call.tensor(1), 1)
    let bias = try call.optional(2).map { try flat($0, 2) } ?? Tensor.zeros([size], type: x.type)
    let result = function(x.reshaped(to: Array(x.shape[..<axis]) + [size]), gain, bias, epsilon)
    return [GraphValue(result.reshaped(to: x.shape))]
  }
}

/// Softmax or its logarithm along an axis; before version 13 of the operators over all axes from there on.
private func distribution(
  _ settings: NodeSettings, _ function: @escaping @Sendable (Tensor, _ axis: Int) -> Tensor
) throws -> OperatorBody {
  let isOld = settings.version < 13
  let axis = try settings.integer("axis", isOld ? 1 : -1)
  return { call in
    let value = try call.floating(0)
    let axis = try call.axis(axis, rank: value.rank)
    try call.need(value.stored.count > 0, "shape \(value.shape) has no elements")
    guard isOld else {
      let here = value.storedAxis(axis)
      return [value.mapped { function($0, here) }]
    }
    let x = value.plain
    let rows = x.reshaped(to: [x.shape[..<axis].reduce(1, *), x.shape[axis...].reduce(1, *)])
    return [GraphValue(function(rows, -1).reshaped(to: x.shape))]
  }
}

/// Normalisation and distributions.
let normalizationOperators: [String: OperatorMaker] = [
  "BatchNormalization": batchNormalization,
  "InstanceNormalization": { try groupNormalization($0, groups: nil) },
  "GroupNormalization": { try groupNormalization($0, groups: $0.integer("num_groups", 0)) },
  "LayerNormalization": { try overLastAxes($0) { layerNorm($0, gain: $1, bias: $2, epsilon: $3) } },
  "RMSNormalization": { try overLastAxes($0) { x, gain, _, epsilon in rmsNorm(x, gain: gain, epsilon: epsilon) } },
  "Softmax": { try distribution($0) { softmax($0, axis: $1) } },
  "LogSoftmax": { try distribution($0) { logSoftmax($0, axis: $1) } },
  "LpNormalization": { settings in
    let (axis, power) = (try settings.integer("axis", -1), try settings.integer("p", 2))
    guard power == 1 || power == 2 else { throw settings.unsupported("the power \(power)") }
    return { call in
      let x = try call.floating(0).plain
      let axis = try call.axis(axis, rank: x.rank)
      let norm =
        power == 1
        ? abs(x).sum(axes: [axis], keepsAxes: true) : sqrt(square(x).sum(axes: [axis], keepsAxes: true))
      return [GraphValue(x / select(norm .== 0, norm.constant(1), norm))]
    }
  },
]
