import Basics
import Tensors

extension Exporter {
  /// Adds slices along an axis to those that one index each names.
  mutating func writeScatter(_ axis: Int, _ inputs: [Int], _ output: Int) throws -> Bool {
    let (updates, indices) = (inputs[0], inputs[1])
    guard axis == 0 || values[indices].shape.count == 1 else { return false }
    let base = try inputs.count == 3 ? name(inputs[2]) : filled(0, output)
    let places = try wholeIndices(indices)
    let added: [String: ONNXAttribute] = ["reduction": .text("add")]
    if axis == 0 {
      // ScatterND wants an axis of its own for the index.
      let rows = builder.add("Unsqueeze", [places, builder.integers([-1])])[0]
      set(output, builder.add("ScatterND", [base, rows, try name(updates)], added)[0])
    } else {
      // ScatterElements wants an index for every element.
      let others = values[updates].shape.indices.filter { $0 != axis }
      let column = builder.add("Unsqueeze", [places, builder.integers(others)])[0]
      let elements = builder.add("Expand", [column, try sizes(values[updates].shape)])[0]
      let settings = added.merging(["axis": .integer(axis)]) { $1 }
      set(output, builder.add("ScatterElements", [base, elements, try name(updates)], settings)[0])
    }
    return true
  }

  /// Adds elements to zeros at places along an axis, each with an index of its own.
  mutating func writePutAlong(_ axis: Int, _ inputs: [Int], _ output: Int) throws {
    let operands = [try filled(0, output), try wholeIndices(inputs[1]), try name(inputs[0])]
    set(output, builder.add("ScatterElements", operands, ["axis": .integer(axis), "reduction": .text("add")])[0])
  }

  /// The largest row of each segment, zeros for a segment without rows.
  mutating func writeSegmentMax(_ inputs: [Int], _ output: Int) throws {
    let (shape, type) = (values[output].shape, values[output].type)
    let rows = builder.add("Unsqueeze", [try wholeIndices(inputs[1]), builder.integers([-1])])[0]
    let largest = builder.add(
      "ScatterND", [try filled(type.lowest, output), rows, try name(inputs[0])], ["reduction": .text("max")])[0]
    let (no, yes) = (ONNXTensor(Tensor([false])), ONNXTensor(Tensor([true])))
    let none = builder.add("ConstantOfShape", [try sizes([shape[0]])], ["value": .tensor(no)])[0]
    let all = builder.add("ConstantOfShape", [try sizes(values[inputs[1]].shape)], ["value": .tensor(yes)])[0]
    let isMet = builder.add("ScatterND", [none, rows, all])[0]
    let column =
      shape.count == 1 ? isMet : builder.add("Unsqueeze", [isMet, builder.integers(Array(1..<shape.count))])[0]
    set(output, builder.add("Where", [column, largest, builder.number(0, type)])[0])
  }

  /// The name of a tensor as large as an output, of one number.
  private mutating func filled(_ number: Double, _ output: Int) throws -> String {
    let value = ONNXTensor(Tensor([number]).cast(to: values[output].type))
    return builder.add("ConstantOfShape", [try sizes(values[output].shape)], ["value": .tensor(value)])[0]
  }

  /// Indices as 64-bit numbers, the only ones that scattering operators take.
  private mutating func wholeIndices(_ indices: Int) throws -> String {
    let given = try name(indices)
    if values[indices].type == .int64 { return given }
    return builder.add("Cast", [given], ["to": .integer(ONNXTensor.Kind.int64.rawValue)])[0]
  }
}

extension ElementType {
  /// A number that no element of the type is below.
  fileprivate var lowest: Double {
    switch self {
    case .float32, .float64, .bfloat16: -.infinity
    case .int32: Double(Int32.min)
    case .int64: Double(Int64.min)
    case .uint8, .bool: 0
    }
  }
}
