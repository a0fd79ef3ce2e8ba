import CKernels
import Kernels

/// The float32 kernels behind functions of single elements.
enum FloatKernels {
  private typealias Map = (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
  private typealias Slope = (UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int, Float) ->
    Void

  static func unary(
    _ kind: Unary.Kind, _ x: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let map = map(kind)
    forEachPart(of: count, grain: 16_384, multiple: 64) {
      map(x + $0.lowerBound, result + $0.lowerBound, $0.count)
    }
  }

  private static func map(_ kind: Unary.Kind) -> Map {
    switch kind {
    case .negate: assay_map_negate
    case .absolute: assay_map_absolute
    case .sign: assay_map_sign
    case .square: assay_map_square
    case .squareRoot: assay_map_sqrt
    case .reciprocal: assay_map_reciprocal
    case .exp: assay_map_exp
    case .log: assay_map_log
    case .log1p: assay_map_log1p
    case .sin: assay_map_sin
    case .cos: assay_map_cos
    case .tanh: assay_map_tanh
    case .sigmoid: assay_map_sigmoid
    case .erf: assay_map_erf
    case .relu: assay_map_relu
    case .gelu: assay_map_gelu
    case .silu: assay_map_silu
    case .softplus: assay_map_softplus
    case .leakyRelu(let slope): { assay_map_leaky_relu($0, $1, $2, Float(slope)) }
    case .elu(let scale): { assay_map_elu($0, $1, $2, Float(scale)) }
    case .floor: { rounded($0, $1, $2, .down) }
    case .ceiling: { rounded($0, $1, $2, .up) }
    case .round: { rounded($0, $1, $2, .toNearestOrEven) }
    }
  }

  private static func rounded(
    _ x: UnsafePointer<Float>?, _ result: UnsafeMutablePointer<Float>?, _ count: Int, _ rule: FloatingPointRoundingRule
  ) {
    guard let x, let result else { return }
    for i in 0..<count { result[i] = x[i].rounded(rule) }
  }

  /// dz = slope dy in one pass; false where there is no kernel for it.
  static func unaryGradient(
    _ kind: Unary.Kind, _ read: UnsafePointer<Float>, _ upstream: UnsafePointer<Float>,
    _ result: UnsafeMutablePointer<Float>, _ count: Int
  ) -> Bool {
    let slope: Slope
    var parameter: Float = 0
    switch kind {
    case .relu: slope = assay_relu_backward
    case .tanh: slope = assay_tanh_backward
    case .sigmoid: slope = assay_sigmoid_backward
    case .softplus: slope = assay_softplus_backward
    case .gelu: slope = assay_gelu_backward
    case .silu: slope = assay_silu_backward
    case .leakyRelu(let share) where share >= 0: (slope, parameter) = (assay_leaky_relu_backward, Float(share))
    case .elu(let scale) where scale >= 0: (slope, parameter) = (assay_elu_backward, Float(scale))
    case .exp: slope = { x, g, result, count, _ in assay_multiply_vv(x, g, result, count) }
    default: return false
    }
    forEachPart(of: count, grain: 16_384, multiple: 64) {
      slope(read + $0.lowerBound, upstream + $0.lowerBound, result + $0.lowerBound, $0.count, parameter)
    }
    return true
  }

  /// The gradient before a rectifier whose output is given (or the gradient itself), and its sums over rows: [rows, n]
  /// and [n].
  static func rectifiedGradient(
    _ upstream: Tensor, output: Tensor?, needsSums: Bool
  ) -> (gradient: Tensor, sums: Tensor?) {
    guard let output else { return (upstream, needsSums ? upstream.sum(axes: [0]) : nil) }
    guard needsSums else { return (Tensors.apply(one: UnaryGradient(kind: .relu), output, upstream), nil) }
    let (rows, columns) = (upstream.shape[0], upstream.shape[1])
    let gradient = Tensor(uninitialized: upstream.shape, .float32, for: "relu")
    let grain = max(16, 32_768 / max(columns, 1))
    let parts = max(1, (rows + grain - 1) / grain)
    let partial = Tensor.zeros([parts, columns])
    forEachTask(parts) { part in
      let start = part * grain
      assay_relu_backward_sums(
        output.floats + start * columns, upstream.floats + start * columns, gradient.floats + start * columns,
        min(grain, rows - start), columns, partial.floats + part * columns)
    }
    return (gradient, parts == 1 ? partial.viewed(as: [columns]) : partial.sum(axes: [0]))
  }
}
