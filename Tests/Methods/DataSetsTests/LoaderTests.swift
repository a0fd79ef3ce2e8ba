import Basics
import Checks
import DataSets
import Foundation
import Tables
import XCTest

/// Loaders on small files in the publishers' formats.
final class LoaderTests: XCTestCase {
  private func files(_ folder: String, _ contents: [String: String]) throws -> LocalDataSet {
    for (name, text) in contents { try AtomicFile.write(text, to: folder + "/" + name) }
    return LocalDataSet(name: "small", folder: folder)
  }

  func testMissingFile() throws {
    try withTemporaryFolder { folder in
      let empty = LocalDataSet(name: "etth1", folder: folder)
      assertAssayError(.file, saying: ["etth1", "ETTh1.csv.gz", "assay data get etth1"]) {
        try TransformerTemperature.table(from: empty)
      }
    }
  }

  // MARK: Fraud

  /// The handbook's own way, day by day with growing sets of customers, on random payments.
  func testHandbookSplit() throws {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed).stream()
      let count = 4_000
      let days = (0..<count).map { _ in 115 + random.integer(below: 22) }.sorted()
      let customers = days.map { _ in random.integer(below: 300) }
      let frauds = days.map { _ in random.uniform() < 0.03 ? 1 : 0 }
      let table = try Table([
        Column("TX_TIME_DAYS", .integer(days.map(Int64.init))),
        Column("CUSTOMER_ID", .integer(customers.map(Int64.init))),
        Column("TX_FRAUD", .integer(frauds.map(Int64.init))),
      ])
      let parts = try CardFraud.split(table)
      let first = days[0]
      var known = Set(days.indices.filter { days[$0] < first + 7 && frauds[$0] == 1 }.map { customers[$0] })
      for day in 0..<7 {
        known.formUnion(days.indices.filter { days[$0] == first + 6 + day && frauds[$0] == 1 }.map { customers[$0] })
        for row in days.indices where days[row] == first + 14 + day {
          XCTAssertEqual(parts[row], known.contains(customers[row]) ? .dropped : .test, "row \(row)")
        }
      }
      for row in days.indices where days[row] < first + 14 || days[row] >= first + 21 {
        let expected: CardFraud.Part = days[row] < first + 7 ? .train : days[row] < first + 14 ? .delay : .dropped
        XCTAssertEqual(parts[row], expected)
      }
      XCTAssertTrue(parts.contains(.dropped) && parts.contains(.test))
    }
  }

  func testSplitNeedsItsColumns() throws {
    let table = try Table([Column("TX_TIME_DAY", .integer([1]))])
    assertAssayError(.schema, saying: ["TX_TIME_DAYS", "did you mean"]) { try CardFraud.split(table) }
  }

  func testCarClaims() throws {
    try withTemporaryFolder { folder in
      let text = """
        Month,VehiclePrice,PastNumberOfClaims,Age,Year,FraudFound
        Dec,"more than 69,000",none,21,1994,No
        Jan,"20,000 to 29,000",2 to 4,0,1996,Yes

        """
      let table = try CarClaims.table(from: files(folder, ["carclaims.csv": text]))
      XCTAssertEqual(table["split"]?.text(at: 0), "train")
      XCTAssertEqual(table["split"]?.text(at: 1), "test")
      XCTAssertEqual(table["VehiclePrice"]?.text(at: 0), "more than 69,000")
      XCTAssertEqual(table["PastNumberOfClaims"]?.text(at: 0), "none")
      XCTAssertEqual(table["FraudFound"]?.text(at: 1), "Yes")
    }
  }

  // MARK: Maintenance

  private func history(units: Int, cycles: Int) -> String {
    (1...units).map { unit in
      (1...cycles).map { cycle in
        (["\(unit)", "\(cycle)"] + (0..<24).map { "\(Double(unit * 100 + cycle) + Double($0) / 10)" })
          .joined(separator: " ") + "  "
      }.joined(separator: "\n")
    }.joined(separator: "\n") + "\n"
  }

  func testTurbofanEngines() throws {
    try withTemporaryFolder { folder in
      for subset in TurbofanEngines.Subset.allCases {
        let name = subset.rawValue
        _ = try files(
          folder,
          [
            "train_\(name).txt": history(units: 3, cycles: 5), "test_\(name).txt": history(units: 2, cycles: 4),
            "RUL_\(name).txt": "112 \n7 \n",
          ])
        let data = try TurbofanEngines.load(subset, folder: folder)
        XCTAssertEqual(data.train.names, TurbofanEngines.columns)
        XCTAssertEqual(data.train.rowCount, 15)
        XCTAssertEqual(data.test.rowCount, 8)
        XCTAssertEqual(data.remainingLife, [112, 7])
        XCTAssertEqual(data.train["cycle"], Column("cycle", .integer([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5])))
        XCTAssertEqual(data.train["sensor_21"]?.numbers()[5], 201 + 23.0 / 10)
        XCTAssertEqual(data.train["setting_1"]?.numbers()[0], 101)
      }
    }
  }

  func testTurbofanEnginesThatDoNotFit() throws {
    try withTemporaryFolder { folder in
      let good = ["train_FD001.txt": history(units: 2, cycles: 3), "test_FD001.txt": history(units: 2, cycles: 3)]
      _ = try files(folder, good.merging(["RUL_FD001.txt": "1 \n2 \n3 \n"]) { $1 })
      assertAssayError(.format, saying: ["RUL_FD001", "3 true lives"]) {
        try TurbofanEngines.load(.fd001, folder: folder)
      }
      let back = history(units: 1, cycles: 3) + history(units: 1, cycles: 3)
      _ = try files(folder, ["RUL_FD001.txt": "1 \n2 \n", "train_FD001.txt": back])
      assertAssayError(.format, saying: ["train_FD001", "do not ascend", "row 4"]) {
        try TurbofanEngines.load(.fd001, folder: folder)
      }
      _ = try files(folder, ["train_FD001.txt": "1 1 2 3\n1 2 3 4\n"])
      assertAssayError(.format, saying: ["4 columns instead of 26"]) {
        try TurbofanEngines.load(.fd001, folder: folder)
      }
    }
  }

  // MARK: Capacity

  private func wide(_ rows: [(String, [Double])], width: Int) -> String {
    let header = (1...width + 1).map { "\"V\($0)\"" }.joined(separator: ",")
    let lines = rows.map { name, values in
      (["\"\(name)\""] + values.map { "\"\($0)\"" } + Array(repeating: "", count: width - values.count))
        .joined(separator: ",")
    }
    return ([header] + lines).joined(separator: "\n") + "\n"
  }

  func testM4() throws {
    try withTemporaryFolder { folder in
      let test = (0..<13).map { Double($0) + 0.5 }
      let train = [("W1", [1.0, 2, 3.25]), ("W2", [4.0, 5, 6, 7, 8])]
      let files = try files(
        folder,
        [
          "Weekly-train.csv": wide(train, width: 5), "Weekly-test.csv": wide([("W1", test), ("W2", test)], width: 13),
        ])
      let series = try M4.load(.weekly, from: files)
      XCTAssertEqual(series.map(\.name), ["W1", "W2"])
      XCTAssertEqual(series.map(\.train), [[1, 2, 3.25], [4, 5, 6, 7, 8]])
      XCTAssertEqual(series.map(\.test), [test, test])
      try AtomicFile.write(wide([("W1", test), ("W3", test)], width: 13), to: folder + "/Weekly-test.csv")
      assertAssayError(.format, saying: ["Weekly-test.csv"]) { try M4.load(.weekly, from: files) }
      try AtomicFile.write(wide([("W1", test), ("W2", [1])], width: 13), to: folder + "/Weekly-test.csv")
      assertAssayError(.format, saying: ["W2", "1 values instead of 13"]) { try M4.load(.weekly, from: files) }
      try AtomicFile.write("V1,V2,V3,V4\nW1,1,,3\nW2,1,2,3\n", to: folder + "/Weekly-train.csv")
      assertAssayError(.format, saying: ["missing inside", "row 1"]) { try M4.load(.weekly, from: files) }
    }
  }

  func testBankCalls() throws {
    try withTemporaryFolder { folder in
      let text = "\t3/3/2003\t 04/03/2003\t 10/03/2003\n7:00\t1\t2\t3\n7:05\t4\t5\t6\n"
      let files = try files(folder, ["callcenter.csv": text])
      let calls = try BankCalls.load(from: files)
      XCTAssertEqual(calls.counts, [1, 4, 2, 5, 3, 6])
      XCTAssertEqual(calls.minutes, [420, 425])
      XCTAssertEqual(Array(calls.counts(ofDay: 1)), [2, 5])
      let table = try calls.table()
      XCTAssertEqual(table["time"]?.text(at: 1), "2003-03-03T07:05:00")
      XCTAssertEqual(table["weekday"]?.numbers(), [1, 1, 2, 2, 1, 1])
      for (wrong, part) in [
        ("\t3/3/2003\t3/3/2003\n7:00\t1\t2\n", "do not ascend"), ("\t31/2/2003\n7:00\t1\n", "no date"),
        ("\t3/3/2003\n7:00\t1\t2\n", "line 2"), ("\t3/3/2003\n7:00\tx\n", "\"x\" is no count"),
      ] {
        try AtomicFile.write(wrong, to: folder + "/callcenter.csv")
        assertAssayError(.format, saying: [part]) { try BankCalls.load(from: files) }
      }
    }
  }

  func testTransformerTemperature() throws {
    try withTemporaryFolder { folder in
      let lines = (0..<14_402).map { hour in
        let day = CalendarDate(daysSince1970: 16_983 + hour / 24)
        return
          "\(day.year)-\(String(format: "%02d-%02d %02d", day.month, day.day, hour % 24)):00:00,1,2,3,4,5,6,\(hour)"
      }
      let text = "date,HUFL,HULL,MUFL,MULL,LUFL,LULL,OT\n" + lines.joined(separator: "\n") + "\n"
      let table = try TransformerTemperature.table(from: files(folder, ["ETTh1.csv": text]))
      XCTAssertEqual(table["date"]?.kind, .dateTime)
      XCTAssertEqual(table["OT"]?.kind, .float)
      XCTAssertEqual(table["OT"]?.numbers()[14_401], 14_401)
      for (row, part) in [
        (8_639, "train"), (8_640, "validation"), (11_520, "test"), (14_399, "test"), (14_400, "unused"),
      ] {
        XCTAssertEqual(table["split"]?.text(at: row), part)
      }
    }
  }
}
