import Foundation
import TimeSeries
import XCTest

final class STLTests: XCTestCase {
  func testComponentsOfStatsmodels() throws {
    for item in try StatisticalGolden.load().stl {
      let method = STL(
        seasonalWindow: item.window, seasonalDegree: item.degree, isRobust: item.robust,
        innerPasses: item.robust ? 2 : 5, jumps: false)
      let parts = method.decompose(item.values, period: 12)
      for t in item.values.indices {
        // Rounded to nine digits there.
        XCTAssertEqual(parts.trend[t], item.trend[t], accuracy: 1e-7, "window \(item.window) \(item.robust)")
        XCTAssertEqual(parts.seasons[0][t], item.season[t], accuracy: 1e-7, "window \(item.window) \(item.robust)")
      }
    }
  }

  func testSeveralSeasonsOfStatsmodels() throws {
    for item in try StatisticalGolden.load().mstl {
      let parts = MSTL(stl: STL(innerPasses: 5, jumps: false)).decompose(item.values, periods: item.periods)
      for t in item.values.indices {
        XCTAssertEqual(parts.trend[t], item.trend[t], accuracy: 1e-7)
        for k in 0..<2 { XCTAssertEqual(parts.seasons[k][t], item.seasons[k][t], accuracy: 1e-7) }
      }
    }
  }

  /// Jumps are an approximation: near to the full computation, measured against the season's height of 2.
  func testJumpsChangeLittle() throws {
    let item = try XCTUnwrap(try StatisticalGolden.load().stl.first)
    let full = STL(jumps: false).decompose(item.values, period: 12)
    let quick = STL(jumps: true).decompose(item.values, period: 12)
    for t in item.values.indices {
      XCTAssertEqual(full.seasons[0][t], quick.seasons[0][t], accuracy: 0.15)
      XCTAssertEqual(full.trend[t], quick.trend[t], accuracy: 0.15)
    }
  }

  func testPartsAddUpAndPeriodicSeasonsRepeat() {
    var stream = RandomSeries.stream(3)
    let values = (0..<50).map { sin(Double($0)) + stream.normal() }
    for isRobust in [false, true] {
      let parts = STL(isPeriodic: true, isRobust: isRobust).decompose(values, period: 7)
      for t in values.indices {
        XCTAssertEqual(parts.trend[t] + parts.seasons[0][t] + parts.remainder[t], values[t], accuracy: 1e-12)
        if t >= 7 { XCTAssertEqual(parts.seasons[0][t], parts.seasons[0][t - 7], accuracy: 1e-12) }
      }
    }
  }

  func testOutliersMoveTheRobustFormLess() {
    let clean = (0..<96).map { 5 + 3 * sin(2 * .pi * Double($0) / 12) }
    var spiked = clean
    spiked[40] += 50
    func error(_ isRobust: Bool) -> Double {
      let parts = STL(isRobust: isRobust).decompose(spiked, period: 12)
      return clean.indices.map { abs(parts.trend[$0] + parts.seasons[0][$0] - clean[$0]) }.max() ?? 0
    }
    XCTAssertLessThan(error(true), 0.1)
    XCTAssertGreaterThan(error(false), 5)
  }

  func testStrengthTellsSeasonsFromNoise() {
    var stream = RandomSeries.stream(4)
    let noise = (0..<120).map { _ in stream.normal() }
    let seasonal = noise.enumerated().map { $1 + 4 * sin(2 * .pi * Double($0) / 12) }
    XCTAssertGreaterThan(STL().decompose(seasonal, period: 12).seasonalStrength(0), 0.8)
    XCTAssertLessThan(STL(isPeriodic: true).decompose(noise, period: 12).seasonalStrength(0), 0.4)
  }

  func testClassicalDecompositionOfAnExactSeason() {
    let pattern = [1.2, 0.9, 0.7, 1.2]
    let values = (0..<24).map { (10 + Double($0)) * pattern[$0 % 4] }
    let product = ClassicalDecomposition(isMultiplicative: true).decompose(values, period: 4)
    for t in values.indices { XCTAssertEqual(product.seasons[0][t], pattern[t % 4], accuracy: 0.03) }
    let sums = (0..<24).map { 10 + Double($0) + 5 * pattern[$0 % 4] }
    let parts = ClassicalDecomposition().decompose(sums, period: 4)
    for t in 2..<22 {
      XCTAssertEqual(parts.trend[t], 15 + Double(t), accuracy: 1e-9)
      XCTAssertEqual(parts.seasons[0][t], 5 * (pattern[t % 4] - 1), accuracy: 1e-9)
      XCTAssertEqual(parts.remainder[t], 0, accuracy: 1e-9)
    }
  }
}
