import Tables

/// Divisions of test rows by which coverage is measured: columns with few levels.
enum SegmentColumns {
  /// The value of each row in each of at most six columns with 2 to 12 levels, those with the fewest levels first.
  static func segmentings(_ table: Table) -> [(name: String, values: [String])] {
    let found: [(name: String, values: [String], levels: Int)] = table.columns.compactMap { column in
      guard column.kind == .category || column.kind == .boolean else { return nil }
      let values = (0..<column.count).map { column.text(at: $0) ?? "missing" }
      let levels = Set(values).count
      return (2...12).contains(levels) ? (column.name, values, levels) : nil
    }
    return found.sorted { ($0.levels, $0.name) < ($1.levels, $1.name) }.prefix(6).map { ($0.name, $0.values) }
  }
}
