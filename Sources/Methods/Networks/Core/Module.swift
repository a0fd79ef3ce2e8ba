import Basics
import Tensors

/// Something with parameters: a layer, a model.
///
/// There is nothing to implement: parameters are found by looking through the stored properties, arrays, optionals,
/// dictionaries and nested values, each named by the path that leads to it, such as
/// "encoder.layers.0.attention.query.weight". A module is a structure or a final class; inside classes that are not
/// modules nothing is looked for.
public protocol Module: Sendable {}

/// A parameter with the path that leads to it from a model.
public struct NamedParameter: Sendable {
  /// The names of properties and the positions in arrays, joined by points.
  public let path: String
  /// The parameter.
  public let parameter: Parameter

  /// A parameter at a path.
  public init(path: String, parameter: Parameter) {
    self.path = path
    self.parameter = parameter
  }
}

extension Module {
  /// All parameters, in the order of the stored properties; one that is found at several paths is listed at the first.
  ///
  /// Looking takes some microseconds per layer: keep the list where it is needed at every step.
  public var parameters: [NamedParameter] {
    var reflection = Reflection()
    reflection.visit(self, at: "")
    return reflection.found
  }

  /// The number of elements of all trainable parameters.
  public var trainableCount: Int {
    parameters.reduce(0) { $0 + ($1.parameter.isTrainable ? $1.parameter.shape.reduce(1, *) : 0) }
  }

  /// The current values of all parameters by path.
  public var weights: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.path, $0.parameter.stored) })
  }

  /// Takes values of parameters by path; values of another floating-point type are converted.
  ///
  /// - Parameters:
  ///   - weights: What `weights` gave.
  ///   - isPartial: Whether paths may be absent on either side, as when a part of a model is reused; false unless set.
  /// - Returns: The paths that were loaded.
  /// - Throws: `AssayError` naming what is missing, superfluous or of another shape; nothing is changed then.
  @discardableResult
  public func load(_ weights: [String: Tensor], isPartial: Bool = false) throws -> [String] {
    let parameters = parameters
    let known = Set(parameters.map(\.path))
    let missing = parameters.map(\.path).filter { weights[$0] == nil }
    let extra = weights.keys.filter { !known.contains($0) }.sorted()
    if !isPartial, !missing.isEmpty || !extra.isEmpty {
      let parts = [("missing", missing), ("not in the model", extra)].filter { !$0.1.isEmpty }
      throw AssayError(
        .bundle,
        "the weights do not fit the model: " + parts.map { "\($0.0): \(listed($0.1))" }.joined(separator: "; "),
        remedy: "load them into a model made with the same settings")
    }
    var pairs: [(parameter: Parameter, path: String, value: Tensor)] = []
    for named in parameters {
      guard let value = weights[named.path] else { continue }
      let (shape, type) = (named.parameter.shape, named.parameter.type)
      guard value.shape == shape, value.type == type || (value.type.isFloatingPoint && type.isFloatingPoint) else {
        throw AssayError(
          .bundle,
          "the weights do not fit the model: \(value.type) of shape \(value.shape), not \(type) of shape"
            + " \(shape)", at: named.path, remedy: "load them into a model made with the same settings")
      }
      pairs.append((named.parameter, named.path, value.cast(to: type)))
    }
    for pair in pairs { pair.parameter.value = pair.value }
    return pairs.map(\.path)
  }

  /// Changes the element type of all floating-point parameters: float64 to check gradients, bfloat16 to store.
  public func cast(to type: ElementType) {
    for named in parameters where named.parameter.type.isFloatingPoint { named.parameter.cast(to: type) }
  }

  /// Freezes all parameters: no gradients are computed for them, and no optimiser changes them.
  ///
  /// Running statistics are left as they are, because they are not trainable by their nature: a parameter that a layer
  /// made untrainable cannot be told from one that was frozen, so frozen ones are remembered by whoever froze them.
  ///
  /// - Returns: The parameters that were trainable and now are not.
  @discardableResult
  public func freeze() -> [NamedParameter] {
    let trainable = parameters.filter(\.parameter.isTrainable)
    for named in trainable { named.parameter.isTrainable = false }
    return trainable
  }
}

/// Names for a message: the first ones, and how many there are.
func listed(_ names: [String]) -> String {
  names.prefix(6).joined(separator: ", ") + (names.count > 6 ? " and \(names.count - 6) more" : "")
}
