import Basics
import Tensors

/// Rows that are sequences of unlike lengths: a batch is filled up to its longest.
///
/// A batch is [sequences [rows, longest, ...], lengths [rows] in int32] and then the rows' entries of the companions,
/// such as labels. With `BatchSampler.Order.bucketed` rows of like lengths meet in a batch, and little is filled up.
public struct SequenceDataset: Dataset {
  private let sequences: [Tensor]
  private let companions: [Tensor]
  private let filling: Double
  private let element: [Int]
  private let type: ElementType

  /// Sequences of elements of one shape.
  ///
  /// - Parameters:
  ///   - sequences: One per row, each [length, ...] with at least one element.
  ///   - companions: Tensors with one entry per row along the first axis.
  ///   - filling: What follows behind the end of a sequence; 0 unless given.
  /// - Throws: a `data` error that names the row whose shape or type differs or that is empty, or says that numbers of
  ///   rows differ.
  public init(_ sequences: [Tensor], companions: [Tensor] = [], filling: Double = 0) throws {
    guard let first = sequences.first else {
      throw AssayError(.data, "the data set has no rows", remedy: "give at least one sequence")
    }
    for (row, sequence) in sequences.enumerated() {
      guard sequence.rank > 0, sequence.shape[0] > 0 else {
        throw AssayError(
          .data, "the sequence is empty", at: "row \(row)", remedy: "leave the row out, or give it one element")
      }
      guard sequence.shape.dropFirst() == first.shape.dropFirst(), sequence.type == first.type else {
        throw AssayError(
          .data,
          "its elements are \(sequence.type) of shape \(Array(sequence.shape.dropFirst())), those of row 0 are "
            + "\(first.type) of shape \(Array(first.shape.dropFirst()))", at: "row \(row)",
          remedy: "give all sequences elements of one shape and type")
      }
    }
    for (index, companion) in companions.enumerated() where companion.shape.first != sequences.count {
      throw AssayError(
        .data, "its shape \(companion.shape) does not begin with the \(sequences.count) rows",
        at: "companion \(index) of the sequences", remedy: "give it one entry per sequence")
    }
    self.sequences = sequences.map { $0.detached() }
    self.companions = companions.map { $0.detached() }
    self.filling = filling
    element = Array(first.shape.dropFirst())
    type = first.type
  }

  /// Sequences of numbered tokens, in int32.
  ///
  /// - Parameters:
  ///   - tokens: One list per row, none empty.
  ///   - vocabulary: Tokens are in 0 ..< vocabulary.
  ///   - companions: Tensors with one entry per row along the first axis.
  ///   - filling: The token that follows behind the end; 0 unless given.
  /// - Throws: a `data` error that names the row of an empty list or of a token out of range.
  public init(tokens: [[Int]], vocabulary: Int, companions: [Tensor] = [], filling: Int = 0) throws {
    let limit = min(vocabulary, Int(Int32.max))
    for (row, list) in tokens.enumerated() {
      guard let token = list.first(where: { $0 < 0 || $0 >= limit }) else { continue }
      throw AssayError(
        .data, "the token \(token) is not between 0 and \(limit - 1)", at: "row \(row)",
        remedy: "give tokens of the vocabulary, or enlarge it")
    }
    try self.init(tokens.map { Tensor($0.map { Int32($0) }) }, companions: companions, filling: Double(filling))
  }

  /// The number of sequences.
  public var count: Int { sequences.count }

  /// The number of elements of a sequence.
  public func length(of row: Int) -> Int? { sequences[row].shape[0] }

  /// The sequences filled up to the longest, their lengths, and the companions' entries.
  public func batch(at rows: [Int], key: RandomKey) -> [Tensor] {
    let lengths = rows.map { sequences[$0].shape[0] }
    let longest = lengths.max() ?? 0
    let filled = Tensor(repeating: filling, shape: [rows.count, longest] + element, type: type)
    let size = element.reduce(1, *) * type.byteCount
    for (place, row) in rows.enumerated() {
      let target = filled.storage.pointer + place * longest * size
      sequences[row].withBytes { if let start = $0.baseAddress { target.copyMemory(from: start, byteCount: $0.count) } }
    }
    return [filled, Tensor(lengths.map { Int32($0) })] + companions.map { $0.rows(rows) }
  }
}
