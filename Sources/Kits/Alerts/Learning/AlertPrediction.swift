import Basics
import Experiments
import Foundation
import Histories
import Projects
import Tables

/// Says of later events which to act on, with what a run has left in the project's folder.
public struct AlertPrediction {
  private let problem: AlertProblem
  private let context: ProjectContext

  /// Predicts for the data of a problem, which are later than those of the run.
  public init(_ problem: AlertProblem, _ context: ProjectContext) {
    self.problem = problem
    self.context = context
  }

  /// The kept columns with scores, what to do with each event, and why where something is to be done.
  ///
  /// - Throws: a `data` error for events from before the run's latest, a `file` error where there was no run.
  public func table() throws -> Table {
    let (project, data) = (problem.project, problem.data)
    var histories = try HistoryState(contentsOf: project.path(AlertLearning.historiesFile))
    let moments = try data.table.column(problem.time).numbers()
    let earlier = moments.count { $0 * 1e6 < Double(histories.now) }
    guard earlier == 0 else {
      throw AssayError(
        .data,
        "\(Words.count(earlier, problem.nouns.event, "was", "were")) made before the latest one of the run, which histories "
          + "go on from",
        at: data.names[problem.time].map { "column \"\($0)\"" } ?? "",
        remedy:
          "give \(problem.nouns.events) that came after those of the run, or run again: assay run \(project.folder)")
    }
    var table = try histories.apply(to: data.table)
    if FileManager.default.fileExists(atPath: project.path(UnusualEvents.fileName)) {
      return try UnusualEvents(problem, context).predict(followed: table)
    }
    let bundle = try BundleFile.read(project.path("model"))
    if let windows = try EventWindows.read(project.path(EventWindows.fileName)) {
      table = try Table(table.columns + windows.columns(ofLater: table, problem))
    }
    let scored = try bundle.scoredTable(table, explains: false, threads: context.threads).table
    let told = context.explains ? Array(0..<table.rowCount) : Self.rowsToActOn(scored, bundle)
    let sentences = try AlertReasons.sentences(table, rows: told, bundle, problem.words, threads: context.threads)
    let kept = problem.kept.compactMap { data.table[$0] }
    return try Table(kept + scored.columns + [Column("reason", .text(TextValues(sentences)))])
  }

  /// The events that get another action than most; where nothing is decided on, those that are held for targets.
  private static func rowsToActOn(_ scored: Table, _ bundle: ModelBundle) -> [Int] {
    let (column, usual) =
      if let policy = bundle.policy { (scored["action"], policy.specification.actions[0].name) } else {
        (scored["prediction"], bundle.task.classes[0])
      }
    guard let column else { return [] }
    return (0..<scored.rowCount).filter { row in column.text(at: row).map { $0 != usual } ?? false }
  }
}
