import Basics
import Checks
import Foundation
import Fraud
import Projects
import Tables
import XCTest

/// What the check says about data that would mislead.
final class FraudCheckTests: XCTestCase {
  private static let value = """
      currency: EUR
      positive: "1"
      unit: payment
      time: time
      actions:
        review:
          gain: 0.9 * amount * label
          cost: 3
      capacity: 10 per day
    """

  private func words(_ shop: SmallShop, settings: [String: String] = [:], value: String = "") throws -> [String] {
    try withTemporaryFolder { folder in
      try SmallShop.project(folder, settings: settings, value: value).findings(shop.table())
        .map { "\($0.level.rawValue): \($0.words)" }
    }
  }

  private func shop(_ seed: UInt64 = 1) -> SmallShop {
    SmallShop.stolenAccounts(key: RandomKey(seed: seed), customers: 200, days: 40)
  }

  func testNothingIsSaidOfSoundPayments() throws {
    for seed in checkSeeds {
      let found = try words(shop(seed), value: Self.value)
      XCTAssertFalse(found.contains { $0.hasPrefix("stop") }, "\(found)")
      // The data hold about a hundred frauds, which is said; all else would be a false alarm.
      XCTAssertEqual(found.filter { $0.hasPrefix("warning") && !$0.contains("frauds are few") }, [], "seed \(seed)")
    }
  }

  func testFraudsAloneStopAndExchangedMarksAreSuspected() throws {
    var shop = shop()
    let truth = shop.isFraud
    shop.isFraud = truth.map { _ in true }
    var found = try words(shop)
    XCTAssertTrue(found.contains { $0.hasPrefix("stop: all payments") && $0.contains("are frauds") }, "\(found)")
    shop.isFraud = truth.map { !$0 }
    found = try words(shop)
    XCTAssertFalse(found.contains { $0.hasPrefix("stop") }, "\(found)")
    XCTAssertTrue(found.contains { $0.hasPrefix("warning: more than half of the payments") }, "\(found)")
  }

  func testCentsAmongEurosAreSaidWithTheirDays() throws {
    for seed in checkSeeds {
      var shop = shop(seed)
      let (from, until) = (SmallShop.start + 10 * 86_400, SmallShop.start + 15 * 86_400)
      for row in shop.times.indices where (from..<until).contains(shop.times[row]) { shop.amounts[row] *= 100 }
      let found = try words(shop).filter { $0.contains("the amounts are about") }
      XCTAssertEqual(found.count, 1, "\(found)")
      XCTAssertTrue(found.first?.contains("from 2025-03-13 to 2025-03-17") ?? false, "\(found)")
      XCTAssertTrue(found.first?.contains("times those otherwise") ?? false, "\(found)")
    }
  }

  func testATerminalInCentsIsNamed() throws {
    var shop = shop()
    for row in shop.times.indices where shop.terminals[row] == "t7" { shop.amounts[row] *= 100 }
    let found = try words(shop).filter { $0.contains("the amounts are about") }
    XCTAssertEqual(found.count, 1, "\(found)")
    XCTAssertTrue(found.first?.contains("at 1 terminal, such as \"t7\"") ?? false, "\(found)")
  }

  func testTimeOutOfOrderChangesNothing() throws {
    let shop = shop()
    let table = try shop.table()
    var random = RandomKey(seed: 2).stream()
    let mixed = table.selecting(rows: random.permutation(of: table.rowCount))
    try withTemporaryFolder { folder in
      let project = SmallShop.project(folder)
      let found = try project.findings(mixed)
      XCTAssertTrue(found.contains { $0.level == .note && $0.words.contains("not in the order of time") }, "\(found)")
      let whole = try project.run(table, candidates: 2).results.measures
      let other = try project.run(mixed, candidates: 2).results.measures
      // The rows are divided and followed by their time; what is drawn at random hangs on places in the file.
      for name in ["history-payments-per-second", "scored-payments-per-second", "pr-auc"] {
        XCTAssertTrue(whole.contains { $0.name == name }, name)
      }
      let pair = [whole, other].map { $0.first { $0.name == "pr-auc" }?.value.value ?? .nan }
      XCTAssertEqual(pair[0], pair[1], accuracy: 0.15)
    }
  }

  func testRepeatedPaymentsAndMomentsAreCounted() throws {
    var shop = shop()
    shop.add(second: 86_400, customer: 1, terminal: 2, amount: 5, isFraud: false)
    shop.add(second: 86_400, customer: 1, terminal: 2, amount: 5, isFraud: false)
    shop.add(second: 86_400, customer: 1, terminal: 3, amount: 7, isFraud: false)
    let found = try words(shop)
    XCTAssertTrue(found.contains { $0.hasPrefix("warning: 1 payment with the customer, time and amount") }, "\(found)")
    XCTAssertTrue(found.contains { $0.hasPrefix("note: 1 payment at the same moment") }, "\(found)")
    for row in shop.times.indices { shop.times[row] -= shop.times[row] % 86_400 }
    XCTAssertTrue(try words(shop).contains { $0.contains("days without an hour") })
  }

  func testOutcomesThatAreNotKnownYetAreSuspected() throws {
    var shop = SmallShop.stolenAccounts(key: RandomKey(seed: 9), customers: 500, days: 60)
    let border = SmallShop.start + 45 * 86_400
    for row in shop.times.indices where shop.times[row] >= border { shop.isFraud[row] = false }
    let found = try words(shop, settings: ["label delay": "15 days"])
    XCTAssertTrue(found.contains { $0.contains("frauds that are not reported yet stand there as honest") }, "\(found)")
  }

  func testALabelDelayLongerThanTheDataStops() throws {
    let found = try words(shop(), settings: ["label delay": "60 days"])
    XCTAssertTrue(
      found.contains { $0.hasPrefix("stop") && $0.contains("too little is left to learn from") }, "\(found)")
  }

  func testActionsThatNeverPayAreSaidInCheckAndReport() throws {
    let value = Self.value.replacing("cost: 3", with: "cost: 10000")
    let found = try words(shop(), value: value)
    XCTAssertTrue(found.contains { $0.hasPrefix("warning: none of the actions pays") }, "\(found)")
    try withTemporaryFolder { folder in
      let outcome = try SmallShop.project(folder, value: value).run(shop().table(), candidates: 2)
      XCTAssertTrue(outcome.results.headline.contains("no action pays"), outcome.results.headline)
      XCTAssertEqual(outcome.results.measure("saved-per-day")?.value.value, 0)
      XCTAssertEqual(outcome.results.measure("alerts-per-day")?.value.value, 0)
    }
  }

  func testRefusingAndChallengingAreSaidAsTheyAre() throws {
    let value = """
        currency: EUR
        positive: "1"
        unit: payment
        time: time
        actions:
          challenge:
            gain: 0.85 * amount * label
            cost: 0.2 + 0.01 * amount
          refuse:
            gain: amount * label
            cost: 0.25 * amount * (1 - label)
      """
    try withTemporaryFolder { folder in
      let project = SmallShop.project(folder, value: value)
      let outcome = try project.run(shop().table(), candidates: 2)
      let results = outcome.results
      XCTAssertTrue(results.headline.lowercased().contains("challenging "), results.headline)
      XCTAssertTrue(results.headline.contains(" payments a day saves"), results.headline)
      let disturbed = try XCTUnwrap(results.answers.first { $0.question == "Whom it disturbs" }).words
      XCTAssertTrue(disturbed.contains("% of the honest payments are "), disturbed)
      // What the check warned of stands in the report.
      let warned = outcome.warning(of: try project.findings(shop().table())).results.limits
      XCTAssertTrue(warned.contains { $0.hasPrefix("The check of the data warned: ") && $0.contains("frauds are few") })
    }
  }

  func testAColumnThatIsNotThereIsNamed() throws {
    let table = try shop().table()
    try withTemporaryFolder { folder in
      let project = FraudProject(
        folder: folder, columns: SmallShop.columns.merging(["device": "phone"]) { $1 }, settings: [:], value: "")
      XCTAssertThrowsError(try project.findings(table)) {
        XCTAssertTrue("\($0)".contains("phone"), "\($0)")
        XCTAssertEqual(($0 as? AssayError)?.kind, .schema)
      }
    }
  }
}
