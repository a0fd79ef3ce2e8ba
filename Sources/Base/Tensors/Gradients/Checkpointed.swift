import Basics

/// A function of tensors that leaves no record of its inside: for gradients it is computed again.
package struct Checkpointed: Operation {
  let function: @Sendable ([Tensor]) -> [Tensor]
  /// What the function computed with the first time, and so computes with again.
  let precision: Precision
  package var name: String { "checkpointed" }
  /// The function sees its inputs in their own types; the operations inside choose for themselves.
  package var movesElements: Bool { true }

  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let outputs = function(inputs.map { $0.detached() })
    require(
      !outputs.contains(where: \.isTracked), name,
      "the function uses tracked tensors that are not among its inputs (of shapes \(inputs.map(\.shape))); pass them in"
    )
    return outputs
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    Precision.$current.withValue(precision) { function(inputs) }
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    gradientsOfComposition(upstream, call)
  }
}

/// Computes a function without keeping what its gradients need, and computes it again for them: less memory for one more
/// forward pass (Chen, Xu, Zhang and Guestrin 2016, "Training deep nets with sublinear memory cost").
///
/// - Parameters:
///   - inputs: Everything that gradients should flow to. The function may use other tensors as constants only; tracked
///     ones are a mistake that stops the program.
///   - function: Gives the same numbers each time that it is called: dropout inside draws with a fixed key.
/// - Returns: What the function returns.
public func checkpointed(
  _ inputs: [Tensor], _ function: @escaping @Sendable ([Tensor]) -> [Tensor]
) -> [Tensor] {
  guard inputs.contains(where: \.isTracked), !Recording.keepsAll else { return function(inputs) }
  return apply(Checkpointed(function: function, precision: Precision.current), inputs)
}
