import Basics
import Tensors

/// A convolution along sequences, then an activation.
///
/// Input [batch, length, inputs], output [batch, length', outputs]. The weight [size, inputs / groups, outputs] begins by
/// He before `relu`, `gelu` and `silu`, by Glorot otherwise; the bias with zeros.
public struct Conv1D: Layer {
  /// [size, inputs / groups, outputs].
  public let weight: Parameter
  /// [outputs]; nil without bias.
  public let bias: Parameter?
  /// Stride, padding, dilation and groups.
  public let options: ConvolutionOptions
  /// Whether an output sees only what is not later.
  public let isCausal: Bool
  /// Applied to the result.
  public let activation: Activation

  /// A convolution.
  ///
  /// - Parameters:
  ///   - inputs: Channels of the input.
  ///   - outputs: Channels of the output.
  ///   - size: The window's length.
  ///   - stride: The window's step; 1 unless given.
  ///   - padding: `.valid`, no padding, unless given.
  ///   - dilation: The step within the window; 1 unless given.
  ///   - groups: How many parts the channels fall into, each convolved by itself; 1 unless given.
  ///   - isCausal: Whether zeros are put before the sequence, so that outputs see only what is not later, as many as
  ///     there are inputs at stride 1; false unless set, and only with padding `.valid`.
  ///   - activation: `.identity` unless given.
  ///   - hasBias: Whether a bias is added; true unless set.
  ///   - initializer: Draws the weight; chosen by the activation unless given.
  ///   - key: Same key, same first weights.
  public init(
    _ inputs: Int, _ outputs: Int, size: Int, stride: Int = 1, padding: Padding = .valid, dilation: Int = 1,
    groups: Int = 1, isCausal: Bool = false, activation: Activation = .identity, hasBias: Bool = true,
    initializer: Initializer? = nil, key: RandomKey
  ) {
    requireChannels("Conv1D", inputs, outputs, groups: groups)
    require(
      size > 0 && stride > 0 && dilation > 0, "Conv1D",
      "size, stride and dilation must be positive, not \(size), \(stride) and \(dilation)")
    require(!isCausal || padding == .valid, "Conv1D", "a causal convolution chooses its padding")
    let initializer = initializer ?? .usual(before: activation)
    weight = Parameter(
      initializer.tensor(
        [size, inputs / groups, outputs], fanIn: size * inputs / groups, fanOut: size * outputs / groups, key: key))
    bias = hasBias ? Parameter(.zeros([outputs])) : nil
    options = ConvolutionOptions(stride: stride, padding: padding, dilation: dilation, groups: groups)
    self.isCausal = isCausal
    self.activation = activation
  }

  /// Computes [batch, length', outputs] from [batch, length, inputs].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    let before = isCausal ? (weight.shape[0] - 1) * options.dilationWidth : 0
    let padded = before > 0 ? input.padded([(0, 0), (before, 0), (0, 0)]) : input
    return convolution1D(padded, weight.value, bias: bias?.value, options: options, activation: activation)
  }
}
