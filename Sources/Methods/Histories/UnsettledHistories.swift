import Tables

/// Features of histories that were still growing when the rows to learn from were made.
///
/// Histories begin with the data. Until they are as long as their windows, counts, sums and shares of first meetings rise by
/// themselves; what is learned of their sizes then does not hold later. Rows since, whose outcomes are not yet known,
/// show which features have moved: they cost no label and tell nothing of the test.
public enum UnsettledHistories {
  /// The largest distance of two distributions (Kolmogorov-Smirnov) at which a feature counts as settled: a fifth of the
  /// rows may lie elsewhere.
  public static let bound = 0.2
  /// The fewest rows on either side that are worth comparing.
  public static let fewest = 500

  /// The features, in the order given, that lie elsewhere for later rows.
  ///
  /// - Parameters:
  ///   - names: the features to look at; columns of both tables.
  ///   - learned: the rows to learn from.
  ///   - later: those between them and the test.
  /// - Throws: a `schema` error for a column that is not there.
  public static func names(_ names: [String], learned: Table, later: Table) throws -> [String] {
    guard later.rowCount >= fewest, learned.rowCount >= fewest else { return [] }
    // The clock does not grow: a short stretch of other hours or weekdays says nothing of it.
    return try names.filter { name in
      if name.hasPrefix("clock.") { return false }
      return distance(try learned.column(name).numbers(), try later.column(name).numbers()) > bound
    }
  }

  /// The largest difference of the shares of values up to a bound, over all bounds; missing values lie below all others.
  static func distance(_ first: [Double], _ second: [Double]) -> Double {
    let (first, second) = (ordered(first), ordered(second))
    var (i, j, largest) = (0, 0, 0.0)
    while i < first.count && j < second.count {
      let value = min(first[i], second[j])
      while i < first.count && first[i] <= value { i += 1 }
      while j < second.count && second[j] <= value { j += 1 }
      largest = max(largest, abs(Double(i) / Double(first.count) - Double(j) / Double(second.count)))
    }
    return largest
  }

  private static func ordered(_ values: [Double]) -> [Double] {
    values.map { $0.isNaN ? -.infinity : $0 }.sorted()
  }
}
