import Foundation
import TimeSeries
import XCTest

final class InterpolationTests: XCTestCase {
  /// A stretch longer than a season, in a line with an exact season, comes back.
  func testStretchesKeepTheSeason() {
    let truth = (0..<96).map { t -> Double in
      let wave = sin(2 * Double.pi * Double(t) / 12)
      return 20 + 0.3 * Double(t) + 6 * wave
    }
    var gapped = truth
    for step in 40..<58 { gapped[step] = .nan }
    for step in [3, 70, 71] { gapped[step] = .nan }
    let filled = SeasonalInterpolation(season: 12).fill(gapped)
    let straight = SeasonalInterpolation(season: 1).fill(gapped)
    func worst(_ values: [Double]) -> Double { truth.indices.map { abs(values[$0] - truth[$0]) }.max() ?? 0 }
    XCTAssertLessThan(worst(filled), 0.5)
    XCTAssertGreaterThan(worst(straight), 5)
    for step in truth.indices where !gapped[step].isNaN { XCTAssertEqual(filled[step], truth[step]) }
  }

  func testSeriesWithoutNumbersOrGaps() {
    XCTAssertEqual(SeasonalInterpolation(season: 4).fill([.nan, .nan]), [])
    XCTAssertEqual(SeasonalInterpolation(season: 4).fill([1, 2]), [1, 2])
    XCTAssertEqual(SeasonalInterpolation(season: 4).fill([.nan, 2, .nan]), [2, 2, 2])
  }

  func testPowersGoBack() {
    for power in [0, 0.3, 0.5, 1] {
      for value in [0.2, 1, 30, 4000] {
        let there = PowerTransform.apply(value, power: power)
        XCTAssertEqual(PowerTransform.invert(there, power: power), value, accuracy: 1e-9 * value)
      }
    }
    XCTAssertEqual(PowerTransform.invert(-5, power: 0.5), 0)
    XCTAssertNil(PowerTransform.log.power(for: [1, 0, 2], season: 2))
  }

  func testTheAutomaticPowerFollowsTheSpread() throws {
    var stream = RandomSeries.stream(5)
    let product = (0..<144).map { t -> Double in
      let level = 100 * exp(0.02 * Double(t))
      return level * (1 + 0.1 * stream.normal())
    }
    let sum = (0..<144).map { t -> Double in 100 + 3 * Double(t) + 10 * stream.normal() }
    XCTAssertLessThan(try XCTUnwrap(PowerTransform.automatic.power(for: product, season: 12)), 0.35)
    XCTAssertGreaterThan(try XCTUnwrap(PowerTransform.automatic.power(for: sum, season: 12)), 0.6)
  }
}
