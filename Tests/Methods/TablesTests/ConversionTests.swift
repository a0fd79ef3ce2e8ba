import Basics
import Tables
import XCTest

/// Texts that become values, and those that do not.
final class ConversionTests: XCTestCase {
  private func texts(_ values: String?...) -> Column { Column("Betrag", .text(TextValues(values))) }

  private func problem(_ column: Column, _ kind: ColumnKind) -> String {
    do {
      _ = try column.converted(to: kind)
      return ""
    } catch {
      return "\(error)"
    }
  }

  func testNumbersInAnyStyle() throws {
    XCTAssertEqual(
      try texts("1.234,5", "38,33", nil, "2").converted(to: .float).numbers().filter { !$0.isNaN }, [1234.5, 38.33, 2])
    XCTAssertEqual(try texts("1,234.5", "-2").converted(to: .float).numbers(), [1234.5, -2])
    XCTAssertEqual(try texts("true", "1.5").converted(to: .float).numbers(), [1, 1.5])
    XCTAssertEqual(try texts("3", "4.0").converted(to: .integer).values, .integer([3, 4]))
  }

  func testWhatDoesNotFitIsNamedNotWhatDoes() {
    let one = problem(texts("38,33", "1.234,50", "k.A.", "7"), .float)
    XCTAssertTrue(one.contains("\"k.A.\" in row 3 does not fit; the other 3 values do"), one)
    XCTAssertTrue(one.contains("column \"Betrag\""), one)
    let some = problem(texts("1", "-", "n.v.", "2", "-", "3", nil), .float)
    XCTAssertTrue(some.contains("3 of 6 values do not fit: \"-\" in rows 2 and 5, \"n.v.\" in row 3"), some)
    let all = problem(texts("a", "b"), .float)
    XCTAssertTrue(all.contains("none of the 2 values fits: \"a\" in row 1, \"b\" in row 2"), all)
    let whole = problem(texts("1", "2.5", "3"), .integer)
    XCTAssertTrue(whole.contains("\"2.5\" in row 2"), whole)
    let dates = problem(texts("31.12.2025", "soon", "01.02.2026"), .dateTime)
    XCTAssertTrue(dates.contains("\"soon\" in row 2 does not fit; the other 2 values do"), dates)
    let many = problem(Column("x", .text(TextValues((0..<40).map { $0 % 2 == 0 ? "1" : "bad\($0 % 10)" }))), .float)
    XCTAssertTrue(many.contains("20 of 40 values") && many.contains("4 rows, the first 2"), many)
    XCTAssertTrue(many.contains("and 2 other values"), many)
  }

  func testTruths() throws {
    XCTAssertEqual(
      try texts("Ja", "nein", "OUI", "non", "sí", "No", "YES", "T", nil).converted(to: .boolean).values,
      .boolean([1, 0, 1, 0, 1, 0, 1, 1, -1]))
    let said = problem(texts("yes", "maybe", "no"), .boolean)
    XCTAssertTrue(said.contains("\"maybe\" in row 2") && said.contains(Column.acceptedTruths), said)
  }

  func testDatesAreNoNumbers() {
    XCTAssertTrue(problem(Column("d", .dateTime([0, 1])), .float).contains("none of the 2 values fits"))
  }

  func testColumnsThatAreNotThere() throws {
    let table = try Table(["Buchungsdatum", "Betrag", "card_id"].map { Column($0, .integer([1])) })
    func remedy(_ name: String) -> String {
      do {
        _ = try table.column(name)
        return ""
      } catch { return "\(error)" }
    }
    for (asked, near) in [
      ("betrag", "Betrag"), ("card id", "card_id"), ("Buchungsdat", "Buchungsdatum"), ("card", "card_id"),
    ] {
      XCTAssertTrue(remedy(asked).contains("did you mean \"\(near)\"?"), remedy(asked))
    }
    for asked in ["nope", "x", "Kundennummer"] {
      XCTAssertTrue(remedy(asked).contains("there are Buchungsdatum, Betrag, card_id"), remedy(asked))
    }
  }
}
