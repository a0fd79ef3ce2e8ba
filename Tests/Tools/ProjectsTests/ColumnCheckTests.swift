import Basics
import Checks
import Foundation
import Projects
import Tables
import XCTest

/// What is found in columns that are no fields.
final class ColumnCheckTests: XCTestCase {
  /// Four hundred visits, of which a quarter bought something, with more columns.
  ///
  /// - Parameter more: The further columns: a name, and a value per row and outcome.
  private func found(
    settings: String = "", outcome: String? = "bought", bought: String = "  bought: sold\n",
    _ more: [More]
  ) throws -> (profile: [ProjectFinding], guarded: [ProjectFinding]) {
    try withTemporaryFolder { folder in
      var random = RandomKey(seed: 11).stream()
      var text = "when,Betrag,sold," + more.map(\.name).joined(separator: ",") + "\n"
      for row in 0..<400 {
        let isBought = random.uniform() < 0.25
        text += "2025-01-01 \(row / 60 + 10):\(row % 60 < 10 ? "0" : "")\(row % 60),\(row),\(isBought ? "yes" : "no"),"
        text += more.map { $0.value(row, isBought) }.joined(separator: ",") + "\n"
      }
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/d.csv"))
      let file = "solution: small\ndata: d.csv\ncolumns:\n  time: when\n  amount: Betrag\n\(bought)\(settings)"
      let solution = SmallSolution()
      var card = solution.card
      card.outcome = outcome
      let project = try Project.parse(file, folder: folder, name: "p/solution.yaml", among: [solution]).project
      let data = try ProjectData(project, card, threads: 1)
      return (
        try ColumnCheck.profile(data, threads: 1), try ColumnCheck.guard(project, card, data, threads: 1)
      )
    }
  }

  private typealias More = (name: String, value: (_ row: Int, _ bought: Bool) -> String)
  private static var leak: More { ("receipt", { $1 ? "paid" : "none" }) }
  private static var harmless: More { ("weather", { row, _ in "w\(row % 7)" }) }

  func testAColumnThatGivesTheOutcomeAwayStopsInTheCustomersWords() throws {
    let guarded = try found([Self.leak, Self.harmless]).guarded
    let stops = guarded.filter { $0.level == .stop }
    XCTAssertEqual(stops.count, 1, "\(guarded)")
    XCTAssertEqual(guarded.count { $0.words.contains("\"receipt\"") }, 1, "\(guarded)")
    XCTAssertTrue(stops.first?.words.contains("\"receipt\" is \"sold\" under other names") ?? false, "\(guarded)")
    XCTAssertTrue(stops.first?.remedy.contains("exclude: in solution.yaml") ?? false, "\(guarded)")
    XCTAssertFalse(guarded.contains { $0.words.contains("weather") }, "\(guarded)")
  }

  func testACaseNumberThatIsOrderedByTheOutcomeStopsAndAnyOtherIsNoted() throws {
    let ordered = try found([
      ("case_id", { row, isBought in "\(isBought ? 5_000 + row : row)" }), Self.harmless,
    ]).guarded
    XCTAssertEqual(ordered.filter { $0.words.contains("\"case_id\"") }.map(\.level), [.stop], "\(ordered)")
    let other = try found([("case_id", { row, _ in "\(row * 7_919 % 4_001)" }), Self.harmless]).guarded
    XCTAssertEqual(other.filter { $0.words.contains("\"case_id\"") }.map(\.level), [.note], "\(other)")
  }

  func testWhatIsExcludedOrNoOutcomeIsNotGuarded() throws {
    XCTAssertEqual(try found(settings: "exclude: receipt\n", [Self.leak, Self.harmless]).guarded, [])
    XCTAssertEqual(try found(outcome: nil, [Self.leak]).guarded, [])
    XCTAssertEqual(try found(bought: "", [Self.leak]).guarded, [])
  }

  func testEmptyConstantAndDoubledColumnsAreNoted() throws {
    let profile = try found([
      ("nothing", { _, _ in "" }), ("shopfloor", { _, _ in "1" }),
      ("rare", { row, _ in row % 4 == 0 ? "5\(row)" : "" }), Self.harmless, ("sky", Self.harmless.value),
    ]).profile
    let words = profile.map(\.words)
    XCTAssertTrue(words.contains("column \"nothing\" is empty in all rows"), "\(words)")
    XCTAssertTrue(words.contains("column \"shopfloor\" holds one value in all rows"), "\(words)")
    XCTAssertTrue(words.contains("column \"rare\" is empty in 75 % of the rows"), "\(words)")
    XCTAssertTrue(words.contains("columns \"weather\" and \"sky\" hold the same"), "\(words)")
    XCTAssertEqual(profile.count, 4, "\(words)")
    XCTAssertTrue(profile.allSatisfy { $0.level == .note })
  }
}
