import Basics
import Checks
import TimeSeries
import XCTest

final class RollingTestTests: XCTestCase {
  func testRowsAreThoseOfTheForecastsAndOfSimpleWays() throws {
    // A season of two steps, exactly; the second series begins late.
    let known = [Series("a", values: [1, 5, 1, 5, 1, 5]), Series("b", values: [.nan, .nan, .nan, .nan, .nan, .nan])]
    let truths = [[1.0, 5, 2], [3.0, .nan, 3]]
    let forecasts = [
      Forecast(point: [1, 5, 1], levels: [0.1, 0.9], quantiles: [[0, 4, 0], [2, 6, 1.5]]),
      Forecast(point: [2, 2, 2], levels: [0.1, 0.9], quantiles: [[1, 1, 1], [4, 4, 2]]),
    ]
    let moment = RollingTest.Moment(known: known, truths: truths, forecasts: forecasts)
    let test = try RollingTest(
      [moment, moment], baselines: [("season", SeasonalNaiveForecaster()), ("last", NaiveForecaster())], seasons: [2],
      lower: 0.1, upper: 0.9)
    XCTAssertEqual(test.rows.map(\.name), ["forecast", "season", "last"])
    XCTAssertEqual(test.rows[0].firstError, 1.0 / 3, accuracy: 1e-12)
    XCTAssertEqual(test.rows[0].firstSquaredError, (1.0 / 3).squareRoot(), accuracy: 1e-12)
    XCTAssertEqual(test.rows[1].firstPoints, [[1, 5, 1], [1, 5, 1]])
    XCTAssertEqual(test.rows[2].firstError, (4 + 0 + 3) / 3.0, accuracy: 1e-12)
    // Held: 1 and 5 of the first series and the first of the second; 2 and 3 were missed; one is not known.
    XCTAssertEqual(test.coverage.value, 3.0 / 5, accuracy: 1e-12)
    XCTAssertEqual(test.seriesErrors, [1.0 / 3, 1])
  }
}
