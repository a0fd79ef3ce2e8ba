import Basics
import Kernels

/// Follows the loss on validation data from round to round.
struct ValidationMonitor {
  private let loss: ObjectiveLoss
  private let binned: BinnedFeatures
  private let margins: AlignedBuffer<Double>
  private let rounds: Int?
  private let threads: Int
  private var round = 0
  private var smallest = Double.infinity
  /// The rounds up to the smallest loss; nil if boosting does not stop early.
  private(set) var bestRounds: Int?

  init(_ data: TrainingData, target: BoostingTarget, bins: [FeatureBins], rounds: Int?, threads: Int) {
    precondition(
      data.features.featureCount == bins.count,
      "validation data: \(data.features.featureCount) features, training data: \(bins.count)")
    loss = ObjectiveLoss(target: BoostingTarget(data, objective: target.objective, base: target.base))
    binned = BinnedFeatures(data.features, bins: bins, forHistograms: false, threads: threads)
    margins = AlignedBuffer(count: data.rowCount * target.outputs, filledWith: 0)
    self.rounds = rounds
    self.threads = threads
  }

  /// Adds a round's trees; true if the loss has not fallen for too long.
  mutating func shouldStop(after trees: [Tree]) -> Bool {
    guard let rounds, binned.rowCount > 0 else { return false }
    let outputs = loss.target.outputs
    let rowCount = binned.rowCount
    let margins = margins
    CompiledTrees(trees, bins: binned.bins, outputs: outputs)
      .margins(binned, base: [Double](repeating: 0, count: outputs), threads: threads) { start, count, added in
        for output in 0..<outputs {
          for row in 0..<count { margins[output * rowCount + start + row] += added[64 * output + row] }
        }
      }
    round += 1
    let now = loss.mean(margins, threads: threads)
    if now < smallest {
      smallest = now
      bestRounds = round
    }
    return round - (bestRounds ?? 0) >= rounds
  }
}
