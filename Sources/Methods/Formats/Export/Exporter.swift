import Basics
import Tensors

/// Writes traced operations as a graph of ONNX operators.
///
/// A computation is traced with two sizes of the batch. Both traces must have the same operations; where a size differs,
/// it depends on the batch, and is computed in the graph from the shape of an input.
///
/// Convolutions of ONNX have channels behind the batch, ours have them last. A value remembers its names in both layouts;
/// the other one is made when an operator asks for it, so that what lies between convolutions is computed without
/// transpositions.
struct Exporter {
  /// A value in the graph.
  struct Value {
    let shape: [Dimension]
    let type: ElementType
    /// The numbers for both batches, if they do not depend on the inputs.
    var constant: (first: Tensor, second: Tensor)?
    /// The name in our layout.
    var name: String?
    /// The name with channels in axis 1.
    var channelsFirstName: String?
    /// What it is a transposition of, if it is one: a name and the order of its axes.
    var transposed: (String, [Int])?
  }

  var builder: GraphBuilder
  var values: [Value] = []
  /// The rows of the first trace.
  let batch: Int
  /// The name of the number of rows in the graph, once something asked for it.
  private var batchName: String?
  /// The input and its axis that has the batch.
  private let batchPlace: (input: String, axis: Int)?

  init(builder: GraphBuilder, batch: Int, place: (input: String, axis: Int)?) {
    self.builder = builder
    self.batch = batch
    batchPlace = place
  }

  /// Writes the operations of a pair of traces.
  ///
  /// - Parameter leaves: The values that stand for the traces' inputs.
  /// - Returns: The values of the outputs.
  mutating func write(_ first: Trace, _ second: Trace, leaves: [Int]) throws -> [Int] {
    guard first.steps.count == second.steps.count else { throw Self.dependsOnBatch("the number of operations") }
    var results: [[Int]] = []
    for (one, other) in zip(first.steps, second.steps) {
      let inputs = try one.inputs.indices.map { index in
        try value(one.sources[index], other.sources[index], leaves, results)
      }
      results.append(try write(one, other, inputs))
    }
    return try zip(first.outputSources, second.outputSources).map { try value($0, $1, leaves, results) }
  }

  private mutating func write(_ one: Trace.Step, _ other: Trace.Step, _ inputs: [Int]) throws -> [Int] {
    let name = one.operation.name
    guard name == other.operation.name, one.outputs.count == other.outputs.count else {
      throw Self.dependsOnBatch("the operation \"\(name)\"")
    }
    let outputs = try zip(one.outputs, other.outputs).map { try newValue($0, $1, for: name) }
    if let form = (one.operation as? any FormedOperation)?.form {
      guard form == (other.operation as? any FormedOperation)?.form else {
        throw Self.dependsOnBatch("a setting of the operation \"\(name)\"")
      }
      if try write(form, inputs, outputs) { return outputs }
    }
    // As other operations, which are traced in turn.
    func composed(_ step: Trace.Step) -> Trace? {
      var open: [Tensor] = []
      for (input, tensor) in zip(inputs, step.inputs) where values[input].constant == nil { open.append(tensor) }
      var isComposed = false
      let trace = Trace(open) { leaves in
        var rest = leaves[...]
        let tensors = zip(inputs, step.inputs).map { input, tensor in
          values[input].constant == nil ? rest.removeFirst() : tensor.detached()
        }
        let operation = step.operation
        let composed =
          (operation as? any ExportedOperation).flatMap { $0.exported(tensors) } ?? operation.composition(tensors)
        guard let outputs = composed else { return [] }
        isComposed = true
        return outputs
      }
      return isComposed ? trace : nil
    }
    guard let first = composed(one), let second = composed(other) else {
      throw AssayError(
        .configuration, "the operation \"\(name)\" cannot be written as ONNX operators",
        remedy: "export the part of the model before it")
    }
    return try write(first, second, leaves: inputs.filter { values[$0].constant == nil })
  }

  /// The value that two sources are.
  private mutating func value(
    _ one: Trace.Source, _ other: Trace.Source, _ leaves: [Int], _ results: [[Int]]
  ) throws -> Int {
    switch (one, other) {
    case (.leaf(let place), .leaf(let otherPlace)) where place == otherPlace: return leaves[place]
    case (.result(let step, let output), .result(let otherStep, let otherOutput))
    where step == otherStep && output == otherOutput:
      return results[step][output]
    case (.constant(let first), .constant(let second)):
      let index = try newValue(first, second, for: "constant")
      values[index].constant = (first, second)
      return index
    default: throw Self.dependsOnBatch("the order of the operations")
    }
  }

  /// A value with the shapes that it has in both traces.
  private mutating func newValue(_ one: Tensor, _ other: Tensor, for operation: String) throws -> Int {
    guard one.rank == other.rank, one.type == other.type else {
      throw Self.dependsOnBatch("the number of axes of a result of \"\(operation)\"")
    }
    return newValue(zip(one.shape, other.shape).map { Dimension($0, $1, batch: batch) }, one.type)
  }

  mutating func newValue(_ shape: [Dimension], _ type: ElementType) -> Int {
    values.append(Value(shape: shape, type: type))
    return values.count - 1
  }

  static func dependsOnBatch(_ what: String) -> AssayError {
    AssayError(
      .configuration, "\(what) depends on the number of rows, so the computation cannot be written for any number",
      remedy: "export it for a fixed number of rows, with batchAxis nil")
  }
}

extension Exporter {
  /// The name of the number of rows: an int64 of one axis.
  private mutating func batchSize() throws -> String {
    if let batchName { return batchName }
    guard let batchPlace else { throw Self.dependsOnBatch("a size") }
    let shape = builder.add("Shape", [batchPlace.input])[0]
    let size = builder.add("Gather", [shape, builder.integers([batchPlace.axis])])[0]
    batchName = size
    return size
  }

  /// The name of a size: an int64 of one axis.
  mutating func size(_ dimension: Dimension) throws -> String {
    if dimension.isFixed { return builder.integers([dimension.fixed]) }
    var name = try batchSize()
    if dimension.perBatch != 1 { name = builder.add("Mul", [name, builder.integers([dimension.perBatch])])[0] }
    if dimension.fixed != 0 { name = builder.add("Add", [name, builder.integers([dimension.fixed])])[0] }
    return name
  }

  /// The name of a shape: an int64 of one axis.
  mutating func sizes(_ shape: [Dimension]) throws -> String {
    if shape.allSatisfy(\.isFixed) { return builder.integers(shape.map(\.fixed)) }
    let parts = try shape.map { try size($0) }
    return parts.count == 1 ? parts[0] : builder.add("Concat", parts, ["axis": .integer(0)])[0]
  }
}
