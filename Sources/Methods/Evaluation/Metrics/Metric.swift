import Basics

/// A measure of how good predictions are; the raw value is what users type.
public enum Metric: String, Codable, CaseIterable, Sendable, Hashable {
  /// The mean of -ln(probability given to the true class), probabilities clipped to 1e-15.
  case logLoss = "log-loss"
  /// The mean squared distance of the probabilities from the truth (Brier 1950); two classes: of the positive class
  /// alone, in [0, 1]; more: summed over the classes, in [0, 2].
  case brier
  /// The area under the ROC curve, ties counted half; more than two classes: one against the rest, macro average.
  case rocAUC = "roc-auc"
  /// Average precision, the step-wise area under the precision-recall curve; more than two classes: macro average.
  case prAUC = "pr-auc"
  /// The harmonic mean of precision and recall of the most probable class; more than two classes: macro average.
  case f1
  /// The share of rows whose most probable class is the true one.
  case accuracy
  /// The mean over the classes of the share of their rows that are predicted right.
  case balancedAccuracy = "balanced-accuracy"
  /// The share of the positive rows found among the 1 % of rows with the highest scores (two classes).
  case recallAtOnePercent = "recall-at-1%"
  /// The share of the positive rows found among the 5 % of rows with the highest scores (two classes).
  case recallAtFivePercent = "recall-at-5%"
  /// The share of the positive rows found among the 10 % of rows with the highest scores (two classes).
  case recallAtTenPercent = "recall-at-10%"
  /// Expected calibration error over 15 ranges of equal row counts: of the positive class, or of the top class.
  case calibrationError = "calibration-error"
  /// The root of the mean squared error.
  case rmse
  /// The mean absolute error.
  case mae
  /// The mean of |error| / |label|, as a share; rows whose label is zero do not count.
  case mape
  /// One minus the squared error over the squared error of the mean.
  case r2
  /// The quantile loss, averaged over the outputs: output j of w predicts the quantile (j + 1) / (w + 1), so a single
  /// output is taken as the median.
  case pinball
  /// Normalised discounted cumulative gain over the first 10 ranks of each query, gain 2^label - 1.
  case ndcg
  /// Mean average precision over queries (a relevant row has a label above zero).
  case map
  /// Mean reciprocal rank of the first relevant row over queries.
  case mrr
  /// The share of a query's relevant rows among its 10 highest scores, averaged over queries.
  case recallAtK = "recall-at-k"

  /// Whether a larger value is better.
  public var isHigherBetter: Bool {
    switch self {
    case .logLoss, .brier, .calibrationError, .rmse, .mae, .mape, .pinball: false
    default: true
    }
  }

  /// Whether rows are ranked within queries (the `groups` of `value`).
  public var isRanking: Bool {
    switch self {
    case .ndcg, .map, .mrr, .recallAtK: true
    default: false
    }
  }

  /// The name as a heading.
  public var title: String {
    switch self {
    case .logLoss: "Log loss"
    case .brier: "Brier score"
    case .rocAUC: "ROC-AUC"
    case .prAUC: "PR-AUC"
    case .f1: "F1"
    case .accuracy: "Accuracy"
    case .balancedAccuracy: "Balanced accuracy"
    case .recallAtOnePercent: "Recall at 1 %"
    case .recallAtFivePercent: "Recall at 5 %"
    case .recallAtTenPercent: "Recall at 10 %"
    case .calibrationError: "Calibration error"
    case .rmse: "RMSE"
    case .mae: "MAE"
    case .mape: "MAPE"
    case .r2: "R²"
    case .pinball: "Pinball loss"
    case .ndcg: "nDCG"
    case .map: "MAP"
    case .mrr: "MRR"
    case .recallAtK: "Recall at 10"
    }
  }

  /// Whether the metric is defined for a task.
  public func applies(to task: LearningTask) -> Bool {
    switch self {
    case .logLoss, .brier, .rocAUC, .prAUC, .f1, .accuracy, .balancedAccuracy, .calibrationError: task.width > 1
    case .recallAtOnePercent, .recallAtFivePercent, .recallAtTenPercent: task.isBinary
    case .rmse, .mae, .mape, .r2, .pinball: task.width == 1
    case .ndcg: task.width <= 2
    case .map, .mrr, .recallAtK: task.isBinary
    }
  }

  /// The metric that decides unless the user names another: log loss for classes, RMSE for numbers.
  public static func primary(for task: LearningTask) -> Metric { task.width > 1 ? .logLoss : .rmse }

  /// The metrics that a report shows for a task, the primary one first.
  public static func reported(for task: LearningTask) -> [Metric] {
    if task.isBinary {
      return [
        .logLoss, .brier, .rocAUC, .prAUC, .f1, .accuracy, .balancedAccuracy, .recallAtOnePercent,
        .recallAtFivePercent, .recallAtTenPercent, .calibrationError,
      ]
    }
    if task.width > 2 {
      return [.logLoss, .brier, .rocAUC, .prAUC, .f1, .accuracy, .balancedAccuracy, .calibrationError]
    }
    return [.rmse, .mae, .mape, .r2]
  }

  /// Whether one value of this metric is better than another; a value that is not a number is never better.
  public func isBetter(_ first: Double, than second: Double) -> Bool {
    if first.isNaN { return false }
    if second.isNaN { return true }
    return isHigherBetter ? first > second : first < second
  }

  /// The value turned so that smaller is better.
  public func loss(_ value: Double) -> Double { isHigherBetter ? -value : value }
}

extension Metric {
  /// The metric a user means: the raw value or a common spelling ("auc", "logloss", "acc", "recall@5%").
  ///
  /// - Throws: `configuration` if it is unknown or does not fit the task, with those that do.
  public init(parsing text: String, for task: LearningTask) throws {
    let fitting = Metric.allCases.filter { $0.applies(to: task) }.map(\.rawValue).joined(separator: ", ")
    guard let metric = Metric.spellings[Metric.normalised(text)] else {
      throw AssayError(
        .configuration, "there is no metric \"\(text)\"", at: "--metric", remedy: "choose one of: \(fitting)")
    }
    guard metric.applies(to: task) else {
      throw AssayError(
        .configuration, "the metric \"\(metric.rawValue)\" is not for \(task.words)", at: "--metric",
        remedy: "choose one of: \(fitting)")
    }
    self = metric
  }

  private static func normalised(_ text: String) -> String {
    String(text.lowercased().replacing("@", with: "at").filter { $0.isLetter || $0.isNumber })
  }

  private static let spellings: [String: Metric] = {
    var result: [String: Metric] = [:]
    for metric in allCases { result[normalised(metric.rawValue)] = metric }
    let others: [Metric: [String]] = [
      .logLoss: ["logloss", "crossentropy", "nll", "deviance", "multilogloss", "binarylogloss"],
      .brier: ["brierscore", "brierloss"],
      .rocAUC: ["auc", "auroc", "roc", "rocaucscore", "areaundercurve"],
      .prAUC: ["ap", "averageprecision", "auprc", "aucpr", "pr"],
      .f1: ["f1score", "fscore", "f1macro", "macrof1"],
      .accuracy: ["acc"],
      .balancedAccuracy: ["bacc", "balacc", "balanced"],
      .recallAtTenPercent: ["recallatrate"],
      .calibrationError: ["ece", "expectedcalibrationerror", "calibration"],
      .rmse: ["rootmeansquarederror", "mse", "squarederror", "l2"],
      .mae: ["meanabsoluteerror", "absoluteerror", "l1"],
      .mape: ["meanabsolutepercentageerror"],
      .r2: ["rsquared", "r2score"],
      .pinball: ["quantile", "quantileloss", "pinballloss"],
      .ndcg: ["ndcgat10"],
      .map: ["meanaverageprecision"],
      .mrr: ["meanreciprocalrank"],
    ]
    for (metric, words) in others { for word in words { result[word] = metric } }
    return result
  }()
}

extension LearningTask {
  /// The task in words: "two classes", "7 classes", "regression".
  var words: String { width == 1 ? "regression" : width == 2 ? "two classes" : "\(width) classes" }
}
