import Basics
import Tensors

/// A loss and its gradients with respect to a model's trainable parameters.
///
/// Gradients of gradients: inside another call the same parameters stand for the same tensors, and value and gradients
/// are themselves tracked.
///
/// - Parameters:
///   - model: The model whose parameters are meant.
///   - loss: Computes a tensor with one element by running the model.
/// - Returns: The loss, and a gradient for each parameter that it depends on.
public func valueWithGradients<Model: Module>(
  of model: Model, _ loss: () throws -> Tensor
) rethrows -> (value: Tensor, gradients: Gradients) {
  try valueWithGradients(of: model.parameters, loss)
}

/// A loss and its gradients with respect to the trainable ones of some parameters.
///
/// - Parameters:
///   - parameters: Usually `model.parameters`, kept from step to step.
///   - loss: Computes a tensor with one element by running the model.
/// - Returns: The loss, and a gradient for each parameter that it depends on.
public func valueWithGradients(
  of parameters: [NamedParameter], _ loss: () throws -> Tensor
) rethrows -> (value: Tensor, gradients: Gradients) {
  var values = ParameterScope.values
  // Inside another computation of gradients somebody may ask for gradients of these.
  let isDifferentiable = values.contains { $1.isTracked }
  let trainable = parameters.filter(\.parameter.isTrainable)
  let leaves = trainable.map { named -> Tensor in
    let id = ObjectIdentifier(named.parameter)
    let leaf = values[id].flatMap { $0.isTracked ? $0 : nil } ?? named.parameter.value.tracked()
    values[id] = leaf
    return leaf
  }
  return try ParameterScope.$values.withValue(values) {
    let value = try loss()
    require(value.count == 1, "valueWithGradients", "the loss has shape \(value.shape), not one element")
    let seed = Tensor(repeating: 1, shape: value.shape, type: value.type)
    let results = Tensors.gradients(
      of: [value], seeds: [seed], at: leaves, isDifferentiable: isDifferentiable, releases: !isDifferentiable)
    let pairs = zip(trainable, results).compactMap { named, gradient in gradient.map { (named, $0) } }
    return (isDifferentiable ? value : value.detached(), Gradients(pairs.map(\.0), pairs.map(\.1)))
  }
}
