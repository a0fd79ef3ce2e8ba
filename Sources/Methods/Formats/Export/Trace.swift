import Basics
import Tensors

/// The operations that led from tracked inputs to outputs, in the order in which they were run.
struct Trace {
  /// Where a tensor comes from.
  enum Source {
    /// An input, by its position.
    case leaf(Int)
    /// A result of an operation.
    case result(step: Int, output: Int)
    /// It does not depend on the inputs.
    case constant(Tensor)
  }

  /// One operation.
  struct Step {
    let operation: any Operation
    let inputs: [Tensor]
    let sources: [Source]
    /// The outputs, of which only shape and type count.
    let outputs: [Tensor]
  }

  private(set) var steps: [Step] = []
  private(set) var outputs: [Tensor] = []
  private(set) var outputSources: [Source] = []
  let leaves: [Tensor]

  /// Runs a computation on tracked copies of the inputs, with records that keep all data.
  init(_ inputs: [Tensor], _ body: ([Tensor]) throws -> [Tensor]) rethrows {
    leaves = inputs.map { $0.detached().attached(to: Node()) }
    outputs = try Recording.$keepsAll.withValue(true) { try body(leaves) }
    var places: [ObjectIdentifier: Source] = [:]
    for (position, leaf) in leaves.enumerated() {
      if let node = leaf.node { places[ObjectIdentifier(node)] = .leaf(position) }
    }
    for node in nodes(in: outputs, leaves: Set(places.keys)) {
      guard let operation = node.operation else { continue }
      let sources = node.inputs.map { Self.source($0, places) }
      let isConstant = sources.allSatisfy { if case .constant = $0 { true } else { false } }
      if isConstant { continue }
      places[ObjectIdentifier(node)] = .result(step: steps.count, output: 0)
      steps.append(Step(operation: operation, inputs: node.inputs, sources: sources, outputs: node.outputs))
    }
    outputSources = outputs.map { Self.source($0, places) }
  }

  /// Whether another trace has the same operations in the same order.
  func hasOperations(of other: Trace) -> Bool {
    steps.map(\.operation.name) == other.steps.map(\.operation.name)
  }

  private static func source(_ tensor: Tensor, _ places: [ObjectIdentifier: Source]) -> Source {
    guard let node = tensor.node, let place = places[ObjectIdentifier(node)] else {
      return .constant(tensor.detached())
    }
    if case .result(let step, _) = place { return .result(step: step, output: tensor.outputIndex) }
    return place
  }

  /// All records behind tensors, earliest first.
  private func nodes(in tensors: [Tensor], leaves: Set<ObjectIdentifier>) -> [Node] {
    var seen = leaves
    var found: [Node] = []
    var waiting = tensors.compactMap(\.node)
    while let node = waiting.popLast() {
      guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
      found.append(node)
      waiting += node.inputs.compactMap(\.node)
    }
    return found.sorted { $0.number < $1.number }
  }
}

/// A size that may depend on the batch: `fixed + perBatch * batch`.
struct Dimension: Hashable {
  let fixed: Int
  let perBatch: Int

  /// A size that is always the same.
  init(_ fixed: Int) {
    self.fixed = fixed
    perBatch = 0
  }

  /// A size that was `first` for a batch of `batch` rows and `second` for one row more.
  init(_ first: Int, _ second: Int, batch: Int) {
    perBatch = second - first
    fixed = first - perBatch * batch
  }

  private init(fixed: Int, perBatch: Int) {
    self.fixed = fixed
    self.perBatch = perBatch
  }

  static func - (a: Dimension, b: Dimension) -> Dimension {
    Dimension(fixed: a.fixed - b.fixed, perBatch: a.perBatch - b.perBatch)
  }

  var isFixed: Bool { perBatch == 0 }

  /// As a size in a file.
  var size: ONNXValue.Size {
    if isFixed { return .fixed(fixed) }
    let product = perBatch == 1 ? "batch" : "\(perBatch)*batch"
    return .named(fixed == 0 ? product : "\(product)\(fixed < 0 ? "" : "+")\(fixed)")
  }
}
