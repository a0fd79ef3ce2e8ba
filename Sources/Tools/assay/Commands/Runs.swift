import ArgumentParser
import Basics
import Experiments
import Foundation
import Reports

/// `assay runs`
struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the runs in the ledger, the latest first.",
    discussion: """
      Examples:
        assay runs
        assay runs --limit 100 --target churned
        assay runs --json

      A run whose process was killed, or whose machine was started anew, is listed as "ended without a word".
      """)

  @Option(help: "How many to list.")
  var limit = 20

  @Option(help: "Only runs that predict this column.")
  var target: String?

  @Flag(help: "Print JSON, and nothing else on standard output.")
  var json = false

  func validate() throws {
    if limit < 1 { throw ValidationError("limit must be 1 or more") }
  }

  func run() throws {
    let ledger = try Ledger(path: Ledger.defaultPath())
    try ledger.closeAbandonedRuns()
    let records = try ledger.list(limit: limit, filter: RunFilter(target: target))
    if json {
      standardOutput(String(decoding: try CanonicalJSON.encode(records), as: UTF8.self))
      return
    }
    if records.isEmpty {
      if let target, try ledger.count() > 0 {
        let targets = try ledger.targets().joined(separator: ", ")
        standardError("there is no run that predicts \"\(target)\"; there are runs of \(targets)")
      } else {
        standardError("there are no runs yet: assay train or assay run writes one")
      }
      return
    }
    // A file or a pipe gets every column.
    let terminal = TerminalSettings.output
    standardOutput(
      RunListText.text(records, width: terminal.columns ?? 1_000, usesColors: terminal.usesColors), end: "")
  }
}
