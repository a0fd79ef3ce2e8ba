import Basics
import Capacity
import Checks
import Foundation
import Tables
import XCTest

final class DemandSimulatorTests: XCTestCase {
  private func numbers(_ table: Table, _ name: String) throws -> [Double] { try table.column(name).numbers() }

  private func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }

  func testSameKeySameTables() throws {
    for seed in checkSeeds {
      for frequency in [DemandSimulator.Frequency.daily, .hourly] {
        func simulate(_ seed: UInt64, threads: Int) throws -> DemandSimulator.Simulation {
          try DemandSimulator(frequency: frequency, regions: 2, products: 6, days: 60, key: RandomKey(seed: seed))
            .simulate(threads: threads)
        }
        let a = try simulate(seed, threads: 1)
        let b = try simulate(seed, threads: 2)
        let c = try simulate(seed + 1, threads: 1)
        XCTAssertEqual(a.demand.contentHash(), b.demand.contentHash())
        XCTAssertEqual(a.truth.contentHash(), b.truth.contentHash())
        XCTAssertEqual(a.series, b.series)
        XCTAssertNotEqual(a.demand.contentHash(), c.demand.contentHash())
      }
    }
  }

  func testSeriesOfAHierarchy() throws {
    let simulation = try DemandSimulator(key: RandomKey(seed: 7)).simulate(threads: 2)
    XCTAssertEqual(simulation.series.count, 24)
    XCTAssertEqual(simulation.series.reduce(0) { $0 + $1.rows.count }, simulation.demand.rowCount)
    XCTAssertEqual(Set(simulation.series.map(\.region)).count, 4)
    let times = try numbers(simulation.demand, "time")
    var launches: [Double] = []
    for series in simulation.series {
      XCTAssertEqual(simulation.demand["region"]?.text(at: series.rows.lowerBound), series.region)
      XCTAssertEqual(simulation.demand["product"]?.text(at: series.rows.upperBound - 1), series.product)
      for row in series.rows.dropFirst() { XCTAssertEqual(times[row] - times[row - 1], 86_400) }
      XCTAssertEqual(times[series.rows.upperBound - 1], times[729], "a series does not reach the end")
      if series.isNew { launches.append(times[series.rows.lowerBound]) } else { XCTAssertEqual(series.rows.count, 730) }
    }
    XCTAssertEqual(launches.count, 4)
    XCTAssertEqual(launches, launches.sorted())
    XCTAssertGreaterThan(launches[0], times[300])
    XCTAssertLessThan(launches[0], launches[3])
  }

  /// The demand is that of the stated distributions: its sum is that of the means, and each level is reached as often as
  /// it should be. Counts are whole, so a level is reached at least, and its quantile undercut at most, so often.
  func testTruthIsTrue() throws {
    for seed in checkSeeds {
      let simulation = try DemandSimulator(key: RandomKey(seed: seed)).simulate(threads: 2)
      let demand = try numbers(simulation.truth, "demand")
      let means = try numbers(simulation.truth, "mean")
      XCTAssertEqual(mean(demand) / mean(means), 1, accuracy: 0.01)
      for level in [0.05, 0.1, 0.5, 0.9, 0.95] {
        let quantiles = try numbers(simulation.truth, DemandSimulator.name(level))
        let count = Double(demand.count)
        let reached = Double(zip(demand, quantiles).count { $0 <= $1 }) / count
        let undercut = Double(zip(demand, quantiles).count { $0 < $1 }) / count
        let tolerance = 4 * (level * (1 - level) / count).squareRoot()
        XCTAssertGreaterThan(reached, level - tolerance, "level \(level)")
        XCTAssertLessThan(undercut, level + tolerance, "level \(level)")
        let size = simulation.series.filter { !$0.isIntermittent }.flatMap { Array($0.rows) }
        let large = size.filter { means[$0] > 30 }
        let close = Double(large.count { demand[$0] <= quantiles[$0] }) / Double(large.count)
        XCTAssertEqual(close, level, accuracy: 0.025, "level \(level)")
      }
    }
  }

  /// Levels of one's own, far out, and means from near nothing at night to hundreds by day.
  func testQuantilesOfHours() throws {
    let levels = [0.01, 0.25, 0.5, 0.75, 0.99]
    let simulation = try DemandSimulator(
      frequency: .hourly, regions: 2, products: 2, days: 21, levels: levels, key: RandomKey(seed: 3)
    ).simulate()
    let demand = try numbers(simulation.truth, "demand")
    let quantiles = try levels.map { try numbers(simulation.truth, DemandSimulator.name($0)) }
    for row in demand.indices {
      for (low, high) in zip(quantiles, quantiles.dropFirst()) { XCTAssertLessThanOrEqual(low[row], high[row]) }
    }
    // Night hours have small means, so their quantiles are near 0 and their top is finite.
    XCTAssertEqual(quantiles[0].min(), 0)
    XCTAssertTrue(quantiles[4].allSatisfy { $0 < 1e5 })
  }

  func testTheTruthCannotBeBeaten() throws {
    for seed in checkSeeds {
      let simulation = try DemandSimulator(key: RandomKey(seed: seed)).simulate(threads: 2)
      let demand = try numbers(simulation.truth, "demand")
      let means = try numbers(simulation.truth, "mean")
      let high = try numbers(simulation.truth, "q90")
      func squared(_ factor: Double) -> Double {
        mean(zip(demand, means).map { ($0 - factor * $1) * ($0 - factor * $1) })
      }
      func pinball(_ factor: Double) -> Double {
        mean(zip(demand, high).map { $0 >= factor * $1 ? 0.9 * ($0 - factor * $1) : 0.1 * (factor * $1 - $0) })
      }
      for factor in [0.9, 1.1] {
        XCTAssertLessThan(squared(1), squared(factor))
        XCTAssertLessThan(pinball(1), pinball(factor))
      }
    }
  }

  func testSeasonsHolidaysCampaignsGrowth() throws {
    let simulation = try DemandSimulator(key: RandomKey(seed: 1)).simulate(threads: 2)
    let means = try numbers(simulation.truth, "mean")
    let days = try numbers(simulation.demand, "time").map { Int($0 / 86_400) }
    let holidays = try numbers(simulation.demand, "holiday")
    let campaigns = try numbers(simulation.demand, "campaign")
    let prices = try numbers(simulation.demand, "price")
    let steady = simulation.series.filter { !$0.isNew && !$0.isIntermittent }
    XCTAssertEqual(steady.count, 16)
    var growth = 0.0
    for series in steady {
      let rows = Array(series.rows)
      // Saturdays against Tuesdays in weeks without anything else: the week is the strongest season.
      let usual = rows.filter { holidays[$0] == 0 && campaigns[$0] == 0 }
      let saturdays = mean(usual.filter { CalendarDate(daysSince1970: days[$0]).weekday == 6 }.map { means[$0] })
      let tuesdays = mean(usual.filter { CalendarDate(daysSince1970: days[$0]).weekday == 2 }.map { means[$0] })
      XCTAssertGreaterThan(saturdays, 1.25 * tuesdays)
      XCTAssertLessThan(mean(rows.filter { holidays[$0] == 1 }.map { means[$0] }), 0.6 * mean(usual.map { means[$0] }))
      let reduced = rows.filter { campaigns[$0] == 1 }
      let price = prices[usual[0]]
      for row in rows { XCTAssertEqual(prices[row], campaigns[row] == 1 ? 0.8 * price : price, accuracy: 0.005) }
      if reduced.count > 20 {
        XCTAssertGreaterThan(mean(reduced.map { means[$0] }), 1.15 * mean(usual.map { means[$0] }))
      }
      growth += mean(rows.suffix(365).map { means[$0] }) / mean(rows.prefix(365).map { means[$0] }) / 16
    }
    XCTAssertEqual(growth, 1.08, accuracy: 0.1)
  }

  func testWhatIsNotRecorded() throws {
    let simulation = try DemandSimulator(gaps: 2, key: RandomKey(seed: 5)).simulate(threads: 2)
    let recorded = try numbers(simulation.demand, "demand")
    let demand = try numbers(simulation.truth, "demand")
    let outages = try numbers(simulation.demand, "stock_out")
    let missing = recorded.indices.filter { recorded[$0].isNaN }
    XCTAssertGreaterThan(missing.count, 100)
    XCTAssertLessThan(Double(missing.count), 0.1 * Double(recorded.count))
    let out = recorded.indices.filter { outages[$0] == 1 && !recorded[$0].isNaN }
    XCTAssertGreaterThan(out.count, 50)
    XCTAssertTrue(out.allSatisfy { recorded[$0] == 0 })
    XCTAssertTrue(out.contains { demand[$0] > 0 })
    for row in recorded.indices where outages[row] == 0 && !recorded[row].isNaN {
      XCTAssertEqual(recorded[row], demand[row])
    }
    let complete = try DemandSimulator(gaps: 0, key: RandomKey(seed: 5)).simulate(threads: 2)
    XCTAssertEqual(try numbers(complete.demand, "demand"), try numbers(complete.truth, "demand"))
  }

  func testIntermittentAndNewSeries() throws {
    let simulation = try DemandSimulator(key: RandomKey(seed: 2)).simulate(threads: 2)
    let demand = try numbers(simulation.truth, "demand")
    let means = try numbers(simulation.truth, "mean")
    let sparse = simulation.series.filter(\.isIntermittent)
    XCTAssertEqual(sparse.count, 4)
    for series in sparse {
      XCTAssertGreaterThan(Double(series.rows.count { demand[$0] == 0 }) / Double(series.rows.count), 0.6)
      XCTAssertTrue(series.rows.contains { demand[$0] > 0 })
    }
    for series in simulation.series where series.isNew && series.rows.count > 120 {
      XCTAssertLessThan(mean(means[series.rows.prefix(14)]), 0.7 * mean(means[series.rows.suffix(60)]))
    }
  }

  func testHoursOfADay() throws {
    let simulation = try DemandSimulator(
      frequency: .hourly, regions: 2, products: 3, days: 120, key: RandomKey(seed: 1)
    ).simulate(threads: 2)
    XCTAssertEqual(simulation.series.map(\.rows.count), Array(repeating: 120 * 24, count: 6))
    XCTAssertNil(simulation.demand["stock_out"])
    let demand = try numbers(simulation.truth, "demand")
    let means = try numbers(simulation.truth, "mean")
    for series in simulation.series {
      let base = series.rows.lowerBound
      let morning = mean((0..<120).map { means[base + $0 * 24 + 10] })
      let night = mean((0..<120).map { means[base + $0 * 24 + 3] })
      XCTAssertGreaterThan(morning, 5 * night)
      // The hours of a day rise and fall together: their deviations from the mean go the same way.
      let deviations = (0..<120).map { day in
        [10, 15].map { hour in demand[base + day * 24 + hour] / means[base + day * 24 + hour] - 1 }
      }
      XCTAssertGreaterThan(mean(deviations.map { $0[0] * $0[1] }), 0.003)
    }
  }

  func testNamesOfQuantiles() {
    XCTAssertEqual([0.05, 0.5, 0.975].map(DemandSimulator.name), ["q5", "q50", "q97.5"])
  }
}
