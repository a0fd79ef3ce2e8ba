import Basics

extension Tensor {
  /// The mean over axes of floating-point numbers; not-a-number over no elements.
  ///
  /// - Parameters:
  ///   - axes: Negative ones count from the last; all axes unless given.
  ///   - keepsAxes: Whether these axes stay with size 1; false unless set.
  public func mean(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let axes = chosenAxes(axes, "mean")
    return inFullPrecision("mean") { $0.sum(axes: axes, keepsAxes: keepsAxes) / Double($0.count(of: axes)) }
  }

  /// The population variance over axes of floating-point numbers: the mean square of the distance from the mean, which is
  /// computed first; not-a-number over no elements.
  ///
  /// - Parameters:
  ///   - axes: Negative ones count from the last; all axes unless given.
  ///   - keepsAxes: Whether these axes stay with size 1; false unless set.
  public func variance(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let axes = chosenAxes(axes, "variance")
    return inFullPrecision("variance") { x in
      square(x - x.mean(axes: axes, keepsAxes: true)).mean(axes: axes, keepsAxes: keepsAxes)
    }
  }

  /// log(sum(exp(x))) over axes of floating-point numbers, without overflow; minus infinity over no elements.
  ///
  /// - Parameters:
  ///   - axes: Negative ones count from the last; all axes unless given.
  ///   - keepsAxes: Whether these axes stay with size 1; false unless set.
  public func logSumExp(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let axes = chosenAxes(axes, "logSumExp")
    return inFullPrecision("logSumExp") { x in
      if axes.contains(where: { x.shape[$0] == 0 }) { return log(x.sum(axes: axes, keepsAxes: keepsAxes)) }
      // The result does not depend on the shift, so none of its gradients does.
      let largest = x.detached().max(axes: axes, keepsAxes: true)
      let shift = select((largest - largest) .== 0, largest, largest.constant(0))
      let sum = exp(x - shift).sum(axes: axes, keepsAxes: true)
      // Where nothing is added the gradient is 0, not 0 times infinity.
      let isNone = sum .== 0
      let result = log(select(isNone, sum.constant(1), sum)) + select(isNone, sum.constant(-.infinity), shift)
      return keepsAxes ? result : result.squeezed(axes: axes)
    }
  }

  /// The number of elements that axes hold.
  private func count(of axes: [Int]) -> Int { axes.reduce(1) { $0 * shape[$1] } }

  /// Several operations in a row, for bfloat16 in float32, so that it is rounded once.
  private func inFullPrecision(_ operation: String, _ function: (Tensor) -> Tensor) -> Tensor {
    require(type.isFloatingPoint, operation, "there is no \(operation) of \(type) (shape \(shape)); cast first")
    return type == .bfloat16 ? function(cast(to: .float32)).cast(to: .bfloat16) : function(self)
  }
}
