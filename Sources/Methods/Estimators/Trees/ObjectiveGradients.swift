import CKernels
import Foundation
import Kernels

/// First and second derivatives of the loss at the scores.
///
/// Rows are worked on in chunks of fixed size, whose sums are added in order, so that nothing depends on threads.
struct ObjectiveGradients: @unchecked Sendable {
  // Tasks write disjoint chunks of the buffers.
  let target: BoostingTarget
  let gradients: AlignedBuffer<Float>
  let hessians: AlignedBuffer<Float>?
  private static let chunk = 1 << 14

  init(_ target: BoostingTarget) {
    self.target = target
    gradients = AlignedBuffer(count: target.labels.count)
    hessians = target.hasUnitHessians ? nil : AlignedBuffer(count: target.labels.count)
  }

  /// Fills the buffers for one output; `scores` holds all outputs, each of `rowCount` numbers.
  func compute(
    scores: AlignedBuffer<Float>, output: Int, threads: Int
  ) -> PackedGradients.Totals {
    if case .lambdaRank(let truncation) = target.objective {
      RankingGradients(target: target, truncation: truncation)
        .compute(scores: scores, gradients: gradients, hessians: hessians!, threads: threads)
    }
    let rowCount = target.labels.count
    let chunks = (rowCount + Self.chunk - 1) / Self.chunk
    let partial = AlignedBuffer<PackedGradients.Totals>(count: chunks, filledWith: PackedGradients.Totals())
    parallel(chunks, threads: threads) { index in
      let rows = index * Self.chunk..<min(rowCount, (index + 1) * Self.chunk)
      partial[index] = fill(rows, scores: scores, output: output)
    }
    return partial.values.reduce(into: PackedGradients.Totals()) { total, part in
      total.add(sums: (part.gradient, part.hessian), largest: (part.largestGradient, part.largestHessian))
    }
  }

  private func fill(_ rows: Range<Int>, scores: AlignedBuffer<Float>, output: Int) -> PackedGradients.Totals {
    var sums = (0.0, 0.0)
    var largest = (Float(0), Float(0))
    let rowCount = target.labels.count
    let score = scores.pointer + output * rowCount
    let (gradients, hessians) = (gradients.pointer, hessians?.pointer)
    target.labels.withUnsafeBufferPointer { labels in
      switch target.objective {
      case .logistic:
        withOptionalPointer(target.weights) { weights in
          withPair(&sums, &largest) {
            assay_logistic_gradients(
              score + rows.lowerBound, labels.baseAddress! + rows.lowerBound, weights.map { $0 + rows.lowerBound },
              target.scoreOffset[0], rows.count, gradients + rows.lowerBound, hessians! + rows.lowerBound, $0, $1)
          }
        }
        return
      case .softmax: softmax(rows, scores: scores, output: output)
      case .lambdaRank: break
      case .squared: for row in rows { gradients[row] = score[row] - labels[row] }
      case .absolute: for row in rows { gradients[row] = sign(score[row] - labels[row]) }
      case .quantile(let level):
        let level = Float(level)
        for row in rows { gradients[row] = score[row] >= labels[row] ? 1 - level : -level }
      case .huber(let delta):
        let delta = Float(delta)
        for row in rows { gradients[row] = min(max(score[row] - labels[row], -delta), delta) }
      case .poisson: poisson(rows, score: score, labels: labels)
      case .tweedie(let power): tweedie(rows, score: score, labels: labels, power: Float(power))
      }
      weigh(rows)
      withPair(&sums, &largest) {
        assay_gradient_sums(
          gradients + rows.lowerBound, hessians.map { $0 + rows.lowerBound }, rows.count, $0, $1)
      }
    }
    return PackedGradients.Totals(
      gradient: sums.0, hessian: sums.1, largestGradient: largest.0, largestHessian: largest.1)
  }

  private func sign(_ value: Float) -> Float { value > 0 ? 1 : value < 0 ? -1 : 0 }

  /// Multiplies by the weights; unit hessians become the weights. Ranking has weighed its pairs already.
  private func weigh(_ rows: Range<Int>) {
    guard let weights = target.weights else { return }
    if case .lambdaRank = target.objective { return }
    let unit = target.objective.isShiftable
    for row in rows {
      gradients[row] *= weights[row]
      hessians![row] = unit ? weights[row] : hessians![row] * weights[row]
    }
  }

  /// The hessian is multiplied by exp(0.7), which keeps leaves with unusually large labels from overshooting; the same
  /// factor as in LightGBM's and XGBoost's `max_delta_step`.
  private func poisson(_ rows: Range<Int>, score: UnsafePointer<Float>, labels: UnsafeBufferPointer<Float>) {
    let offset = target.scoreOffset[0]
    let caution = exp(Float(0.7))
    for row in rows {
      let mean = exp(min(score[row] + offset, 80))
      gradients[row] = mean - labels[row]
      hessians![row] = mean * caution
    }
  }

  private func tweedie(
    _ rows: Range<Int>, score: UnsafePointer<Float>, labels: UnsafeBufferPointer<Float>, power: Float
  ) {
    let offset = target.scoreOffset[0]
    for row in rows {
      let margin = min(score[row] + offset, 80)
      let small = exp((1 - power) * margin)
      let large = exp((2 - power) * margin)
      gradients[row] = large - labels[row] * small
      hessians![row] = (2 - power) * large - labels[row] * (1 - power) * small
    }
  }

  /// The hessian is that of the margin alone times K / (K - 1), because K margins move together.
  private func softmax(_ rows: Range<Int>, scores: AlignedBuffer<Float>, output: Int) {
    let rowCount = target.labels.count
    let outputs = target.outputs
    let offset = target.scoreOffset
    let factor = Float(outputs) / Float(outputs - 1)
    for row in rows {
      var largest = -Float.infinity
      for k in 0..<outputs { largest = max(largest, scores[k * rowCount + row] + offset[k]) }
      var sum: Float = 0
      for k in 0..<outputs { sum += exp(scores[k * rowCount + row] + offset[k] - largest) }
      let p = exp(scores[output * rowCount + row] + offset[output] - largest) / sum
      gradients[row] = p - (Int(target.labels[row]) == output ? 1 : 0)
      hessians![row] = max(factor * p * (1 - p), 1e-16)
    }
  }
}

/// Calls a body with a pointer to an array's numbers, or nil.
func withOptionalPointer<Result>(_ values: [Float]?, _ body: (UnsafePointer<Float>?) -> Result) -> Result {
  guard let values else { return body(nil) }
  return values.withUnsafeBufferPointer { body($0.baseAddress) }
}

private func withPair(
  _ sums: inout (Double, Double), _ largest: inout (Float, Float),
  _ body: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Float>) -> Void
) {
  var sumValues = [sums.0, sums.1]
  var largestValues = [largest.0, largest.1]
  body(&sumValues, &largestValues)
  sums = (sumValues[0], sumValues[1])
  largest = (largestValues[0], largestValues[1])
}
