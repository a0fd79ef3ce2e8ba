import Evaluation
import Kernels

/// Trained networks; their predictions are averaged.
public struct NeuralNetworkModel: Model {
  /// The name in bundles.
  public static let kind = "neural-network"

  /// What the model predicts.
  public let task: LearningTask
  private let encoding: NetworkEncoding
  private let shape: NetworkShape
  private let target: NetworkTarget
  private let members: [PackedNumbers]

  init(
    task: LearningTask, encoding: NetworkEncoding, shape: NetworkShape, target: NetworkTarget,
    members: [PackedNumbers]
  ) {
    self.task = task
    self.encoding = encoding
    self.shape = shape
    self.target = target
    self.members = members
  }

  /// Predicts every row.
  public func predict(_ features: FeatureMatrix, threads: Int) -> Predictions {
    let (dense, positions) = encoding.encode(features, threads: threads)
    let width = task.width
    let block = 256
    let parts = parallelMap((features.rowCount + block - 1) / block, threads: threads) { part in
      let rows = Array(part * block..<min(features.rowCount, (part + 1) * block))
      var pass = NetworkPass(shape, capacity: rows.count)
      var sums = [Double](repeating: 0, count: rows.count * width)
      var single = [Double](repeating: 0, count: width)
      for member in members {
        pass.forward(member.values, dense: dense, positions: positions, rows: rows[...], keep: 1, seed: 0)
        pass.outputs.withUnsafeBufferPointer { outputs in
          single.withUnsafeMutableBufferPointer { single in
            for row in 0..<rows.count {
              target.predict(outputs.baseAddress! + row * shape.outputs, into: single.baseAddress!)
              for k in 0..<width { sums[row * width + k] += single[k] }
            }
          }
        }
      }
      return sums.map { $0 / Double(members.count) }
    }
    return Predictions(parts.flatMap { $0 }, width: width)
  }
}
