import Kernels
import Synchronization
import Tensors

extension Tensor {
  /// The sum of the squares of all elements, in double precision over fixed parts.
  var sumOfSquares: Double {
    let grain = 1 << 15
    let parts = (count + grain - 1) / grain
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: Swift.max(parts, 1)) { sums in
      sums.initialize(repeating: 0)
      let target = Pointer(value: sums)
      forEachPart(of: count, grain: grain) { range in
        target.value[range.lowerBound / grain] =
          switch type {
          case .float32: Tensor.squares(pointer(Float.self) + range.lowerBound, range.count)
          case .float64: Tensor.squares(pointer(Double.self) + range.lowerBound, range.count)
          default: viewed(as: [range.count], offset: range.lowerBound).doubles.reduce(0) { $0 + $1 * $1 }
          }
      }
      return sums.reduce(0, +)
    }
  }

  private struct Pointer: @unchecked Sendable { let value: UnsafeMutableBufferPointer<Double> }

  /// Sixteen sums side by side, each of at most 32 elements before it goes into double precision.
  private static func squares<Element: BinaryFloatingPoint & SIMDScalar>(
    _ x: UnsafeMutablePointer<Element>, _ count: Int
  ) -> Double {
    var (sum, position) = (0.0, 0)
    while position + 512 <= count {
      var lanes = SIMD16<Element>()
      for step in 0..<32 {
        let v = UnsafeRawPointer(x + position + 16 * step).loadUnaligned(as: SIMD16<Element>.self)
        lanes += v * v
      }
      sum += Double(lanes.sum())
      position += 512
    }
    for index in position..<count { sum += Double(x[index]) * Double(x[index]) }
    return sum
  }
}
