import Basics
import Tensors

/// A dense layer: activation(x W + b).
///
/// Input [..., inputs], output [..., outputs]. The weight [inputs, outputs] begins as the initializer says: by He for
/// `relu`, `gelu` and `silu`, by Glorot otherwise, unless one is given. The bias begins with zeros.
public struct Dense: Layer {
  /// [inputs, outputs].
  public let weight: Parameter
  /// [outputs]; nil without bias.
  public let bias: Parameter?
  /// Applied to the result.
  public let activation: Activation

  /// A dense layer.
  ///
  /// - Parameters:
  ///   - inputs: The size of the last axis of the input.
  ///   - outputs: The size of the last axis of the output.
  ///   - activation: `.identity` unless given.
  ///   - hasBias: Whether a bias is added; true unless set.
  ///   - initializer: Draws the weight; chosen by the activation unless given.
  ///   - key: Same key, same first weights.
  public init(
    _ inputs: Int, _ outputs: Int, activation: Activation = .identity, hasBias: Bool = true,
    initializer: Initializer? = nil, key: RandomKey
  ) {
    require(inputs > 0 && outputs > 0, "Dense", "sizes must be positive, not \(inputs) and \(outputs)")
    let initializer = initializer ?? .usual(before: activation)
    weight = Parameter(initializer.tensor([inputs, outputs], fanIn: inputs, fanOut: outputs, key: key))
    bias = hasBias ? Parameter(.zeros([outputs])) : nil
    self.activation = activation
  }

  /// Computes [..., outputs] from [..., inputs].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    linear(input, weight.value, bias: bias?.value, activation: activation)
  }
}

extension Initializer {
  /// What weights begin with before an activation unless told otherwise.
  static func usual(before activation: Activation) -> Initializer {
    switch activation {
    case .relu, .gelu, .silu: .heUniform
    default: .glorotUniform
    }
  }
}
