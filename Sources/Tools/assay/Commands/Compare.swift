import ArgumentParser
import Basics
import Experiments
import Foundation
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
      are compared by paired bootstrap, runs with the same folds by the corrected resampled t test.
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
    let comparison = try RunComparison.between(
      first, second, ledger: Ledger(path: Ledger.defaultPath()), key: RandomKey(seed: seed)["compare"],
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
}
