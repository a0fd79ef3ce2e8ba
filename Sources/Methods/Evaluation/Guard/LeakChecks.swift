import Basics
import Tables

extension Guard {
  /// Whether a column alone predicts so well that it holds the target rather than a reason for it.
  ///
  /// - Stops: a one-to-one recoding of the labels; numbers with R² above 0.9999, linear, by rank or by value (units,
  ///   logarithms, codes of the target); classes predicted with less than a thousandth of the baseline's errors, or
  ///   separated by a threshold, if the rarest class has at least 100 rows. Honest columns reach 0.97 of the
  ///   errors (the odour of mushrooms) and may separate a few dozen rows perfectly (irises), but not hundreds.
  /// - Warns: AUC from 0.95, nine tenths of the errors, or R² from 0.95, which honest single columns seldom reach.
  func leakFindings(
    _ column: Column, _ strength: ColumnStrength, sample: LeakSample, target: String
  ) -> [GuardFinding] {
    let isRegression = sample.task.width == 1
    var evidence: String?
    var severity = GuardFinding.Severity.stop
    if strength.isOneToOne {
      evidence = "column \"\(column.name)\" is \"\(target)\" under other names: their values correspond one to one"
    } else if isRegression, max(strength.explained, strength.correlation) > 0.9999, sample.labels.count >= 20 {
      evidence = "column \"\(column.name)\" is a copy of \"\(target)\": \(strength.words)"
    } else if !isRegression, sample.rarest >= 100, strength.isSeparating || strength.explained > 0.999 {
      evidence = "column \"\(column.name)\" holds \"\(target)\": \(strength.words), almost without an error"
    } else if isRegression ? strength.explained >= 0.95 : strength.explained >= 0.9 || strength.area >= 0.95 {
      severity = .warning
      evidence = "column \"\(column.name)\" is suspiciously strong: \(strength.words)"
    }
    guard let evidence else { return [] }
    return [
      GuardFinding(
        .leak, severity: severity, column: column.name, evidence: evidence, remedy: Self.remedy(.leak, column))
    ]
  }

  /// "leave it out with --exclude X, or, if ..., keep it with --allow leak:X "reason"".
  static func remedy(_ kind: GuardFinding.Kind, _ column: Column) -> String {
    "leave it out with --exclude \"\(column.name)\", or, if it is known when the prediction is needed, keep it with "
      + "--allow \"\(kind.rawValue):\(column.name)\" \"reason\""
  }

  /// Numbers that add up (or multiply) to the target exactly: each of them holds a part of it.
  func identityFindings(sample: LeakSample, _ data: GuardedData, known: [GuardFinding]) -> [GuardFinding] {
    guard data.task.width == 1, sample.labels.count >= 30 else { return [] }
    let reported = Set(
      known.filter { $0.kind == .leak && $0.severity == .stop || $0.kind == .identifier }.map(\.column))
    let columns = data.training.columns.filter { column in
      if reported.contains(column.name) || column.name == data.timeColumn || column.name == data.entityColumn {
        return false
      }
      return column.kind == .integer || column.kind == .float
    }
    // 5,000 rows decide whether an identity holds; an exception would show in far fewer. Less for very wide tables.
    let limit = max(100, min(5000, 2_000_000 / max(1, columns.count)))
    let step = max(1, sample.rows.count / limit)
    let positions = Array(stride(from: 0, to: sample.rows.count, by: step))
    let rows = positions.map { sample.rows[$0] }
    let labels = positions.map { sample.labels[$0] }
    let numbers = columns.map { $0.selecting(rows: rows).numbers() }
    guard let identity = LinearIdentity.find(labels: labels, columns: numbers) else { return [] }
    let names = identity.columns.map { "\"\(columns[$0].name)\"" }
    let formula = names.joined(separator: " and ")
    return identity.columns.map { index in
      GuardFinding(
        .leak, severity: .stop, column: columns[index].name,
        evidence: identity.isProduct
          ? "\"\(data.target)\" is an exact product of (powers of) \(formula) in every row"
          : "\"\(data.target)\" is an exact sum of (multiples of) \(formula) in every row",
        remedy: Self.remedy(.leak, columns[index]))
    }
  }
}
