import Foundation
import TimeSeries
import XCTest

/// The forecasters of this part can be read without being registered.
final class WrittenForecasterTests: XCTestCase {
  func testAllAreKnownToReading() throws {
    let series = Series(values: RandomSeries.monthly(11, count: 60))
    let request = ForecastRequest(horizon: 5, seasons: [12])
    let methods: [any Forecaster] = [
      ARIMAForecaster(limits: ARIMALimits(terms: 1)), DynamicRegressionForecaster(waves: .all),
      DecomposedForecaster(ARIMAForecaster(), transform: .log),
    ]
    for method in methods {
      let written = try JSONEncoder().encode(AnyForecaster(method))
      let back = try JSONDecoder().decode(AnyForecaster.self, from: written)
      XCTAssertEqual(back.name, method.name)
      XCTAssertEqual(
        try back.fit(series, request: request).forecast(), try method.fit(series, request: request).forecast())
    }
  }
}
