import CKernels
import Evaluation
import Foundation

/// What a linear predictor is turned into, and the loss that goes with it.
enum LinearFamily: Sendable, Hashable, Codable {
  /// A number; half the squared error.
  case squared
  /// The log of an expected count; the Poisson deviance.
  case poisson
  /// The log-odds of class 1; the log loss.
  case logistic
  /// One predictor per class; the log loss of their softmax.
  case softmax(classes: Int)

  /// The predictors per row.
  var outputs: Int { if case .softmax(let classes) = self { classes } else { 1 } }

  /// The predicted numbers of a row (one per output of the task) from its linear predictors.
  func means(_ eta: UnsafeBufferPointer<Double>, into result: UnsafeMutablePointer<Double>) {
    switch self {
    case .squared: result[0] = eta[0]
    case .poisson: result[0] = exp(min(eta[0], 700))
    case .logistic:
      let e = exp(-abs(eta[0]))
      let larger = 1 / (1 + e)
      result[1] = eta[0] < 0 ? e * larger : larger
      result[0] = eta[0] < 0 ? larger : e * larger
    case .softmax(let classes):
      var highest = -Double.infinity
      for k in 0..<classes { highest = max(highest, eta[k]) }
      var total = 0.0
      for k in 0..<classes {
        result[k] = exp(eta[k] - highest)
        total += result[k]
      }
      for k in 0..<classes { result[k] /= total }
    }
  }
}

/// The mean and the deviation by which the labels of a squared loss are standardised, so that a penalty means the same
/// in any unit.
struct LabelScale: Sendable, Codable {
  let mean: Double
  let deviation: Double

  /// The scale of labels under weights; 0 and 1 for losses other than the squared one.
  init(_ family: LinearFamily, _ labels: [Double], _ weights: [Double]) {
    guard family == .squared else {
      (mean, deviation) = (0, 1)
      return
    }
    let total = weights.reduce(0, +)
    let mean = zip(labels, weights).reduce(0) { $0 + $1.0 * ($1.1 / total) }
    let variance = zip(labels, weights).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * ($1.1 / total) }
    self.mean = mean
    deviation = variance.squareRoot() > 1e-12 * abs(mean) && variance > 0 ? variance.squareRoot() : 1
  }

  func standardized(_ label: Double) -> Double { (label - mean) / deviation }
}

/// Labels with weights that sum to 1, and the derivatives of their loss.
struct LinearResponse: Sendable {
  let family: LinearFamily
  let labels: [Double]
  let weights: [Double]

  init(family: LinearFamily, labels: [Double], weights: [Double]) {
    self.family = family
    self.labels = labels
    let total = weights.reduce(0, +)
    self.weights = weights.map { $0 / total }
  }

  var rowCount: Int { labels.count }

  /// Classes without weight keep their share near zero and are not fitted; all outputs are fitted otherwise.
  var fittedOutputs: [Int] {
    switch family {
    case .squared: return [0]
    case .poisson: return mean > 0 ? [0] : []
    case .logistic: return mean > 0 && mean < 1 - 1e-12 ? [0] : []
    case .softmax(let classes):
      let shares = classShares(classes)
      let present = (0..<classes).filter { shares[$0] > 0 }
      return present.count > 1 ? present : []
    }
  }

  private var mean: Double { zip(labels, weights).reduce(0) { $0 + $1.0 * $1.1 } }

  private func classShares(_ classes: Int) -> [Double] {
    var shares = [Double](repeating: 0, count: classes)
    for (label, weight) in zip(labels, weights) { shares[Int(label)] += weight }
    return shares
  }

  /// The predictors of the model without features; a share of 0 counts as one in a million rows.
  func nullIntercepts() -> [Double] {
    let least = 1e-6 / Double(rowCount)
    switch family {
    case .squared: return [mean]
    case .poisson: return [log(max(mean, least))]
    case .logistic:
      let share = min(max(mean, least), 1 - least)
      return [log(share / (1 - share))]
    case .softmax(let classes):
      let logs = classShares(classes).map { log(max($0, least)) }
      let centre = logs.reduce(0, +) / Double(classes)
      return logs.map { $0 - centre }
    }
  }

  /// The weighted mean loss of a model without error.
  var saturatedLoss: Double {
    guard family == .poisson else { return 0 }
    return zip(labels, weights).reduce(0) { sum, row in
      row.0 > 0 ? sum + row.1 * (row.0 - row.0 * log(row.0)) : sum
    }
  }

  /// The weighted mean loss of the predictors `eta[output][row]`; `denominators` are the sums of their exponentials per
  /// row where they are known.
  func loss(_ eta: [[Double]], denominators: [Double] = []) -> Double {
    var total = 0.0
    switch family {
    case .squared:
      for row in 0..<rowCount {
        let error = labels[row] - eta[0][row]
        total += 0.5 * weights[row] * error * error
      }
    case .poisson:
      for row in 0..<rowCount where weights[row] > 0 {
        total += weights[row] * (exp(min(eta[0][row], 700)) - labels[row] * eta[0][row])
      }
    case .logistic:
      var scratch = [Double](repeating: 0, count: rowCount)
      var other = scratch
      return assay_logistic(eta[0], labels, weights, &scratch, &other, rowCount)
    case .softmax(let classes):
      if !denominators.isEmpty {
        for row in 0..<rowCount where weights[row] > 0 {
          total += weights[row] * (log(denominators[row]) - eta[Int(labels[row])][row])
        }
        return total
      }
      for row in 0..<rowCount where weights[row] > 0 {
        var highest = -Double.infinity
        for k in 0..<classes { highest = max(highest, eta[k][row]) }
        var sum = 0.0
        for k in 0..<classes { sum += exp(eta[k][row] - highest) }
        total += weights[row] * (highest + log(sum) - eta[Int(labels[row])][row])
      }
    }
    return total
  }
}
