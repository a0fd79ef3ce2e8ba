import Basics

/// Who does what at the least total cost: each row gets a column of its own.
///
/// Shortest augmenting paths with dual prices, in time rows^2 * columns. Paper: Jonker and Volgenant, "A shortest
/// augmenting path algorithm for dense and sparse linear assignment problems", Computing 38 (1987), after Kuhn's
/// Hungarian method (1955).
public struct Assignment: Sendable, Hashable, Codable {
  /// The column of each row; nil only where there are more rows than columns.
  public let columns: [Int?]
  /// The total cost.
  public let cost: Double

  /// The cheapest assignment of as many rows as there are columns for, all rows if there are enough.
  ///
  /// - Parameter costs: Rows of equal length; infinity forbids a pair.
  /// - Throws: a `configuration` error for lengths that differ, for costs that are not numbers, or where forbidden pairs
  ///   leave a row without a column.
  public init(costs: [[Double]]) throws(AssayError) {
    let width = costs.first?.count ?? 0
    for (row, line) in costs.enumerated() {
      guard line.count == width else {
        throw AssayError(.configuration, "row \(row) has \(line.count) costs, the first one \(width)", at: "Assignment")
      }
      if let column = line.firstIndex(where: { $0.isNaN || $0 == -.infinity }) {
        throw AssayError(
          .configuration, "the cost of row \(row), column \(column) is \(line[column])", at: "Assignment")
      }
    }
    var matched: [Int?]
    if costs.count <= width {
      matched = try Assignment.augment(costs, side: "row")
    } else {
      let transposed = (0..<width).map { column in costs.map { $0[column] } }
      matched = Array(repeating: nil, count: costs.count)
      for (column, row) in try Assignment.augment(transposed, side: "column").enumerated() {
        if let row { matched[row] = column }
      }
    }
    columns = matched
    cost = matched.enumerated().reduce(0) { total, pair in total + (pair.element.map { costs[pair.offset][$0] } ?? 0) }
  }

  /// The column of each row; there are at least as many columns as rows.
  private static func augment(_ costs: [[Double]], side: String) throws(AssayError) -> [Int?] {
    let width = costs.first?.count ?? 0
    var rowOf = [Int](repeating: -1, count: width)
    var rowPrice = [Double](repeating: 0, count: costs.count)
    var columnPrice = [Double](repeating: 0, count: width)
    for start in costs.indices {
      // Dijkstra's search over columns from this row, with reduced costs that are never negative.
      var distance = [Double](repeating: .infinity, count: width)
      var parent = [Int](repeating: -1, count: width)
      var isDone = [Bool](repeating: false, count: width)
      var reached: [Int] = []
      var (row, base, last) = (start, 0.0, -1)
      while true {
        var (nearest, least) = (-1, Double.infinity)
        for column in 0..<width where !isDone[column] {
          let length = base + costs[row][column] - rowPrice[row] - columnPrice[column]
          if length < distance[column] {
            distance[column] = length
            parent[column] = last
          }
          if distance[column] < least { (nearest, least) = (column, distance[column]) }
        }
        guard nearest >= 0 else {
          throw AssayError(
            .configuration, "\(side) \(start) cannot be assigned: what it may take is needed by others",
            at: "Assignment", remedy: "allow more pairs")
        }
        isDone[nearest] = true
        base = least
        last = nearest
        if rowOf[nearest] < 0 { break }
        reached.append(nearest)
        row = rowOf[nearest]
      }
      // Prices rise by what the search saved, so that reduced costs stay above zero.
      rowPrice[start] += base
      for column in reached {
        rowPrice[rowOf[column]] += base - distance[column]
        columnPrice[column] -= base - distance[column]
      }
      while last >= 0 {
        let before = parent[last]
        rowOf[last] = before >= 0 ? rowOf[before] : start
        last = before
      }
    }
    var result = [Int?](repeating: nil, count: costs.count)
    for (column, row) in rowOf.enumerated() where row >= 0 { result[row] = column }
    return result
  }
}
