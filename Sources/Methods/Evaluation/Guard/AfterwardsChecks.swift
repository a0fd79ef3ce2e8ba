import Basics
import Foundation
import Tables

extension Guard {
  /// Whether a column is known only after the event.
  ///
  /// - Stops: missing values that tell the class with less than a hundredth of the baseline's errors (a cancellation
  ///   date that only cancelled customers have); a date-time after the declared time in nine rows of ten.
  /// - Warns: missing values that avoid four fifths of the errors (R² of a half); a date-time later in half of the
  ///   rows; a strong column (AUC from 0.7, R² or errors avoided from 0.3) whose name speaks of an outcome.
  func afterwardsFindings(
    _ column: Column, _ strength: ColumnStrength, sample: LeakSample, _ data: GuardedData
  ) -> [GuardFinding] {
    func finding(_ severity: GuardFinding.Severity, _ evidence: String) -> GuardFinding {
      GuardFinding(
        .afterwards, severity: severity, column: column.name, evidence: evidence,
        remedy: Self.remedy(.afterwards, column))
    }
    if let missing = missingStrength(column, sample) {
      let isRegression = sample.task.width == 1
      let evidence =
        "whether column \"\(column.name)\" is empty tells \"\(data.target)\" "
        + "(\(isRegression ? "R²" : "share of errors avoided") \(String(format: "%.3f", missing))), "
        + "as if it were filled in after the event"
      if missing >= 0.99 { return [finding(.stop, evidence)] }
      if missing >= (isRegression ? 0.5 : 0.8) { return [finding(.warning, evidence)] }
    }
    if let share = shareAfterTime(column, data) {
      let evidence =
        "column \"\(column.name)\" is later than the time column \"\(data.timeColumn ?? "")\" "
        + "in \(Split.percent(share)) of the rows"
      if share >= 0.9 { return [finding(.stop, evidence)] }
      if share >= 0.5 { return [finding(.warning, evidence)] }
    }
    let isStrong = strength.area >= 0.7 || strength.explained >= 0.3
    if isStrong, let word = nameWords(column.name).first(where: Self.outcomeWords.contains) {
      return [
        finding(
          .warning,
          "column \"\(column.name)\" may be known only after the event: its name says \"\(word)\", "
            + "and \(strength.words)"
        )
      ]
    }
    return []
  }

  /// Words for what is known when something has ended. A weak hint: used only together with a strong column.
  static let outcomeWords: Set<String> = [
    "duration", "outcome", "result", "closed", "closing", "cancelled", "canceled", "cancel", "cancellation", "resolved",
    "resolution", "settled", "settlement", "recovered", "recovery", "recoveries", "refund", "refunded", "returned",
    "terminated", "termination", "ended", "end", "final", "finished", "completed", "completion", "discharge",
    "discharged",
    "death", "churned", "paid", "writeoff", "chargeback", "confirmed", "disposition",
  ]

  /// How well being empty predicts: errors avoided (classes) or R²; nil unless values are missing, but not nearly all.
  private func missingStrength(_ column: Column, _ sample: LeakSample) -> Double? {
    let isMissing = sample.rows.map { column.isMissing($0) }
    let missing = isMissing.count { $0 }
    guard missing >= 10, isMissing.count - missing >= 10 else { return nil }
    let mark = Column(column.name, .boolean(isMissing.map { $0 ? 1 : 0 }))
    return ColumnStrength(CodedColumn(mark), sample: sample).explained
  }

  /// The share of rows in which a date-time column lies after the declared time column.
  private func shareAfterTime(_ column: Column, _ data: GuardedData) -> Double? {
    guard column.kind == .dateTime, let name = data.timeColumn, let time = data.training[name], time.kind == .dateTime
    else { return nil }
    let own = column.numbers()
    let declared = time.numbers()
    let both = own.indices.filter { !own[$0].isNaN && !declared[$0].isNaN }
    guard both.count >= 10 else { return nil }
    return Double(both.count { own[$0] > declared[$0] }) / Double(both.count)
  }
}
