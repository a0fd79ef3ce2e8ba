import Basics
import Networks
import Tensors

/// A model of an ONNX file that runs on this library's operations.
///
/// Its floating-point weights are parameters, so the model can be trained further, and gradients flow through it to its
/// inputs. Half precision runs in single precision.
///
/// ```swift
/// let model = try ImportedModel(contentsOf: "classifier.onnx")
/// let scores = try model(images)[0]
/// ```
public struct ImportedModel: Module {
  /// The weights by their names in the file.
  private let initializers: [String: Parameter]
  private let plan: ImportPlan

  /// Reads a file and checks that every operator in it is known.
  ///
  /// - Throws: a `file` error if it cannot be read; a `format` error naming file, node and operator if the file is
  ///   damaged or holds what is not supported.
  public init(contentsOf path: String) throws { try self.init(ONNXModel(contentsOf: path)) }

  /// Makes a model ready to run.
  ///
  /// - Throws: a `format` error naming node and operator if the model holds what is not supported.
  public init(_ model: ONNXModel) throws {
    var builder = try PlanBuilder(model)
    plan = try builder.plan()
    initializers = builder.parameters
  }

  /// What must be given.
  public var inputs: [ONNXValue] { plan.inputs.map(\.value) }

  /// What is computed.
  public var outputs: [ONNXValue] { plan.outputs.map(\.value) }

  /// The most bytes that one result inside the model may take; half of the machine's memory unless set.
  public var memoryLimit = MachineMemory.limit / 2

  /// The parameter of a weight, by its name in the file; nil for names that are none, and for whole numbers, which are
  /// constants.
  public subscript(weight name: String) -> Parameter? { initializers[name] }

  /// Runs the model.
  ///
  /// - Parameter inputs: A tensor for each of `inputs`, in order.
  /// - Returns: A tensor for each of `outputs`, in order.
  /// - Throws: a `data` error if tensors do not fit the inputs or, inside the model, each other; a `resource` error if a
  ///   result would be too large.
  public func callAsFunction(_ inputs: Tensor...) throws -> [Tensor] { try run(inputs) }

  /// Runs the model.
  ///
  /// - Parameter inputs: A tensor for each name in `inputs`.
  /// - Returns: A tensor for each name in `outputs`.
  /// - Throws: as for tensors in order, and a `data` error if a name is missing or not known.
  public func callAsFunction(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
    let known = Set(plan.inputs.map(\.value.name))
    if let extra = inputs.keys.filter({ !known.contains($0) }).min() {
      throw AssayError(.data, "the model has no input \"\(extra)\"", at: plan.place)
    }
    let ordered = try plan.inputs.map { input in
      guard let tensor = inputs[input.value.name] else {
        throw AssayError(.data, "the input \"\(input.value.name)\" is missing", at: plan.place)
      }
      return tensor
    }
    let results = try run(ordered)
    return Dictionary(zip(plan.outputs.map(\.value.name), results)) { first, _ in first }
  }

  /// Runs the model on a tensor for each of `inputs`, in order, and gives one for each of `outputs`.
  ///
  /// - Throws: As the call with tensors in order.
  public func run(_ inputs: [Tensor]) throws -> [Tensor] {
    try plan.run(inputs, parameters: plan.parameterNames.map { initializers[$0]?.value }, byteLimit: memoryLimit)
  }
}
