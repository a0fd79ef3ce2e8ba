import Basics
import Checks
import Experiments
import Foundation
import Tables
import XCTest

final class RetentionSimulatorTests: XCTestCase {
  private func leaves(_ table: Table) throws -> [Bool] {
    guard case .category(let values) = try table.column(RetentionSimulator.target).values else {
      throw XCTSkip("the target is no category")
    }
    return values.codes.map { values.levels[Int($0)] == "yes" }
  }

  func testSameKeySameTable() throws {
    let a = try RetentionSimulator(rowCount: 300, key: RandomKey(seed: 1)).simulate()
    let b = try RetentionSimulator(rowCount: 300, key: RandomKey(seed: 1)).simulate()
    let c = try RetentionSimulator(rowCount: 300, key: RandomKey(seed: 2)).simulate()
    XCTAssertEqual(a.probabilities, b.probabilities)
    XCTAssertEqual(a.table.names, c.table.names)
    XCTAssertEqual(try leaves(a.table), try leaves(b.table))
    XCTAssertNotEqual(a.probabilities, c.probabilities)
  }

  func testEveryKindOfColumnAndMissingValues() throws {
    let table = try RetentionSimulator(key: RandomKey(seed: 7)).simulate().table
    XCTAssertEqual(table.rowCount, 12_000)
    XCTAssertEqual(Set(table.columns.map(\.kind)), Set(ColumnKind.allCases))
    func missing(_ name: String) throws -> Double {
      let column = try table.column(name)
      return Double((0..<table.rowCount).filter { column.isMissing($0) }.count) / Double(table.rowCount)
    }
    XCTAssertEqual(try missing(RetentionSimulator.target), 0)
    XCTAssertEqual(try missing("age"), 0.04, accuracy: 0.01)
    XCTAssertEqual(try missing("usage_gb"), 0.05, accuracy: 0.01)
    XCTAssertGreaterThan(try missing("satisfaction"), 0.35)
    XCTAssertGreaterThan(try missing("call_note"), 0.2)
    guard case .text(let identifiers) = try table.column("customer_id").values else { return XCTFail("no text") }
    XCTAssertEqual(Set((0..<table.rowCount).map { identifiers[$0] }).count, table.rowCount)
  }

  func testDatesAreInOrderAndOfWorkingDays() throws {
    let table = try RetentionSimulator(rowCount: 4000, key: RandomKey(seed: 3)).simulate().table
    let dates = try table.column(RetentionSimulator.timeColumn).numbers()
    XCTAssertEqual(dates, dates.sorted())
    // 1 January 1970 was a Thursday: three days after a Monday.
    for date in dates { XCTAssertLessThan((Int(date / 86_400) + 3) % 7, 5) }
    XCTAssertEqual(
      (dates[dates.count - 1] - dates[0]) / 86_400 / 7, Double(RetentionSimulator.weeks), accuracy: 1)
    let signups = try table.column("signup_date").numbers()
    XCTAssertTrue(zip(signups, dates).allSatisfy { $0 <= $1 })
  }

  /// Labels follow the stated probabilities: in ten groups by probability, within four standard errors.
  func testProbabilitiesAreTrue() throws {
    for seed in checkSeeds {
      let simulation = try RetentionSimulator(key: RandomKey(seed: seed)).simulate()
      let labels = try leaves(simulation.table)
      let order = labels.indices.sorted { simulation.probabilities[$0] < simulation.probabilities[$1] }
      for group in 0..<10 {
        let rows = order[group * order.count / 10..<(group + 1) * order.count / 10]
        let expected = rows.map { simulation.probabilities[$0] }.reduce(0, +)
        let variance = rows.map { simulation.probabilities[$0] * (1 - simulation.probabilities[$0]) }.reduce(0, +)
        XCTAssertEqual(
          Double(rows.filter { labels[$0] }.count), expected, accuracy: 4 * variance.squareRoot() + 1,
          "seed \(seed), group \(group)")
      }
      let rate = Double(labels.filter { $0 }.count) / Double(labels.count)
      XCTAssertEqual(rate, 0.22, accuracy: 0.06, "seed \(seed)")
    }
  }

  /// The story of the demo holds: acting by the true probability earns more than today's rule, which earns more than
  /// doing nothing, which earns more than an offer to everybody.
  func testTheDecisionIsWorthMaking() throws {
    for seed in checkSeeds {
      let simulation = try RetentionSimulator(key: RandomKey(seed: seed)).simulate()
      let fees = try simulation.table.column("monthly_fee").numbers()
      let tickets = try simulation.table.column("support_tickets").numbers()
      let labels = try leaves(simulation.table)
      func value(_ acts: (Int) -> Bool) -> Double {
        labels.indices.filter(acts).reduce(0) { sum, row in
          sum + (labels[row] ? 0.35 * 12 * fees[row] : 0) - 25 - 0.1 * 12 * fees[row]
        }
      }
      let everybody = value { _ in true }
      let today = value { tickets[$0] >= 3 }
      let best = value { row in
        0.35 * 12 * fees[row] * simulation.probabilities[row] > 25 + 0.1 * 12 * fees[row]
      }
      XCTAssertLessThan(everybody, 0, "seed \(seed)")
      XCTAssertGreaterThan(today, 0, "seed \(seed)")
      XCTAssertGreaterThan(best, 1.5 * today, "seed \(seed)")
    }
  }

  func testPricesRise() throws {
    let table = try RetentionSimulator(key: RandomKey(seed: 1)).simulate().table
    let fees = try table.column("monthly_fee").numbers()
    let early = fees.prefix(4000).reduce(0, +) / 4000
    let late = fees.suffix(3000).reduce(0, +) / 3000
    XCTAssertEqual(late / early, 1.08, accuracy: 0.03)
  }
}
