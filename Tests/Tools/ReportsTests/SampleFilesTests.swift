import Experiments
import Foundation
import Reports
import XCTest

/// Writes the simulated reports to a temporary folder, whose name is in the log, so that people can look at them.
final class SampleFilesTests: XCTestCase {
  func testReportsAreWrittenWhole() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-sample-reports")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let samples = [
      ("retention", SampleResults.retention()), ("tickets", SampleResults.tickets()), ("flats", SampleResults.flats()),
    ]
    for (name, results) in samples {
      let file = folder.appendingPathComponent("\(name).html")
      try Report.write(results, to: file.path)
      let text = try String(contentsOf: file, encoding: .utf8)
      XCTAssertEqual(text, Report.html(results))
      XCTAssertTrue(text.hasSuffix("</html>\n"))
    }
    let profile = SampleResults.retention().profile
    try ProfilePage.write(
      profile, data: "customers.parquet", command: "assay profile customers.parquet", version: "0.2.0",
      to: folder.appendingPathComponent("profile.html").path)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".tmp") }
    XCTAssertEqual(left, [], "temporary files are left behind")
    print("sample reports: \(folder.path)")
  }
}
