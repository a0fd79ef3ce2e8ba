import Basics
import Evaluation

extension Reconciliation {
  /// The steps at which all nodes have an error, one row each.
  static func commonRows(_ residuals: [[Double]]) -> [[Double]] {
    guard let count = residuals.first?.count else { return [] }
    return (0..<count).compactMap { step in
      let row = residuals.map { $0[step] }
      return row.allSatisfy(\.isFinite) ? row : nil
    }
  }

  /// The shares of the bottom series.
  static func shares(_ bottom: [[Double]], ofMeans: Bool) throws -> [Double] {
    let steps = (0..<(bottom.map(\.count).min() ?? 0)).filter { step in bottom.allSatisfy { $0[step].isFinite } }
    var sums = [Double](repeating: 0, count: bottom.count)
    var used = 0.0
    for step in steps {
      let total = ofMeans ? 1 : bottom.reduce(0) { $0 + $1[step] }
      guard total != 0 else { continue }
      used += 1
      for node in bottom.indices { sums[node] += bottom[node][step] / total }
    }
    let whole = ofMeans ? sums.reduce(0, +) : used
    guard whole != 0 else {
      throw AssayError(
        .data, "the bottom series sum to zero, so they have no shares", at: "hierarchy", remedy: "use another method")
    }
    return sums.map { $0 / whole }
  }

  /// The standard deviation that the outermost quantiles of a step have if it is normal.
  static func deviation(_ forecast: Forecast, _ step: Int) -> Double {
    guard let low = forecast.levels.first, let high = forecast.levels.last else { return 0 }
    if low < high {
      let width = forecast.quantiles[forecast.quantiles.count - 1][step] - forecast.quantiles[0][step]
      return max(0, width / (normalQuantile(high) - normalQuantile(low)))
    }
    guard low != 0.5 else { return 0 }
    return abs((forecast.quantiles[0][step] - forecast.point[step]) / normalQuantile(low))
  }

  /// Bottom values of at least zero and their sums, if that is asked for.
  func clipped(_ values: [Double], _ hierarchy: Hierarchy) -> [Double] {
    guard isNonnegative, values.suffix(hierarchy.bottomCount).contains(where: { $0 < 0 }) else { return values }
    let bottom = values.suffix(hierarchy.bottomCount).map { max(0, $0) }
    return hierarchy.members.map { members in members.reduce(0) { $0 + bottom[$1] } }
  }

  /// Normal quantiles: the variance of M e, where e has the given spreads and the rows' shrunk correlation.
  func gaussian(
    _ map: ReconciliationMap, means: [Double], spreads: [Double], rows: [[Double]], levels: [Double]
  ) -> [[Double]] {
    let count = map.count
    let covariance = rows.count >= 3 ? ErrorCovariance(shrinking: rows) : nil
    let scales = covariance.map { $0.diagonal.map { $0.squareRoot() } } ?? []
    // The correlations times the spreads: the covariance of this step.
    var matrix = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<count {
        let correlation = covariance.map { $0[i, j] / (scales[i] * scales[j]) } ?? (i == j ? 1 : 0)
        matrix[i * count + j] = correlation * spreads[i] * spreads[j]
      }
    }
    let step = ReconciliationMap(matrix: matrix, count: count)
    return (0..<count).map { node in
      let row = Array(map.matrix[node * count..<(node + 1) * count])
      let variance = zip(row, step.apply(row)).reduce(0) { $0 + $1.0 * $1.1 }
      let deviation = max(0, variance).squareRoot()
      return levels.map { means[node] + normalQuantile($0) * deviation }
    }
  }

  /// Quantiles of coherent paths, each from errors that all nodes had at one past step.
  func bootstrap(
    _ map: ReconciliationMap, _ hierarchy: Hierarchy, base: [Double], spreads: [Double], rows: [[Double]],
    levels: [Double], paths: Int, key: RandomKey
  ) -> [[Double]] {
    let count = map.count
    let scales = (0..<count).map { node in
      rows.isEmpty ? 1 : (rows.reduce(0) { $0 + $1[node] * $1[node] } / Double(rows.count)).squareRoot()
    }
    var stream = key.stream()
    var columns = [[Double]](repeating: [], count: count)
    for _ in 0..<paths {
      var values = base
      if rows.isEmpty {
        for node in 0..<count { values[node] += spreads[node] * stream.normal() }
      } else {
        let row = rows[stream.integer(below: rows.count)]
        for node in 0..<count where scales[node] > 0 { values[node] += spreads[node] * row[node] / scales[node] }
      }
      for (node, value) in clipped(map.apply(values), hierarchy).enumerated() { columns[node].append(value) }
    }
    return columns.map { column in
      let sorted = column.sorted()
      return levels.map { interpolatedQuantile(ofSorted: sorted, $0) }
    }
  }
}
