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

  func testListsAndPlacesOfSettings() throws {
    let project = try parse(smallest + "dates: day-first\nsettings:\n  shifts: 4, 6.5\n")
    XCTAssertEqual(project.settings.numbers("shifts"), [4, 6.5])
    XCTAssertEqual(project.settings.place("shifts"), "f/solution.yaml, line 8, shifts")
    XCTAssertEqual(project.settings.place("windows"), "windows")
    XCTAssertEqual(project.places["amount"], "f/solution.yaml, line 5, amount")
    XCTAssertEqual(project.dateOrder, .dayFirst)
  }

  func testNumbersOfThings() {
    XCTAssertEqual(Words.count(1, "payment", "has", "have"), "1 payment has")
    XCTAssertEqual(Words.count(1_200, "payment", "has", "have"), "1,200 payments have")
    XCTAssertEqual(Words.count(2, "person", plural: "people", "is", "are"), "2 people are")
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
      (smallest + "  shop: t\n", ["\"t\"", "shop", "time", "line 6"]),
      (smallest + "  zzz: t\n", ["zzz", "there are amount, bought, order, shop, time"]),
      (smallest + "dates: first\n", ["\"first\"", "line 6", "day-first or month-first"]),
      (smallest + "settings:\n  shifts: abc\n", ["abc", "numbers from 1 to 24", "line 7"]),
      (smallest + "settings:\n  shifts: 4, 30\n", ["4, 30", "from 1 to 24"]),
      (smallest + "settings:\n  windows: 1h, soon\n", ["soon", "lengths of time"]),
      (smallest + "settings:\n  size: 0\n", ["\"0\" is not a number above 0"]),
      (smallest + "settings:\n  size: 1e13\n", ["\"1e13\" is not a number of at most 1,000,000,000,000"]),
      (smallest + "settings:\n  size: big\n", ["\"big\" is not a number above 0"]),
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
      XCTAssertTrue(readme.contains("predict \(place) later.csv"), readme)
      let later = try TableReader.read(place + "/later.csv")
      XCTAssertEqual(later.names, ["visit time", "EUR: net"])
      XCTAssertEqual(later.rowCount, 1)
      for field in solution.card.fields { XCTAssertTrue(readme.contains("`\(field.name)`"), field.name) }
      _ = assertAssayError(.file, saying: ["already"]) {
        try ProjectFolder.make(
          solution, in: place, start: solution.simulated(key: RandomKey(seed: 1)), threads: 1)
      }
    }
  }
}
