import Synchronization

/// The record of one operation on tracked tensors: an edge list that points to earlier records.
///
/// The same records serve gradients and export: what a gradient does not read is released, unless `Recording.keepsAll`.
package final class Node: @unchecked Sendable {
  /// The operation; nil for a leaf, whose gradient somebody wants.
  package let operation: (any Operation)?
  /// The inputs; without data where the gradient rule does not read them.
  package private(set) var inputs: [Tensor]
  /// The outputs, without records (they would hold this node, which holds them).
  package private(set) var outputs: [Tensor]
  package private(set) var kept: [Tensor]
  /// Whether the data are gone because gradients were computed.
  package private(set) var isReleased = false
  /// Later records have higher numbers.
  package let number: UInt64

  private static let counter = Atomic<UInt64>(0)

  init(_ operation: any Operation, inputs: [Tensor], outputs: [Tensor], kept: [Tensor]) {
    let reads = operation.gradientReads
    let keepsAll = Recording.keepsAll
    self.operation = operation
    self.inputs = reads.contains(.inputs) || keepsAll ? inputs : inputs.map(\.withoutData)
    self.outputs = reads.contains(.outputs) ? outputs : outputs.map(\.withoutData)
    self.kept = kept
    number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
  }

  /// A leaf.
  package init() {
    operation = nil
    inputs = []
    outputs = []
    kept = []
    number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
  }

  /// Lets the data go, once the gradients that need them are known.
  func release() {
    isReleased = true
    kept = []
    inputs = inputs.map(\.withoutData)
    outputs = outputs.map(\.withoutData)
  }

  /// Releases a long chain of records one by one: left to itself, the release would nest as deep as the chain is long.
  deinit {
    var waiting = inputs.compactMap(\.node)
    inputs = []
    while var node = waiting.popLast() {
      if isKnownUniquelyReferenced(&node) {
        waiting += node.inputs.compactMap(\.node)
        node.inputs = []
      }
    }
  }
}

/// What records hold.
package enum Recording {
  /// Whether records keep the data of all inputs, and `detached()` does not end them, as an export of the graph needs.
  @TaskLocal package static var keepsAll = false
}
