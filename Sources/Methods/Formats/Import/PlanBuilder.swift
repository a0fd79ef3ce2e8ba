import Basics
import Foundation
import Networks
import Tensors

/// Turns the graph of a file into a plan.
struct PlanBuilder {
  private(set) var parameters: [String: Parameter] = [:]
  private let model: ONNXModel
  private let version: Int
  private var result: ImportPlan
  private var slots: [String: Int] = [:]

  init(_ model: ONNXModel) throws {
    self.model = model
    result = ImportPlan(place: model.path.isEmpty ? "the model" : model.path)
    version = model.operatorSets[""] ?? 0
    guard (7...26).contains(version) else {
      throw AssayError(
        .format, "version \(version) of the ONNX operators is not supported", at: model.path,
        remedy: "export the model with opset 17 to 21")
    }
  }

  mutating func plan() throws -> ImportPlan {
    try readWeights()
    for input in model.graph.inputs where slots[input.name] == nil {
      result.inputs.append(.init(value: input, slot: try newSlot(input.name, model.path)))
    }
    for node in model.graph.nodes { try add(node) }
    for output in model.graph.outputs {
      guard let slot = slots[output.name] else {
        throw AssayError(.format, "nothing computes the output \"\(output.name)\"", at: model.path)
      }
      result.outputs.append(.init(value: output, slot: slot))
    }
    planReleases()
    result.slotCount = slots.count
    return result
  }

  private mutating func newSlot(_ name: String, _ place: String) throws -> Int {
    guard slots[name] == nil, !name.isEmpty else {
      throw AssayError(.format, "there are two values of the name \"\(name)\"", at: place)
    }
    let slot = slots.count
    slots[name] = slot
    return slot
  }

  /// Floating-point weights become parameters, other tensors are constants.
  private mutating func readWeights() throws {
    let folder = model.path.isEmpty ? nil : (model.path as NSString).deletingLastPathComponent
    let files = ExternalData(folder: folder.map { $0.isEmpty ? "." : $0 })
    // Running statistics are weights that training must leave alone.
    let statistics = Set(
      model.graph.nodes.filter { $0.kind == "BatchNormalization" }.flatMap { $0.inputs.dropFirst(3) })
    for initializer in model.graph.initializers {
      let slot = try newSlot(initializer.name, model.path)
      let tensor: Tensor
      do {
        tensor = try initializer.tensor(besides: files)
      } catch let error as AssayError {
        throw AssayError(
          error.kind, error.problem, at: model.path.isEmpty ? error.place : "\(model.path), \(error.place)",
          remedy: error.remedy)
      }
      guard tensor.type.isFloatingPoint else {
        result.constants.append((slot, tensor))
        continue
      }
      parameters[initializer.name] = Parameter(tensor, isTrainable: !statistics.contains(initializer.name))
      result.parameterNames.append(initializer.name)
      result.parameterSlots.append(slot)
    }
  }

  private mutating func add(_ node: ONNXNode) throws {
    let label =
      node.name.isEmpty
      ? "node \(node.kind) of \"\(node.outputs.first ?? "")\"" : "node \"\(node.name)\" (\(node.kind))"
    let place = model.path.isEmpty ? label : "\(model.path), \(label)"
    guard node.domain.isEmpty, let maker = operatorTable[node.kind] else {
      let name = node.domain.isEmpty ? node.kind : "\(node.domain).\(node.kind)"
      throw AssayError(
        .format, "the operator \(name) is not supported", at: place, remedy: "export the model without it")
    }
    let inputs = try node.inputs.map { name -> Int? in
      if name.isEmpty { return nil }
      guard let slot = slots[name] else {
        throw AssayError(.format, "nothing before computes the input \"\(name)\"", at: place)
      }
      return slot
    }
    let body: OperatorBody
    do {
      body = try maker(NodeSettings(node: node, version: version))
    } catch let error as AssayError {
      throw AssayError(
        error.kind, error.problem, at: error.place.isEmpty ? place : "\(place), \(error.place)", remedy: error.remedy)
    }
    let outputs = try node.outputs.map { name in name.isEmpty ? nil : try newSlot(name, place) }
    result.steps.append(.init(label: label, body: body, inputs: inputs, outputs: outputs))
  }

  /// Values are let go after the last operator that takes them.
  private mutating func planReleases() {
    var needed = Set(result.outputs.map(\.slot))
    for index in result.steps.indices.reversed() {
      let step = result.steps[index]
      for slot in Set((step.inputs + step.outputs).compactMap { $0 }) where needed.insert(slot).inserted {
        if step.inputs.contains(slot) { result.steps[index].releases.append(slot) }
      }
    }
  }
}
