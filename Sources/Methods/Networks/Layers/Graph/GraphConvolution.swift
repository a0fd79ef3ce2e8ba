import Basics
import Tensors

/// A graph convolution: each node takes the weighted sum of its neighbours' vectors times a matrix (Kipf and Welling 2017).
///
/// Input [nodes, inputs], output [nodes, outputs]: activation(A X W + b), where A has the edges' weights. The paper's A is
/// `edges.addingSelfLoops().normalized()`, prepared once. Weights begin by Glorot, the bias with zeros.
public struct GraphConvolution: Module {
  /// [inputs, outputs].
  public let weight: Parameter
  /// [outputs]; nil without bias.
  public let bias: Parameter?
  /// Applied to the result.
  public let activation: Activation

  /// A layer.
  ///
  /// - Parameters:
  ///   - inputs: The size of a node's vector.
  ///   - outputs: The size of the result.
  ///   - activation: `.identity` unless given.
  ///   - hasBias: Whether a bias is added; true unless set.
  ///   - key: Same key, same first weights.
  public init(
    _ inputs: Int, _ outputs: Int, activation: Activation = .identity, hasBias: Bool = true, key: RandomKey
  ) {
    require(inputs > 0 && outputs > 0, "GraphConvolution", "sizes must be positive, not \(inputs) and \(outputs)")
    weight = Parameter(
      Initializer.glorotUniform.tensor([inputs, outputs], fanIn: inputs, fanOut: outputs, key: key))
    bias = hasBias ? Parameter(.zeros([outputs])) : nil
    self.activation = activation
  }

  /// Computes [nodes, outputs] from [nodes, inputs].
  public func callAsFunction(_ nodes: Tensor, _ edges: GraphEdges) -> Tensor {
    edges.check(nodes, "GraphConvolution")
    // The narrower side is gathered and summed.
    let isWider = weight.shape[1] > weight.shape[0]
    if isWider { return linear(edges.sums(nodes), weight.value, bias: bias?.value, activation: activation) }
    let sums = edges.sums(matmul(nodes, weight.value))
    return activation(bias.map { sums + $0.value } ?? sums)
  }
}
