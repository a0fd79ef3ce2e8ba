import Basics
import Evaluation
import Foundation
import Kernels

/// Predicts from the training rows most alike: the weighted mean of their labels.
///
/// The squared distance of two rows adds, over the features, the squared difference in standard deviations for numbers
/// (a missing number counts as the mean, and as 1 where the other is present) and `mismatch` for categories that
/// differ; missing is a category of its own. With more than 512 numeric columns the distances are those of a random
/// projection to 256 (Achlioptas, "Database-friendly random projections", 2003).
///
/// Cost of a prediction: training rows x columns, by blocked matrix products.
public struct NearestNeighbours: Estimator, Hashable {
  /// How much a neighbour counts.
  public enum Weighting: String, Sendable, Hashable, Codable {
    /// All alike.
    case uniform
    /// By the inverse of its distance.
    case distance
  }

  /// The number of neighbours, at least 1; nil chooses among 1, 2, 3, 5, 8, 15, 25, 50 and 100 the number with the
  /// least loss on the validation data of the context, else on up to 2,000 training rows, each predicted by the others.
  public var neighbours: Int?
  /// How much a neighbour counts.
  public var weighting: Weighting
  /// The squared distance of two different categories, at least 0; two unrelated numbers are 2 apart on average.
  public var mismatch = 2.0
  /// Neighbours of average label, for classes, that every row is thought to have besides its own, at least 0.
  public var smoothing = 1.0
  /// The training rows kept, at least 1; of more rows a random sample is taken.
  public var maximumRows = 100_000

  /// A configuration; nil chooses the number of neighbours.
  public init(neighbours: Int? = nil, weighting: Weighting = .distance) {
    self.neighbours = neighbours
    self.weighting = weighting
  }

  private static let choices = [1, 2, 3, 5, 8, 15, 25, 50, 100]
  private static let choiceRows = 2000

  /// Learns from data; see `Estimator`.
  public func fit(_ data: TrainingData, context: FitContext) throws -> any Model {
    if let neighbours { try require(neighbours >= 1, "neighbours", neighbours, "at least 1") }
    try require(mismatch >= 0 && mismatch.isFinite, "mismatch", mismatch, "at least 0")
    try require(smoothing >= 0 && smoothing.isFinite, "smoothing", smoothing, "at least 0")
    try require(maximumRows >= 1, "maximumRows", maximumRows, "at least 1")
    try data.checkLearnable()
    try context.interruption.check()

    var kept = data
    if data.rowCount > maximumRows {
      var stream = context.key["neighbour rows"].stream()
      kept = data.selecting(rows: stream.permutation(of: data.rowCount).prefix(maximumRows).sorted())
    }
    let index = NeighbourIndex(
      kept.features, weights: kept.rowWeights, mismatch: Float(mismatch), key: context.key["projection"],
      threads: context.threads)
    var model = NearestNeighboursModel(
      task: data.task, index: index, labels: kept.labels, weights: kept.rowWeights,
      neighbours: neighbours ?? NearestNeighbours.choices[0], weighting: weighting, smoothing: smoothing)
    if neighbours == nil { model.neighbours = choose(model, kept, context) }
    try context.interruption.check()
    return model
  }

  /// The number of neighbours with the least loss.
  private func choose(_ model: NearestNeighboursModel, _ data: TrainingData, _ context: FitContext) -> Int {
    var stream = context.key["neighbour choice"].stream()
    let judged: TrainingData
    var own: [Int]?
    if let validation = context.validation, validation.rowCount > 0 {
      judged =
        validation.rowCount <= NearestNeighbours.choiceRows
        ? validation
        : validation.selecting(
          rows: stream.permutation(of: validation.rowCount).prefix(NearestNeighbours.choiceRows).sorted())
    } else {
      let rows = stream.permutation(of: data.rowCount).prefix(NearestNeighbours.choiceRows).sorted()
      judged = data.selecting(rows: rows)
      own = rows
    }
    let available = data.rowCount - (own == nil ? 0 : 1)
    let choices = NearestNeighbours.choices.filter { $0 <= available }
    guard let most = choices.last else { return 1 }
    let lists = model.index.nearest(judged.features, count: most, excluding: own, threads: context.threads)
    let weights = judged.rowWeights
    var best = (loss: Double.infinity, count: choices[0])
    for count in choices {
      var loss = 0.0
      for (row, list) in lists.enumerated() {
        let prediction = model.vote(list.prefix(count))
        loss += weights[row] * model.task.loss(prediction, label: judged.labels[row])
      }
      if loss < best.loss { best = (loss, count) }
    }
    return best.count
  }
}

extension LearningTask {
  /// The squared error, or the log loss with probabilities held above 1e-15.
  func loss(_ prediction: [Double], label: Double) -> Double {
    if self == .regression { return (prediction[0] - label) * (prediction[0] - label) }
    return -log(max(prediction[Int(label)], 1e-15))
  }
}
