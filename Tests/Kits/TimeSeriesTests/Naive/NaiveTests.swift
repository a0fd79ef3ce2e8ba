import Checks
import TimeSeries
import XCTest

final class NaiveTests: XCTestCase {
  private let series = Series(values: [2, 4, 3, 8, 6, 7, 5, 10])

  func testPointsByHand() throws {
    let request = ForecastRequest(horizon: 5, seasons: [4], levels: [])
    func point(_ forecaster: any Forecaster) throws -> [Double] {
      try forecaster.fit(series, request: request).forecast().point
    }
    XCTAssertEqual(try point(NaiveForecaster()), [10, 10, 10, 10, 10])
    XCTAssertEqual(try point(SeasonalNaiveForecaster()), [6, 7, 5, 10, 6])
    XCTAssertEqual(try point(SeasonalNaiveForecaster(seasonsAveraged: 2)), [4, 5.5, 4, 9, 4])
    XCTAssertEqual(try point(SeasonalNaiveForecaster(seasonsAveraged: 9)), [4, 5.5, 4, 9, 4])
    XCTAssertEqual(try point(SeasonalNaiveForecaster(season: 3)), [7, 5, 10, 7, 5])
    XCTAssertEqual(try point(MeanForecaster()), [Double](repeating: 5.625, count: 5))
    for (step, value) in try point(DriftForecaster()).enumerated() {
      XCTAssertEqual(value, 10 + 8.0 / 7 * Double(step + 1), accuracy: 1e-12)
    }
  }

  func testASeasonThatEndsInTheMiddleGoesOn() throws {
    let fitted = try SeasonalNaiveForecaster(seasonsAveraged: 2).fit(
      series.prefix(6), request: ForecastRequest(horizon: 4, seasons: [4], levels: []))
    // Phases 2 and 3 were seen once, 0 and 1 twice; one season back from step 6 is step 2.
    XCTAssertEqual(fitted.forecast().point, [3, 8, 4, 5.5])
  }

  func testDeviationsByHand() throws {
    let request = ForecastRequest(horizon: 9, seasons: [4], levels: [0.5, 0.9])
    let changes = [2.0, -1, 5, -2, 1, -2, 5]
    let sigma = (changes.reduce(0) { $0 + $1 * $1 } / 7).squareRoot()
    let z = 1.2815515655446004
    let naive = try NaiveForecaster().fit(series, request: request).forecast()
    XCTAssertEqual(naive.quantiles[1][3], 10 + z * sigma * 2, accuracy: 1e-9)
    XCTAssertEqual(naive.quantiles[0], naive.point)
    let seasonal = try SeasonalNaiveForecaster().fit(series, request: request).forecast()
    let seasonalSigma = ((16.0 + 9 + 4 + 4) / 4).squareRoot()
    XCTAssertEqual(seasonal.quantiles[1][3], 10 + z * seasonalSigma, accuracy: 1e-9)
    XCTAssertEqual(seasonal.quantiles[1][8], 6 + z * seasonalSigma * 3.0.squareRoot(), accuracy: 1e-9)
  }

  func testNaive2TakesTheSeasonOutAndPutsItBack() throws {
    let profile = [0.5, 1, 1.5, 1]
    let values = (0..<40).map { 100 * profile[$0 % 4] }
    let forecast = try Naive2Forecaster().fit(
      Series(values: values), request: ForecastRequest(horizon: 6, seasons: [4])
    ).forecast()
    for step in 0..<6 { XCTAssertEqual(forecast.point[step], 100 * profile[step % 4], accuracy: 1e-9) }
  }

  func testSettingsOutOfRange() {
    let request = ForecastRequest(horizon: 2, seasons: [4])
    assertAssayError(.configuration, saying: ["0 seasons"]) {
      try SeasonalNaiveForecaster(seasonsAveraged: 0).fit(series, request: request)
    }
    assertAssayError(.configuration) { try SeasonalNaiveForecaster(season: 1).fit(series, request: request) }
  }
}
