import Basics
import Evaluation

/// What the encoders that look at the target share: its numbers per row and the random order of the rows.
struct TargetContext: Sendable {
  /// One number per row whose mean in a level is a statistic.
  struct Output: Sendable {
    /// What is added to the name of the column: ".mean", ".rate", ".rate(class)".
    let suffix: String
    /// The label, or 1 for rows of the class and 0 for others.
    let values: [Double]
    /// The statistic when nothing is known yet; not-a-number for regression.
    let ignorance: Double
  }

  let outputs: [Output]
  /// One weight per row; nil means all 1.
  let weights: [Double]?
  /// The rows in the random order of the ordered statistics.
  let order: [Int32]
  let rowCount: Int

  init(task: LearningTask, labels: [Double], weights: [Double]?, classLimit: Int, key: RandomKey) {
    self.weights = weights
    rowCount = labels.count
    var stream = key.stream()
    order = stream.permutation(of: labels.count).map(Int32.init)
    switch task {
    case .regression:
      outputs = [Output(suffix: ".mean", values: labels, ignorance: .nan)]
    case .classification(let classes) where classes.count == 2:
      outputs = [Output(suffix: ".rate", values: labels.map { $0 == 1 ? 1 : 0 }, ignorance: 0.5)]
    case .classification(let classes):
      var counts = [Int](repeating: 0, count: classes.count)
      for label in labels { counts[Int(label)] += 1 }
      let chosen = classes.indices.sorted { (-counts[$0], $0) < (-counts[$1], $1) }.prefix(classLimit).sorted()
      outputs = chosen.map { index in
        Output(
          suffix: ".rate(\(classes[index]))", values: labels.map { $0 == Double(index) ? 1 : 0 },
          ignorance: 1 / Double(classes.count))
      }
    }
  }

  /// Rows enough to rank columns by, drawn at random.
  var sample: ArraySlice<Int32> { order.prefix(20_000) }

  /// How much of the target's variance lies between groups of the rows of `sample`, beyond what random groups would
  /// show, summed over outputs: for ranking columns. One group per row of the sample.
  func association(groups: [Int32], groupCount: Int) -> Double {
    let rows = sample.map(Int.init)
    let freedom = Double(Set(groups).count - 1)
    guard freedom > 0, Double(rows.count) > freedom + 1 else { return 0 }
    return outputs.reduce(0) { total, output in
      var sums = [Double](repeating: 0, count: groupCount)
      var counts = [Double](repeating: 0, count: groupCount)
      let mean = rows.reduce(0) { $0 + output.values[$1] } / Double(rows.count)
      var spread = 0.0
      for (row, group) in zip(rows, groups) {
        let difference = output.values[row] - mean
        sums[Int(group)] += difference
        counts[Int(group)] += 1
        spread += difference * difference
      }
      guard spread > 0 else { return total }
      let between = zip(sums, counts).reduce(0) { $1.1 > 0 ? $0 + $1.0 * $1.0 / $1.1 : $0 }
      return total + between / spread - freedom / Double(rows.count - 1)
    }
  }

  /// The association with a column of numbers, in sixteen groups of equal size and one for missing.
  func association(numbers: [Double]) -> Double {
    let values = sample.map { numbers[Int($0)] }
    let sorted = values.filter { !$0.isNaN }.sorted()
    let edges = (1..<16).compactMap { NumberScaler.quantile(sorted, Double($0) / 16) }
    let groups = values.map { value in
      value.isNaN ? 16 : Int32(edges.lazy.filter { $0 < value }.count)
    }
    return association(groups: groups, groupCount: 17)
  }

  /// The association with a column of slots.
  func association(slots: [Int32], slotCount: Int) -> Double {
    association(groups: sample.map { slots[Int($0)] }, groupCount: slotCount)
  }
}
