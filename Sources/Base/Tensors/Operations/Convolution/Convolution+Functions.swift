import Basics

/// A convolution over images, channels last.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - weight: [kernel height, kernel width, channels / groups, out].
///   - bias: [out]; none unless given.
///   - options: Strides, padding, dilations, groups.
///   - activation: What follows; nothing unless given.
/// - Returns: [batch, out height, out width, out].
public func convolution(
  _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, options: ConvolutionOptions = ConvolutionOptions(),
  activation: Activation = .identity
) -> Tensor {
  require(
    x.rank == 4 && weight.rank == 4 && weight.shape[2] * options.groups == x.shape[3], "convolution",
    "shapes do not fit: x \(x.shape), weight \(weight.shape), \(options.groups) groups")
  let geometry = ConvolutionGeometry(
    input: x.shape, kernel: (weight.shape[0], weight.shape[1]), outChannels: weight.shape[3], options: options,
    "convolution")
  let isRectified = activation == .relu
  let operation = Convolution(geometry: geometry, isRectified: isRectified, precision: Precision.current)
  let result = apply(operation, [x, weight] + (bias.map { [$0] } ?? []))[0]
  return isRectified ? result : activation(result)
}

/// A convolution over sequences, channels last.
///
/// - Parameters:
///   - x: [batch, length, channels].
///   - weight: [kernel, channels / groups, out].
///   - bias: [out]; none unless given.
///   - options: Of strides and dilations those of the width count, of an explicit padding left and right.
///   - activation: What follows; nothing unless given.
/// - Returns: [batch, out length, out].
public func convolution1D(
  _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, options: ConvolutionOptions = ConvolutionOptions(),
  activation: Activation = .identity
) -> Tensor {
  require(
    x.rank == 3 && weight.rank == 3, "convolution1D", "shapes do not fit: x \(x.shape), weight \(weight.shape)")
  let result = convolution(
    x.reshaped(to: [x.shape[0], 1] + x.shape[1...]), weight.reshaped(to: [1] + weight.shape), bias: bias,
    options: options.alongWidth, activation: activation)
  return result.reshaped(to: [x.shape[0]] + result.shape[2...])
}

/// The transpose of a convolution, which makes images larger: each input pixel adds a kernel to the output.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - weight: [kernel height, kernel width, out / groups, channels]: the weight of the convolution from `out` channels
///     to `channels` that this transposes.
///   - bias: [out]; none unless given.
///   - options: Those of that convolution: stride s makes the image about s times as large.
///   - outputPadding: Extra rows and columns behind, to choose among the sizes that a stride makes possible; 0 unless
///     given.
/// - Returns: [batch, (height - 1) * stride - padding + dilated kernel + outputPadding, the same for width, out].
public func convolutionTransposed(
  _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, options: ConvolutionOptions = ConvolutionOptions(),
  outputPadding: Int = 0
) -> Tensor {
  let name = "convolutionTransposed"
  require(
    x.rank == 4 && weight.rank == 4 && weight.shape[3] == x.shape[3], name,
    "shapes do not fit: x \(x.shape), weight \(weight.shape)")
  func size(_ axis: Int, stride: Int, dilation: Int, padding: (Int, Int)) -> Int {
    (x.shape[axis] - 1) * stride + (weight.shape[axis - 1] - 1) * dilation + 1 - padding.0 - padding.1 + outputPadding
  }
  let (rows, columns): ((Int, Int), (Int, Int))
  switch options.padding {
  case .valid: (rows, columns) = ((0, 0), (0, 0))
  case .explicit(let top, let bottom, let left, let right): (rows, columns) = ((top, bottom), (left, right))
  case .same:
    func room(_ kernel: Int, _ stride: Int, _ dilation: Int) -> (Int, Int) {
      let total = max(0, (kernel - 1) * dilation + 1 - stride)
      return (total / 2, total - total / 2)
    }
    rows = room(weight.shape[0], options.strideHeight, options.dilationHeight)
    columns = room(weight.shape[1], options.strideWidth, options.dilationWidth)
  }
  var explicit = options
  explicit.padding = .explicit(top: rows.0, bottom: rows.1, left: columns.0, right: columns.1)
  let height = size(1, stride: options.strideHeight, dilation: options.dilationHeight, padding: rows)
  let width = size(2, stride: options.strideWidth, dilation: options.dilationWidth, padding: columns)
  require(height > 0 && width > 0, name, "x \(x.shape) and weight \(weight.shape) leave an empty image")
  let geometry = ConvolutionGeometry(
    input: [x.shape[0], height, width, weight.shape[2] * options.groups], kernel: (weight.shape[0], weight.shape[1]),
    outChannels: x.shape[3], options: explicit, name)
  require(geometry.outputShape == x.shape, name, "no convolution with \(options) gives shape \(x.shape)")
  let result = apply(one: ConvolutionInputGradient(geometry: geometry, precision: Precision.current), x, weight)
  return bias.map { result + $0 } ?? result
}

extension ConvolutionOptions {
  /// The same along an image of one row.
  package var alongWidth: ConvolutionOptions {
    var options = self
    options.strideHeight = 1
    options.dilationHeight = 1
    if case .explicit(_, _, let left, let right) = padding {
      options.padding = .explicit(top: 0, bottom: 0, left: left, right: right)
    }
    return options
  }
}
