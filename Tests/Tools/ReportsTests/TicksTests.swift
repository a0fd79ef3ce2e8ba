import Basics
import Checks
import Foundation
import Reports
import XCTest

final class TicksTests: XCTestCase {
  func testKnownRanges() {
    XCTAssertEqual(Ticks.linear(in: 0...1, count: 5), [0, 0.2, 0.4, 0.6, 0.8, 1])
    XCTAssertEqual(Ticks.linear(in: -3...7, count: 5), [-2, 0, 2, 4, 6])
    XCTAssertEqual(Ticks.linear(in: 0...0.35, count: 4), [0, 0.1, 0.2, 0.3])
    XCTAssertEqual(Ticks.linear(in: 1_200_000...3_900_000, count: 3), [2_000_000, 3_000_000])
    XCTAssertEqual(Ticks.logarithmic(in: 0.05...20, count: 6), [0.1, 1, 10])
    XCTAssertEqual(Ticks.logarithmic(in: 2...30, count: 6), [2, 5, 10, 20])
    XCTAssertEqual(Ticks.nice(0.013...0.97, count: 5), 0...1)
  }

  /// Ticks are whole multiples of 1, 2 or 5 times a power of ten, rise, and lie inside the range.
  func testLinearTicksAreNiceAndInside() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed)["ticks"].stream()
      for _ in 0..<500 {
        let scale = pow(10, (stream.uniform() - 0.5) * 24)
        let lower = (stream.uniform() - 0.5) * scale
        let upper = lower + stream.uniform() * scale + scale * 1e-6
        let count = 2 + stream.integer(below: 9)
        let ticks = Ticks.linear(in: lower...upper, count: count)
        let step = Ticks.step(span: upper - lower, count: count)
        let mantissa = step / pow(10, floor(log10(step) + 1e-9))
        XCTAssertTrue([1, 2, 5, 10].contains { abs(mantissa - $0) < 1e-9 }, "step \(step)")
        XCTAssertLessThanOrEqual(Double(ticks.count), 1.62 * Double(count) + 1)
        XCTAssertGreaterThanOrEqual(Double(ticks.count), Double(count) / 1.6 - 1)
        XCTAssertTrue(ticks.allSatisfy { $0 >= lower && $0 <= upper })
        XCTAssertTrue(zip(ticks, ticks.dropFirst()).allSatisfy { $0 < $1 })
        for tick in ticks { XCTAssertEqual(tick / step, (tick / step).rounded(), accuracy: 1e-6) }
        let nice = Ticks.nice(lower...upper, count: count)
        XCTAssertTrue(nice.lowerBound <= lower && nice.upperBound >= upper)
        XCTAssertLessThanOrEqual(nice.upperBound - nice.lowerBound, upper - lower + 2.000001 * step)
      }
    }
  }

  func testLogarithmicTicksAreInside() {
    for exponent in -12...12 {
      for width in [0.1, 0.5, 1, 2, 5, 12] {
        let range = pow(10, Double(exponent))...pow(10, Double(exponent) + width)
        let ticks = Ticks.logarithmic(in: range, count: 6)
        XCTAssertGreaterThanOrEqual(ticks.count, 1, "\(range)")
        XCTAssertTrue(
          ticks.allSatisfy { $0 >= range.lowerBound * (1 - 1e-9) && $0 <= range.upperBound * (1 + 1e-9) }, "\(range)")
      }
    }
    XCTAssertEqual(Ticks.logarithmic(in: -1...10, count: 5), [])
  }

  func testDatesFallOnWholeUnits() {
    let start = 1_767_225_600.0  // 2026-01-01T00:00:00Z
    let day = 86_400.0
    let months = Ticks.dates(in: start...start + 364 * day, count: 12)
    // The first days of the months of 2026, in days from its beginning.
    XCTAssertEqual(
      months.ticks.map { ($0 - start) / day }, [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])
    let years = Ticks.dates(in: start...start + 4 * 366 * day, count: 5)
    XCTAssertEqual(years.ticks.map { ($0 - start) / day }, [0, 365, 730, 1096, 1461])
    let weeks = Ticks.dates(in: start...start + 40 * day, count: 6)
    XCTAssertEqual(weeks.ticks.map { ($0 - start) / day }, [4, 11, 18, 25, 32, 39], "Mondays")
    let hours = Ticks.dates(in: start...start + day, count: 4)
    XCTAssertEqual(hours.ticks.map { ($0 - start) / 3600 }, [0, 6, 12, 18, 24])
    for count in 1...12 {
      for span in [1.0, 100, 4000, day, 40 * day, 400 * day, 40_000 * day] {
        let ticks = Ticks.dates(in: start...start + span, count: count).ticks
        XCTAssertTrue(ticks.allSatisfy { $0 >= start && $0 <= start + span })
      }
    }
  }

  func testOddRangesGiveNoTicksRatherThanACrash() {
    XCTAssertEqual(Ticks.linear(in: 5...5, count: 5).filter { $0 != 5 }, [])
    XCTAssertEqual(Ticks.multiples(of: 0, in: 0...1), [])
    XCTAssertEqual(Ticks.multiples(of: .nan, in: 0...1), [])
    XCTAssertEqual(Ticks.multiples(of: 1e-9, in: 0...1), [], "a thousand million ticks are refused")
  }
}
