import Basics
import Evaluation
import Foundation

/// What a model saves where nobody has said what its errors cost.
public enum CostCurves {
  /// The names of the three curves.
  public static let names = ["model", "do nothing", "treat all"]

  /// The cost per row on test data against what a missed positive costs for each false alarm, a false alarm costing 1.
  ///
  /// At each ratio the threshold is the one that costs least on validation data; never acting and always acting are
  /// among the thresholds. Bands (95 %) are bootstrap intervals.
  ///
  /// - Parameters:
  ///   - validationLabels: 1 for positive rows, 0 for others; never the test rows.
  ///   - validationScores: calibrated probabilities of the positive class.
  ///   - ratios: cost of a false negative over that of a false positive, ascending, above zero.
  ///   - key: the source of the draws.
  /// - Returns: the curves "model", "do nothing" and "treat all".
  /// - Throws: `data` if there are no validation or no test rows.
  public static func curves(
    validationLabels: [Double], validationScores: [Double], testLabels: [Double], testScores: [Double],
    ratios: [Double] = defaultRatios, key: RandomKey
  ) throws(AssayError) -> [Curve] {
    precondition(
      validationLabels.count == validationScores.count && testLabels.count == testScores.count,
      "CostCurves: one score per label")
    guard !validationLabels.isEmpty, !testLabels.isEmpty else {
      throw AssayError(.data, "there are no rows to measure costs on")
    }
    let cuts = thresholds(validationLabels, validationScores, ratios)
    // Acting on a row costs 1 if it is negative; not acting costs the ratio if it is positive.
    let bootstrap = RowBootstrap(rowCount: testLabels.count, clusters: nil, key: key["cost curves"])
    let sums = bootstrap.sums(width: 2 * ratios.count + 1) { row, sums in
      let isPositive = testLabels[row] > 0.5
      sums[2 * ratios.count] += isPositive ? 1 : 0
      for index in ratios.indices {
        let isActedOn = testScores[row] >= cuts[index]
        if isPositive && !isActedOn { sums[2 * index] += 1 }
        if !isPositive && isActedOn { sums[2 * index + 1] += 1 }
      }
    }
    let observed = bootstrap.means(sums)
    let resampled = bootstrap.resampledMeans(sums)
    func curve(_ name: String, _ cost: (_ means: [Double], _ index: Int) -> Double) -> Curve {
      let points = ratios.indices.map { index in
        RowBootstrap.estimate(cost(observed, index), resampled: resampled.map { cost($0, index) })
      }
      return Curve(
        name, x: ratios, y: points.map(\.value), lower: points.map(\.lower), upper: points.map(\.upper))
    }
    return [
      curve(names[0]) { $0[2 * $1] * ratios[$1] + $0[2 * $1 + 1] },
      curve(names[1]) { means, index in means[2 * ratios.count] * ratios[index] },
      curve(names[2]) { means, _ in 1 - means[2 * ratios.count] },
    ]
  }

  /// Sixty-one ratios from 1/20 to 20, evenly spaced on a logarithmic axis.
  public static let defaultRatios = (0...60).map { pow(20, Double($0 - 30) / 30) }

  /// The cut on the score that costs least on these rows, for each ratio.
  static func thresholds(_ labels: [Double], _ scores: [Double], _ ratios: [Double]) -> [Double] {
    let order = falling(scores)
    let positives = Double(labels.count { $0 > 0.5 })
    var cuts = [Double](repeating: .infinity, count: ratios.count)
    var least = ratios.map { $0 * positives }
    var missed = positives
    var alarms = 0.0
    for (position, row) in order.enumerated() {
      if labels[row] > 0.5 { missed -= 1 } else { alarms += 1 }
      let isLast = position + 1 == order.count
      if !isLast && scores[order[position + 1]] == scores[row] { continue }
      let cut = isLast ? -Double.infinity : ThresholdSearch.between(scores[order[position + 1]], scores[row])
      for index in ratios.indices {
        let cost = missed * ratios[index] + alarms
        if cost < least[index] {
          least[index] = cost
          cuts[index] = cut
        }
      }
    }
    return cuts
  }
}
