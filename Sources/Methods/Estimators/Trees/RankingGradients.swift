import Foundation
import Kernels

/// LambdaRank: for every pair of rows of a query with different grades, the gradient of the pair's logistic loss times
/// the change of nDCG if the two swapped places.
///
/// As in LightGBM, pairs count whose better-placed row is among the first `truncation`, and a query's gradients are
/// scaled by log2(1 + sum) / sum so that long queries do not rule.
struct RankingGradients: Sendable {
  let target: BoostingTarget
  let truncation: Int

  func compute(
    scores: AlignedBuffer<Float>, gradients: AlignedBuffer<Float>, hessians: AlignedBuffer<Float>, threads: Int
  ) {
    let queries = target.queries
    let block = 32
    parallel((queries.count + block - 1) / block, threads: threads) { index in
      for query in queries[index * block..<min(queries.count, (index + 1) * block)] {
        fill(query, scores: scores, gradients: gradients, hessians: hessians)
      }
    }
  }

  private func fill(
    _ query: Range<Int>, scores: AlignedBuffer<Float>, gradients: AlignedBuffer<Float>, hessians: AlignedBuffer<Float>
  ) {
    for row in query {
      gradients[row] = 0
      hessians[row] = 1e-16
    }
    let order = query.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
    let ideal = idealGain(query)
    guard ideal > 0, let best = order.first, let worst = order.last else { return }
    let spreadOut = scores[best] != scores[worst]
    var sum: Float = 0
    for high in 0..<min(truncation, order.count) {
      for low in high + 1..<max(order.count, high + 1) where target.labels[order[high]] != target.labels[order[low]] {
        let (better, worse) =
          target.labels[order[high]] > target.labels[order[low]]
          ? (order[high], order[low]) : (order[low], order[high])
        let difference = scores[better] - scores[worse]
        var change =
          abs((gain(better) - gain(worse)) * (discount(high) - discount(low))) / ideal
        if spreadOut { change /= 0.01 + abs(difference) }
        let p = 1 / (1 + exp(difference))
        let pull = p * change
        let curvature = p * (1 - p) * change
        gradients[better] -= pull
        gradients[worse] += pull
        hessians[better] += curvature
        hessians[worse] += curvature
        sum += 2 * pull
      }
    }
    guard sum > 0 else { return }
    let scale = log2(1 + sum) / sum
    for row in query {
      let weight = scale * (target.weights?[row] ?? 1)
      gradients[row] *= weight
      hessians[row] *= weight
    }
  }

  private func gain(_ row: Int) -> Float { exp2(target.labels[row]) - 1 }

  private func discount(_ position: Int) -> Float { 1 / log2(Float(position) + 2) }

  private func idealGain(_ query: Range<Int>) -> Float {
    query.map { gain($0) }.sorted(by: >).prefix(truncation).enumerated()
      .reduce(0) { $0 + $1.element * discount($1.offset) }
  }
}
