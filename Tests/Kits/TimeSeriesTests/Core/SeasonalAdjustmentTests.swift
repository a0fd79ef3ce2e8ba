import Basics
import Checks
import Foundation
import TimeSeries
import XCTest

final class SeasonalAdjustmentTests: XCTestCase {
  func testAProfileIsRecovered() {
    // A line times a profile: the moving average over a season of a line is the line but for the profile's first moment.
    let profile = [0.8, 1.1, 1.3, 0.8]
    let values = (0..<48).map { (100 + 0.01 * Double($0)) * profile[$0 % 4] }
    let found = SeasonalAdjustment(values, season: 4, isMultiplicative: true)
    for (a, b) in zip(found.profile, profile) { XCTAssertEqual(a, b, accuracy: 1e-4) }
    let differences = [-2.0, 0.5, 1, 0.5]
    let added = (0..<41).map { 10 + 0.3 * Double($0) + differences[$0 % 4] }
    let adjusted = SeasonalAdjustment(added, season: 4, isMultiplicative: false)
    for (a, b) in zip(adjusted.profile, differences) { XCTAssertEqual(a, b, accuracy: 1e-9) }
    for (step, value) in adjusted.adjusted(added).enumerated() {
      XCTAssertEqual(value, 10 + 0.3 * Double(step), accuracy: 1e-9)
    }
    // The forecast goes on in the right phase: step 41 is of phase 1.
    let restored = adjusted.restored(Forecast(point: [0, 0], levels: [0.5], quantiles: [[1, 1]]))
    XCTAssertEqual(restored.point[0], 0.5, accuracy: 1e-9)
    XCTAssertEqual(restored.point[1], 1, accuracy: 1e-9)
    XCTAssertEqual(restored.quantiles[0][0], 1.5, accuracy: 1e-9)
  }

  func testNoiseIsSeldomSeasonalAndSeasonsAre() {
    var found = 0
    var seasonal = 0
    for seed in 0..<400 {
      var random = RandomKey(seed: UInt64(seed)).stream()
      if isSeasonal((0..<100).map { _ in random.normal() }, season: 12) { found += 1 }
      if isSeasonal(simulatedMonths(seed: UInt64(seed)).values, season: 12) { seasonal += 1 }
    }
    // Two sides of 5 % each, less for the correlations that the variance counts: within four standard errors of 8 %.
    XCTAssertEqual(Double(found) / 400, 0.08, accuracy: 4 * (0.08 * 0.92 / 400).squareRoot())
    XCTAssertGreaterThan(seasonal, 390, "a strong trend hides a season now and then")
    XCTAssertFalse(isSeasonal([Double](repeating: 4, count: 50), season: 12))
    XCTAssertFalse(isSeasonal(simulatedMonths(35, seed: 1).values, season: 12), "fewer than three seasons")
  }

  func testGapsAreBridged() {
    XCTAssertEqual(Series(values: [.nan, 1, .nan, .nan, 4, .nan]).interpolated, [1, 1, 2, 3, 4, 4])
    XCTAssertEqual(Series(values: [.nan]).interpolated, [])
  }
}
