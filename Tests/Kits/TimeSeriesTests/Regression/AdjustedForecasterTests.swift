import Basics
import Checks
import Foundation
import TimeSeries
import XCTest

final class AdjustedForecasterTests: XCTestCase {
  /// Days with a week, growth, campaigns that raise demand by 60 percent, and a column that means nothing.
  private func days(_ count: Int, seed: UInt64) -> (values: [Double], campaign: [Double], noise: [Double]) {
    var random = RandomKey(seed: seed)["days"].stream()
    let week = [1, 0.9, 0.95, 1, 1.2, 1.4, 0.6]
    let campaign = (0..<count).map { Double(($0 / 7 + Int(seed)) % 5 == 0 ? 1 : 0) }
    let noise = (0..<count).map { _ in random.normal() }
    let values = (0..<count).map { day in
      200 * exp(0.0004 * Double(day)) * week[day % 7] * (campaign[day] == 1 ? 1.6 : 1) * exp(0.06 * random.normal())
    }
    return (values, campaign, noise)
  }

  private let request = ForecastRequest(horizon: 28, seasons: [7], levels: [0.1, 0.5, 0.9])

  func testEffectsAheadAreInTheForecast() throws {
    for seed in checkSeeds {
      let (values, campaign, noise) = days(428, seed: seed)
      let covariates = Covariates(names: ["campaign", "noise"], columns: [campaign, noise])
      let known = Series(values: Array(values.prefix(400)))
      let truth = Array(values.suffix(28))
      func error(_ method: any Forecaster) throws -> Double {
        PointAccuracy.meanAbsoluteError(
          try method.fit(known, request: request, covariates: covariates).forecast().point, truth: truth)
      }
      let plain = try error(ETSForecaster())
      let adjusted = try error(AdjustedForecaster(ETSForecaster()))
      // One week in five has a campaign: a method that does not know it is off by 60 percent there.
      XCTAssertLessThan(adjusted, 0.6 * plain, "seed \(seed)")
      XCTAssertLessThan(adjusted, 0.08 * 250, "noise of 6 percent, and what is learned of the level")
      let fitted = try AdjustedForecaster(ETSForecaster()).fit(known, request: request, covariates: covariates)
      XCTAssertEqual(fitted.residuals.count, 400)
      let forecast = fitted.forecast()
      for step in 0..<28 {
        XCTAssertLessThan(forecast.quantiles[0][step], forecast.quantiles[2][step])
      }
    }
  }

  func testWhatIsNotSeenIsLeftOut() throws {
    for seed in checkSeeds {
      let (values, _, noise) = days(428, seed: seed)
      // A column that is constant, and one that never was anything but zero until the end.
      let covariates = Covariates(
        names: ["constant", "new"],
        columns: [[Double](repeating: 2, count: 428), (0..<428).map { $0 >= 400 ? 1 : 0 }])
      let known = Series(values: Array(values.prefix(400)))
      let plain = try ETSForecaster().fit(known, request: request).forecast()
      let adjusted = try AdjustedForecaster(ETSForecaster()).fit(known, request: request, covariates: covariates)
      XCTAssertEqual(adjusted.forecast(), plain)
      // Noise may move a forecast a little, by what is left of it after shrinking.
      let wild = Covariates(names: ["noise"], columns: [noise])
      let moved = try AdjustedForecaster(ETSForecaster()).fit(known, request: request, covariates: wild).forecast()
      for step in 0..<28 { XCTAssertEqual(moved.point[step], plain.point[step], accuracy: 0.15 * plain.point[step]) }
    }
  }

  func testNegativeNumbersGetAmountsAndRareOnesNothing() throws {
    var random = RandomKey(seed: 3).stream()
    let flag = (0..<220).map { Double($0 % 11 == 3 ? 1 : 0) }
    let values = (0..<220).map { 5 * flag[$0] + random.normal() }
    let forecast = try AdjustedForecaster(MeanForecaster()).fit(
      Series(values: Array(values.prefix(200))), request: ForecastRequest(horizon: 20),
      covariates: Covariates(names: ["flag"], columns: [flag])
    ).forecast()
    for step in 0..<20 { XCTAssertEqual(forecast.point[step], 5 * flag[200 + step], accuracy: 0.8) }
    let rare = Series(values: (0..<200).map { $0 % 3 == 0 ? 2 : 0 })
    let covariates = Covariates(names: ["flag"], columns: [flag])
    XCTAssertEqual(
      try AdjustedForecaster(MeanForecaster()).fit(rare, request: request, covariates: nil).forecast(),
      try MeanForecaster().fit(rare, request: request).forecast())
    XCTAssertEqual(
      try AdjustedForecaster(MeanForecaster()).fit(
        rare, request: ForecastRequest(horizon: 20), covariates: covariates
      ).forecast(), try MeanForecaster().fit(rare, request: ForecastRequest(horizon: 20)).forecast())
  }

  func testCovariatesThatEndEarlyAreRefused() {
    let series = Series(values: (0..<50).map { Double($0 % 7) + 1 })
    let short = Covariates(names: ["price"], columns: [[Double](repeating: 1, count: 60)])
    assertAssayError(.data, saying: ["cover 60 steps", "78"]) {
      try AdjustedForecaster(NaiveForecaster()).fit(series, request: self.request, covariates: short)
    }
  }

  func testPanelsAreAdjustedToo() throws {
    let request = ForecastRequest(horizon: 14, seasons: [7], levels: [0.1, 0.9])
    var (panel, truths, covariates): ([Series], [[Double]], [String: Covariates]) = ([], [], [:])
    for index in 0..<8 {
      let (values, campaign, _) = days(294, seed: UInt64(index))
      panel.append(Series("s\(index)", values: Array(values.prefix(280))))
      truths.append(Array(values.suffix(14)))
      covariates["s\(index)"] = Covariates(names: ["campaign"], columns: [campaign])
    }
    let base = AveragedGlobal.standard(for: panel, request: request, hasNetworks: false)
    func error(_ method: any GlobalForecaster) throws -> Double {
      let fitted = try method.fit(
        panel, request: request, key: RandomKey(seed: 1), threads: 2, deadline: .never, interruption: Interruption())
      return PanelAccuracy(
        fitted.forecast(panel, threads: 2).map(\.point), truths: truths, panel: panel, season: 7
      ).scaledError
    }
    let plain = try error(base)
    XCTAssertLessThan(try error(AdjustedGlobal(base, covariates: covariates)), 0.8 * plain)
    // Through an ensemble: the backtest knows the covariates, and prefers the method that uses them.
    let ensemble = PanelEnsemble(
      [ETSForecaster(), AdjustedForecaster(ETSForecaster())], backtest: Backtest(origins: 3, minimumTraining: 8))
    let fitted = try ensemble.fit(
      panel, request: request, covariates: panel.map { covariates[$0.name] },
      globals: [AdjustedGlobal(base, covariates: covariates)])
    XCTAssertEqual(fitted.backtest.names.count, 4)
    let errors = fitted.backtest.panelErrors(.scaledError)
    XCTAssertLessThan(errors[1], 0.8 * errors[0])
    XCTAssertLessThan(errors[2], 0.8 * errors[0])
  }

  func testSettingsCanBeWrittenAndRead() throws {
    let method = AnyForecaster(AdjustedForecaster(FilledForecaster(ETSForecaster())))
    let read = try JSONDecoder().decode(AnyForecaster.self, from: JSONEncoder().encode(method))
    XCTAssertEqual(read.name, "ETS, adjusted")
  }
}
