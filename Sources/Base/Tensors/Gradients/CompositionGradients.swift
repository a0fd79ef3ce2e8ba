extension Operation {
  /// The gradients of the composition: what a fused operation without a backward kernel for a case returns.
  ///
  /// Runs the composition again on inputs that are tracked where their gradient is needed, so the operation must read
  /// its inputs.
  func gradientsOfComposition(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    rerun(upstream, call) { composition($0) ?? [] }
  }
}

/// The gradients of a function that is computed again for them, off the record that the call belongs to.
func rerun(_ upstream: [Tensor?], _ call: OperationCall, _ function: ([Tensor]) -> [Tensor]) -> [Tensor?] {
  let inputs = call.inputs.indices.map { index -> Tensor in
    let input = call.inputs[index].detached()
    return call.needs[index] ? input.tracked() : input
  }
  let needed = call.needs.indices.filter { call.needs[$0] }
  let outputs = function(inputs)
  let found = gradients(
    of: outputs, seeds: upstream, at: needed.map { inputs[$0] }, isDifferentiable: false, releases: true)
  var results: [Tensor?] = Array(repeating: nil, count: call.inputs.count)
  for (index, gradient) in zip(needed, found) { results[index] = gradient }
  return results
}
