import Tensors

/// Layers one after the other.
///
/// The paths of the parameters are "layers.0.weight" and so on. Without layers the input is the output.
public struct Sequential: Layer {
  /// The layers in their order.
  public let layers: [any Layer]

  /// Layers one after the other.
  public init(_ layers: [any Layer]) { self.layers = layers }

  /// Layers one after the other.
  public init(_ layers: any Layer...) { self.layers = layers }

  /// Layers one after the other, written line by line; conditions and loops may choose among them.
  public init(@SequentialBuilder _ layers: () -> [any Layer]) { self.layers = layers() }

  /// Computes the output of the last layer.
  ///
  /// Batch normalisation with a rectifier and max pooling in 2 x 2 windows behind it are done in one pass over memory.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    var result = input
    var index = 0
    while index < layers.count {
      if index + 1 < layers.count, let norm = layers[index] as? BatchNorm, let pool = layers[index + 1] as? MaxPool2D,
        norm.activation == .relu, pool.halves, result.rank == 4
      {
        result = norm.forward(result, poolsByTwo: true, pass)
        index += 2
      } else {
        result = layers[index].forward(result, pass)
        index += 1
      }
    }
    return result
  }
}

/// Collects the layers of a `Sequential` that is written line by line.
@resultBuilder
public enum SequentialBuilder {
  /// One layer.
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  /// Several layers.
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
  /// Lines one after the other.
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
  /// A loop.
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
  /// A condition without an else.
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  /// The first branch of a condition.
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
  /// The other branch of a condition.
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
}
