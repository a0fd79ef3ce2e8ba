import Basics
import Checks
import Experiments
import Foundation
import Fraud
import Projects
import XCTest

/// Data that begin with the payments to learn from, hardly a label delay before these end.
final class LateHistoriesTests: XCTestCase {
  /// Three weeks of payments, of which the first is learned from and the last tests. Some terminals are compromised all
  /// the time: half of their payments are frauds. Nothing else tells frauds, so only known frauds of a terminal do.
  private func payments(seed: UInt64) -> String {
    var random = RandomKey(seed: seed)["payments"].stream()
    var lines = ["when,sum,bad,buyer,place,side"]
    for payment in 0..<12_000 {
      let second = payment * 21 * 86_400 / 12_000
      let (day, time) = (second / 86_400, second % 86_400)
      let place = random.integer(below: 120)
      let isFraud = random.uniform() < (place < 8 ? 0.5 : 0.002)
      let amount = (20 * exp(random.normal()) * 100).rounded() / 100
      func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
      let clock = "2025-03-\(two(day + 1)) \(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))"
      let side = day < 7 ? "train" : day < 14 ? "" : "test"
      lines.append("\(clock),\(amount),\(isFraud ? 1 : 0),b\(random.integer(below: 400)),p\(place),\(side)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func outcome(in folder: String, delay: String, seed: UInt64) throws -> ProjectResults {
    try payments(seed: seed).write(toFile: folder + "/data.csv", atomically: true, encoding: .utf8)
    let text = """
      solution: fraud
      data: data.csv
      columns:
        time: when
        amount: sum
        fraud: bad
        customer: buyer
        terminal: place
        part: side
      settings:
        label delay: \(delay)
        windows: 1d, 7d
      """
    let (project, solution) = try Project.parse(
      text, folder: folder, name: folder + "/solution.yaml", among: [FraudPrevention()])
    let data = try ProjectData(project, solution.card, threads: 1)
    return try solution.run(project, data, ProjectContext(budget: 60, candidateLimit: 3, threads: 2)).results
  }

  func testKnownFraudsAreLearnedFromAllTheSame() throws {
    for seed in [1, 7] as [UInt64] {
      try withTemporaryFolder { folder in
        let results = try outcome(in: folder, delay: "7 days", seed: seed)
        // Chance has 0.5; no payment to learn from has a known fraud in its histories after the true delay.
        XCTAssertGreaterThan(results.measure("roc-auc")?.value.value ?? 0, 0.75, "seed \(seed)")
        XCTAssertTrue(
          results.limits.contains { $0.contains("frauds count as known after 3.5 days") }, "\(results.limits)")
        // What is still growing is left out; what does not grow, and the clock, stay.
        let excluded = try XCTUnwrap(results.experiment?.problem.excluded)
        for name in ["terminal.sinceFirst", "customer.count.7d"] { XCTAssertNotNil(excluded[name], name) }
        for name in ["customer.amount.mean.1d", "terminal.label.run", "clock.hour", "clock.weekend"] {
          XCTAssertNil(excluded[name], name)
        }
        XCTAssertTrue(results.limits.contains { $0.contains("still growing") })
      }
    }
  }

  func testAShortDelayIsKept() throws {
    try withTemporaryFolder { folder in
      let results = try outcome(in: folder, delay: "1 day", seed: 1)
      XCTAssertFalse(results.limits.contains { $0.contains("begin too late") }, "\(results.limits)")
    }
  }
}
