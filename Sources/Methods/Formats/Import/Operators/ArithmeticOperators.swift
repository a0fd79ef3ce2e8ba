import Tensors

/// A function of two tensors of numbers of one type, broadcast.
private func arithmetic(_ function: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> OperatorMaker {
  { _ in
    { call in
      let values = [try call.numeric(0), try call.numeric(1)]
      try call.needOneType(values)
      try call.broadcast(values.map(\.shape), type: values[0].type)
      return [GraphValue.combined(values) { function($0[0], $0[1]) }]
    }
  }
}

/// A function of any number of tensors of one type, broadcast.
private func joined(
  average: Bool = false, _ function: @escaping @Sendable (Tensor, Tensor) -> Tensor
) -> OperatorMaker {
  { _ in
    { call in
      let values = try call.inputs.indices.map { try call.numeric($0) }
      guard let first = values.first else { throw ImportedCall.problem("there is no input") }
      try call.needOneType(values)
      try call.broadcast(values.map(\.shape), type: first.type)
      let result = GraphValue.combined(values) { tensors in
        tensors.dropFirst().reduce(tensors[0]) { function($0, $1) }
      }
      return [average ? result.mapped { $0 / Double(values.count) } : result]
    }
  }
}

/// The remainder: with the sign of the divisor, or of the dividend where `fmod` is set.
private func remainder(_ settings: NodeSettings) throws -> OperatorBody {
  let truncates = try settings.flag("fmod", false)
  return { call in
    let values = [try call.numeric(0), try call.numeric(1)]
    try call.needOneType(values)
    try call.broadcast(values.map(\.shape), type: values[0].type)
    return [
      GraphValue.combined(values) { tensors in
        let (a, b) = (tensors[0], tensors[1])
        if a.type.isFloatingPoint {
          let quotient = a / b
          let rest = a - (truncates ? sign(quotient) * floor(abs(quotient)) : floor(quotient)) * b
          // Any number is its own remainder by infinity.
          return truncates ? select((abs(b) .== .infinity).and(abs(a) .< .infinity), a, rest) : rest
        }
        let rest = a - a / b * b
        if truncates || a.type == .uint8 { return rest }
        let zero = Tensor(0).cast(to: a.type)
        let differ = (rest .< zero) .!= (b .< zero)
        return select(differ.and(rest .!= zero), rest + b, rest)
      }
    ]
  }
}

/// Arithmetic of several tensors, element by element.
let arithmeticOperators: [String: OperatorMaker] = [
  "Add": arithmetic { $0 + $1 },
  "Sub": arithmetic { $0 - $1 },
  "Mul": arithmetic { $0 * $1 },
  "Div": arithmetic { $0 / $1 },
  "Mod": remainder,
  "Sum": joined { $0 + $1 },
  "Mean": joined(average: true) { $0 + $1 },
  "Max": joined { maximum($0, $1) },
  "Min": joined { minimum($0, $1) },
  "Pow": { _ in
    { call in
      let (base, exponent) = (try call.numeric(0), try call.numeric(1))
      try call.broadcast([base.shape, exponent.shape], type: base.type)
      // The result has the base's type, but a fraction in the exponent of a whole number counts.
      let isFraction = base.type.isInteger && exponent.type.isFloatingPoint
      let common = isFraction ? ElementType.float64 : base.type
      let values = [base, exponent].map { $0.mapped { $0.cast(to: common) } }
      return [GraphValue.combined(values) { pow($0[0], $0[1]).cast(to: base.type) }]
    }
  },
]

/// A comparison of two tensors of one type, broadcast.
private func comparison(
  ofTruths: Bool = false, _ function: @escaping @Sendable (Tensor, Tensor) -> Tensor
) -> OperatorMaker {
  { _ in
    { call in
      let values = [try call.value(0), try call.value(1)]
      try call.needOneType(values)
      try call.need(ofTruths || values[0].type != .bool, "truth values have no order")
      try call.broadcast(values.map(\.shape), type: values[0].type)
      return [GraphValue.combined(values) { function($0[0], $0[1]) }]
    }
  }
}

/// A function of two tensors of truth values, broadcast.
private func logical(_ function: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> OperatorMaker {
  { _ in
    { call in
      let values = [try call.value(0), try call.value(1)]
      try call.need(values.allSatisfy { $0.type == .bool }, "an input holds no truth values")
      try call.broadcast(values.map(\.shape), type: .bool)
      return [GraphValue.combined(values) { function($0[0], $0[1]) }]
    }
  }
}

/// Comparisons, logic and choice.
let comparisonOperators: [String: OperatorMaker] = [
  "Equal": comparison(ofTruths: true) { $0 .== $1 },
  "Less": comparison { $0 .< $1 },
  "LessOrEqual": comparison { $0 .<= $1 },
  "Greater": comparison { $0 .> $1 },
  "GreaterOrEqual": comparison { $0 .>= $1 },
  "And": logical { $0.and($1) },
  "Or": logical { $0.or($1) },
  "Xor": logical { $0 .!= $1 },
  "Not": { _ in
    { call in
      let value = try call.value(0)
      try call.need(value.type == .bool, "the input holds no truth values")
      return [value.mapped { $0.not() }]
    }
  },
  "Where": { _ in
    { call in
      let values = [try call.value(0), try call.value(1), try call.value(2)]
      try call.need(values[0].type == .bool, "the condition holds no truth values")
      try call.needOneType(Array(values.dropFirst()))
      try call.broadcast(values.map(\.shape), type: values[1].type)
      return [GraphValue.combined(values) { select($0[0], $0[1], $0[2]) }]
    }
  },
]
