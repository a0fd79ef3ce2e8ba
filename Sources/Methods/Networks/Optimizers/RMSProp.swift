import Basics
import Tensors

/// RMSProp: steps by the gradient over the root of the running mean of its square (Tieleman and Hinton 2012).
///
/// With gradient g (plus weight decay times the weight): s = smoothing s + (1 - smoothing) g^2 and
/// u = g / (sqrt(s) + epsilon); the weight falls by the learning rate times u, or with momentum times
/// v = momentum v + u.
public struct RMSProp: Optimizer {
  /// The step size.
  public var learningRate: Double
  /// How much of the mean of squares is kept.
  public let smoothing: Double
  /// The share of the last step that is kept.
  public let momentum: Double
  /// Keeps the quotient finite.
  public let epsilon: Double
  /// What each weight adds to its gradient, times the weight.
  public let weightDecay: Double
  /// Which parameters decay.
  public let decayed: DecayedParameters
  private var memory: OptimizerMemory

  /// RMSProp.
  ///
  /// - Parameters:
  ///   - learningRate: The step size; 0.001 unless given.
  ///   - smoothing: How much of the mean of squares is kept; 0.99 unless given.
  ///   - momentum: 0 or more, below 1; 0 unless given.
  ///   - epsilon: Above 0; 1e-8 unless given.
  ///   - weightDecay: 0 or more; 0 unless given.
  ///   - decayed: Which parameters decay; all unless given.
  public init(
    learningRate: Double = 0.001, smoothing: Double = 0.99, momentum: Double = 0, epsilon: Double = 1e-8,
    weightDecay: Double = 0, decayed: DecayedParameters = .all
  ) {
    requireSettings(
      "RMSProp", learningRate: learningRate, weightDecay: weightDecay,
      shares: [("smoothing", smoothing), ("momentum", momentum)])
    require(epsilon > 0, "RMSProp", "epsilon must be positive, not \(epsilon)")
    self.learningRate = learningRate
    self.smoothing = smoothing
    self.momentum = momentum
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decayed = decayed
    memory = OptimizerMemory(momentum > 0 ? ["square", "velocity"] : ["square"])
  }

  /// Takes one step.
  public mutating func update(_ parameters: [NamedParameter], with gradients: Gradients) {
    StepParts(memory.begin(parameters, gradients, for: "RMSProp")).forEach { step, range in
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
    guard let squares = part.first else { return }
    let (weights, gradients) = (part.parameter, part.gradient)
    let decay = Element(decayed.contains(step.parameter) ? weightDecay : 0)
    let (rate, factor, epsilon) = (Element(learningRate), Element(factor), Element(epsilon))
    let (kept, rest, momentum) = (Element(smoothing), Element(1 - smoothing), Element(momentum))
    for i in 0..<part.count {
      let g = factor * gradients[i] + decay * weights[i]
      let s = kept * squares[i] + rest * g * g
      squares[i] = s
      let u = g / (s.squareRoot() + epsilon)
      guard let velocity = part.second else {
        weights[i] -= rate * u
        continue
      }
      let v = momentum * velocity[i] + u
      velocity[i] = v
      weights[i] -= rate * v
    }
  }

  /// The means of squares, the velocities if there is momentum, and the numbers of steps.
  public var state: [String: Tensor] { memory.state }

  /// Goes on from a saved state; see `Optimizer` for what it takes and throws.
  public mutating func restore(_ state: [String: Tensor], for parameters: [NamedParameter]) throws {
    memory = try memory.restored(state, for: parameters)
  }
}
