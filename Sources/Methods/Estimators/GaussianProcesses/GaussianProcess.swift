import Basics
import Evaluation
import Foundation
import Kernels

/// Gaussian-process regression: a prior over smooth functions, conditioned on the training rows.
///
/// The covariance of two rows is a Matern function (5/2) of their distance, with a length scale per column found by
/// automatic relevance determination, plus a linear part and noise (Rasmussen and Williams, "Gaussian processes for
/// machine learning", 2006, chapters 4 and 5). Scales and variances maximise the marginal likelihood of a sample of
/// rows under weak log-normal priors. Missing numbers take the mean, with an indicator; categories become indicators.
/// No number beyond the labels seen is predicted. A row of weight w has the noise of the mean of w rows.
///
/// Made for up to some thousand rows: cost rows^3 / 3 for the fit, rows x columns for a prediction.
public struct GaussianProcess: Estimator, Hashable {
  /// The training rows used, at least 1; of more rows a random sample is taken.
  public var maximumRows = 4_000
  /// The rows on which scales and variances are found, at least 1.
  public var tuningRows = 400
  /// The steps of the search for scales and variances, at least 0.
  public var tuningSteps = 40

  /// The default configuration.
  public init() {}

  /// Coordinates beyond so many standard deviations are held there.
  static let farthest: Float = 8

  /// Learns from data; see `Estimator`.
  public func fit(_ data: TrainingData, context: FitContext) throws -> any Model {
    try require(maximumRows >= 1, "maximumRows", maximumRows, "at least 1")
    try require(tuningRows >= 1, "tuningRows", tuningRows, "at least 1")
    try require(tuningSteps >= 0, "tuningSteps", tuningSteps, "at least 0")
    guard data.task == .regression else {
      throw AssayError(
        .configuration, "Gaussian-process regression predicts numbers, not classes", remedy: "choose another method")
    }
    try data.checkLearnable()
    try context.interruption.check()
    var kept = data.selecting(rows: data.rowWeights.indices.filter { data.rowWeights[$0] > 0 })
    var stream = context.key["process rows"].stream()
    if kept.rowCount > maximumRows {
      kept = kept.selecting(rows: stream.permutation(of: kept.rowCount).prefix(maximumRows).sorted())
    }
    let encoding = try PointEncoding(kept.features, threads: context.threads)
    let points = GaussianProcess.points(kept.features, encoding, threads: context.threads)
    let scale = LabelScale(.squared, kept.labels, kept.rowWeights)
    let labels = kept.labels.map(scale.standardized)
    let weights = kept.rowWeights

    let tuned = stream.permutation(of: kept.rowCount).prefix(tuningRows).sorted()
    let groups = GaussianProcess.groups(kept.features, encoding)
    let width = encoding.width
    var covariance = Covariance(groups: groups)
    if tuned.count > 2 {
      let likelihood = MarginalLikelihood(
        points: tuned.flatMap { points[$0 * width..<($0 + 1) * width] }, labels: tuned.map { labels[$0] },
        weights: tuned.map { weights[$0] }, groups: groups)
      covariance = try likelihood.maximised(
        from: covariance, steps: tuningSteps, deadline: context.deadline, interruption: context.interruption)
    }
    return try GaussianProcessModel(
      encoding: encoding, covariance: covariance, points: points, labels: labels, weights: weights, scale: scale,
      range: (kept.labels.min() ?? 0, kept.labels.max() ?? 0), context: context)
  }

  /// The coordinates of rows, `encoding.width` per row.
  static func points(_ features: FeatureMatrix, _ encoding: PointEncoding, threads: Int) -> [Float] {
    encoding.points(features, threads: threads).map { $0.isNaN ? 0 : min(max($0, -farthest), farthest) }
  }

  /// The length scale that each coordinate uses: one per table column, or a single one where columns are very many.
  private static func groups(_ features: FeatureMatrix, _ encoding: PointEncoding) -> [Int] {
    let sources = encoding.encoding.terms.map { features.features[$0.feature].source }
    let names = Array(Set(sources)).sorted()
    if names.count > 200 { return sources.map { _ in 0 } }
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    return sources.map { numbers[$0] ?? 0 }
  }
}
