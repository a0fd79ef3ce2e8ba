/// Predicted numbers, row after row: `width` per row (see `LearningTask.width`).
public struct Predictions: Sendable, Equatable, Codable {
  /// The numbers, `values[row * width + output]`.
  public var values: [Double]
  /// The numbers per row, at least 1.
  public let width: Int

  /// Creates predictions; `values.count` must be a multiple of `width`.
  public init(_ values: [Double], width: Int) {
    precondition(width >= 1 && values.count % width == 0, "Predictions: \(values.count) values, width \(width)")
    self.values = values
    self.width = width
  }

  /// The number of rows.
  public var rowCount: Int { values.count / width }

  /// The number at a row and output.
  public subscript(_ row: Int, _ output: Int) -> Double { values[row * width + output] }

  /// One output of all rows.
  public func output(_ output: Int) -> [Double] {
    stride(from: output, to: values.count, by: width).map { values[$0] }
  }

  /// The numbers of these rows, in this order.
  public func selecting(rows: [Int]) -> Predictions {
    var result: [Double] = []
    result.reserveCapacity(rows.count * width)
    for row in rows { result.append(contentsOf: values[row * width..<(row + 1) * width]) }
    return Predictions(result, width: width)
  }
}
