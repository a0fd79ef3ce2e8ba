import Basics
import CKernels
import Kernels

/// The softmax over the last axis, or its logarithm.
package struct Softmax: Operation {
  package let isLogarithmic: Bool
  package var name: String { isLogarithmic ? "logSoftmax" : "softmax" }
  package var gradientReads: GradientReads { [.inputs, .outputs] }

  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    require(x.type == .float32, name, "there is no \(name) of \(x.type) (shape \(x.shape))")
    let result = Tensor(uninitialized: x.shape, .float32, for: name)
    let rows = Rows(x.shape)
    rows.forEachPart { first, count in
      let start = first * rows.width
      if isLogarithmic {
        assay_log_softmax_rows(x.floats + start, result.floats + start, count, rows.width)
      } else {
        assay_softmax_rows(x.floats + start, result.floats + start, count, rows.width, 1)
      }
    }
    return [result]
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    let x = inputs[0]
    if x.count == 0 { return [x * 1] }
    let centred = x - finiteMaximum(x)
    let powers = exp(centred)
    let sum = powers.sum(axes: [-1], keepsAxes: true)
    return [isLogarithmic ? centred - log(sum) : powers / sum]
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0] else { return [nil] }
    let y = call.outputs[0]
    let result = Tensor(uninitialized: y.shape, .float32, for: name)
    let rows = Rows(y.shape)
    rows.forEachPart { first, count in
      let start = first * rows.width
      if isLogarithmic {
        assay_log_softmax_backward(y.floats + start, g.floats + start, result.floats + start, count, rows.width)
      } else {
        assay_softmax_backward(y.floats + start, g.floats + start, result.floats + start, count, rows.width, 1)
      }
    }
    return [result]
  }
}

/// The largest element of each row, or 0 where that is infinite or not a number: what scores are shifted by before they
/// become powers.
func finiteMaximum(_ x: Tensor) -> Tensor {
  let largest = x.max(axes: [-1], keepsAxes: true)
  return select((largest - largest) .== 0, largest, largest.constant(0))
}

/// exp(x) divided by its sum along an axis: positive numbers that sum to 1.
///
/// - Parameter axis: Negative ones count from the last; the last unless given.
public func softmax(_ x: Tensor, axis: Int = -1) -> Tensor {
  overLastAxis(x, axis, "softmax") { apply(one: Softmax(isLogarithmic: false), $0) }
}

/// The logarithm of `softmax(_:axis:)`, exact also where that is nearly 0.
///
/// - Parameter axis: Negative ones count from the last; the last unless given.
public func logSoftmax(_ x: Tensor, axis: Int = -1) -> Tensor {
  overLastAxis(x, axis, "logSoftmax") { apply(one: Softmax(isLogarithmic: true), $0) }
}

/// Applies a function of the last axis to another one.
private func overLastAxis(_ x: Tensor, _ axis: Int, _ operation: String, _ function: (Tensor) -> Tensor) -> Tensor {
  let axis = x.axis(axis, operation)
  if axis == x.rank - 1 { return function(x) }
  var order = Array(0..<x.rank)
  order.swapAt(axis, x.rank - 1)
  return function(x.transposed(axes: order)).transposed(axes: order)
}
