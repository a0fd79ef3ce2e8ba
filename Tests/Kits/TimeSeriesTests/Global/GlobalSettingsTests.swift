import Basics
import Foundation
import TimeSeries
import XCTest

/// Settings and results of global forecasters that are written, read, or wrong.
final class GlobalSettingsTests: XCTestCase {
  private let request = ForecastRequest(horizon: 6, seasons: [12], levels: [0.1, 0.9])

  private func copy<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
  }

  func testWhatWasLearnedIsReadBack() throws {
    let panel = PanelSimulation.waves(10, length: 80, key: RandomKey(seed: 1))
    let methods: [GlobalMethod] = [
      .linear(LinearNet()), .boosting(PanelSimulation.boosting),
      .network(PanelSimulation.small(.nHiTS(scales: [4, 1], layers: 1, width: 8))),
      .network(PanelSimulation.small(.lstm(units: 4, patch: 4))),
      .perSeries(AnyForecaster(SeasonalNaiveForecaster())),
    ]
    let average = AveragedGlobal(methods, weights: [1, 2, 1, 1, 1])
    let again = try copy(average)
    XCTAssertEqual(again.weights, average.weights)
    XCTAssertEqual(again.name, average.name)
    let fitted = try again.fitted(panel, request: request, key: RandomKey(seed: 2), threads: 2)
    XCTAssertEqual(fitted.forecast(panel, threads: 2), try copy(fitted).forecast(panel, threads: 1))
  }

  func testDamagedNetworkIsRefused() throws {
    let panel = PanelSimulation.waves(6, length: 60, key: RandomKey(seed: 2))
    let fitted = try PanelSimulation.small(.linear).fitted(panel, request: request, key: RandomKey(seed: 1))
    let text = String(decoding: try JSONEncoder().encode(fitted), as: UTF8.self)
    let damaged = text.replacingOccurrences(of: "\"bias\"", with: "\"bies\"")
    XCTAssertNotEqual(text, damaged)
    XCTAssertThrowsError(try JSONDecoder().decode(FittedWindowNet.self, from: Data(damaged.utf8))) {
      XCTAssertEqual(($0 as? AssayError)?.kind, .bundle)
    }
  }

  func testSettingsOutOfRangeAreRefused() {
    let panel = PanelSimulation.waves(6, length: 60, key: RandomKey(seed: 3))
    let bad: [any GlobalForecaster] = [
      LinearNet(lookBack: 1), LinearNet(penalties: []), LinearNet(penalties: [-1]), LinearNet(validationShare: 1),
      LinearNet(windowLimit: 0), WindowNet(members: 0), WindowNet(steps: 0), WindowNet(learningRate: -1),
      WindowNet(.nHiTS(scales: [])), WindowNet(.lstm(units: 0)), WindowNet(lookBacks: [1]), WindowNet(reach: 0),
      GlobalBoosting(quantileShare: 0), GlobalBoosting(lookBack: 2), GlobalBoosting(rowLimit: 0),
      AveragedGlobal([]), AveragedGlobal([.linear(LinearNet())], weights: [1, 2]),
      AveragedGlobal([.linear(LinearNet())], weights: [0]),
    ]
    for (position, method) in bad.enumerated() {
      XCTAssertThrowsError(
        try method.fit(
          panel, request: request, key: RandomKey(seed: 1), threads: 1, deadline: .never,
          interruption: Interruption()), "\(position)"
      ) { XCTAssertEqual(($0 as? AssayError)?.kind, .configuration, "\(position)") }
    }
  }

  func testMeanAndMedianDifferForSkewedNoise() throws {
    // Noise of mean 1 and median 0.69: exponential.
    let panel = (0..<30).map { number -> Series in
      var stream = RandomKey(seed: 4)[number].stream()
      return Series("s\(number)", values: (0..<100).map { _ in -log(1 - stream.uniform()) })
    }
    func level(_ point: WindowNet.Point) throws -> Double {
      let method = WindowNet(
        .linear, lookBacks: [24], members: 1, scaling: WindowScaling(centre: .mean, unit: .level), point: point,
        steps: 150, batchSize: 64, learningRate: 0.01, linearPenalty: 1)
      let points = try method.fitted(panel, request: request, key: RandomKey(seed: 5)).forecast(panel, threads: 1)
        .flatMap(\.point)
      return points.reduce(0, +) / Double(points.count)
    }
    // 180 forecasts, each near the level of a window of 24 values: the mean of all is within 0.1.
    XCTAssertEqual(try level(.mean), 1, accuracy: 0.1)
    XCTAssertEqual(try level(.median), 0.693, accuracy: 0.1)
  }
}

/// The mixture that needs no choices.
final class StandardMixtureTests: XCTestCase {
  func testLooksBackOverSeasonsThatThePanelHolds() throws {
    func lookBacks(_ length: Int, _ request: ForecastRequest) -> [Int?] {
      let panel = PanelSimulation.waves(4, length: length, key: RandomKey(seed: 1))
      return AveragedGlobal.standard(for: panel, request: request, hasNetworks: false).members.map {
        if case .linear(let net) = $0 { net.lookBack } else { nil }
      }
    }
    XCTAssertEqual(lookBacks(1000, ForecastRequest(horizon: 48, seasons: [24, 168])), [192, 336, 504])
    XCTAssertEqual(lookBacks(300, ForecastRequest(horizon: 6, seasons: [12])), [15, 24, 36])
    XCTAssertEqual(lookBacks(300, ForecastRequest(horizon: 6)), [12, 24, 36])
    // Three quarters of 40 - 6.
    XCTAssertEqual(lookBacks(40, ForecastRequest(horizon: 6, seasons: [12])), [12, 24, 25])
  }

  func testLearnsWithoutNetworks() throws {
    let panel = PanelSimulation.waves(20, length: 120, key: RandomKey(seed: 2))
    let (past, future) = PanelSimulation.cut(panel, horizon: 8)
    let request = ForecastRequest(horizon: 8, seasons: [12], levels: [])
    let method = AveragedGlobal.standard(for: past, request: request, hasNetworks: false)
    let forecasts = try method.fitted(past, request: request, key: RandomKey(seed: 3)).forecast(past, threads: 2)
    let naive = PanelSimulation.error(PanelSimulation.seasonalNaive(past, season: 12, horizon: 8), future, past)
    XCTAssertLessThan(PanelSimulation.error(forecasts.map(\.point), future, past), 0.85 * naive)
  }
}
