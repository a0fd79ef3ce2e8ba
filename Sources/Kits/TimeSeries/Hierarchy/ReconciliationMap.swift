import Basics

/// The linear map from the forecasts of all nodes to coherent ones, and what it is made from.
struct ReconciliationMap {
  /// Row by row, nodes x nodes.
  let matrix: [Double]
  let count: Int

  /// The coherent values of one step.
  func apply(_ values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    matrix.withUnsafeBufferPointer { matrix in
      values.withUnsafeBufferPointer { values in
        guard let row = matrix.baseAddress, let values = values.baseAddress else { return }
        for i in 0..<count { result[i] = ColumnRegression.dot(row + i * count, values, count) }
      }
    }
    return result
  }

  /// Sums of the bottom nodes.
  static func bottomUp(_ hierarchy: Hierarchy) -> ReconciliationMap {
    let count = hierarchy.count
    var matrix = [Double](repeating: 0, count: count * count)
    for (node, members) in hierarchy.members.enumerated() {
      for member in members { matrix[node * count + hierarchy.aggregateCount + member] = 1 }
    }
    return ReconciliationMap(matrix: matrix, count: count)
  }

  /// Shares of the first node.
  static func topDown(_ hierarchy: Hierarchy, shares: [Double]) -> ReconciliationMap {
    let count = hierarchy.count
    var matrix = [Double](repeating: 0, count: count * count)
    for (node, members) in hierarchy.members.enumerated() {
      matrix[node * count] = members.reduce(0) { $0 + shares[$1] }
    }
    return ReconciliationMap(matrix: matrix, count: count)
  }

  /// The projection that changes the forecasts least where they are surest: I - W C' (C W C')^-1 C, where C y = 0 says
  /// that y is coherent and W is the covariance of the forecasts' errors. It equals S (S' W^-1 S)^-1 S' W^-1 but needs a
  /// system of the size of the sums only.
  ///
  /// - Returns: Nil where the covariance is not positive definite.
  static func projection(_ hierarchy: Hierarchy, covariance: ErrorCovariance) -> ReconciliationMap? {
    let (count, sums) = (hierarchy.count, hierarchy.aggregateCount)
    var matrix = [Double](repeating: 0, count: count * count)
    for i in 0..<count { matrix[i * count + i] = 1 }
    guard sums > 0 else { return ReconciliationMap(matrix: matrix, count: count) }
    // product = W C', nodes x sums: column a is W's column a less those of its members.
    var product = [Double](repeating: 0, count: count * sums)
    for a in 0..<sums {
      for i in 0..<count {
        var value = covariance[i, a]
        for member in hierarchy.members[a] { value -= covariance[i, sums + member] }
        product[i * sums + a] = value
      }
    }
    var system = [Double](repeating: 0, count: sums * sums)
    for a in 0..<sums {
      for b in 0..<sums {
        var value = product[a * sums + b]
        for member in hierarchy.members[a] { value -= product[(sums + member) * sums + b] }
        system[a * sums + b] = value
      }
    }
    guard SymmetricSystem.factor(&system, size: sums) else { return nil }
    var weights = [Double](repeating: 0, count: sums)
    for i in 0..<count {
      for a in 0..<sums { weights[a] = product[i * sums + a] }
      SymmetricSystem.substitute(system, size: sums, &weights)
      for a in 0..<sums {
        matrix[i * count + a] -= weights[a]
        for member in hierarchy.members[a] { matrix[i * count + sums + member] += weights[a] }
      }
    }
    return ReconciliationMap(matrix: matrix, count: count)
  }
}

/// The covariance of the errors of all nodes, whole or only its diagonal.
struct ErrorCovariance {
  let count: Int
  private(set) var diagonal: [Double]
  /// Row by row; empty where nodes are taken as uncorrelated.
  private(set) var whole: [Double] = []

  subscript(_ i: Int, _ j: Int) -> Double {
    if whole.isEmpty { return i == j ? diagonal[i] : 0 }
    return whole[i * count + j]
  }

  init(diagonal: [Double]) {
    count = diagonal.count
    // A node without errors would be held as it is; a small variance lets sums stay consistent.
    let scale = diagonal.reduce(0, max)
    self.diagonal = diagonal.map { max($0, scale * 1e-10, .leastNormalMagnitude) }
  }

  /// Sample covariances drawn towards the diagonal by the intensity of Schäfer and Strimmer, "A shrinkage approach to
  /// large-scale covariance matrix estimation", Statistical Applications in Genetics and Molecular Biology 4 (2005), as
  /// Wickramasuriya, Athanasopoulos and Hyndman 2019 use it.
  ///
  /// - Parameter rows: Errors of all nodes at the same steps, without missing ones; at least 3.
  init(shrinking rows: [[Double]]) {
    let n = Double(rows.count)
    let count = rows[0].count
    self.init(diagonal: (0..<count).map { node in rows.reduce(0) { $0 + $1[node] * $1[node] } / n })
    let scales = diagonal.map { $0.squareRoot() }
    var (spread, size) = (0.0, 0.0)
    var correlations = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      correlations[i * count + i] = 1
      for j in 0..<i {
        var (sum, squares) = (0.0, 0.0)
        for row in rows {
          let product = row[i] * row[j] / (scales[i] * scales[j])
          sum += product
          squares += product * product
        }
        let correlation = sum / n
        correlations[i * count + j] = correlation
        correlations[j * count + i] = correlation
        spread += (squares - sum * sum / n) / (n * (n - 1))
        size += correlation * correlation
      }
    }
    let intensity = size > 0 ? min(1, max(0.01, spread / size)) : 1
    whole = correlations
    for i in 0..<count {
      for j in 0..<count {
        whole[i * count + j] *= (i == j ? 1 : 1 - intensity) * scales[i] * scales[j]
      }
    }
  }
}
