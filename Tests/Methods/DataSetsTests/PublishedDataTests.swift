import Basics
import DataSets
import Foundation
import Tables
import XCTest

/// The published files, where they are: in the folder that `ASSAY_DATA` names, or beside the checkout.
final class PublishedDataTests: XCTestCase {
  private func store() throws -> DataSetStore {
    let beside = URL(fileURLWithPath: #filePath).pathComponents.dropLast(5) + ["shared", "data"]
    let folder = DataSetStore.namedSource() ?? NSString.path(withComponents: Array(beside))
    try XCTSkipIf(
      !FileAccess.isFolder(folder), "there is no folder \(folder); set ASSAY_DATA to one that holds the data sets")
    return DataSetStore(cache: "/nonexistent", source: folder, fetches: false)
  }

  private func files(_ set: DataSet) throws -> LocalDataSet {
    guard let found = try store().find(set.card) else { throw XCTSkip("\(set.card.name) is not there") }
    return found
  }

  private func count(_ table: Table, _ column: String, _ text: String, _ part: String? = nil) -> Int {
    (0..<table.rowCount).count { row in
      table[column]?.text(at: row) == text && (part == nil || table["split"]?.text(at: row) == part)
    }
  }

  func testEverySetLoads() throws {
    let store = try store()
    var loaded = 0
    for set in DataSetRegistry.all {
      guard let files = try store.find(set.card) else { continue }
      let tables = try set.tables(from: files, threads: 2)
      XCTAssertFalse(tables.isEmpty, set.card.name)
      for table in tables { XCTAssertGreaterThan(table.table.rowCount, 0, "\(set.card.name): \(table.name)") }
      loaded += 1
    }
    try XCTSkipIf(loaded == 0, "there is no data set")
  }

  /// The numbers of rows that the publishers state.
  func testRowsOfTables() throws {
    let expected: [String: [String: Int]] = [
      "telco-churn": ["customers": 7_043],
      "cdnow": ["master": 69_659, "sample": 6_919, "summary": 2_357, "summary with spend": 2_357],
      "dominicks-oj": ["weeks": 106_139, "stores": 83, "three brands": 28_947],
      "gowalla": ["train": 810_128, "test": 217_242], "banking77": ["train": 10_003, "test": 3_080],
      "cfpb-complaints": ["train": 700, "test": 300],
      "clinc150": [
        "train": 15_000, "val": 3_000, "test": 4_500, "oos_train": 100, "oos_plus_train": 250, "oos_test": 1_000,
      ],
      "snips": ["train": 13_084, "valid": 700, "test": 700], "sst2": ["train": 6_920, "dev": 872, "test": 1_821],
      "trec": ["train": 5_452, "test": 500], "reuters-r8": ["train": 5_485, "test": 2_189],
      "davis-dta": ["affinities": 30_056, "drugs": 68, "targets": 442],
      "cora-citation": ["nodes": 2_708, "edges": 5_278], "mnist": ["train": 60_000, "test": 10_000],
      "moleculenet": ["esol": 1_128, "freesolv": 642, "tox21": 7_831, "sider": 1_427, "bbbp scaffold splits": 2_039],
      "crisislex-t6": ["2012 Sandy Hurricane": 10_008, "2013 West Texas Explosion": 10_006],
      "multidogo": ["airline train": 13_519, "insurance dev": 1_983, "software test": 3_641],
      "trec-qa": ["train": 4_718, "dev": 1_148, "test": 1_517],
      "open-bandit-small": ["random men": 10_000, "bts women": 10_000, "bts men items": 34],
      "tabular-suite": [
        "adult train": 32_561, "adult test": 16_281, "bank": 45_211, "german credit": 1_000, "credit default": 30_000,
        "car evaluation": 1_728, "segment": 2_310, "letter": 20_000, "mushrooms": 8_124, "california housing": 20_640,
        "abalone": 4_177, "bike sharing": 17_379, "ames housing": 2_930, "concrete": 1_030,
      ],
    ]
    let store = try store()
    for (name, rows) in expected {
      let set = try DataSetRegistry.set(named: name)
      guard let files = try store.find(set.card) else { continue }
      let tables = Dictionary(uniqueKeysWithValues: try set.tables(from: files).map { ($0.name, $0.table) })
      for (table, count) in rows { XCTAssertEqual(tables[table]?.rowCount, count, "\(name): \(table)") }
      switch name {
      case "sst2": XCTAssertEqual(tables["train"].map { count($0, "label", "1") }, 3_610)
      case "trec": XCTAssertEqual(tables["train"].map { count($0, "coarse", "ENTY") }, 1_250)
      case "reuters-r8": XCTAssertEqual(tables["train"].map { count($0, "label", "earn") }, 2_840)
      case "cfpb-complaints": XCTAssertEqual(tables["test"].map { count($0, "label", "debt_collection") }, 62)
      case "telco-churn":
        XCTAssertEqual(tables["customers"].map { count($0, "Churn", "Yes") }, 1_869)
        XCTAssertEqual(tables["customers"]?["TotalCharges"]?.missingCount, 11)
      case "davis-dta": XCTAssertEqual(tables["affinities"].map { count($0, "fold", "test") }, 5_010)
      case "crisislex-t6":
        XCTAssertEqual(tables["2012 Sandy Hurricane"].map { count($0, "label", "on-topic") }, 6_138)
      case "open-bandit-small": XCTAssertEqual(tables["bts men"].map { count($0, "click", "1") }, 69)
      case "tabular-suite":
        let adult = tables["adult test"]
        XCTAssertEqual(adult?["age"]?.kind, .integer)
        XCTAssertEqual(adult.map { count($0, "income", ">50K") + count($0, "income", "<=50K") }, 16_281)
        XCTAssertGreaterThan(adult?["workclass"]?.missingCount ?? 0, 900)
      case "cora-citation": XCTAssertEqual(tables["nodes"].map { count($0, "split", "train") }, 140)
      default: break
      }
    }
  }

  func testCardFraud() throws {
    let table = try CardFraud.table(from: files(CardFraud.dataSet), threads: 2)
    XCTAssertEqual(table.rowCount, 201_295)
    XCTAssertEqual(table.columns.count, 24)
    XCTAssertEqual(table["TX_DATETIME"]?.kind, .dateTime)
    XCTAssertEqual(table["TX_DATETIME"]?.text(at: 0), "2018-07-25T00:00:29")
    for (part, rows, frauds) in [("train", 67_240, 598), ("test", 58_264, 385)] {
      XCTAssertEqual(count(table, "split", part), rows)
      XCTAssertEqual(count(table, "TX_FRAUD", "1", part), frauds)
    }
    for feature in CardFraud.baselineFeatures { XCTAssertNotNil(table[feature], feature) }
    XCTAssertEqual(CardFraud.baselineFeatures.count, 15)
  }

  func testCarClaims() throws {
    let table = try CarClaims.table(from: files(CarClaims.dataSet))
    XCTAssertEqual(table.rowCount, 15_420)
    XCTAssertEqual(table.columns.count, 34)
    for (part, rows, frauds) in [("train", 11_337, 710), ("test", 4_083, 213)] {
      XCTAssertEqual(count(table, "split", part), rows)
      XCTAssertEqual(count(table, "FraudFound", "Yes", part), frauds)
    }
  }

  func testTurbofanEngines() throws {
    let data = try TurbofanEngines.load(.fd001, folder: files(TurbofanEngines.dataSet).folder)
    XCTAssertEqual([data.train.rowCount, data.test.rowCount], [20_631, 13_096])
    XCTAssertEqual(data.remainingLife.count, 100)
    XCTAssertEqual(data.remainingLife[0], 112)
    XCTAssertEqual(data.train["sensor_21"]?.numbers()[0], 23.4190)
  }

  func testMillingMachine() throws {
    let table = try MillingMachine.table(from: files(MillingMachine.dataSet))
    XCTAssertEqual(table.rowCount, 10_000)
    XCTAssertEqual(table.names.first, "UDI")
    for (column, positives) in ["Machine_failure": 339, "TWF": 46, "HDF": 115, "PWF": 95, "OSF": 98, "RNF": 19] {
      XCTAssertEqual(count(table, column, "1"), positives, column)
    }
  }

  /// Of the weekly series, whose season is one step, Naive and Naive2 are the same: its published means must come out.
  func testM4() throws {
    let files = try files(M4.dataSet)
    let hourly = try M4.load(.hourly, from: files)
    XCTAssertEqual(hourly.count, 414)
    XCTAssertEqual(Set(hourly.map(\.train.count)), [700, 960])
    let weekly = try M4.load(.weekly, from: files)
    XCTAssertEqual(weekly.count, 359)
    XCTAssertEqual(weekly.map(\.train.count).min(), 80)
    XCTAssertEqual(weekly.map(\.train.count).max(), 2_597)
    var smape = 0.0
    var mase = 0.0
    for series in weekly {
      let last = series.train[series.train.count - 1]
      let steps = zip(series.train.dropFirst(), series.train).map { abs($0 - $1) }
      let scale = steps.reduce(0, +) / Double(steps.count)
      for value in series.test {
        smape += 200 * abs(value - last) / (abs(value) + abs(last)) / 13 / 359
        mase += abs(value - last) / scale / 13 / 359
      }
    }
    XCTAssertEqual(smape, M4.Frequency.weekly.naive2.smape, accuracy: 0.0005)
    XCTAssertEqual(mase, M4.Frequency.weekly.naive2.mase, accuracy: 0.0005)
  }

  func testTransformerTemperature() throws {
    let table = try TransformerTemperature.table(from: files(TransformerTemperature.dataSet))
    XCTAssertEqual(table.rowCount, 17_420)
    XCTAssertEqual(count(table, "split", "test"), 2_880)
    XCTAssertEqual(table["date"]?.text(at: 1), "2016-07-01T01:00:00")
  }

  func testBankCalls() throws {
    let calls = try BankCalls.load(from: files(BankCalls.dataSet))
    XCTAssertEqual([calls.days.count, calls.minutes.count], [164, 169])
    XCTAssertEqual(calls.counts.reduce(0, +), 5_323_661)
    XCTAssertEqual(calls.minutes.last, 21 * 60)
    XCTAssertTrue(calls.days.allSatisfy { CalendarDate(daysSince1970: $0).weekday <= 5 })
  }
}
