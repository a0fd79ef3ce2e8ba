import Basics
import Checks
import Foundation
import Tables
import XCTest

/// Payments scored after a run.
final class PredictionTests: XCTestCase {
  private static let value = """
      currency: EUR
      actions:
        review:
          gain: amount * label
          cost: 3
    """

  private func reasons(_ table: Table) -> [String] {
    (0..<table.rowCount).map { table["reason"]?.text(at: $0) ?? "" }
  }

  func testReasonsStandBesideActionsAndBesideAllWhereAskedFor() throws {
    let shop = SmallShop.stolenAccounts(key: RandomKey(seed: 4), customers: 250, days: 40)
    let count = shop.times.count
    try withTemporaryFolder { folder in
      let project = SmallShop.project(folder, value: Self.value)
      _ = try project.run(shop.table(rows: 0..<count - 500), candidates: 3)
      // None of three candidates reads the order of payments, so nothing is kept for one.
      XCTAssertFalse(FileManager.default.fileExists(atPath: folder + "/sequences"))
      let later = try shop.table(labels: false, rows: count - 500..<count)
      let told = try project.predict(later)
      let explained = try project.predict(later, explains: true)
      let actions = (0..<500).map { told["action"]?.text(at: $0) ?? "" }
      let (few, all) = (reasons(told), reasons(explained))
      XCTAssertGreaterThan(actions.count { $0 == "review" }, 3)
      XCTAssertTrue(zip(actions, few).allSatisfy { ($0 == "review") == !$1.isEmpty })
      XCTAssertTrue(zip(few, all).allSatisfy { $0.isEmpty || $0 == $1 })
      XCTAssertGreaterThan(all.count { !$0.isEmpty }, 400)
      XCTAssertEqual(
        try told.column("probability:1").numbers(), try explained.column("probability:1").numbers())
    }
  }

  func testPaymentsFromBeforeTheRunAreRefusedWithTheirNumber() throws {
    let shop = SmallShop.stolenAccounts(key: RandomKey(seed: 5), customers: 150, days: 30)
    let count = shop.times.count
    try withTemporaryFolder { folder in
      let project = SmallShop.project(folder)
      _ = try project.run(shop.table(rows: 0..<count - 100), candidates: 1)
      XCTAssertThrowsError(try project.predict(shop.table(labels: false, rows: count - 110..<count))) { error in
        let problem = (error as? AssayError)?.problem ?? ""
        // The latest payment of the run itself is not earlier than it.
        XCTAssertTrue(problem.hasPrefix("9 payments were made before the latest one of the run"), "\(error)")
        XCTAssertTrue((error as? AssayError)?.remedy.contains("assay run") ?? false, "\(error)")
      }
    }
  }
}
