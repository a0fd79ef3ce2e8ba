import Basics
import Tensors

extension ExportCase {
  /// Functions of each element, arithmetic, comparisons, types.
  static func elements() -> [ExportCase] {
    let other = numbers([5], "other")
    let functions: [(String, (Tensor) -> Tensor)] = [
      ("negate", { -$0 }), ("abs", { abs($0) }), ("sign", { sign($0) }), ("square", { square($0) }),
      ("sqrt", { sqrt(abs($0)) }), ("reciprocal", { reciprocal(abs($0) + 0.5) }), ("exp", { exp($0) }),
      ("log", { log(abs($0) + 0.1) }), ("log1p", { log1p(abs($0)) }), ("sin", { sin($0) }), ("cos", { cos($0) }),
      ("tanh", { tanh($0) }), ("sigmoid", { sigmoid($0) }), ("erf", { erf($0) }), ("relu", { relu($0) }),
      ("gelu", { gelu($0) }), ("silu", { silu($0) }), ("softplus", { softplus($0) }),
      ("leaky_relu", { leakyRelu($0, slope: 0.2) }), ("elu", { elu($0, scale: 0.7) }), ("floor", { floor($0 * 3) }),
      ("ceil", { ceil($0 * 3) }), ("round", { round($0 * 3) }), ("round_halves", { round(floor($0 * 4) * 0.5) }),
    ]
    let arithmetic: [(String, (Tensor) -> Tensor)] = [
      ("add", { $0 + other }), ("subtract", { 1 - $0 }), ("multiply", { $0 * other }),
      ("divide", { $0 / (abs(other) + 1) }), ("power", { pow(abs($0), 1.5) }), ("maximum", { maximum($0, other) }),
      ("minimum", { minimum($0, 0.3) }), ("select", { select($0 .> 0, $0, other) }),
      ("equal", { floor($0) .== floor(other) }), ("not_equal", { floor($0) .!= floor(other) }),
      ("less", { $0 .< 0.1 }), ("less_or_equal", { $0 .<= other }), ("greater", { $0 .> other }),
      ("greater_or_equal", { $0 .>= 0 }), ("logic", { ($0 .> 0).and($0 .< 1).or(($0 .< -1).not()) }),
      ("select_truths", { select($0 .> 0, $0 .< 1, other .> 0) }), ("equal_truths", { ($0 .> 0) .== (other .> 0) }),
      ("not_equal_truths", { ($0 .> 0) .!= (other .> 0) }),
    ]
    let types: [(String, (Tensor) -> Tensor)] = [
      ("cast_int32", { ($0 * 10).cast(to: .int32) }), ("cast_int64", { ($0 * 10).cast(to: .int64) + Tensor(3) }),
      ("cast_uint8", { (abs($0) * 10).cast(to: .uint8) }), ("cast_bool", { floor($0).cast(to: .bool) }),
      ("cast_float64", { $0.cast(to: .float64) * 3 }),
      ("float64_softmax", { softmax($0.cast(to: .float64)) }),
      ("float64_layer_norm", { layerNorm($0.cast(to: .float64)) }),
      ("int64_division", { ($0 * 10).cast(to: .int64) / Tensor(3) }),
      ("int64_extremes", { maximum(($0 * 10).cast(to: .int64), Tensor(2)) }),
      ("int32_abs", { abs(($0 * 10).cast(to: .int32)) }), ("bool_cast", { ($0 .> 0).cast(to: .float32) }),
      ("int64_relu", { relu(($0 * 10).cast(to: .int64)) }), ("int32_sign", { sign(($0 * 2).cast(to: .int32)) }),
      ("float64_log1p", { log1p(abs($0.cast(to: .float64))) }), ("float64_silu", { silu($0.cast(to: .float64)) }),
      ("float64_round", { round($0.cast(to: .float64) * 3) }),
      ("float64_sin", { sin($0.cast(to: .float64)) }), ("float64_cos", { cos($0.cast(to: .float64)) }),
      ("float64_softplus", { softplus($0.cast(to: .float64)) }), ("float64_elu", { elu($0.cast(to: .float64)) }),
      ("float64_leaky_relu", { leakyRelu($0.cast(to: .float64)) }),
    ]
    return (functions + arithmetic + types).map { name, body in function("element_\(name)", [4, 5], body) }
  }

  /// Shapes, order, reductions and places.
  static func structure() -> [ExportCase] { shapes() + reductions() + places() }

  private static func shapes() -> [ExportCase] {
    let cases: [(String, (Tensor) -> Tensor)] = [
      ("reshape", { $0.reshaped(to: [$0.shape[0], 20]) }), ("reshape_to_line", { $0.reshaped(to: [-1]) }),
      ("reshape_batch_behind", { $0.reshaped(to: [4, -1, 5]) }),
      ("reshape_batch_inside", { $0.reshaped(to: [2, $0.shape[0], 10]) }),
      ("transpose", { $0.transposed(axes: [2, 0, 1]) }),
      ("transpose_twice", { relu($0.transposed(axes: [2, 0, 1]).transposed(axes: [1, 2, 0])) }),
      ("broadcast", { $0.expanded(axis: 1).broadcast(to: [$0.shape[0], 3, 4, 5]) }), ("tile", { $0.tiled([1, 2, 2]) }),
      ("slice", { $0.sliced(axis: 2, 1..<3) }), ("slice_steps", { $0.sliced(axis: 2, 0..<5, step: 2) }),
      ("slice_batch", { $0[0..<$0.shape[0]] }), ("flip", { $0.flipped(axes: [1, 2]) }),
      ("pad", { $0.padded([(0, 0), (1, 2), (0, 1)], with: 0.5) }),
      ("pad_integers", { ($0 * 10).cast(to: .int64).padded([(0, 0), (1, 2), (0, 1)], with: 3) }),
      ("squeeze", { $0.sliced(axis: 1, 0..<1).squeezed(axes: [1]) }),
      ("concatenate", { concatenated([$0, $0 * 2, numbers([1, 4, 5]).broadcast(to: $0.shape)], axis: 1) }),
      ("concatenate_batch", { concatenated([$0, $0], axis: 0) }), ("stack", { stacked([$0, -$0], axis: 1) }),
      ("split", { $0.split(sizes: [1, 3, 1], axis: 2)[1] * $0.split(sizes: [4, 1], axis: 2)[1] }),
      ("zeros_of_batch", { $0 + Tensor.zeros($0.shape) + Tensor.ones([$0.shape[0], 1, 1]) }),
    ]
    return cases.map { name, body in function("shape_\(name)", [4, 5], body) } + [
      ExportCase(
        name: "shape_batch_in_axis_1", batchAxis: 1, inputs: { [numbers([4, $0])] },
        body: { [softmax($0[0], axis: 0).reshaped(to: [-1])] }),
      ExportCase(
        name: "shape_scalars", inputs: { [numbers([$0, 2])] }, body: { [Tensor(Float(3)), $0[0].sum(), $0[0]] }),
    ]
  }

  private static func reductions() -> [ExportCase] {
    let cases: [(String, (Tensor) -> Tensor)] = [
      ("sum", { $0.sum(axes: [1]) }), ("sum_batch", { $0.sum(axes: [0, 2]) }), ("sum_all", { $0.sum() }),
      ("mean", { $0.mean(axes: [-1], keepsAxes: true) }), ("mean_batch", { $0.mean(axes: [0]) }),
      ("max", { $0.max(axes: [1, 2]) }), ("min", { $0.min(axes: [2]) }), ("product", { $0.product(axes: [2]) }),
      ("variance", { $0.variance(axes: [2]) }), ("variance_batch", { $0.variance(axes: [0]) }),
      ("log_sum_exp", { $0.logSumExp(axes: [2]) }), ("all", { ($0 .> -1).all(axes: [2]) }),
      ("any", { ($0 .> 1).any(axes: [1, 2]) }), ("arg_max", { $0.argMax(axis: 2) }),
      ("arg_min", { $0.argMin(axis: 1) }),
      ("arg_max_of_equals", { floor($0).argMax(axis: 2) }),
      ("int64_sum", { ($0 * 10).cast(to: .int64).sum(axes: [1]) }),
      ("int32_max", { ($0 * 10).cast(to: .int32).max(axes: [1]) }), ("cumulative", { $0.cumulativeSum(axis: 2) }),
      ("cumulative_reversed", { $0.cumulativeSum(axis: 1, isReversed: true, isExclusive: true) }),
      ("softmax", { softmax($0) }), ("softmax_axis_1", { softmax($0, axis: 1) }), ("log_softmax", { logSoftmax($0) }),
      ("softmax_large", { softmax($0 * 100) }),
      ("log_softmax_axis_0", { logSoftmax($0.reshaped(to: [4, -1]), axis: 0) }),
      ("sorted", { $0.sorted(axis: 2).values }), ("sorted_descending", { $0.sorted(axis: 1, descending: true).values }),
      ("sorted_places", { $0.sorted(axis: 2).indices }), ("sorted_equals", { floor($0).sorted(axis: 2).indices }),
      ("top", { $0.top(2, axis: 2).values }), ("top_places", { $0.top(2, axis: 1).indices }),
      ("float64_mean", { $0.cast(to: .float64).mean(axes: [1]) }),
      ("int64_sorted", { ($0 * 10).cast(to: .int64).sorted().values }),
    ]
    return cases.map { name, body in function("reduce_\(name)", [4, 5], body) }
  }

  private static func places() -> [ExportCase] {
    let rows: (Int) -> [Tensor] = { [numbers([$0, 4]), places([$0], below: 5)] }
    return [
      function("place_gathered") { $0.gathered(at: Tensor([2, 0, 0]), axis: 2) },
      function("place_gathered_int32") { $0.gathered(at: Tensor([2, 0, 1] as [Int32]), axis: 1) },
      ExportCase(
        name: "place_taken", inputs: { [numbers([$0, 5]), places([$0, 2], below: 5)] },
        body: { [$0[0].taken(along: 1, at: $0[1])] }),
      ExportCase(
        name: "place_taken_int32", inputs: { [numbers([$0, 5]), places([$0, 2], below: 5)] },
        body: { [$0[0].taken(along: 1, at: $0[1].cast(to: .int32))] }),
      ExportCase(
        name: "place_one_hot", inputs: { [places([$0, 2], below: 5)] }, body: { [$0[0].oneHot(classes: 5)] }),
      ExportCase(name: "place_segment_sum", inputs: rows, body: { [segmentSum($0[0], segments: $0[1], count: 5)] }),
      ExportCase(name: "place_segment_mean", inputs: rows, body: { [segmentMean($0[0], segments: $0[1], count: 5)] }),
      ExportCase(name: "place_segment_max", inputs: rows, body: { [segmentMax($0[0], segments: $0[1], count: 6)] }),
      ExportCase(
        name: "place_segment_max_whole", inputs: rows,
        body: { [segmentMax(($0[0] * 10).cast(to: .int64), segments: $0[1], count: 6)] }),
      function("place_scatter_inner", [3, 2]) {
        Tensor.zeros([1, 5, 2]).tiled([$0.shape[0], 1, 1]).scatterAdded($0, at: Tensor([4, 0, 4]), axis: 1)
      },
      ExportCase(
        name: "place_scatter", inputs: rows, body: { [numbers([5, 4], "base").scatterAdded($0[0], at: $0[1])] }),
      ExportCase(
        name: "place_cross_entropy", inputs: { [numbers([$0, 5]), places([$0], below: 5)] },
        body: { inputs in
          let weights = Tensor([1, 2, 0.5, 1, 3] as [Float])
          return [
            softmaxCrossEntropy(inputs[0], labels: inputs[1]),
            softmaxCrossEntropy(inputs[0], labels: inputs[1], smoothing: 0.1, classWeights: weights, ignoring: 1),
          ]
        }),
    ]
      + EmbeddingBagMode.allCases.map { mode in
        ExportCase(
          name: "place_bag_\(mode)", batchAxis: nil, rows: [4],
          inputs: { [places([$0 * 2], below: 7), Tensor([0, 3, 3, 6] as [Int64])] },
          body: { [embeddingBag($0[0], offsets: $0[1], table: numbers([7, 5], "table"), mode: mode)] })
      }
  }

  /// Products of matrices.
  static func products() -> [ExportCase] {
    let weight = numbers([5, 3], "weight")
    let cases: [(String, (Tensor) -> Tensor)] = [
      ("matmul", { matmul($0, weight) }),
      ("matmul_transposed", { matmul($0, numbers([3, 5]), transposingRight: true) }),
      ("matmul_self", { matmul($0, $0, transposingLeft: true) }),
      ("linear", { linear($0, weight, bias: numbers([3], "bias"), activation: .relu) }),
      ("linear_gelu", { linear($0, weight, bias: numbers([3], "bias"), activation: .gelu) }),
      ("einsum", { einsum("bij,jk->bki", $0, weight) }), ("einsum_dots", { einsum("...j,jk->k...", $0, weight) }),
      ("einsum_outer", { einsum("bij,bkj->bik", $0, $0 * 2) }), ("einsum_sum", { einsum("bij->i", $0) }),
      ("einsum_diagonal", { einsum("bii->bi", matmul($0, $0, transposingRight: true)) }),
      ("einsum_three", { einsum("bij,jk,bi->bk", $0, weight, $0.sum(axes: [2])) }),
    ]
    return cases.map { name, body in function("product_\(name)", [4, 5], body) }
  }
}
