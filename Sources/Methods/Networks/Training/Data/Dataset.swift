import Basics
import Kernels
import Tensors

/// Rows that a model is trained or judged on, handed out in batches.
///
/// A value or an immutable object: batches may be prepared on several threads at once, ahead of their use.
public protocol Dataset: Sendable {
  /// The number of rows.
  var count: Int { get }

  /// The length of a row, for batches of rows of like lengths; nil, as unless said otherwise, where rows have none.
  func length(of row: Int) -> Int?

  /// The tensors of some rows, each with the rows along its first axis in the order given.
  ///
  /// - Parameters:
  ///   - rows: Numbers from 0 to `count` - 1.
  ///   - key: For what is random in a batch, such as augmentation; the same rows and key give the same tensors.
  /// - Throws: `AssayError` for values that cannot be learned from, or data that cannot be read.
  func batch(at rows: [Int], key: RandomKey) throws -> [Tensor]
}

extension Dataset {
  /// Nil: rows have no lengths, unless a data set says otherwise.
  public func length(of row: Int) -> Int? { nil }
}

/// Checks that whole numbers are in 0 ..< limit: labels of classes, tokens of a vocabulary.
///
/// - Parameters:
///   - indices: Whole numbers of any shape, or floating-point numbers that are whole.
///   - limit: The number of classes or of rows in the table that they point to.
///   - ignored: A value that stands for "none" and passes too, such as -1; none unless given.
///   - name: What they are, for the message: "labels".
/// - Throws: a `data` error that names the first value out of range and its row.
public func checkIndices(_ indices: Tensor, below limit: Int, ignoring ignored: Int? = nil, name: String) throws {
  let width = indices.shape.dropFirst().reduce(1, *)
  func refuse(_ value: String, _ position: Int) -> AssayError {
    AssayError(
      .data, "the value \(value) is not between 0 and \(limit - 1)",
      at: "\(name), row \(width > 0 ? position / width : 0)", remedy: "number what they stand for from 0 up")
  }
  func check<Element: TensorElement & BinaryInteger>(_ type: Element.Type) throws {
    try withExtendedLifetime(indices) {
      let start = indices.pointer(type)
      for position in 0..<indices.count {
        let value = start[position]
        if value < 0 || value >= limit, ignored.map({ value != $0 }) ?? true { throw refuse("\(value)", position) }
      }
    }
  }
  switch indices.type {
  case .int32: try check(Int32.self)
  case .int64: try check(Int64.self)
  case .uint8: try check(UInt8.self)
  default:
    for (position, value) in indices.doubles.enumerated() {
      guard value == value.rounded(), value >= 0, value < Double(limit) else {
        if let ignored, value == Double(ignored) { continue }
        throw refuse("\(value)", position)
      }
    }
  }
}

/// Checks that a batch is one: some tensors, all with one row per row asked for.
func checkBatch(_ batch: [Tensor], rows: [Int], _ place: String) throws {
  if batch.isEmpty {
    throw AssayError(.data, "a batch has no tensors", at: place, remedy: "give one tensor for each kind of value")
  }
  for (index, tensor) in batch.enumerated() where tensor.shape.first != rows.count {
    throw AssayError(
      .data, "tensor \(index) of a batch of \(rows.count) rows has shape \(tensor.shape)",
      at: "\(place), rows \(rows.prefix(3).map(String.init).joined(separator: ", "))\(rows.count > 3 ? ", ..." : "")",
      remedy: "give every tensor one entry per row along its first axis")
  }
}

extension Tensor {
  /// Entries of the first axis, copied in the order given; a view without a copy where they follow each other.
  func rows(_ rows: [Int]) -> Tensor {
    let width = shape.dropFirst().reduce(1, *)
    let result = [rows.count] + shape.dropFirst()
    if let first = rows.first, rows.indices.allSatisfy({ rows[$0] == first + $0 }) {
      return detached().viewed(as: result, offset: first * width)
    }
    let copy = Tensor(uninitialized: result, type, for: "batch")
    let size = width * type.byteCount
    let (source, target) = (storage.pointer + offset * type.byteCount, copy.storage.pointer)
    rows.withUnsafeBufferPointer { rows in
      forEachPart(of: rows.count, grain: Swift.max(1, (1 << 16) / Swift.max(size, 1))) { part in
        for i in part { (target + i * size).copyMemory(from: source + rows[i] * size, byteCount: size) }
      }
    }
    return copy
  }
}
