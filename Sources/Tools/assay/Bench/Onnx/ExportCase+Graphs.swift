import Basics
import Networks
import Tensors

extension ExportCase {
  private static let key = RandomKey(seed: 17)

  /// Layers on graphs.
  static func graphs() throws -> [ExportCase] {
    let ends = places([60], below: 12).values(Int.self)
    let edges = try GraphEdges(sources: Array(ends[..<30]), targets: Array(ends[30...].reversed()), nodes: 12)
    let weighted = edges.addingSelfLoops().normalized()
    func graph<Model: Module>(_ name: String, _ model: Model, _ body: @escaping (Model, Tensor) -> Tensor) -> ExportCase
    {
      randomize(model)
      // The nodes of a graph are no batch of any size.
      return ExportCase(
        name: name, module: model, batchAxis: nil, rows: [12], inputs: { [numbers([$0, 5])] },
        body: { [body(model, $0[0])] })
    }
    return [
      graph("graph_convolution", GraphConvolution(5, 4, activation: .relu, key: key)) { $0($1, weighted) },
      graph("graph_convolution_wider", GraphConvolution(5, 8, key: key)) { $0($1, weighted) },
      graph("graph_sage", GraphSAGE(5, 4, activation: .relu, key: key)) { $0($1, edges) },
      graph("graph_attention", GraphAttention(5, 3, heads: 2, activation: .relu, key: key)) { $0($1, edges) },
      graph("graph_attention_averaged", GraphAttention(5, 3, heads: 2, averagesHeads: true, key: key)) {
        $0($1, edges)
      },
      graph("graph_isomorphism", GraphIsomorphism(Dense(5, 4, activation: .relu, key: key))) { $0($1, edges) },
    ]
  }

  /// Layers together, and settings that are seldom used.
  static func combinations() -> [ExportCase] {
    let masked = randomize(MultiHeadAttention(8, heads: 4, keyValueHeads: 2, isRotary: true, key: key))
    return [
      layer(
        "residual_images",
        Sequential(
          Conv2D(4, 6, size: 3, stride: 2, padding: .same, hasBias: false, key: key["a"]), BatchNorm(6),
          Residual(
            Sequential(Conv2D(6, 8, size: 3, padding: .same, key: key["b"]), BatchNorm(8, activation: .relu)),
            shortcut: Conv2D(6, 8, size: 1, key: key["c"]), activation: .relu),
          GlobalAveragePool(), Dense(8, 3, key: key["d"]), Softmax()), [9, 8, 4]),
      layer(
        "conv_padded_unevenly",
        Conv2D(4, 6, size: 3, padding: .explicit(top: 2, bottom: 0, left: 1, right: 3), key: key), [7, 8, 4]),
      layer("prelu_images", Sequential(Conv2D(3, 6, size: 3, key: key), PReLU(6)), [5, 6, 3]),
      layer("leaky_relu", LeakyReLU(slope: 0.2), [6]),
      layer("recomputed", Checkpointed(Dense(6, 5, activation: .gelu, key: key)), [6]),
      layer("reshaped", Sequential(Reshape([2, 12]), Flatten()), [4, 6]),
      layer("positions_learned", LearnedPositions(9, 8, key: key), [5, 8]),
      ExportCase(
        name: "attention_given_mask", module: masked,
        inputs: { [numbers([$0, 5, 8]), numbers([$0, 1, 5, 5], "mask")] }, body: { [masked($0[0], mask: $0[1])] }),
      function("shape_tile_batch") { $0.tiled([2, 1, 1]) },
      function("element_log1p_of_little") { log1p(square($0) * 1e-6) },
      function("element_softplus_of_much") { softplus($0 * 30) },
      function("reduce_log_sum_exp_of_much") { ($0 * 30).logSumExp(axes: [2]) },
      function("rms_norm_plain") { rmsNorm($0) },
    ]
  }
}
