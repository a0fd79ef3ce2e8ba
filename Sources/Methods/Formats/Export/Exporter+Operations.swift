import Basics
import Tensors

extension Exporter {
  /// Writes an operation and names its outputs; false if there are no operators for it.
  mutating func write(_ form: OperationForm, _ inputs: [Int], _ outputs: [Int]) throws -> Bool {
    let output = outputs[0]
    switch form {
    case .identity: try writeIdentity(inputs[0], output)
    case .unary(let kind, let setting): return try writeUnary(kind, setting, inputs[0], output)
    case .binary(let kind): return try writeBinary(kind, inputs, output)
    case .comparison(let kind): return try writeComparison(kind, inputs, output)
    case .select: try writeSelect(inputs, output)
    case .cast(let type): try writeCast(to: type, inputs[0], output)
    case .reshape: try writeReshape(inputs[0], output)
    case .broadcast: set(output, builder.add("Expand", [try name(inputs[0]), try sizes(values[output].shape)])[0])
    case .matmul(let left, let right): try writeMatMul(inputs, output, transposing: (left, right))
    case .reduction(let kind, let axes): return try writeReduction(kind, axes, inputs[0], output)
    case .transpose(let axes): try writeTranspose(axes, inputs[0], output)
    case .slice(let starts, let steps): try writeSlice(starts, steps, inputs[0], output)
    case .place(let starts, let steps, let filler): return try writePlace(starts, steps, filler, inputs[0], output)
    case .concatenate(let axis):
      try writeAlong(axis, inputs, [output]) { $0.add("Concat", $1, ["axis": .integer($2)]) }
    case .split(let axis):
      let sizes = try sizes(outputs.map { values[$0].shape[axis] })
      try writeAlong(axis, inputs, outputs) { builder, names, axis in
        builder.add("Split", [names[0], sizes], outputs: outputs.count, ["axis": .integer(axis)])
      }
    case .argExtremum(let isLargest, let axis):
      try writeAlong(axis, inputs, [output]) { builder, names, axis in
        builder.add(isLargest ? "ArgMax" : "ArgMin", names, ["axis": .integer(axis), "keepdims": .integer(1)])
      }
    case .cumulativeSum(let axis, let isReversed, let isExclusive):
      try writeAlong(axis, inputs, [output]) { builder, names, axis in
        builder.add(
          "CumSum", [names[0], builder.number(Double(axis), .int64)],
          ["reverse": .integer(isReversed ? 1 : 0), "exclusive": .integer(isExclusive ? 1 : 0)])
      }
    case .argSort(let axis, let descending):
      let count = try size(values[output].shape[axis])
      let attributes: [String: ONNXAttribute] = ["axis": .integer(axis), "largest": .integer(descending ? 1 : 0)]
      set(output, builder.add("TopK", [try name(inputs[0]), count], outputs: 2, attributes)[1])
    case .gather(let axis):
      set(output, builder.add("Gather", [try name(inputs[0]), try name(inputs[1])], ["axis": .integer(axis)])[0])
    case .takeAlong(let axis):
      set(
        output, builder.add("GatherElements", [try name(inputs[0]), try name(inputs[1])], ["axis": .integer(axis)])[0])
    case .putAlong(let axis): try writePutAlong(axis, inputs, output)
    case .scatterAdd(let axis): return try writeScatter(axis, inputs, output)
    case .segmentMax: try writeSegmentMax(inputs, output)
    case .softmax(let isLogarithmic):
      let axis = values[output].shape.count - 1
      try writeAlong(axis, inputs, [output]) { builder, names, axis in
        builder.add(isLogarithmic ? "LogSoftmax" : "Softmax", names, ["axis": .integer(axis)])
      }
    case .layerNorm(let epsilon): return try writeLayerNorm(epsilon, inputs, output)
    case .batchNorm(let epsilon, let isRectified, let isPooled):
      try writeBatchNorm(epsilon, isRectified: isRectified, isPooled: isPooled, inputs, output)
    case .recurrent(let form): return try writeRecurrent(form, inputs, outputs)
    case .linear(let isRectified): try writeLinear(inputs, output, isRectified: isRectified)
    case .convolution(let window, let isRectified):
      try writeConvolution(window, inputs, output, isRectified: isRectified)
    case .transposedConvolution(let window): try writeTransposedConvolution(window, inputs, output)
    case .maxPool(let window): try writePool("MaxPool", window, [:], inputs[0], output)
    case .averagePool(let window, let counts):
      try writePool("AveragePool", window, ["count_include_pad": .integer(counts ? 1 : 0)], inputs[0], output)
    case .resize(let axes, let scales, let options):
      return try writeResize(axes, scales, options, inputs[0], output)
    }
    return true
  }

  private mutating func writeIdentity(_ input: Int, _ output: Int) throws {
    if values[input].name == nil, values[input].channelsFirstName != nil {
      set(output, try channelsFirst(input), isChannelsFirst: true)
    } else {
      set(output, try name(input))
    }
  }

  private mutating func writeReshape(_ input: Int, _ output: Int) throws {
    let (old, new) = (values[input].shape, values[output].shape)
    // Sizes that an axis keeps are 0 (the batch is the first axis in either layout), one that depends on the batch may be
    // what remains: no computing of shapes then.
    var sizes = new.enumerated().map { axis, size in
      size.isFixed && size.fixed != 0 ? size.fixed : axis < old.count && old[axis] == size ? 0 : -1
    }
    if sizes.count(where: { $0 == 0 }) == 1, !sizes.contains(-1), let open = sizes.firstIndex(of: 0),
      !new.contains(where: { $0.isFixed && $0.fixed == 0 })
    {
      sizes[open] = -1
    }
    let isSimple = sizes.count(where: { $0 == -1 }) <= 1 && !new.contains { $0.isFixed && $0.fixed == 0 }
    let shape = isSimple ? builder.integers(sizes) : try self.sizes(new)
    // With images of one pixel both layouts have the elements in the same order.
    let isOnePixel = old.count >= 3 && old[1..<(old.count - 1)].allSatisfy { $0 == Dimension(1) }
    let source = values[input].name == nil && isOnePixel ? try channelsFirst(input) : try name(input)
    set(output, builder.add("Reshape", [source, shape])[0])
  }

  private mutating func writeMatMul(_ inputs: [Int], _ output: Int, transposing: (Bool, Bool)) throws {
    let left = try matrix(inputs[0], isTransposed: transposing.0)
    let right = try matrix(inputs[1], isTransposed: transposing.1)
    set(output, builder.add("MatMul", [left, right])[0])
  }

  /// The name of a matrix, or of many, with the last two axes exchanged where that is asked for.
  mutating func matrix(_ index: Int, isTransposed: Bool) throws -> String {
    guard isTransposed else { return try name(index) }
    let rank = values[index].shape.count
    let order = Array(0..<(rank - 2)) + [rank - 1, rank - 2]
    if let constant = fixedConstant(index) {
      return builder.constant(constant, change: "transposed") { $0.transposed(axes: order) }
    }
    return builder.add("Transpose", [try name(index)], ["perm": .integers(order)])[0]
  }

  private mutating func writeReduction(_ kind: String, _ axes: [Int], _ input: Int, _ output: Int) throws -> Bool {
    if kind == "all" || kind == "any" {
      // Whether the least or the greatest of 0 and 1 is 1.
      let number = ONNXTensor.Kind.int32.rawValue
      let cast = builder.add("Cast", [try name(input)], ["to": .integer(number)])[0]
      let result = builder.add(
        kind == "all" ? "ReduceMin" : "ReduceMax", [cast, builder.integers(axes)], ["keepdims": .integer(1)])[0]
      set(output, builder.add("Cast", [result], ["to": .integer(ONNXTensor.Kind.bool.rawValue)])[0])
      return true
    }
    let operators = [
      "sum": "ReduceSum", "max": "ReduceMax", "min": "ReduceMin", "product": "ReduceProd",
    ]
    guard let operation = operators[kind] else { return false }
    let (names, isChannelsFirst) = try aligned([input])
    let rank = values[input].shape.count
    let here = isChannelsFirst ? axes.map { Self.channelsFirstAxis($0, rank: rank) }.sorted() : axes
    let result = builder.add(operation, [names[0], builder.integers(here)], ["keepdims": .integer(1)])[0]
    set(output, result, isChannelsFirst: isChannelsFirst)
    return true
  }
}
