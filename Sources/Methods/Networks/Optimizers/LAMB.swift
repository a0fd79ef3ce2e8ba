import Basics
import Tensors

/// LAMB: Adam's step of each parameter made as long as a share of the parameter's norm, for large batches (You and others
/// 2020).
///
/// With Adam's moments m and v after t steps: r = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) plus weight
/// decay times the weight; the parameter falls by the learning rate times |w| / |r| times r, where the quotient of norms
/// is over the whole parameter, and 1 where either is 0.
public struct LAMB: Optimizer {
  /// The step size.
  public var learningRate: Double
  /// How much of the mean of gradients is kept.
  public let beta1: Double
  /// How much of the mean of squares is kept.
  public let beta2: Double
  /// Keeps the quotient finite.
  public let epsilon: Double
  /// What each weight adds to its step, times the weight.
  public let weightDecay: Double
  /// Which parameters decay.
  public let decayed: DecayedParameters
  private var memory = OptimizerMemory(["firstMoment", "secondMoment"])

  /// LAMB.
  ///
  /// - Parameters:
  ///   - learningRate: The step size; 0.001 unless given.
  ///   - beta1: How much of the mean of gradients is kept; 0.9 unless given.
  ///   - beta2: How much of the mean of squares is kept; 0.999 unless given.
  ///   - epsilon: Above 0; 1e-6 unless given.
  ///   - weightDecay: 0 or more; 0.01 unless given.
  ///   - decayed: Which parameters decay; matrices unless given.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6,
    weightDecay: Double = 0.01, decayed: DecayedParameters = .matrices
  ) {
    requireSettings(
      "LAMB", learningRate: learningRate, weightDecay: weightDecay, shares: [("beta1", beta1), ("beta2", beta2)])
    require(epsilon > 0, "LAMB", "epsilon must be positive, not \(epsilon)")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decayed = decayed
  }

  /// Takes one step.
  public mutating func update(_ parameters: [NamedParameter], with gradients: Gradients) {
    let parts = StepParts(memory.begin(parameters, gradients, for: "LAMB"))
    let sums = parts.sums { step, range in
      step.parameter.type == .float32
        ? observe(step.pointers(Float.self, range), step, gradients.factor)
        : observe(step.pointers(Double.self, range), step, gradients.factor)
    }
    let rates = sums.map { weights, changes in
      learningRate * (weights > 0 && changes > 0 ? (weights / changes).squareRoot() : 1)
    }
    parts.forEach { step, place, range in
      if step.parameter.type == .float32 {
        move(step.pointers(Float.self, range), step, rates[place])
      } else {
        move(step.pointers(Double.self, range), step, rates[place])
      }
    }
  }

  /// Updates the moments; the sums of squares of weights and changes.
  @inline(__always)
  private func observe<Element: BinaryFloatingPoint & TensorElement>(
    _ part: OptimizerMemory.Pointers<Element>, _ step: OptimizerMemory.Step, _ factor: Double
  ) -> (Double, Double) {
    guard let means = part.first, let squares = part.second else { return (0, 0) }
    let (beta1, rest1, beta2, rest2) = (Element(beta1), Element(1 - beta1), Element(beta2), Element(1 - beta2))
    let factor = Element(factor)
    let gradients = part.gradient
    for i in 0..<part.count {
      let g = factor * gradients[i]
      means[i] = beta1 * means[i] + rest1 * g
      squares[i] = beta2 * squares[i] + rest2 * g * g
    }
    let change = change(Element.self, step)
    var sums = (0.0, 0.0)
    for i in 0..<part.count {
      let (w, r) = (Double(part.parameter[i]), Double(change(part.parameter[i], means[i], squares[i])))
      sums.0 += w * w
      sums.1 += r * r
    }
    return sums
  }

  @inline(__always)
  private func move<Element: BinaryFloatingPoint & TensorElement>(
    _ part: OptimizerMemory.Pointers<Element>, _ step: OptimizerMemory.Step, _ rate: Double
  ) {
    guard let means = part.first, let squares = part.second else { return }
    let (weights, rate, change) = (part.parameter, Element(rate), change(Element.self, step))
    for i in 0..<part.count { weights[i] -= rate * change(weights[i], means[i], squares[i]) }
  }

  /// The change of a weight with its moments, before the learning rate and the norms.
  @inline(__always)
  private func change<Element: BinaryFloatingPoint>(
    _ type: Element.Type, _ step: OptimizerMemory.Step
  ) -> (Element, Element, Element) -> Element {
    let decay = Element(decayed.contains(step.parameter) ? weightDecay : 0)
    let scale = Element(1 / (1 - power(beta1, step.number)))
    let correction = Element(1 / (1 - power(beta2, step.number)).squareRoot())
    let epsilon = Element(epsilon)
    return { weight, mean, square in
      scale * mean / (square.squareRoot() * correction + epsilon) + decay * weight
    }
  }

  /// The moments and the numbers of steps.
  public var state: [String: Tensor] { memory.state }

  /// Goes on from a saved state; see `Optimizer` for what it takes and throws.
  public mutating func restore(_ state: [String: Tensor], for parameters: [NamedParameter]) throws {
    memory = try memory.restored(state, for: parameters)
  }
}
