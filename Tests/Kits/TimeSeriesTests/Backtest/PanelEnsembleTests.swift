import Basics
import Checks
import Foundation
import TimeSeries
import XCTest

final class PanelEnsembleTests: XCTestCase {
  private let request = ForecastRequest(horizon: 6, seasons: [12], levels: [0.1, 0.5, 0.9])

  /// Half of the series are walks, half are seasons on a level: each wants a method of its own.
  private func panel(_ length: Int, seed: UInt64) -> [Series] {
    (0..<24).map { index in
      var random = RandomKey(seed: seed)[index].stream()
      var level = 50.0
      return Series(
        "\(index)",
        values: (0..<length).map { step in
          if index % 2 == 0 {
            level += random.normal()
            return level
          }
          return 50 + 10 * sin(Double(step) * Double.pi / 6) + random.normal()
        })
    }
  }

  func testTheEnsembleBeatsItsMembersOnWhatComesThen() throws {
    for seed in checkSeeds {
      let whole = panel(126, seed: seed)
      let known = whole.map { $0.prefix(120) }
      let truths = whole.map { Array($0.values.suffix(6)) }
      let members: [any Forecaster] = [NaiveForecaster(), SeasonalNaiveForecaster(seasonsAveraged: 5)]
      let fitted = try PanelEnsemble(members, backtest: Backtest(origins: 5)).fit(known, request: request)
      func error(_ forecasts: [Forecast]) -> Double {
        PanelAccuracy(forecasts.map(\.point), truths: truths, panel: known, season: 12).scaledError
      }
      for member in members {
        let alone = try known.map { try member.fit($0, request: request).forecast() }
        XCTAssertLessThan(error(fitted.forecasts), 0.8 * error(alone), "\(member.name) \(seed)")
      }
      XCTAssertEqual(fitted.backtest.names, ["naive", "seasonal naive, mean of 5", "ensemble"])
      XCTAssertEqual(fitted.weights.rows.count, 24)
      XCTAssertEqual(fitted.calibration?.levels, [0.1, 0.5, 0.9])
      XCTAssertGreaterThan(fitted.weights.row(0)[0], 0.8)
      XCTAssertGreaterThan(fitted.weights.row(1)[1], 0.8)
    }
  }

  func testThreadsChangeNothing() throws {
    let ensemble = PanelEnsemble(AnyForecaster.portfolio(seasons: [12]))
    let one = try ensemble.fit(panel(80, seed: 1), request: request, threads: 1)
    let three = try ensemble.fit(panel(80, seed: 1), request: request, threads: 3)
    XCTAssertEqual(one.forecasts, three.forecasts)
  }

  func testShortSeriesAndMistakes() throws {
    let short = [Series(values: [1, 2, 3]), Series(values: [5, 4])]
    let fitted = try PanelEnsemble([NaiveForecaster(), DriftForecaster()]).fit(short, request: request)
    XCTAssertNil(fitted.calibration)
    XCTAssertEqual(fitted.forecasts[0].point[0], 3.5, accuracy: 1e-9, "equal weights without a backtest")
    assertAssayError(.configuration, saying: ["without methods"]) {
      try PanelEnsemble([]).fit(short, request: request)
    }
    assertAssayError(.data, saying: ["gone"]) {
      try PanelEnsemble([NaiveForecaster()]).fit([Series("gone", values: [.nan])], request: request)
    }
  }

  func testPortfoliosFitTheirSeasons() throws {
    for seasons in [[], [12], [52], [24, 168]] {
      let methods = AnyForecaster.portfolio(seasons: seasons)
      XCTAssertEqual(Set(methods.map(\.name)).count, methods.count, "names tell methods apart: \(seasons)")
      let series = simulatedMonths(400, season: seasons.first ?? 12, seed: 1)
      for method in methods {
        let request = ForecastRequest(horizon: 5, seasons: seasons)
        XCTAssertTrue(try method.fit(series, request: request).forecast().point.allSatisfy { $0 > 0 }, method.name)
      }
    }
    let ensemble = PanelEnsemble(AnyForecaster.portfolio(seasons: [52]))
    let back = try JSONDecoder().decode(PanelEnsemble.self, from: try JSONEncoder().encode(ensemble))
    XCTAssertEqual(back.members.map(\.name), ensemble.members.map(\.name))
  }
}
