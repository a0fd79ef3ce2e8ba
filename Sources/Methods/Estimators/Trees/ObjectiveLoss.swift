import Foundation
import Kernels

/// The mean loss of margins, for early stopping: smaller is better.
struct ObjectiveLoss: Sendable {
  let target: BoostingTarget

  /// The weighted mean; `margins` are without the base, `margins[output * rowCount + row]`.
  func mean(_ margins: AlignedBuffer<Double>, threads: Int) -> Double {
    if case .lambdaRank(let truncation) = target.objective { return lossOfGain(margins, truncation: truncation) }
    let rowCount = target.labels.count
    let chunk = 1 << 13
    let parts = parallelMap((rowCount + chunk - 1) / chunk, threads: threads) { index in
      var sum = 0.0
      var total = 0.0
      for row in index * chunk..<min(rowCount, (index + 1) * chunk) {
        let weight = Double(target.weights?[row] ?? 1)
        sum += weight * loss(row, margins)
        total += weight
      }
      return (sum, total)
    }
    return parts.reduce(0) { $0 + $1.0 } / max(parts.reduce(0) { $0 + $1.1 }, .leastNormalMagnitude)
  }

  private func loss(_ row: Int, _ margins: AlignedBuffer<Double>) -> Double {
    let label = Double(target.labels[row])
    let shift = target.objective.isShiftable ? 0 : target.base[0]
    let margin = margins[row] + shift
    switch target.objective {
    case .squared: return (margin - label) * (margin - label)
    case .absolute: return abs(margin - label)
    case .quantile(let level): return label > margin ? level * (label - margin) : (1 - level) * (margin - label)
    case .huber(let delta):
      let distance = abs(margin - label)
      return distance <= delta ? 0.5 * distance * distance : delta * (distance - 0.5 * delta)
    case .poisson: return exp(margin) - label * margin
    case .tweedie(let power):
      return exp((2 - power) * margin) / (2 - power) - label * exp((1 - power) * margin) / (1 - power)
    case .logistic: return margin > 0 ? log1p(exp(-margin)) + (1 - label) * margin : log1p(exp(margin)) - label * margin
    case .softmax:
      let rowCount = target.labels.count
      let all = target.base.indices.map { margins[$0 * rowCount + row] + target.base[$0] }
      let largest = all.max() ?? 0
      return log(all.reduce(0) { $0 + exp($1 - largest) }) + largest - all[Int(target.labels[row])]
    case .lambdaRank: return 0
    }
  }

  /// 1 minus the mean nDCG of the queries.
  private func lossOfGain(_ margins: AlignedBuffer<Double>, truncation: Int) -> Double {
    func gain(_ rows: [Int]) -> Double {
      rows.prefix(truncation).enumerated().reduce(0) {
        $0 + (exp2(Double(target.labels[$1.element])) - 1) / log2(Double($1.offset) + 2)
      }
    }
    var sum = 0.0
    for query in target.queries {
      let ideal = gain(query.sorted { target.labels[$0] > target.labels[$1] })
      let reached = gain(query.sorted { margins[$0] != margins[$1] ? margins[$0] > margins[$1] : $0 < $1 })
      sum += ideal > 0 ? reached / ideal : 1
    }
    return 1 - sum / Double(max(target.queries.count, 1))
  }
}
