import Evaluation

/// What boosting learns from where features were binned piece by piece and are no longer there themselves: about half
/// the memory of `TrainingData` with its bins.
public struct BinnedTrainingData: Sendable {
  /// The bins of all rows.
  public let binned: BinnedFeatures
  /// The descriptions of the binned features.
  public let features: [Feature]
  /// What is predicted.
  public let task: LearningTask
  /// Labels in single precision, with the constant to start from.
  let target: BoostingTarget

  init(binned: BinnedFeatures, features: [Feature], task: LearningTask, target: BoostingTarget) {
    self.binned = binned
    self.features = features
    self.task = task
    self.target = target
  }

  /// Puts bins and labels together for fits of these settings, or of others with the same objective.
  ///
  /// - Parameters:
  ///   - features: The descriptions of the binned features.
  ///   - labels: One per binned row: the number, or the index of the class. They need not be kept.
  /// - Throws: `configuration` for settings that do not suit the data; `data` for labels that cannot be learned from.
  public init(
    _ binned: BinnedFeatures, features: [Feature], task: LearningTask, labels: [Double], for settings: Boosting
  ) throws {
    // Boosting reads the bins; of the matrix only the descriptions.
    let blank = FeatureMatrix(
      features: features, columns: features.map { _ in .sparse(rows: [], values: []) }, rowCount: binned.rowCount)
    let data = TrainingData(features: blank, task: task, labels: labels)
    try settings.check(data)
    try data.checkLearnable()
    self.init(
      binned: binned, features: features, task: task,
      target: BoostingTarget(data, objective: settings.objective(for: task)))
  }
}
