import CKernels

/// Coordinate descent on the columns themselves, for designs too wide for the products of all pairs.
///
/// A visit of a sparse column costs its stored entries: what centring adds to all rows is kept as one number, `shift`
/// times the curvature.
struct ColumnDescent {
  /// Columns that may move at the present lambda, ascending.
  private var eligible: [Int] = []
  private var isEligible: [Bool]
  /// Gradients at the solution of the lambda before, for the strong rule.
  private var gradient: [Double]?

  init(columnCount: Int) {
    isEligible = Array(repeating: false, count: columnCount)
  }

  /// Keeps what was eligible and adds the columns that the sequential strong rule cannot discard.
  mutating func selectEligible(lambda: Double, previous: Double, l1Ratio: Double) {
    guard let gradient else { return }
    let bound = l1Ratio * (2 * lambda - previous)
    for column in gradient.indices where abs(gradient[column]) >= bound { isEligible[column] = true }
    eligible = isEligible.indices.filter { isEligible[$0] }
  }

  /// Adds columns whose gradient breaks the optimality condition of a zero coefficient; false if there are none.
  mutating func addViolators(_ gradient: [Double], bound: Double) -> Bool {
    self.gradient = gradient
    var found = false
    let slack = 1e-9 * bound
    for column in gradient.indices where !isEligible[column] && abs(gradient[column]) > bound + slack {
      isEligible[column] = true
      found = true
    }
    if found { eligible = isEligible.indices.filter { isEligible[$0] } }
    return found
  }

  /// Solves the quadratic problem with these first and second derivatives per row over the eligible columns.
  func solve(
    _ design: DesignMatrix, residual: [Double], curvature: [Double], coefficients: [Double], l1: Double, l2: Double,
    tolerance: Double
  ) -> QuadraticSolution {
    let columns = design.columns.count
    var slopes = residual
    var steps = [Double](repeating: 0, count: columns + 1)
    var statistics = [ColumnStatistics?](repeating: nil, count: columns)
    var shift = 0.0
    let totalCurvature = curvature.reduce(0, +)
    // The sum over rows of slope + shift * curvature.
    var total = residual.reduce(0, +)
    var change = 0.0
    slopes.withUnsafeMutableBufferPointer { slopes in
      curvature.withUnsafeBufferPointer { curvature in
        func improve(_ index: Int) -> Double {
          let column = design.columns[index]
          let statistic: ColumnStatistics
          if let known = statistics[index] {
            statistic = known
          } else {
            statistic = ColumnStatistics(column, curvature, total: totalCurvature)
            statistics[index] = statistic
          }
          guard statistic.curvature + l2 > 0 else { return 0 }
          let slope: Double
          switch column.storage {
          case .dense(let values):
            slope =
              values.withUnsafeBufferPointer {
                assay_dot_mixed($0.baseAddress!, slopes.baseAddress!, design.rowCount)
              } + shift * statistic.sum
          case .sparse(let rows, let values):
            let stored = storedDot(rows, values, UnsafeBufferPointer(slopes))
            slope = (stored + shift * statistic.storedSum - column.mean * total) / column.scale
          }
          let old = coefficients[index] + steps[index]
          let move = softThreshold(statistic.curvature * old - slope, l1) / (statistic.curvature + l2) - old
          if move == 0 { return 0 }
          steps[index] += move
          total += move * statistic.sum
          switch column.storage {
          case .dense(let values):
            values.withUnsafeBufferPointer {
              assay_add_weighted(
                move, curvature.baseAddress!, $0.baseAddress!, slopes.baseAddress!, design.rowCount)
            }
          case .sparse(let rows, let values):
            let factor = move / column.scale
            shift -= factor * column.mean
            rows.withUnsafeBufferPointer { rows in
              values.withUnsafeBufferPointer { values in
                for position in rows.indices {
                  let row = Int(rows[position])
                  slopes[row] += factor * curvature[row] * Double(values[position])
                }
              }
            }
          }
          return statistic.curvature * move * move
        }
        func improveIntercept() -> Double {
          guard totalCurvature > 0 else { return 0 }
          let move = -total / totalCurvature
          steps[columns] += move
          shift += move
          total = 0
          return totalCurvature * move * move
        }
        for _ in 0..<50 {
          var moved = improveIntercept()
          for index in eligible { moved = max(moved, improve(index)) }
          if moved < tolerance { break }
          let active = eligible.filter { coefficients[$0] + steps[$0] != 0 }
          for _ in 0..<200 {
            var moved = improveIntercept()
            for index in active { moved = max(moved, improve(index)) }
            if moved < tolerance { break }
          }
        }
        for index in eligible {
          if let statistic = statistics[index] {
            change = max(change, statistic.curvature * steps[index] * steps[index])
          }
        }
        change = max(change, totalCurvature * steps[columns] * steps[columns])
      }
    }
    return QuadraticSolution(steps: steps, change: change)
  }
}

/// Sums of a standardised column under the curvature of a step.
private struct ColumnStatistics {
  /// The sum of curvature times raw stored numbers; sparse columns only.
  let storedSum: Double
  /// The sum of curvature times standardised numbers.
  let sum: Double
  /// The sum of curvature times squared standardised numbers.
  let curvature: Double

  init(_ column: DesignColumn, _ weights: UnsafeBufferPointer<Double>, total: Double) {
    switch column.storage {
    case .dense(let values):
      storedSum = 0
      (sum, curvature) = values.withUnsafeBufferPointer {
        (
          assay_dot_mixed($0.baseAddress!, weights.baseAddress!, weights.count),
          assay_weighted_squares($0.baseAddress!, weights.baseAddress!, weights.count)
        )
      }
    case .sparse(let rows, let values):
      storedSum = storedDot(rows, values, weights)
      var squares = 0.0
      for (row, value) in zip(rows, values) { squares += weights[Int(row)] * Double(value) * Double(value) }
      sum = (storedSum - column.mean * total) / column.scale
      let mean = column.mean
      curvature = max(0, squares - 2 * mean * storedSum + mean * mean * total) / (column.scale * column.scale)
    }
  }
}
