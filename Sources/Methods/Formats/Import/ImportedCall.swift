import Basics
import Kernels
import Tensors

/// What an operator of an imported model computes.
typealias OperatorBody = @Sendable (ImportedCall) throws -> [GraphValue]

/// Reads a node's settings and gives what it computes; throws if a setting is not supported.
typealias OperatorMaker = @Sendable (NodeSettings) throws -> OperatorBody

/// One run of an operator, with checks of what a file can get wrong.
///
/// Operations on tensors stop the program where shapes do not fit, because that is a programmer's mistake. A file's
/// mistake must be an error, so an operator checks here first whatever the operation would stop for.
struct ImportedCall {
  let inputs: [GraphValue?]
  /// The most bytes that one result may take.
  let byteLimit: Int

  func has(_ index: Int) -> Bool { index < inputs.count && inputs[index] != nil }

  /// An input that must be there.
  func value(_ index: Int) throws -> GraphValue {
    guard index < inputs.count, let value = inputs[index] else { throw Self.problem("input \(index) is absent") }
    return value
  }

  /// An input in the layout of ONNX.
  func tensor(_ index: Int) throws -> Tensor { try value(index).plain }

  /// An input that may be absent, in the layout of ONNX.
  func optional(_ index: Int) -> Tensor? { has(index) ? inputs[index]?.plain : nil }

  /// An input of floating-point numbers.
  func floating(_ index: Int) throws -> GraphValue {
    let value = try value(index)
    try need(value.type.isFloatingPoint, "input \(index) holds \(value.type), not floating-point numbers")
    return value
  }

  /// An input of numbers of any type.
  func numeric(_ index: Int) throws -> GraphValue {
    let value = try value(index)
    try need(value.type != .bool, "input \(index) holds truth values, not numbers")
    return value
  }

  /// The whole numbers of an input of at most one axis.
  func integers(_ index: Int) throws -> [Int] {
    let tensor = try tensor(index)
    try need(tensor.type.isInteger && tensor.rank <= 1, "input \(index) is no list of whole numbers")
    return tensor.cast(to: .int64).values(Int.self)
  }

  /// The whole numbers of an input, nil if it is absent.
  func optionalIntegers(_ index: Int) throws -> [Int]? { has(index) ? try integers(index) : nil }

  /// The only whole number of an input.
  func integer(_ index: Int) throws -> Int {
    let tensor = try tensor(index)
    try need(tensor.type.isInteger && tensor.count == 1, "input \(index) is no whole number")
    return tensor.cast(to: .int64).values(Int.self)[0]
  }
}

extension ImportedCall {
  static func problem(_ what: String) -> AssayError { AssayError(.data, what) }

  func need(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    if !condition { throw Self.problem(what()) }
  }

  /// All inputs have one type.
  func needOneType(_ values: [GraphValue]) throws {
    let types = Set(values.map(\.type))
    try need(types.count <= 1, "inputs have types \(types.map(\.rawValue).sorted().joined(separator: ", "))")
  }

  /// Axes counted from the front, ascending; negative ones count from the last.
  func axes(_ axes: [Int], rank: Int) throws -> [Int] {
    let result = try axes.map { try axis($0, rank: rank) }
    try need(Set(result).count == result.count, "axes \(axes) repeat")
    return result.sorted()
  }

  /// An axis counted from the front.
  func axis(_ axis: Int, rank: Int) throws -> Int {
    try need(axis >= -rank && axis < rank, "there is no axis \(axis) among \(rank)")
    return axis < 0 ? axis + rank : axis
  }

  /// The shape that shapes broadcast to, if a tensor of it is not too large.
  @discardableResult
  func broadcast(_ shapes: [[Int]], type: ElementType) throws -> [Int] {
    let rank = shapes.map(\.count).max() ?? 0
    var result = Array(repeating: 1, count: rank)
    for shape in shapes {
      for (axis, size) in shape.enumerated() where size != 1 {
        let place = axis + rank - shape.count
        try need(result[place] == 1 || result[place] == size, "shapes \(shapes) do not fit")
        result[place] = size
      }
    }
    return try checked(result, type: type)
  }

  /// A shape, if there can be a tensor of it.
  @discardableResult
  func checked(_ shape: [Int], type: ElementType) throws -> [Int] {
    // Sizes beside a 0 count as well: later shapes may be made of them.
    var count = type.byteCount
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 1))
      try need(size >= 0 && !overflow, "there is no shape \(shape)")
      count = product
    }
    guard count <= byteLimit else {
      throw AssayError(
        .resource, "a result of shape \(shape) would take \(count) bytes of memory", remedy: "run fewer rows at a time")
    }
    return shape
  }
}
