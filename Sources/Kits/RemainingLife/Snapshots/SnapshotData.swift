import Basics
import Foundation
import Projects
import Tables

/// Snapshots of units: rows that stand by themselves, each a piece of work with whether the unit failed in it.
struct SnapshotData {
  /// A way to fail.
  struct Mode {
    /// Its name.
    let name: String
    /// For each row whether the unit failed in this way.
    let isPresent: [Bool]
    /// The rows that name it though the unit did not fail; they count as not failed.
    let strays: Int

    /// The failures of this mode.
    var failures: Int { isPresent.count { $0 } }
  }

  /// The data, with the columns that are worked out from them.
  let table: Table
  /// The columns that are learned from.
  let features: [String]
  /// The names of those that are worked out.
  let derived: [String]
  /// For each row 1 where the unit failed, 0 where not, not-a-number where nobody knows.
  let failed: [Double]
  /// The ways to fail, as the problem names them, or the most frequent first.
  let modes: [Mode]

  /// Takes a problem's data.
  ///
  /// - Parameter isNew: Whether the rows are to be predicted: then nothing is known of failures.
  /// - Throws: a `schema` or `configuration` error for columns that do not fit what the problem says of them.
  init(_ problem: SnapshotProblem, isNew: Bool = false) throws {
    let (project, data, named) = (problem.project, problem.data, problem.modes)
    var hidden = Dictionary(
      named.map { ($0, "names a failure and is known only afterwards") }, uniquingKeysWith: { one, _ in one })
    for field in [problem.failed, problem.mode] + problem.afterwards { hidden[field] = "is known only afterwards" }
    hidden[problem.part] = "says where the row is used"
    let formulas = try DerivedColumns(
      problem.derived, at: "\(project.path(Project.fileName)), settings, derived")
    table = try formulas.adding(to: data.table, hidden: hidden)
    derived = formulas.names
    let sensors = problem.sensors
    let given = sensors.isEmpty ? data.others : problem.conditions + sensors
    features = given.filter { hidden[$0] == nil } + formulas.names
    guard !features.isEmpty else {
      throw AssayError(
        .data, "there is no column that a failure could show in", at: project.source,
        remedy: "give readings of the \(problem.noun) or the work, one column each")
    }
    let known = data.numbers(problem.failed) ?? []
    failed = isNew || known.isEmpty ? Array(repeating: .nan, count: data.table.rowCount) : known
    modes = isNew ? [] : try Self.modes(problem, failed: failed)
  }

  private static func modes(_ problem: SnapshotProblem, failed: [Double]) throws -> [Mode] {
    let (columns, data) = (problem.modes, problem.data)
    var marks: [(name: String, rows: [Bool])] = []
    if data.has(problem.mode), let column = data.table[problem.mode] {
      guard columns.isEmpty else {
        throw AssayError(
          .configuration, "failure modes are named by a column \"\(problem.mode)\" and by the setting \"modes\"",
          at: "settings, modes",
          remedy: "keep one of them")
      }
      var byName: [String: [Bool]] = [:]
      for row in 0..<column.count {
        for part in (column.text(at: row) ?? "").split(separator: ";") {
          let name = part.trimmingCharacters(in: .whitespaces)
          if name.isEmpty { continue }
          byName[name, default: Array(repeating: false, count: column.count)][row] = true
        }
      }
      marks = byName.map { ($0.key, $0.value) }
    }
    for name in columns {
      do {
        let truths = try data.table.column(name).converted(to: .boolean)
        marks.append((name, truths.numbers().map { $0 == 1 }))
      } catch let error as AssayError where error.kind == .schema {
        throw AssayError(
          .schema, "a column of \"modes\" must hold yes or no, but \(error.problem)", at: "column \"\(name)\"",
          remedy:
            "write 1 where the \(problem.noun) failed in this way, or name the column of modes as the field \"\(problem.mode)\""
        )
      }
    }
    let found = marks.map { mark in
      Mode(
        name: mark.name, isPresent: zip(mark.rows, failed).map { $0 && $1 == 1 },
        strays: zip(mark.rows, failed).count { $0 && $1 == 0 })
    }
    return columns.isEmpty ? found.sorted { ($1.failures, $0.name) < ($0.failures, $1.name) } : found
  }

  /// The failures that no mode is named for.
  var unnamed: Int {
    modes.isEmpty ? 0 : failed.indices.count { row in failed[row] == 1 && !modes.contains { $0.isPresent[row] } }
  }
}
