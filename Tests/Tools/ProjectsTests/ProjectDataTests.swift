import Basics
import Checks
import Foundation
import Projects
import Tables
import XCTest

/// A customer's columns under a solution's names.
final class ProjectDataTests: XCTestCase {
  private let solution = SmallSolution()

  private func data(_ csv: String, _ columns: String, lacking: Set<String> = []) throws -> ProjectData {
    try withTemporaryFolder { folder in
      try Data(csv.utf8).write(to: URL(fileURLWithPath: folder + "/d.csv"))
      let text = "solution: small\ndata: d.csv\ncolumns:\n" + columns
      let project = try Project.parse(text, folder: folder, name: "solution.yaml", among: [solution]).project
      return try ProjectData(project, solution.card, lacking: lacking, threads: 1)
    }
  }

  func testFieldsHaveTheirKinds() throws {
    let data = try data(
      "when,EUR,sold,no,shop,color\n2025-01-01 10:00,1,yes,17,north,red\n2025-01-02 11:30,2.5,no,17,,blue\n",
      "  time: when\n  amount: EUR\n  bought: sold\n  shop: no\n")
    XCTAssertEqual(data.table["time"]?.kind, .dateTime)
    XCTAssertEqual(data.numbers("amount"), [1, 2.5])
    XCTAssertEqual(data.numbers("bought"), [1, 0])
    // Numbers that are codes are no amounts.
    XCTAssertEqual(data.table["shop"]?.kind, .category)
    // The customer's own column "shop" is not the field of that name.
    XCTAssertEqual(data.others, ["shop (as given)", "color"])
    XCTAssertFalse(data.has("order"))
    XCTAssertNil(data.numbers("order"))
  }

  func testWhatDoesNotFitIsSaidInTheCustomersWords() {
    let good = "when,EUR,sold\n2025-01-01,1,yes\n2025-01-02,2,no\n"
    let columns = "  time: when\n  amount: EUR\n"
    assertAssayError(.schema, saying: ["solution.yaml, line 4, time", "whem", "did you mean \"when\""]) {
      try data(good, "  time: whem\n  amount: EUR\n")
    }
    assertAssayError(.schema, saying: ["time must be", "\"soon\"", "column \"when\"", "solution.yaml"]) {
      try data("when,EUR\nsoon,1\nlater,2\n", columns)
    }
    assertAssayError(.schema, saying: ["amount must be a number", "\"much\"", "in EUR"]) {
      try data("when,EUR\n2025-01-01,much\n2025-01-02,2\n", columns)
    }
    assertAssayError(.schema, saying: ["bought must be yes or no", "\"maybe\""]) {
      try data("when,EUR,sold\n2025-01-01,1,maybe\n2025-01-02,2,no\n", columns + "  bought: sold\n")
    }
    assertAssayError(.data, saying: ["no rows"]) { try data("when,EUR\n", columns) }
  }

  func testTheValuesThatDoNotFitAreNamed() throws {
    let columns = "  time: when\n  amount: EUR\n"
    assertAssayError(
      .schema, saying: ["amount must be a number", "\"k.A.\" in row 3 does not fit; the other 3 values do", "EUR"]
    ) {
      try data("when;EUR\n2025-01-01;38,33\n2025-01-02;1.234,50\n2025-01-03;k.A.\n2025-01-04;7\n", columns)
    }
    assertAssayError(
      .schema, saying: ["bought must be", "ja or nein", "2 of 4 values do not fit", "\"?!\" in rows 1 and 4"]
    ) {
      try data(
        "when,EUR,sold\n2025-01-01,1,?!\n2025-01-02,2,YES\n2025-01-03,2,No\n2025-01-03,2,?!\n",
        columns + "  bought: sold\n")
    }
    assertAssayError(.schema, saying: ["there is no column \"Kundennummer\"", "line 5, amount", "there are when, EUR"])
    {
      try data("when,EUR\n2025-01-01,1\n", "  time: when\n  amount: Kundennummer\n")
    }
  }

  func testTruthsInOtherLanguages() throws {
    for (yes, no) in [("Ja", "Nein"), ("oui", "NON"), ("SI", "no"), ("YES", "No"), ("True", "FALSE")] {
      let found = try data(
        "when,EUR,sold\n2025-01-01,1,\(yes)\n2025-01-02,2,\(no)\n", "  time: when\n  amount: EUR\n  bought: sold\n")
      XCTAssertEqual(found.numbers("bought"), [1, 0], yes)
    }
  }

  func testDatesAreReadAsThoseOfTheProject() throws {
    let rows = "when,EUR\n03/03/2025,1\n04/03/2025,2\n"
    func read(_ setting: String, _ orders: [String: DateOrder]) throws -> ProjectData {
      try withTemporaryFolder { folder in
        try Data(rows.utf8).write(to: URL(fileURLWithPath: folder + "/d.csv"))
        let text = "solution: small\ndata: d.csv\n\(setting)columns:\n  time: when\n  amount: EUR\n"
        let project = try Project.parse(text, folder: folder, name: "solution.yaml", among: [solution]).project
        return try ProjectData(project, solution.card, orders: orders, threads: 1)
      }
    }
    let guessed = try read("", [:])
    XCTAssertEqual(guessed.table["time"]?.text(at: 1), "2025-04-03")
    XCTAssertEqual(guessed.dateFindings.map(\.level), [.warning])
    XCTAssertTrue(guessed.dateFindings[0].words.contains("\"when\""), guessed.dateFindings[0].words)
    XCTAssertTrue(guessed.dateFindings[0].remedy.contains("dates: day-first"), guessed.dateFindings[0].remedy)
    for told in [try read("dates: day-first\n", [:]), try read("", ["when": .dayFirst])] {
      XCTAssertEqual(told.table["time"]?.text(at: 1), "2025-03-04")
      XCTAssertEqual(told.dateFindings, [])
      XCTAssertEqual(told.dates["when"]?.order, .dayFirst)
    }
  }

  func testARunLeavesHowDatesAreRead() throws {
    try withTemporaryFolder { folder in
      try Data("when,EUR\n03/03/2025,1\n21/03/2025,2\n".utf8).write(to: URL(fileURLWithPath: folder + "/d.csv"))
      try Data("when,EUR\n2025-03-03,1\n".utf8).write(to: URL(fileURLWithPath: folder + "/e.csv"))
      let text = "solution: small\ndata: d.csv\ncolumns:\n  time: when\n  amount: EUR\n"
      let project = try Project.parse(text, folder: folder, name: "solution.yaml", among: [solution]).project
      XCTAssertEqual(try ReadingNotes.orders(project), [:])
      try ReadingNotes(ProjectData(project, solution.card, threads: 1)).write(project)
      XCTAssertEqual(try ReadingNotes.orders(project), ["when": .dayFirst])
      let other = try ProjectData(project, solution.card, source: folder + "/e.csv", threads: 1)
      try ReadingNotes(other).write(project)
      XCTAssertEqual(try ReadingNotes.orders(project), [:])
    }
  }

  func testWhatNewRowsLackIsSaidInTheCustomersWords() throws {
    let data = try data("when,eur2\n2025-01-01,1\n", "  time: when\n  amount: merchant_id\n", lacking: ["amount"])
    XCTAssertEqual(data.absent, ["amount"])
    let project = try Project.parse(
      "solution: small\ndata: d.csv\ncolumns:\n  time: when\n  amount: merchant_id\n", folder: "f",
      name: "f/solution.yaml", among: [solution]
    ).project
    let inner = AssayError(.schema, "the data lack the column \"amount\"")
    let said = "\(data.explained(inner, project, source: "new.csv"))"
    for part in ["\"merchant_id\"", "as amount", "new.csv", "f/solution.yaml, line 5, amount"] {
      XCTAssertTrue(said.contains(part), said)
    }
    let other = AssayError(.schema, "something else")
    XCTAssertEqual("\(data.explained(other, project, source: "new.csv"))", "\(other)")
  }

  func testWhatIsPredictedMayBeAbsentFromNewRows() throws {
    let columns = "  time: when\n  amount: EUR\n  bought: sold\n"
    let rows = "when,EUR\n2025-01-01,1\n"
    XCTAssertThrowsError(try data(rows, columns))
    XCTAssertFalse(try data(rows, columns, lacking: ["bought"]).has("bought"))
  }
}
