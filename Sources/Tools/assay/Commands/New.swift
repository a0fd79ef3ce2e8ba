import ArgumentParser
import Basics
import DataSets
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
        assay new maintenance engines --set cmapss-fd001 --from ../shared/data
      """)

  @Argument(help: "The solution: \(SolutionList.all.map(\.card.name).joined(separator: ", ")).")
  var solution: String

  @Argument(help: "The folder to make.")
  var folder: String

  @Option(help: "The seed of the simulated data.")
  var seed: UInt64 = 7

  @Option(help: "Begin with a public data set instead of simulated data; assay data list shows them.")
  var set: String?

  @OptionGroup var folders: DataFolders

  func run() throws {
    guard let found = SolutionList.named(solution) else {
      throw AssayError(
        .configuration, "there is no solution \"\(solution)\"",
        remedy: "choose one of \(SolutionList.all.map(\.card.name).joined(separator: ", "))")
    }
    let threads = ProcessInfo.processInfo.activeProcessorCount
    let start =
      try set.map { try publicStart(found, $0, threads: threads) } ?? found.simulated(key: RandomKey(seed: seed))
    try ProjectFolder.make(found, in: folder, start: start, threads: threads)
    let later = start.later == nil ? "" : "\n\(folder)/later.csv      rows of the time after, for assay predict"
    standardOutput(
      """
      \(folder)/solution.yaml  which data, which of your columns is what, what the decision is worth
      \(folder)/data.csv       \(set ?? "simulated"), until you name your own\(later)
      \(folder)/README.md      how to go on; first: assay check \(folder)
      """)
  }

  /// The data of a public set, verified, as the solution takes them.
  private func publicStart(_ solution: any Solution, _ name: String, threads: Int) throws -> ProjectStart {
    let found = try DataSetRegistry.set(named: name)
    guard solution.publicSets.contains(found.card.name) else {
      throw AssayError(
        .configuration, "the solution \(solution.card.name) has no use for the data set \(found.card.name)",
        remedy: SetUse.of(found.card.name)
          ?? (solution.publicSets.isEmpty
            ? "begin without --set" : "it takes \(solution.publicSets.joined(separator: ", "))"))
    }
    let receipt = try folders.store.get(found.card)
    let files = LocalDataSet(name: found.card.name, folder: receipt.folder)
    let tables = try found.tables(from: files, threads: threads)
    let byName = Dictionary(tables.map { ($0.name, $0.table) }) { first, _ in first }
    if let start = try solution.start(of: found.card.name, tables: byName) { return start }
    throw AssayError(
      .data, "the data set \(found.card.name) lacks the table that the solution takes", at: receipt.folder,
      remedy: "get it again with: assay data get \(found.card.name)")
  }
}
