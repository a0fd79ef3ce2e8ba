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
      """)

  @Option(help: "How many to list.")
  var limit = 20

  @Option(help: "Only runs that predict this column.")
  var target: String?

  @Flag(help: "Print JSON, and nothing else on standard output.")
  var json = false

  func run() throws {
    let ledger = try Ledger(path: Ledger.defaultPath())
    let records = try ledger.list(limit: limit, filter: RunFilter(target: target))
    if json {
      standardOutput(String(decoding: try CanonicalJSON.encode(records), as: UTF8.self))
      return
    }
    if records.isEmpty {
      standardError("there are no runs yet: assay train writes one")
      return
    }
    // A file or a pipe gets every column.
    let terminal = TerminalSettings.output
    standardOutput(
      RunListText.text(records, width: terminal.columns ?? 1_000, usesColors: terminal.usesColors), end: "")
  }
}
