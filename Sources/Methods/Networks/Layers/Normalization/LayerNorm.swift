import Basics
import Tensors

/// Normalises each vector along the last axis to mean 0 and variance 1, then scales and shifts it (Ba, Kiros and Hinton
/// 2016).
///
/// Input and output [..., width]. The gain begins with ones, the bias with zeros.
public struct LayerNorm: Layer {
  /// [width].
  public let gain: Parameter
  /// [width].
  public let bias: Parameter
  /// Added to the variance.
  public let epsilon: Double

  /// A layer.
  ///
  /// - Parameters:
  ///   - width: The size of the last axis.
  ///   - epsilon: Above 0; 1e-5 unless given.
  public init(_ width: Int, epsilon: Double = 1e-5) {
    requireNorm("LayerNorm", width, epsilon)
    gain = Parameter(.ones([width]))
    bias = Parameter(.zeros([width]))
    self.epsilon = epsilon
  }

  /// Computes the same shape.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    layerNorm(input, gain: gain.value, bias: bias.value, epsilon: epsilon)
  }

  /// The sum of both, and the sum normalised, in one pass.
  func adding(_ input: Tensor, _ change: Tensor) -> (sum: Tensor, normalized: Tensor) {
    addLayerNorm(input, change, gain: gain.value, bias: bias.value, epsilon: epsilon)
  }
}

/// Divides each vector along the last axis by the root of its mean square, then scales it (Zhang and Sennrich 2019).
///
/// Input and output [..., width]. The gain begins with ones.
public struct RMSNorm: Layer {
  /// [width].
  public let gain: Parameter
  /// Added to the mean square.
  public let epsilon: Double

  /// A layer.
  ///
  /// - Parameters:
  ///   - width: The size of the last axis.
  ///   - epsilon: Above 0; 1e-6 unless given.
  public init(_ width: Int, epsilon: Double = 1e-6) {
    requireNorm("RMSNorm", width, epsilon)
    gain = Parameter(.ones([width]))
    self.epsilon = epsilon
  }

  /// Computes the same shape.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { rmsNorm(input, gain: gain.value, epsilon: epsilon) }
}

/// Normalises groups of channels of each example over all places, then scales and shifts each channel (Wu and He 2018).
///
/// Input and output [batch, places ..., channels]. The gain begins with ones, the bias with zeros.
public struct GroupNorm: Layer {
  /// [channels].
  public let gain: Parameter
  /// [channels].
  public let bias: Parameter
  /// How many groups the channels fall into.
  public let groups: Int
  /// Added to the variance.
  public let epsilon: Double

  /// A layer.
  ///
  /// - Parameters:
  ///   - groups: A divisor of the channels; 1 normalises each example as a whole, as many as channels each channel by
  ///     itself.
  ///   - channels: The size of the last axis.
  ///   - epsilon: Above 0; 1e-5 unless given.
  public init(groups: Int, _ channels: Int, epsilon: Double = 1e-5) {
    requireNorm("GroupNorm", channels, epsilon)
    requireChannels("GroupNorm", channels, channels, groups: groups)
    gain = Parameter(.ones([channels]))
    bias = Parameter(.zeros([channels]))
    self.groups = groups
    self.epsilon = epsilon
  }

  /// Computes the same shape.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    groupNorm(input, groups: groups, gain: gain.value, bias: bias.value, epsilon: epsilon)
  }
}
