import Basics
import Checks
import Histories
import Tables
import XCTest

final class EventSequenceTests: XCTestCase {
  func testLastEventsByHand() throws {
    let table = try Table([
      Column("t", .dateTime([30, 10, 20, 20, 40].map { $0 * 1_000_000 })),
      Column("e", .text(TextValues(["a", "a", "a", "b", nil]))), Column("x", .float([3, 1, 2, 9, 7])),
    ])
    var plan = HistoryPlan(time: "t", entities: [.init(columns: ["e"], missing: .unknown)])
    let found = try plan.lastEvents(of: "e", count: 3, columns: ["x"], in: table)
    XCTAssertEqual(found.rows, [1, 2, 0, -1, -1, 1, -1, 1, 2, -1, -1, 3, -1, -1, 4])
    XCTAssertEqual(found.mask, [1, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1])
    XCTAssertEqual(found.names, ["x", "secondsBefore"])
    XCTAssertEqual(Array(found.values[0..<6]), [1, 0, 2, 10, 3, 10])
    XCTAssertEqual(Array(found.values[12..<18]), [0, 0, 1, 0, 2, 10])
    assertAssayError(.configuration, saying: ["\"f\"", "e"]) {
      try plan.lastEvents(of: "f", count: 3, columns: ["x"], in: table)
    }
    plan.entities[0].missing = .together
    XCTAssertEqual(try plan.lastEvents(of: "e", count: 1, columns: [], in: table).rows, [0, 1, 2, 3, 4])
  }

  func testAgainstASearch() throws {
    for seed: UInt64 in 1...3 {
      let events = RandomEvents(400, seed: seed)
      let found = try RandomEvents.plan().lastEvents(
        of: "customer", count: 5, columns: ["amount"], in: try events.table())
      for row in 0..<events.count {
        let rows = found.rows[row * 5..<row * 5 + 5].map(Int.init)
        let past = (0..<events.count).filter {
          events.times[$0] < events.times[row] && events.customers[$0] == events.customers[row]
        }
        XCTAssertEqual(rows.last, row)
        let kept = rows.dropLast().filter { $0 >= 0 }
        XCTAssertEqual(kept.count, min(4, past.count))
        // Of events at the same time any may be left out.
        XCTAssertEqual(
          kept.map { events.times[$0] }, past.map { events.times[$0] }.sorted().suffix(4).map { $0 }, "row \(row)")
        XCTAssertTrue(kept.allSatisfy(past.contains))
      }
    }
  }
}
