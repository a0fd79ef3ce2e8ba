import Foundation

extension Tensor: CustomStringConvertible {
  /// Type, shape and elements: `float32 [2, 3]: [[1, 2, 3], [4, 5, 6]]`. Of tensors with more than a hundred elements only
  /// the first and last three along each axis.
  public var description: String {
    if rank == 0 { return "\(type): \(text(at: 0))" }
    if count == 0 { return "\(type) \(shape)" }
    return "\(type) \(shape): \(text(axis: 0, start: 0, isShort: count > 100))"
  }

  private func text(axis: Int, start: Int, isShort: Bool) -> String {
    if axis == rank { return text(at: start) }
    let step = shape[(axis + 1)...].reduce(1, *)
    func part(_ places: Range<Int>) -> [String] {
      places.map { text(axis: axis + 1, start: start + $0 * step, isShort: isShort) }
    }
    let size = shape[axis]
    let parts = isShort && size > 6 ? part(0..<3) + ["..."] + part(size - 3..<size) : part(0..<size)
    return "[" + parts.joined(separator: ", ") + "]"
  }

  /// A number with six significant digits.
  private func text(at place: Int) -> String {
    withExtendedLifetime(self) {
      switch type {
      case .float32: Self.short(Double(pointer(Float.self)[place]))
      case .float64: Self.short(pointer(Double.self)[place])
      case .bfloat16: Self.short(Double(Float(pointer(BFloat16.self)[place])))
      case .int32: "\(pointer(Int32.self)[place])"
      case .int64: "\(pointer(Int64.self)[place])"
      case .uint8: "\(pointer(UInt8.self)[place])"
      case .bool: "\(pointer(Bool.self)[place])"
      }
    }
  }

  private static func short(_ number: Double) -> String {
    number.isNaN ? "nan" : number.isInfinite ? (number < 0 ? "-inf" : "inf") : String(format: "%.6g", number)
  }
}
