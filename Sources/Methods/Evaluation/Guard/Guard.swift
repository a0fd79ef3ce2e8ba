import Basics
import Kernels
import Tables

/// Looks for what makes an evaluation untrustworthy, before any model is trained: leaks of the target, identifiers,
/// columns known only after the event, rows and entities on both sides of the split, time order broken.
///
/// Findings that leave little doubt stop the run (`GuardFinding.Severity.stop`); the rest are warnings for the report.
/// The thresholds stand beside the checks with their reasons. Cost: about linear in the cells of the table.
public struct Guard: Sendable {
  /// The source of the draws (folds of the one-column predictors, samples of large tables).
  public var key: RandomKey
  /// The threads it may use; findings do not depend on them.
  public var threads: Int

  /// Creates a guard.
  public init(key: RandomKey, threads: Int = 1) {
    self.key = key
    self.threads = threads
  }

  /// Everything found, what stops the run first.
  public func inspect(_ data: GuardedData) -> [GuardFinding] {
    guard data.training.rowCount > 0 else { return [] }
    let sample = LeakSample(data, key: key["guard"])
    let identifiers = Dictionary(
      uniqueKeysWithValues: zip(
        data.training.columns,
        parallelMap(data.training.columns.count, threads: threads) {
          IdentifierCheck(data.training.columns[$0], test: data.test, isDeclared: isDeclared($0, data))
        }
      ).map { ($0.name, $1) })
    let perColumn = parallelMap(data.training.columns.count, threads: threads) { index -> [GuardFinding] in
      let column = data.training.columns[index]
      if isDeclared(index, data) { return [] }
      let strength = ColumnStrength(sample.coded(column), sample: sample)
      if let identifier = identifiers[column.name], identifier.isIdentifier {
        return [identifier.finding(column.name, strength, target: data.target)]
      }
      let afterwards = afterwardsFindings(column, strength, sample: sample, data)
      if afterwards.contains(where: { $0.severity == .stop }) { return afterwards }
      return afterwards + leakFindings(column, strength, sample: sample, target: data.target)
    }
    var findings = perColumn.flatMap { $0 }
    let identities = identityFindings(sample: sample, data, known: findings)
    let parts = Set(identities.map(\.column))
    findings = findings.filter { $0.kind != .leak || !parts.contains($0.column) } + identities
    let kept = data.training.names.filter { identifiers[$0]?.isIdentifier != true && $0 != data.timeColumn }
    findings += duplicateFindings(data, columns: kept)
    findings += entityFindings(data)
    findings += timeFindings(data, sample: sample)
    return findings.enumerated().sorted {
      ($0.element.severity == .stop ? 0 : 1, $0.offset) < ($1.element.severity == .stop ? 0 : 1, $1.offset)
    }.map(\.element)
  }

  private func isDeclared(_ index: Int, _ data: GuardedData) -> Bool {
    let name = data.training.columns[index].name
    return name == data.timeColumn || name == data.entityColumn
  }
}

extension Guard {
  /// The findings with the user's reasons attached.
  ///
  /// A reason is given by `GuardFinding.code`; what is allowed for a column covers all findings on it, since the reason
  /// is about the column. A reason that fits nothing has no effect: what it was for may be gone.
  ///
  /// - Throws: `configuration` for a code that names no kind of finding.
  public static func allowing(_ reasons: [String: String], in findings: [GuardFinding]) throws -> [GuardFinding] {
    for code in reasons.keys.sorted() {
      let kind = String(code.prefix { $0 != ":" })
      if GuardFinding.Kind(rawValue: kind) != nil { continue }
      let kinds = GuardFinding.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw AssayError(
        .configuration, "\"\(kind)\" is nothing that the guard finds", at: "--allow \(code)",
        remedy: "write one of \(kinds), then a colon and the column")
    }
    let ofColumn = Dictionary(
      reasons.sorted { $0.key < $1.key }.compactMap { code, reason in
        code.firstIndex(of: ":").map { (String(code[code.index(after: $0)...]), reason) }
      }, uniquingKeysWith: { one, _ in one })
    return findings.map { finding in
      var finding = finding
      let reason = reasons[finding.code] ?? (finding.column.isEmpty ? nil : ofColumn[finding.column])
      finding.allowedBecause = reason ?? finding.allowedBecause
      return finding
    }
  }

  /// Throws a `guarded` error that tells everything that stops the run and is not allowed.
  public static func check(_ findings: [GuardFinding]) throws {
    let stops = findings.filter { $0.severity == .stop && $0.allowedBecause == nil }
    guard !stops.isEmpty else { return }
    let texts = stops.map { "\($0.evidence); \($0.remedy)" }
    throw AssayError(.guarded, "the guard stopped the run:\n  - " + texts.joined(separator: "\n  - "))
  }
}
