import Basics
import Tensors

/// A rule that changes parameters by their gradients, with what it remembers from step to step.
///
/// Optimisers are values: a copy goes on by itself. Untrainable parameters and parameters without a gradient stay as they
/// are.
public protocol Optimizer: Sendable {
  /// The step size; schedules change it between steps.
  var learningRate: Double { get set }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - parameters: The model's parameters, kept from step to step.
  ///   - gradients: What `valueWithGradients(of:)` gave, perhaps clipped.
  mutating func update(_ parameters: [NamedParameter], with gradients: Gradients)

  /// What is remembered, by the names of slots and the paths of parameters: "firstMoment/layers.0.weight".
  ///
  /// The learning rate and the other settings are not part of it.
  var state: [String: Tensor] { get }

  /// Goes on from a saved state: the next steps are the same as if there had been no break.
  ///
  /// - Parameters:
  ///   - state: What `state` gave.
  ///   - parameters: The model's parameters.
  /// - Throws: `AssayError` where an entry has another shape, belongs to no parameter or to another kind of optimiser.
  mutating func restore(_ state: [String: Tensor], for parameters: [NamedParameter]) throws
}

extension Optimizer {
  /// Takes one step on a model's parameters.
  public mutating func update<Model: Module>(_ model: Model, with gradients: Gradients) {
    update(model.parameters, with: gradients)
  }
}

/// Which parameters weight decay pulls towards zero.
public enum DecayedParameters: String, Sendable, Codable, CaseIterable {
  /// All of them.
  case all
  /// Those with two axes or more: weights, but neither biases nor the gains of normalisation, as is usual for
  /// transformers.
  case matrices

  func contains(_ tensor: Tensor) -> Bool { self == .all || tensor.rank >= 2 }
}

/// Checks of settings that optimisers share.
func requireSettings(_ optimizer: String, learningRate: Double, weightDecay: Double, shares: [(String, Double)] = []) {
  require(learningRate >= 0 && learningRate.isFinite, optimizer, "the learning rate cannot be \(learningRate)")
  require(weightDecay >= 0 && weightDecay.isFinite, optimizer, "the weight decay cannot be \(weightDecay)")
  for (name, value) in shares {
    require(value >= 0 && value < 1, optimizer, "\(name) must be at least 0 and below 1, not \(value)")
  }
}
