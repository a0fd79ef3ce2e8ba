import Basics
import CKernels
import Tensors

/// Adam: steps by the running mean of the gradients over the root of the running mean of their squares (Kingma and Ba
/// 2015).
///
/// With gradient g (plus weight decay times the weight): m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, and
/// after t steps the weight falls by the learning rate times m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon).
public struct Adam: Optimizer {
  /// The step size.
  public var learningRate: Double {
    get { rule.learningRate }
    set { rule.learningRate = newValue }
  }
  private var rule: AdamRule

  /// Adam.
  ///
  /// - Parameters:
  ///   - learningRate: The step size; 0.001 unless given.
  ///   - beta1: How much of the mean of gradients is kept; 0.9 unless given.
  ///   - beta2: How much of the mean of squares is kept; 0.999 unless given.
  ///   - epsilon: Above 0; 1e-8 unless given.
  ///   - weightDecay: Added to gradients, times the weight; 0 unless given. `AdamW` decays by itself.
  ///   - decayed: Which parameters decay; all unless given.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0, decayed: DecayedParameters = .all
  ) {
    rule = AdamRule(
      "Adam", learningRate, beta1, beta2, epsilon, weightDecay, decayed, isDecoupled: false)
  }

  /// Takes one step.
  public mutating func update(_ parameters: [NamedParameter], with gradients: Gradients) {
    rule.update(parameters, with: gradients)
  }

  /// The moments and the numbers of steps.
  public var state: [String: Tensor] { rule.memory.state }

  /// Goes on from a saved state; see `Optimizer` for what it takes and throws.
  public mutating func restore(_ state: [String: Tensor], for parameters: [NamedParameter]) throws {
    rule.memory = try rule.memory.restored(state, for: parameters)
  }
}

/// Adam with decoupled weight decay: each step first multiplies the weights by 1 - learning rate times weight decay
/// (Loshchilov and Hutter 2019).
public struct AdamW: Optimizer {
  /// The step size.
  public var learningRate: Double {
    get { rule.learningRate }
    set { rule.learningRate = newValue }
  }
  private var rule: AdamRule

  /// Adam with decoupled weight decay.
  ///
  /// - Parameters:
  ///   - learningRate: The step size; 0.001 unless given.
  ///   - beta1: How much of the mean of gradients is kept; 0.9 unless given.
  ///   - beta2: How much of the mean of squares is kept; 0.999 unless given.
  ///   - epsilon: Above 0; 1e-8 unless given.
  ///   - weightDecay: 0 or more; 0.01 unless given.
  ///   - decayed: Which parameters decay; all unless given.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0.01, decayed: DecayedParameters = .all
  ) {
    rule = AdamRule(
      "AdamW", learningRate, beta1, beta2, epsilon, weightDecay, decayed, isDecoupled: true)
  }

  /// Takes one step.
  public mutating func update(_ parameters: [NamedParameter], with gradients: Gradients) {
    rule.update(parameters, with: gradients)
  }

  /// The moments and the numbers of steps.
  public var state: [String: Tensor] { rule.memory.state }

  /// Goes on from a saved state; see `Optimizer` for what it takes and throws.
  public mutating func restore(_ state: [String: Tensor], for parameters: [NamedParameter]) throws {
    rule.memory = try rule.memory.restored(state, for: parameters)
  }
}

/// What Adam and AdamW have in common.
struct AdamRule: Sendable {
  let name: String
  var learningRate: Double
  let beta1: Double
  let beta2: Double
  let epsilon: Double
  let weightDecay: Double
  let decayed: DecayedParameters
  let isDecoupled: Bool
  var memory = OptimizerMemory(["firstMoment", "secondMoment"])

  init(
    _ name: String, _ learningRate: Double, _ beta1: Double, _ beta2: Double, _ epsilon: Double,
    _ weightDecay: Double, _ decayed: DecayedParameters, isDecoupled: Bool
  ) {
    requireSettings(
      name, learningRate: learningRate, weightDecay: weightDecay, shares: [("beta1", beta1), ("beta2", beta2)])
    require(epsilon > 0, name, "epsilon must be positive, not \(epsilon)")
    self.name = name
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decayed = decayed
    self.isDecoupled = isDecoupled
  }

  mutating func update(_ parameters: [NamedParameter], with gradients: Gradients) {
    let factor = gradients.factor
    StepParts(memory.begin(parameters, gradients, for: name)).forEach { step, range in
      let corrections = (1 - power(beta1, step.number), 1 - power(beta2, step.number))
      let decay = decayed.contains(step.parameter) ? weightDecay : 0
      if step.parameter.type == .float32 {
        let part = step.pointers(Float.self, range)
        assay_adam_step(
          part.parameter, part.gradient, part.first, part.second, part.count, learningRate, beta1, beta2, epsilon,
          corrections.0, corrections.1, decay, isDecoupled ? 1 : 0, factor)
      } else {
        move(step.pointers(Double.self, range), corrections, decay, factor)
      }
    }
  }

  private func move(
    _ part: OptimizerMemory.Pointers<Double>, _ corrections: (Double, Double), _ decay: Double, _ factor: Double
  ) {
    guard let means = part.first, let squares = part.second else { return }
    let (weights, gradients) = (part.parameter, part.gradient)
    let (coupled, kept) = isDecoupled ? (0, 1 - learningRate * decay) : (decay, 1)
    for i in 0..<part.count {
      let g = factor * gradients[i] + coupled * weights[i]
      means[i] = beta1 * means[i] + (1 - beta1) * g
      squares[i] = beta2 * squares[i] + (1 - beta2) * g * g
      let root = (squares[i] / corrections.1).squareRoot()
      weights[i] = kept * weights[i] - learningRate / corrections.0 * means[i] / (root + epsilon)
    }
  }
}

/// A power with a whole exponent.
func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, factor, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= factor }
    factor *= factor
    rest >>= 1
  }
  return result
}
