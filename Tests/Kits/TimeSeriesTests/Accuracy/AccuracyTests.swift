import TimeSeries
import XCTest

final class AccuracyTests: XCTestCase {
  private let truth = [10.0, 20, .nan, 40]
  private let forecast = [12.0, 15, 30, 40]

  func testPointErrorsByHand() {
    XCTAssertEqual(PointAccuracy.meanAbsoluteError(forecast, truth: truth), 7.0 / 3, accuracy: 1e-12)
    XCTAssertEqual(PointAccuracy.meanSquaredError(forecast, truth: truth), 29.0 / 3, accuracy: 1e-12)
    let percentages: [Double] = [400.0 / 22, 1000.0 / 35, 0]
    XCTAssertEqual(
      PointAccuracy.symmetricPercentageError(forecast, truth: truth), percentages.reduce(0, +) / 3, accuracy: 1e-12)
    XCTAssertEqual(PointAccuracy.symmetricPercentageError([0], truth: [0]), 0)
    // Changes over two steps of the training: 2, 3, with one missing.
    let training = [1.0, 2, 3, 5, .nan]
    XCTAssertEqual(PointAccuracy.naiveError(training, season: 2), 2.5)
    XCTAssertEqual(
      PointAccuracy.scaledError(forecast, truth: truth, training: training, season: 2), 2.8 / 3, accuracy: 1e-12)
    // From the first demand on: changes -1, 3.
    let ratio: Double = 29.0 / 15
    XCTAssertEqual(
      PointAccuracy.rootSquaredScaledError(forecast, truth: truth, training: [0, 0, 2, 1, 4]), ratio.squareRoot(),
      accuracy: 1e-12)
    XCTAssertTrue(PointAccuracy.meanAbsoluteError([1], truth: [.nan]).isNaN)
    XCTAssertTrue(PointAccuracy.naiveError([1, 2], season: 12).isNaN)
  }

  func testTheOverallAverageOfTheCompetition() {
    // Weekly figures of the seasonal naive and the winner's method, as published.
    let benchmark = PanelAccuracy(symmetricPercentageError: 18.383, scaledError: 2.395)
    let winner = PanelAccuracy(symmetricPercentageError: 9.328, scaledError: 0.893)
    XCTAssertEqual(winner.overallWeightedAverage(against: benchmark), 0.440, accuracy: 5e-4)
    XCTAssertEqual(benchmark.overallWeightedAverage(against: benchmark), 1)
  }

  func testPanelsAverageSeries() {
    let panel = [Series(values: [1, 2, 3]), Series(values: [5, 5, 5]), Series(values: [2, 4, 2])]
    let found = PanelAccuracy([[4], [5], [2]], truths: [[5], [6], [4]], panel: panel, season: 1)
    XCTAssertEqual(found.scaledError, 1, "the series that never changes has no scale")
    let percentages: [Double] = [200.0 / 9, 200.0 / 11, 400.0 / 6]
    XCTAssertEqual(found.symmetricPercentageError, percentages.reduce(0, +) / 3, accuracy: 1e-12)
  }

  func testQuantileErrorsByHand() {
    let lower = [8.0, 18, 0, 41]
    let upper = [11.0, 19, 0, 45]
    XCTAssertEqual(QuantileAccuracy.coverage(lower: lower, upper: upper, truth: truth), 1.0 / 3, accuracy: 1e-12)
    XCTAssertEqual(QuantileAccuracy.share(below: upper, truth: truth), 2.0 / 3, accuracy: 1e-12)
    // The quantile at 0.9 is above by 1, below by 1, above by 5.
    let losses: [Double] = [0.1, 0.9, 0.5]
    XCTAssertEqual(
      QuantileAccuracy.quantileLoss(upper, truth: truth, level: 0.9), losses.reduce(0, +) / 3, accuracy: 1e-12)
    // Widths 3, 1, 4; outside by 1 above and 1 below at 2 / 0.1 each.
    XCTAssertEqual(
      QuantileAccuracy.scaledIntervalScore(
        lower: lower, upper: upper, truth: truth, coverage: 0.9, training: [1, 3, 7], season: 1),
      48.0 / 9, accuracy: 1e-9)
    let forecast = Forecast(point: [9, 18, 0, 43], levels: [0.1, 0.9], quantiles: [lower, upper])
    // Lower: below by 2, below by 2, above by 1, at level 0.1; and the losses above.
    let lowerLosses: [Double] = [0.2, 0.2, 0.9]
    let loss = lowerLosses.reduce(0, +) + losses.reduce(0, +)
    XCTAssertEqual(
      QuantileAccuracy.weightedQuantileLoss([forecast], truths: [truth]), loss / 70, accuracy: 1e-12)
  }
}
