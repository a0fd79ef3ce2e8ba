import Basics
import Evaluation
import Foundation

/// Linear, Poisson, logistic and softmax regression with an elastic-net penalty.
///
/// It minimises the mean loss (half the squared error, the Poisson deviance, or the log loss) plus `lambda *
/// sum(l1Ratio * |b| + (1 - l1Ratio) / 2 * b^2)`; b are the coefficients of standardised features (and, with the
/// squared loss, of standardised labels), intercepts have no penalty. Unless `lambda` is given, a path of penalties is
/// followed from the smallest that sets all coefficients to zero downwards, and the lambda with the least loss is
/// taken: on the validation data of the context, else by cross-validation. (In cross-validation, features are
/// standardised by the rows of all folds; labels of a held-out fold are never used.)
///
/// Missing numbers take the mean, with an indicator where there are any; categories become indicators (levels not seen
/// in training count as none). Indicators and sparse features are scaled by what a balanced indicator varies, not by
/// their own deviation, so that rare levels are not favoured; sparse features are never filled in.
///
/// Source: Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear models via coordinate
/// descent", J. Stat. Software 33 (2010). Cost: for up to 256 encoded columns, rows x columns per step and
/// rows x columns^2 now and then; beyond, the stored entries of the columns in play.
public struct ElasticNet: Estimator, Hashable {
  /// What regression fits.
  public enum Loss: String, Sendable, Hashable, Codable {
    /// The mean, by squared error.
    case squared
    /// The log of the mean of counts or other labels of at least 0.
    case poisson
  }

  /// The share of the absolute penalty, 0 (ridge) ... 1 (lasso).
  public var l1Ratio = 0.5
  /// A fixed penalty of at least 0; nil chooses one along the path.
  public var lambda: Double?
  /// The penalties on the path, 2 ... 1000; without those that follow where no last one is given.
  public var pathLength = 60
  /// The last penalty over the first, in (0, 1); nil takes 1e-4, or 1e-2 if there are more features than rows, and goes
  /// on down to 1e-6 as long as weaker penalties lose less.
  public var smallestRatio: Double?
  /// The folds of the cross-validation, 2 ... 100.
  public var folds = 5
  /// A lambda is solved when no step changes the loss by more than this share of the loss without features; in (0,
  /// 0.1].
  public var tolerance = 1e-7
  /// What regression fits; ignored for classes.
  public var loss = Loss.squared

  /// The default configuration.
  public init() {}

  /// A configuration with a share of the absolute penalty, and a fixed lambda or nil.
  public init(l1Ratio: Double, lambda: Double? = nil) {
    self.l1Ratio = l1Ratio
    self.lambda = lambda
  }

  /// Learns from data; see `Estimator`.
  public func fit(_ data: TrainingData, context: FitContext) throws -> any Model {
    try checkParameters()
    try data.checkLearnable()
    try context.interruption.check()
    let family = try family(of: data)
    let weights = data.rowWeights
    let encoding = DesignEncoding(
      data.features, weights: weights, indicatorScale: 0.5, threads: context.threads)
    let design = DesignMatrix(
      columns: encoding.columns(data.features, threads: context.threads), rowCount: data.rowCount,
      threads: context.threads)
    let labelScale = LabelScale(family, data.labels, weights)
    let response = LinearResponse(
      family: family, labels: data.labels.map(labelScale.standardized), weights: weights)
    let selection = PenaltySelection(
      estimator: self, encoding: encoding, design: design, response: response, labelScale: labelScale,
      context: context)
    let chosen = try selection.run()
    return ElasticNetModel(
      task: data.task, family: family, lambda: chosen.lambda, encoding: encoding, features: data.features.features,
      coefficients: chosen.state.coefficients.map { $0.map { $0 * labelScale.deviation } },
      intercepts: chosen.state.intercepts.map { labelScale.mean + labelScale.deviation * $0 })
  }

  private func checkParameters() throws {
    try require((0...1).contains(l1Ratio), "l1Ratio", l1Ratio, "in 0 ... 1")
    if let lambda { try require(lambda >= 0 && lambda.isFinite, "lambda", lambda, "at least 0") }
    try require((2...1000).contains(pathLength), "pathLength", pathLength, "in 2 ... 1000")
    if let ratio = smallestRatio {
      try require(ratio > 0 && ratio < 1, "smallestRatio", ratio, "between 0 and 1")
    }
    try require((2...100).contains(folds), "folds", folds, "in 2 ... 100")
    try require(tolerance > 0 && tolerance <= 0.1, "tolerance", tolerance, "above 0 and at most 0.1")
  }

  private func family(of data: TrainingData) throws -> LinearFamily {
    if case .classification(let classes) = data.task {
      return classes.count == 2 ? .logistic : .softmax(classes: classes.count)
    }
    guard loss == .poisson else { return .squared }
    if let row = data.labels.firstIndex(where: { $0 < 0 }) {
      throw AssayError(
        .data, "the target is \(data.labels[row]), the Poisson loss needs numbers of at least 0", at: "row \(row + 1)",
        remedy: "use the squared loss")
    }
    return .poisson
  }
}
