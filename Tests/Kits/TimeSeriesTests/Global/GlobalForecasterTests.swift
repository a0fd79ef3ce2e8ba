import Basics
import Foundation
import TimeSeries
import XCTest

/// What every global forecaster must do.
final class GlobalForecasterTests: XCTestCase {
  private let request = ForecastRequest(horizon: 8, seasons: [12], levels: [0.1, 0.5, 0.9])

  private func fit(
    _ method: any GlobalForecaster, _ panel: [Series], seed: UInt64 = 1, threads: Int = 2,
    deadline: Deadline = .never, interruption: Interruption = Interruption()
  ) throws -> any FittedGlobalForecaster {
    try method.fit(
      panel, request: request, key: RandomKey(seed: seed), threads: threads, deadline: deadline,
      interruption: interruption)
  }

  func testLearnsWavesBetterThanRepeatingTheLastSeason() throws {
    for seed in [1, 2] as [UInt64] {
      let panel = PanelSimulation.waves(24, length: 120, key: RandomKey(seed: seed))
      let (past, future) = PanelSimulation.cut(panel, horizon: 8)
      let naive = PanelSimulation.error(
        PanelSimulation.seasonalNaive(past, season: 12, horizon: 8), future, past)
      for method in PanelSimulation.methods {
        let forecasts = try fit(method, past, seed: seed).forecast(past, threads: 2)
        let error = PanelSimulation.error(forecasts.map(\.point), future, past)
        // Repeating has the noise twice; a forecast that knows the wave has it once: 0.71 of the error.
        XCTAssertLessThan(error, 0.9 * naive, "\(method.name), seed \(seed)")
      }
    }
  }

  func testSameBitsForAnyNumberOfThreads() throws {
    let panel = PanelSimulation.waves(20, length: 90, key: RandomKey(seed: 3))
    for method in PanelSimulation.methods {
      let one = try fit(method, panel, threads: 1).forecast(panel, threads: 1)
      for threads in 2...3 {
        XCTAssertEqual(one, try fit(method, panel, threads: threads).forecast(panel, threads: threads), method.name)
      }
    }
  }

  func testSeedsMatterWhereSomethingIsDrawn() throws {
    let panel = PanelSimulation.waves(12, length: 90, key: RandomKey(seed: 4))
    let method = PanelSimulation.small(.nHiTS(scales: [4, 1], layers: 1, width: 16))
    let first = try fit(method, panel, seed: 1).forecast(panel, threads: 1)
    XCTAssertNotEqual(first, try fit(method, panel, seed: 2).forecast(panel, threads: 1))
  }

  func testQuantilesAreOrderedAndCoverAboutTheirShare() throws {
    let panel = PanelSimulation.waves(40, length: 120, noise: 0.5, key: RandomKey(seed: 5))
    let (past, future) = PanelSimulation.cut(panel, horizon: 8)
    for method in PanelSimulation.methods where !(method is AveragedGlobal) {
      let forecasts = try fit(method, past).forecast(past, threads: 2)
      var inside = 0.0
      for (forecast, truth) in zip(forecasts, future) {
        XCTAssertEqual(forecast.levels, request.levels)
        for step in 0..<request.horizon {
          let numbers = forecast.quantiles.map { $0[step] }
          XCTAssertEqual(numbers, numbers.sorted(), method.name)
          if numbers[0] <= truth[step], truth[step] <= numbers[2] { inside += 1 }
        }
      }
      // 320 steps, not independent; the share between the quantiles of 10 and 90 percent is 0.8.
      XCTAssertEqual(inside / Double(8 * future.count), 0.8, accuracy: 0.14, method.name)
    }
  }

  func testScaleAndShiftOfASeriesGoThrough() throws {
    let panel = PanelSimulation.waves(12, length: 90, key: RandomKey(seed: 6))
    let moved = panel.map { Series($0.name, values: $0.values.map { 1000 * $0 }) }
    for method in PanelSimulation.methods {
      let fitted = try fit(method, panel)
      let plain = fitted.forecast(panel, threads: 1)
      let scaled = fitted.forecast(moved, threads: 1)
      for (one, other) in zip(plain, scaled) {
        for (x, y) in zip(one.point, other.point) {
          // Single precision inside.
          XCTAssertEqual(1000 * x, y, accuracy: 1e-3 * (abs(y) + 1000 * abs(x) + 1), method.name)
        }
      }
    }
  }

  func testPassedDeadlineStillGivesForecasts() throws {
    let panel = PanelSimulation.waves(8, length: 90, key: RandomKey(seed: 7))
    for method in PanelSimulation.methods {
      let forecasts = try fit(method, panel, deadline: Deadline(after: 0)).forecast(panel, threads: 1)
      XCTAssertEqual(forecasts.count, panel.count)
      XCTAssertTrue(forecasts.allSatisfy { $0.point.count == 8 && $0.point.allSatisfy(\.isFinite) }, method.name)
    }
  }

  func testInterruptionEndsTraining() {
    let panel = PanelSimulation.waves(8, length: 90, key: RandomKey(seed: 8))
    let interruption = Interruption()
    interruption.request()
    for method in PanelSimulation.methods {
      XCTAssertThrowsError(try fit(method, panel, interruption: interruption), method.name) {
        XCTAssertEqual(($0 as? AssayError)?.kind, .cancelled)
      }
    }
  }

  func testShortAndEmptySeriesAreForecast() throws {
    var panel = PanelSimulation.waves(10, length: 80, key: RandomKey(seed: 9))
    let extra = [
      Series("one value", values: [5]), Series("three values", values: [1, 2, 3]),
      Series("constant", values: Array(repeating: 7, count: 80)), Series("none", values: []),
      Series("all missing", values: Array(repeating: .nan, count: 30)),
      Series("short", values: (0..<20).map { sin(Double($0) / 2) }),
    ]
    panel += extra
    for method in PanelSimulation.methods {
      let forecasts = try fit(method, panel).forecast(panel, threads: 2)
      XCTAssertTrue(forecasts.allSatisfy { $0.point.count == 8 && $0.point.allSatisfy(\.isFinite) }, method.name)
      XCTAssertTrue(forecasts[12].point.allSatisfy { abs($0 - 7) < 0.5 }, method.name)
      XCTAssertTrue(forecasts[10].point.allSatisfy { abs($0 - 5) < 0.5 }, method.name)
    }
  }

  func testOnlyShortSeriesAreLearnedFrom() throws {
    let panel = PanelSimulation.waves(10, length: 14, key: RandomKey(seed: 10))
    for method in PanelSimulation.methods {
      let forecasts = try fit(method, panel).forecast(panel, threads: 1)
      XCTAssertTrue(forecasts.allSatisfy { $0.point.allSatisfy(\.isFinite) }, method.name)
    }
  }

  func testMissingStretchesDoLittleHarm() throws {
    let whole = PanelSimulation.waves(24, length: 120, key: RandomKey(seed: 11))
    let (past, future) = PanelSimulation.cut(whole, horizon: 8)
    var random = RandomKey(seed: 12).stream()
    let holed = past.map { series in
      var values = series.values
      let start = 20 + random.integer(below: 60)
      for step in start..<start + 15 { values[step] = .nan }
      for _ in 0..<5 { values[random.integer(below: values.count)] = .nan }
      return Series(series.name, values: values)
    }
    for method in PanelSimulation.methods where !(method is AveragedGlobal) {
      let error = PanelSimulation.error(
        try fit(method, holed).forecast(holed, threads: 2).map(\.point), future, past)
      let full = PanelSimulation.error(
        try fit(method, past).forecast(past, threads: 2).map(\.point), future, past)
      XCTAssertLessThan(error, 1.3 * full, method.name)
    }
  }

  func testWhatCannotBeLearnedIsRefused() {
    let good = PanelSimulation.waves(4, length: 60, key: RandomKey(seed: 13))
    let bad: [(panel: [Series], request: ForecastRequest, kind: AssayError.Kind)] = [
      ([], request, .data), ([Series(values: [.nan, .nan])], request, .data),
      (good, ForecastRequest(horizon: 0), .configuration),
      (good, ForecastRequest(horizon: 3, levels: [0.9, 0.1]), .configuration),
      (good, ForecastRequest(horizon: 3, levels: [1.5]), .configuration),
      (good + [Series(values: [1, .infinity, 2])], request, .data),
    ]
    for method in PanelSimulation.methods {
      for (position, item) in bad.enumerated() {
        XCTAssertThrowsError(
          try method.fit(
            item.panel, request: item.request, key: RandomKey(seed: 1), threads: 1, deadline: .never,
            interruption: Interruption()), "\(method.name), case \(position)"
        ) { XCTAssertEqual(($0 as? AssayError)?.kind, item.kind, "\(method.name), case \(position)") }
      }
    }
  }
}
