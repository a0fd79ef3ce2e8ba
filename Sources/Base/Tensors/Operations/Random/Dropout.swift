import Basics
import CKernels
import Kernels

/// Keeps elements at random and enlarges them; which ones, the key and the position decide, so nothing is kept for the
/// gradient, which is the same operation on what comes in.
package struct Dropout: Operation {
  package let rate: Double
  let key: RandomKey
  package var name: String { "dropout" }
  package var gradientReads: GradientReads { .nothing }

  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    switch x.type {
    case .float32: return [masked(x)]
    case .float64:
      let mask = masked(.ones(x.shape)).cast(to: .float64)
      // What is dropped is 0 even where it is infinite.
      return [select(mask .== 0, x.constant(0), x * mask)]
    default: stop(name, "there is no dropout of \(x.type)")
    }
  }

  private func masked(_ x: Tensor) -> Tensor {
    let result = Tensor(uninitialized: x.shape, .float32, for: name)
    let limit = UInt32(min((1 - rate) * 0x1p32, 0x1p32 - 1))
    let scale = Float(1 / (1 - rate))
    forEachPart(of: x.count, grain: 16_384, multiple: 64) { part in
      assay_dropout(
        x.floats + part.lowerBound, result.floats + part.lowerBound, part.count, UInt64(part.lowerBound), key.bits,
        limit, scale)
    }
    return result
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    [upstream[0].map { apply(one: self, $0) }]
  }
}

/// Sets elements to zero with a probability and divides the others by that of staying (Srivastava et al. 2014).
///
/// - Parameters:
///   - x: Any shape.
///   - rate: The probability of zero, from 0 to below 1.
///   - key: Same key, same elements.
public func dropout(_ x: Tensor, rate: Double, key: RandomKey) -> Tensor {
  require(rate >= 0 && rate < 1, "dropout", "the rate must be from 0 to below 1, not \(rate)")
  return rate == 0 ? x : apply(one: Dropout(rate: rate, key: key), x)
}
