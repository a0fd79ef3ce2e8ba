import Basics

/// A series and its regressors, ready for estimation with any order.
struct ARIMAProblem {
  /// The series from its first observed value on.
  let values: [Double]
  /// The same with missing values interpolated.
  let filled: [Double]
  /// The regressors in levels, from the same step on and beyond the end for the horizon.
  let regressors: [[Double]]
  let names: [String]
  /// The missing values before the first observed one.
  let skipped: Int

  /// The largest state for which missing values are filtered exactly; beyond it they are interpolated.
  static let largestExactState = 150

  init(_ values: [Double], season: Int, regressors: [[Double]] = [], names: [String] = []) {
    skipped = values.firstIndex { !$0.isNaN } ?? 0
    self.values = Array(values[skipped...])
    let interpolation = SeasonalInterpolation(season: season)
    filled = self.values.contains { $0.isNaN } ? interpolation.fill(self.values) : self.values
    let first = skipped
    self.regressors = regressors.map { Array($0[first...]) }
    self.names = names
  }

  var hasMissing: Bool { values.contains { $0.isNaN } }

  /// The level whose difference is one: what the constant of the differenced series is regressed on.
  static func constantLevels(_ order: ARIMAOrder, count: Int) -> [Double] {
    switch (order.d, order.seasonalD) {
    case (0, 0): [Double](repeating: 1, count: count)
    case (1, 0): (0..<count).map(Double.init)
    case (0, 1): (0..<count).map { Double($0) / Double(order.season) }
    default: stop("ARIMA", "a constant with \(order.d) and \(order.seasonalD) seasonal differences")
    }
  }

  /// The regressors that an order is estimated with, in levels, the constant first; each divided by its scale.
  func design(_ order: ARIMAOrder, count: Int) -> (columns: [[Double]], scales: [Double]) {
    var columns = regressors.map { Array($0.prefix(count)) }
    if order.hasConstant { columns.insert(ARIMAProblem.constantLevels(order, count: count), at: 0) }
    var scales: [Double] = []
    for c in columns.indices {
      let moves = order.differenced(Array(columns[c].prefix(values.count)))
      let square = moves.reduce(0) { $0 + $1 * $1 } / Double(max(moves.count, 1))
      let size = columns[c].reduce(0) { max($0, abs($1)) }
      // A column that differencing makes zero cannot be learned from; its slope stays zero.
      let scale = square > 1e-20 * size * size ? square.squareRoot() : 0
      scales.append(scale)
      columns[c] = columns[c].map { scale > 0 ? $0 / scale : 0 }
    }
    return (columns, scales)
  }

  /// A filter for orders with the differences and the constant of `order`, up to a size of the state.
  ///
  /// - Parameter exactly: Whether missing values are filtered as missing, where the state is small enough.
  func filter(_ order: ARIMAOrder, capacity: Int, exactly: Bool) -> any InnovationFilter {
    let (columns, _) = design(order, count: values.count)
    if exactly && isFilteredExactly(order) {
      return MissingValueFilter([values] + columns, order: order, capacity: capacity)
    }
    return FastARMAFilter(([filled] + columns).map(order.differenced), capacity: capacity)
  }

  func isFilteredExactly(_ order: ARIMAOrder) -> Bool {
    hasMissing && order.stateSize + order.lostSteps <= ARIMAProblem.largestExactState
  }

  /// The series without the part that ordinary least squares gives to the regressors: what orders are chosen by.
  var unexplained: [Double] {
    guard !regressors.isEmpty else { return filled }
    let columns = design(ARIMAOrder(0, 0, 0, hasConstant: true), count: filled.count).columns
    let regression = ColumnRegression(count: filled.count, columns: columns.count)
    var rest = filled
    let data = filled + columns.flatMap { $0 }
    data.withUnsafeBufferPointer { data in
      rest.withUnsafeMutableBufferPointer { rest in
        guard let from = data.baseAddress, let into = rest.baseAddress else { return }
        _ = regression.residuals(from, into: into)
      }
    }
    return rest
  }
}
