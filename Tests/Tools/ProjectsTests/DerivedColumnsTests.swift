import Checks
import Projects
import Tables
import XCTest

/// Columns that a project's settings work out from others.
final class DerivedColumnsTests: XCTestCase {
  private func table() throws -> Table {
    try Table([
      Column("Torque [Nm]", .float([10, 20, .nan])), Column("speed", .integer([100, 0, 50])),
      Column("kind", .category(CategoryValues(["a", "b", "a"]))),
    ])
  }

  func testFormulasAreWorkedOutInTheirOrder() throws {
    let derived = try DerivedColumns(
      "power = `Torque [Nm]` * speed; half power = `power` / 2;slow = speed < 60 ? 1 : 0 ; is a = kind == \"a;b\" or kind == 'a';",
      at: "here")
    XCTAssertEqual(derived.names, ["power", "half power", "slow", "is a"])
    let result = try derived.adding(to: table())
    XCTAssertEqual(result.names, ["Torque [Nm]", "speed", "kind", "power", "half power", "slow", "is a"])
    XCTAssertEqual(try result.column("half power").numbers().prefix(2), [500, 0])
    XCTAssertTrue(try result.column("power").isMissing(2))
    XCTAssertEqual(try result.column("slow").numbers(), [0, 1, 1])
    XCTAssertEqual(try result.column("is a").numbers(), [1, 0, 1])
  }

  func testWhatCannotBeWorkedOutIsMissing() throws {
    let result = try DerivedColumns("ratio = `Torque [Nm]` / speed", at: "here").adding(to: table())
    XCTAssertEqual(try result.column("ratio").missingCount, 2)
    XCTAssertEqual(try result.column("ratio").numbers()[0], 0.1, accuracy: 1e-15)
  }

  func testNothingIsNothing() throws {
    for text in ["", " ", ";; "] {
      let derived = try DerivedColumns(text, at: "here")
      XCTAssertEqual(derived.names, [])
      XCTAssertEqual(try derived.adding(to: table()), try table())
    }
  }

  func testMistakesSayWhereTheyAre() throws {
    let cases: [(String, [String])] = [
      ("power", ["no formula", "here"]), ("= speed", ["no column", "here"]), ("a = speed *", ["here, a"]),
      ("speed = 2 * speed", ["already", "here, speed"]), ("a = torque * 2", ["torque", "here, a"]),
      ("a = kind", ["text"]), ("a = kind * 2", ["number"]), ("a = label * 2", ["label"]),
      ("a = speed; b = a + secret", ["secret", "is told to nobody"]),
    ]
    for (text, parts) in cases {
      assertAssayError(.configuration, saying: parts, text) {
        try DerivedColumns(text, at: "here").adding(
          to: table().setting(Column("secret", .integer([1, 2, 3]))), hidden: ["secret": "is told to nobody"])
      }
    }
  }

  func testSettingsGiveLists() throws {
    let values = SettingValues([.init("columns", "some columns", kind: .columns, standard: "")])
    XCTAssertEqual(values.list("columns"), [])
    XCTAssertEqual(values.setting("columns", to: " a, b c ,,d").list("columns"), ["a", "b c", "d"])
  }
}
