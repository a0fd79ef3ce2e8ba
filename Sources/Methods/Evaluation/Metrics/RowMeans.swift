import Foundation

/// Per-row quantities whose weighted means give a metric.
struct RowMeans: Sendable {
  /// What is done with the means.
  enum Finish: Sendable {
    case identity
    case root
    /// Components: squared error, label, squared label (labels centred).
    case explained
  }

  /// One number per row and component, times the row's weight.
  let components: [[Double]]
  /// Row weights; nil if all are one.
  let weights: [Double]?
  let finish: Finish

  init(_ metric: Metric, _ labels: [Double], _ predictions: Predictions, _ weights: [Double]?) {
    var values = metric.rowValues(labels: labels, predictions: predictions) ?? []
    var weights = weights
    if metric == .mape, values.contains(where: \.isNaN) {
      // Rows whose label is zero have no relative error: weight zero.
      weights = values.indices.map { values[$0].isNaN ? 0 : weights?[$0] ?? 1 }
      for row in values.indices where values[row].isNaN { values[row] = 0 }
    }
    self.weights = weights
    if let weights { for row in values.indices { values[row] *= weights[row] } }
    components = [values]
    finish = metric == .rmse ? .root : .identity
  }

  init(r2 labels: [Double], _ predictions: Predictions, _ weights: [Double]?) {
    // Centring first keeps the difference of squares exact enough for labels far from zero.
    let mean = labels.reduce(0, +) / Double(labels.count)
    var squared = [Double](repeating: 0, count: labels.count)
    var centred = squared
    var centredSquared = squared
    for row in labels.indices {
      let weight = weights?[row] ?? 1
      let error = predictions.values[row] - labels[row]
      let label = labels[row] - mean
      squared[row] = weight * error * error
      centred[row] = weight * label
      centredSquared[row] = weight * label * label
    }
    self.weights = weights
    components = [squared, centred, centredSquared]
    finish = .explained
  }

  /// The plain mean of numbers.
  init(of values: [Double]) {
    components = [values]
    weights = nil
    finish = .identity
  }

  func value(_ counts: UnsafePointer<UInt8>?) -> Double {
    let total = RowMeans.sum(weights, rows: components[0].count, counts)
    guard total > 0 else { return .nan }
    let means = components.map { RowMeans.sum($0, rows: $0.count, counts) / total }
    switch finish {
    case .identity: return means[0]
    case .root: return means[0].squareRoot()
    case .explained:
      let variance = means[2] - means[1] * means[1]
      return variance > 1e-12 * means[2] && variance > 0 ? 1 - means[0] / variance : .nan
    }
  }

  /// The sum of values times counts in a fixed order; nil stands for ones.
  static func sum(_ values: [Double]?, rows: Int, _ counts: UnsafePointer<UInt8>?) -> Double {
    // Four running sums let additions overlap.
    var a = 0.0
    var b = 0.0
    var c = 0.0
    var d = 0.0
    guard let values else {
      guard let counts else { return Double(rows) }
      var total = 0
      for row in 0..<rows { total += Int(counts[row]) }
      return Double(total)
    }
    return values.withUnsafeBufferPointer { values in
      let blocks = rows / 4 * 4
      var row = 0
      while row < blocks {
        if let counts {
          a += values[row] * Double(counts[row])
          b += values[row + 1] * Double(counts[row + 1])
          c += values[row + 2] * Double(counts[row + 2])
          d += values[row + 3] * Double(counts[row + 3])
        } else {
          a += values[row]
          b += values[row + 1]
          c += values[row + 2]
          d += values[row + 3]
        }
        row += 4
      }
      while row < rows {
        a += values[row] * (counts.map { Double($0[row]) } ?? 1)
        row += 1
      }
      return (a + b) + (c + d)
    }
  }
}

extension Metric {
  /// The smallest probability that log loss distinguishes from zero.
  static let smallestProbability = 1e-15

  /// The per-row quantity whose (weighted) mean is the metric, or for `rmse` its square; nil where there is none.
  ///
  /// For `mape` a row whose label is zero has NaN and does not count. What a paired comparison of two models needs.
  public func rowValues(labels: [Double], predictions: Predictions) -> [Double]? {
    let width = predictions.width
    let values = predictions.values
    func rows(_ body: (Int) -> Double) -> [Double] { labels.indices.map(body) }
    switch self {
    case .logLoss:
      return rows { row in
        -log(max(Self.smallestProbability, min(1, values[row * width + Int(labels[row])])))
      }
    case .brier:
      return rows { row in
        let truth = Int(labels[row])
        if width == 2 {
          let error = values[row * 2 + 1] - labels[row]
          return error * error
        }
        var sum = 0.0
        for output in 0..<width {
          let error = values[row * width + output] - (output == truth ? 1 : 0)
          sum += error * error
        }
        return sum
      }
    case .accuracy: return rows { predictions.mostProbable($0) == Int(labels[$0]) ? 1 : 0 }
    case .rmse:
      return rows { row in
        let error = values[row] - labels[row]
        return error * error
      }
    case .mae: return rows { abs(values[$0] - labels[$0]) }
    case .mape: return rows { labels[$0] == 0 ? .nan : abs((values[$0] - labels[$0]) / labels[$0]) }
    case .pinball:
      return rows { row in
        var sum = 0.0
        for output in 0..<width {
          let level = Double(output + 1) / Double(width + 1)
          sum += quantileLoss(label: labels[row], prediction: values[row * width + output], level: level)
        }
        return sum / Double(width)
      }
    default: return nil
    }
  }
}

/// The quantile (pinball) loss of one prediction of the quantile at `level` (Koenker and Bassett 1978).
public func quantileLoss(label: Double, prediction: Double, level: Double) -> Double {
  let error = label - prediction
  return error >= 0 ? level * error : (level - 1) * error
}

extension Predictions {
  /// The output with the largest number in a row; the first of equals.
  public func mostProbable(_ row: Int) -> Int {
    var best = 0
    for output in 1..<max(1, width) where values[row * width + output] > values[row * width + best] { best = output }
    return best
  }
}
