import Basics
import Tensors

/// An activation as a layer of its own; layers that take an `activation:` need none.
public struct Activate: Layer {
  /// The activation.
  public let activation: Activation

  /// A layer.
  public init(_ activation: Activation) { self.activation = activation }

  /// Applies the activation to each element.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { activation(input) }
}

/// x where it is positive, `slope` x elsewhere.
public struct LeakyReLU: Layer {
  /// The slope below 0.
  public let slope: Double

  /// A layer; the slope is 0.01 unless given.
  public init(slope: Double = 0.01) { self.slope = slope }

  /// Applies the function to each element.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { leakyRelu(input, slope: slope) }
}

/// x where it is positive, `scale` (e^x - 1) elsewhere (Clevert, Unterthiner and Hochreiter 2016).
public struct ELU: Layer {
  /// What the function tends to far below 0, with the sign turned.
  public let scale: Double

  /// A layer; the scale is 1 unless given.
  public init(scale: Double = 1) { self.scale = scale }

  /// Applies the function to each element.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { elu(input, scale: scale) }
}

/// x where it is positive, a slope that is learned times x elsewhere (He and others 2015).
public struct PReLU: Layer {
  /// The slopes below 0: [channels].
  public let slope: Parameter

  /// A layer.
  ///
  /// - Parameters:
  ///   - channels: The size of the last axis; 1, as by default, for one slope for all.
  ///   - slope: What the slopes begin with; 0.25 unless given.
  public init(_ channels: Int = 1, slope: Double = 0.25) {
    require(channels > 0, "PReLU", "there must be a channel or more, not \(channels)")
    self.slope = Parameter(Tensor(repeating: slope, shape: [channels]))
  }

  /// Applies the function to each element of [..., channels].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    relu(input) - slope.value * relu(-input)
  }
}

/// The softmax along the last axis. Losses take logits: a model that is trained with `crossEntropy` ends without it.
public struct Softmax: Layer {
  /// A layer.
  public init() {}

  /// Computes the softmax.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { softmax(input) }
}

/// In training sets each element to 0 with a probability and scales up the others, so that the mean stays (Srivastava and
/// others 2014); otherwise changes nothing.
public struct Dropout: Layer {
  /// The probability of 0.
  public let rate: Double

  /// A layer; the rate is at least 0 and below 1.
  public init(_ rate: Double) {
    requireRate(rate, "Dropout")
    self.rate = rate
  }

  /// Computes the same shape.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { dropped(input, rate, pass) }
}

func requireRate(_ rate: Double, _ layer: String) {
  require(rate >= 0 && rate < 1, layer, "the rate of dropout must be at least 0 and below 1, not \(rate)")
}

func dropped(_ input: Tensor, _ rate: Double, _ pass: Pass) -> Tensor {
  pass.isTraining && rate > 0 ? dropout(input, rate: rate, key: pass.nextKey()) : input
}
