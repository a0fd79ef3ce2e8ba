import Basics
import Kernels

/// A comparison or a logical operation, element by element, broadcast to a common shape: truth values.
struct Comparison: Operation {
  enum Kind: String, Sendable { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, and, or }

  let kind: Kind
  var name: String { kind.rawValue }
  var gradientReads: GradientReads { .nothing }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let (a, b) = (inputs[0], inputs[1])
    require(a.type == b.type, name, "types \(a.type) and \(b.type) differ (shapes \(a.shape) and \(b.shape))")
    let isLogical = kind == .and || kind == .or
    require(!isLogical || a.type == .bool, name, "takes truth values, not \(a.type)")
    let result = Tensor(uninitialized: broadcastShape(a.shape, b.shape, name), .bool, for: name)
    switch a.type {
    case .float32: walk(a, b, result, Float.self)
    case .float64: walk(a, b, result, Double.self)
    case .int32: walk(a, b, result, Int32.self)
    case .int64: walk(a, b, result, Int64.self)
    case .uint8: walk(a, b, result, UInt8.self)
    case .bool: truths(a, b, result)
    case .bfloat16: stop(name, "there is no \(name) of bfloat16")
    }
    return [result]
  }

  private func walk<Element: TensorElement & Comparable>(
    _ a: Tensor, _ b: Tensor, _ result: Tensor, _ type: Element.Type
  ) {
    switch kind {
    case .equal: walk(a, b, result) { (x: Element, y: Element) in x == y }
    case .notEqual: walk(a, b, result) { (x: Element, y: Element) in x != y }
    case .less: walk(a, b, result) { (x: Element, y: Element) in x < y }
    case .lessOrEqual: walk(a, b, result) { (x: Element, y: Element) in x <= y }
    case .greater: walk(a, b, result) { (x: Element, y: Element) in x > y }
    case .greaterOrEqual: walk(a, b, result) { (x: Element, y: Element) in x >= y }
    case .and, .or: break
    }
  }

  private func truths(_ a: Tensor, _ b: Tensor, _ result: Tensor) {
    switch kind {
    case .equal: walk(a, b, result) { (x: Bool, y: Bool) in x == y }
    case .notEqual: walk(a, b, result) { (x: Bool, y: Bool) in x != y }
    case .and: walk(a, b, result) { (x: Bool, y: Bool) in x && y }
    case .or: walk(a, b, result) { (x: Bool, y: Bool) in x || y }
    default: stop(name, "truth values have no order")
    }
  }

  @inline(__always)
  private func walk<Element: TensorElement>(
    _ a: Tensor, _ b: Tensor, _ result: Tensor, _ function: (Element, Element) -> Bool
  ) {
    let plan = BroadcastPlan([a.shape, b.shape], to: result.shape)
    let (left, right, target) = (a.pointer(Element.self), b.pointer(Element.self), result.pointer(Bool.self))
    let (leftStep, rightStep) = (plan.runStep(0), plan.runStep(1))
    plan.forEachPiece { start, first, second, count in
      for i in 0..<count { target[start + i] = function(left[first + i * leftStep], right[second + i * rightStep]) }
    }
  }
}

/// Takes elements of one tensor where a condition holds, of another elsewhere.
struct Select: Operation {
  var name: String { "select" }
  var movesElements: Bool { true }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let (condition, a, b) = (inputs[0], inputs[1], inputs[2])
    require(condition.type == .bool, name, "the condition holds \(condition.type), not truth values")
    require(a.type == b.type, name, "types \(a.type) and \(b.type) differ (shapes \(a.shape) and \(b.shape))")
    let shape = broadcastShape(condition.shape, broadcastShape(a.shape, b.shape, name), name)
    let result = Tensor(uninitialized: shape, a.type, for: name)
    switch a.type.byteCount {
    case 8: walk(condition, a, b, result, UInt64.self)
    case 4: walk(condition, a, b, result, UInt32.self)
    case 2: walk(condition, a, b, result, UInt16.self)
    default: walk(condition, a, b, result, UInt8.self)
    }
    return [result]
  }

  private func walk<Word: BitwiseCopyable>(
    _ condition: Tensor, _ a: Tensor, _ b: Tensor, _ result: Tensor, _ word: Word.Type
  ) {
    let left = a.storage.pointer.assumingMemoryBound(to: word) + a.offset
    let right = b.storage.pointer.assumingMemoryBound(to: word) + b.offset
    let target = result.storage.pointer.assumingMemoryBound(to: word)
    let truth = condition.pointer(Bool.self)
    let plan = BroadcastPlan([condition.shape, a.shape, b.shape], to: result.shape)
    let (truthStep, leftStep, rightStep) = (plan.runStep(0), plan.runStep(1), plan.runStep(2))
    let length = plan.runLength
    forEachPart(of: plan.runCount, grain: max(1, 16_384 / max(length, 1))) { runs in
      for run in runs {
        let (t, l, r) = (plan.start(0, run: run), plan.start(1, run: run), plan.start(2, run: run))
        for i in 0..<length {
          target[run * length + i] = truth[t + i * truthStep] ? left[l + i * leftStep] : right[r + i * rightStep]
        }
      }
    }
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0] else { return [nil, nil, nil] }
    let (condition, zero) = (call.inputs[0], g.constant(0))
    return [
      nil,
      call.needs[1] ? select(condition, g, zero).summed(to: call.inputs[1].shape) : nil,
      call.needs[2] ? select(condition, zero, g).summed(to: call.inputs[2].shape) : nil,
    ]
  }
}

/// Elements of `a` where the condition holds, of `b` elsewhere; shapes broadcast. No gradient flows to what was not taken.
///
/// - Parameters:
///   - condition: Truth values, as comparisons give them.
///   - a: What is taken where they hold.
///   - b: The same type: what is taken where they do not.
public func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
  apply(one: Select(), condition, a, b)
}

infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence

extension Tensor {
  /// Whether elements are equal; shapes broadcast.
  public static func .== (a: Tensor, b: Tensor) -> Tensor { apply(one: Comparison(kind: .equal), a, b) }
  /// Whether elements differ; shapes broadcast.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor { apply(one: Comparison(kind: .notEqual), a, b) }
  /// Whether elements of the first are less; shapes broadcast.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { apply(one: Comparison(kind: .less), a, b) }
  /// Whether elements of the first are less or equal; shapes broadcast.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { apply(one: Comparison(kind: .lessOrEqual), a, b) }
  /// Whether elements of the first are greater; shapes broadcast.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { apply(one: Comparison(kind: .greater), a, b) }
  /// Whether elements of the first are greater or equal; shapes broadcast.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { apply(one: Comparison(kind: .greaterOrEqual), a, b) }

  /// Whether elements equal a number.
  public static func .== (a: Tensor, b: Double) -> Tensor { a.comparable(with: b) .== a.comparand(b) }
  /// Whether elements differ from a number.
  public static func .!= (a: Tensor, b: Double) -> Tensor { a.comparable(with: b) .!= a.comparand(b) }
  /// Whether elements are less than a number.
  public static func .< (a: Tensor, b: Double) -> Tensor { a.comparable(with: b) .< a.comparand(b) }
  /// Whether elements are at most a number.
  public static func .<= (a: Tensor, b: Double) -> Tensor { a.comparable(with: b) .<= a.comparand(b) }
  /// Whether elements are greater than a number.
  public static func .> (a: Tensor, b: Double) -> Tensor { a.comparable(with: b) .> a.comparand(b) }
  /// Whether elements are at least a number.
  public static func .>= (a: Tensor, b: Double) -> Tensor { a.comparable(with: b) .>= a.comparand(b) }

  /// This tensor, in double precision where its type does not hold the number that it is compared with.
  private func comparable(with value: Double) -> Tensor { holds(value) ? self : cast(to: .float64) }

  /// The number that a tensor is compared with.
  private func comparand(_ value: Double) -> Tensor { holds(value) ? constant(value) : Tensor(value) }

  /// Whether both hold, for truth values.
  public func and(_ other: Tensor) -> Tensor { apply(one: Comparison(kind: .and), self, other) }
  /// Whether either holds, for truth values.
  public func or(_ other: Tensor) -> Tensor { apply(one: Comparison(kind: .or), self, other) }
  /// Whether it does not hold, for truth values.
  public func not() -> Tensor { self .== Tensor(false) }
}
