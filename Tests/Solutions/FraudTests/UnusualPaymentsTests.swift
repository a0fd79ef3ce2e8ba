import Basics
import Checks
import Experiments
import Foundation
import Fraud
import Projects
import Tables
import XCTest

/// Runs where nothing is known of frauds.
final class UnusualPaymentsTests: XCTestCase {
  /// The probability that a fraud scores higher than an honest payment; ties count half.
  private func auc(_ scores: [Double], _ isFraud: [Bool]) -> Double {
    var (wins, pairs) = (0.0, 0.0)
    for fraud in scores.indices where isFraud[fraud] {
      for honest in scores.indices where !isFraud[honest] {
        wins += scores[fraud] > scores[honest] ? 1 : scores[fraud] == scores[honest] ? 0.5 : 0
        pairs += 1
      }
    }
    return wins / pairs
  }

  func testAPlantedSchemeIsUnusualWithoutAnyLabel() throws {
    for seed in checkSeeds {
      let shop = SmallShop.stolenAccounts(key: RandomKey(seed: seed))
      let count = shop.times.count
      let cut = count * 3 / 4
      try withTemporaryFolder { folder in
        let project = SmallShop.project(folder, labels: false)
        let outcome = try project.run(shop.table(labels: false, rows: 0..<cut), candidates: 2, seed: seed)
        XCTAssertTrue(outcome.results.headline.hasPrefix("Nothing could be measured"), outcome.results.headline)
        XCTAssertNil(outcome.results.experiment, "no leaderboard without a measure")
        XCTAssertGreaterThan(try XCTUnwrap(outcome.results.measure("queue-stability")).value.value, 0.3)
        XCTAssertEqual(outcome.results.parts.map(\.identifier), ["queue", "unusual", "methods", "reviews"])

        let told = try project.predict(shop.table(labels: false, rows: cut..<count))
        let labels = Array(shop.sortedLabels[cut...])
        XCTAssertEqual(told.rowCount, labels.count)
        // New terminals, four times the amount and three payments in an hour each set these frauds apart: a detector that
        // looks at the right things is far above chance, 0.5. Seen over ten seeds: 0.96 to 1.00.
        XCTAssertGreaterThan(auc(try told.column("unusual").numbers(), labels), 0.9, "seed \(seed)")
        let actions = (0..<told.rowCount).map { told["action"]?.text(at: $0) }
        let reasons = (0..<told.rowCount).map { told["reason"]?.text(at: $0) ?? "" }
        XCTAssertTrue(zip(actions, reasons).allSatisfy { ($0 == "review") == !$1.isEmpty })
        let queued = actions.indices.filter { actions[$0] == "review" }
        XCTAssertGreaterThan(queued.count { labels[$0] }, labels.count { $0 } * 2 / 3, "seed \(seed)")
        // No more than the queue holds on any day.
        let times = try told.column("time").numbers()
        let days = Dictionary(grouping: queued) { Int(times[$0] / 86_400) }
        XCTAssertTrue(days.values.allSatisfy { $0.count <= 10 })
      }
    }
  }

  func testSameSeedSameQueueAndAnotherRunReplacesIt() throws {
    let shop = SmallShop.stolenAccounts(key: RandomKey(seed: 4), customers: 120, days: 30)
    try withTemporaryFolder { folder in
      let project = SmallShop.project(folder, labels: false)
      let first = try project.run(shop.table(labels: false), candidates: 2)
      let second = try project.run(shop.table(labels: false), candidates: 2)
      XCTAssertEqual(first.results.parts, second.results.parts)
      XCTAssertTrue(FileManager.default.fileExists(atPath: folder + "/unusual"))
      // With labels the model takes its place.
      _ = try SmallShop.project(folder).run(shop.table(), candidates: 2)
      XCTAssertFalse(FileManager.default.fileExists(atPath: folder + "/unusual"))
    }
  }

  func testFewKnownFraudsAreSaidAndNotLearnedFrom() throws {
    var shop = SmallShop.stolenAccounts(key: RandomKey(seed: 5), customers: 120, days: 30)
    var left = 7
    for row in shop.isFraud.indices where shop.isFraud[row] {
      shop.isFraud[row] = left > 0
      left -= 1
    }
    try withTemporaryFolder { folder in
      let project = SmallShop.project(folder)
      let words = try project.findings(shop.table()).map { "\($0.level.rawValue): \($0.words)" }
      XCTAssertTrue(words.contains { $0.hasPrefix("warning: 7 known frauds are too few") }, "\(words)")
      XCTAssertFalse(words.contains { $0.hasPrefix("stop") }, "\(words)")
      let outcome = try project.run(shop.table(), candidates: 2)
      XCTAssertTrue(outcome.results.headline.contains("only 7 payments are marked"), outcome.results.headline)
      XCTAssertEqual(try XCTUnwrap(outcome.results.measure("known-frauds")).value.value, 7)
      XCTAssertNil(outcome.results.measure("pr-auc"))
    }
  }
}
