import Basics

/// How the rows of a data set are dealt out into batches, the same for the same key.
public struct BatchSampler: Sendable, Codable, Hashable {
  /// The order of rows and batches.
  public enum Order: Sendable, Codable, Hashable {
    /// As they are.
    case given
    /// Shuffled, anew in each epoch.
    case shuffled
    /// Shuffled, then sorted by length within pools of some batches, and the batches of all pools shuffled: rows of like
    /// lengths meet, and still meet others in each epoch. Needs a data set with lengths; 50 batches are a usual pool.
    case bucketed(pool: Int)
  }

  /// The most rows of a batch.
  public var batchSize: Int
  /// The order of rows and batches.
  public var order: Order
  /// Whether a last batch with fewer rows is left out.
  public var dropsLast: Bool

  /// A way to deal out rows.
  ///
  /// - Parameters:
  ///   - batchSize: 32 unless given.
  ///   - order: Shuffled unless given.
  ///   - dropsLast: Whether a last batch with fewer rows is left out; false unless set.
  public init(batchSize: Int = 32, order: Order = .shuffled, dropsLast: Bool = false) {
    self.batchSize = batchSize
    self.order = order
    self.dropsLast = dropsLast
  }

  /// The number of batches of one epoch over that many rows.
  public func batchCount(rows: Int) -> Int { dropsLast ? rows / batchSize : (rows + batchSize - 1) / batchSize }

  /// The rows of each batch of one epoch.
  ///
  /// Without `dropsLast` every row is in one batch.
  ///
  /// - Parameter key: The epoch's key.
  /// - Throws: a `data` error where there is no batch, a `configuration` error for buckets without lengths.
  public func batches(of data: some Dataset, key: RandomKey) throws -> [[Int]] {
    try check(data)
    var random = key.stream()
    switch order {
    case .given: return cut(Array(0..<data.count))
    case .shuffled: return cut(random.permutation(of: data.count))
    case .bucketed(let pool):
      var rows = random.permutation(of: data.count)
      if dropsLast { rows.removeLast(rows.count % batchSize) }
      let lengths = rows.map { data.length(of: $0) ?? 0 }
      var batches: [[Int]] = []
      for start in stride(from: 0, to: rows.count, by: pool * batchSize) {
        let places = (start..<min(rows.count, start + pool * batchSize)).sorted {
          (lengths[$0], $0) < (lengths[$1], $1)
        }
        batches += cut(places.map { rows[$0] })
      }
      return random.permutation(of: batches.count).map { batches[$0] }
    }
  }

  private func cut(_ rows: [Int]) -> [[Int]] {
    (0..<batchCount(rows: rows.count)).map {
      Array(rows[$0 * batchSize..<min(rows.count, ($0 + 1) * batchSize)])
    }
  }

  private func check(_ data: some Dataset) throws {
    guard batchSize > 0 else {
      throw AssayError(
        .configuration, "a batch of \(batchSize) rows is none", remedy: "choose a batch size of 1 or more")
    }
    guard data.count > 0 else { throw AssayError(.data, "the data set has no rows", remedy: "give at least one row") }
    guard batchCount(rows: data.count) > 0 else {
      throw AssayError(
        .data, "\(data.count) rows do not fill one batch of \(batchSize), and smaller ones are left out",
        remedy: "choose a smaller batch size, or keep the last batch")
    }
    guard case .bucketed(let pool) = order else { return }
    guard pool > 0, data.length(of: 0) != nil else {
      throw AssayError(
        .configuration, pool > 0 ? "the rows have no lengths to sort by" : "a pool of \(pool) batches is none",
        remedy: "shuffle the rows, or give a data set with lengths and a pool of one batch or more")
    }
  }
}
