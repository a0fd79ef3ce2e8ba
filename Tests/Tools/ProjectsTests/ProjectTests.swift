import Basics
import Checks
import Projects
import Tables
import XCTest

/// What a customer writes into a project file, and what becomes of it.
final class ProjectTests: XCTestCase {
  private let solution = SmallSolution()

  private func parse(_ text: String) throws -> Project {
    try Project.parse(text, folder: "f", name: "f/solution.yaml", among: [solution]).project
  }

  private let smallest = "solution: small\ndata: d.csv\ncolumns:\n  time: t\n  amount: a\n"

  func testTheSmallestFileHasDefaults() throws {
    let project = try parse(smallest)
    XCTAssertEqual(project.source, "f/d.csv")
    XCTAssertEqual(project.columns, ["time": "t", "amount": "a"])
    XCTAssertEqual(project.settings.seconds("delay"), 7 * 86_400)
    XCTAssertEqual(project.settings.number("share"), 0.2)
    XCTAssertEqual(project.settings.whole("count"), 3)
    XCTAssertEqual(project.settings.text("way"), "fast")
    XCTAssertNil(project.settings.text("note"))
    XCTAssertEqual(project.amounts.number("cost"), 5)
  }

  func testWhatIsGivenTakesThePlaceOfDefaults() throws {
    let project = try parse(
      smallest + "exclude: x, y z\nsettings:\n  delay: 90 min\n  count: 10\n  way: slow\nvalue:\n  cost: 7.5\n")
    XCTAssertEqual(project.excluded, ["x", "y z"])
    XCTAssertEqual(project.settings.seconds("delay"), 5_400)
    XCTAssertEqual(project.settings.whole("count"), 10)
    XCTAssertEqual(project.settings.text("way"), "slow")
    XCTAssertEqual(project.amounts.number("cost"), 7.5)
  }

  func testLengthsOfTime() {
    for (text, seconds) in [("30 s", 30.0), ("1.5h", 5_400), ("2 weeks", 1_209_600), ("0 days", 0)] {
      XCTAssertEqual(SettingValues.seconds(text), seconds, text)
    }
    for text in ["", "7", "-1 days", "days", "7 moons"] { XCTAssertNil(SettingValues.seconds(text), text) }
  }

  func testMistakesSayWhereTheyAre() {
    let cases: [(String, [String])] = [
      ("", ["empty", "assay new"]), ("data: d.csv\n", ["no \"solution\"", "small"]),
      ("solution: smal\ndata: d.csv\n", ["no solution \"smal\"", "line 1", "small"]),
      ("solution: small\n", ["no \"data\""]),
      ("solution: small\ndata: d.csv\ncolumns:\n  time: t\n", ["\"amount\"", "in EUR", "columns"]),
      (smallest + "settigs:\n  count: 3\n", ["settigs", "settings", "line 6"]),
      (smallest + "settings:\n  counts: 3\n", ["counts", "\"count\"", "line 7"]),
      (smallest + "settings:\n  count: 11\n", ["11", "1 to 10", "line 7"]),
      (smallest + "settings:\n  share: much\n", ["much", "from 0 to 1"]),
      (smallest + "settings:\n  delay: soon\n", ["soon", "7 days"]),
      (smallest + "settings:\n  way: up\n", ["up", "fast, slow"]),
      (smallest + "value:\n  cost: -1\n", ["-1", "line 7"]),
      (smallest + "columns:\n  time: u\n", ["columns"]), (": :\n:", ["YAML"]),
    ]
    for (text, parts) in cases {
      assertAssayError(.configuration, saying: parts, text) { try parse(text) }
    }
  }

  func testAFolderWithoutAProjectSaysHowToMakeOne() throws {
    try withTemporaryFolder { folder in
      _ = assertAssayError(.file, saying: ["solution.yaml", "assay new"]) {
        try Project.open(folder, among: [solution])
      }
    }
  }

  func testANewFolderIsReadBack() throws {
    try withTemporaryFolder { folder in
      let place = folder + "/new project"
      try ProjectFolder.make(
        solution, in: place, start: solution.simulated(key: RandomKey(seed: 1)), threads: 1)
      let (project, found) = try Project.open(place, among: [solution])
      XCTAssertEqual(found.card.name, "small")
      XCTAssertEqual(project.columns, ["time": "visit time", "amount": "EUR: net", "shop": "shop"])
      XCTAssertEqual(project.settings.whole("count"), 4)
      let data = try ProjectData(project, solution.card, threads: 1)
      XCTAssertEqual(data.numbers("amount"), [1.5, 2])
      XCTAssertEqual(data.numbers("time"), [0, 1])
      let readme = try String(contentsOfFile: place + "/README.md", encoding: .utf8)
      for field in solution.card.fields { XCTAssertTrue(readme.contains("`\(field.name)`"), field.name) }
      _ = assertAssayError(.file, saying: ["already"]) {
        try ProjectFolder.make(
          solution, in: place, start: solution.simulated(key: RandomKey(seed: 1)), threads: 1)
      }
    }
  }
}
