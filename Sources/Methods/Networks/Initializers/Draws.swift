import Basics
import Foundation
import Kernels
import Tensors

/// Random tensors that `Tensor.uniform` and `Tensor.normal` do not give. Each element depends on its position alone, so the
/// numbers do not depend on the threads.
enum Draws {
  static func uniform(_ shape: [Int], _ limit: Double, _ key: RandomKey, _ type: ElementType) -> Tensor {
    limit > 0 ? .uniform(shape, in: -limit..<limit, key: key, type: type) : .zeros(shape, type: type)
  }

  /// Numbers beyond two deviations are drawn again, from words of their own.
  static func truncatedNormal(_ shape: [Int], _ deviation: Double, _ key: RandomKey, _ type: ElementType) -> Tensor {
    let result = Tensor(uninitialized: shape, .float64, for: "truncatedNormal")
    let target = result.pointer(Double.self)
    forEachPart(of: result.count, grain: 1 << 13) { range in
      for index in range {
        var attempt: UInt64 = 0
        repeat {
          let place = 2 * UInt64(index) + attempt << 48
          let radius = (-2 * Foundation.log(1 - key.uniform(at: place))).squareRoot()
          target[index] = radius * Foundation.cos(2 * Double.pi * key.uniform(at: place + 1))
          attempt += 1
        } while Swift.abs(target[index]) > 2
        target[index] *= deviation
      }
    }
    return result.cast(to: type)
  }

  /// The Q of a QR decomposition of a normal matrix whose R has a positive diagonal, so that all orthogonal matrices are
  /// equally likely.
  static func orthogonal(_ shape: [Int], _ gain: Double, _ key: RandomKey, _ type: ElementType) -> Tensor {
    require(shape.count >= 2, "orthogonal", "takes two axes or more, not shape \(shape)")
    let (rows, columns) = (shape.dropLast().reduce(1, *), shape[shape.count - 1])
    let (few, length) = (min(rows, columns), max(rows, columns))
    let inner: ElementType = type == .float64 ? .float64 : .float32
    var rest = Tensor.normal([few, length], key: key, type: inner)
    var done: [Tensor] = []
    // Blocks of rows: made orthogonal to those before by matrix products, then one by one within the block. Both are done
    // twice, because the first time leaves what rounding makes of vectors that nearly depend on each other.
    while rest.shape[0] > 0 {
      let size = min(32, rest.shape[0])
      var block = rest[0..<size]
      let before = done.isEmpty ? nil : concatenated(done, axis: 0)
      for _ in 0..<2 {
        if let before {
          block = block - matmul(matmul(block, before, transposingRight: true), before)
        }
        block = orthogonalRows(block)
      }
      done.append(block)
      rest = rest[size..<rest.shape[0]]
    }
    let vectors = done.isEmpty ? rest : concatenated(done, axis: 0)
    let matrix = rows <= columns ? vectors : vectors.transposed()
    return (matrix * gain).reshaped(to: shape).cast(to: type)
  }

  /// Rows made orthogonal, one after the other, and one long.
  private static func orthogonalRows(_ block: Tensor) -> Tensor {
    let (count, length) = (block.shape[0], block.shape[1])
    var values = block.doubles
    values.withUnsafeMutableBufferPointer { values in
      for current in 0..<count {
        let row = current * length
        for earlier in 0..<current {
          var product = 0.0
          for i in 0..<length { product += values[row + i] * values[earlier * length + i] }
          for i in 0..<length { values[row + i] -= product * values[earlier * length + i] }
        }
        var squares = 0.0
        for i in 0..<length { squares += values[row + i] * values[row + i] }
        let scale = squares > 0 ? 1 / squares.squareRoot() : 0
        for i in 0..<length { values[row + i] *= scale }
      }
    }
    return Tensor(values, shape: block.shape).cast(to: block.type)
  }
}
