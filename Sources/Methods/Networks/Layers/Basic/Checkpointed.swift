import Tensors

/// A layer whose inner results are not kept for the gradients but computed again: less memory for more time (Chen and
/// others 2016).
///
/// Running statistics, as those of `BatchNorm`, take part twice in a step.
public struct Checkpointed: Layer {
  /// The layer.
  public let layer: any Layer

  /// A layer.
  public init(_ layer: any Layer) { self.layer = layer }

  /// Computes what the layer computes.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    let parameters = layer.parameters.filter(\.parameter.isTrainable)
    // The second run draws the same numbers as the first.
    let key = pass.isTraining ? pass.nextKey() : nil
    let layer = layer
    return checkpointed([input] + parameters.map(\.parameter.value)) { inputs in
      withValues(of: parameters, Array(inputs.dropFirst())) {
        [layer.forward(inputs[0], key.map { .training($0) } ?? .inference)]
      }
    }[0]
  }
}
