import Basics
import Tables
import XCTest

/// Delimited text: what is found out, and what the values become.
final class TextTableTests: XCTestCase {
  private func read(_ text: String, options: ReadOptions = ReadOptions(), threads: Int = 1) throws -> Table {
    var result: Table?
    try withTemporaryFolder { folder in
      result = try TableReader.read(folder.write("t.csv", text), options: options, threads: threads)
    }
    return try XCTUnwrap(result)
  }

  func testKindsAreFoundOut() throws {
    let table = try read(
      """
      id,price,city,when,active
      1,2.5,Berlin,2020-01-31,true
      2,NA,"Köln, Süd",2020-02-01 12:30:00,false
      3,-1e3,Berlin,,true

      """)
    XCTAssertEqual(table.names, ["id", "price", "city", "when", "active"])
    XCTAssertEqual(table["id"]?.values, .integer([1, 2, 3]))
    let prices = try table.column("price").numbers()
    XCTAssertEqual(prices[0], 2.5)
    XCTAssertTrue(prices[1].isNaN)
    XCTAssertEqual(prices[2], -1000)
    XCTAssertEqual(
      table["city"]?.values, .category(CategoryValues(codes: [0, 1, 0], levels: ["Berlin", "Köln, Süd"])))
    XCTAssertEqual(
      table["when"]?.values,
      .dateTime([1_580_428_800_000_000, 1_580_560_200_000_000, Column.missingInteger]))
    XCTAssertEqual(table["active"]?.values, .boolean([1, 0, 1]))
  }

  func testDelimiters() throws {
    for (delimiter, text) in [
      (",", "a,b\n1,x\n2,y\n"), (";", "a;b\n1;x\n2;y\n"), ("\t", "a\tb\n1\tx\n2\ty\n"),
      ("|", "a|b\n1|x\n2|y\n"), ("spaces", "a   b\n  1 x\n2\t y  \n"), (", ", "a, b\n1, x\n2, y\n"),
    ] {
      let table = try read(text)
      XCTAssertEqual(table.names, ["a", "b"], delimiter)
      XCTAssertEqual(table["a"]?.values, .integer([1, 2]), delimiter)
      XCTAssertEqual(table["b"]?.values, .category(CategoryValues(["x", "y"])), delimiter)
    }
  }

  func testDecimalCommaWithSemicolons() throws {
    let table = try read("a;b\n1,5;2,5\n3,25;4,0\n")
    XCTAssertEqual(table["a"]?.values, .float([1.5, 3.25]))
    XCTAssertEqual(table["b"]?.values, .float([2.5, 4]))
  }

  func testHeaderIsFoundOut() throws {
    XCTAssertEqual(try read("1,2\n3,4\n").names, ["c1", "c2"])
    XCTAssertEqual(try read("x,y\n3,4\n").names, ["x", "y"])
    XCTAssertEqual(try read("buying,class\nlow,yes\nhigh,no\nlow,no\n").names, ["buying", "class"])
    XCTAssertEqual(try read("2020-01-01,2020-01-02\n3,4\n").names, ["2020-01-01", "2020-01-02"])
    XCTAssertEqual(try read("low,yes\nhigh,no\nlow,no\n").names, ["c1", "c2"])
    XCTAssertEqual(try read("x,y\n3,4\n", options: ReadOptions(hasHeader: false)).rowCount, 2)
  }

  func testQuotesAndLineBreaks() throws {
    let table = try read("a,b\r\n1,\"x \"\"y\"\"\nz\"\r\n2,\"q\"\r\n\"3\", \"r\" \r\n\r\n")
    XCTAssertEqual(table["a"]?.values, .integer([1, 2, 3]))
    XCTAssertEqual(table["b"]?.values, .category(CategoryValues(["x \"y\"\nz", "q", "r"])))
  }

  func testBackslashEscapes() throws {
    let table = try read("a,b\n1,\"x \\\"y\\\", z\"\n2,\"q\"\n")
    XCTAssertEqual(table["b"]?.values, .category(CategoryValues(["x \"y\", z", "q"])))
  }

  func testMixedLineEndings() throws {
    XCTAssertEqual(try read("a,b\n1,2\r\n3,4\n5,6").rowCount, 3)
    XCTAssertEqual(try read("a,b\r1,2\r3,4\r")["b"]?.values, .integer([2, 4]))
  }

  func testMissingMarkers() throws {
    let table = try read("a,b\n?,x\n 2 , ?\nNA,y\n")
    XCTAssertEqual(table["a"]?.values, .integer([Column.missingInteger, 2, Column.missingInteger]))
    XCTAssertEqual(table["b"]?.values, .category(CategoryValues(codes: [0, -1, 1], levels: ["x", "y"])))
    let own = try read("a\n1\n-999\n", options: ReadOptions(missingMarkers: ["-999"]))
    XCTAssertEqual(own["a"]?.values, .integer([1, Column.missingInteger]))
  }

  func testOneColumnKeepsBlankLinesInsideAsMissing() throws {
    XCTAssertEqual(try read("a\n1\n\n3\n\n\n")["a"]?.values, .integer([1, Column.missingInteger, 3]))
  }

  func testWholeNumbersThatTurnOutNotToBe() throws {
    let rows = (1...200_000).map(String.init) + ["0.5"]
    let table = try read("a,b\n" + rows.map { $0 + ",1" }.joined(separator: "\n"), threads: 2)
    let numbers = try table.column("a").numbers()
    XCTAssertEqual(table["a"]?.kind, .float)
    XCTAssertEqual(numbers[199_999], 200_000)
    XCTAssertEqual(numbers[200_000], 0.5)
  }

  func testTextBehindManyNumbersIsKeptAsWritten() throws {
    let rows = (1...200_000).map { _ in "1.50" } + ["none"]
    let table = try read("a,b\n" + rows.map { $0 + ",1" }.joined(separator: "\n"), threads: 2)
    guard case .category(let values) = try table.column("a").values else { return XCTFail("not a category") }
    XCTAssertEqual(values.levels, ["1.50", "none"])
    XCTAssertEqual(values.codes.last, 1)
  }

  func testDecoratedNumbers() throws {
    XCTAssertEqual(
      try read("a;b\n$1,234.50;1\n$-7;2\n\"$1,000,000\";3\n")["a"]?.values, .float([1234.5, -7, 1_000_000]))
    XCTAssertEqual(try read("a;b\n1.234,50 €;1\n7 €;2\n")["a"]?.values, .float([1234.5, 7]))
    XCTAssertEqual(try read("a;b\n12%;1\n7.5%;2\n")["a"]?.values, .float([12, 7.5]))
  }

  func testPostalCodesKeepTheirZeros() throws {
    XCTAssertEqual(
      try read("zip,n\n01067,1\n10115,2\n")["zip"]?.values, .category(CategoryValues(["01067", "10115"])))
  }

  func testNumbersBeyondSixtyFourBits() throws {
    XCTAssertEqual(try read("a\n9223372036854775808\n1\n")["a"]?.values, .float([9223372036854775808, 1]))
    XCTAssertEqual(try read("a\n9223372036854775807\n")["a"]?.values, .integer([.max]))
  }

  func testNumbersAreRoundedCorrectly() throws {
    let texts = [
      "0.1", "1e23", "8.5e-1", "123456789012345678", "0.30000000000000004", "2.2250738585072014e-308", "1e400",
      "4.9e-324", "9007199254740993.0", "1.7976931348623157e308", "6.02214076e+23", "-0.000001", "3.", ".5",
      "12345678901234567890123", "0.1000000000000000055511151231257827", "inf", "-Infinity",
    ]
    let numbers = try read("a\n" + texts.joined(separator: "\n")).column("a").numbers()
    for (text, number) in zip(texts, numbers) { XCTAssertEqual(number, Double(text), text) }
  }

  func testSinglePrecision() throws {
    let table = try read("a\n0.1\n\n2\n", options: ReadOptions(precision: .single))
    guard case .single(let values)? = table["a"]?.values else { return XCTFail("not single") }
    XCTAssertEqual(values[0], 0.1)
    XCTAssertTrue(values[1].isNaN)
  }

  func testDemandedKinds() throws {
    let table = try read(
      "a,b,c\n1,2,3\n4,5,6\n", options: ReadOptions(kinds: ["a": .category, "b": .text, "c": .float]))
    XCTAssertEqual(table["a"]?.values, .category(CategoryValues(["1", "4"])))
    XCTAssertEqual(table["b"]?.values, .text(TextValues(["2", "5"])))
    XCTAssertEqual(table["c"]?.values, .float([3, 6]))
    expectError(.schema, containing: "line 3", "column \"a\"", "\"x\"", "integer") {
      _ = try self.read("a,b\n1,2\nx,3\n", options: ReadOptions(kinds: ["a": .integer]))
    }
  }

  func testDates() throws {
    let day: Int64 = 86_400_000_000
    for (texts, expected) in [
      (["31.01.1970", "01.02.1970"], [30, 31]), (["1/31/1970", "2/1/1970"], [30, 31]),
      (["31/1/1970", "1/2/1970"], [30, 31]), (["1970-01-31T00:00:00Z", "1970-02-01T02:00:00+02:00"], [30, 31]),
      (["1970/01/31 12:00 AM", "1970/02/01 12:00 am"], [30, 31]), (["1/31/70", "2/1/70"], [30, 31]),
    ] as [([String], [Int64])] {
      XCTAssertEqual(
        try read("a;b\n" + texts.map { $0 + ";1" }.joined(separator: "\n"))["a"]?.values,
        .dateTime(expected.map { $0 * day }), texts[0])
    }
    let mixed = try read("a,b\n2020-01-31,1\n31.01.2020,2\n")
    XCTAssertEqual(mixed["a"]?.kind, .category)
    XCTAssertEqual(try read("a,b\n2020-02-30,1\n2020-02-01,2\n")["a"]?.kind, .category)
  }

  func testManyDistinctTextsAreText() throws {
    let table = try read("a,b\n" + (0..<2000).map { "t\($0),l\($0 % 90)" }.joined(separator: "\n"))
    XCTAssertEqual(table["a"]?.kind, .text)
    XCTAssertEqual(table["b"]?.kind, .category)
  }

  func testTenThousandColumns() throws {
    let names = (0..<10_000).map { "n\($0)" }.joined(separator: ",")
    let row = (0..<10_000).map(String.init).joined(separator: ",")
    let table = try read("\(names)\n\(row)\n\(row)\n", threads: 2)
    XCTAssertEqual(table.columns.count, 10_000)
    XCTAssertEqual(table["n9999"]?.values, .integer([9999, 9999]))
  }

  func testRowLimit() throws {
    let table = try read("a,b\n1,x\n2,y\n3,z\n", options: ReadOptions(rowLimit: 2))
    XCTAssertEqual(table.rowCount, 2)
    XCTAssertEqual(table["b"]?.values, .category(CategoryValues(["x", "y"])))
  }

  func testSameValuesWithAnyNumberOfThreads() throws {
    for seed in [1, 7, 2026] as [UInt64] {
      var stream = RandomKey(seed: seed).stream()
      let rows = (0..<60_000).map { row in
        let text = stream.integer(below: 5) == 0 ? "\"line \(row)\n, next\"" : "w\(stream.integer(below: 3000))"
        return "\(stream.integer(below: 1000)),\(stream.normal()),\(text),k\(stream.integer(below: 40))"
      }
      let text = "i,x,t,k\n" + rows.joined(separator: "\n")
      let one = try read(text, threads: 1)
      XCTAssertEqual(one.rowCount, 60_000)
      for threads in [2, 5] { XCTAssertEqual(try read(text, threads: threads), one) }
    }
  }
}
