import Basics
import Evaluation
import Foundation

/// Times binning, training and prediction of boosting apart, without early stopping.
public struct BoostingBenchmark: Sendable {
  /// What was measured.
  public struct Result: Sendable, Codable, Equatable {
    /// Seconds to find bins and assign them.
    public let binSeconds: Double
    /// Seconds to grow the trees.
    public let trainSeconds: Double
    /// Seconds to predict the test rows, the best of three.
    public let predictSeconds: Double
    /// Mean log loss on the test rows; nil for regression.
    public let logLoss: Double?
    /// Area under the ROC curve on the test rows; nil unless there are two classes.
    public let auc: Double?
    /// Root mean squared error on the test rows; nil for classification.
    public let rmse: Double?
  }

  /// The settings of boosting; early stopping is not used.
  public var boosting: Boosting
  /// The threads for every step.
  public var threads: Int
  /// The seed of the fit.
  public var seed: UInt64

  /// Creates a benchmark.
  public init(_ boosting: Boosting, threads: Int, seed: UInt64 = 7) {
    self.boosting = boosting
    self.threads = threads
    self.seed = seed
  }

  /// Trains on one set of rows and measures on another.
  ///
  /// - Throws: What `Boosting.fit` throws.
  public func run(train: TrainingData, test: TrainingData) throws -> Result {
    let key = RandomKey(seed: seed)
    try train.checkLearnable()
    let (binned, binSeconds) = timed {
      BinnedFeatures(train.features, maximumBins: boosting.bins, key: key["bins"], threads: threads)
    }
    let context = FitContext(key: key, threads: threads)
    let (fitted, trainSeconds) = timed {
      Swift.Result { try boosting.fit(train, binned: binned, context: context) }
    }
    let model = try fitted.get()
    var predictions = Predictions([], width: test.task.width)
    var predictSeconds = Double.infinity
    for _ in 0..<3 {
      let (result, seconds) = timed { model.predict(test.features, threads: threads) }
      predictions = result
      predictSeconds = min(predictSeconds, seconds)
    }
    return Result(
      binSeconds: binSeconds, trainSeconds: trainSeconds, predictSeconds: predictSeconds,
      logLoss: test.task.classes.isEmpty ? nil : logLoss(predictions, test.labels),
      auc: test.task.isBinary ? areaUnderCurve(predictions.output(1), test.labels) : nil,
      rmse: test.task.classes.isEmpty ? rootMeanSquare(predictions, test.labels) : nil)
  }

  private func timed<Value>(_ body: () -> Value) -> (Value, Double) {
    let start = ContinuousClock.now
    let value = body()
    return (value, seconds(start.duration(to: .now)))
  }

  private func logLoss(_ predictions: Predictions, _ labels: [Double]) -> Double {
    labels.indices.reduce(0) { $0 - log(max(predictions[$1, Int(labels[$1])], 1e-15)) } / Double(labels.count)
  }

  private func rootMeanSquare(_ predictions: Predictions, _ labels: [Double]) -> Double {
    let sum = labels.indices.reduce(0.0) { sum, row in
      let error = predictions[row, 0] - labels[row]
      return sum + error * error
    }
    return (sum / Double(labels.count)).squareRoot()
  }

  /// By ranks, equal scores sharing theirs; nil if one class is absent.
  private func areaUnderCurve(_ scores: [Double], _ labels: [Double]) -> Double? {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var rankSum = 0.0
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
      let rank = Double(start + end + 1) / 2
      for position in start..<end where labels[order[position]] == 1 { rankSum += rank }
      start = end
    }
    let positives = Double(labels.reduce(0) { $0 + ($1 == 1 ? 1 : 0) })
    let negatives = Double(labels.count) - positives
    guard positives > 0, negatives > 0 else { return nil }
    return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
  }
}
