import Basics
import Checks
import Experiments
import Foundation
import Fraud
import Projects
import Tables
import XCTest

/// Networks that read the order of a payer's payments, and detectors that know no labels, beside the other candidates.
final class PaymentSequencesTests: XCTestCase {
  private func best(_ outcome: ProjectOutcome, _ families: Set<String>) throws -> LeaderboardEntry {
    try XCTUnwrap(outcome.results.experiment?.leaderboard.first { families.contains($0.family) })
  }

  /// In the order of the portfolio: the baseline, boosting, a network, a linear model, then the solution's own four.
  private static let all = 8
  private static let withNetworks = 6

  func testTheOrderIsLearnedThatTotalsDoNotShow() throws {
    for seed in checkSeeds.prefix(2) {
      // Folds learn from a third of the payments on: with 220 customers, 1,100 payments and 90 frauds, a network of its
      // own learns the order of some draws only (precision 0.1 to 0.45); of 4,500 payments it does (0.5).
      let shop = SmallShop.telltaleOrder(key: RandomKey(seed: seed), customers: 450)
      try withTemporaryFolder { folder in
        let project = SmallShop.project(folder, settings: ["windows": "7d"])
        let outcome = try project.run(shop.table(), candidates: Self.withNetworks, seed: seed)
        let network = try XCTUnwrap(best(outcome, ["LSTM", "GRU"]).test).value
        let totals = try XCTUnwrap(best(outcome, ["boosting", "linear", "network"]).test).value
        // A payment in ten follows the order and six of ten of these are frauds: who sees the order reaches a precision of
        // about 0.55 on average, who sees totals alone little more than the share of frauds, 0.08.
        XCTAssertGreaterThan(network, 0.4, "seed \(seed)")
        XCTAssertGreaterThan(network, totals + 0.1, "seed \(seed)")
        let members = outcome.results.experiment?.leaderboard.filter { ["LSTM", "GRU"].contains($0.family) } ?? []
        XCTAssertGreaterThan(members.reduce(0) { $0 + $1.ensembleWeight }, 0.5, "the model leans on it")
        XCTAssertNotNil(outcome.results.measure("order-of-payments"))
        // What only networks read is no part of what is explained to people.
        let explained = outcome.results.experiment?.explanation.importance.map(\.column) ?? []
        XCTAssertFalse(explained.contains { $0.hasPrefix("sequence") }, "\(explained)")
      }
    }
  }

  func testWindowsOfLaterPaymentsBeginWithEarlierOnes() throws {
    // Two runs over the same payments: one told all at once, one told the last day apart.
    let shop = SmallShop.telltaleOrder(key: RandomKey(seed: 3), customers: 150, days: 30)
    let count = shop.times.count
    try withTemporaryFolder { folder in
      let project = SmallShop.project(folder)
      let outcome = try project.run(shop.table(rows: 0..<count - 150), candidates: 6, seed: 3)
      let weight =
        outcome.results.experiment?.leaderboard.filter { ["LSTM", "GRU"].contains($0.family) }
        .reduce(0) { $0 + $1.ensembleWeight } ?? 0
      XCTAssertGreaterThan(weight, 0, "a network must take part for this to be a test")
      let table = try shop.table(labels: false, rows: count - 150..<count)
      let told = try project.predict(table).column("probability:1").numbers()
      // A payment's probability depends on the two before it, most of which are older than the file.
      let labels = Array(shop.sortedLabels[(count - 150)...])
      func mean(_ wanted: Bool) -> Double {
        let values = labels.indices.filter { labels[$0] == wanted }.map { told[$0] }
        return values.reduce(0, +) / Double(max(1, values.count))
      }
      XCTAssertGreaterThan(mean(true), 2.5 * mean(false))
    }
  }

  func testWhatLabelsAreWorthIsTold() throws {
    let shop = SmallShop.stolenAccounts(key: RandomKey(seed: 6), customers: 250, days: 40)
    try withTemporaryFolder { folder in
      let outcome = try SmallShop.project(folder).run(shop.table(), candidates: Self.all)
      let without = try XCTUnwrap(outcome.results.measure("without-labels")).value.value
      // The share of frauds is about one in forty.
      XCTAssertGreaterThan(without, 0.2)
      let answer = try XCTUnwrap(outcome.results.answers.first { $0.question == "What labels are worth" })
      XCTAssertTrue(answer.words.contains("takes no labels"), answer.words)
      for family in ["isolation forest", "autoencoder"] { _ = try best(outcome, [family]) }
    }
  }

  func testNoOrderIsReadWherePayersComeOnce() throws {
    var shop = SmallShop.stolenAccounts(key: RandomKey(seed: 8), customers: 250, days: 40)
    // Every payment by somebody else.
    for row in shop.customers.indices { shop.customers[row] = "c\(row)" }
    try withTemporaryFolder { folder in
      let project = SmallShop.project(folder)
      let words = try project.findings(shop.table()).map(\.words)
      XCTAssertTrue(words.contains { $0.contains("have one payment only") }, "\(words)")
      let outcome = try project.run(shop.table(), candidates: 3)
      XCTAssertTrue(outcome.results.limits.contains { $0.hasPrefix("No network read the order of payments: only 0 %") })
      XCTAssertFalse(FileManager.default.fileExists(atPath: folder + "/sequences"))
    }
  }
}
