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
    assertAssayError(.schema, saying: ["whem", "when"]) { try data(good, "  time: whem\n  amount: EUR\n") }
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

  func testWhatIsPredictedMayBeAbsentFromNewRows() throws {
    let columns = "  time: when\n  amount: EUR\n  bought: sold\n"
    let rows = "when,EUR\n2025-01-01,1\n"
    XCTAssertThrowsError(try data(rows, columns))
    XCTAssertFalse(try data(rows, columns, lacking: ["bought"]).has("bought"))
  }
}
