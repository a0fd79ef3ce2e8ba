import Basics
import Kernels

/// The same numbers in another type.
struct Cast: Operation {
  let type: ElementType
  var name: String { "cast" }
  var gradientReads: GradientReads { .nothing }
  var movesElements: Bool { true }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    let result = Tensor(uninitialized: x.shape, type, for: name)
    switch x.type {
    case .float32: from(x.pointer(Float.self), result) { $0 }
    case .float64: from(x.pointer(Double.self), result) { $0 }
    case .bfloat16: from(x.pointer(BFloat16.self), result) { Float($0) }
    case .int32: whole(x.pointer(Int32.self), result)
    case .int64: whole(x.pointer(Int64.self), result)
    case .uint8: whole(x.pointer(UInt8.self), result)
    case .bool:
      let source = UnsafeRawPointer(x.pointer(Bool.self)).assumingMemoryBound(to: UInt8.self)
      whole(UnsafeMutablePointer(mutating: source), result)
    }
    return [result]
  }

  @inline(__always)
  private func from<Element, Number: BinaryFloatingPoint>(
    _ source: UnsafeMutablePointer<Element>, _ result: Tensor, _ number: (Element) -> Number
  ) {
    switch type {
    case .float32: fill(result, Float.self) { Float(number(source[$0])) }
    case .float64: fill(result, Double.self) { Double(number(source[$0])) }
    case .bfloat16: fill(result, BFloat16.self) { BFloat16(Float(number(source[$0]))) }
    case .int32: fill(result, Int32.self) { Self.clamped(number(source[$0])) }
    case .int64: fill(result, Int64.self) { Self.clamped(number(source[$0])) }
    case .uint8: fill(result, UInt8.self) { Self.clamped(number(source[$0])) }
    case .bool: fill(result, Bool.self) { number(source[$0]) != 0 }
    }
  }

  @inline(__always)
  private func whole<Number: FixedWidthInteger>(_ source: UnsafeMutablePointer<Number>, _ result: Tensor) {
    switch type {
    case .float32: fill(result, Float.self) { Float(source[$0]) }
    case .float64: fill(result, Double.self) { Double(source[$0]) }
    case .bfloat16: fill(result, BFloat16.self) { BFloat16(Float(source[$0])) }
    case .int32: fill(result, Int32.self) { Int32(truncatingIfNeeded: source[$0]) }
    case .int64: fill(result, Int64.self) { Int64(source[$0]) }
    case .uint8: fill(result, UInt8.self) { UInt8(truncatingIfNeeded: source[$0]) }
    case .bool: fill(result, Bool.self) { source[$0] != 0 }
    }
  }

  @inline(__always)
  private func fill<Element: TensorElement>(_ result: Tensor, _ type: Element.Type, _ value: (Int) -> Element) {
    let target = result.pointer(type)
    forEachPart(of: result.count, grain: 16_384) { for i in $0 { target[i] = value(i) } }
  }

  /// Towards zero; what lies outside becomes the nearest whole number of the type, not-a-number 0.
  @inline(__always)
  private static func clamped<Whole: FixedWidthInteger, Number: BinaryFloatingPoint>(_ x: Number) -> Whole {
    if let exact = Whole(exactly: x.rounded(.towardZero)) { return exact }
    return x.isNaN ? 0 : x > 0 ? .max : .min
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    let source = call.inputs[0].type
    return [source.isFloatingPoint ? upstream[0]?.cast(to: source) : nil]
  }
}

extension Tensor {
  /// The same numbers in another type: towards zero and clamped for whole numbers, nearest for bfloat16, false for 0.
  public func cast(to type: ElementType) -> Tensor { type == self.type ? self : apply(one: Cast(type: type), self) }
}
