/// Rows in falling order of a score, marked positive or not: what ROC-AUC, average precision and recall at a rate are
/// computed from, for any weights, without sorting again.
struct RankedRows: Sendable {
  /// The rows, the highest score first.
  let order: [Int32]
  /// Bit 0: the row is positive. Bit 1: it is the last of the rows with its score.
  let marks: [UInt8]
  /// The row weights in ranked order; nil if all are one.
  let weights: [Double]?

  init(scores: [Double], isPositive: (Int) -> Bool, weights: [Double]?) {
    let order = descendingOrder(of: scores)
    self.order = order
    self.weights = weights.map { weights in order.map { weights[Int($0)] } }
    marks = order.indices.map { i in
      let row = Int(order[i])
      let isLast = i + 1 == order.count || scores[Int(order[i + 1])] != scores[row]
      return (isPositive(row) ? 1 : 0) | (isLast ? 2 : 0)
    }
  }

  /// Calls `body` for each group of equal scores, from the highest, with its weight of positive and of other rows.
  ///
  /// - Parameter counts: how often each row counts (a bootstrap resample), by row; nil means once.
  @inline(__always)
  func forEachTie(_ counts: UnsafePointer<UInt8>?, _ body: (_ positive: Double, _ negative: Double) -> Void) {
    order.withUnsafeBufferPointer { order in
      marks.withUnsafeBufferPointer { marks in
        var positive = 0.0
        var negative = 0.0
        for i in 0..<order.count {
          var weight = counts.map { Double($0[Int(order[i])]) } ?? 1
          if let weights { weight *= weights[i] }
          if marks[i] & 1 == 1 { positive += weight } else { negative += weight }
          if marks[i] & 2 == 2 {
            body(positive, negative)
            positive = 0
            negative = 0
          }
        }
      }
    }
  }

  /// The area under the ROC curve; NaN unless both kinds have weight.
  func areaUnderROC(_ counts: UnsafePointer<UInt8>?) -> Double {
    var area = 0.0
    var positives = 0.0
    var negatives = 0.0
    forEachTie(counts) { positive, negative in
      area += negative * (positives + 0.5 * positive)
      positives += positive
      negatives += negative
    }
    return positives > 0 && negatives > 0 ? area / (positives * negatives) : .nan
  }

  /// Average precision: the sum over scores of the rise in recall times the precision; NaN without positives.
  func averagePrecision(_ counts: UnsafePointer<UInt8>?) -> Double {
    var sum = 0.0
    var positives = 0.0
    var total = 0.0
    forEachTie(counts) { positive, negative in
      positives += positive
      total += positive + negative
      if positive > 0 { sum += positive * positives / total }
    }
    return positives > 0 ? sum / positives : .nan
  }

  /// The share of the positive weight among the rows with the highest scores, a share `rate` of all weight; the score
  /// at the border counts in proportion. NaN without positives.
  func recall(atRate rate: Double, _ counts: UnsafePointer<UInt8>?) -> Double {
    var total = 0.0
    forEachTie(counts) { total += $0 + $1 }
    var left = rate * total
    var found = 0.0
    var positives = 0.0
    forEachTie(counts) { positive, negative in
      let weight = positive + negative
      if weight > 0, left > 0 { found += positive * min(1, left / weight) }
      left -= weight
      positives += positive
    }
    return positives > 0 ? found / positives : .nan
  }
}
