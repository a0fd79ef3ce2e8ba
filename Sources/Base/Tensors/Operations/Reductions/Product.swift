import Basics

/// The product over axes, which stay with size 1.
///
/// Its composition multiplies halves with each other, so that gradients of any order are right where factors are 0.
struct Product: Operation {
  /// Ascending, without repeats.
  let axes: [Int]
  var name: String { "product" }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let result = reducing(inputs[0], over: axes, for: name) { x, result, extent in
      switch x.type {
      case .float32: reduceMiddle(FloatProduct<Float>.self, x, result, extent)
      case .int32: reduceMiddle(WholeProduct<Int32>.self, x, result, extent)
      case .int64: reduceMiddle(WholeProduct<Int64>.self, x, result, extent)
      case .uint8, .bool, .bfloat16, .float64: stop(name, "there is no product of \(x.type); cast first")
      }
    }
    return [result]
  }

  func composition(_ inputs: [Tensor]) -> [Tensor]? {
    guard inputs[0].type.isFloatingPoint else { return nil }
    let shape = inputs[0].shape
    let others = shape.indices.filter { !axes.contains($0) }
    let kept = others.map { shape[$0] }
    var count = axes.reduce(1) { $0 * shape[$1] }
    // The multiplied axes lie in front, where halves are views.
    var factors = inputs[0].transposed(axes: axes + others).reshaped(to: [count] + kept)
    if count == 0 { factors = .ones([1] + kept, type: factors.type) }
    while count > 1 {
      let half = count / 2
      let product = factors.sliced(axis: 0, 0..<half) * factors.sliced(axis: 0, half..<2 * half)
      factors = count % 2 == 0 ? product : concatenated([product, factors.sliced(axis: 0, count - 1..<count)], axis: 0)
      count -= half
    }
    return [factors.reshaped(to: shape.indices.map { axes.contains($0) ? 1 : shape[$0] })]
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    let leaves = call.inputs.map { $0.detached().tracked() }
    guard let g = upstream[0], let outputs = composition(leaves) else { return [nil] }
    return Tensors.gradients(of: outputs, seeds: [g], at: leaves, isDifferentiable: false)
  }
}

/// Products in double precision.
enum FloatProduct<Element: TensorElement & BinaryFloatingPoint>: AxisReduction {
  static var start: Double { 1 }

  @inline(__always)
  static func adding(_ element: Element, to product: Double) -> Double { product * Double(element) }

  @inline(__always)
  static func merging(_ a: Double, _ b: Double) -> Double { a * b }

  @inline(__always)
  static func result(_ product: Double) -> Element { Element(product) }
}

/// Products that wrap around.
enum WholeProduct<Element: TensorElement & FixedWidthInteger>: AxisReduction {
  static var start: Element { 1 }

  @inline(__always)
  static func adding(_ element: Element, to product: Element) -> Element { product &* element }

  @inline(__always)
  static func merging(_ a: Element, _ b: Element) -> Element { a &* b }

  @inline(__always)
  static func result(_ product: Element) -> Element { product }
}

extension Tensor {
  /// The product over axes; 1 over no elements. Whole numbers wrap around.
  ///
  /// - Parameters:
  ///   - axes: Negative ones count from the last; all axes unless given.
  ///   - keepsAxes: Whether these axes stay with size 1; false unless set.
  public func product(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let axes = chosenAxes(axes, "product")
    return reduced(Product(axes: axes), axes, keepsAxes: keepsAxes)
  }
}
