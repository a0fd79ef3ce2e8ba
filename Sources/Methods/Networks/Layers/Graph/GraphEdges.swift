import Basics
import Tensors

/// The edges of a graph, or of several whose nodes are numbered through.
///
/// Messages go from source to target; an undirected edge is two.
public struct GraphEdges: Sendable {
  /// The number of nodes.
  public let nodes: Int
  /// Where each edge begins: int64 [edges].
  public let sources: Tensor
  /// Where each edge ends: int64 [edges].
  public let targets: Tensor
  /// A weight for each edge [edges]; nil for 1.
  public let weights: Tensor?

  /// Edges.
  ///
  /// - Parameters:
  ///   - sources: Where each edge begins.
  ///   - targets: Where each edge ends; as many.
  ///   - weights: A weight for each edge; 1 unless given.
  ///   - nodes: The number of nodes.
  /// - Throws: `AssayError` where the numbers differ or an edge leads to no node.
  public init(sources: [Int], targets: [Int], weights: [Double]? = nil, nodes: Int) throws {
    guard sources.count == targets.count, weights.map({ $0.count == sources.count }) ?? true else {
      throw AssayError(
        .data,
        "\(sources.count) sources, \(targets.count) targets and \(weights?.count ?? sources.count) weights do not"
          + " fit: each edge has one of each")
    }
    for (edge, pair) in zip(sources, targets).enumerated() where min(pair.0, pair.1) < 0 || max(pair.0, pair.1) >= nodes
    {
      throw AssayError(
        .data, "edge \(edge) leads from node \(pair.0) to node \(pair.1), but there are \(nodes) nodes",
        remedy: "number the nodes from 0")
    }
    self.init(
      nodes: nodes, sources: Tensor(sources), targets: Tensor(targets),
      weights: weights.map { Tensor($0).cast(to: .float32) })
  }

  private init(nodes: Int, sources: Tensor, targets: Tensor, weights: Tensor?) {
    self.nodes = nodes
    self.sources = sources
    self.targets = targets
    self.weights = weights
  }

  /// The number of edges.
  public var count: Int { sources.count }

  /// With an edge of weight 1 from each node to itself behind the others.
  public func addingSelfLoops() -> GraphEdges {
    let loops = Tensor.range(nodes)
    return GraphEdges(
      nodes: nodes, sources: concatenated([sources, loops], axis: 0), targets: concatenated([targets, loops], axis: 0),
      weights: weights.map { concatenated([$0, .ones([nodes], type: $0.type)], axis: 0) })
  }

  /// With each weight divided by the roots of the sums of weights that arrive at its target and that arrive at its source;
  /// edges of nodes where nothing arrives get weight 0 (Kipf and Welling 2017).
  public func normalized() -> GraphEdges {
    let weights = weights ?? .ones([count])
    let degrees = segmentSum(weights, segments: targets, count: nodes)
    let scale = select(degrees .> 0, 1 / sqrt(maximum(degrees, 1e-30)), degrees * 0)
    return GraphEdges(
      nodes: nodes, sources: sources, targets: targets,
      weights: weights * scale.gathered(at: sources) * scale.gathered(at: targets))
  }

  /// Several graphs as one, whose nodes lie one behind the other, and the number of each node's graph, for
  /// `SegmentPooling`.
  public static func joined(_ graphs: [GraphEdges]) -> (edges: GraphEdges, graphOfNode: Tensor) {
    require(!graphs.isEmpty, "GraphEdges", "there are no graphs to join")
    var (start, sources, targets, weights, owners) = (0, [Tensor](), [Tensor](), [Tensor](), [Int]())
    let hasWeights = graphs.contains { $0.weights != nil }
    for (index, graph) in graphs.enumerated() {
      let offset = Tensor(repeating: Double(start), shape: [], type: .int64)
      sources.append(graph.sources + offset)
      targets.append(graph.targets + offset)
      if hasWeights { weights.append(graph.weights ?? .ones([graph.count])) }
      owners += Array(repeating: index, count: graph.nodes)
      start += graph.nodes
    }
    let edges = GraphEdges(
      nodes: start, sources: concatenated(sources, axis: 0), targets: concatenated(targets, axis: 0),
      weights: hasWeights ? concatenated(weights, axis: 0) : nil)
    return (edges, Tensor(owners))
  }

  /// The sum of the source's row over the edges that arrive at each node, times the edges' weights.
  func sums(_ rows: Tensor) -> Tensor {
    var messages = rows.gathered(at: sources)
    if let weights {
      let shape = [count] + Array(repeating: 1, count: rows.rank - 1)
      messages = messages * weights.cast(to: rows.type).reshaped(to: shape)
    }
    return segmentSum(messages, segments: targets, count: nodes)
  }

  func check(_ rows: Tensor, _ layer: String) {
    require(
      rows.rank == 2 && rows.shape[0] == nodes, layer,
      "nodes of shape \(rows.shape) do not fit edges of a graph of \(nodes) nodes; they are [nodes, width]")
  }
}
