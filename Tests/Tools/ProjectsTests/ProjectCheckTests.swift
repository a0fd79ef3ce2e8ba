import Basics
import Checks
import Foundation
import Projects
import Tables
import XCTest

/// What is found in a project whatever its solution.
final class ProjectCheckTests: XCTestCase {
  /// The small solution with actions instead of amounts.
  private struct Decider: Solution {
    var card: SolutionCard {
      var card = SmallSolution().card
      card.value = .actions("actions: {call: {gain: amount}}")
      return card
    }

    func simulated(key: RandomKey) throws -> ProjectStart { try SmallSolution().simulated(key: key) }
    func check(_ project: Project, _ data: ProjectData) throws -> [ProjectFinding] { [ProjectFinding(.note, "own")] }
    func run(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> ProjectOutcome {
      throw AssayError(.data, "there is nothing to run")
    }
    func predict(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> Table { data.table }
  }

  private func findings(_ gain: String) throws -> [ProjectFinding] {
    try withTemporaryFolder { folder in
      try Data("when,Betrag,card\n2025-01-01,1,a\n2025-01-02,2,b\n".utf8)
        .write(to: URL(fileURLWithPath: folder + "/d.csv"))
      let text = """
        solution: small
        data: d.csv
        columns:
          time: when
          amount: Betrag
        value:
          actions:
            call:
              gain: \(gain)
        """
      let solution = Decider()
      let project = try Project.parse(text, folder: folder, name: "p/solution.yaml", among: [solution]).project
      return try ProjectCheck.findings(project, solution, ProjectData(project, solution.card, threads: 1))
    }
  }

  func testNamesThatAreNoColumnsAreFoundWithFileAndLine() throws {
    for (gain, parts) in [
      ("0.9 * betrag", ["p/solution.yaml, line 9", "\"betrag\"", "write amount"]),
      ("0.9 * amont * label", ["line 9", "\"amont\"", "did you mean amount?"]),
      ("2 * zzzz", ["line 9", "\"zzzz\"", "there are time, amount, card"]),
    ] {
      let found = try findings(gain)
      XCTAssertEqual(found.map(\.level), [.stop], gain)
      for part in parts { XCTAssertTrue((found[0].words + found[0].remedy).contains(part), "\(part) in \(found)") }
    }
    XCTAssertEqual(try findings("0.9 * amount * label - score"), [ProjectFinding(.note, "own")])
  }
}
