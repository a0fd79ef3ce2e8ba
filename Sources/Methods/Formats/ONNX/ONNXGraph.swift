/// The operators of a model in an order in which they can be computed, and the weights.
public struct ONNXGraph: Sendable {
  /// The name.
  public var name = ""
  /// The operators; each uses results of earlier ones.
  public var nodes: [ONNXNode] = []
  /// The weights, by name.
  public var initializers: [ONNXTensor] = []
  /// What must be given, and, in older files, the weights once more.
  public var inputs: [ONNXValue] = []
  /// What is computed.
  public var outputs: [ONNXValue] = []

  /// An empty graph.
  public init() {}
}

extension ONNXGraph: ONNXMessage {
  mutating func read(_ field: ProtobufField) throws {
    switch field.number {
    case 1: nodes.append(try field.message())
    case 2: name = try field.text()
    case 5: initializers.append(try field.message())
    case 11: inputs.append(try field.message())
    case 12: outputs.append(try field.message())
    default: break
    }
  }

  func write(to writer: inout ProtobufWriter) throws {
    for node in nodes { try writer.message(1, node) }
    writer.text(2, name)
    for tensor in initializers { try writer.message(5, tensor) }
    for value in inputs { try writer.message(11, value) }
    for value in outputs { try writer.message(12, value) }
  }
}

/// One operator of a graph.
public struct ONNXNode: Sendable {
  /// The name; may be empty.
  public var name = ""
  /// The operator: "Conv".
  public var kind = ""
  /// Where the operator is defined; "" is ONNX itself.
  public var domain = ""
  /// The names of the values that it takes; an empty name stands for an optional input that is not given.
  public var inputs: [String] = []
  /// The names of its results; an empty name stands for one that nobody needs.
  public var outputs: [String] = []
  /// The settings, by name.
  public var attributes: [String: ONNXAttribute] = [:]

  /// An empty node.
  public init() {}
}

extension ONNXNode: ONNXMessage {
  mutating func read(_ field: ProtobufField) throws {
    switch field.number {
    case 1: inputs.append(try field.text())
    case 2: outputs.append(try field.text())
    case 3: name = try field.text()
    case 4: kind = try field.text()
    case 5:
      let attribute: ONNXNamedAttribute = try field.message()
      attributes[attribute.name] = attribute.value
    case 7:
      let text = try field.text()
      domain = text == "ai.onnx" ? "" : text
    default: break
    }
  }

  func write(to writer: inout ProtobufWriter) throws {
    for input in inputs { writer.text(1, input, always: true) }
    for output in outputs { writer.text(2, output, always: true) }
    writer.text(3, name)
    writer.text(4, kind)
    for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
      try writer.message(5, ONNXNamedAttribute(name: name, value: value))
    }
    writer.text(7, domain)
  }
}

/// A value that goes into a graph or comes out of it.
public struct ONNXValue: Sendable {
  /// A size of an axis.
  public enum Size: Sendable, Hashable {
    /// The same for every run.
    case fixed(Int)
    /// Chosen at each run; sizes of one name are equal.
    case named(String)
  }

  /// The name.
  public var name = ""
  /// The number of the element type: `ONNXTensor.Kind`.
  public var kind = 0
  /// The sizes of the axes, outermost first; nil if even the number of axes is open.
  public var shape: [Size]?

  /// A value without a name.
  public init() {}

  /// A value with a name, an element type, and sizes of its axes where their number is known.
  public init(name: String, kind: ONNXTensor.Kind, shape: [Size]?) {
    self.name = name
    self.kind = kind.rawValue
    self.shape = shape
  }
}
