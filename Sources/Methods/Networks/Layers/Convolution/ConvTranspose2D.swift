import Basics
import Tensors

/// The transpose of a convolution: spreads each pixel over a window, as to make images larger; then an activation (Zeiler
/// and others 2010).
///
/// Input [batch, rows, columns, inputs], output [batch, rows', columns', outputs]. The weight
/// [size rows, size columns, outputs / groups, inputs] begins by He before `relu`, `gelu` and `silu`, by Glorot otherwise; the bias
/// with zeros.
public struct ConvTranspose2D: Layer {
  /// [size rows, size columns, outputs / groups, inputs].
  public let weight: Parameter
  /// [outputs]; nil without bias.
  public let bias: Parameter?
  /// Stride, padding and groups.
  public let options: ConvolutionOptions
  /// Extra rows and columns behind the output.
  public let outputPadding: Int
  /// Applied to the result.
  public let activation: Activation

  /// A transposed convolution.
  ///
  /// - Parameters:
  ///   - inputs: Channels of the input.
  ///   - outputs: Channels of the output.
  ///   - size: The window's size.
  ///   - stride: The steps from pixel to pixel of the input, in the output; 1 unless given.
  ///   - padding: That of the convolution whose transpose this is; `.valid` unless given.
  ///   - outputPadding: Extra rows and columns behind, to choose among the sizes that a stride makes possible; 0 unless
  ///     given.
  ///   - groups: How many parts the channels fall into; 1 unless given.
  ///   - activation: `.identity` unless given.
  ///   - hasBias: Whether a bias is added; true unless set.
  ///   - initializer: Draws the weight; chosen by the activation unless given.
  ///   - key: Same key, same first weights.
  public init(
    _ inputs: Int, _ outputs: Int, size: WindowSize, stride: WindowSize = 1, padding: Padding = .valid,
    outputPadding: Int = 0, groups: Int = 1, activation: Activation = .identity, hasBias: Bool = true,
    initializer: Initializer? = nil, key: RandomKey
  ) {
    requireChannels("ConvTranspose2D", inputs, outputs, groups: groups)
    require(outputPadding >= 0, "ConvTranspose2D", "the output padding cannot be \(outputPadding)")
    let initializer = initializer ?? .usual(before: activation)
    weight = Parameter(
      initializer.tensor(
        [size.rows, size.columns, outputs / groups, inputs], fanIn: size.area * inputs / groups,
        fanOut: size.area * outputs / groups, key: key))
    bias = hasBias ? Parameter(.zeros([outputs])) : nil
    options = ConvolutionOptions(stride: stride, padding: padding, dilation: 1, groups: groups)
    self.outputPadding = outputPadding
    self.activation = activation
  }

  /// Computes [batch, rows', columns', outputs] from [batch, rows, columns, inputs].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    activation(
      convolutionTransposed(
        input, weight.value, bias: bias?.value, options: options, outputPadding: outputPadding))
  }
}
