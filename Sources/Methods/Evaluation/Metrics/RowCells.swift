/// Rows counted in cells: pairs of true and predicted class, or ranges of predicted probability.
struct RowCells: Sendable {
  enum Finish: Sendable {
    case f1(classes: Int)
    case balancedAccuracy(classes: Int)
    case calibrationError
  }

  /// The cell of each row.
  let cells: [Int32]
  let cellCount: Int
  /// What is summed per cell: the row's weight, or its weight times (probability - outcome).
  let summands: [Double]?
  /// Row weights; nil if all are one.
  let weights: [Double]?
  let finish: Finish

  init(confusion metric: Metric, _ labels: [Double], _ predictions: Predictions, _ weights: [Double]?) {
    let classes = predictions.width
    cells = labels.indices.map { Int32(Int(labels[$0]) * classes + predictions.mostProbable($0)) }
    cellCount = classes * classes
    summands = weights
    self.weights = weights
    finish = metric == .f1 ? .f1(classes: classes) : .balancedAccuracy(classes: classes)
  }

  init(calibration labels: [Double], _ predictions: Predictions, _ weights: [Double]?) {
    let (probabilities, outcomes) = calibrationPairs(labels: labels, predictions: predictions)
    (cells, cellCount) = equalCountRanges(of: probabilities, ranges: 15)
    summands = probabilities.indices.map { (probabilities[$0] - outcomes[$0]) * (weights?[$0] ?? 1) }
    self.weights = weights
    finish = .calibrationError
  }

  func value(_ counts: UnsafePointer<UInt8>?) -> Double {
    var sums = [Double](repeating: 0, count: cellCount)
    sums.withUnsafeMutableBufferPointer { sums in
      cells.withUnsafeBufferPointer { cells in
        if let summands {
          for row in 0..<cells.count {
            sums[Int(cells[row])] += summands[row] * (counts.map { Double($0[row]) } ?? 1)
          }
        } else {
          for row in 0..<cells.count { sums[Int(cells[row])] += counts.map { Double($0[row]) } ?? 1 }
        }
      }
    }
    switch finish {
    case .f1(let classes): return f1(sums, classes)
    case .balancedAccuracy(let classes): return balancedAccuracy(sums, classes)
    case .calibrationError:
      let total = RowMeans.sum(weights, rows: cells.count, counts)
      return total > 0 ? sums.reduce(0) { $0 + abs($1) } / total : .nan
    }
  }

  private func f1(_ sums: [Double], _ classes: Int) -> Double {
    var sum = 0.0
    var present = 0.0
    for positive in (classes == 2 ? 1..<2 : 0..<classes) {
      var truth = 0.0
      var predicted = 0.0
      for other in 0..<classes {
        truth += sums[positive * classes + other]
        predicted += sums[other * classes + positive]
      }
      if truth + predicted == 0 { continue }
      sum += 2 * sums[positive * classes + positive] / (truth + predicted)
      present += 1
    }
    return present > 0 ? sum / present : 0
  }

  private func balancedAccuracy(_ sums: [Double], _ classes: Int) -> Double {
    var sum = 0.0
    var present = 0.0
    for truth in 0..<classes {
      let rows = sums[truth * classes..<(truth + 1) * classes].reduce(0, +)
      if rows == 0 { continue }
      sum += sums[truth * classes + truth] / rows
      present += 1
    }
    return present > 0 ? sum / present : .nan
  }
}
