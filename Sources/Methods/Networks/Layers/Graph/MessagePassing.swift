import Basics
import Tensors

/// GraphSAGE: each node takes its own vector times one matrix and the mean of its neighbours' times another (Hamilton, Ying
/// and Leskovec 2017).
///
/// Input [nodes, inputs], output [nodes, outputs]: activation(X W + mean V + b), the mean over the edges that arrive,
/// weighted if they have weights; zeros where none does.
public struct GraphSAGE: Module {
  /// What is done with a node's own vector; its bias is the layer's.
  public let own: Dense
  /// What is done with the neighbours' mean.
  public let neighbours: Dense
  /// Applied to the result.
  public let activation: Activation

  /// A layer.
  ///
  /// - Parameters:
  ///   - inputs: The size of a node's vector.
  ///   - outputs: The size of the result.
  ///   - activation: `.identity` unless given.
  ///   - key: Same key, same first weights.
  public init(_ inputs: Int, _ outputs: Int, activation: Activation = .identity, key: RandomKey) {
    own = Dense(inputs, outputs, key: key["own"])
    neighbours = Dense(inputs, outputs, hasBias: false, key: key["neighbours"])
    self.activation = activation
  }

  /// Computes [nodes, outputs] from [nodes, inputs].
  public func callAsFunction(_ nodes: Tensor, _ edges: GraphEdges) -> Tensor {
    edges.check(nodes, "GraphSAGE")
    let weights = edges.weights?.cast(to: nodes.type) ?? .ones([edges.count], type: nodes.type)
    let totals = segmentSum(weights, segments: edges.targets, count: edges.nodes)
    let safe = select(totals .== 0, Tensor.ones([], type: totals.type), totals)
    let means = edges.sums(nodes) / safe.expanded(axis: 1)
    return activation(own(nodes) + neighbours(means))
  }
}

/// A graph isomorphism layer: a network of each node's vector, times 1 + epsilon, plus the sum of its neighbours' (Xu and
/// others 2019).
///
/// Input [nodes, inputs], output what the network makes of it. Epsilon is learned and begins with 0.
public struct GraphIsomorphism: Module {
  /// What is done with the sums.
  public let network: any Layer
  /// How much more the node itself counts: a scalar.
  public let epsilon: Parameter

  /// A layer.
  ///
  /// - Parameter network: Usually a `Sequential` of two dense layers.
  public init(_ network: any Layer) {
    self.network = network
    epsilon = Parameter(.zeros([]))
  }

  /// Computes the network's output for [nodes, inputs].
  ///
  /// - Parameter pass: Whether this is training; `.inference` unless given.
  public func callAsFunction(_ nodes: Tensor, _ edges: GraphEdges, _ pass: Pass = .inference) -> Tensor {
    edges.check(nodes, "GraphIsomorphism")
    return network.forward(nodes * (1 + epsilon.value) + edges.sums(nodes), pass)
  }
}

/// One vector for each graph from those of its nodes.
public enum SegmentPooling: String, Sendable, Codable, CaseIterable {
  /// Their sum.
  case sum
  /// Their mean.
  case mean
  /// The largest of each column.
  case max

  /// Computes [graphs, width]; zeros for a graph without nodes.
  ///
  /// - Parameters:
  ///   - nodes: [nodes, width].
  ///   - graphOfNode: The number of each node's graph: [nodes].
  ///   - graphs: How many graphs there are.
  public func callAsFunction(_ nodes: Tensor, graphOfNode: Tensor, graphs: Int) -> Tensor {
    switch self {
    case .sum: segmentSum(nodes, segments: graphOfNode, count: graphs)
    case .mean: segmentMean(nodes, segments: graphOfNode, count: graphs)
    case .max: segmentMax(nodes, segments: graphOfNode, count: graphs)
    }
  }
}
