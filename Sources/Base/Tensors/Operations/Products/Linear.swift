import Basics
import Kernels

/// What follows a linear operation, element by element.
public enum Activation: String, Sendable, Codable, CaseIterable {
  /// Nothing.
  case identity
  /// `relu(_:)`
  case relu
  /// `gelu(_:)`
  case gelu
  /// `silu(_:)`
  case silu
  /// `tanh(_:)`
  case tanh
  /// `sigmoid(_:)`
  case sigmoid
  /// `softplus(_:)`
  case softplus

  /// The function, applied.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .identity: x
    case .relu: Tensors.relu(x)
    case .gelu: Tensors.gelu(x)
    case .silu: Tensors.silu(x)
    case .tanh: Tensors.tanh(x)
    case .sigmoid: Tensors.sigmoid(x)
    case .softplus: Tensors.softplus(x)
    }
  }
}

/// Rows times a matrix, plus a row, and a rectifier where wanted, in one pass.
package struct Linear: Operation {
  package let isRectified: Bool
  let precision: Precision
  package var name: String { "linear" }
  package var gradientReads: GradientReads { isRectified ? [.inputs, .outputs] : .inputs }

  /// Inputs: x [..., in], weight [in, out], bias [out].
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let (x, weight, bias) = (inputs[0], inputs[1], inputs[2])
    require(
      x.rank >= 1 && weight.rank == 2 && x.shape.last == weight.shape[0] && bias.shape == [weight.shape[1]], name,
      "shapes do not fit: x \(x.shape), weight \(weight.shape), bias \(bias.shape)")
    require(
      x.type == .float32 && weight.type == .float32 && bias.type == .float32, name,
      "types \(x.type), \(weight.type) and \(bias.type) are not all float32")
    let result = Tensor(uninitialized: Array(x.shape.dropLast()) + [weight.shape[1]], .float32, for: name)
    var product = MatrixProduct(
      rows: x.shape.dropLast().reduce(1, *), inner: weight.shape[0], columns: weight.shape[1])
    product.bias = UnsafePointer(bias.floats)
    product.isRectified = isRectified
    product.roundsToBFloat16 = precision == .bfloat16
    product.run(
      MatrixView(x.floats, width: product.inner), MatrixView(weight.floats, width: product.columns),
      into: result.floats, stride: product.columns)
    return [result]
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    let product = MatMul(transposesLeft: false, transposesRight: false, precision: precision)
    let x = inputs[0].rank == 1 ? inputs[0].reshaped(to: [1, -1]) : inputs[0]
    let sum = apply(one: product, x, inputs[1]) + inputs[2]
    let result = sum.reshaped(to: Array(inputs[0].shape.dropLast()) + [inputs[1].shape[1]])
    return [isRectified ? relu(result) : result]
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let upstream = upstream[0] else { return [nil, nil, nil] }
    let (x, weight) = (call.inputs[0], call.inputs[1])
    let (rows, columns) = (x.shape.dropLast().reduce(1, *), weight.shape[1])
    let output = isRectified ? call.outputs[0].reshaped(to: [rows, columns]) : nil
    let (g, bias) = FloatKernels.rectifiedGradient(
      upstream.reshaped(to: [rows, columns]), output: output, needsSums: call.needs[2])
    func product(_ x: Tensor, _ y: Tensor, left: Bool = false, right: Bool = false) -> Tensor {
      apply(one: MatMul(transposesLeft: left, transposesRight: right, precision: precision), x, y)
    }
    return [
      call.needs[0] ? product(g, weight, right: true).reshaped(to: x.shape) : nil,
      call.needs[1] ? product(x.reshaped(to: [rows, weight.shape[0]]), g, left: true) : nil,
      bias,
    ]
  }
}

/// A linear layer: x W + b, then an activation; bias and rectifier cost no pass of their own.
///
/// - Parameters:
///   - x: [..., in].
///   - weight: [in, out].
///   - bias: [out]; none unless given.
///   - activation: What follows; nothing unless given.
/// - Returns: [..., out].
public func linear(
  _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, activation: Activation = .identity
) -> Tensor {
  guard let bias else {
    let rows = x.rank == 1 ? x.reshaped(to: [1, -1]) : x
    return activation(matmul(rows, weight).reshaped(to: Array(x.shape.dropLast()) + [weight.shape[weight.rank - 1]]))
  }
  let isRectified = activation == .relu
  let result = apply(one: Linear(isRectified: isRectified, precision: Precision.current), x, weight, bias)
  return isRectified ? result : activation(result)
}
