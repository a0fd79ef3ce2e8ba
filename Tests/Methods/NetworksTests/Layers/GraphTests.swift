import Basics
import Checks
import Networks
import Tensors
import XCTest

/// Graph layers against dense matrices.
final class GraphTests: XCTestCase {
  private let key = RandomKey(seed: 51)
  private let sources = [0, 1, 1, 3, 2, 0, 4]
  private let targets = [1, 0, 2, 2, 1, 2, 4]
  private let weights = [1.0, 2, 0.5, 1, 3, 1, 2]

  private func edges(weighted: Bool = true) throws -> GraphEdges {
    try GraphEdges(sources: sources, targets: targets, weights: weighted ? weights : nil, nodes: 6)
  }

  /// The matrix whose row is the target and whose column the source.
  private func matrix(_ edges: GraphEdges) -> Tensor {
    var values = Array(repeating: 0.0, count: edges.nodes * edges.nodes)
    let weights = edges.weights?.doubles ?? Array(repeating: 1, count: edges.count)
    for (edge, weight) in weights.enumerated() {
      values[Int(edges.targets.doubles[edge]) * edges.nodes + Int(edges.sources.doubles[edge])] += weight
    }
    return Tensor(values, shape: [edges.nodes, edges.nodes])
  }

  func testConvolutionIsAProductWithTheNormalizedMatrix() throws {
    for weighted in [false, true] {
      let edges = try edges(weighted: weighted).addingSelfLoops()
      let a = matrix(edges)
      let degrees = a.sum(axes: [1]).doubles
      let scale = Tensor(degrees.map { 1 / $0.squareRoot() })
      let normalized = scale.expanded(axis: 1) * a * scale
      assertClose(matrix(edges.normalized()).doubles, normalized.doubles, tolerance: 1e-6)
      for (inputs, outputs) in [(4, 3), (3, 4)] {
        let layer = GraphConvolution(inputs, outputs, activation: .relu, key: key["layer"])
        layer.cast(to: .float64)
        let x = normal([6, inputs], key["x"])
        let expected = relu(matmul(normalized, matmul(x, layer.weight.value)))
        // The edges' weights are single precision.
        assertClose(layer(x, edges.normalized()).doubles, expected.doubles, tolerance: 1e-6)
      }
    }
  }

  func testAttentionIsASoftmaxOverArrivingEdges() throws {
    let edges = try edges().addingSelfLoops()
    let layer = GraphAttention(4, 3, heads: 2, key: key["layer"])
    layer.cast(to: .float64)
    let x = normal([6, 4], key["x"]) * 3
    let h = matmul(x, layer.weight.value).doubles
    let (s, t) = (layer.sourceScore.value.doubles, layer.targetScore.value.doubles)
    var expected = Array(repeating: 0.0, count: 36)
    for head in 0..<2 {
      func vector(_ node: Int) -> [Double] { (0..<3).map { h[6 * node + 3 * head + $0] } }
      func score(_ node: Int, _ weights: [Double]) -> Double {
        zip(vector(node), weights[3 * head..<3 * head + 3]).reduce(0) { $0 + $1.0 * $1.1 }
      }
      for node in 0..<6 {
        let arriving = (0..<edges.count).filter { Int(edges.targets.doubles[$0]) == node }
          .map { Int(edges.sources.doubles[$0]) }
        let scores = arriving.map { source -> Double in
          let sum = score(source, s) + score(node, t)
          return sum > 0 ? sum : 0.2 * sum
        }
        let total = scores.reduce(0) { $0 + exp($1) }
        for (source, score) in zip(arriving, scores) {
          for (d, value) in vector(source).enumerated() {
            expected[6 * node + 3 * head + d] += exp(score) / total * value
          }
        }
      }
    }
    assertClose(layer(x, edges).doubles, expected, tolerance: 1e-12)
  }

  func testMeansAndSumsOfNeighbours() throws {
    let edges = try edges()
    let a = matrix(edges)
    let x = normal([6, 4], key["x"])
    let sage = GraphSAGE(4, 3, key: key["sage"])
    sage.cast(to: .float64)
    let degrees = maximum(a.sum(axes: [1], keepsAxes: true), 1e-300)
    let means = matmul(a, x) / degrees
    assertClose(sage(x, edges).doubles, (sage.own(x) + sage.neighbours(means)).doubles, tolerance: 1e-12)
    let gin = GraphIsomorphism(Dense(4, 3, key: key["gin"]))
    gin.epsilon.value = Tensor(Float(0.5))
    gin.cast(to: .float64)
    let network = Dense(4, 3, key: key["gin"])
    network.cast(to: .float64)
    assertClose(gin(x, edges).doubles, network(x * 1.5 + matmul(a, x)).doubles, tolerance: 1e-12)
  }

  func testJoinedGraphsAreComputedAsIfAlone() throws {
    let first = try edges()
    let second = try GraphEdges(sources: [0, 1], targets: [1, 2], nodes: 3)
    let (joined, graphOfNode) = GraphEdges.joined([first, second])
    XCTAssertEqual(joined.nodes, 9)
    XCTAssertEqual(graphOfNode.doubles, [0, 0, 0, 0, 0, 0, 1, 1, 1])
    let layer = GraphSAGE(4, 3, key: key["layer"])
    layer.cast(to: .float64)
    let x = normal([9, 4], key["x"])
    let alone = concatenated([layer(x[0..<6], first), layer(x[6..<9], second)], axis: 0)
    assertClose(layer(x, joined).doubles, alone.doubles, tolerance: 1e-12)
    for pooling in SegmentPooling.allCases {
      let pooled = pooling(alone, graphOfNode: graphOfNode, graphs: 3)
      XCTAssertEqual(pooled.shape, [3, 3])
      XCTAssertEqual(pooled[2].doubles, [0, 0, 0])
      let last = alone[6..<9]
      let expected =
        switch pooling {
        case .sum: last.sum(axes: [0])
        case .mean: last.mean(axes: [0])
        case .max: last.max(axes: [0])
        }
      assertClose(pooled[1].doubles, expected.doubles, tolerance: 1e-12)
    }
  }

  func testNodesWithoutEdges() throws {
    let edges = try GraphEdges(sources: [], targets: [], nodes: 3)
    let x = normal([3, 4], key["x"]).cast(to: .float32)
    XCTAssertEqual(Set(GraphConvolution(4, 2, key: key)(x, edges.normalized()).doubles), [0])
    XCTAssertEqual(Set(GraphAttention(4, 2, key: key)(x, edges).doubles), [0])
    let sage = GraphSAGE(4, 2, key: key)
    XCTAssertEqual(sage(x, edges).doubles, sage.own(x).doubles)
  }

  func testEdgesThatDoNotFitAreErrors() {
    assertAssayError(.data, saying: ["edge 1", "node 5", "3 nodes"]) {
      try GraphEdges(sources: [0, 5], targets: [1, 2], nodes: 3)
    }
    assertAssayError(.data, saying: ["2 sources, 1 targets"]) {
      try GraphEdges(sources: [0, 1], targets: [1], nodes: 3)
    }
  }
}
