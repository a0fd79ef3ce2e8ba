import Foundation
import Projects
import Tables

/// What is odd in snapshots before anything is learned from them.
public struct SnapshotCheck {
  private let problem: SnapshotProblem
  private var noun: String { problem.noun }
  private var nouns: String { problem.plural }
  private var terms: ServiceTerms { problem.terms }

  /// A check of a problem's rows.
  public init(_ problem: SnapshotProblem) { self.problem = problem }

  /// The failures that it takes to learn from some and measure on others.
  private static let fewest = 20

  /// Whether the rows can carry the problem, and what in them is odd.
  ///
  /// - Throws: a `schema` or `configuration` error for columns that do not fit what the problem says of them.
  public func findings() throws -> [ProjectFinding] {
    let snapshots = try SnapshotData(problem)
    var found: [ProjectFinding] = []
    func add(_ level: ProjectFinding.Level, _ words: String, _ remedy: String = "") {
      found.append(ProjectFinding(level, words, remedy: remedy))
    }
    let failures = snapshots.failed.count { $0 == 1 }
    let unknown = snapshots.failed.count { $0.isNaN }
    add(
      .note,
      "\(Words.count(snapshots.failed.count, "snapshot")), \(Words.count(failures, "failure"))"
        + (unknown > 0 ? "; of \(unknown) it is not known whether the \(noun) failed: they are left out" : ""))
    if failures < Self.fewest {
      add(
        .stop,
        "\(Words.count(failures, "failure")) are too few; it takes \(Self.fewest) to learn from some and measure "
          + "on others", "give more \(problem.pieces) in which \(Words.one(noun)) failed")
    } else if failures < 100 {
      add(.warning, "\(failures) failures are few: measures will have wide intervals")
    }
    if failures * 2 > snapshots.failed.count - unknown {
      add(
        .warning, "more than half of the rows are failures",
        "look whether 1 stands for a failure in \"\(problem.failed)\"")
    }
    if !snapshots.derived.isEmpty {
      for name in snapshots.derived {
        let missing = snapshots.table[name]?.missingCount ?? 0
        if missing * 10 > snapshots.table.rowCount {
          add(
            .warning, "\(name) cannot be worked out in \(missing) of \(snapshots.table.rowCount) rows",
            "look at its formula under derived, and at the columns it uses")
        }
      }
      add(.note, "worked out from other columns: \(snapshots.derived.joined(separator: ", "))")
    }
    found += modes(snapshots)
    guard terms.areGiven else { return found + [terms.costless] }
    if terms.failure <= terms.service {
      add(
        .warning, "a failure costs no more than a service: then no service pays, whatever is predicted",
        "look at the costs under value")
    }
    return found
  }

  private func modes(_ snapshots: SnapshotData) -> [ProjectFinding] {
    var found: [ProjectFinding] = []
    func add(_ level: ProjectFinding.Level, _ words: String, _ remedy: String = "") {
      found.append(ProjectFinding(level, words, remedy: remedy))
    }
    guard !snapshots.modes.isEmpty else {
      add(
        .note, "no failure modes are named: it will be told whether \(Words.one(noun)) fails, not how",
        "name the column of the mode as the field \"\(problem.mode)\", or one column for each mode in the setting \"modes\""
      )
      return found
    }
    let counts = snapshots.modes.map { "\($0.name) \($0.failures)" }.joined(separator: ", ")
    add(.note, "failures by mode: \(counts)")
    // A quarter of them or so is set apart for the test.
    let few = snapshots.modes.filter { Double($0.failures) * 0.75 < Double(FailureModes.fewest) }
    if !few.isEmpty {
      add(
        .warning, "too few failures to tell these modes by: \(few.map(\.name).joined(separator: ", "))",
        "give more failures, or leave these modes out")
    }
    for mode in snapshots.modes where mode.strays > 0 {
      add(
        .warning,
        "\(Words.count(mode.strays, "row")) name the mode \(mode.name), but are not marked as failed; they count "
          + "as not failed", "look which of the two columns is right")
    }
    if snapshots.unnamed > 0 {
      add(.note, "\(Words.count(snapshots.unnamed, "failure")) have no mode")
    }
    return found
  }
}
