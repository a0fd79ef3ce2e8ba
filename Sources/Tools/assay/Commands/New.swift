import ArgumentParser
import Basics
import Foundation
import Projects
import Solutions

/// `assay new`
struct New: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a folder for a business problem: settings with comments, simulated data, a README.",
    discussion: """
      Examples:
        assay new fraud my-shop
        assay run my-shop --budget 2m
      """)

  @Argument(help: "The solution: \(SolutionList.all.map(\.card.name).joined(separator: ", ")).")
  var solution: String

  @Argument(help: "The folder to make.")
  var folder: String

  @Option(help: "The seed of the simulated data.")
  var seed: UInt64 = 7

  func run() throws {
    guard let found = SolutionList.named(solution) else {
      throw AssayError(
        .configuration, "there is no solution \"\(solution)\"",
        remedy: "choose one of \(SolutionList.all.map(\.card.name).joined(separator: ", "))")
    }
    try ProjectFolder.make(
      found, in: folder, key: RandomKey(seed: seed), threads: ProcessInfo.processInfo.activeProcessorCount)
    standardOutput(
      """
      \(folder)/solution.yaml  which data, which of your columns is what, what the decision is worth
      \(folder)/data.csv       simulated, until you name your own
      \(folder)/README.md      how to go on; first: assay check \(folder)
      """)
  }
}
