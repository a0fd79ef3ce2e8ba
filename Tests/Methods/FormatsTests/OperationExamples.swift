import Basics
import Tensors

/// A computation with one operation of the engine, on inputs of any number of rows.
struct OperationExample {
  var batchAxis: Int? = 0
  let inputs: (_ rows: Int) -> [Tensor]
  let body: ([Tensor]) -> [Tensor]
  /// Whether a gradient with respect to the first input can be asked for.
  let hasGradient: Bool

  /// On numbers of a shape for each row.
  static func each(
    _ shape: [Int] = [3, 4], batchAxis: Int? = 0, hasGradient: Bool = true, _ body: @escaping (Tensor) -> Tensor
  ) -> OperationExample {
    OperationExample(
      batchAxis: batchAxis, inputs: { [numbers([$0] + shape)] }, body: { [body($0[0])] }, hasGradient: hasGradient)
  }

  /// On several inputs.
  static func of(
    batchAxis: Int? = 0, hasGradient: Bool = true, _ inputs: @escaping (_ rows: Int) -> [Tensor],
    _ body: @escaping ([Tensor]) -> [Tensor]
  ) -> OperationExample {
    OperationExample(batchAxis: batchAxis, inputs: inputs, body: body, hasGradient: hasGradient)
  }

  /// Whole numbers from 0 on, below a bound.
  static func places(_ shape: [Int], below bound: Int) -> Tensor {
    Tensor((0..<shape.reduce(1, *)).map { Int64(($0 * $0 + 2 * $0 + 1) % bound) }, shape: shape)
  }

  /// Examples by the name of the public function or operator that each is for.
  static var all: [String: [OperationExample]] {
    [elements, operators, structure, reductions, indexing, layers, sequences, random]
      .reduce(into: [:]) { all, part in all.merge(part) { $0 + $1 } }
  }
}

extension OperationExample {
  private static var elements: [String: [OperationExample]] {
    [
      "abs": [.each { abs($0) }], "sign": [.each { sign($0) * $0 }], "square": [.each { square($0) }],
      "sqrt": [.each { sqrt(abs($0) + 0.1) }], "reciprocal": [.each { reciprocal(abs($0) + 1) }],
      "exp": [.each { exp($0) }], "log": [.each { log(abs($0) + 0.1) }], "log1p": [.each { log1p(abs($0)) }],
      "sin": [.each { sin($0) }], "cos": [.each { cos($0) }], "tanh": [.each { tanh($0) }],
      "sigmoid": [.each { sigmoid($0) }], "erf": [.each { erf($0) }], "relu": [.each { relu($0) }],
      "gelu": [.each { gelu($0) }], "silu": [.each { silu($0) }], "softplus": [.each { softplus($0) }],
      "leakyRelu": [.each { leakyRelu($0, slope: 0.2) }], "elu": [.each { elu($0, scale: 0.7) }],
      "floor": [.each { floor($0 * 3) * $0 }], "ceil": [.each { ceil($0 * 3) * $0 }],
      "round": [.each { round($0 * 3) * $0 }],
      "cast": [.each { $0.cast(to: .float64).cast(to: .float32) }, .each(hasGradient: false) { $0.cast(to: .int32) }],
      "callAsFunction": Activation.allCases.map { activation in .each { activation($0) } },
    ]
  }

  private static let other = numbers([4], "other")

  private static var operators: [String: [OperationExample]] {
    [
      "+": [.each { $0 + other }, .each { $0 + 1 }, .each { 1 + $0 }],
      "-": [.each { $0 - other }, .each { $0 - 1 }, .each { 1 - $0 }, .each { -$0 }],
      "*": [.each { $0 * other }, .each { $0 * 2 }, .each { 2 * $0 }],
      "/": [.each { $0 / (abs($0) + 1) }, .each { $0 / 2 }, .each { 2 / (abs($0) + 1) }],
      "+=": [.each { changed($0) { $0 += other } }], "-=": [.each { changed($0) { $0 -= other } }],
      "*=": [.each { changed($0) { $0 *= other } }],
      "pow": [.each { pow(abs($0), 1.5) }, .each { pow(abs($0) + 1, abs(other)) }],
      "maximum": [.each { maximum($0, other) }, .each { maximum($0, 0.1) }],
      "minimum": [.each { minimum($0, other) }, .each { minimum($0, 0.1) }],
      ".==": truths({ $0 .== other }, { $0 .== 0 }), ".!=": truths({ $0 .!= other }, { $0 .!= 0 }),
      ".<": truths({ $0 .< other }, { $0 .< 0.1 }), ".<=": truths({ $0 .<= other }, { $0 .<= 0.1 }),
      ".>": truths({ $0 .> other }, { $0 .> 0.1 }), ".>=": truths({ $0 .>= other }, { $0 .>= 0.1 }),
      "and": truths({ ($0 .> 0).and($0 .< 1) }), "or": truths({ ($0 .> 1).or($0 .< 0) }),
      "not": truths({ ($0 .> 1).not() }), "select": [.each { select($0 .> 0, $0, other) }],
    ]
  }

  private static func truths(_ bodies: (Tensor) -> Tensor...) -> [OperationExample] {
    bodies.map { body in .each(hasGradient: false, body) }
  }

  private static func changed(_ x: Tensor, _ change: (inout Tensor) -> Void) -> Tensor {
    var copy = x
    change(&copy)
    return copy
  }

  private static var structure: [String: [OperationExample]] {
    [
      "reshaped": [.each { $0.reshaped(to: [$0.shape[0], 12]) }, .each { $0.reshaped(to: [-1, 4]) }],
      "broadcast": [.each { $0.expanded(axis: 1).broadcast(to: [$0.shape[0], 2, 3, 4]) }],
      "summed": [.each { $0.summed(to: [3, 1]) }],
      "expanded": [.each { $0.expanded(axis: -1) }],
      "squeezed": [.each([1, 4]) { $0.squeezed(axes: [1]) }],
      "tiled": [.each { $0.tiled([1, 2, 3]) }],
      "transposed": [.each { $0.transposed() }, .each { $0.transposed(axes: [2, 0, 1]) }],
      "sliced": [.each { $0.sliced(axis: 2, 1..<3) }, .each { $0.sliced(axis: 2, 0..<4, step: 3) }],
      "subscript": [.each { $0[0] }, .each { $0[1...] }],
      "flipped": [.each { $0.flipped(axes: [1, 2]) }],
      "padded": [.each { $0.padded([(0, 0), (1, 0), (0, 2)], with: 0.5) }],
      "concatenated": [.each { concatenated([$0, $0 * 2], axis: 1) }, .each { concatenated([$0, $0 * 2], axis: 0) }],
      "stacked": [.each { stacked([$0, -$0], axis: 1) }],
      "split": [
        .each { x in
          let parts = x.split(sizes: [1, 2], axis: 1)
          return parts[1] * parts[0]
        }
      ],
      "einsum": [.each { einsum("bij,bik->bjk", $0, $0 * 2) }, .each { einsum("bij,j->bi", [$0, other]) }],
      "resize": [
        .each([4, 5, 2]) { resize($0, to: [7, 3], options: ResizeOptions(.linear)) },
        .each([4, 5, 2]) { resize($0, by: [2, 1.3]) },
        .each([41, 5, 2]) { resize($0, to: [23, 47], options: ResizeOptions(.linear, alignment: .origin)) },
        .each([6, 5, 2]) { resize(relu($0), to: [4, 3], options: ResizeOptions(.cubic)) },
        .each([6, 2]) { resize($0, by: [1.6], options: ResizeOptions(.linear, alignment: .halfPixelUnlessOne)) },
        .each([6, 2]) { resize($0, to: [9], options: ResizeOptions(.cubic)) },
        .each([4, 3, 5, 2]) { resize($0, to: [3, 7, 5], options: ResizeOptions(.linear)) },
        .each { resize($0, to: [5, 6], axes: [-1, 1], options: ResizeOptions(.linear, alignment: .corners)) },
        .each(hasGradient: false) { resize($0.cast(to: .int64), by: [2], options: ResizeOptions()) },
        .each([4, 5, 2]) { resize($0, by: [1.7, 2], options: ResizeOptions(.cubic, alignment: .corners)) },
      ],
    ]
  }

  private static var reductions: [String: [OperationExample]] {
    [
      "sum": [.each { $0.sum(axes: [1]) }, .each { $0.sum() }], "mean": [.each { $0.mean(axes: [0, 2]) }],
      "variance": [.each { $0.variance(axes: [2]) }], "logSumExp": [.each { $0.logSumExp(axes: [2]) }],
      "max": [.each { $0.max(axes: [1, 2]) }], "min": [.each { $0.min(axes: [2]) }],
      "product": [.each { $0.product(axes: [2]) }], "all": truths({ ($0 .> -1).all(axes: [2]) }),
      "any": truths({ ($0 .> 1).any(axes: [2]) }), "argMax": truths({ $0.argMax(axis: 2) }),
      "argMin": truths({ $0.argMin(axis: 1) }),
      "cumulativeSum": [.each { $0.cumulativeSum(axis: 2, isReversed: true) }],
      "sorted": [
        .each { $0.sorted(axis: 1).values }, .each(hasGradient: false) { $0.sorted(descending: true).indices },
      ],
      "top": [.each { $0.top(2, axis: 2).values }, .each(hasGradient: false) { $0.top(2, axis: 1).indices }],
    ]
  }

  private static func withSegments(_ rows: Int) -> [Tensor] { [numbers([rows, 4]), places([rows], below: 5)] }

  private static var indexing: [String: [OperationExample]] {
    [
      "gathered": [
        .of({ [numbers([$0, 3, 4]), places([$0, 2], below: 3)] }) { [$0[0].gathered(at: $0[1], axis: 1)] },
        .of({ [numbers([$0, 3, 4]), places([$0], below: 4).cast(to: .int32)] }) {
          [$0[0].gathered(at: $0[1], axis: 2)]
        },
      ],
      "scatterAdded": [
        .of(withSegments) { [numbers([5, 4], "base").scatterAdded($0[0], at: $0[1])] },
        .of({ [numbers([$0, 2, 3, 2])] }) {
          [
            Tensor.zeros([1, 4, 2]).tiled([$0[0].shape[0], 1, 1])
              .scatterAdded($0[0], at: places([2, 3], below: 4), axis: 1)
          ]
        },
      ],
      "taken": [.of({ [numbers([$0, 5]), places([$0, 2], below: 5)] }) { [$0[0].taken(along: 1, at: $0[1])] }],
      "oneHot": [.of(hasGradient: false, { [places([$0, 2], below: 5)] }) { [$0[0].oneHot(classes: 5)] }],
      "segmentSum": [.of(withSegments) { [segmentSum($0[0], segments: $0[1], count: 6)] }],
      "segmentMean": [.of(withSegments) { [segmentMean($0[0], segments: $0[1], count: 6)] }],
      "segmentMax": [.of(withSegments) { [segmentMax($0[0], segments: $0[1], count: 6)] }],
      "embedding": [
        .of(batchAxis: nil, { [numbers([7, 4]), places([$0, 3], below: 7)] }) { [embedding($0[1], table: $0[0])] }
      ],
      "embeddingBag": EmbeddingBagMode.allCases.map { mode in
        .of(batchAxis: nil, { [numbers([7, 4]), places([$0 * 2], below: 7), Tensor([0, 3, 3, 5])] }) {
          [embeddingBag($0[1], offsets: $0[2], table: $0[0], mode: mode)]
        }
      },
    ]
  }

  private static var random: [String: [OperationExample]] {
    [
      "uniform": [.each { $0 * Tensor.uniform([3, 4], key: RandomKey(seed: 1)) }],
      "normal": [.each { $0 + Tensor.normal([3, 4], key: RandomKey(seed: 1)) }],
      "dropout": [
        .each(batchAxis: nil) { dropout($0, rate: 0.4, key: RandomKey(seed: 2)) },
        .each(batchAxis: nil) { dropout($0.cast(to: .float64), rate: 0.4, key: RandomKey(seed: 2)) },
      ],
    ]
  }
}
