import Basics
import Foundation
import Tensors

/// Adds a vector that is learned to each position: [batch, time, width] to the same shape (Gehring and others 2017).
///
/// The table [longest, width] begins normal with deviation 0.02.
public struct LearnedPositions: Layer {
  /// [longest, width].
  public let weight: Parameter

  /// A layer.
  ///
  /// - Parameters:
  ///   - longest: How many positions there are; longer input is a mistake.
  ///   - width: The size of a vector.
  ///   - key: Same key, same first weights.
  public init(_ longest: Int, _ width: Int, key: RandomKey) {
    require(longest > 0 && width > 0, "LearnedPositions", "sizes must be positive, not \(longest) and \(width)")
    weight = Parameter(Tensor.normal([longest, width], deviation: 0.02, key: key))
  }

  /// Computes [batch, time, width].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { self(input, start: 0) }

  /// Computes [batch, time, width], where the first step has position `start`.
  public func callAsFunction(_ input: Tensor, start: Int) -> Tensor {
    let time = input.shape[input.rank - 2]
    require(
      start + time <= weight.shape[0], "LearnedPositions",
      "positions up to \(start + time) are asked for, there are \(weight.shape[0])")
    return input + weight.value[start..<start + time]
  }
}

/// Adds waves of different lengths to each position: [batch, time, width] to the same shape (Vaswani and others 2017).
///
/// Component 2 i of position p is sin(p / 10000^(2 i / width)), component 2 i + 1 the cosine.
public struct SinusoidalPositions: Layer {
  /// The size of a vector.
  public let width: Int
  private let table: Tensor

  /// A layer.
  ///
  /// - Parameters:
  ///   - width: The size of a vector; even.
  ///   - longest: How many positions are prepared; further ones are computed each time. 512 unless given.
  public init(_ width: Int, longest: Int = 512) {
    require(width > 0 && width % 2 == 0, "SinusoidalPositions", "the width must be even, not \(width)")
    require(longest >= 0, "SinusoidalPositions", "there cannot be \(longest) positions")
    self.width = width
    table = Self.waves(longest, width)
  }

  /// Computes [batch, time, width].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { self(input, start: 0) }

  /// Computes [batch, time, width], where the first step has position `start`.
  public func callAsFunction(_ input: Tensor, start: Int) -> Tensor {
    let end = start + input.shape[input.rank - 2]
    let waves = end <= table.shape[0] ? table : Self.waves(end, width)
    return input + waves[start..<end].cast(to: input.type)
  }

  private static func waves(_ count: Int, _ width: Int) -> Tensor {
    let values = (0..<count * width).map { index -> Double in
      let (position, component) = (index / width, index % width)
      let angle = Double(position) / Foundation.pow(10_000, Double(component / 2 * 2) / Double(width))
      return component % 2 == 0 ? Foundation.sin(angle) : Foundation.cos(angle)
    }
    return Tensor(values, shape: [count, width])
  }
}
