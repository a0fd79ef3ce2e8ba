import Basics
import Evaluation
import Tables

/// What the customer's other columns hold, and whether one of them gives the outcome away.
///
/// Fields are checked by the solution, which knows what they mean; of the other columns only their values tell.
public enum ColumnCheck {
  /// What is odd in the columns that are used as they are: nothing in them, one value, mixed values, the same as another.
  ///
  /// - Parameter threads: At most this many threads work.
  public static func profile(_ data: ProjectData, threads: Int) throws -> [ProjectFinding] {
    guard !data.others.isEmpty else { return [] }
    let profile = try data.table.selecting(columns: data.others).profile(threads: threads)
    var found: [ProjectFinding] = []
    func note(_ words: String, _ remedy: String = "") { found.append(ProjectFinding(.note, words, remedy: remedy)) }
    for column in profile.columns {
      let name = "column \"\(column.name)\""
      if column.missing == profile.rowCount {
        note("\(name) is empty in all rows")
      } else if column.distinct <= 1 && column.missing == 0 {
        note("\(name) holds one value in all rows")
      } else if column.missing * 2 > profile.rowCount {
        note("\(name) is empty in \(Words.percent(Double(column.missing) / Double(profile.rowCount))) of the rows")
      }
      if let words = column.note { note("\(name): \(words)") }
    }
    for names in profile.duplicateColumns {
      note(
        "columns \(names.map { "\"\($0)\"" }.joined(separator: " and ")) hold the same",
        "name all but one under exclude:")
    }
    return found
  }

  /// Columns that give the outcome away, are filled in after it, or identify rows (those by which the rows are ordered by
  /// the outcome stop a run); nothing where the outcome is not
  /// among the data, or not learned under the project's settings.
  ///
  /// - Parameters:
  ///   - seed: Of the draws of the guard.
  ///   - threads: At most this many threads work; the findings do not depend on them.
  public static func `guard`(
    _ project: Project, _ card: SolutionCard, _ data: ProjectData, seed: UInt64 = 7, threads: Int
  ) throws -> [ProjectFinding] {
    guard let outcome = card.outcome, let field = card.field(outcome), let labels = data.numbers(outcome),
      field.condition.map({ project.settings.text($0.setting) == $0.value }) ?? true, !data.others.isEmpty
    else { return [] }
    let known = labels.indices.filter { !labels[$0].isNaN }
    let view = GuardedData(
      training: try data.table.selecting(columns: data.others).selecting(rows: known),
      labels: known.map { labels[$0] == 0 ? 0 : 1 }, task: .classification(classes: ["0", "1"]),
      target: data.names[outcome] ?? outcome, isRandomSplit: false)
    let found = Guard(key: RandomKey(seed: seed)["columns"], threads: threads).inspect(view)
    let stopped = Set(found.filter { $0.severity == .stop }.map(\.column))
    return found.compactMap { finding in
      // What stops a run need not be doubted besides.
      if finding.severity == .warning && stopped.contains(finding.column) { return nil }
      return switch (finding.kind, finding.severity) {
      case (.leak, .stop), (.afterwards, .stop), (.identifier, .stop):
        ProjectFinding(
          .stop, finding.evidence,
          remedy: "name it under exclude: in \(Project.fileName); if it is known before the outcome, decide by it: "
            + "nothing has to be learned")
      case (.leak, .warning), (.afterwards, .warning):
        ProjectFinding(
          .warning, finding.evidence, remedy: "if it is known only after the outcome, name it under exclude:")
      case (.identifier, .warning): ProjectFinding(.note, finding.evidence, remedy: "it is not learned from")
      default: nil
      }
    }
  }
}
