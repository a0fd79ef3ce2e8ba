import Basics
import Histories
import Tables
import XCTest

/// Labels that are reported later than their delay.
final class LateLabelTests: XCTestCase {
  private static let hour: Int64 = 3_600_000_000
  private static let start: Int64 = 1_600_000_000_000_000

  /// Events of a few customers at random hours; some labels are told hours after the delay of ten.
  private func table(_ seed: UInt64) throws -> (
    table: Table, times: [Int64], customers: [Int64], labels: [Int8], known: [Int64]
  ) {
    var draws = Draws(seed)
    var (times, customers, labels, reports, known): ([Int64], [Int64], [Int8], [Int64], [Int64]) = ([], [], [], [], [])
    for _ in 0..<400 {
      let time = Self.start + Int64(draws.number(below: 100 * 60)) * 60_000_000
      let label = Int8(draws.number(below: 3)) - 1
      // From five hours before the delay ends to twenty after.
      let report =
        draws.number(below: 2) == 0 ? nil : time + Int64(5 + draws.number(below: 25)) * Self.hour + 30_000_000
      times.append(time)
      customers.append(Int64(draws.number(below: 5)))
      labels.append(label)
      reports.append(report ?? Column.missingInteger)
      known.append(max(time + 10 * Self.hour, report ?? .min))
    }
    let table = try Table([
      Column("when", .dateTime(times)), Column("customer", .integer(customers)), Column("fraud", .boolean(labels)),
      Column("told", .dateTime(reports)),
    ])
    return (table, times, customers, labels, known)
  }

  private func plan(reported: String?) -> HistoryPlan {
    HistoryPlan(
      time: "when", entities: [.init(columns: ["customer"], features: [.labels])], windows: [.hours(20), .hours(60)],
      label: .init("fraud", delay: .hours(10), reported: reported), clock: nil)
  }

  func testALabelCountsFromTheLaterOfDelayAndReport() throws {
    for seed: UInt64 in 1...4 {
      let events = try table(seed)
      let found = try plan(reported: "told").apply(to: events.table)
      var differs = 0
      for (name, hours) in [("20h", 20), ("60h", 60)] {
        let known = try found.column("customer.label.known.\(name)").numbers()
        let positives = try found.column("customer.label.positives.\(name)").numbers()
        for row in events.times.indices {
          // Windows are shifted by the delay; the report only decides whether a label is there already.
          let seen = events.times.indices.filter { other in
            let age = events.times[row] - events.times[other]
            return events.customers[other] == events.customers[row] && events.labels[other] >= 0
              && age > 10 * Self.hour && age <= (10 + Int64(hours)) * Self.hour
              && events.known[other] < events.times[row]
          }
          XCTAssertEqual(known[row], Double(seen.count), "seed \(seed), row \(row), \(name)")
          XCTAssertEqual(positives[row], Double(seen.count { events.labels[$0] == 1 }))
        }
        let blind = try plan(reported: nil).apply(to: events.table).column("customer.label.known.\(name)").numbers()
        differs += zip(known, blind).count { $0 != $1 }
      }
      XCTAssertGreaterThan(differs, 100, "the reports must matter for this to be a test")
    }
  }

  func testLabelsReportedAfterATableCountInTheNext() throws {
    let events = try table(9)
    var state = try HistoryState(plan(reported: "told"))
    _ = try state.apply(to: events.table)
    let last = events.times.max() ?? 0
    let later = try Table([
      Column("when", .dateTime([last + 30 * Self.hour])), Column("customer", .integer([2])),
    ])
    let known = try state.apply(to: later).column("customer.label.known.60h").numbers()
    let wanted = events.times.indices.count {
      events.customers[$0] == 2 && events.labels[$0] >= 0 && events.times[$0] >= last - 40 * Self.hour
    }
    XCTAssertEqual(known, [Double(wanted)])
  }

  func testReportsMustBeDates() throws {
    let events = try table(1).table.setting(Column("told", .integer(Array(repeating: 1, count: 400))))
    XCTAssertThrowsError(try plan(reported: "told").apply(to: events)) {
      XCTAssertEqual(($0 as? AssayError)?.kind, .schema)
    }
  }
}
