import Basics
import Tensors

extension Exporter {
  /// Writes an operation element by element, in the layout in which its operands are.
  mutating func writeElements(
    _ inputs: [Int], _ output: Int, _ body: (inout GraphBuilder, [String]) throws -> String
  ) throws {
    let (names, isChannelsFirst) = try aligned(inputs)
    set(output, try body(&builder, names), isChannelsFirst: isChannelsFirst)
  }

  /// Writes a function of each element; false if there are no operators for it.
  mutating func writeUnary(_ kind: String, _ setting: Double?, _ input: Int, _ output: Int) throws -> Bool {
    let type = values[input].type
    if try writeRectifier(kind, setting, input, output) { return true }
    let simple = [
      "negate": "Neg", "absolute": "Abs", "sign": "Sign", "squareRoot": "Sqrt", "reciprocal": "Reciprocal",
      "exp": "Exp",
      "log": "Log", "sin": "Sin", "cos": "Cos", "tanh": "Tanh", "sigmoid": "Sigmoid", "erf": "Erf", "relu": "Relu",
      "gelu": "Gelu", "softplus": "Softplus", "floor": "Floor", "ceiling": "Ceil", "round": "Round",
    ]
    if let name = simple[kind] {
      try writeElements([input], output) { $0.add(name, $1)[0] }
      return true
    }
    switch kind {
    case "square": try writeElements([input], output) { $0.add("Mul", [$1[0], $1[0]])[0] }
    case "silu": try writeElements([input], output) { $0.add("Mul", [$1[0], $0.add("Sigmoid", $1)[0]])[0] }
    case "log1p":
      try writeElements([input], output) { builder, names in
        builder.add("Log", [builder.add("Add", [names[0], builder.number(1, type)])[0]])[0]
      }
    case "leakyRelu", "elu":
      let name = kind == "elu" ? "Elu" : "LeakyRelu"
      try writeElements([input], output) { $0.add(name, $1, ["alpha": .float(Float(setting ?? 0))])[0] }
    default: return false
    }
    return true
  }

  /// Writes a function that ends or bends at 0 in a type for which runtimes lack an operator of its own; false if this is
  /// no such function or type.
  private mutating func writeRectifier(
    _ kind: String, _ setting: Double?, _ input: Int, _ output: Int
  ) throws -> Bool {
    let type = values[input].type
    guard type == .float64 && ["softplus", "leakyRelu", "elu"].contains(kind) || type.isInteger && kind == "relu" else {
      return false
    }
    try writeElements([input], output) { builder, names in
      let (x, zero) = (names[0], builder.number(0, type))
      let above = builder.add("Max", [x, zero])[0]
      if kind == "relu" { return above }
      let one = builder.number(1, type)
      func scaled(_ name: String, by factor: Double) -> String {
        builder.add("Mul", [name, builder.number(factor, type)])[0]
      }
      let rest: String
      switch kind {
      case "softplus":
        let power = builder.add("Exp", builder.add("Neg", builder.add("Abs", [x])))[0]
        rest = builder.add("Log", builder.add("Add", [power, one]))[0]
      case "elu":
        let power = builder.add("Exp", builder.add("Min", [x, zero]))[0]
        rest = scaled(builder.add("Sub", [power, one])[0], by: setting ?? 1)
      default: rest = scaled(builder.add("Min", [x, zero])[0], by: setting ?? 0)
      }
      return builder.add("Add", [above, rest])[0]
    }
    return true
  }

  /// Writes a choice between two tensors.
  mutating func writeSelect(_ inputs: [Int], _ output: Int) throws {
    guard values[output].type == .bool else {
      return try writeElements(inputs, output) { $0.add("Where", $1)[0] }
    }
    // Runtimes lack the operator for truth values.
    try writeElements(inputs, output) { builder, names in
      let chosen = builder.add("And", [names[0], names[1]])
      let others = builder.add("And", builder.add("Not", [names[0]]) + [names[2]])
      return builder.add("Or", chosen + others)[0]
    }
  }

  /// Writes an activation behind a fused operation.
  mutating func writeActivation(_ activation: Activation, _ name: String) -> String {
    switch activation {
    case .identity: name
    case .relu: builder.add("Relu", [name])[0]
    case .gelu: builder.add("Gelu", [name])[0]
    case .silu: builder.add("Mul", [name, builder.add("Sigmoid", [name])[0]])[0]
    case .tanh: builder.add("Tanh", [name])[0]
    case .sigmoid: builder.add("Sigmoid", [name])[0]
    case .softplus: builder.add("Softplus", [name])[0]
    }
  }

  mutating func writeBinary(_ kind: String, _ inputs: [Int], _ output: Int) throws -> Bool {
    let operators = [
      "add": "Add", "subtract": "Sub", "multiply": "Mul", "divide": "Div", "power": "Pow", "maximum": "Max",
      "minimum": "Min",
    ]
    guard let name = operators[kind] else { return false }
    try writeElements(inputs, output) { $0.add(name, $1)[0] }
    return true
  }

  mutating func writeComparison(_ kind: String, _ inputs: [Int], _ output: Int) throws -> Bool {
    if kind == "notEqual" {
      try writeElements(inputs, output) { $0.add("Not", $0.add("Equal", $1))[0] }
      return true
    }
    let operators = [
      "equal": "Equal", "less": "Less", "lessOrEqual": "LessOrEqual", "greater": "Greater",
      "greaterOrEqual": "GreaterOrEqual", "and": "And", "or": "Or",
    ]
    guard let name = operators[kind] else { return false }
    try writeElements(inputs, output) { $0.add(name, $1)[0] }
    return true
  }

  mutating func writeCast(to type: ElementType, _ input: Int, _ output: Int) throws {
    let kind = ONNXTensor.Kind(type).rawValue
    try writeElements([input], output) { $0.add("Cast", $1, ["to": .integer(kind)])[0] }
  }
}
