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

  /// Findings of visits at some moments.
  private func findings(at moments: [String]) throws -> [ProjectFinding] {
    try withTemporaryFolder { folder in
      let rows = moments.map { "\($0),1\n" }.joined()
      try Data(("when,Betrag\n" + rows).utf8).write(to: URL(fileURLWithPath: folder + "/d.csv"))
      let text = "solution: small\ndata: d.csv\ncolumns:\n  time: when\n  amount: Betrag\n"
      let solution = SmallSolution()
      let project = try Project.parse(text, folder: folder, name: "p/solution.yaml", among: [solution]).project
      return try ProjectCheck.findings(project, solution, ProjectData(project, solution.card, threads: 1))
    }
  }

  func testOneMistypedYearStopsAndIsNamed() throws {
    let days = (0..<60).map { day in "2025-0\(day / 28 + 1)-\(day % 28 + 1 < 10 ? "0" : "")\(day % 28 + 1)" }
    XCTAssertEqual(try findings(at: days).count, 0)
    for (wrong, years) in [("2052-01-20", "27 years"), ("1925-01-20", "100 years")] {
      var moments = days
      moments[19] = wrong
      let found = try findings(at: moments)
      XCTAssertEqual(found.count, 1, wrong)
      XCTAssertEqual(found.first?.level, .stop)
      for part in ["1 row of \"when\"", years, "row 20", wrong] {
        XCTAssertTrue(found.first?.words.contains(part) ?? false, "\(part) in \(found)")
      }
    }
  }

  func testLongPastsAndGapsAreNoMistakes() throws {
    // Yearly visits over 60 years, and two stretches of a month with eleven months between them.
    XCTAssertEqual(try findings(at: (1960..<2020).map { "\($0)-01-01" }).count, 0)
    let stretches = (1...28).flatMap { day in ["2024-01-", "2024-12-"].map { "\($0)\(day < 10 ? "0" : "")\(day)" } }
    XCTAssertEqual(try findings(at: stretches).count, 0)
    // Too few rows to say what is usual.
    XCTAssertEqual(try findings(at: ["2025-01-01", "2025-01-02", "2052-01-03"]).count, 0)
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
