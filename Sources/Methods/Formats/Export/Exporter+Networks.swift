import Basics
import Tensors

extension Exporter {
  mutating func writeLinear(_ inputs: [Int], _ output: Int, isRectified: Bool) throws {
    let operands = try inputs.map { try name($0) }
    let sum: String
    if values[inputs[0]].shape.count == 2 {
      sum = builder.add("Gemm", operands)[0]
    } else {
      sum = builder.add("Add", [builder.add("MatMul", Array(operands[..<2]))[0], operands[2]])[0]
    }
    set(output, isRectified ? builder.add("Relu", [sum])[0] : sum)
  }

  mutating func writeConvolution(
    _ window: WindowForm, _ inputs: [Int], _ output: Int, isRectified: Bool
  ) throws {
    let weight = try kernel(inputs[1])
    let bias = try inputs.dropFirst(2).map { try name($0) }
    let image = try channelsFirst(inputs[0])
    let result = builder.add("Conv", [image, weight] + bias, attributes(window, withGroups: true))[0]
    set(output, isRectified ? builder.add("Relu", [result])[0] : result, isChannelsFirst: true)
  }

  mutating func writeTransposedConvolution(_ window: WindowForm, _ inputs: [Int], _ output: Int) throws {
    let (old, new) = (values[inputs[0]].shape, values[output].shape)
    var settings = attributes(window, withGroups: true)
    // What the result is larger than the smallest that the strides make possible.
    let extra = (0..<2).map { axis -> Int in
      let extent = (window.size[axis] - 1) * window.dilations[axis] + 1
      let smallest =
        (old[axis + 1].fixed - 1) * window.strides[axis] + extent - window.pads[axis] - window.pads[axis + 2]
      return new[axis + 1].fixed - smallest
    }
    guard (1...2).allSatisfy({ old[$0].isFixed && new[$0].isFixed }) else {
      throw Self.dependsOnBatch("the size of an image")
    }
    if extra != [0, 0] { settings["output_padding"] = .integers(extra) }
    let result = builder.add("ConvTranspose", [try channelsFirst(inputs[0]), try kernel(inputs[1])], settings)[0]
    set(output, result, isChannelsFirst: true)
  }

  /// The name of the weights of a convolution as [out, in / groups, kh, kw].
  private mutating func kernel(_ index: Int) throws -> String {
    if let constant = fixedConstant(index) {
      return builder.constant(constant, change: "kernel") { $0.transposed(axes: [3, 2, 0, 1]) }
    }
    return builder.add("Transpose", [try name(index)], ["perm": .integers([3, 2, 0, 1])])[0]
  }

  private func attributes(_ window: WindowForm, withGroups: Bool) -> [String: ONNXAttribute] {
    var result: [String: ONNXAttribute] = [
      "kernel_shape": .integers(window.size), "strides": .integers(window.strides), "pads": .integers(window.pads),
    ]
    if withGroups {
      result["dilations"] = .integers(window.dilations)
      result["group"] = .integer(window.groups)
    }
    return result
  }

  mutating func writeBatchNorm(
    _ epsilon: Double, isRectified: Bool, isPooled: Bool, _ inputs: [Int], _ output: Int
  ) throws {
    let settings = try inputs.dropFirst().map { try name($0) }
    // Fewer than three axes have their channels in the second already; one has none to tell from a batch.
    let rank = values[inputs[0]].shape.count
    var image = try channelsFirst(inputs[0])
    if rank == 1 { image = builder.add("Unsqueeze", [image, builder.integers([0])])[0] }
    var result = builder.add("BatchNormalization", [image] + settings, ["epsilon": .float(Float(epsilon))])[0]
    if rank == 1 { result = builder.add("Squeeze", [result, builder.integers([0])])[0] }
    if isRectified { result = builder.add("Relu", [result])[0] }
    if isPooled {
      let window: [String: ONNXAttribute] = ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])]
      result = builder.add("MaxPool", [result], window)[0]
    }
    set(output, result, isChannelsFirst: rank >= 3)
  }

  /// Writes a normalisation of rows; false if it has no gain and the rows' length depends on the batch.
  mutating func writeLayerNorm(_ epsilon: Double, _ inputs: [Int], _ output: Int) throws -> Bool {
    var names = try inputs.map { try name($0) }
    if inputs.count == 1 {
      // The operator must have a gain.
      guard let width = values[inputs[0]].shape.last, width.isFixed else { return false }
      names.append(builder.constant(Tensor.ones([width.fixed], type: values[output].type)))
    }
    let settings: [String: ONNXAttribute] = ["axis": .integer(-1), "epsilon": .float(Float(epsilon))]
    set(output, builder.add("LayerNormalization", names, settings)[0])
    return true
  }

  mutating func writePool(
    _ kind: String, _ window: WindowForm, _ settings: [String: ONNXAttribute], _ input: Int, _ output: Int
  ) throws {
    let all = attributes(window, withGroups: false).merging(settings) { first, _ in first }
    set(output, builder.add(kind, [try channelsFirst(input)], all)[0], isChannelsFirst: true)
  }
}
