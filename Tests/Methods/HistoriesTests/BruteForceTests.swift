import Foundation
import Histories
import Tables
import XCTest

/// Every feature again from its definition, by looking at all earlier events.
final class BruteForceTests: XCTestCase {
  private struct Reference {
    let events: RandomEvents
    let delay: Int64 = 36_000_000_000

    func key(_ entity: String, _ row: Int) -> String? {
      let customer = events.customers[row] == Column.missingInteger ? "none" : "\(events.customers[row])"
      switch entity {
      case "customer": return customer
      case "terminal": return events.terminals[row]
      case "country": return events.countries[row]
      default:
        // A combination of which a part is missing is missing, and missing ones are together.
        return customer == "none" || events.terminals[row] == nil ? "none" : customer + "/" + events.terminals[row]!
      }
    }

    /// Earlier events of the entity in a window.
    func past(_ entity: String, _ row: Int, _ window: HistorySpan, shift: Int64 = 0) -> [Int] {
      let end = events.times[row] - shift
      guard let own = key(entity, row) else { return [] }
      return (0..<events.count).filter {
        events.times[$0] < end && (window.isAll || events.times[$0] >= end - window.microseconds)
          && key(entity, $0) == own
      }
    }
  }

  private let windows: [HistorySpan] = [.hours(2), .hours(7), .hours(24), .all]

  private func close(_ found: Float, _ wanted: Double, _ what: String) {
    if wanted.isNaN { return XCTAssertTrue(found.isNaN, "\(what): \(found), not missing") }
    // Features are single precision, and the reference sums in another order.
    XCTAssertEqual(Double(found), wanted, accuracy: 2e-6 * max(1, abs(wanted)), what)
  }

  private func check(_ seed: UInt64, _ body: (Reference, Features) throws -> Void) throws {
    let events = RandomEvents(400, seed: seed)
    let plan = RandomEvents.plan()
    let names = try HistoryState(plan).featureNames
    try body(Reference(events: events), Features(try plan.apply(to: try events.table()), names))
  }

  func testCountsAmountsAndTimes() throws {
    for seed: UInt64 in 1...3 {
      try check(seed) { reference, found in
        for row in 0..<reference.events.count {
          for entity in ["customer", "country"] {
            for window in windows {
              let past = reference.past(entity, row, window)
              let name = "\(entity).amount"
              close(found["\(entity).count.\(window)"][row], Double(past.count), "count \(row)")
              let amounts = past.map { reference.events.amounts[$0] }.filter { !$0.isNaN }
              let own = reference.events.amounts[row]
              let (n, sum) = (Double(amounts.count), amounts.reduce(0, +))
              let mean = sum / n
              let spread = amounts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
              let deviation = n > 1 ? (spread / (n - 1)).squareRoot() : .nan
              close(found["\(name).sum.\(window)"][row], sum, "sum \(row)")
              close(found["\(name).mean.\(window)"][row], n > 0 ? mean : .nan, "mean \(row)")
              close(found["\(name).maximum.\(window)"][row], amounts.max() ?? .nan, "maximum \(row) \(window)")
              close(found["\(name).deviation.\(window)"][row], deviation, "deviation \(row)")
              close(found["\(name).ratio.\(window)"][row], mean > 0 ? own / mean : .nan, "ratio \(row)")
              close(found["\(name).z.\(window)"][row], deviation > 0 ? (own - mean) / deviation : .nan, "z \(row)")
              if !window.isAll {
                let repeats = past.filter { reference.events.amounts[$0] == own }
                close(
                  found["\(entity).repeats.\(window)"][row], own.isNaN ? .nan : Double(repeats.count), "repeats \(row)")
              }
            }
            let all = reference.past(entity, row, .all).map { reference.events.times[$0] }
            let now = reference.events.times[row]
            let last = all.max().map { Double(now - $0) * 1e-6 } ?? .nan
            let first = all.min().map { Double(now - $0) * 1e-6 } ?? .nan
            close(found["\(entity).sinceLast"][row], last, "since last \(row)")
            close(found["\(entity).sinceFirst"][row], first, "since first \(row)")
            let gap = (first - last) / Double(all.count - 1)
            close(found["\(entity).gapRatio"][row], gap > 0 ? last / gap : .nan, "gap ratio \(row)")
            let long = Double(reference.past(entity, row, .hours(24)).count) / 24
            let short = Double(reference.past(entity, row, .hours(2)).count) / 2
            close(found["\(entity).velocity.2h/1d"][row], long > 0 ? short / long : .nan, "velocity \(row)")
          }
        }
      }
    }
  }

  func testUnknownEntitiesHaveNoHistory() throws {
    try check(5) { reference, found in
      for row in 0..<reference.events.count {
        let isMissing = reference.events.terminals[row] == nil
        XCTAssertEqual(found["terminal.count.all"][row].isNaN, isMissing)
        XCTAssertEqual(
          found["customer*terminal.isNew"][row].isNaN, isMissing || reference.key("customer", row) == "none")
        if !isMissing {
          close(found["terminal.count.all"][row], Double(reference.past("terminal", row, .all).count), "row \(row)")
        }
      }
    }
  }

  func testLabels() throws {
    for seed: UInt64 in 11...13 {
      try check(seed) { reference, found in
        for row in 0..<reference.events.count {
          for entity in ["customer", "both"] {
            for window in windows {
              let past = reference.past(entity, row, window, shift: reference.delay)
              let labels = past.map { reference.events.labels[$0] }.filter { $0 >= 0 }
              let (known, positives) = (Double(labels.count), Double(labels.count { $0 == 1 }))
              close(found["\(entity).label.known.\(window)"][row], known, "known \(row)")
              close(found["\(entity).label.positives.\(window)"][row], positives, "positives \(row)")
              close(found["\(entity).label.share.\(window)"][row], (positives + 0.2) / (known + 2), "share \(row)")
            }
            let all = reference.past(entity, row, .all, shift: reference.delay)
            let last = all.filter { reference.events.labels[$0] == 1 }.map { reference.events.times[$0] }.max()
            close(
              found["\(entity).label.sincePositive"][row],
              last.map { Double(reference.events.times[row] - $0) * 1e-6 } ?? .nan, "since fraud \(row)")
          }
        }
      }
    }
  }

  func testHabits() throws {
    try check(21) { reference, found in
      for row in 0..<reference.events.count {
        let past = reference.past("customer", row, .all).map { reference.events.times[$0] }
        func minutes(_ time: Int64) -> Double { Double(time / 60_000_000 % 1440) }
        let angles = past.map { minutes($0) / 1440 * 2 * .pi }
        let (x, y) = (angles.reduce(0) { $0 + cos($1) }, angles.reduce(0) { $0 + sin($1) })
        let length = (x * x + y * y).squareRoot() / Double(past.count)
        XCTAssertEqual(Double(found["customer.hour.concentration"][row]).isNaN, past.isEmpty)
        if past.isEmpty { continue }
        // Cosines are kept in units of 2^-30, which matters where they nearly cancel.
        XCTAssertEqual(Double(found["customer.hour.concentration"][row]), length, accuracy: 1e-6)
        if length > 1e-3 {
          let mean = (atan2(y, x) / (2 * .pi) * 24 + 24).truncatingRemainder(dividingBy: 24)
          let apart = abs(minutes(reference.events.times[row]) / 60 - mean)
          XCTAssertEqual(Double(found["customer.hour.distance"][row]), min(apart, 24 - apart), accuracy: 1e-4)
        }
        let hour = Int(minutes(reference.events.times[row])) / 60
        let near = past.filter { [0, 1, 23].contains((Int(minutes($0)) / 60 - hour + 24) % 24) }
        close(found["customer.hour.share"][row], Double(near.count) / Double(past.count), "hour share \(row)")
      }
    }
  }

  func testLinks() throws {
    for seed: UInt64 in 31...32 {
      try check(seed) { reference, found in
        let pairs = (0..<reference.events.count).map { row -> String? in
          let terminal = reference.events.terminals[row]
          return terminal == nil ? nil : "\(terminal!)*\(reference.events.countries[row]!)"
        }
        let times = reference.events.times
        for row in 0..<reference.events.count where pairs[row] != nil {
          let met = (0..<times.count).filter { pairs[$0] == pairs[row] && times[$0] < times[row] }
          close(found["terminal*country.isNew"][row], met.isEmpty ? 1 : 0, "new \(row)")
          let last = met.map { times[$0] }.max().map { Double(times[row] - $0) * 1e-6 } ?? .nan
          close(found["terminal*country.sinceLast"][row], last, "since last \(row)")
          for window in windows {
            let past = reference.past("terminal", row, window)
            close(
              found["terminal*country.count.\(window)"][row], Double(past.count { pairs[$0] == pairs[row] }),
              "pair count \(row)")
            let partners = Set(past.map { reference.events.countries[$0]! }).count
            close(found["terminal.partners.country.\(window)"][row], Double(partners), "partners \(row) \(window)")
          }
        }
        // Of a pair that is new at two events of the same time one is the first meeting: their sum is what counts.
        for row in 0..<reference.events.count where pairs[row] != nil {
          let past = reference.past("terminal", row, .all)
          let firsts = Set(past.map { pairs[$0] }).count
          close(
            found["terminal.newShare.country.all"][row], past.isEmpty ? .nan : Double(firsts) / Double(past.count),
            "new share \(row)")
        }
      }
    }
  }

  func testGraph() throws {
    let events = RandomEvents(150, seed: 41)
    let plan = RandomEvents.plan()
    let names = try HistoryState(plan).featureNames
    let found = Features(try plan.apply(to: try events.table()), names)
    let reference = Reference(events: events)
    let members = ["customer", "terminal", "country"]
    func nodes(_ row: Int) -> [String] {
      members.compactMap { member in
        guard let key = reference.key(member, row), key != "none" else { return nil }
        return member + ":" + key
      }
    }
    for row in 0..<events.count {
      let past = (0..<events.count).filter { events.times[$0] < events.times[row] }
      // The component by spreading; only the centre, the customer, joins.
      var component = Set(nodes(row))
      var grew = true
      while grew {
        grew = false
        for other in past where reference.key("customer", other) != "none" {
          let joined = nodes(other)
          if !component.isDisjoint(with: joined) && !component.isSuperset(of: joined) {
            component.formUnion(joined)
            grew = true
          }
        }
      }
      close(found["graph(customer,terminal,country).size"][row], Double(component.count), "size \(row)")
      let customers = component.count { $0.hasPrefix("customer:") }
      close(found["graph(customer,terminal,country).size.customer"][row], Double(customers), "customers \(row)")
      let known = past.filter {
        events.times[$0] < events.times[row] - reference.delay && events.labels[$0] >= 0
          && nodes($0).first.map(component.contains) ?? false
      }
      close(found["graph(customer,terminal,country).known"][row], Double(known.count), "known \(row)")
      close(
        found["graph(customer,terminal,country).positives"][row], Double(known.count { events.labels[$0] == 1 }),
        "positives \(row)")
    }
  }

  func testClock() throws {
    // 2020-09-12 23:30, a Saturday, and 2020-09-14 07:15, a Monday.
    let times: [Int64] = [1_599_953_400_000_000, 1_600_067_700_000_000]
    let table = try Table([Column("t", .dateTime(times)), Column("e", .integer([1, 1]))])
    let plan = HistoryPlan(time: "t", entities: [.init(columns: ["e"])])
    let found = Features(try plan.apply(to: table), try HistoryState(plan).featureNames)
    XCTAssertEqual(found["clock.hour"], [23.5, 7.25])
    XCTAssertEqual(found["clock.night"], [1, 0])
    XCTAssertEqual(found["clock.weekend"], [1, 0])
  }
}
