import Basics
import Tensors

/// Every operation on one tensor or few, with settings that tests can run on any small shape.
enum OperationTable {
  static let all = elementwise + structure + reductions + indexing + products

  static let elementwise: [OperationCase] = [
    OperationCase("negate") { -$0[0] },
    OperationCase("abs") { abs($0[0]) },
    OperationCase("sign") { sign($0[0]) },
    OperationCase("square") { square($0[0]) },
    OperationCase("sqrt", domain: 0.5..<2) { sqrt($0[0]) },
    OperationCase("reciprocal", domain: 0.5..<2) { reciprocal($0[0]) },
    OperationCase("exp") { exp($0[0]) },
    OperationCase("log", domain: 0.5..<2) { log($0[0]) },
    OperationCase("log1p", domain: -0.5..<2) { log1p($0[0]) },
    OperationCase("sin") { sin($0[0]) },
    OperationCase("cos") { cos($0[0]) },
    OperationCase("tanh") { tanh($0[0]) },
    OperationCase("sigmoid") { sigmoid($0[0]) },
    OperationCase("erf") { erf($0[0]) },
    OperationCase("relu") { relu($0[0]) },
    OperationCase("gelu") { gelu($0[0]) },
    OperationCase("silu") { silu($0[0]) },
    OperationCase("softplus") { softplus($0[0]) },
    OperationCase("leakyRelu") { leakyRelu($0[0], slope: 0.1) },
    OperationCase("elu") { elu($0[0], scale: 1.5) },
    OperationCase("floor", domain: 0.1..<0.9) { floor($0[0]) },
    OperationCase("ceil", domain: 0.1..<0.9) { ceil($0[0]) },
    OperationCase("round", domain: 0.6..<1.4) { round($0[0]) },
    OperationCase("with numbers") { 1 - (2 * $0[0] + 1) / 4 },
    OperationCase("power of a number", domain: 0.5..<2) { pow($0[0], 2.5) },
  ]

  static let structure: [OperationCase] = [
    OperationCase("reshaped") { $0[0].reshaped(to: [$0[0].count]) },
    OperationCase("broadcast") { $0[0].broadcast(to: [2] + $0[0].shape) },
    OperationCase("summed", shapes: { [[2] + $0] }) { $0[0].summed(to: Array($0[0].shape.dropFirst())) },
    OperationCase("transposed", fits: { $0.count >= 2 }) { $0[0].transposed() },
    OperationCase("transposed axes", fits: { $0.count == 3 }) { $0[0].transposed(axes: [1, 2, 0]) },
    OperationCase("expanded") { $0[0].expanded(axis: 0) },
    OperationCase("squeezed") { $0[0].squeezed() },
    OperationCase("element", fits: { $0.count >= 1 && $0[0] > 0 }, passesNaN: false) { $0[0][-1] },
    OperationCase("elements", fits: { $0.count >= 1 && $0[0] > 1 }, passesNaN: false) { $0[0][1...] },
    OperationCase("sliced", fits: { $0.count >= 1 }, passesNaN: false) {
      $0[0].sliced(axis: -1, 0..<$0[0].shape.last! / 2)
    },
    OperationCase("sliced in steps", fits: { $0.count >= 1 }) {
      $0[0].sliced(axis: -1, 0..<$0[0].shape.last!, step: 2)
    },
    OperationCase("padded") { x in x[0].padded(x[0].shape.map { _ in (1, 2) }, with: 3) },
    OperationCase("flipped") { $0[0].flipped(axes: Array($0[0].shape.indices)) },
    OperationCase("resized", fits: { $0.count >= 1 && !$0.contains(0) }, passesNaN: false) {
      resize($0[0], to: [4], axes: [-1], options: ResizeOptions(.linear))
    },
    OperationCase("resized by cubics", fits: { $0.count >= 2 && !$0.contains(0) }, passesNaN: false) {
      resize($0[0], by: [1.7, 0.6], axes: [0, 1], options: ResizeOptions(.cubic, alignment: .corners))
    },
    OperationCase("resized to the nearest", fits: { $0.count >= 1 && !$0.contains(0) }, passesNaN: false) {
      resize($0[0], by: [2.5], axes: [0])
    },
    OperationCase("tiled") { x in x[0].tiled(x[0].shape.map { _ in 2 }) },
    OperationCase("split", fits: { $0.count >= 1 && $0[0] > 1 }) { x in
      let parts = x[0].split(sizes: [1, x[0].shape[0] - 1], axis: 0)
      return parts[0] * parts[1]
    },
    OperationCase("part of a split", fits: { $0.count >= 1 && $0[0] > 1 }, passesNaN: false) {
      $0[0].split(sizes: [1, $0[0].shape[0] - 1], axis: 0)[1]
    },
    OperationCase("concatenated", shapes: { [$0, $0] }, fits: { $0.count >= 1 }) {
      concatenated($0 + [$0[0]], axis: -1)
    },
    OperationCase("stacked", shapes: { [$0, $0] }) { stacked($0, axis: -1) },
  ]

  static let reductions: [OperationCase] = [
    OperationCase("sum") { $0[0].sum() },
    OperationCase("sum of the last axis", fits: { $0.count >= 1 }) { $0[0].sum(axes: [-1], keepsAxes: true) },
    OperationCase("sum of the first axis", fits: { $0.count >= 1 }) { $0[0].sum(axes: [0]) },
    OperationCase("sum of outer axes", fits: { $0.count == 3 }) { $0[0].sum(axes: [0, 2]) },
    OperationCase("mean", fits: { !$0.contains(0) }) { $0[0].mean() },
    OperationCase("mean of the first axis", fits: { $0.count >= 1 && $0[0] > 0 }) { $0[0].mean(axes: [0]) },
    OperationCase("max", fits: { !$0.contains(0) }) { $0[0].max() },
    OperationCase("max of the first axis", fits: { $0.count >= 1 && $0[0] > 0 }) { $0[0].max(axes: [0]) },
    OperationCase("min of the last axis", fits: { $0.count >= 1 && $0.last != 0 }) { $0[0].min(axes: [-1]) },
    OperationCase("product") { $0[0].product() },
    OperationCase("product of the last axis", fits: { $0.count >= 1 }) { $0[0].product(axes: [-1], keepsAxes: true) },
    OperationCase("variance", fits: { !$0.contains(0) }) { $0[0].variance() },
    OperationCase("variance of the last axis", fits: { $0.count >= 1 && $0.last != 0 }) { $0[0].variance(axes: [-1]) },
    OperationCase("logSumExp", fits: { !$0.contains(0) }) { $0[0].logSumExp() },
    OperationCase("logSumExp of the first axis", fits: { $0.count >= 1 && $0[0] > 0 }) {
      $0[0].logSumExp(axes: [0], keepsAxes: true)
    },
    OperationCase("cumulativeSum", fits: { $0.count >= 1 }) { $0[0].cumulativeSum() },
    OperationCase("cumulativeSum, reversed and exclusive", fits: { $0.count >= 1 && $0[0] != 1 }, passesNaN: false) {
      $0[0].cumulativeSum(axis: 0, isReversed: true, isExclusive: true)
    },
  ]

  /// Whole numbers below `size`, each more than once where there are more of them.
  private static func indices(_ shape: [Int], below size: Int) -> Tensor {
    Tensor((0..<shape.reduce(1, *)).map { Int64(($0 * 7 + 3) % Swift.max(1, size)) }, shape: shape)
  }

  static let indexing: [OperationCase] =
    [
      OperationCase("gathered", fits: { $0.count >= 1 && $0[0] > 0 }, passesNaN: false) {
        $0[0].gathered(at: indices([2, 3], below: $0[0].shape[0]))
      },
      OperationCase("gathered from the last axis", fits: { $0.count >= 1 && $0.last! > 0 }, passesNaN: false) {
        $0[0].gathered(at: indices([4], below: $0[0].shape.last!).cast(to: .int32), axis: -1)
      },
      OperationCase("scatterAdded", shapes: { [$0, [4] + $0.dropFirst()] }, fits: { $0.count >= 1 && $0[0] > 0 }) {
        $0[0].scatterAdded($0[1], at: indices([4], below: $0[0].shape[0]))
      },
      OperationCase("taken", fits: { $0.count >= 1 && $0.last! > 0 }, passesNaN: false) { x in
        let shape = x[0].shape.dropLast() + [4]
        return x[0].taken(along: -1, at: indices(Array(shape), below: x[0].shape.last!))
      },
      OperationCase("sorted", fits: { $0.count >= 1 }) { $0[0].sorted(axis: 0).values },
      OperationCase("sorted, descending", fits: { $0.count >= 1 }) { $0[0].sorted(descending: true).values },
      OperationCase("top", fits: { $0.count >= 1 && $0.last! > 0 }) { $0[0].top(1).values },
      OperationCase("segmentSum", fits: { $0.count >= 1 }) {
        segmentSum($0[0], segments: indices([$0[0].shape[0]], below: 2), count: 3)
      },
      OperationCase("segmentMean", fits: { $0.count >= 1 }) {
        segmentMean($0[0], segments: indices([$0[0].shape[0]], below: 2), count: 3)
      },
      OperationCase("segmentMax", fits: { $0.count >= 1 }) {
        segmentMax($0[0], segments: indices([$0[0].shape[0]], below: 2), count: 3)
      },
      OperationCase("embedding", fits: { $0.count == 2 && $0[0] > 0 }, passesNaN: false) {
        embedding(indices([3, 2], below: $0[0].shape[0]), table: $0[0])
      },
    ]
    + EmbeddingBagMode.allCases.map { mode in
      OperationCase("embeddingBag, \(mode)", fits: { $0.count == 2 && $0[0] > 0 }, passesNaN: false) {
        embeddingBag(
          indices([5], below: $0[0].shape[0]), offsets: Tensor([Int64(0), 2, 2, 4]), table: $0[0], mode: mode)
      }
    }

  static let products: [OperationCase] = [
    OperationCase("matmul", shapes: { [$0 + [2], $0.dropLast() + [2, 3]] }, fits: { $0.count >= 1 }) {
      matmul($0[0], $0[1])
    },
    OperationCase("matmul, transposing", shapes: { [[2] + $0, [3, 2]] }, fits: { $0.count == 1 }) {
      matmul($0[0], $0[1], transposingLeft: true, transposingRight: true)
    },
    OperationCase("einsum, matrices", shapes: { [$0, $0] }, fits: { $0.count == 3 }) {
      einsum("bij,bkj->bik", $0[0], $0[1])
    },
    OperationCase("einsum, outer", shapes: { [$0, [2]] }, fits: { $0.count == 2 }) {
      einsum("ij,k->jki", $0[0], $0[1])
    },
    OperationCase("einsum, sums", shapes: { [$0, $0] }, fits: { $0.count == 3 }) { einsum("ijk,ijk->j", $0[0], $0[1]) },
    OperationCase("einsum, diagonal", shapes: { [$0 + $0] }, fits: { $0.count == 1 }, passesNaN: true) {
      einsum("ii->i", $0[0])
    },
    OperationCase("einsum, dots", shapes: { [$0, $0] }, fits: { $0.count >= 1 }) {
      einsum("...i,...i->...", $0[0], $0[1])
    },
  ]
}
