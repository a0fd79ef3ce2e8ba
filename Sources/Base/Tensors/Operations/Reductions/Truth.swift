import Basics

/// Whether all or any truth values over axes hold; the axes stay with size 1.
struct Truth: Operation {
  let isAll: Bool
  /// Ascending, without repeats.
  let axes: [Int]
  var name: String { isAll ? "all" : "any" }
  var gradientReads: GradientReads { .nothing }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    require(inputs[0].type == .bool, name, "takes truth values, not \(inputs[0].type) of shape \(inputs[0].shape)")
    let result = reducing(inputs[0], over: axes, for: name) { x, result, extent in
      if isAll { reduceMiddle(All.self, x, result, extent) } else { reduceMiddle(Some.self, x, result, extent) }
    }
    return [result]
  }

  private enum All: AxisReduction {
    static var start: Bool { true }
    @inline(__always)
    static func adding(_ element: Bool, to truth: Bool) -> Bool { truth && element }
    @inline(__always)
    static func merging(_ a: Bool, _ b: Bool) -> Bool { a && b }
    @inline(__always)
    static func result(_ truth: Bool) -> Bool { truth }
  }

  private enum Some: AxisReduction {
    static var start: Bool { false }
    @inline(__always)
    static func adding(_ element: Bool, to truth: Bool) -> Bool { truth || element }
    @inline(__always)
    static func merging(_ a: Bool, _ b: Bool) -> Bool { a || b }
    @inline(__always)
    static func result(_ truth: Bool) -> Bool { truth }
  }
}

extension Tensor {
  /// Whether all truth values over axes hold; true over no elements.
  ///
  /// - Parameters:
  ///   - axes: Negative ones count from the last; all axes unless given.
  ///   - keepsAxes: Whether these axes stay with size 1; false unless set.
  public func all(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let axes = chosenAxes(axes, "all")
    return reduced(Truth(isAll: true, axes: axes), axes, keepsAxes: keepsAxes)
  }

  /// Whether any truth value over axes holds; false over no elements.
  ///
  /// - Parameters:
  ///   - axes: Negative ones count from the last; all axes unless given.
  ///   - keepsAxes: Whether these axes stay with size 1; false unless set.
  public func any(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let axes = chosenAxes(axes, "any")
    return reduced(Truth(isAll: false, axes: axes), axes, keepsAxes: keepsAxes)
  }
}
