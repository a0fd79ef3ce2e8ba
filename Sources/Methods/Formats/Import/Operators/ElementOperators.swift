import Foundation
import Tensors

/// A function of each floating-point number.
private func floating(_ function: @escaping @Sendable (Tensor) -> Tensor) -> OperatorMaker {
  { _ in { call in [try call.floating(0).mapped(function)] } }
}

/// A function of each number, signed whole numbers included.
private func signed(_ function: @escaping @Sendable (Tensor) -> Tensor) -> OperatorMaker {
  { _ in
    { call in
      let value = try call.numeric(0)
      try call.need(value.type != .uint8, "there is none of unsigned numbers")
      return [value.mapped(function)]
    }
  }
}

/// A function of each floating-point number with a setting.
private func floating(
  _ name: String, _ standard: Double, _ function: @escaping @Sendable (Tensor, Double) -> Tensor
) -> OperatorMaker {
  { settings in
    let setting = try settings.number(name, standard)
    return { call in [try call.floating(0).mapped { function($0, setting) }] }
  }
}

/// Functions of each element.
let elementOperators: [String: OperatorMaker] = [
  "Neg": signed { -$0 },
  "Abs": { _ in
    { call in
      let value = try call.numeric(0)
      return [value.type == .uint8 ? value : value.mapped { abs($0) }]
    }
  },
  "Sign": signed { sign($0) },
  "Relu": signed { relu($0) },
  "Sqrt": floating { sqrt($0) },
  "Reciprocal": floating { reciprocal($0) },
  "Exp": floating { exp($0) },
  "Log": floating { log($0) },
  "Sin": floating { sin($0) },
  "Cos": floating { cos($0) },
  "Tan": floating { sin($0) / cos($0) },
  // Near 0 the difference of exponentials would lose digits.
  "Sinh": floating { tanh($0) * (exp($0) + exp(-$0)) * 0.5 },
  "Cosh": floating { (exp($0) + exp(-$0)) * 0.5 },
  "Tanh": floating { tanh($0) },
  "Sigmoid": floating { sigmoid($0) },
  "Erf": floating { erf($0) },
  "Floor": floating { floor($0) },
  "Ceil": floating { ceil($0) },
  "Round": floating { round($0) },
  "Softplus": floating { softplus($0) },
  "Softsign": floating { $0 / (abs($0) + 1) },
  "Mish": floating { $0 * tanh(softplus($0)) },
  "HardSwish": floating { $0 * minimum(maximum($0 * (1 / 6) + 0.5, 0), 1) },
  "LeakyRelu": floating("alpha", 0.01) { leakyRelu($0, slope: $1) },
  "Elu": floating("alpha", 1) { elu($0, scale: $1) },
  // max(x, 0) + min(0, a (e^(x/a) - 1)).
  "Celu": floating("alpha", 1) { maximum($0, 0) + minimum(elu($0 / $1, scale: $1), 0) },
  "ThresholdedRelu": floating("alpha", 1) { x, threshold in select(x .> threshold, x, Tensor.zeros([]).cast(to: x.type))
  },
  "Swish": floating("alpha", 1) { $0 * sigmoid($0 * $1) },
  "Selu": { settings in
    let alpha = try settings.number("alpha", 1.67326319217681884765625)
    let gamma = try settings.number("gamma", 1.05070102214813232421875)
    return { call in [try call.floating(0).mapped { gamma * elu($0, scale: alpha) }] }
  },
  "HardSigmoid": { settings in
    let (alpha, beta) = (try settings.number("alpha", 0.2), try settings.number("beta", 0.5))
    return { call in [try call.floating(0).mapped { minimum(maximum($0 * alpha + beta, 0), 1) }] }
  },
  "Gelu": { settings in
    guard try settings.text("approximate", "none") == "tanh" else {
      return { call in [try call.floating(0).mapped { gelu($0) }] }
    }
    // Hendrycks and Gimpel 2016, the approximation with tanh.
    let slope = (2 / Double.pi).squareRoot()
    return { call in
      [try call.floating(0).mapped { x in 0.5 * x * (tanh((x + x * x * x * 0.044715) * slope) + 1) }]
    }
  },
  "PRelu": { _ in
    { call in
      let (x, slope) = (try call.floating(0), try call.floating(1))
      try call.needOneType([x, slope])
      let shape = try call.broadcast([x.shape, slope.shape], type: x.type)
      try call.need(shape == x.shape, "the slope of shape \(slope.shape) does not fit \(x.shape)")
      return [GraphValue.combined([x, slope]) { relu($0[0]) + minimum($0[0], 0) * $0[1] }]
    }
  },
  "Identity": { _ in { call in [try call.value(0)] } },
  "Dropout": { _ in
    { call in
      try call.need(!(call.optional(2)?.doubles.contains(1) ?? false), "dropout in training is not supported")
      return [try call.value(0)]
    }
  },
  "IsNaN": { _ in { call in [try call.floating(0).mapped { $0 .!= $0 }] } },
  "IsInf": { settings in
    let positive = try settings.flag("detect_positive", true)
    let negative = try settings.flag("detect_negative", true)
    return { call in
      [
        try call.floating(0).mapped { x in
          let (above, below) = (x .== .infinity, x .== -.infinity)
          return positive && negative ? above.or(below) : positive ? above : negative ? below : above.and(below)
        }
      ]
    }
  },
  "Clip": { settings in
    let bounds = (try settings.number("min", -.infinity), try settings.number("max", .infinity))
    return { call in
      let value = try call.numeric(0)
      func bound(_ index: Int, _ setting: Double) throws -> Tensor? {
        guard let bound = call.optional(index) else {
          return setting.isFinite ? Tensor(setting).cast(to: value.type) : nil
        }
        try call.need(bound.count == 1 && bound.type == value.type, "bound \(index) is no number of type \(value.type)")
        return bound.reshaped(to: [])
      }
      let (low, high) = (try bound(1, bounds.0), try bound(2, bounds.1))
      return [
        value.mapped { x in
          let raised = low.map { maximum(x, $0) } ?? x
          return high.map { minimum(raised, $0) } ?? raised
        }
      ]
    }
  },
  "Cast": { settings in
    guard let number = try settings.integer("to"), let type = ONNXTensor.Kind(rawValue: number)?.elementType else {
      throw settings.unsupported("the type of the attribute \"to\"")
    }
    return { call in [try call.value(0).mapped { $0.cast(to: type) }] }
  },
  "CastLike": { _ in
    { call in
      let type = try call.value(1).type
      return [try call.value(0).mapped { $0.cast(to: type) }]
    }
  },
]
