import Basics
import Tensors

/// Makes one axis of all axes but the first: [batch, a, b, ...] becomes [batch, a b ...].
public struct Flatten: Layer {
  /// A layer.
  public init() {}

  /// Computes [batch, everything else].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    require(input.rank >= 1, "Flatten", "the input has no batch axis")
    return input.reshaped(to: [input.shape[0], input.shape.dropFirst().reduce(1, *)])
  }
}

/// Gives each example another shape of as many elements: [batch, ...] becomes [batch] + shape.
public struct Reshape: Layer {
  /// The shape of an example; one size may be -1: what remains.
  public let shape: [Int]

  /// A layer.
  public init(_ shape: [Int]) { self.shape = shape }

  /// Computes [batch] + shape.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { input.reshaped(to: [input.shape[0]] + shape) }
}

/// A function as a layer, without parameters.
public struct Lambda: Layer {
  /// The function.
  public let function: @Sendable (Tensor) -> Tensor

  /// A layer.
  public init(_ function: @escaping @Sendable (Tensor) -> Tensor) { self.function = function }

  /// Applies the function.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { function(input) }
}
