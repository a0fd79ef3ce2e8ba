import Basics
import Tensors

/// The gradients of a loss with respect to parameters.
///
/// A common factor is kept apart, so that scaling and clipping by the norm cost nothing; optimisers apply it as they go.
public struct Gradients: Sendable {
  /// The parameters that the loss depends on.
  public let parameters: [NamedParameter]
  /// The gradients before the factor, one per parameter.
  let tensors: [Tensor]
  /// What every gradient is multiplied by.
  let factor: Double
  private let positions: [ObjectIdentifier: Int]

  init(_ parameters: [NamedParameter], _ tensors: [Tensor], factor: Double = 1) {
    self.parameters = parameters
    self.tensors = tensors
    self.factor = factor
    positions = Dictionary(
      parameters.indices.map { (ObjectIdentifier(parameters[$0].parameter), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  private init(_ other: Gradients, factor: Double) {
    parameters = other.parameters
    tensors = other.tensors
    positions = other.positions
    self.factor = factor
  }

  /// The gradient for a parameter; nil where the loss does not depend on it.
  public subscript(parameter: Parameter) -> Tensor? {
    positions[ObjectIdentifier(parameter)].map { factor == 1 ? tensors[$0] : tensors[$0] * factor }
  }

  /// The gradient for the parameter at a path; nil where the loss does not depend on it.
  public subscript(path: String) -> Tensor? {
    parameters.first { $0.path == path }.flatMap { self[$0.parameter] }
  }

  /// The gradient before the factor.
  func unscaled(_ parameter: Parameter) -> Tensor? { positions[ObjectIdentifier(parameter)].map { tensors[$0] } }

  /// The Euclidean norm over all elements of all gradients.
  public var norm: Double {
    abs(factor) * tensors.reduce(0) { $0 + $1.sumOfSquares }.squareRoot()
  }

  /// Whether all elements are finite.
  public var isFinite: Bool { norm.isFinite || tensors.allSatisfy { maximumSize($0).isFinite } }

  /// All gradients times a number.
  public func scaled(by factor: Double) -> Gradients { Gradients(self, factor: self.factor * factor) }

  /// Scaled down so that the norm over all elements is at most `norm` (Pascanu, Mikolov and Bengio 2013).
  ///
  /// Gradients that are not finite cannot be scaled down: ask `isFinite` where that can happen.
  public func clipped(norm limit: Double) -> Gradients {
    require(limit > 0, "clipped", "the norm must be positive, not \(limit)")
    let norm = norm
    return norm > limit ? scaled(by: limit / norm) : self
  }

  /// Each element moved into -limit ... limit.
  public func clipped(value limit: Double) -> Gradients {
    require(limit > 0, "clipped", "the limit must be positive, not \(limit)")
    let clipped = tensors.map { maximum(minimum(factor == 1 ? $0 : $0 * factor, limit), -limit) }
    return Gradients(parameters, clipped)
  }

  /// The sum, for gradients accumulated over several batches; a parameter that is in one of them counts as zero in the
  /// other.
  public static func + (a: Gradients, b: Gradients) -> Gradients {
    var parameters = a.parameters
    var tensors = a.parameters.map { named -> Tensor in
      let own = a[named.parameter] ?? .zeros(named.parameter.shape, type: named.parameter.type)
      return b[named.parameter].map { own + $0 } ?? own
    }
    for named in b.parameters where a.positions[ObjectIdentifier(named.parameter)] == nil {
      guard let tensor = b[named.parameter] else { continue }
      parameters.append(named)
      tensors.append(tensor)
    }
    return Gradients(parameters, tensors)
  }

  private func maximumSize(_ tensor: Tensor) -> Double {
    tensor.doubles.reduce(0) { $1.isNaN ? .infinity : max($0, abs($1)) }
  }
}
