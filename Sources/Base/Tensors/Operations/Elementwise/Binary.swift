import Basics
import Kernels

/// Arithmetic of two tensors, element by element, broadcast to a common shape.
struct Binary: Operation {
  enum Kind: String, Sendable { case add, subtract, multiply, divide, power, maximum, minimum }

  let kind: Kind
  var name: String { kind.rawValue }
  var gradientReads: GradientReads { kind == .add || kind == .subtract ? .nothing : .inputs }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let (a, b) = (inputs[0], inputs[1])
    require(a.type == b.type, name, "types \(a.type) and \(b.type) differ (shapes \(a.shape) and \(b.shape))")
    let result = Tensor(uninitialized: broadcastShape(a.shape, b.shape, name), a.type, for: name)
    compute(a, b, into: result)
    return [result]
  }

  /// Computes into a result that exists; it may be one of the operands if that has the result's shape.
  func compute(_ a: Tensor, _ b: Tensor, into result: Tensor) {
    let plan = BroadcastPlan([a.shape, b.shape], to: result.shape)
    switch a.type {
    case .float32: BinaryFloatKernels(kind).run(a.floats, b.floats, result.floats, plan)
    case .float64: walk(a, b, result, plan, Reference.binary(kind))
    case .int32: walk(a, b, result, plan, Reference.integer(kind, Int32.self))
    case .int64: walk(a, b, result, plan, Reference.integer(kind, Int64.self))
    case .uint8: walk(a, b, result, plan, Reference.integer(kind, UInt8.self))
    case .bool, .bfloat16: stop(name, "there is no arithmetic of \(a.type)")
    }
  }

  private func walk<Element: TensorElement>(
    _ a: Tensor, _ b: Tensor, _ result: Tensor, _ plan: BroadcastPlan, _ function: (Element, Element) -> Element
  ) {
    let (left, right, target) = (a.pointer(Element.self), b.pointer(Element.self), result.pointer(Element.self))
    let (leftStep, rightStep) = (plan.runStep(0), plan.runStep(1))
    plan.forEachPiece { start, first, second, count in
      for i in 0..<count { target[start + i] = function(left[first + i * leftStep], right[second + i * rightStep]) }
    }
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0] else { return [nil, nil] }
    let (a, b) = (call.inputs[0], call.inputs[1])
    func left(_ gradient: @autoclosure () -> Tensor) -> Tensor? {
      call.needs[0] ? gradient().summed(to: a.shape) : nil
    }
    func right(_ gradient: @autoclosure () -> Tensor) -> Tensor? {
      call.needs[1] ? gradient().summed(to: b.shape) : nil
    }
    switch kind {
    case .add: return [left(g), right(g)]
    case .subtract: return [left(g), right(-g)]
    case .multiply: return [left(g * b), right(g * a)]
    case .divide: return [left(g / b), right(-(g * (a / b)) / b)]
    case .power:
      // x^y: y x^(y-1), which is 0 and not 0 times infinity for x = y = 0, and x^y log x, which is 0 where x is 0, its
      // limit for y > 0; for y < 0 it is infinite.
      let one = Tensor(repeating: 1, shape: [], type: a.type)
      let exponent = select((a .== 0).and(b .== 0), one, b)
      let safe = select((a .> 0).or((a .== 0).and(b .< 0)), a, one)
      return [left(g * b * pow(a, exponent - 1)), right(g * pow(a, b) * log(safe))]
    case .maximum, .minimum:
      // Equal operands share the gradient.
      let first = kind == .maximum ? a .> b : a .< b
      let share = first.cast(to: g.type) + (a .== b).cast(to: g.type) * 0.5
      return [left(g * share), right(g * (1 - share))]
    }
  }
}

extension Tensor {
  /// The sum, element by element; shapes broadcast.
  public static func + (a: Tensor, b: Tensor) -> Tensor { apply(one: Binary(kind: .add), a, b) }
  /// The difference, element by element; shapes broadcast.
  public static func - (a: Tensor, b: Tensor) -> Tensor { apply(one: Binary(kind: .subtract), a, b) }
  /// The product, element by element; shapes broadcast. The product of matrices is `matmul`.
  public static func * (a: Tensor, b: Tensor) -> Tensor { apply(one: Binary(kind: .multiply), a, b) }
  /// The quotient, element by element; shapes broadcast. Whole numbers are divided towards zero; by 0 gives 0.
  public static func / (a: Tensor, b: Tensor) -> Tensor { apply(one: Binary(kind: .divide), a, b) }

  /// The sum with a number, which takes the tensor's type and must fit it.
  public static func + (a: Tensor, b: Double) -> Tensor { a + a.constant(b) }
  /// The sum with a number, which takes the tensor's type and must fit it.
  public static func + (a: Double, b: Tensor) -> Tensor { b.constant(a) + b }
  /// The difference with a number, which takes the tensor's type and must fit it.
  public static func - (a: Tensor, b: Double) -> Tensor { a - a.constant(b) }
  /// The difference with a number, which takes the tensor's type and must fit it.
  public static func - (a: Double, b: Tensor) -> Tensor { b.constant(a) - b }
  /// The product with a number, which takes the tensor's type and must fit it.
  public static func * (a: Tensor, b: Double) -> Tensor { a * a.constant(b) }
  /// The product with a number, which takes the tensor's type and must fit it.
  public static func * (a: Double, b: Tensor) -> Tensor { b.constant(a) * b }
  /// The quotient with a number, which takes the tensor's type and must fit it.
  public static func / (a: Tensor, b: Double) -> Tensor { a / a.constant(b) }
  /// The quotient with a number, which takes the tensor's type and must fit it.
  public static func / (a: Double, b: Tensor) -> Tensor { b.constant(a) / b }

  /// Adds in place: a new value for the variable.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  /// Subtracts in place: a new value for the variable.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// Multiplies in place: a new value for the variable.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }

  /// A scalar of this tensor's type.
  package func constant(_ value: Double) -> Tensor {
    require(holds(value), "arithmetic", "\(value) is no \(type) as the tensor of shape \(shape); cast it first")
    return Tensor(repeating: value, shape: [], type: type)
  }

  /// The sum off the record.
  static func adding(_ a: consuming Tensor, _ b: Tensor) -> Tensor {
    if a.type == .bfloat16 { return a.detached() + b.detached() }
    let result = Tensor(uninitialized: a.shape, a.type, for: "add")
    Binary(kind: .add).compute(a, b, into: result)
    return result
  }
}

/// The larger of two, element by element; shapes broadcast.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { apply(one: Binary(kind: .maximum), a, b) }

/// The smaller of two, element by element; shapes broadcast.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { apply(one: Binary(kind: .minimum), a, b) }

/// The larger of each element and a number.
public func maximum(_ a: Tensor, _ b: Double) -> Tensor { maximum(a, a.constant(b)) }

/// The smaller of each element and a number.
public func minimum(_ a: Tensor, _ b: Double) -> Tensor { minimum(a, a.constant(b)) }

/// The power a^b, element by element; shapes broadcast.
public func pow(_ a: Tensor, _ b: Tensor) -> Tensor { apply(one: Binary(kind: .power), a, b) }

/// The power of each element.
public func pow(_ a: Tensor, _ b: Double) -> Tensor { pow(a, a.constant(b)) }
