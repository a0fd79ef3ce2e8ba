import Basics
import Networks
import Tensors

extension ONNXModel {
  /// Traces a computation on tensors and writes what it did as a graph.
  ///
  /// The computation runs on the given inputs, and once more with one row more where there is a batch: what differs
  /// depends on the batch. Where the two runs do not take the same operations, because a batch is as large as another
  /// axis, it runs with up to two larger batches. Everything that depends on the inputs must be computed by operations on
  /// tensors: a decision in Swift is written as it went for these inputs. Weights of `module` keep their paths as names,
  /// other constants are numbered.
  ///
  /// ```swift
  /// let model = try ONNXModel(tracing: [images], named: ["images"], of: network) { [network($0[0])] }
  /// try model.write(to: "network.onnx")
  /// ```
  ///
  /// Operators are of version 20, layouts are as in this library: [batch, height, width, channels].
  ///
  /// - Parameters:
  ///   - inputs: Examples, whose values do not matter as long as they are valid. With a batch they need a row or more.
  ///   - named: Their names in the graph.
  ///   - outputs: Names of what `body` returns; "output", "output_1", ... unless given.
  ///   - batchAxis: The axis of the inputs that has the batch, of any size in the graph; nil for fixed sizes throughout;
  ///     0 unless given. Inputs without that axis have fixed sizes.
  ///   - module: The model whose weights keep their names.
  ///   - body: What is to be written. Run it for inference: without dropout.
  /// - Throws: a `configuration` error naming the operation that ONNX operators cannot do, or what depends on the number
  ///   of rows in a way that a graph cannot; what `body` throws.
  public init(
    tracing inputs: [Tensor], named names: [String], outputs outputNames: [String]? = nil, batchAxis: Int? = 0,
    of module: (any Module)? = nil, _ body: ([Tensor]) throws -> [Tensor]
  ) throws {
    guard names.count == inputs.count, Set(names).count == names.count, !names.contains("") else {
      throw AssayError(.configuration, "\(names.count) names \(names) for \(inputs.count) inputs")
    }
    let axis = batchAxis
    func hasBatch(_ tensor: Tensor) -> Bool { axis.map { $0 >= 0 && $0 < tensor.rank } ?? false }
    let sizes = Set(inputs.filter(hasBatch).map { $0.shape[axis ?? 0] })
    guard sizes.count <= 1, sizes.first != 0 else {
      throw AssayError(.configuration, "the inputs have batches of \(sizes.sorted()) rows")
    }
    // A batch of one row would hide what is broadcast along it.
    var batch = max(2, sizes.first ?? 2)
    func resized(_ rows: Int) -> [Tensor] {
      inputs.map { hasBatch($0) ? rowsRepeated($0, axis ?? 0, rows) : $0 }
    }
    func traces() throws -> (Trace, Trace) {
      let first = try Trace(resized(batch), body)
      return (first, try sizes.isEmpty ? first : Trace(resized(batch + 1), body))
    }
    var (first, second) = try traces()
    // A batch as large as another axis can make an operation needless, such as a change to the shape that is there
    // already; then other batches tell what happens in general.
    for _ in 0..<2 where !first.hasOperations(of: second) {
      batch += 2
      (first, second) = try traces()
    }
    guard first.outputs.count == second.outputs.count else { throw Exporter.dependsOnBatch("the number of outputs") }

    let place = zip(names, inputs).first { hasBatch($1) }.map { (input: $0.0, axis: axis ?? 0) }
    let weights = module?.parameters.map { (path: $0.path, value: $0.parameter.value) } ?? []
    var exporter = Exporter(builder: GraphBuilder(parameters: weights), batch: batch, place: place)
    var leaves: [Int] = []
    for (index, name) in names.enumerated() {
      guard exporter.builder.take(name) else {
        throw AssayError(.configuration, "an input and a weight have the name \"\(name)\"")
      }
      let shape = zip(first.leaves[index].shape, second.leaves[index].shape).map { Dimension($0, $1, batch: batch) }
      let leaf = exporter.newValue(shape, inputs[index].type)
      exporter.set(leaf, name)
      exporter.builder.addInput(ONNXValue(name: name, kind: .init(inputs[index].type), shape: shape.map(\.size)))
      leaves.append(leaf)
    }
    let results = try exporter.write(first, second, leaves: leaves)
    let finals = outputNames ?? results.indices.map { $0 == 0 ? "output" : "output_\($0)" }
    guard finals.count == results.count else {
      throw AssayError(.configuration, "\(finals.count) names for \(results.count) outputs")
    }
    for (index, name) in zip(results, finals) {
      guard exporter.builder.take(name) else {
        throw AssayError(
          .configuration, "the name \"\(name)\" of an output is taken", remedy: "give names with outputs:")
      }
      _ = exporter.builder.add("Identity", [try exporter.name(index)], named: [name])
      let value = exporter.values[index]
      exporter.builder.addOutput(ONNXValue(name: name, kind: .init(value.type), shape: value.shape.map(\.size)))
    }
    exporter.builder.removeUnused()
    self.init()
    producer = "assay"
    operatorSets = ["": 20]
    graph = exporter.builder.graph
    graph.name = "assay"
  }
}

/// A tensor with `rows` rows along an axis, which repeat.
private func rowsRepeated(_ tensor: Tensor, _ axis: Int, _ rows: Int) -> Tensor {
  let count = tensor.shape[axis]
  if count == rows { return tensor }
  let places = (0..<rows).map { Int64($0 % count) }
  return tensor.detached().gathered(at: Tensor(places), axis: axis)
}
