import Foundation
import XCTest

/// `assay train --memory`.
final class MemoryTests: XCTestCase {
  func testALargeTableIsWorkedOnByPieces() throws {
    let program = try Program("memory")
    defer { program.remove() }
    try program.write("train.csv", SimulatedCSV.customers(rows: 20_000))
    let trained = try program.run(
      "train", "train.csv", "--target", "left", "--memory", "1.5 MB", "--candidates", "2", "--threads", "2")
    XCTAssertEqual(trained.status, 0, trained.errors)
    XCTAssertTrue(trained.output.contains("boosting 1 on all rows"), trained.output)
    XCTAssertTrue(trained.errors.contains("growing trees on"), trained.errors)
    let report = try String(contentsOfFile: program.path("assay-output/report.html"), encoding: .utf8)
    XCTAssertTrue(report.contains("worked on by pieces"))
    let scored = try program.run("predict", "assay-output/model", "train.csv")
    XCTAssertEqual(scored.output.split(separator: "\n").count, 20_001)
  }

  func testAnAmountThatIsNoneIsRefused() throws {
    let program = try Program("memory-amount")
    defer { program.remove() }
    try program.write("train.csv", SimulatedCSV.customers(rows: 100))
    for amount in ["much", "0", "-1GB", "3 apples"] {
      let trained = try program.run("train", "train.csv", "--target", "left", "--memory=\(amount)")
      XCTAssertNotEqual(trained.status, 0, amount)
      XCTAssertTrue(trained.errors.contains("memory"), trained.errors)
    }
  }
}
