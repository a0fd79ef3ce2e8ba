import Basics
import Tensors

/// Normalises each channel over the batch and all places, then scales and shifts it (Ioffe and Szegedy 2015), then applies
/// an activation in the same pass.
///
/// Input and output [..., channels]. In training mean and variance are those of the batch, and running statistics follow
/// them: running = momentum running + (1 - momentum) batch, with the variance of n - 1. Otherwise the running statistics
/// are used. The scale begins with ones, the shift with zeros, the running mean with 0 and the running variance with 1.
public struct BatchNorm: Layer {
  /// [channels].
  public let scale: Parameter
  /// [channels].
  public let shift: Parameter
  /// The running mean, not trainable: [channels].
  public let mean: Parameter
  /// The running variance, not trainable: [channels].
  public let variance: Parameter
  /// How much of the running statistics is kept at each step.
  public let momentum: Double
  /// Added to the variance.
  public let epsilon: Double
  /// Applied to the result.
  public let activation: Activation

  /// A layer.
  ///
  /// - Parameters:
  ///   - channels: The size of the last axis.
  ///   - activation: `.identity` unless given.
  ///   - momentum: At least 0 and below 1; 0.9 unless given.
  ///   - epsilon: Above 0; 1e-5 unless given.
  public init(_ channels: Int, activation: Activation = .identity, momentum: Double = 0.9, epsilon: Double = 1e-5) {
    requireNorm("BatchNorm", channels, epsilon)
    require(momentum >= 0 && momentum < 1, "BatchNorm", "the momentum must be at least 0 and below 1, not \(momentum)")
    scale = Parameter(.ones([channels]))
    shift = Parameter(.zeros([channels]))
    mean = Parameter(.zeros([channels]), isTrainable: false)
    variance = Parameter(.ones([channels]), isTrainable: false)
    self.momentum = momentum
    self.epsilon = epsilon
    self.activation = activation
  }

  /// Computes the same shape.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { forward(input, poolsByTwo: false, pass) }

  /// With max pooling in 2 x 2 windows in the same pass, where `Sequential` finds it next.
  func forward(_ input: Tensor, poolsByTwo: Bool, _ pass: Pass) -> Tensor {
    guard pass.isTraining else {
      return batchNorm(
        input, scale: scale.value, shift: shift.value, mean: mean.value, variance: variance.value, epsilon: epsilon,
        activation: activation, poolsByTwo: poolsByTwo)
    }
    let result = batchNorm(
      input, scale: scale.value, shift: shift.value, epsilon: epsilon, activation: activation, poolsByTwo: poolsByTwo)
    let count = Double(input.count / max(scale.shape[0], 1))
    let unbiased = count > 1 ? count / (count - 1) : 1
    mean.value = mean.value * momentum + result.mean.detached() * (1 - momentum)
    variance.value = variance.value * momentum + result.variance.detached() * ((1 - momentum) * unbiased)
    return result.output
  }
}

func requireNorm(_ layer: String, _ width: Int, _ epsilon: Double) {
  require(width > 0, layer, "the size must be positive, not \(width)")
  require(epsilon > 0, layer, "epsilon must be positive, not \(epsilon)")
}
