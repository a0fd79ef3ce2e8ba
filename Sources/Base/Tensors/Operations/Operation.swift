import Basics

/// A kind of computation on tensors with its settings: what a record, a backend and an export see.
///
/// A fused operation is one that could be written as several others; it says how in `composition`. That serves element
/// types for which there is no fused kernel, gradients of gradients, export to formats that lack it, and tests.
public protocol Operation: Sendable {
  /// The name that messages use: "matmul".
  var name: String { get }

  /// What the gradient rule reads; everything else is released as soon as nobody else needs it.
  var gradientReads: GradientReads { get }

  /// Whether the operation moves elements of any type without computing with them.
  var movesElements: Bool { get }

  /// Computes the outputs. Shapes and types that do not fit stop here, with the name and the shapes.
  ///
  /// - Parameter run: Takes what the gradient rule needs besides inputs and outputs.
  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor]

  /// The gradient with respect to each input, nil where there is none or nobody needs it.
  ///
  /// - Parameter upstream: The gradient with respect to each output, nil where nothing depends on it.
  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?]

  /// The same outputs by other operations, all of which have gradients of any order; nil for a basic operation.
  func composition(_ inputs: [Tensor]) -> [Tensor]?
}

extension Operation {
  /// Inputs, unless an operation says otherwise.
  public var gradientReads: GradientReads { .inputs }

  /// False, unless an operation says otherwise.
  public var movesElements: Bool { false }

  /// None: the operation is basic, unless it says otherwise.
  public func composition(_ inputs: [Tensor]) -> [Tensor]? { nil }

  /// No gradients, for operations on indices and truth values.
  public func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    Array(repeating: nil, count: call.inputs.count)
  }
}

/// What a gradient rule reads of the inputs and outputs.
public struct GradientReads: OptionSet, Sendable {
  /// The set as bits.
  public let rawValue: Int

  /// A set of these bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The values of the inputs.
  public static let inputs = GradientReads(rawValue: 1)
  /// The values of the outputs.
  public static let outputs = GradientReads(rawValue: 2)
  /// Nothing but shapes.
  public static let nothing: GradientReads = []
}

/// One run of an operation: whether it is recorded, and what it keeps for its gradient rule.
public struct OperationRun {
  /// Whether a gradient may be asked for; if not, nothing need be kept.
  public let isRecorded: Bool
  /// What was kept.
  public private(set) var kept: [Tensor] = []

  /// A run.
  public init(isRecorded: Bool) { self.isRecorded = isRecorded }

  /// Keeps tensors for the gradient rule, after those kept before.
  public mutating func keep(_ tensors: Tensor...) { if isRecorded { kept += tensors } }
}

/// What a gradient rule sees of the run that it belongs to.
public struct OperationCall {
  /// The inputs; with values if the operation reads them, tracked if the gradient itself will be differentiated.
  public let inputs: [Tensor]
  /// The outputs, with values if the operation reads them.
  public let outputs: [Tensor]
  /// What the run kept.
  public let kept: [Tensor]
  /// For each input, whether somebody needs its gradient.
  public let needs: [Bool]
  /// Whether the gradient itself will be differentiated: a rule that takes a shortcut around the record must not then.
  public let isDifferentiable: Bool

  /// The indices that an input holds: as they were checked and kept or, for a graph that takes others, on record.
  func indices(_ input: Int) -> Tensor { Recording.keepsAll ? inputs[input].cast(to: .int64) : kept[0] }

  init(inputs: [Tensor], outputs: [Tensor], kept: [Tensor], needs: [Bool], isDifferentiable: Bool) {
    self.inputs = inputs
    self.outputs = outputs
    self.kept = kept
    self.needs = needs
    self.isDifferentiable = isDifferentiable
  }
}

/// Where operations are computed.
///
/// The set of operations is all that a backend implements. `CPU` runs each operation's own code; another backend may take
/// the operations that it knows and leave the others to `CPU`.
public protocol Backend: Sendable {
  /// Computes the outputs of an operation.
  func run(_ operation: any Operation, _ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor]
}

/// The processor.
public struct CPU: Backend {
  /// The processor.
  public init() {}

  /// Runs the operation's own code.
  @inline(__always)
  public func run(_ operation: any Operation, _ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    operation.run(inputs, &run)
  }
}

/// The backend of the current task.
public enum Backends {
  /// The backend that computes; nil, as by default, means `CPU` without a detour.
  @TaskLocal public static var current: (any Backend)?
}

/// Applies an operation: every public function on tensors ends here.
///
/// Fused operations compute in float32 alone; for float64 their composition is applied instead. On bfloat16 operations
/// compute in float32 and round their outputs.
public func apply<Kind: Operation>(_ operation: Kind, _ inputs: [Tensor]) -> [Tensor] {
  if !operation.movesElements, let type = inputs.first(where: { $0.type.isFloatingPoint })?.type, type != .float32 {
    if type == .bfloat16 {
      let wide = inputs.map { $0.type == .bfloat16 ? $0.cast(to: .float32) : $0 }
      return apply(operation, wide).map { $0.type == .float32 ? $0.cast(to: .bfloat16) : $0 }
    }
    // A composition that reads values of its inputs would leave them out of an exported graph.
    if Recording.keepsAll, let outputs = (operation as? any ExportedOperation)?.exported(inputs) { return outputs }
    if let outputs = operation.composition(inputs) { return outputs }
  }
  let isRecorded = inputs.contains { $0.node != nil }
  var run = OperationRun(isRecorded: isRecorded)
  let outputs =
    Backends.current.map { $0.run(operation, inputs, &run) } ?? operation.run(inputs, &run)
  guard isRecorded else { return outputs }
  let node = Node(operation, inputs: inputs, outputs: outputs, kept: run.kept)
  return outputs.indices.map { outputs[$0].attached(to: node, output: $0) }
}

/// Applies an operation with one output.
public func apply<Kind: Operation>(one operation: Kind, _ inputs: Tensor...) -> Tensor {
  apply(operation, inputs)[0]
}
