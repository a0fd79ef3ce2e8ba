import Basics
import Tensors

/// Adagrad: steps by the gradient over the root of the sum of its squares so far (Duchi, Hazan and Singer 2011); for
/// sparse gradients.
///
/// With gradient g (plus weight decay times the weight): s = s + g^2, and the weight falls by the learning rate times
/// g / (sqrt(s) + epsilon).
public struct Adagrad: Optimizer {
  /// The step size.
  public var learningRate: Double
  /// Keeps the quotient finite.
  public let epsilon: Double
  /// What each weight adds to its gradient, times the weight.
  public let weightDecay: Double
  /// Which parameters decay.
  public let decayed: DecayedParameters
  private var memory = OptimizerMemory(["squareSum"])

  /// Adagrad.
  ///
  /// - Parameters:
  ///   - learningRate: The step size; 0.01 unless given.
  ///   - epsilon: Above 0; 1e-10 unless given.
  ///   - weightDecay: 0 or more; 0 unless given.
  ///   - decayed: Which parameters decay; all unless given.
  public init(
    learningRate: Double = 0.01, epsilon: Double = 1e-10, weightDecay: Double = 0, decayed: DecayedParameters = .all
  ) {
    requireSettings("Adagrad", learningRate: learningRate, weightDecay: weightDecay)
    require(epsilon > 0, "Adagrad", "epsilon must be positive, not \(epsilon)")
    self.learningRate = learningRate
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decayed = decayed
  }

  /// Takes one step.
  public mutating func update(_ parameters: [NamedParameter], with gradients: Gradients) {
    StepParts(memory.begin(parameters, gradients, for: "Adagrad")).forEach { step, range in
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
    guard let sums = part.first else { return }
    let (weights, gradients) = (part.parameter, part.gradient)
    let decay = Element(decayed.contains(step.parameter) ? weightDecay : 0)
    let (rate, factor, epsilon) = (Element(learningRate), Element(factor), Element(epsilon))
    for i in 0..<part.count {
      let g = factor * gradients[i] + decay * weights[i]
      let s = sums[i] + g * g
      sums[i] = s
      weights[i] -= rate * g / (s.squareRoot() + epsilon)
    }
  }

  /// The sums of squares and the numbers of steps.
  public var state: [String: Tensor] { memory.state }

  /// Goes on from a saved state; see `Optimizer` for what it takes and throws.
  public mutating func restore(_ state: [String: Tensor], for parameters: [NamedParameter]) throws {
    memory = try memory.restored(state, for: parameters)
  }
}
