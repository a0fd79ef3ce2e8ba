import Basics

/// The sum over axes, which stay with size 1.
struct Sum: Operation {
  /// Ascending, without repeats.
  let axes: [Int]
  var name: String { "sum" }
  var gradientReads: GradientReads { .nothing }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let result = reducing(inputs[0], over: axes, for: name) { x, result, extent in
      switch x.type {
      case .float32: reduceMiddle(FloatSum<Float>.self, x, result, extent)
      case .float64: reduceMiddle(FloatSum<Double>.self, x, result, extent)
      case .int32: reduceMiddle(WholeSum<Int32>.self, x, result, extent)
      case .int64: reduceMiddle(WholeSum<Int64>.self, x, result, extent)
      case .uint8, .bool, .bfloat16: stop(name, "there is no sum of \(x.type); cast first")
      }
    }
    return [result]
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    [upstream[0]?.broadcast(to: call.inputs[0].shape)]
  }
}

/// Sums in double precision, so that long sums keep their digits and do not overflow on the way.
enum FloatSum<Element: TensorElement & BinaryFloatingPoint>: AxisReduction {
  static var start: Double { 0 }

  @inline(__always)
  static func adding(_ element: Element, to sum: Double) -> Double { sum + Double(element) }

  @inline(__always)
  static func merging(_ a: Double, _ b: Double) -> Double { a + b }

  @inline(__always)
  static func result(_ sum: Double) -> Element { Element(sum) }
}

/// Sums that wrap around.
enum WholeSum<Element: TensorElement & FixedWidthInteger>: AxisReduction {
  static var start: Element { 0 }

  @inline(__always)
  static func adding(_ element: Element, to sum: Element) -> Element { sum &+ element }

  @inline(__always)
  static func merging(_ a: Element, _ b: Element) -> Element { a &+ b }

  @inline(__always)
  static func result(_ sum: Element) -> Element { sum }
}

extension Tensor {
  /// The sum over axes: in double precision inside, rounded once per run of neighbouring axes; 0 over no elements. Whole
  /// numbers wrap around.
  ///
  /// - Parameters:
  ///   - axes: Negative ones count from the last; all axes unless given.
  ///   - keepsAxes: Whether summed axes stay with size 1; false unless set.
  public func sum(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let axes = chosenAxes(axes, "sum")
    return reduced(Sum(axes: axes), axes, keepsAxes: keepsAxes)
  }
}
