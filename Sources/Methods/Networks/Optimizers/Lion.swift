import Basics
import Tensors

/// Lion: steps of one size in the direction of the sign of an interpolated momentum (Chen and others 2023).
///
/// With gradient g and momentum m: the weight is multiplied by 1 - learning rate times weight decay and falls by the
/// learning rate times sign(beta1 m + (1 - beta1) g); then m = beta2 m + (1 - beta2) g. The learning rate is usually a
/// third to a tenth of AdamW's, the weight decay as much larger.
public struct Lion: Optimizer {
  /// The step size.
  public var learningRate: Double
  /// How much of the momentum is in a step.
  public let beta1: Double
  /// How much of the momentum is kept.
  public let beta2: Double
  /// How much the weights shrink, times the learning rate.
  public let weightDecay: Double
  /// Which parameters decay.
  public let decayed: DecayedParameters
  private var memory = OptimizerMemory(["momentum"])

  /// Lion.
  ///
  /// - Parameters:
  ///   - learningRate: The step size; 0.0001 unless given.
  ///   - beta1: How much of the momentum is in a step; 0.9 unless given.
  ///   - beta2: How much of the momentum is kept; 0.99 unless given.
  ///   - weightDecay: 0 or more; 0 unless given.
  ///   - decayed: Which parameters decay; all unless given.
  public init(
    learningRate: Double = 0.0001, beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0,
    decayed: DecayedParameters = .all
  ) {
    requireSettings(
      "Lion", learningRate: learningRate, weightDecay: weightDecay, shares: [("beta1", beta1), ("beta2", beta2)])
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.weightDecay = weightDecay
    self.decayed = decayed
  }

  /// Takes one step.
  public mutating func update(_ parameters: [NamedParameter], with gradients: Gradients) {
    StepParts(memory.begin(parameters, gradients, for: "Lion")).forEach { step, range in
      if step.parameter.type == .float32 {
        move(step.pointers(Float.self, range), step, gradients.factor)
      } else {
        move(step.pointers(Double.self, range), step, gradients.factor)
      }
    }
  }

  @inline(__always)
  private func move<Element: BinaryFloatingPoint & TensorElement>(
    _ part: OptimizerMemory.Pointers<Element>, _ step: OptimizerMemory.Step, _ factor: Double
  ) {
    guard let momenta = part.first else { return }
    let (weights, gradients) = (part.parameter, part.gradient)
    let kept = Element(decayed.contains(step.parameter) ? 1 - learningRate * weightDecay : 1)
    let (rate, factor) = (Element(learningRate), Element(factor))
    let (beta1, rest1, beta2, rest2) = (Element(beta1), Element(1 - beta1), Element(beta2), Element(1 - beta2))
    for i in 0..<part.count {
      let g = factor * gradients[i]
      let c = beta1 * momenta[i] + rest1 * g
      momenta[i] = beta2 * momenta[i] + rest2 * g
      weights[i] = kept * weights[i] - (c > 0 ? rate : c < 0 ? -rate : 0 * c)
    }
  }

  /// The momenta and the numbers of steps.
  public var state: [String: Tensor] { memory.state }

  /// Goes on from a saved state; see `Optimizer` for what it takes and throws.
  public mutating func restore(_ state: [String: Tensor], for parameters: [NamedParameter]) throws {
    memory = try memory.restored(state, for: parameters)
  }
}
