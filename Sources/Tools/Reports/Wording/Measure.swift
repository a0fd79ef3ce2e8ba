import Evaluation

/// A measure of quality as people talk about it.
struct Measure: Sendable, Hashable {
  /// The name as a heading.
  var title: String
  /// What it says, for a manager, in one sentence.
  var meaning: String
  /// How its numbers are written.
  var format: NumberFormat

  /// The name inside a sentence: "log loss", but "ROC-AUC".
  var inSentence: String {
    let second = title.dropFirst().first
    return second?.isLowercase == true ? title.prefix(1).lowercased() + title.dropFirst() : title
  }

  /// What it says, about what rows are: customers, claims.
  func meaning(_ facts: ReportFacts) -> String {
    meaning.replacing("rows", with: facts.units).replacing("row", with: facts.unit)
  }

  /// The measure with a name in any common spelling; unknown names explain themselves.
  init(_ name: String) {
    let key = String(name.lowercased().replacing("²", with: "2").filter { $0.isLetter || $0.isNumber })
    if let known = Measure.known[key] {
      self = known
    } else {
      self.init(name, "", .number)
    }
  }

  private init(_ title: String, _ meaning: String, _ format: NumberFormat) {
    self.title = title
    self.meaning = meaning
    self.format = format
  }

  /// Keys are the names without case and punctuation.
  private static let known: [String: Measure] = {
    let logLoss = Measure(
      "Log loss",
      "How surprised the probabilities are by what happened; confident mistakes cost most. 0 is perfect.", .number)
    let brier = Measure(
      "Brier score", "The mean squared distance between the probability given and what happened. 0 is perfect.", .number
    )
    let rocAUC = Measure(
      "ROC-AUC",
      "How often, of a random pair with one row of each class, the right one gets the higher score. 0.5 is guessing.",
      .number)
    let prAUC = Measure(
      "PR-AUC",
      "How many of the rows picked are right, from picking few to picking all. Guessing gives the share of positives.",
      .number)
    let calibration = Measure(
      "Calibration error",
      "How far the probabilities lie from the frequencies that were seen, on average. 0 is perfect.", .percent)
    let balanced = Measure(
      "Balanced accuracy", "The share of right answers, each class counting the same.", .percent)
    let found = { (share: String) in
      Measure(
        "Recall at \(share)",
        "The share of positive rows found when only the \(share) with the highest scores are taken.", .percent)
    }
    return [
      "logloss": logLoss, "crossentropy": logLoss,
      "brier": brier, "brierscore": brier,
      "rocauc": rocAUC, "auc": rocAUC, "auroc": rocAUC,
      "prauc": prAUC, "averageprecision": prAUC, "auprc": prAUC,
      "f1": Measure(
        "F1", "A balance between finding all positive rows and raising few false alarms. 1 is perfect.", .number),
      "accuracy": Measure("Accuracy", "The share of rows whose class is named right.", .percent),
      "balancedaccuracy": balanced, "balanced": balanced,
      "precision": Measure("Precision", "Of the rows picked, the share that is right.", .percent),
      "recall": Measure("Recall", "Of the rows that should be picked, the share that is.", .percent),
      "recallat1": found("1 %"), "recallat5": found("5 %"), "recallat10": found("10 %"), "recallatrate": found("rate"),
      "calibrationerror": calibration, "ece": calibration, "expectedcalibrationerror": calibration,
      "rmse": Measure(
        "RMSE", "The typical size of an error, large errors counting more; in units of the target.", .number),
      "mae": Measure("MAE", "The mean size of an error, in units of the target.", .number),
      "mape": Measure("MAPE", "The mean size of an error as a share of the true number.", .percent),
      "r2": Measure(
        "R²", "The share of the ups and downs that the model explains. 0 is no better than the mean, 1 perfect.",
        .number),
      "pinball": Measure("Pinball loss", "How well a predicted quantile fits; 0 is perfect.", .number),
      "ndcg": Measure("nDCG", "How near the best rows come to the top of the list. 1 is perfect.", .number),
      "map": Measure("MAP", "How many of the rows near the top of the list are right. 1 is perfect.", .number),
      "mrr": Measure("MRR", "One over the place of the first right row, averaged. 1 is perfect.", .number),
    ]
  }()
}
