import Basics

/// A model of the ONNX format (Open Neural Network Exchange): a graph of operators with its weights.
///
/// Read one with `init(contentsOf:)` and run it as an `ImportedModel`; make one from a computation on tensors with
/// `init(tracing:...)` and write it with `write(to:)`.
public struct ONNXModel: Sendable {
  /// The version of the file format; 9 unless read from a file.
  public var irVersion = 9
  /// The version of the operators of each domain; "" is ONNX's own.
  public var operatorSets: [String: Int] = [:]
  /// What wrote the file.
  public var producer = ""
  /// The graph.
  public var graph = ONNXGraph()
  /// Where the model was read from: for messages, and for weights that lie in files beside it. Empty if from memory.
  public internal(set) var path = ""

  /// An empty model.
  public init() {}

  /// Reads a file.
  ///
  /// - Throws: a `file` error if it cannot be read, a `format` error with the place if it is no ONNX model.
  public init(contentsOf path: String) throws {
    do {
      try self.init(bytes: FileAccess.read(path))
    } catch let error as AssayError where error.kind == .format {
      throw AssayError(
        error.kind, error.problem, at: error.place.isEmpty ? path : "\(path), \(error.place)", remedy: error.remedy)
    }
    self.path = path
  }

  /// Reads the bytes of a file.
  ///
  /// - Throws: a `format` error with the place if they are no ONNX model.
  public init(bytes: [UInt8]) throws {
    try self.init(ProtobufReader(bytes[...]))
    guard irVersion > 0, !graph.nodes.isEmpty || !graph.outputs.isEmpty else {
      throw AssayError(.format, "this is no ONNX model: it has no graph", remedy: "name a file that ends in .onnx")
    }
  }

  /// The bytes of a file of this model.
  ///
  /// - Throws: a `data` error above 2 GiB, which is as much as the format can hold.
  public func bytes() throws -> [UInt8] {
    var writer = ProtobufWriter()
    try write(to: &writer)
    guard writer.bytes.count < 1 << 31 else {
      throw AssayError(
        .data, "an ONNX file cannot hold \(writer.bytes.count) bytes", remedy: "export parts of the model")
    }
    return writer.bytes
  }

  /// Writes a file, complete or not at all.
  ///
  /// - Throws: a `file` error; a `data` error above 2 GiB.
  public func write(to path: String) throws { try AtomicFile.write(bytes(), to: path) }
}

extension ONNXModel: ONNXMessage {
  mutating func read(_ field: ProtobufField) throws {
    switch field.number {
    case 1: irVersion = try field.integer()
    case 2: producer = try field.text()
    case 7: graph = try field.message()
    case 8:
      let set: ONNXOperatorSet = try field.message()
      operatorSets[set.domain == "ai.onnx" ? "" : set.domain] = set.version
    default: break
    }
  }

  func write(to writer: inout ProtobufWriter) throws {
    writer.integer(1, irVersion)
    writer.text(2, producer)
    try writer.message(7, graph)
    for (domain, version) in operatorSets.sorted(by: { $0.key < $1.key }) {
      try writer.message(8, ONNXOperatorSet(domain: domain, version: version))
    }
  }
}

/// The version of the operators of a domain.
struct ONNXOperatorSet: ONNXMessage {
  var domain = ""
  var version = 0

  init() {}

  init(domain: String, version: Int) {
    self.domain = domain
    self.version = version
  }

  mutating func read(_ field: ProtobufField) throws {
    switch field.number {
    case 1: domain = try field.text()
    case 2: version = try field.integer()
    default: break
    }
  }

  func write(to writer: inout ProtobufWriter) {
    writer.text(1, domain, always: true)
    writer.integer(2, version)
  }
}
