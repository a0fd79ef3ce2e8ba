import ArgumentParser
import Basics
import Evaluation
import Experiments
import Foundation
import Projects
import Reports

/// `assay compare`
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two runs by a paired test; \"no difference\" is an answer.",
    discussion: """
      Examples:
        assay compare 20261123-1 20261124-7
        assay compare RUN RUN --json

      RUN is a run's name from assay runs, or a beginning that no other run shares. Runs measured on the same test rows
      are compared by paired bootstrap, runs with the same folds by the corrected resampled t test. Projects that keep no
      results row by row have their measures set side by side, without a test.
      """)

  @Argument(help: "The first run.")
  var first: String

  @Argument(help: "The second run.")
  var second: String

  @Option(help: "The seed of the resampling.")
  var seed: UInt64 = 7

  @Flag(help: "Print JSON, and nothing else on standard output.")
  var json = false

  func run() throws {
    let ledger = try Ledger(path: Ledger.defaultPath())
    try ledger.closeAbandonedRuns()
    if let measures = try MeasureComparison.between(first, second, ledger: ledger) { return try show(measures) }
    let comparison = try RunComparison.between(
      first, second, ledger: ledger, key: RandomKey(seed: seed)["compare"],
      threads: ProcessInfo.processInfo.activeProcessorCount)
    if json {
      standardOutput(String(decoding: try CanonicalJSON.encode(comparison), as: UTF8.self))
    } else {
      let measurement = ComparisonText.Measurement(
        name: comparison.metric, first: comparison.firstValue, second: comparison.secondValue,
        difference: comparison.difference)
      let terminal = TerminalSettings.output
      standardOutput(
        ComparisonText.text(
          first: comparison.first, second: comparison.second, measurements: [measurement],
          notes: ["Compared on \(comparison.basis)."], width: terminal.textWidth, usesColors: terminal.usesColors),
        end: "")
    }
  }

  /// Prints measures side by side.
  private func show(_ comparison: MeasureComparison) throws {
    if json {
      standardOutput(String(decoding: try CanonicalJSON.encode(comparison), as: UTF8.self))
      return
    }
    func text(_ value: Estimate) -> String {
      let number = Words.number(value.value, digits: 4)
      guard value.lower < value.upper else { return number }
      return "\(number) (\(Words.number(value.lower, digits: 4)) to \(Words.number(value.upper, digits: 4)))"
    }
    let rows =
      [["measure", comparison.first, comparison.second]]
      + comparison.measures.map { [$0.name, text($0.first), text($0.second)] }
    let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      standardOutput(String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed()))
    }
    if comparison.measures.isEmpty { standardOutput("The runs have no measure in common.") }
    standardOutput("")
    for note in comparison.notes {
      standardOutput(DataText.wrapped(title: "note", text: note, width: TerminalSettings.output.textWidth))
    }
  }
}
