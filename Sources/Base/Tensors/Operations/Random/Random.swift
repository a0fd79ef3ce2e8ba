import Basics
import Foundation
import Kernels

extension Tensor {
  /// Numbers drawn evenly from a range. The same key gives the same numbers, whatever the number of threads.
  ///
  /// - Parameters:
  ///   - range: Its end is not drawn, unless rounding to the type reaches it; 0 to 1 unless given.
  ///   - key: Determines the numbers.
  ///   - type: A floating-point type; float32 unless given.
  public static func uniform(
    _ shape: [Int], in range: Range<Double> = 0..<1, key: RandomKey, type: ElementType = .float32
  ) -> Tensor {
    let (low, width) = (range.lowerBound, range.upperBound - range.lowerBound)
    switch type {
    case .float32:
      let result = Tensor(uninitialized: shape, .float32, for: "uniform")
      let target = result.floats
      let last = Swift.max(Float(low), Float(range.upperBound).nextDown)
      forEachPart(of: result.count, grain: 16_384) { part in
        for i in part { target[i] = Swift.min(last, Float(low + width * key.uniform(at: UInt64(i)))) }
      }
      return result
    case .float64:
      let result = Tensor(uninitialized: shape, .float64, for: "uniform")
      let target = result.pointer(Double.self)
      let last = Swift.max(low, range.upperBound.nextDown)
      forEachPart(of: result.count, grain: 16_384) { part in
        for i in part { target[i] = Swift.min(last, low + width * key.uniform(at: UInt64(i))) }
      }
      return result
    case .bfloat16: return uniform(shape, in: range, key: key).cast(to: .bfloat16)
    case .int32, .int64, .uint8, .bool: stop("uniform", "draws floating-point numbers, not \(type)")
    }
  }

  /// Numbers drawn from a normal distribution. The same key gives the same numbers, whatever the number of threads.
  ///
  /// - Parameters:
  ///   - mean: 0 unless given.
  ///   - deviation: The standard deviation; 1 unless given.
  ///   - key: Determines the numbers.
  ///   - type: A floating-point type; float32 unless given.
  public static func normal(
    _ shape: [Int], mean: Double = 0, deviation: Double = 1, key: RandomKey, type: ElementType = .float32
  ) -> Tensor {
    switch type {
    case .float32:
      let result = Tensor(uninitialized: shape, .float32, for: "normal")
      let target = result.floats
      drawNormal(result.count, key) { target[$0] = Float(mean + deviation * $1) }
      return result
    case .float64:
      let result = Tensor(uninitialized: shape, .float64, for: "normal")
      let target = result.pointer(Double.self)
      drawNormal(result.count, key) { target[$0] = mean + deviation * $1 }
      return result
    case .bfloat16: return normal(shape, mean: mean, deviation: deviation, key: key).cast(to: .bfloat16)
    case .int32, .int64, .uint8, .bool: stop("normal", "draws floating-point numbers, not \(type)")
    }
  }

  /// Pairs of normal numbers from pairs of words (Box and Muller 1958), which need no state, so that any task can draw for
  /// any place.
  @inline(__always)
  private static func drawNormal(_ count: Int, _ key: RandomKey, _ body: (Int, Double) -> Void) {
    forEachPart(of: (count + 1) / 2, grain: 4_096) { part in
      for pair in part {
        // 1 - u is never 0.
        let radius = (-2 * Foundation.log(1 - key.uniform(at: UInt64(2 * pair)))).squareRoot()
        let angle = 2 * Double.pi * key.uniform(at: UInt64(2 * pair + 1))
        body(2 * pair, radius * Foundation.cos(angle))
        if 2 * pair + 1 < count { body(2 * pair + 1, radius * Foundation.sin(angle)) }
      }
    }
  }
}
