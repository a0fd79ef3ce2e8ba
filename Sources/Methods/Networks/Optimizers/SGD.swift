import Basics
import CKernels
import Tensors

/// Stochastic gradient descent, with momentum if wished.
///
/// With gradient g (plus weight decay times the weight): v = momentum v + g, and the weight falls by the learning rate
/// times v, or times g + momentum v for Nesterov's momentum (Sutskever and others 2013). The first v is the first g.
public struct SGD: Optimizer {
  /// The step size.
  public var learningRate: Double
  /// The share of the last step that is kept.
  public let momentum: Double
  /// Whether the gradient is taken ahead, after Nesterov.
  public let isNesterov: Bool
  /// What each weight adds to its gradient, times the weight.
  public let weightDecay: Double
  /// Which parameters decay.
  public let decayed: DecayedParameters
  private var memory: OptimizerMemory

  /// Gradient descent.
  ///
  /// - Parameters:
  ///   - learningRate: The step size; 0.01 unless given.
  ///   - momentum: 0 or more, below 1; 0 unless given, 0.9 is usual.
  ///   - isNesterov: Nesterov's momentum; false unless set.
  ///   - weightDecay: 0 or more; 0 unless given.
  ///   - decayed: Which parameters decay; all unless given.
  public init(
    learningRate: Double = 0.01, momentum: Double = 0, isNesterov: Bool = false, weightDecay: Double = 0,
    decayed: DecayedParameters = .all
  ) {
    requireSettings("SGD", learningRate: learningRate, weightDecay: weightDecay, shares: [("momentum", momentum)])
    require(!isNesterov || momentum > 0, "SGD", "Nesterov's momentum needs a momentum above 0")
    self.learningRate = learningRate
    self.momentum = momentum
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
    self.decayed = decayed
    memory = OptimizerMemory(momentum > 0 ? ["velocity"] : [])
  }

  /// Takes one step.
  public mutating func update(_ parameters: [NamedParameter], with gradients: Gradients) {
    let factor = gradients.factor
    StepParts(memory.begin(parameters, gradients, for: "SGD")).forEach { step, range in
      let decay = decayed.contains(step.parameter) ? weightDecay : 0
      if step.parameter.type == .float32 {
        let part = step.pointers(Float.self, range)
        assay_sgd_step(
          part.parameter, part.gradient, part.first, part.count, learningRate, momentum, isNesterov ? 1 : 0, decay,
          factor)
      } else {
        move(step.pointers(Double.self, range), decay, factor)
      }
    }
  }

  private func move(_ part: OptimizerMemory.Pointers<Double>, _ decay: Double, _ factor: Double) {
    let (weights, gradients) = (part.parameter, part.gradient)
    guard let velocity = part.first else {
      for i in 0..<part.count { weights[i] -= learningRate * (factor * gradients[i] + decay * weights[i]) }
      return
    }
    let (ahead, kept): (Double, Double) = isNesterov ? (1, momentum) : (0, 1)
    for i in 0..<part.count {
      let g = factor * gradients[i] + decay * weights[i]
      velocity[i] = momentum * velocity[i] + g
      weights[i] -= learningRate * (ahead * g + kept * velocity[i])
    }
  }

  /// The velocities, if there is momentum, and the numbers of steps.
  public var state: [String: Tensor] { memory.state }

  /// Goes on from a saved state; see `Optimizer` for what it takes and throws.
  public mutating func restore(_ state: [String: Tensor], for parameters: [NamedParameter]) throws {
    memory = try memory.restored(state, for: parameters)
  }
}
