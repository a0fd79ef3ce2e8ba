import Basics
import Foundation
import Kernels

/// A function of each element.
struct Unary: Operation {
  enum Kind: Sendable, Hashable {
    case negate, absolute, sign, square, squareRoot, reciprocal
    case exp, log, log1p, sin, cos, tanh, sigmoid, erf
    case relu, gelu, silu, softplus, leakyRelu(Double), elu(Double)
    case floor, ceiling, round
  }

  let kind: Kind
  var name: String { String("\(kind)".prefix { $0 != "(" }) }

  var gradientReads: GradientReads {
    switch kind {
    case .negate, .sign, .floor, .ceiling, .round: .nothing
    case .squareRoot, .exp, .tanh, .sigmoid, .reciprocal, .relu, .softplus, .elu: .outputs
    default: .inputs
    }
  }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    let result = Tensor(uninitialized: x.shape, x.type, for: name)
    switch x.type {
    case .float32: FloatKernels.unary(kind, x.floats, result.floats, x.count)
    case .float64:
      let function = Reference.unary(kind)
      let (source, target) = (x.pointer(Double.self), result.pointer(Double.self))
      forEachPart(of: x.count, grain: 4_096) { for i in $0 { target[i] = function(source[i]) } }
    case .int32: whole(x, result, Int32.self)
    case .int64: whole(x, result, Int64.self)
    case .uint8, .bool, .bfloat16: stop(name, "there is no \(name) of \(x.type)")
    }
    return [result]
  }

  private func whole<Element: TensorElement & SignedInteger & FixedWidthInteger>(
    _ x: Tensor, _ result: Tensor, _ type: Element.Type
  ) {
    let (source, target) = (x.pointer(type), result.pointer(type))
    switch kind {
    case .negate: for i in 0..<x.count { target[i] = 0 &- source[i] }
    case .absolute: for i in 0..<x.count { target[i] = source[i] < 0 ? 0 &- source[i] : source[i] }
    case .sign: for i in 0..<x.count { target[i] = source[i].signum() }
    case .square: for i in 0..<x.count { target[i] = source[i] &* source[i] }
    case .relu: for i in 0..<x.count { target[i] = Swift.max(source[i], 0) }
    default: stop(name, "there is no \(name) of \(x.type)")
    }
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0] else { return [nil] }
    switch kind {
    case .negate: return [-g]
    case .sign, .floor, .ceiling, .round: return [nil]
    default: break
    }
    let read = gradientReads.contains(.outputs) ? call.outputs[0] : call.inputs[0]
    return [apply(one: UnaryGradient(kind: kind), read, g)]
  }
}

/// The gradient through a function of each element, in one pass over what the rule reads (the function's output or input)
/// and the gradient that comes in.
struct UnaryGradient: Operation {
  let kind: Unary.Kind
  var name: String { "gradient of \(Unary(kind: kind).name)" }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let result = Tensor(uninitialized: inputs[0].shape, .float32, for: name)
    let isDone = FloatKernels.unaryGradient(
      kind, inputs[0].floats, inputs[1].floats, result.floats, result.count)
    return isDone ? [result] : [slope(inputs[0]) * inputs[1]]
  }

  func composition(_ inputs: [Tensor]) -> [Tensor]? { [slope(inputs[0]) * inputs[1]] }

  /// The derivative, from the output for functions whose derivative is a function of it, else from the input.
  private func slope(_ x: Tensor) -> Tensor {
    switch kind {
    case .negate: return x.constant(-1)
    case .sign, .floor, .ceiling, .round: return x.constant(0)
    case .absolute: return apply(one: Unary(kind: .sign), x)
    case .square: return 2 * x
    case .squareRoot: return 0.5 / x
    case .reciprocal: return -(x * x)
    case .exp: return x
    case .log: return 1 / x
    case .log1p: return 1 / (1 + x)
    case .sin: return cos(x)
    case .cos: return -sin(x)
    case .tanh: return 1 - x * x
    case .sigmoid: return x * (1 - x)
    case .erf: return exp(-(x * x)) * (2 / Double.pi.squareRoot())
    case .relu: return (x .> 0).cast(to: x.type)
    case .gelu:
      // Beyond the bounds, here and below, the slope is 0 or 1; infinities would give not-a-number.
      let x = minimum(maximum(x, -40), 40)
      let density = exp(-(x * x) * 0.5) * (0.5 / Double.pi).squareRoot()
      return 0.5 * (1 + erf(x * 0.5.squareRoot())) + x * density
    case .silu:
      let x = minimum(maximum(x, -800), 800)
      let s = sigmoid(x)
      return s * (1 + x * (1 - s))
    case .softplus:
      // 1 - e^-y, by its series where the difference would lose digits.
      let series = x * (1 - x / 2 * (1 - x / 3 * (1 - x / 4 * (1 - x / 5))))
      return select(x .< 0.02, series, 1 - exp(-x))
    case .leakyRelu(let slope): return select(x .> 0, x.constant(1), x.constant(slope))
    case .elu(let scale): return select(x .> 0, x.constant(1), x + scale)
    }
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0] else { return [nil, nil] }
    let leaves = call.inputs.map { $0.detached().tracked() }
    guard let outputs = composition(leaves) else { return [nil, nil] }
    return Tensors.gradients(of: outputs, seeds: [g], at: leaves, isDifferentiable: false)
  }
}

extension Tensor {
  /// The negative of each element.
  public static prefix func - (x: Tensor) -> Tensor { apply(one: Unary(kind: .negate), x) }
}

/// The absolute value of each element; its gradient is the sign, 0 at 0.
public func abs(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .absolute), x) }
/// -1, 0 or 1 for each element.
public func sign(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .sign), x) }
/// The square of each element.
public func square(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .square), x) }
/// The square root of each element; not-a-number below 0.
public func sqrt(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .squareRoot), x) }
/// 1 / x for each element.
public func reciprocal(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .reciprocal), x) }
/// e^x for each element.
public func exp(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .exp), x) }
/// The natural logarithm of each element.
public func log(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .log), x) }
/// log(1 + x) for each element, exact also near 0.
public func log1p(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .log1p), x) }
/// The sine of each element.
public func sin(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .sin), x) }
/// The cosine of each element.
public func cos(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .cos), x) }
/// The hyperbolic tangent of each element.
public func tanh(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .tanh), x) }
/// 1 / (1 + e^-x) for each element.
public func sigmoid(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .sigmoid), x) }
/// The error function of each element.
public func erf(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .erf), x) }
/// max(x, 0) for each element; its gradient at 0 is 0 (Nair and Hinton 2010).
public func relu(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .relu), x) }
/// x times the normal distribution function of x, exact (Hendrycks and Gimpel 2016).
public func gelu(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .gelu), x) }
/// x sigmoid(x), also called swish (Elfwing, Uchibe and Doya 2018).
public func silu(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .silu), x) }
/// log(1 + e^x), without overflow.
public func softplus(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .softplus), x) }
/// x where it is positive, `slope` x elsewhere; the slope is 0.01 unless given (Maas, Hannun and Ng 2013).
public func leakyRelu(_ x: Tensor, slope: Double = 0.01) -> Tensor { apply(one: Unary(kind: .leakyRelu(slope)), x) }
/// x where it is positive, `scale` (e^x - 1) elsewhere; the scale is 1 unless given (Clevert, Unterthiner and
/// Hochreiter 2016).
public func elu(_ x: Tensor, scale: Double = 1) -> Tensor {
  require(scale >= 0, "elu", "the scale must not be negative, as \(scale) is")
  return apply(one: Unary(kind: .elu(scale)), x)
}
/// The largest whole number not above each element.
public func floor(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .floor), x) }
/// The smallest whole number not below each element.
public func ceil(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .ceiling), x) }
/// The nearest whole number, ties to even.
public func round(_ x: Tensor) -> Tensor { apply(one: Unary(kind: .round), x) }
