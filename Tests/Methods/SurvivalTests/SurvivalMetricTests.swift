import Basics
import Checks
import Survival
import XCTest

final class SurvivalMetricTests: XCTestCase {
  func testAgainstScikitSurvival() throws {
    let golden = try SurvivalGolden.load()
    let expected = golden.metrics
    let all = try SurvivalOutcomes(times: golden.time, events: golden.events)
    XCTAssertEqual(SurvivalMetrics.concordance(all, risks: expected.risk), expected.harrell, accuracy: 1e-12)
    let tied = try SurvivalOutcomes(times: golden.tied, events: golden.events)
    XCTAssertEqual(SurvivalMetrics.concordance(tied, risks: expected.risk), expected.harrellTied, accuracy: 1e-12)
    let half = golden.time.count / 2
    let censoring = CensoringDistribution(all.selecting(rows: Array(0..<half)))
    let rows = expected.inside.indices.filter { expected.inside[$0] }.map { $0 + half }
    let test = all.selecting(rows: rows)
    let risks = rows.map { expected.risk[$0] }
    let curves = SurvivalCurves(
      times: expected.times, values: rows.flatMap { expected.curves[$0] }, between: .step)
    XCTAssertEqual(
      SurvivalMetrics.concordance(test, risks: risks, censoring: censoring, limit: 9), expected.uno, accuracy: 1e-12)
    let brier = SurvivalMetrics.brier(
      test, survival: curves.survival(at: expected.times), at: expected.times, censoring: censoring)
    let auc = SurvivalMetrics.dynamicAUC(test, risks: risks, at: expected.times, censoring: censoring)
    for index in expected.times.indices {
      XCTAssertEqual(brier[index], expected.brier[index], accuracy: 1e-12)
      XCTAssertEqual(auc[index], expected.auc[index], accuracy: 1e-12)
    }
    XCTAssertEqual(
      SurvivalMetrics.integratedBrier(test, curves: curves, at: expected.times, censoring: censoring),
      expected.integrated, accuracy: 1e-12)
  }

  func testConcordanceOverAllPairs() throws {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed).stream()
      let times = (0..<60).map { _ in Double(random.integer(below: 15)) }
      let events = times.map { _ in random.uniform() < 0.6 }
      let weights = times.map { _ in 0.1 + random.uniform() }
      let risks = times.map { _ in Double(random.integer(below: 8)) }
      let outcomes = try SurvivalOutcomes(times: times, events: events, weights: weights)
      var (won, all) = (0.0, 0.0)
      for i in times.indices where events[i] {
        for j in times.indices where times[j] > times[i] || (times[j] == times[i] && !events[j]) {
          all += weights[i] * weights[j]
          won += weights[i] * weights[j] * (risks[i] > risks[j] ? 1 : risks[i] == risks[j] ? 0.5 : 0)
        }
      }
      XCTAssertEqual(SurvivalMetrics.concordance(outcomes, risks: risks), won / all, accuracy: 1e-12)
    }
  }

  func testWeighingRemovesTheEffectOfCensoring() throws {
    // The same units watched to the end and cut short: weighted measures agree, up to noise.
    for seed in checkSeeds {
      let lives = try SimulatedLives(rows: 4000, effects: [1], watched: 3...14, key: RandomKey(seed: seed))
      let full = try SurvivalOutcomes(times: lives.lives, events: lives.lives.map { _ in true })
      let cut = lives.data.outcomes
      let censoring = CensoringDistribution(cut)
      let everything = CensoringDistribution(full)
      XCTAssertEqual(
        SurvivalMetrics.concordance(cut, risks: lives.risks, censoring: censoring, limit: 10),
        SurvivalMetrics.concordance(full, risks: lives.risks, censoring: everything, limit: 10), accuracy: 0.012)
      let survival = lives.risks.map { exp(-pow(0.8, 1.5) * exp($0)) }
      let first = SurvivalMetrics.brier(cut, survival: survival, at: [8], censoring: censoring)[0]
      let second = SurvivalMetrics.brier(full, survival: survival, at: [8], censoring: everything)[0]
      XCTAssertEqual(first, second, accuracy: 0.01)
      // Weights of censored rows make up for those that are missing.
      let auc = SurvivalMetrics.dynamicAUC(cut, risks: lives.risks, at: [8], censoring: censoring)[0]
      let whole = SurvivalMetrics.dynamicAUC(full, risks: lives.risks, at: [8], censoring: everything)[0]
      XCTAssertEqual(auc, whole, accuracy: 0.02)
    }
  }

  func testCalibration() throws {
    for seed in checkSeeds {
      let lives = try SimulatedLives(rows: 3000, effects: [0.8], key: RandomKey(seed: seed))
      let times = (1...40).map { Double($0) * 0.5 }
      func curves(_ factor: Double) -> SurvivalCurves {
        SurvivalCurves(
          times: times,
          values: lives.risks.flatMap { risk in times.map { exp(-factor * pow($0 / 10, 1.5) * exp(risk)) } },
          between: .constantHazard)
      }
      let right = DistributionCalibration(lives.data.outcomes, curves: curves(1))
      XCTAssertEqual(right.shares.reduce(0, +), 1, accuracy: 1e-12)
      XCTAssertGreaterThan(right.pValue, 0.001)
      XCTAssertLessThan(DistributionCalibration(lives.data.outcomes, curves: curves(1.5)).pValue, 1e-6)
      let truth = curves(1)
      let predicted = (0..<3000).map { 1 - truth.survival($0, at: 6) }
      let bins = calibration(lives.data.outcomes, probabilities: predicted, horizon: 6)
      XCTAssertEqual(bins.count, 10)
      for bin in bins {
        // Four standard errors of 300 rows.
        XCTAssertEqual(bin.predicted, bin.observed.value, accuracy: 0.12)
      }
    }
  }

  func testBootstrapIsTheSameForAnyThreads() throws {
    let lives = try SimulatedLives(rows: 150, effects: [1], key: RandomKey(seed: 1))
    var bootstrap = SurvivalBootstrap(key: RandomKey(seed: 2), resamples: 200)
    let risks = lives.risks
    let one = bootstrap.estimate(lives.data.outcomes) { SurvivalMetrics.concordance($0, risks: risks) }
    bootstrap.threads = 2
    let two = bootstrap.estimate(lives.data.outcomes) { SurvivalMetrics.concordance($0, risks: risks) }
    XCTAssertEqual(one, two)
    XCTAssertLessThan(one.lower, one.value)
    XCTAssertGreaterThan(one.upper, one.value)
    XCTAssertLessThan(one.upper - one.lower, 0.15)
    // Units of many rows are drawn together, which widens the interval.
    let units = (0..<150).map { $0 / 15 }
    let wide = bootstrap.estimate(lives.data.outcomes, units: units) { SurvivalMetrics.concordance($0, risks: risks) }
    XCTAssertEqual(wide.value, one.value)
    XCTAssertNotEqual(wide.lower, one.lower)
  }
}
