import Basics
import Synchronization
import Tensors

/// A tensor that belongs to a layer and changes: a weight that is trained, or a statistic that a layer keeps.
///
/// A reference: copies of a layer share its parameters. Inside `valueWithGradients(of:)` the values of the model's
/// trainable parameters are tracked, so that gradients flow to them; elsewhere they are plain tensors. While an optimiser
/// takes a step, no other task may use the parameters that it changes.
public final class Parameter: Sendable {
  private struct State {
    var content: OwnedTensor
    var isTrainable: Bool
  }

  private let state: Mutex<State>

  /// A parameter with a first value.
  ///
  /// - Parameter isTrainable: Whether gradients are computed for it; true unless set. A running statistic is not
  ///   trainable but is saved and loaded as weights are.
  public init(_ value: Tensor, isTrainable: Bool = true) {
    require(
      !isTrainable || value.type.isFloatingPoint, "Parameter", "a parameter of type \(value.type) cannot be trained")
    state = Mutex(State(content: OwnedTensor(value), isTrainable: isTrainable))
  }

  /// The current value.
  ///
  /// A new value must have the shape and the type of the old one; it is stored without its record. Setting it inside
  /// `valueWithGradients(of:)` does not change what that computation reads.
  public var value: Tensor {
    get { ParameterScope.values[ObjectIdentifier(self)] ?? stored }
    set {
      state.withLock { state in
        let (shape, type) = (state.content.shape, state.content.type)
        require(
          newValue.shape == shape && newValue.type == type, "Parameter",
          "a value of shape \(newValue.shape) and type \(newValue.type) cannot replace one of shape \(shape) and type"
            + " \(type)")
        state.content = OwnedTensor(newValue)
      }
    }
  }

  /// Whether gradients are computed for it. Setting it to false freezes the parameter.
  public var isTrainable: Bool {
    get { state.withLock { $0.isTrainable } }
    set { state.withLock { $0.isTrainable = newValue } }
  }

  /// The shape of the value.
  public var shape: [Int] { state.withLock { $0.content.shape } }

  /// The element type of the value.
  public var type: ElementType { state.withLock { $0.content.type } }

  /// Changes the element type of the value.
  public func cast(to type: ElementType) {
    state.withLock { state in
      require(
        !state.isTrainable || type.isFloatingPoint, "Parameter", "a parameter of type \(type) cannot be trained")
      state.content = OwnedTensor(state.content.tensor.cast(to: type))
    }
  }

  /// The value that is kept, whatever the scope says.
  var stored: Tensor { state.withLock { $0.content.tensor } }

  /// Memory of the value that may be written to; see `OwnedTensor.claim()`.
  func claim() -> Tensor { state.withLock { $0.content.claim() } }
}

/// Tensors that stand for parameters in the current task: tracked leaves while gradients are computed.
enum ParameterScope {
  @TaskLocal static var values: [ObjectIdentifier: Tensor] = [:]
}

/// Computes with other tensors in the place of parameters' values, which stay as they are.
///
/// Serves functions of the weights: recomputation, weights that are themselves results of operations.
///
/// - Parameters:
///   - tensors: A tensor of the parameter's shape for each parameter.
///   - body: What is computed with them.
public func withValues<Result>(
  of parameters: [NamedParameter], _ tensors: [Tensor], _ body: () throws -> Result
) rethrows -> Result {
  require(
    parameters.count == tensors.count, "withValues", "\(tensors.count) tensors for \(parameters.count) parameters")
  var values = ParameterScope.values
  for (named, tensor) in zip(parameters, tensors) {
    require(
      named.parameter.shape == tensor.shape, "withValues",
      "shape \(tensor.shape) for \(named.path) of shape \(named.parameter.shape)")
    values[ObjectIdentifier(named.parameter)] = tensor
  }
  return try ParameterScope.$values.withValue(values, operation: body)
}
