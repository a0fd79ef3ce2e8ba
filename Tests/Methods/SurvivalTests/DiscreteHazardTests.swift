import Basics
import Checks
import Estimators
import Survival
import XCTest

final class DiscreteHazardTests: XCTestCase {
  func testPeriodsByHand() throws {
    let grid = try TimeIntervals(ends: [1, 2, 3])
    // An event in the second interval; out of sight early, late in the third; an event after all; entered late.
    let outcomes = try SurvivalOutcomes(
      times: [1.5, 2.4, 2.6, 9, 3], events: [true, false, false, true, true], entries: [0, 0, 0, 0, 1.2])
    let periods = PersonPeriods(outcomes, intervals: grid, key: RandomKey(seed: 1))
    XCTAssertEqual(periods.rows, [0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4])
    XCTAssertEqual(periods.intervals, [0, 1, 0, 1, 0, 1, 2, 0, 1, 2, 1, 2])
    XCTAssertEqual(periods.labels, [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    XCTAssertNil(periods.weights)
    XCTAssertEqual(grid.interval(of: 1), 0)
    XCTAssertEqual(grid.interval(of: 1.01), 1)
    XCTAssertEqual(grid.interval(of: 4), 3)
  }

  func testWithoutFeaturesItIsTheLifeTable() throws {
    // A classifier of shares by interval gives Kaplan-Meier at the ends of intervals that no unit leaves unseen.
    let lives = try SimulatedLives(rows: 500, effects: [0], watched: 100...101, key: RandomKey(seed: 2))
    let model = try DiscreteHazard(NaiveBayes(), intervalCount: 8).model(
      SurvivalData(
        features: FeatureMatrix(features: [], columns: [], rowCount: 500), outcomes: lives.data.outcomes),
      context: context(1))
    let expected = KaplanMeier(lives.data.outcomes)
    let curves = model.curves(FeatureMatrix(features: [], columns: [], rowCount: 1))
    for time in model.intervals.ends.dropLast() {
      XCTAssertEqual(curves.survival(0, at: time), expected.survival(at: time), accuracy: 0.02)
    }
  }

  func testDrawnPeriodsKeepHazards() throws {
    let lives = try SimulatedLives(rows: 2000, effects: [0.8], key: RandomKey(seed: 3))
    let grid = try TimeIntervals(lives.data.outcomes, count: 20)
    let all = PersonPeriods(lives.data.outcomes, intervals: grid, key: RandomKey(seed: 1))
    let drawn = PersonPeriods(lives.data.outcomes, intervals: grid, limit: 8000, key: RandomKey(seed: 1))
    XCTAssertLessThan(drawn.count, 8400)
    XCTAssertEqual(drawn.labels.reduce(0, +), all.labels.reduce(0, +))
    let total = drawn.weights!.reduce(0, +)
    // The drawn ones stand for all, up to the square root of their number.
    XCTAssertEqual(total, Double(all.count), accuracy: 0.05 * Double(all.count))
  }

  private func check(_ model: any SurvivalModel, _ test: SimulatedLives, atLeast share: Double, _ name: String) {
    let risks = model.risks(test.data.features, threads: 1)
    let best = SurvivalMetrics.concordance(test.data.outcomes, risks: test.risks)
    let here = SurvivalMetrics.concordance(test.data.outcomes, risks: risks)
    XCTAssertGreaterThan(here - 0.5, share * (best - 0.5), name)
    // Curves are right on average and beat the curve without features.
    let curves = model.curves(test.data.features)
    let times = [3.0, 5, 7, 9]
    let censoring = CensoringDistribution(test.data.outcomes)
    let plain = KaplanMeier(test.data.outcomes)
    let constant = SurvivalCurves(
      times: times, values: (0..<test.data.rowCount).flatMap { _ in times.map { plain.survival(at: $0) } },
      between: .step)
    func brier(_ curves: SurvivalCurves) -> Double {
      SurvivalMetrics.integratedBrier(test.data.outcomes, curves: curves, at: times, censoring: censoring)
    }
    XCTAssertLessThan(brier(curves), 0.95 * brier(constant), name)
    let predicted = (0..<test.data.rowCount).reduce(0) { $0 + curves.survival($1, at: 5) } / Double(test.data.rowCount)
    XCTAssertEqual(predicted, plain.survival(at: 5), accuracy: 0.05, name)
  }

  func testClassifiersLearnHazards() throws {
    for seed in checkSeeds {
      let key = RandomKey(seed: seed)
      let train = try SimulatedLives(rows: 4000, effects: [1, -0.7, 0], key: key["train"])
      let test = try SimulatedLives(rows: 4000, effects: [1, -0.7, 0], key: key["test"])
      let logistic = try DiscreteHazard(ElasticNet(l1Ratio: 0.5, lambda: 1e-4)).fit(train.data, context: context(1))
      check(logistic, test, atLeast: 0.95, "logistic")
      let boosting = try DiscreteHazard(Boosting(trees: 80, leaves: 6)).fit(train.data, context: context(1))
      check(boosting, test, atLeast: 0.85, "boosting")
      if seed == checkSeeds[0] {
        let forest = try DiscreteHazard(Forest(trees: 60, minimumChildRows: 20), intervalCount: 10)
          .fit(train.data, context: context(1))
        check(forest, test, atLeast: 0.8, "forest")
      }
      let cox = try CoxBoosting(Boosting(trees: 80, leaves: 4, minimumChildRows: 10))
        .fit(train.data, context: context(1))
      check(cox, test, atLeast: 0.85, "Cox boosting")
    }
  }

  func testTreesFindWhatLinearModelsCannot() throws {
    let risk: @Sendable ([Double]) -> Double = { x in 1.6 * (abs(x[0]) - 0.8) + (x[1] > 0 && x[2] > 0 ? 1 : 0) }
    let train = try SimulatedLives(rows: 1500, effects: [0, 0, 0], key: RandomKey(seed: 4), risk: risk)
    let test = try SimulatedLives(rows: 1500, effects: [0, 0, 0], key: RandomKey(seed: 5), risk: risk)
    func score(_ model: any SurvivalModel) -> Double {
      SurvivalMetrics.concordance(test.data.outcomes, risks: model.risks(test.data.features, threads: 1))
    }
    let linear = try score(CoxRegression().fit(train.data, context: context(1)))
    let boosted = try score(CoxBoosting().fit(train.data, validation: test.data, context: context(1)))
    XCTAssertLessThan(linear, 0.62)
    XCTAssertGreaterThan(boosted, SurvivalMetrics.concordance(test.data.outcomes, risks: test.risks) - 0.03)
  }

  func testBoostedStumpsOnOneBinaryFeatureAreCox() throws {
    // With one split and many rounds the boosted risk is the coefficient of Cox's model.
    let golden = try SurvivalGolden.load()
    let features = FeatureMatrix(dense: [golden.x[2]])
    for ties in [false, true] {
      let outcomes = try SurvivalOutcomes(
        times: golden.tied, events: golden.events, entries: golden.tiedEntry, weights: golden.weight,
        strata: golden.stratum)
      let data = try SurvivalData(features: features, outcomes: outcomes)
      let kind = ties ? CoxRegression() : CoxRegression(ties: .breslow)
      let linear = try kind.model(data, context: context(1))
      let boosted = try CoxBoosting(
        Boosting(trees: 200, leaves: 2, learningRate: 0.2, minimumChildWeight: 0, minimumChildRows: 1), ties: kind.ties
      ).model(data, context: context(1))
      let risks = boosted.risks(FeatureMatrix(dense: [[0, 1]]))
      XCTAssertEqual(risks[1] - risks[0], linear.terms[0].coefficient, accuracy: 2e-3)
      let curves = (
        boosted.curves(features, at: [3, 6], threads: 1), linear.curves(features, at: [3, 6], threads: 1)
      )
      for (first, second) in zip(curves.0.values, curves.1.values) { XCTAssertEqual(first, second, accuracy: 1e-3) }
    }
  }

  func testModelsSurviveStorageAndThreads() throws {
    let lives = try SimulatedLives(rows: 300, effects: [1, 0], key: RandomKey(seed: 6))
    func check<M: SurvivalModel>(_ model: M, _ again: any SurvivalModel, _ name: String) throws {
      let curves = model.curves(lives.data.features)
      XCTAssertEqual(again.curves(lives.data.features, threads: 2), curves, "\(name): threads")
      let copy = try JSONDecoder().decode(M.self, from: JSONEncoder().encode(model))
      XCTAssertEqual(copy.curves(lives.data.features), curves, name)
      let stored = try JSONDecoder().decode(
        StoredSurvivalModel.self, from: JSONEncoder().encode(StoredSurvivalModel(model)))
      XCTAssertEqual(stored.model.curves(lives.data.features), curves, name)
      XCTAssertEqual(copy.risks(lives.data.features, threads: 1), model.risks(lives.data.features, threads: 1), name)
    }
    let discrete = DiscreteHazard(Boosting(trees: 20, leaves: 4))
    try check(
      discrete.model(lives.data, context: context(1)), discrete.model(lives.data, context: context(1, threads: 2)),
      "discrete")
    let cox = CoxBoosting(Boosting(trees: 20, leaves: 4, rowShare: 0.7))
    try check(
      cox.model(lives.data, context: context(1)), cox.model(lives.data, context: context(1, threads: 2)), "boosting")
    for output in [SurvivalNetwork.Output.hazards(intervals: 8), .cox(ties: .efron)] {
      let network = SurvivalNetwork(output, hidden: [8], epochs: 5)
      try check(
        network.model(lives.data, context: context(1)), network.model(lives.data, context: context(1, threads: 2)),
        "network")
    }
    let settings = try JSONDecoder().decode(
      DiscreteHazard<Boosting>.self, from: JSONEncoder().encode(discrete))
    XCTAssertEqual(settings, discrete)
  }

  func testNetworksLearn() throws {
    let risk: @Sendable ([Double]) -> Double = { x in 1.5 * abs(x[0]) - 0.7 * x[1] }
    let train = try SimulatedLives(rows: 1200, effects: [0, 0], key: RandomKey(seed: 7), risk: risk)
    let test = try SimulatedLives(rows: 1000, effects: [0, 0], key: RandomKey(seed: 8), risk: risk)
    let held = try SimulatedLives(rows: 400, effects: [0, 0], key: RandomKey(seed: 9), risk: risk)
    for output in [SurvivalNetwork.Output.hazards(intervals: 15), .cox(ties: .breslow)] {
      let model = try SurvivalNetwork(output, epochs: 80).fit(
        train.data, validation: held.data, context: context(1))
      check(model, test, atLeast: 0.85, "\(output)")
    }
  }

  func testBadInput() throws {
    let lives = try SimulatedLives(rows: 50, effects: [1], key: RandomKey(seed: 9))
    assertAssayError(.configuration, saying: ["rise"]) {
      try DiscreteHazard(Boosting(), ends: [2, 1]).fit(lives.data, context: context(1))
    }
    assertAssayError(.configuration, saying: ["intervalCount"]) {
      try DiscreteHazard(Boosting(), intervalCount: 1).fit(lives.data, context: context(1))
    }
    assertAssayError(.configuration, saying: ["dropout"]) {
      try SurvivalNetwork(dropout: 1).fit(lives.data, context: context(1))
    }
    assertAssayError(.bundle, saying: ["unheard"]) {
      try JSONDecoder().decode(StoredSurvivalModel.self, from: Data(#"{"kind": "unheard", "model": {}}"#.utf8))
    }
    assertAssayError(.configuration, saying: ["leaves"]) {
      try CoxBoosting(Boosting(leaves: 1)).fit(lives.data, context: context(1))
    }
  }
}
