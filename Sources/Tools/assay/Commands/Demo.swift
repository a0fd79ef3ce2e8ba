import ArgumentParser
import Basics
import Experiments
import Foundation
import Tables

/// `assay demo`
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The main job on simulated data: which customers to call before they leave.",
    discussion: """
      Examples:
        assay demo
        assay demo --budget 5m --output demo-output

      Writes customers.csv, value.yaml, then trains on them as assay train would.
      """)

  @Option(help: "The time to spend: 60s, 5m.")
  var budget = TimeSpan(seconds: 60)

  @Option(help: "The rows to simulate.")
  var rows = 12_000

  @Option(help: "The seed of all randomness.")
  var seed: UInt64 = 7

  @Option(help: "The folder to write into.")
  var output = "demo-output"

  func run() throws {
    guard rows >= 200 else {
      throw AssayError(
        .configuration, "\(rows) rows are too few to show anything", at: "--rows", remedy: "give 200 or more")
    }
    try FileAccess.createFolder(output)
    let data = output + "/customers.csv"
    let value = output + "/value.yaml"
    let simulator = RetentionSimulator(rowCount: rows, key: RandomKey(seed: seed))
    try TableWriter.write(simulator.simulate().table, to: data)
    try AtomicFile.write(Array(RetentionSimulator.valueFile.utf8), to: value)
    let arguments = [
      data, "--target", RetentionSimulator.target, "--time", RetentionSimulator.timeColumn, "--value", value,
      "--budget",
      "\(Int(budget.seconds))s", "--seed", "\(seed)", "--output", output,
    ]
    standardError("assay train " + arguments.joined(separator: " "))
    let train = try Train.parse(arguments)
    try train.run()
  }
}
