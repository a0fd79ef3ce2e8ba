import Basics
import Formats
import Networks
import Tensors

/// A computation that is exported as ONNX, and what it computes here, for `Benchmarks/onnx_check.py` to set beside what
/// ONNX Runtime computes.
struct ExportCase {
  let name: String
  /// The model whose weights keep their names.
  var module: (any Module)?
  /// The axis of the inputs that has the rows; nil for inputs of one size.
  var batchAxis: Int? = 0
  /// The numbers of rows that are computed, of which the first is traced.
  var rows = [3, 7, 1]
  /// Inputs of a number of rows.
  let inputs: (_ rows: Int) -> [Tensor]
  let body: ([Tensor]) -> [Tensor]

  /// All that are exported.
  static func all() throws -> [ExportCase] {
    try models() + graphs() + layers() + combinations() + sequences() + transformers() + elements() + structure()
      + products() + resizing() + training()
  }

  /// Writes NAME.onnx, and NAME.safetensors with "ROWS/NAME" for every input and output.
  func write(to folder: String) throws {
    let example = inputs(rows[0])
    let names = example.indices.map { "input_\($0)" }
    let model = try ONNXModel(tracing: example, named: names, batchAxis: batchAxis, of: module) { body($0) }
    try model.write(to: "\(folder)/\(name).onnx")
    var tensors: [String: Tensor] = [:]
    for count in batchAxis == nil ? [rows[0]] : rows {
      let given = inputs(count)
      for (name, tensor) in zip(names, given) { tensors["\(count)/\(name)"] = tensor }
      for (value, tensor) in zip(model.graph.outputs, body(given)) { tensors["\(count)/\(value.name)"] = tensor }
    }
    try SafeTensors.write(tensors, to: "\(folder)/\(name).safetensors")
  }
}

extension ExportCase {
  /// A layer on random numbers with a shape for each row.
  static func layer(_ name: String, _ layer: some Layer, _ shape: [Int]) -> ExportCase {
    randomize(layer)
    return ExportCase(
      name: name, module: layer, inputs: { [numbers([$0] + shape)] }, body: { [layer.forward($0[0], .inference)] })
  }

  /// A function of random numbers with a shape for each row.
  static func function(_ name: String, _ shape: [Int] = [4, 5], _ body: @escaping (Tensor) -> Tensor) -> ExportCase {
    ExportCase(name: name, inputs: { [numbers([$0] + shape)] }, body: { [body($0[0])] })
  }

  /// Moves all weights a little, so that biases of zero and gains of one do not hide what is wrong with them.
  @discardableResult
  static func randomize<Model: Module>(_ module: Model) -> Model {
    for (index, named) in module.parameters.enumerated() where named.parameter.value.type == .float32 {
      let value = named.parameter.value
      let noise = Tensor.normal(value.shape, deviation: 0.1, key: RandomKey(seed: 7)[index])
      // Variances stay positive.
      named.parameter.value = named.path.hasSuffix("variance") ? value + abs(noise) * 3 : value + noise
    }
    return module
  }

  /// Numbers of the standard normal distribution that depend on shape and name alone.
  static func numbers(_ shape: [Int], _ name: String = "x") -> Tensor {
    .normal(shape, key: RandomKey(seed: 5)[name])
  }

  /// Whole numbers from 0 on, below a bound, that repeat in no simple order.
  static func places(_ shape: [Int], below bound: Int) -> Tensor {
    let numbers: [Int64] = (0..<shape.reduce(1, *)).map { (place: Int) in Int64((place * place + 3 * place + 1) % bound)
    }
    return Tensor(numbers, shape: shape)
  }

  /// How many elements of each row count: from the most down to one.
  static func lengths(_ rows: Int, upTo most: Int) -> Tensor { Tensor((0..<rows).map { Int64(most - $0 % most) }) }
}
