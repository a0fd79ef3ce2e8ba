import Foundation

/// How well one column alone predicts the target, by a cross-validated predictor: the mean label (or the class shares)
/// of the column's value, learned from the other folds.
struct ColumnStrength: Sendable {
  /// Classification: the share of the errors of always naming the most frequent class that the column removes, 0 to 1.
  /// Regression: R².
  let explained: Double
  /// Two classes: the area under the ROC curve of the predicted shares.
  let area: Double
  /// Numbers against numbers: the larger of the squared linear and the squared rank correlation.
  let correlation: Double
  /// Numbers against two classes: whether one threshold on the raw value separates them, up to one row in ten thousand.
  let isSeparating: Bool
  /// Whether values and classes (or few-valued targets) correspond one to one, up to one row in a thousand.
  let isOneToOne: Bool

  init(_ column: CodedColumn, sample: LeakSample) {
    isOneToOne = Self.isOneToOne(column, sample)
    if sample.task.width == 1 {
      explained = Self.crossValidatedR2(column, sample)
      area = .nan
      isSeparating = false
      correlation = Self.squaredCorrelation(column, sample)
    } else {
      let shares = Self.crossValidatedShares(column, sample)
      var errors = 0
      for row in sample.labels.indices where shares.mostProbable(row) != Int(sample.labels[row]) { errors += 1 }
      var counts = [Int](repeating: 0, count: sample.task.width)
      for label in sample.labels { counts[Int(label)] += 1 }
      let baseline = sample.labels.count - (counts.max() ?? 0)
      explained = baseline > 0 ? max(0, 1 - Double(errors) / Double(baseline)) : 0
      correlation = .nan
      if sample.task.isBinary {
        area = Metric.rocAUC.value(labels: sample.labels, predictions: shares, task: sample.task)
        isSeparating = Self.isSeparating(column, sample)
      } else {
        area = .nan
        isSeparating = false
      }
    }
  }

  /// "AUC 0.997 by itself", or what fits the task.
  var words: String {
    func text(_ value: Double) -> String { String(format: "%.4f", value) }
    if !area.isNaN { return "by itself it predicts with an AUC of \(text(area))" }
    if correlation.isNaN { return "by itself it avoids \(Split.percent(explained)) of the errors" }
    return "by itself it predicts with an R² of \(text(max(explained, correlation)))"
  }

  private static func crossValidatedR2(_ column: CodedColumn, _ sample: LeakSample) -> Double {
    let folds = sample.foldCount
    let labels = sample.labels
    let mean = labels.reduce(0, +) / Double(labels.count)
    var sums = [Double](repeating: 0, count: folds * column.codeCount)
    var counts = sums
    var totals = [Double](repeating: 0, count: column.codeCount)
    var totalCounts = totals
    for row in labels.indices {
      let code = Int(column.codes[row])
      let cell = Int(sample.folds[row]) * column.codeCount + code
      sums[cell] += labels[row] - mean
      counts[cell] += 1
      totals[code] += labels[row] - mean
      totalCounts[code] += 1
    }
    var errors = 0.0
    var squares = 0.0
    for row in labels.indices {
      let code = Int(column.codes[row])
      let cell = Int(sample.folds[row]) * column.codeCount + code
      let known = totalCounts[code] - counts[cell]
      let prediction = known > 0 ? (totals[code] - sums[cell]) / known : 0
      let label = labels[row] - mean
      errors += (label - prediction) * (label - prediction)
      squares += label * label
    }
    return squares > 0 ? 1 - errors / squares : 0
  }

  private static func crossValidatedShares(_ column: CodedColumn, _ sample: LeakSample) -> Predictions {
    let classes = sample.task.width
    let labels = sample.labels
    var prior = [Double](repeating: 0, count: classes)
    var totals = [Double](repeating: 0, count: column.codeCount * classes)
    var folds = [Double](repeating: 0, count: sample.foldCount * column.codeCount * classes)
    for row in labels.indices {
      let place = Int(column.codes[row]) * classes + Int(labels[row])
      prior[Int(labels[row])] += 1 / Double(labels.count)
      totals[place] += 1
      folds[Int(sample.folds[row]) * column.codeCount * classes + place] += 1
    }
    var values = [Double](repeating: 0, count: labels.count * classes)
    for row in labels.indices {
      let place = Int(column.codes[row]) * classes
      let inFold = Int(sample.folds[row]) * column.codeCount * classes + place
      var known = 0.0
      for output in 0..<classes { known += totals[place + output] - folds[inFold + output] }
      for output in 0..<classes {
        // Half a row of prior breaks ties between values seen equally often.
        let seen = totals[place + output] - folds[inFold + output] + 0.5 * prior[output]
        values[row * classes + output] = seen / (known + 0.5)
      }
    }
    return Predictions(values, width: classes)
  }

  private static func isSeparating(_ column: CodedColumn, _ sample: LeakSample) -> Bool {
    guard !column.numbers.isEmpty, column.missing < sample.labels.count / 2 else { return false }
    let present = sample.labels.indices.filter { !column.numbers[$0].isNaN }
    let ranked = RankedRows(
      scores: present.map { column.numbers[$0] }, isPositive: { sample.labels[present[$0]] == 1 }, weights: nil)
    let area = ranked.areaUnderROC(nil)
    return max(area, 1 - area) >= 0.9999
  }

  private static func squaredCorrelation(_ column: CodedColumn, _ sample: LeakSample) -> Double {
    guard !column.numbers.isEmpty else { return .nan }
    let present = sample.labels.indices.filter { !column.numbers[$0].isNaN }
    guard present.count >= max(20, sample.labels.count / 2) else { return 0 }
    let x = present.map { column.numbers[$0] }
    let y = present.map { sample.labels[$0] }
    return max(squared(x, y), squared(middleRanks(x), middleRanks(y)))
  }

  private static func squared(_ x: [Double], _ y: [Double]) -> Double {
    let meanX = x.reduce(0, +) / Double(x.count)
    let meanY = y.reduce(0, +) / Double(y.count)
    var xx = 0.0
    var yy = 0.0
    var xy = 0.0
    for i in x.indices {
      xx += (x[i] - meanX) * (x[i] - meanX)
      yy += (y[i] - meanY) * (y[i] - meanY)
      xy += (x[i] - meanX) * (y[i] - meanY)
    }
    return xx > 0 && yy > 0 ? xy * xy / (xx * yy) : 0
  }

  /// Ranks, equal values sharing their middle one.
  private static func middleRanks(_ values: [Double]) -> [Double] {
    let order = descendingOrder(of: values)
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[Int(order[end])] == values[Int(order[start])] { end += 1 }
      for i in start..<end { ranks[Int(order[i])] = Double(start + end) / 2 }
      start = end
    }
    return ranks
  }

  private static func isOneToOne(_ column: CodedColumn, _ sample: LeakSample) -> Bool {
    guard column.isExact, sample.labels.count >= 20 else { return false }
    let (targets, targetCount) = distinctRanges(of: sample.labels)
    // As many values as labels, both repeated often: anything else is no recoding.
    let values = column.codeCount - 1 + (column.missing > 0 ? 1 : 0)
    guard values == targetCount, targetCount >= 2, targetCount <= max(2, sample.labels.count / 5) else { return false }
    var rows = [Int](repeating: 0, count: column.codeCount * targetCount)
    for row in targets.indices { rows[Int(column.codes[row]) * targetCount + Int(targets[row])] += 1 }
    var matched = 0
    var used = Set<Int>()
    for code in 0..<column.codeCount {
      let counts = rows[code * targetCount..<(code + 1) * targetCount]
      guard let most = counts.max(), most > 0, let target = counts.firstIndex(of: most) else { continue }
      used.insert(target - code * targetCount)
      matched += most
    }
    return used.count == targetCount && Double(matched) >= 0.999 * Double(targets.count)
  }
}
