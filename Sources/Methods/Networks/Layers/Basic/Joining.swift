import Basics
import Tensors

/// A layer and a way around it, added: activation(layer(x) + shortcut(x)) (He and others 2016).
public struct Residual: Layer {
  /// What is computed beside the shortcut.
  public let layer: any Layer
  /// What makes the input fit the layer's output; nil where they fit.
  public let shortcut: (any Layer)?
  /// Applied to the sum.
  public let activation: Activation

  /// A layer.
  ///
  /// - Parameters:
  ///   - layer: Usually a `Sequential`.
  ///   - shortcut: Such as a convolution of size 1; none unless given.
  ///   - activation: `.identity` unless given.
  public init(_ layer: any Layer, shortcut: (any Layer)? = nil, activation: Activation = .identity) {
    self.layer = layer
    self.shortcut = shortcut
    self.activation = activation
  }

  /// Computes the sum; the layer's output must have the shape of the shortcut's.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    let (output, around) = (layer.forward(input, pass), shortcut?.forward(input, pass) ?? input)
    require(
      output.shape == around.shape, "Residual",
      "the layer gives shape \(output.shape), the shortcut \(around.shape)")
    return activation(output + around)
  }
}

/// Layers side by side on one input.
public struct Parallel: Layer {
  /// How the outputs become one.
  public enum Joint: Sendable, Hashable {
    /// One behind the other along an axis.
    case concatenation(axis: Int)
    /// Their sum.
    case sum
    /// Their mean.
    case mean
  }

  /// The layers.
  public let layers: [any Layer]
  /// How the outputs become one.
  public let joint: Joint

  /// A layer.
  ///
  /// - Parameters:
  ///   - layers: One or more.
  ///   - joint: Concatenation along the last axis unless given.
  public init(_ layers: [any Layer], joint: Joint = .concatenation(axis: -1)) {
    require(!layers.isEmpty, "Parallel", "there are no layers")
    self.layers = layers
    self.joint = joint
  }

  /// A layer of one or more, joined along the last axis unless told otherwise.
  public init(_ layers: any Layer..., joint: Joint = .concatenation(axis: -1)) { self.init(layers, joint: joint) }

  /// Computes the joined output.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    let outputs = layers.map { $0.forward(input, pass) }
    switch joint {
    case .concatenation(let axis): return concatenated(outputs, axis: axis)
    case .sum: return outputs.dropFirst().reduce(outputs[0], +)
    case .mean: return outputs.dropFirst().reduce(outputs[0], +) * (1 / Double(outputs.count))
    }
  }
}
