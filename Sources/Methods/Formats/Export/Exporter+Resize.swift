import Basics
import Tensors

extension Exporter {
  /// Writes resized axes; false where runtimes lack the operator for the axes, their number or the type.
  mutating func writeResize(
    _ axes: [Int], _ scales: [Float]?, _ options: ResizeOptions, _ input: Int, _ output: Int
  ) throws -> Bool {
    let (old, new) = (values[input].shape, values[output].shape)
    guard (options.method == .cubic ? 4...4 : 3...5).contains(old.count),
      axes.allSatisfy({ $0 > 0 && $0 < old.count - 1 && old[$0].isFixed && new[$0].isFixed && old[$0].fixed > 0 }),
      [.float32, .int32, .uint8].contains(values[input].type),
      // ONNX Runtime 1.32 moves transpositions past the operator and then refuses to make an axis smaller.
      options.method != .cubic || axes.allSatisfy({ new[$0].fixed >= old[$0].fixed })
    else { return false }
    let image = try channelsFirst(input)
    var settings: [String: ONNXAttribute] = [
      "mode": .text(options.method.rawValue),
      "coordinate_transformation_mode": .text(options.alignment.onnxName),
    ]
    switch options.method {
    case .nearest: settings["nearest_mode"] = .text(options.rounding.onnxName)
    case .linear: break
    case .cubic:
      settings["cubic_coeff_a"] = .float(Float(options.cubicCoefficient))
      settings["exclude_outside"] = .integer(options.excludesOutside ? 1 : 0)
    }
    // Of all axes, because ONNX Runtime 1.32 moves transpositions past the operator as if it had no attribute `axes`.
    // Scales do not depend on the batch, so they stand for sizes where they give them.
    let factors = scales ?? axes.map { Float(new[$0].fixed) / Float(old[$0].fixed) }
    let isExact = zip(axes, factors).allSatisfy { Int(Float(old[$0].fixed) * $1) == new[$0].fixed }
    if isExact {
      var all = Array(repeating: Float(1), count: old.count)
      for (axis, factor) in zip(axes, factors) { all[axis + 1] = factor }
      set(
        output, builder.add("Resize", [image, "", builder.constant(Tensor(all))], settings)[0], isChannelsFirst: true)
    } else {
      let sizes = try sizes(Self.toChannelsFirst(new.count).map { new[$0] })
      set(output, builder.add("Resize", [image, "", "", sizes], settings)[0], isChannelsFirst: true)
    }
    return true
  }
}

extension ResizeOptions.Alignment {
  /// The name in ONNX.
  var onnxName: String {
    switch self {
    case .halfPixel: "half_pixel"
    case .symmetricHalfPixel: "half_pixel_symmetric"
    case .halfPixelUnlessOne: "pytorch_half_pixel"
    case .halfPixelUnshifted: "tf_half_pixel_for_nn"
    case .corners: "align_corners"
    case .origin: "asymmetric"
    }
  }
}

extension ResizeOptions.Rounding {
  /// The name in ONNX.
  var onnxName: String {
    switch self {
    case .halfDown: "round_prefer_floor"
    case .halfUp: "round_prefer_ceil"
    case .down: "floor"
    case .up: "ceil"
    }
  }
}
