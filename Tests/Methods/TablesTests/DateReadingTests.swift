import Basics
import Tables
import XCTest

/// Dates that end with the year, where day and month may be taken for each other.
final class DateReadingTests: XCTestCase {
  /// Reads a column of dates, both as a whole and by pieces, and checks that both come to the same.
  private func read(
    _ dates: [String], others: [(name: String, values: [String])] = [], delimiter: String = ",",
    options: ReadOptions = ReadOptions()
  ) throws -> Column {
    var found: Column?
    try withTemporaryFolder { folder in
      let header = (["date"] + others.map(\.name)).joined(separator: delimiter)
      let rows = dates.indices.map { row in
        ([dates[row]] + others.map { $0.values[row] }).joined(separator: delimiter)
      }
      let path = try folder.write("d.csv", ([header] + rows).joined(separator: "\n") + "\n")
      let whole = try TableReader.read(path, options: options)
      let chunks = try TableReader.chunks(path, options: options, rows: 2)
      XCTAssertEqual(chunks.schema.fields.map(\.dateOrder), whole.schema.fields.map(\.dateOrder))
      var appender = TableAppender()
      while let piece = try chunks.next() {
        XCTAssertEqual(piece["date"]?.dates, whole["date"]?.dates)
        try appender.append(piece)
      }
      XCTAssertEqual(try appender.table()["date"], whole["date"])
      found = whole["date"]
    }
    return try XCTUnwrap(found)
  }

  private func first(_ column: Column, _ row: Int) -> String? { column.text(at: row) }

  func testOneDateThatFitsOneWayOnlyDecides() throws {
    let dayFirst = try read(["03/04/2025", "21/02/2025"])
    XCTAssertEqual(dayFirst.dates, DateReading(.dayFirst, .values))
    XCTAssertEqual(dayFirst.text(at: 0), "2025-04-03")
    let monthFirst = try read(["03/04/2025", "02/21/2025"])
    XCTAssertEqual(monthFirst.dates, DateReading(.monthFirst, .values))
    XCTAssertEqual(monthFirst.text(at: 0), "2025-03-04")
    // What was asked for does not count against the dates themselves.
    var options = ReadOptions()
    options.dateOrder = .dayFirst
    XCTAssertEqual(try read(["03/04/2025", "02/21/2025"], options: options).dates?.order, .monthFirst)
  }

  func testOtherDatesHaveNoOrder() throws {
    XCTAssertNil(try read(["2025-03-04", "2025-03-05"]).dates)
    // Day and month are the same number.
    XCTAssertNil(try read(["03/03/2025", "04/04/2025"]).dates)
  }

  func testEqualStepsDecide() throws {
    let months = (2021...2024).flatMap { year in
      (1...12).map { "01/" + ($0 < 10 ? "0" : "") + "\($0)/\(year)" }
    }
    let dayFirst = try read(months)
    XCTAssertEqual(dayFirst.dates, DateReading(.dayFirst, .steps))
    XCTAssertEqual(dayFirst.text(at: 1), "2021-02-01")
    let monthFirst = try read(
      months.map { $0.prefix(5).split(separator: "/").reversed().joined(separator: "/") + $0.suffix(5) })
    XCTAssertEqual(monthFirst.dates, DateReading(.monthFirst, .steps))
    XCTAssertEqual(monthFirst.text(at: 1), "2021-02-01")
    // In any order of the rows, and with the time of day.
    let shuffled = try read(months.indices.map { months[($0 * 7 + 3) % months.count] + " 06:30" })
    XCTAssertEqual(shuffled.dates, DateReading(.dayFirst, .steps))
  }

  func testOrderOfRowsDecides() throws {
    let dates = ["05/01/2025", "07/01/2025", "02/02/2025", "09/03/2025", "11/03/2025", "01/06/2025"]
    let rising = try read(dates)
    XCTAssertEqual(rising.dates, DateReading(.dayFirst, .sorted))
    XCTAssertEqual(rising.text(at: 5), "2025-06-01")
    XCTAssertEqual(try read(dates.reversed()).dates, DateReading(.dayFirst, .sorted))
  }

  func testOtherColumnsDecide() throws {
    let dates = ["03/03/2025", "04/03/2025"]
    let proven = try read(dates, others: [("paid", ["21/03/2025", "22/03/2025"])])
    XCTAssertEqual(proven.dates, DateReading(.dayFirst, .columns))
    XCTAssertEqual(proven.text(at: 1), "2025-03-04")
    let comma = try read(dates, others: [("EUR", ["38,33", "1.234,50"])], delimiter: ";")
    XCTAssertEqual(comma.dates, DateReading(.dayFirst, .numbers))
  }

  func testWithoutEvidenceCustomDecidesAndIsSaid() throws {
    let column = try read(["03/03/2025", "04/03/2025"])
    XCTAssertEqual(column.dates, DateReading(.monthFirst, .custom))
    XCTAssertEqual(column.text(at: 1), "2025-04-03")
    XCTAssertEqual(try read(["03.03.2025", "04.03.2025"]).dates, DateReading(.dayFirst, .custom))
    let table = try Table([column])
    XCTAssertEqual(table.guessedDates.map(\.column), ["date"])
    let note = try XCTUnwrap(table.profile().columns[0].note)
    XCTAssertTrue(note.contains(DateReading.ambiguity) && note.contains("month first"), note)
    // Rows taken out of the table are read as before.
    XCTAssertEqual(table.selecting(rows: [1]).guessedDates.count, 1)
  }

  func testWhatIsAskedForDecides() throws {
    for order in DateOrder.allCases {
      var options = ReadOptions()
      options.dateOrder = order
      let column = try read(["03/03/2025", "04/03/2025"], options: options)
      XCTAssertEqual(column.dates, DateReading(order, .given))
      XCTAssertEqual(column.text(at: 1), order == .dayFirst ? "2025-03-04" : "2025-04-03")
      XCTAssertEqual(try Table([column]).guessedDates.count, 0)
    }
  }

  func testALearnedSchemaReadsLaterFilesAlike() throws {
    let learned = try Table([read(["03/04/2025", "21/02/2025"])]).schema
    XCTAssertEqual(learned.fields[0].dateOrder, .dayFirst)
    let coded = try CanonicalJSON.decode(Schema.self, from: CanonicalJSON.encode(learned))
    XCTAssertEqual(coded, learned)
    let options = learned.readOptions()
    let later = try read(["03/03/2025", "04/03/2025"], options: options)
    XCTAssertEqual(later.text(at: 1), "2025-03-04")
    XCTAssertEqual(later.dates, DateReading(.dayFirst, .given))
    // Schemas and options of bundles that were written before there was an order are read.
    let old = #"{"fields":[{"name":"date","kind":"date-time"}]}"#
    XCTAssertNil(try CanonicalJSON.decode(Schema.self, from: Array(old.utf8)).fields[0].dateOrder)
  }

  func testTextsThatBecomeDatesAreSettledToo() throws {
    let column = Column("date", .text(TextValues(["03/03/2025", nil, "04/03/2025"])))
    XCTAssertEqual(try column.dateTimes(order: .dayFirst).text(at: 2), "2025-03-04")
    XCTAssertEqual(try column.converted(to: .dateTime).dates, DateReading(.monthFirst, .custom))
  }
}
