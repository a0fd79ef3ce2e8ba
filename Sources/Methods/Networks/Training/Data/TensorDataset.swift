import Basics
import Tensors

/// Rows held in tensors: the first axis of each counts the rows.
public struct TensorDataset: Dataset {
  /// The tensors, without records for gradients.
  public let tensors: [Tensor]
  /// The number of rows.
  public let count: Int

  /// Rows in tensors, such as [rows, features] and [rows].
  ///
  /// - Throws: a `data` error if there is no tensor, no row, or if their numbers of rows differ.
  public init(_ tensors: [Tensor]) throws {
    guard let first = tensors.first else {
      throw AssayError(.data, "the data set has no tensors", remedy: "give one for the inputs and one for the targets")
    }
    for (index, tensor) in tensors.enumerated() {
      guard let rows = tensor.shape.first else {
        throw AssayError(
          .data, "it is a single number and has no rows", at: "tensor \(index) of the data set",
          remedy: "give it an axis for the rows")
      }
      guard rows == first.shape.first else {
        throw AssayError(
          .data,
          "it has \(rows) rows, tensor 0 has \(first.shape.first ?? 0) (shapes \(tensor.shape) and \(first.shape))",
          at: "tensor \(index) of the data set", remedy: "give all tensors the same rows")
      }
    }
    count = first.shape.first ?? 0
    guard count > 0 else { throw AssayError(.data, "the data set has no rows", remedy: "give at least one row") }
    self.tensors = tensors.map { $0.detached() }
  }

  /// Rows in tensors, such as [rows, features] and [rows].
  ///
  /// - Throws: a `data` error if there is no tensor, no row, or if their numbers of rows differ.
  public init(_ tensors: Tensor...) throws { try self.init(tensors) }

  /// Rows of numbers with a class each: tensors [rows, features] in float32 and [rows] in int32.
  ///
  /// - Parameter classes: The number of classes, numbered from 0.
  /// - Throws: a `data` error for rows of unlike widths, more or fewer labels than rows, labels out of range, no rows.
  public init(_ rows: [[Float]], labels: [Int], classes: Int) throws {
    guard labels.allSatisfy({ Int32(exactly: $0) != nil }) else {
      throw AssayError(.data, "a label does not fit into 32 bits", at: "labels", remedy: "number the classes from 0 up")
    }
    try self.init(Self.matrix(rows), Tensor(labels.map { Int32($0) }))
    try verifyIndices(in: 1, below: classes, name: "labels")
  }

  /// Rows of numbers with a number to predict each: tensors [rows, features] and [rows], both in float32.
  ///
  /// - Throws: a `data` error for rows of unlike widths, more or fewer targets than rows, no rows.
  public init(_ rows: [[Float]], targets: [Float]) throws {
    try self.init(Self.matrix(rows), Tensor(targets))
  }

  private static func matrix(_ rows: [[Float]]) throws -> Tensor {
    let width = rows.first?.count ?? 0
    if let row = rows.firstIndex(where: { $0.count != width }) {
      throw AssayError(
        .data, "it has \(rows[row].count) numbers, the first row has \(width)", at: "row \(row)",
        remedy: "give all rows the same numbers")
    }
    return Tensor(rows.flatMap { $0 }, shape: [rows.count, width])
  }

  /// Checks that a tensor's whole numbers are in 0 ..< limit, as `checkIndices` does.
  ///
  /// - Parameters:
  ///   - part: The position of the tensor among `tensors`.
  ///   - limit: The number of classes, or of rows in the table that they point to.
  ///   - ignored: A value that stands for "none" and passes too; none unless given.
  ///   - name: What they are, for the message; "indices" unless given.
  /// - Returns: The data set, to go on with.
  /// - Throws: a `data` error that names the first value out of range and its row.
  @discardableResult
  public func verifyIndices(
    in part: Int, below limit: Int, ignoring ignored: Int? = nil, name: String = "indices"
  ) throws -> TensorDataset {
    require(tensors.indices.contains(part), "verifyIndices", "there is no tensor \(part) among \(tensors.count)")
    try checkIndices(tensors[part], below: limit, ignoring: ignored, name: name)
    return self
  }

  /// The rows' entries of each tensor; rows that follow each other are not copied.
  public func batch(at rows: [Int], key: RandomKey) -> [Tensor] { tensors.map { $0.rows(rows) } }
}
