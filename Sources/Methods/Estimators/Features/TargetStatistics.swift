/// The mean of the target in each slot of a `LevelIndex`, drawn towards the overall mean:
/// (sum + smoothing * mean) / (weight + smoothing).
///
/// New rows get the statistic of all training rows. A training row gets one that its own label has no part in: from the
/// rows before it in a random order (Prokhorenkova et al., "CatBoost: unbiased boosting with categorical features",
/// NeurIPS 2018), or from the other folds (Micci-Barreca, SIGKDD Explorations 2001, with cross-fitting). The overall
/// mean in it is that of the same rows, for with the mean of all rows the label would leak through it.
struct TargetStatistics: Sendable, Codable {
  /// One number per output and slot.
  private let means: [[Double]]

  /// Learns from all training rows.
  init(slots: [Int32], slotCount: Int, context: TargetContext, smoothing: Double) {
    means = context.outputs.map { output in
      var sums = [Double](repeating: 0, count: slotCount)
      var weights = [Double](repeating: 0, count: slotCount)
      for (row, slot) in slots.enumerated() {
        let weight = context.weights?[row] ?? 1
        sums[Int(slot)] += weight * output.values[row]
        weights[Int(slot)] += weight
      }
      let total = weights.reduce(0, +)
      let mean = total > 0 ? sums.reduce(0, +) / total : 0
      return zip(sums, weights).map { ($0 + smoothing * mean) / ($1 + smoothing) }
    }
  }

  /// The statistics of rows by their slots, one array per output.
  func values(slots: [Int32]) -> [[Double]] {
    means.map { means in slots.map { means[Int($0)] } }
  }

  /// The statistics of the training rows, one array per output.
  static func training(
    slots: [Int32], slotCount: Int, context: TargetContext, method: FeaturePlan.TargetStatistics, smoothing: Double
  ) -> [[Double]] {
    context.outputs.map { output in
      switch method {
      case .ordered: ordered(slots, slotCount, output, context, smoothing)
      case .outOfFold(let folds): outOfFold(slots, slotCount, output, context, smoothing, folds: folds)
      }
    }
  }

  private static func ordered(
    _ slots: [Int32], _ slotCount: Int, _ output: TargetContext.Output, _ context: TargetContext, _ smoothing: Double
  ) -> [Double] {
    var result = [Double](repeating: 0, count: slots.count)
    var seen = [(sum: Double, weight: Double)](repeating: (0, 0), count: slotCount)
    // One row's worth of ignorance keeps the overall mean of the first few rows from the extremes.
    let knows = !output.ignorance.isNaN
    var total = (sum: knows ? output.ignorance : 0, weight: knows ? 1.0 : 0)
    result.withUnsafeMutableBufferPointer { result in
      seen.withUnsafeMutableBufferPointer { seen in
        slots.withUnsafeBufferPointer { slots in
          output.values.withUnsafeBufferPointer { labels in
            for row in context.order {
              let row = Int(row)
              let slot = Int(slots[row])
              let mean = total.sum / total.weight
              result[row] = (seen[slot].sum + smoothing * mean) / (seen[slot].weight + smoothing)
              let weight = context.weights?[row] ?? 1
              seen[slot].sum += weight * labels[row]
              seen[slot].weight += weight
              total.sum += weight * labels[row]
              total.weight += weight
            }
          }
        }
      }
    }
    return result
  }

  private static func outOfFold(
    _ slots: [Int32], _ slotCount: Int, _ output: TargetContext.Output, _ context: TargetContext, _ smoothing: Double,
    folds: Int
  ) -> [Double] {
    var foldOfRow = [Int32](repeating: 0, count: slots.count)
    for (position, row) in context.order.enumerated() { foldOfRow[Int(row)] = Int32(position % folds) }
    var sums = [Double](repeating: 0, count: folds * slotCount)
    var weights = sums
    for (row, slot) in slots.enumerated() {
      let cell = Int(foldOfRow[row]) * slotCount + Int(slot)
      let weight = context.weights?[row] ?? 1
      sums[cell] += weight * output.values[row]
      weights[cell] += weight
    }
    // The other folds are added up, rather than one subtracted from all: rounding would let the label through.
    var statistics = [Double](repeating: 0, count: folds * slotCount)
    for fold in 0..<folds {
      var otherSums = [Double](repeating: 0, count: slotCount)
      var otherWeights = otherSums
      for other in 0..<folds where other != fold {
        for slot in 0..<slotCount {
          otherSums[slot] += sums[other * slotCount + slot]
          otherWeights[slot] += weights[other * slotCount + slot]
        }
      }
      let total = otherWeights.reduce(0, +)
      let mean = total > 0 ? otherSums.reduce(0, +) / total : output.ignorance
      for slot in 0..<slotCount {
        statistics[fold * slotCount + slot] =
          (otherSums[slot] + smoothing * mean) / (otherWeights[slot] + smoothing)
      }
    }
    return slots.indices.map { statistics[Int(foldOfRow[$0]) * slotCount + Int(slots[$0])] }
  }
}
