import Basics
import Checks
import Foundation
import TimeSeries
import XCTest

final class ETSTests: XCTestCase {
  private struct Case: Decodable {
    let series: [Double]
    let form: String
    let objective: Double
  }

  /// The likelihood reached is at least that of statsmodels, whose parameters keep to the same bounds.
  func testLikelihoodsReachThoseOfStatsmodels() throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Golden/TimeSeries/exponential_smoothing.json")
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
    XCTAssertEqual(cases.count, 24)
    for item in cases {
      let form = try ETSForm(item.form)
      let request = ForecastRequest(horizon: 1, seasons: [12], levels: [])
      let fitted = try XCTUnwrap(
        try ETSForecaster(form).fit(Series(values: item.series), request: request) as? FittedETS)
      XCTAssertEqual(fitted.form, form)
      var count = 3.0
      if form.trend != .none { count += 2 }
      if form.trend == .damped { count += 1 }
      if form.season != .none { count += 12 }
      let rest = Double(item.series.count) - count - 1
      let penalty = 2 * count + 2 * count * (count + 1) / rest
      // Half a unit of twice the log-likelihood is far below what tells forms apart; both searches stop short of it.
      XCTAssertLessThan(fitted.criterion - penalty, item.objective + 0.5, item.form)
      XCTAssertTrue(fitted.parameters.alpha >= 1e-4 && fitted.parameters.alpha <= 0.9999)
      XCTAssertTrue(fitted.parameters.beta <= fitted.parameters.alpha)
      XCTAssertTrue(fitted.parameters.gamma <= 1 - fitted.parameters.alpha)
    }
  }

  /// The likelihood of the parameters and states that are reported, worked out here step by step.
  func testTheReportedStatesGiveTheReportedResiduals() throws {
    for seed in checkSeeds {
      let series = simulatedMonths(96, seed: seed)
      for name in ["ANN", "AAdA", "MAM", "MNA", "AAN"] {
        let form = try ETSForm(name)
        let fitted = try XCTUnwrap(
          try ETSForecaster(form).fit(series, request: ForecastRequest(horizon: 14, seasons: [12], levels: []))
            as? FittedETS)
        let (alpha, beta, gamma) = (fitted.parameters.alpha, fitted.parameters.beta, fitted.parameters.gamma)
        let phi = form.trend == .damped ? fitted.parameters.phi : 1
        var state = fitted.initial
        func expected(_ step: Int) -> Double {
          let level = state.level + phi * state.slope
          switch form.season {
          case .none: return level
          case .additive: return level + state.season[step % 12]
          case .multiplicative: return level * state.season[step % 12]
          }
        }
        for step in 0..<96 {
          let error = series.values[step] - expected(step)
          XCTAssertEqual(fitted.residuals[step], error, accuracy: 1e-6 * series.values[step], name)
          let level = state.level + phi * state.slope
          var share = error
          if form.season == .multiplicative {
            share = error / state.season[step % 12]
            state.season[step % 12] += gamma * error / level
          } else if form.season == .additive {
            state.season[step % 12] += gamma * error
          }
          state.level = level + alpha * share
          state.slope = phi * state.slope + beta * share
        }
        XCTAssertEqual(state.level, fitted.final.level, accuracy: 1e-6 * abs(state.level), name)
        for (ahead, value) in fitted.forecast().point.enumerated() {
          XCTAssertEqual(value, expected(96 + ahead), accuracy: 1e-6 * abs(value), name)
          state.level += phi * state.slope
          state.slope *= phi
        }
      }
    }
  }

  /// Simulated quantiles are those of the formulas: two ways to the same distribution.
  func testSimulatedAndAnalyticIntervalsAgree() throws {
    let request = ForecastRequest(horizon: 24, seasons: [12], levels: [0.1, 0.9])
    for name in ["ANN", "AAN", "AAdA", "MNN", "MAdN", "MNA", "MAM"] {
      let form = try ETSForm(name)
      // A model without season on seasonal data has relative errors so large that paths are skewed, not normal.
      let series = simulatedMonths(strength: form.season == .none ? 0 : 0.2, seed: 2)
      let analytic = try ETSForecaster(form).fit(series, request: request).forecast()
      let simulated = try ETSForecaster(form, intervals: .simulated(paths: 20_000), seed: 4).fit(
        series, request: request
      ).forecast()
      for step in [0, 5, 11, 12, 23] {
        let width = analytic.quantiles[1][step] - analytic.quantiles[0][step]
        let other = simulated.quantiles[1][step] - simulated.quantiles[0][step]
        // The error of two simulated quantiles of 20,000 paths is about 1 %; relative errors are slightly skewed.
        XCTAssertEqual(other / width, 1, accuracy: 0.06, "\(name), step \(step + 1)")
      }
    }
  }

  func testTheRaceFindsWhatAFullSearchFinds() throws {
    var lost = 0.0
    for seed in 0..<30 {
      let series = simulatedMonths(seed: UInt64(seed))
      let request = ForecastRequest(horizon: 1, seasons: [12], levels: [])
      let race = try XCTUnwrap(try ETSForecaster().fit(series, request: request) as? FittedETS)
      let full = try XCTUnwrap(try ETSForecaster(isExhaustive: true).fit(series, request: request) as? FittedETS)
      lost += max(0, race.criterion - full.criterion)
    }
    // The criterion's own noise between samples is of several units; half of one on average is little.
    XCTAssertLessThan(lost / 30, 0.5)
  }

  func testTheChoiceFindsTrendAndSeason() throws {
    var trends = 0
    var seasons = 0
    var plain = 0
    for seed in 0..<40 {
      var random = RandomKey(seed: UInt64(seed)).stream()
      let noise = (0..<120).map { _ in random.normal() }
      func form(_ value: (Int) -> Double) throws -> ETSForm? {
        (try ETSForecaster().fit(
          Series(values: (0..<120).map { value($0) + noise[$0] }), request: ForecastRequest(horizon: 2, seasons: [12]))
          as? FittedETS)?.form
      }
      if try form({ 50 + Double($0) })?.trend != ETSForm.Trend.none { trends += 1 }
      let wave = (0..<12).map { (phase: Int) -> Double in 50 + 4 * sin(Double(phase) * Double.pi / 6) }
      if try form({ wave[$0 % 12] })?.season != ETSForm.Season.none { seasons += 1 }
      if let found = try form({ _ in 50 }), found.trend == .none, found.season == .none { plain += 1 }
    }
    XCTAssertEqual(trends, 40)
    XCTAssertEqual(seasons, 40)
    // The criterion takes a needless term now and then, by chance.
    XCTAssertGreaterThan(plain, 28)
  }

  func testMissingValuesLeaveTheStateAsExpected() throws {
    let full = simulatedMonths(seed: 6)
    var gap = full
    for step in 60..<66 { gap.values[step] = .nan }
    let request = ForecastRequest(horizon: 12, seasons: [12])
    let whole = try ETSForecaster().fit(full, request: request).forecast()
    let holed = try ETSForecaster().fit(gap, request: request)
    XCTAssertTrue(holed.residuals[60..<66].allSatisfy(\.isNaN))
    XCTAssertFalse(holed.residuals[66].isNaN)
    for (a, b) in zip(whole.point, holed.forecast().point) { XCTAssertEqual(a, b, accuracy: 0.1 * abs(a)) }
    // Missing steps at the end are steps ahead: the forecast after them goes on from the one before.
    let cut = try ETSForecaster.holt.fit(full.prefix(100), request: ForecastRequest(horizon: 8)).forecast()
    let open = Series(values: full.values.prefix(100) + [Double](repeating: .nan, count: 3))
    let later = try ETSForecaster.holt.fit(open, request: ForecastRequest(horizon: 5)).forecast()
    for step in 0..<5 { XCTAssertEqual(later.point[step], cut.point[step + 3], accuracy: 1e-3 * cut.point[step + 3]) }
  }

  func testLongSeasonsAreTakenOutBefore() throws {
    let series = simulatedMonths(52 * 5, season: 52, strength: 0.4, seed: 1)
    let request = ForecastRequest(horizon: 52, seasons: [52])
    let fitted = try XCTUnwrap(
      try ETSForecaster().fit(series.prefix(52 * 4), request: request) as? FittedETS)
    XCTAssertEqual(fitted.season.season, 52)
    let truth = Array(series.values[(52 * 4)...])
    let naive = try NaiveForecaster().fit(series.prefix(52 * 4), request: request).forecast()
    XCTAssertLessThan(
      PointAccuracy.meanAbsoluteError(fitted.forecast().point, truth: truth),
      0.6 * PointAccuracy.meanAbsoluteError(naive.point, truth: truth))
  }

  func testFormsAreReadAndWritten() throws {
    XCTAssertEqual(ETSForm.all.count, 18)
    for form in ETSForm.all { XCTAssertEqual(try ETSForm(form.description), form) }
    XCTAssertEqual(try ETSForm("MAdM"), ETSForm(.multiplicative, .damped, .multiplicative))
    assertAssayError(.configuration, saying: ["ABC"]) { try ETSForm("ABC") }
    assertAssayError(.configuration, saying: ["61"]) {
      try ETSForecaster(longestSeason: 61).fit(Series(values: [1, 2]), request: ForecastRequest(horizon: 1))
    }
  }
}
