import Basics
import Tensors

/// The new sizes of some axes, and the scales where the file gave those.
private struct Resizing {
  /// Where the axes lie in what is stored.
  var axes: [Int] = []
  var sizes: [Int] = []
  var scales: [Float]?

  /// Checked against the value's shape.
  init(_ value: GraphValue, axes named: [Int]?, scales: [Float]?, sizes: [Int]?, _ call: ImportedCall) throws {
    let shape = value.shape
    let axes = try named?.map { try call.axis($0, rank: value.rank) } ?? Array(shape.indices)
    let what = scales.map { "scales \($0)" } ?? "sizes \(sizes ?? [])"
    try call.need((scales == nil) != (sizes == nil), "there must be either scales or sizes to resize shape \(shape)")
    try call.need(
      Set(axes).count == axes.count && (scales?.count ?? sizes?.count) == axes.count,
      "\(what) do not fit axes \(axes) of shape \(shape)")
    let wanted =
      try sizes
      ?? zip(axes, scales ?? []).map { axis, scale in
        let size = Float(shape[axis]) * scale
        try call.need(
          scale > 0 && scale.isFinite && size < 0x1p40,
          "axis \(axis) of shape \(shape) cannot be resized by the scale \(scale)")
        return Int(size)
      }
    var grown = value.stored.shape
    let order = axes.indices.sorted { value.storedAxis(axes[$0]) < value.storedAxis(axes[$1]) }
    for index in order {
      let (old, new) = (shape[axes[index]], wanted[index])
      try call.need(
        new >= 0 && (new == 0 || old > 0), "axis \(axes[index]) of shape \(shape) cannot have \(new) places (\(what))")
      // Nothing happens to the batch and the channels as a rule.
      if new == old, scales?[index] ?? 1 == 1 { continue }
      let place = value.storedAxis(axes[index])
      self.axes.append(place)
      self.sizes.append(new)
      if let scales { self.scales = (self.scales ?? []) + [scales[index]] }
      // Axes are resized one after the other, and the places that make up new ones are held meanwhile.
      grown[place] = new
      try call.checked(grown, type: value.type)
      try call.checked([new, 8], type: .int64)
    }
  }

  /// Some of the axes resized.
  func resized(_ x: Tensor, _ options: ResizeOptions, where isIncluded: (Int) -> Bool = { _ in true }) -> Tensor {
    let chosen = axes.indices.filter(isIncluded)
    if chosen.isEmpty { return x }
    let here = chosen.map { axes[$0] }
    guard let scales else { return resize(x, to: chosen.map { sizes[$0] }, axes: here, options: options) }
    return resize(x, by: chosen.map { Double(scales[$0]) }, axes: here, options: options)
  }
}

/// The numbers of an input of one axis; nil if it is absent or, as older files have it, has none.
private func numbers(_ call: ImportedCall, _ index: Int) throws -> [Float]? {
  guard let tensor = call.optional(index), tensor.count > 0 else { return nil }
  try call.need(tensor.type.isFloatingPoint && tensor.rank == 1, "input \(index) is no list of numbers")
  return tensor.cast(to: .float32).values(Float.self)
}

private func resizeOptions(_ settings: NodeSettings) throws -> ResizeOptions {
  func chosen<Choice: CaseIterable>(
    _ attribute: String, _ standard: String, _ name: (Choice) -> String
  ) throws -> Choice {
    let text = try settings.text(attribute, standard)
    if let choice = Choice.allCases.first(where: { name($0) == text }) { return choice }
    throw settings.unsupported("resizing with the \(attribute) \"\(text)\"")
  }
  var options = ResizeOptions(try chosen("mode", "nearest") { $0.rawValue })
  options.alignment = try chosen("coordinate_transformation_mode", "half_pixel") { $0.onnxName }
  options.rounding = try chosen("nearest_mode", "round_prefer_floor") { $0.onnxName }
  options.cubicCoefficient = try settings.number("cubic_coeff_a", options.cubicCoefficient)
  options.excludesOutside = try settings.flag("exclude_outside", false)
  if options.method == .linear, options.excludesOutside {
    throw settings.unsupported("linear resizing with exclude_outside")
  }
  if try settings.flag("antialias", false) { throw settings.unsupported("resizing with antialias") }
  let policy = try settings.text("keep_aspect_ratio_policy", "stretch")
  guard policy == "stretch" else {
    throw settings.unsupported("resizing with the keep_aspect_ratio_policy \"\(policy)\"")
  }
  return options
}

private func resize(_ settings: NodeSettings, isOld: Bool) throws -> OperatorBody {
  var options = try resizeOptions(settings)
  if isOld { options.alignment = .origin }
  let (named, setting) = (try settings.integers("axes"), try settings.numbers("scales"))
  return { [options] call in
    let value = try call.value(0)
    try call.need(
      options.method == .nearest || value.type.isFloatingPoint,
      "there is no \(options.method) resizing of \(value.type)")
    let scales = try numbers(call, isOld ? 1 : 2) ?? setting
    let sizes = isOld ? nil : try call.optionalIntegers(3).flatMap { $0.isEmpty ? nil : $0 }
    let resizing = try Resizing(value, axes: named, scales: scales, sizes: sizes, call)
    var x = value.stored
    if isOld, options.method == .nearest {
      // Before version 11 the lower place was taken where an axis grows, the upper where it shrinks.
      let isShrunk = { (index: Int) in (resizing.scales?[index] ?? 1) < 1 }
      var (grown, shrunk) = (options, options)
      (grown.rounding, shrunk.rounding) = (.down, .up)
      x = resizing.resized(x, grown) { !isShrunk($0) }
      x = resizing.resized(x, shrunk, where: isShrunk)
    } else {
      x = resizing.resized(x, options)
    }
    return [value.isChannelsLast ? GraphValue(channelsLast: x) : GraphValue(x)]
  }
}

/// Operators that make axes longer or shorter.
let resizeOperators: [String: OperatorMaker] = [
  "Resize": { try resize($0, isOld: $0.version < 11) },
  "Upsample": { try resize($0, isOld: true) },
]
