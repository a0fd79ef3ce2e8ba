import Basics
import Tensors

/// A convolution over images, then an activation.
///
/// Input [batch, rows, columns, inputs], output [batch, rows', columns', outputs]. The weight
/// [size rows, size columns, inputs / groups, outputs] begins by He before `relu`, `gelu` and `silu`, by Glorot otherwise;
/// the bias with zeros.
public struct Conv2D: Layer {
  /// [size rows, size columns, inputs / groups, outputs].
  public let weight: Parameter
  /// [outputs]; nil without bias.
  public let bias: Parameter?
  /// Stride, padding, dilation and groups.
  public let options: ConvolutionOptions
  /// Applied to the result.
  public let activation: Activation

  /// A convolution.
  ///
  /// - Parameters:
  ///   - inputs: Channels of the input.
  ///   - outputs: Channels of the output.
  ///   - size: The window's size.
  ///   - stride: The window's steps; 1 unless given.
  ///   - padding: `.valid`, no padding, unless given.
  ///   - dilation: The steps within the window; 1 unless given.
  ///   - groups: How many parts the channels fall into, each convolved by itself; 1 unless given.
  ///   - activation: `.identity` unless given.
  ///   - hasBias: Whether a bias is added; true unless set. Before `BatchNorm` it is of no use.
  ///   - initializer: Draws the weight; chosen by the activation unless given.
  ///   - key: Same key, same first weights.
  public init(
    _ inputs: Int, _ outputs: Int, size: WindowSize, stride: WindowSize = 1, padding: Padding = .valid,
    dilation: WindowSize = 1, groups: Int = 1, activation: Activation = .identity, hasBias: Bool = true,
    initializer: Initializer? = nil, key: RandomKey
  ) {
    requireChannels("Conv2D", inputs, outputs, groups: groups)
    let initializer = initializer ?? .usual(before: activation)
    weight = Parameter(
      initializer.tensor(
        [size.rows, size.columns, inputs / groups, outputs], fanIn: size.area * inputs / groups,
        fanOut: size.area * outputs / groups, key: key))
    bias = hasBias ? Parameter(.zeros([outputs])) : nil
    options = ConvolutionOptions(stride: stride, padding: padding, dilation: dilation, groups: groups)
    self.activation = activation
  }

  /// Computes [batch, rows', columns', outputs] from [batch, rows, columns, inputs].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    convolution(input, weight.value, bias: bias?.value, options: options, activation: activation)
  }
}

/// A convolution of each channel by itself, then an activation; with a convolution of size 1 behind it a separable one
/// (Chollet 2017).
///
/// Input [batch, rows, columns, channels], output [batch, rows', columns', channels times multiplier]. The weight
/// [size rows, size columns, 1, channels times multiplier] begins by He before `relu`, `gelu` and `silu`, by Glorot
/// otherwise; the bias with zeros.
public struct DepthwiseConv2D: Layer {
  /// The convolution with a group for each channel.
  public let convolution: Conv2D

  /// A convolution.
  ///
  /// - Parameters:
  ///   - channels: Channels of the input.
  ///   - multiplier: Output channels for each of them; 1 unless given.
  ///   - size: The window's size.
  ///   - stride: The window's steps; 1 unless given.
  ///   - padding: `.valid`, no padding, unless given.
  ///   - dilation: The steps within the window; 1 unless given.
  ///   - activation: `.identity` unless given.
  ///   - hasBias: Whether a bias is added; true unless set.
  ///   - initializer: Draws the weight; chosen by the activation unless given.
  ///   - key: Same key, same first weights.
  public init(
    _ channels: Int, multiplier: Int = 1, size: WindowSize, stride: WindowSize = 1, padding: Padding = .valid,
    dilation: WindowSize = 1, activation: Activation = .identity, hasBias: Bool = true,
    initializer: Initializer? = nil, key: RandomKey
  ) {
    require(multiplier > 0, "DepthwiseConv2D", "the multiplier must be positive, not \(multiplier)")
    convolution = Conv2D(
      channels, channels * multiplier, size: size, stride: stride, padding: padding, dilation: dilation,
      groups: channels, activation: activation, hasBias: hasBias, initializer: initializer, key: key)
  }

  /// Computes [batch, rows', columns', channels times multiplier].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { convolution.forward(input, pass) }
}
