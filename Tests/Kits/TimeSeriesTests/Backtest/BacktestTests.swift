import Basics
import Checks
import Foundation
import TimeSeries
import XCTest

final class BacktestTests: XCTestCase {
  private let request = ForecastRequest(horizon: 6, seasons: [12], levels: [0.1, 0.5, 0.9])

  private func panel(_ count: Int, _ length: Int = 90) -> [Series] {
    (0..<count).map { simulatedMonths(length, seed: UInt64($0)) }
  }

  func testOriginsAreCountedFromTheEnd() {
    XCTAssertEqual(Backtest(origins: 3).cuts(100, horizon: 10), [70, 80, 90])
    XCTAssertEqual(Backtest(origins: 3, stride: 2).cuts(100, horizon: 10), [86, 88, 90])
    XCTAssertEqual(Backtest(origins: 3, minimumTraining: 75).cuts(100, horizon: 10), [80, 90])
    XCTAssertEqual(Backtest(origins: 3).cuts(15, horizon: 10), [])
  }

  func testForecastsAreThoseOfTheKnownSteps() throws {
    let panel = panel(3)
    let methods: [any Forecaster] = [NaiveForecaster(), SeasonalNaiveForecaster(), ThetaForecaster()]
    let result = try Backtest(origins: 2).run(methods, on: panel + [Series(values: [1, 2, 3])], request: request)
    XCTAssertEqual(result.names, ["naive", "seasonal naive", "Theta"])
    XCTAssertEqual(result.origins.map(\.series), [0, 0, 1, 1, 2, 2], "the short series has no origin")
    for origin in result.origins {
      let known = panel[origin.series].prefix(origin.trained)
      XCTAssertEqual(origin.truth, Array(panel[origin.series].values[origin.trained..<origin.trained + 6]))
      for (method, forecast) in zip(methods, origin.forecasts) {
        XCTAssertEqual(forecast, try method.fit(known, request: request).forecast())
      }
      XCTAssertEqual(origin.scale, PointAccuracy.naiveError(known.values, season: 12), accuracy: 1e-12)
    }
    let errors = result.errors(.scaledError)
    let series = result.seriesErrors(.scaledError)
    XCTAssertEqual(series[1][2], (errors[2][2] + errors[3][2]) / 2, accuracy: 1e-12)
    XCTAssertTrue(series[3][0].isNaN)
    XCTAssertEqual(
      result.panelErrors(.scaledError)[0], (series[0][0] + series[1][0] + series[2][0]) / 3, accuracy: 1e-12)
  }

  func testThreadsChangeNothing() throws {
    let methods: [any Forecaster] = [ETSForecaster(), ThetaForecaster(.dynamicOptimised)]
    let one = try Backtest().run(methods, on: panel(5), request: request, threads: 1)
    let four = try Backtest().run(methods, on: panel(5), request: request, threads: 4)
    XCTAssertEqual(one.origins.map(\.forecasts), four.origins.map(\.forecasts))
  }

  func testBadInputAndInterruption() {
    assertAssayError(.configuration, saying: ["0 origins"]) {
      try Backtest(origins: 0).run([NaiveForecaster()], on: panel(1), request: request)
    }
    let interruption = Interruption()
    interruption.request()
    assertAssayError(.cancelled) {
      try Backtest().run([NaiveForecaster()], on: panel(1), request: request, interruption: interruption)
    }
    var silent = panel(1)[0]
    for step in 0..<80 { silent.values[step] = .nan }
    XCTAssertEqual(
      try Backtest().run([NaiveForecaster()], on: [silent], request: request).origins.map(\.trained), [84],
      "an origin before the first number is left out")
  }

  /// Weights of sum one; a method that is right takes all; noise on independent methods is averaged away.
  func testRulesFindTheRightMethod() throws {
    struct Fake: Forecaster {
      var name: String
      var offset: Double
      func fit(_ series: Series, request: ForecastRequest, covariates: Covariates?) -> any FittedForecaster {
        FittedSeries(
          forecast: Forecast(
            point: (0..<request.horizon).map { Double(series.count + $0) + offset }, deviations: [1, 1],
            levels: request.levels), residuals: [], summary: name)
      }
    }
    let series = Series(values: (0..<30).map { Double($0) })
    let request = ForecastRequest(horizon: 2, levels: [0.5])
    let methods: [any Forecaster] = [
      Fake(name: "high", offset: 3), Fake(name: "right", offset: 0), Fake(name: "low", offset: -3),
    ]
    let result = try Backtest().run(methods, on: [series, series], request: request)
    for rule in [CombinationRule.best, .inverseError(power: 2), .greedy(steps: 3)] {
      for scope in [CombinationScope.panel, .series(shrinkage: 0), .series(shrinkage: 0.5)] {
        XCTAssertEqual(result.weights(rule, scope: scope).row(1)[1], 1, accuracy: 1e-6, "\(rule)")
      }
    }
    // Two opposite errors cancel for least squares as well as the right method does; without it they must.
    let two = try Backtest().run([methods[0], methods[2]], on: [series], request: request)
    XCTAssertEqual(two.weights(.nonNegativeLeastSquares).rows[0][0], 0.5, accuracy: 1e-6)
    XCTAssertEqual(two.weights(.mean).rows, [[0.5, 0.5]])
    XCTAssertEqual(two.weights(.fixed([3, 1])).rows, [[0.75, 0.25]])
    let added = result.adding(result.weights(.median), name: "median")
    XCTAssertEqual(added.names.count, 4)
    XCTAssertEqual(added.panelErrors(.scaledError)[3], 0, accuracy: 1e-12)
    XCTAssertEqual(result.adding(result).names.count, 6)
  }

  func testLeastSquaresOnNoise() throws {
    // Errors of variances 1 and 4, independent: the weights are 0.8 and 0.2 but for chance.
    struct Noisy: Forecaster {
      var name: String
      var sigma: Double
      func fit(_ series: Series, request: ForecastRequest, covariates: Covariates?) -> any FittedForecaster {
        var random = RandomKey(seed: 5)[name][series.count].stream()
        return FittedSeries(
          forecast: Forecast(point: (0..<request.horizon).map { _ in sigma * random.normal() }), residuals: [],
          summary: name)
      }
    }
    let series = Series(values: [Double](repeating: 0, count: 4000))
    let result = try Backtest(origins: 300).run(
      [Noisy(name: "a", sigma: 1), Noisy(name: "b", sigma: 2), Noisy(name: "c", sigma: 40)], on: [series],
      request: ForecastRequest(horizon: 10, levels: []))
    let weights = result.weights(.nonNegativeLeastSquares).rows[0]
    XCTAssertEqual(weights[0], 0.8, accuracy: 0.05)
    XCTAssertEqual(weights[1], 0.2, accuracy: 0.05)
    XCTAssertEqual(weights.reduce(0, +), 1, accuracy: 1e-12)
    XCTAssertTrue(weights.allSatisfy { $0 >= 0 })
  }

  func testCombinationsOfForecasts() throws {
    let series = simulatedMonths(seed: 1)
    let members: [any Forecaster] = [NaiveForecaster(), SeasonalNaiveForecaster(), ThetaForecaster()]
    let points = try members.map { try $0.fit(series, request: request).forecast() }
    func forecast(_ rule: CombinationRule) throws -> Forecast {
      try Combination(members, rule: rule).fit(series, request: request).forecast()
    }
    for step in 0..<6 {
      let sorted = points.map { $0.point[step] }.sorted()
      XCTAssertEqual(try forecast(.median).point[step], sorted[1], accuracy: 1e-9)
      XCTAssertEqual(try forecast(.mean).point[step], sorted.reduce(0, +) / 3, accuracy: 1e-9)
      XCTAssertEqual(
        try forecast(.mean).quantiles[2][step], points.reduce(0) { $0 + $1.quantiles[2][step] } / 3, accuracy: 1e-9)
    }
    XCTAssertEqual(try forecast(.fixed([0, 0, 2])), points[2])
    let fitted = try Combination(members, rule: .best).fit(series, request: request)
    XCTAssertTrue(points.contains(fitted.forecast()))
    assertAssayError(.configuration, saying: ["3 methods"]) { try forecast(.fixed([1])) }
    assertAssayError(.configuration) { try forecast(.fixed([0, 0, 0])) }
    assertAssayError(.configuration, saying: ["without methods"]) {
      try Combination([]).fit(series, request: request)
    }
    XCTAssertEqual(Combination.comb.name, "Comb")
  }

  /// Weights must not know what comes after the origins: another future, the same weights.
  func testWeightsKnowNothingOfTheFuture() throws {
    let series = simulatedMonths(seed: 2)
    let combination = Combination([NaiveForecaster(), ThetaForecaster()], rule: .nonNegativeLeastSquares)
    let summary = try combination.fit(series.prefix(100), request: request).summary
    var other = series
    for step in 100..<other.count { other.values[step] *= 3 }
    XCTAssertEqual(try combination.fit(other.prefix(100), request: request).summary, summary)
  }
}
