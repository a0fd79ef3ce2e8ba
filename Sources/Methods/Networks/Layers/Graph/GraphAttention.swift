import Basics
import Tensors

/// Graph attention: each node takes a mean of its neighbours' vectors, weighted by a softmax over the edges that arrive
/// (Veličković and others 2018).
///
/// Input [nodes, inputs], output [nodes, heads times outputs]. With h = X W, the score of an edge is
/// leakyRelu(a_source . h_source + a_target . h_target, slope 0.2), for each head by itself. Weights of edges are not
/// used. A node should have an edge to itself (`addingSelfLoops`); one where nothing arrives gets the bias. Weights begin
/// by Glorot, the bias with zeros.
public struct GraphAttention: Module {
  /// [inputs, heads times outputs].
  public let weight: Parameter
  /// [heads, outputs].
  public let sourceScore: Parameter
  /// [heads, outputs].
  public let targetScore: Parameter
  /// [heads times outputs], or [outputs] where heads are averaged.
  public let bias: Parameter
  /// The number of heads.
  public let heads: Int
  /// Whether the heads' results are averaged, as in a last layer, and not concatenated.
  public let averagesHeads: Bool
  /// Applied to the result.
  public let activation: Activation

  /// A layer.
  ///
  /// - Parameters:
  ///   - inputs: The size of a node's vector.
  ///   - outputs: The size of a head's result.
  ///   - heads: How many heads; 1 unless given.
  ///   - averagesHeads: Whether their results are averaged; false unless set.
  ///   - activation: `.identity` unless given.
  ///   - key: Same key, same first weights.
  public init(
    _ inputs: Int, _ outputs: Int, heads: Int = 1, averagesHeads: Bool = false, activation: Activation = .identity,
    key: RandomKey
  ) {
    require(
      inputs > 0 && outputs > 0 && heads > 0, "GraphAttention",
      "sizes must be positive, not \(inputs), \(outputs) and \(heads) heads")
    let glorot = Initializer.glorotUniform
    weight = Parameter(
      glorot.tensor([inputs, heads * outputs], fanIn: inputs, fanOut: heads * outputs, key: key["weight"]))
    sourceScore = Parameter(glorot.tensor([heads, outputs], fanIn: outputs, fanOut: 1, key: key["source"]))
    targetScore = Parameter(glorot.tensor([heads, outputs], fanIn: outputs, fanOut: 1, key: key["target"]))
    bias = Parameter(.zeros([averagesHeads ? outputs : heads * outputs]))
    self.heads = heads
    self.averagesHeads = averagesHeads
    self.activation = activation
  }

  /// Computes [nodes, heads times outputs], or [nodes, outputs] where heads are averaged, from [nodes, inputs].
  public func callAsFunction(_ nodes: Tensor, _ edges: GraphEdges) -> Tensor {
    edges.check(nodes, "GraphAttention")
    let outputs = sourceScore.shape[1]
    let vectors = matmul(nodes, weight.value).reshaped(to: [edges.nodes, heads, outputs])
    let fromSource = (vectors * sourceScore.value).sum(axes: [-1]).gathered(at: edges.sources)
    let fromTarget = (vectors * targetScore.value).sum(axes: [-1]).gathered(at: edges.targets)
    let scores = leakyRelu(fromSource + fromTarget, slope: 0.2)
    // The softmax is the same for scores that are shifted alike at each target.
    let largest = segmentMax(scores.detached(), segments: edges.targets, count: edges.nodes)
    let powers = exp(scores - largest.gathered(at: edges.targets))
    let totals = segmentSum(powers, segments: edges.targets, count: edges.nodes)
    let messages = vectors.gathered(at: edges.sources) * powers.expanded(axis: 2)
    // Where nothing arrives both sums are 0; elsewhere the total is at least 1.
    let sums =
      segmentSum(messages, segments: edges.targets, count: edges.nodes) / maximum(totals, 1e-6).expanded(axis: 2)
    let joined = averagesHeads ? sums.mean(axes: [1]) : sums.reshaped(to: [edges.nodes, heads * outputs])
    return activation(joined + bias.value)
  }
}
