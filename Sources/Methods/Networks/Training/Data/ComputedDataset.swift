import Basics
import Tensors

/// Rows that a function makes when they are asked for: read from files, decoded, drawn at random.
public struct ComputedDataset: Dataset {
  /// The number of rows.
  public let count: Int
  private let lengths: (@Sendable (Int) -> Int?)?
  private let body: @Sendable ([Int], RandomKey) throws -> [Tensor]

  /// Rows made by a function.
  ///
  /// - Parameters:
  ///   - count: How many rows there are.
  ///   - lengths: The length of a row, for batches of rows of like lengths; none unless given.
  ///   - body: The tensors of some rows, one entry per row along the first axis; the same rows and key must give the
  ///     same tensors. It may be called on several threads at once.
  public init(
    count: Int, lengths: (@Sendable (Int) -> Int?)? = nil,
    _ body: @escaping @Sendable (_ rows: [Int], _ key: RandomKey) throws -> [Tensor]
  ) {
    self.count = count
    self.lengths = lengths
    self.body = body
  }

  /// The length of a row, where they have any.
  public func length(of row: Int) -> Int? { lengths?(row) }

  /// What the function makes of the rows.
  ///
  /// - Throws: What the function throws.
  public func batch(at rows: [Int], key: RandomKey) throws -> [Tensor] { try body(rows, key) }
}

/// Some rows of another data set, in an order of their own.
public struct RowSubset<Whole: Dataset>: Dataset {
  private let whole: Whole
  /// The rows of the whole.
  public let rows: [Int]

  init(_ whole: Whole, _ rows: [Int]) {
    self.whole = whole
    self.rows = rows
  }

  /// The number of rows.
  public var count: Int { rows.count }

  /// The length of a row, where the whole has lengths.
  public func length(of row: Int) -> Int? { whole.length(of: rows[row]) }

  /// The tensors of the rows.
  ///
  /// - Throws: What the whole throws.
  public func batch(at rows: [Int], key: RandomKey) throws -> [Tensor] {
    try whole.batch(at: rows.map { self.rows[$0] }, key: key)
  }
}

extension Dataset {
  /// Some rows, in the order given; a row may be there more than once.
  public func subset(_ rows: [Int]) -> RowSubset<Self> {
    require(rows.allSatisfy { $0 >= 0 && $0 < count }, "subset", "a row is not in 0 ..< \(count)")
    return RowSubset(self, rows)
  }

  /// Two parts at random, such as rows to learn from and rows to judge by.
  ///
  /// - Parameter share: The share of the rows in the second part, which gets at least one row and leaves at least one.
  /// - Throws: a `data` error where there are fewer than two rows.
  public func split(share: Double, key: RandomKey) throws -> (first: RowSubset<Self>, second: RowSubset<Self>) {
    require(share > 0 && share < 1, "split", "the share must be between 0 and 1, not \(share)")
    guard count > 1 else {
      throw AssayError(.data, "\(count) rows cannot be split into two parts", remedy: "give more rows")
    }
    var random = key.stream()
    let order = random.permutation(of: count)
    let second = min(max(Int((Double(count) * share).rounded()), 1), count - 1)
    return (subset(order.dropFirst(second).sorted()), subset(order.prefix(second).sorted()))
  }

  /// The same rows with their tensors changed batch by batch, such as augmented.
  ///
  /// - Parameter change: Takes a batch and a key for what is random in it; called on several threads at once.
  public func mapped(_ change: @escaping @Sendable ([Tensor], RandomKey) throws -> [Tensor]) -> ComputedDataset {
    ComputedDataset(count: count, lengths: { length(of: $0) }) { rows, key in
      try change(batch(at: rows, key: key["source"]), key)
    }
  }
}
