import Basics
import Foundation
import TimeSeries
import XCTest

final class DynamicRegressionTests: XCTestCase {
  func testSlopesAndFutureCovariatesCount() throws {
    for seed in UInt64(1)...3 {
      var stream = RandomSeries.stream(seed + 40)
      let errors = RandomSeries.arma(seed, count: 220, phi: 0.7, theta: 0)
      let price = (0..<220).map { _ in stream.normal() }
      let promotion = (0..<220).map { $0 % 17 == 0 ? 1.0 : 0 }
      let values = (0..<200).map { 30 - 4 * price[$0] + 12 * promotion[$0] + errors[$0] }
      let covariates = Covariates(names: ["price", "promotion"], columns: [price, promotion])
      let forecaster = DynamicRegressionForecaster(
        errors: ARIMAForecaster(.fixed(ARIMAOrder(1, 0, 0, hasConstant: true))))
      let fitted = try forecaster.fit(
        Series(values: values), request: ForecastRequest(horizon: 20), covariates: covariates)
      let forecast = fitted.forecast()
      for step in 4..<20 {
        // The errors' own deviation is 1.4; without slopes the deviation would be above 4.
        let truth = 30 - 4 * price[200 + step] + 12 * promotion[200 + step]
        XCTAssertEqual(forecast.point[step], truth, accuracy: 2)
      }
      // White errors of variance one mean that the slopes took the covariates' part.
      let rest = fitted.residuals.filter { !$0.isNaN }
      XCTAssertEqual(rest.reduce(0) { $0 + $1 * $1 } / Double(rest.count), 1, accuracy: 0.35)
    }
  }

  func testWavesCarryLongSeasons() throws {
    func value(_ t: Int) -> Double {
      10 + 3 * sin(2 * .pi * Double(t) / 24) + 2 * cos(2 * .pi * Double(t) * 3 / 168)
    }
    var stream = RandomSeries.stream(2)
    let series = Series(values: (0..<504).map { value($0) + 0.1 * stream.normal() })
    let fitted = try DynamicRegressionForecaster(waves: .all).fit(
      series, request: ForecastRequest(horizon: 168, seasons: [24, 168]))
    for step in 0..<168 { XCTAssertEqual(fitted.forecast().point[step], value(504 + step), accuracy: 0.3) }
  }

  /// A column without information, one that repeats another and the constant must not break anything.
  func testNeedlessColumnsDoNoHarm() throws {
    let values = RandomSeries.monthly(2, count: 60)
    let wave = (0..<66).map { sin(Double($0)) }
    let columns = [wave, wave, [Double](repeating: 3, count: 66), [Double](repeating: 0, count: 66)]
    let covariates = Covariates(names: ["a", "b", "c", "d"], columns: columns)
    let forecaster = DynamicRegressionForecaster(errors: ARIMAForecaster(.fixed(ARIMAOrder(1, 1, 0))))
    let request = ForecastRequest(horizon: 6)
    let all = try forecaster.fit(Series(values: values), request: request, covariates: covariates).forecast()
    let one = try forecaster.fit(
      Series(values: values), request: request, covariates: Covariates(names: ["a"], columns: [wave])
    ).forecast()
    for step in 0..<6 { XCTAssertEqual(all.point[step], one.point[step], accuracy: 1e-3) }
  }

  func testCovariatesThatEndEarlyAreRefused() {
    let series = Series(values: [1, 2, 3, 4, 5])
    for columns in [[[1.0, 2, 3, 4, 5, 6]], [[1.0, 2, 3, .nan, 5, 6, 7]]] {
      let covariates = Covariates(names: ["price"], columns: columns)
      XCTAssertThrowsError(
        try DynamicRegressionForecaster().fit(series, request: ForecastRequest(horizon: 2), covariates: covariates)
      ) { XCTAssertEqual(($0 as? AssayError)?.kind, .data) }
    }
  }

  func testMissingValuesAndCovariatesTogether() throws {
    let errors = RandomSeries.arma(5, count: 160, phi: 0.5, theta: 0)
    let column = (0..<160).map { sin(Double($0)) }
    var values = (0..<150).map { 5 * column[$0] + errors[$0] }
    for step in stride(from: 4, to: 150, by: 9) { values[step] = .nan }
    let forecaster = DynamicRegressionForecaster(errors: ARIMAForecaster(.fixed(ARIMAOrder(1, 0, 0))))
    let forecast = try forecaster.fit(
      Series(values: values), request: ForecastRequest(horizon: 10),
      covariates: Covariates(names: ["wave"], columns: [column])
    ).forecast()
    for step in 5..<10 { XCTAssertEqual(forecast.point[step], 5 * column[150 + step], accuracy: 0.6) }
  }
}
