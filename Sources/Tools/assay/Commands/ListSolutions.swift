import ArgumentParser
import Basics
import Projects
import Solutions

/// `assay solutions`
struct ListSolutions: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solutions",
    abstract: "List the business problems that come ready, with the data that each needs.",
    discussion: """
      Examples:
        assay solutions
        assay solutions --json
      """)

  @Flag(help: "Print JSON, and nothing else on standard output.")
  var json = false

  private struct Entry: Encodable {
    let name: String
    let title: String
    let purpose: String
    let row: String
    let needs: [String]
    let takes: [String]
  }

  func run() throws {
    let entries = SolutionList.all.map(\.card).map { card in
      Entry(
        name: card.name, title: card.title, purpose: card.purpose, row: card.row,
        needs: card.fields.filter(\.isRequired).map(\.needed), takes: card.fields.filter { !$0.isRequired }.map(\.name))
    }
    if json {
      standardOutput(String(decoding: try CanonicalJSON.encode(entries), as: UTF8.self))
      return
    }
    let width = entries.map(\.name.count).max() ?? 0
    for entry in entries {
      let name = entry.name.padding(toLength: width, withPad: " ", startingAt: 0)
      let takes = entry.takes.isEmpty ? "" : "; takes also: \(entry.takes.joined(separator: ", "))"
      standardOutput(
        """
        \(name)  \(entry.purpose)
        \(String(repeating: " ", count: width))  a row is \(entry.row); needs: \(entry.needs.joined(separator: ", "))\(takes)
        """)
    }
    standardError("begin with: assay new NAME FOLDER")
  }
}
