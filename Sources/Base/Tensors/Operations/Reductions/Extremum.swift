import Basics

/// The largest or smallest element over axes, which stay with size 1.
struct Extremum: Operation {
  let isLargest: Bool
  /// Ascending, without repeats.
  let axes: [Int]
  var name: String { isLargest ? "max" : "min" }
  var gradientReads: GradientReads { [.inputs, .outputs] }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let shape = inputs[0].shape
    let isEmpty = axes.contains { shape[$0] == 0 }
    require(
      !isEmpty || shape.indices.contains { shape[$0] == 0 && !axes.contains($0) }, name,
      "there is no \(name) of no elements, over axes \(axes) of shape \(shape)")
    let result = reducing(inputs[0], over: axes, for: name) { x, result, extent in
      switch x.type {
      case .float32: pass(Float.self, x, result, extent)
      case .float64: pass(Double.self, x, result, extent)
      case .int32: pass(Int32.self, x, result, extent)
      case .int64: pass(Int64.self, x, result, extent)
      case .uint8: pass(UInt8.self, x, result, extent)
      case .bool, .bfloat16: stop(name, "there is no \(name) of \(x.type)")
      }
    }
    return [result]
  }

  private func pass<Element: ExtremeElement>(
    _ type: Element.Type, _ x: Tensor, _ result: Tensor, _ extent: AxisExtent
  ) {
    if isLargest {
      reduceMiddle(Largest<Element>.self, x, result, extent)
    } else {
      reduceMiddle(Smallest<Element>.self, x, result, extent)
    }
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0] else { return [nil] }
    // Equal elements share the gradient.
    let isExtreme = (call.inputs[0] .== call.outputs[0]).cast(to: g.type)
    return [g / isExtreme.sum(axes: axes, keepsAxes: true) * isExtreme]
  }
}

/// A number with a range.
protocol ExtremeElement: TensorElement, Comparable {
  static var lowest: Self { get }
  static var highest: Self { get }
}

extension Float: ExtremeElement {
  static var lowest: Float { -.infinity }
  static var highest: Float { .infinity }
}

extension Double: ExtremeElement {
  static var lowest: Double { -.infinity }
  static var highest: Double { .infinity }
}

extension FixedWidthInteger {
  static var lowest: Self { .min }
  static var highest: Self { .max }
}

extension Int32: ExtremeElement {}
extension Int64: ExtremeElement {}
extension UInt8: ExtremeElement {}

/// A reduction to one of the elements.
protocol ExtremeReduction: AxisReduction where Element: ExtremeElement, Accumulator == Element {
  /// Whether an element comes before the best so far; not-a-number comes before everything.
  static func beats(_ element: Element, _ best: Element) -> Bool
}

extension ExtremeReduction {
  @inline(__always)
  static func adding(_ element: Element, to best: Element) -> Element { beats(element, best) ? element : best }

  @inline(__always)
  static func merging(_ a: Element, _ b: Element) -> Element { beats(b, a) ? b : a }

  @inline(__always)
  static func result(_ best: Element) -> Element { best }
}

/// The largest element; not-a-number where there is one.
enum Largest<Element: ExtremeElement>: ExtremeReduction {
  static var start: Element { .lowest }

  @inline(__always)
  static func beats(_ element: Element, _ best: Element) -> Bool {
    element > best || (element != element && best == best)
  }
}

/// The smallest element; not-a-number where there is one.
enum Smallest<Element: ExtremeElement>: ExtremeReduction {
  static var start: Element { .highest }

  @inline(__always)
  static func beats(_ element: Element, _ best: Element) -> Bool {
    element < best || (element != element && best == best)
  }
}

extension Tensor {
  /// The largest element over axes; not-a-number where there is one. Equal elements share the gradient.
  ///
  /// - Parameters:
  ///   - axes: Negative ones count from the last; all axes unless given. There must be an element to choose.
  ///   - keepsAxes: Whether these axes stay with size 1; false unless set.
  public func max(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let axes = chosenAxes(axes, "max")
    return reduced(Extremum(isLargest: true, axes: axes), axes, keepsAxes: keepsAxes)
  }

  /// The smallest element over axes; not-a-number where there is one. Equal elements share the gradient.
  ///
  /// - Parameters:
  ///   - axes: Negative ones count from the last; all axes unless given. There must be an element to choose.
  ///   - keepsAxes: Whether these axes stay with size 1; false unless set.
  public func min(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let axes = chosenAxes(axes, "min")
    return reduced(Extremum(isLargest: false, axes: axes), axes, keepsAxes: keepsAxes)
  }
}
