import Basics

extension Tensor {
  /// The same numbers as a leaf of a new record: gradients can be asked with respect to the result.
  public func tracked() -> Tensor {
    require(type.isFloatingPoint, "tracked", "there are no gradients of \(type)")
    // An export follows what a leaf comes from, but gradients in it end here.
    return node != nil && Recording.keepsAll ? apply(one: Identity(endsGradients: true), self) : attached(to: Node())
  }
}

/// The gradients of a scalar with respect to tensors that it was computed from.
///
/// - Parameters:
///   - value: A tracked tensor with one element.
///   - leaves: Tracked tensors, leaves or results of operations.
///   - isDifferentiable: Whether the gradients are recorded too, so that gradients of them can be asked for; false
///     unless set.
/// - Returns: A tensor of each leaf's shape, zeros where the value does not depend on it.
public func gradients(of value: Tensor, at leaves: [Tensor], isDifferentiable: Bool = false) -> [Tensor] {
  require(value.count == 1, "gradients", "the value has shape \(value.shape), not one element")
  let seed = Tensor(repeating: 1, shape: value.shape, type: value.type)
  return gradients(of: [value], seeds: [seed], at: leaves, isDifferentiable: isDifferentiable).enumerated().map {
    $1 ?? .zeros(leaves[$0].shape, type: leaves[$0].type)
  }
}

/// Reverse accumulation from several outputs with given gradients; nil where nothing depends on a leaf.
///
/// Records are visited from the latest to the earliest, so each is visited once, after everything that used it. Records
/// of the leaves are not entered.
///
/// - Parameter releases: Whether each record lets its data go once it was visited: a step of training then needs less
///   memory, and gradients can be asked for once.
package func gradients(
  of outputs: [Tensor], seeds: [Tensor?], at leaves: [Tensor], isDifferentiable: Bool, releases: Bool = false
) -> [Tensor?] {
  // A graph that is exported takes other inputs, so nothing that was computed from these must be left in it.
  let isDifferentiable = isDifferentiable || Recording.keepsAll
  var pending: [ObjectIdentifier: [Tensor?]] = [:]
  let order = recordedOrder(from: outputs, boundary: leaves, &pending)
  for (output, seed) in zip(outputs, seeds) {
    guard let node = output.node, let seed else { continue }
    accumulate(seed, into: &pending[ObjectIdentifier(node), default: []], at: output.outputIndex, isDifferentiable)
  }
  for node in order {
    guard let operation = node.operation, let upstream = pending.removeValue(forKey: ObjectIdentifier(node)),
      upstream.contains(where: { $0 != nil })
    else { continue }
    require(!node.isReleased, operation.name, "its record was released when gradients were computed the first time")
    let needs = node.inputs.map { input in input.node.map { pending[ObjectIdentifier($0)] != nil } ?? false }
    let results = inputGradients(operation, node, upstream, needs, isDifferentiable)
    for (input, gradient) in zip(node.inputs, results) {
      guard let source = input.node, let gradient, pending[ObjectIdentifier(source)] != nil else { continue }
      require(
        gradient.shape == input.shape, operation.name,
        "its gradient rule gave shape \(gradient.shape) for an input of shape \(input.shape)")
      accumulate(
        gradient, into: &pending[ObjectIdentifier(source), default: []], at: input.outputIndex, isDifferentiable)
    }
    if releases, !Recording.keepsAll { node.release() }
  }
  return leaves.map { leaf in
    guard let node = leaf.node, let slots = pending[ObjectIdentifier(node)], leaf.outputIndex < slots.count else {
      return nil
    }
    return slots[leaf.outputIndex]
  }
}

/// The records between the outputs and the leaves that lie on a path to a leaf, latest first; gives each of them, and each
/// leaf, an empty list in `pending`.
private func recordedOrder(
  from outputs: [Tensor], boundary leaves: [Tensor], _ pending: inout [ObjectIdentifier: [Tensor?]]
) -> [Node] {
  let boundary = Set(leaves.compactMap { $0.node.map(ObjectIdentifier.init) })
  var visited: Set<ObjectIdentifier> = []
  var nodes: [Node] = []
  var waiting = outputs.compactMap(\.node)
  while let node = waiting.popLast() {
    guard visited.insert(ObjectIdentifier(node)).inserted else { continue }
    nodes.append(node)
    if boundary.contains(ObjectIdentifier(node)) { continue }
    for input in node.inputs { if let source = input.node { waiting.append(source) } }
  }
  nodes.sort { $0.number > $1.number }
  for node in nodes.reversed() {
    let leads = node.inputs.contains { input in input.node.map { pending[ObjectIdentifier($0)] != nil } ?? false }
    if boundary.contains(ObjectIdentifier(node)) || leads { pending[ObjectIdentifier(node)] = [] }
  }
  return nodes.filter { !boundary.contains(ObjectIdentifier($0)) && pending[ObjectIdentifier($0)] != nil }
}

private func accumulate(
  _ gradient: Tensor, into slots: inout [Tensor?], at index: Int, _ isDifferentiable: Bool
) {
  while slots.count <= index { slots.append(nil) }
  guard let present = slots[index] else {
    slots[index] = gradient
    return
  }
  slots[index] = nil
  slots[index] = isDifferentiable ? present + gradient : Tensor.adding(present, gradient)
}

private func inputGradients(
  _ operation: any Operation, _ node: Node, _ upstream: [Tensor?], _ needs: [Bool], _ isDifferentiable: Bool
) -> [Tensor?] {
  guard isDifferentiable else {
    let call = OperationCall(
      inputs: node.inputs.map { $0.detached() }, outputs: node.outputs, kept: node.kept, needs: needs,
      isDifferentiable: false)
    return operation.gradients(upstream.map { $0?.detached() } + missing(upstream, node), call)
  }
  // The inputs become results of their own records, so that each is told from the others even if two are one tensor.
  let inputs = node.inputs.map { $0.node == nil ? $0 : apply(one: Identity(), $0) }
  let exported = Recording.keepsAll ? (operation as? any ExportedOperation)?.exported(inputs) : nil
  if let outputs = exported ?? operation.composition(inputs) {
    return gradients(of: outputs, seeds: upstream + missing(upstream, node), at: inputs, isDifferentiable: true)
  }
  let call = OperationCall(
    inputs: node.inputs, outputs: node.outputs.indices.map { node.outputs[$0].attached(to: node, output: $0) },
    kept: node.kept, needs: needs, isDifferentiable: true)
  return operation.gradients(upstream + missing(upstream, node), call)
}

/// Gradients of the outputs behind the last one that anything depends on.
private func missing(_ upstream: [Tensor?], _ node: Node) -> [Tensor?] {
  Array(repeating: nil, count: node.outputs.count - upstream.count)
}

/// An operation that changes nothing: a place in the record.
struct Identity: Operation {
  /// Whether gradients do not pass through.
  var endsGradients = false
  var name: String { "identity" }
  var gradientReads: GradientReads { .nothing }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] { [inputs[0].attached(to: nil)] }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] { endsGradients ? [nil] : upstream }
}

/// A value and its gradients with respect to given tensors.
///
/// - Parameters:
///   - tensors: Floating-point tensors.
///   - function: Computes a scalar from them.
/// - Returns: The scalar, detached, and the gradient for each tensor.
public func valueWithGradients(
  at tensors: [Tensor], _ function: ([Tensor]) throws -> Tensor
) rethrows -> (value: Tensor, gradients: [Tensor]) {
  let leaves = tensors.map { $0.isTracked ? apply(one: Identity(), $0) : $0.tracked() }
  let value = try function(leaves)
  let isDifferentiable = tensors.contains(where: \.isTracked)
  require(value.count == 1, "valueWithGradients", "the value has shape \(value.shape), not one element")
  let seed = Tensor(repeating: 1, shape: value.shape, type: value.type)
  let results = gradients(
    of: [value], seeds: [seed], at: leaves, isDifferentiable: isDifferentiable, releases: !isDifferentiable)
  let filled = zip(leaves, results).map { leaf, result in result ?? .zeros(leaf.shape, type: leaf.type) }
  return (isDifferentiable ? value : value.detached(), filled)
}
