import Foundation
import Reports
import Tables
import XCTest

final class ProfilePageTests: XCTestCase {
  func testPageAndTextTellTheSame() throws {
    let profile = SampleResults.flats().profile
    let html = ProfilePage.html(profile, data: "flats.csv", command: "assay profile flats.csv", version: "0.2.0")
    let reader = try MarkupReader(html)
    let text = ProfilePage.text(profile, data: "flats.csv", width: 110)
    XCTAssertTrue(reader.all("script").isEmpty)
    for column in profile.columns {
      XCTAssertTrue(reader.text.contains(column.name), column.name)
      XCTAssertTrue(text.contains(column.name), column.name)
    }
    for remark in ["“country” holds only one value.", "3\u{A0}rows (0.35\u{A0}%) repeat an earlier row."] {
      XCTAssertTrue(text.contains(remark), remark)
    }
    XCTAssertTrue(text.contains("2021-12-20 to 2025-12-06"))
    XCTAssertTrue(reader.all("pre").contains { $0.text == "assay profile flats.csv" })
    for line in text.split(separator: "\n") { XCTAssertLessThanOrEqual(line.count, 110) }
  }

  func testAnEmptyTable() throws {
    let profile = TableProfile(rowCount: 0, columns: [], repeatedRows: 0, duplicateColumns: [])
    let reader = try MarkupReader(ProfilePage.html(profile, data: "empty.csv"))
    XCTAssertTrue(reader.text.contains("Nothing unusual stands out."))
    XCTAssertTrue(ProfilePage.text(profile, data: "empty.csv").hasPrefix("empty.csv: 0\u{A0}rows, 0\u{A0}columns"))
  }

  func testDriftMissingAndDuplicatesAreTold() throws {
    var profile = SampleResults.retention().profile
    profile.duplicateColumns = [["region", "area"]]
    let text = ProfilePage.text(profile, data: "customers.parquet")
    XCTAssertTrue(text.contains("Changed markedly over time: “monthly_fee”."))
    XCTAssertTrue(text.contains("Often missing: “last_login_days” (23\u{A0}%)."))
    XCTAssertTrue(text.contains("“region” and “area” hold the same values."))
  }
}
