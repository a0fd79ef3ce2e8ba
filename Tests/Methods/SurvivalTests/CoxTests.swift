import Basics
import Checks
import Estimators
import Networks
import Survival
import XCTest

final class CoxTests: XCTestCase {
  private func check(
    _ model: CoxModel, _ expected: SurvivalGolden.Coefficients, line: UInt = #line
  ) {
    for (term, (beta, error)) in zip(model.terms, zip(expected.beta, expected.se)) {
      XCTAssertEqual(term.coefficient, beta, accuracy: 1e-7, line: line)
      XCTAssertEqual(term.standardError ?? .nan, error, accuracy: 1e-7, line: line)
    }
    // Centring moves both terms of each event alike, so likelihoods agree.
    XCTAssertEqual(model.logLikelihood, expected.logLikelihood, accuracy: 1e-7, line: line)
    XCTAssertTrue(model.isConverged, line: line)
  }

  func testAgainstReferences() throws {
    let golden = try SurvivalGolden.load()
    let cox = golden.cox
    try check(CoxRegression().model(golden.data(golden.tied), context: context(1)), cox.efron)
    try check(CoxRegression(ties: .breslow).model(golden.data(golden.tied), context: context(1)), cox.breslow)
    try check(CoxRegression().model(golden.data(golden.tied, strata: golden.stratum), context: context(1)), cox.strata)
    try check(CoxRegression().model(golden.data(golden.time, entries: golden.entry), context: context(1)), cox.late)
    try check(
      CoxRegression().model(
        golden.data(golden.tied, entries: golden.tiedEntry, weights: golden.weight, strata: golden.stratum),
        context: context(1)), cox.all)
  }

  func testCurvesAndProportionalityAgainstReferences() throws {
    let golden = try SurvivalGolden.load()
    let data = try golden.data(golden.time)
    let model = try CoxRegression().model(data, context: context(1))
    let curves = model.curves(golden.features, at: golden.kaplanMeier.at, threads: 1)
    for row in 0..<3 {
      for index in golden.kaplanMeier.at.indices {
        XCTAssertEqual(
          curves.values[row * curves.times.count + index], golden.cox.curves[row][index], accuracy: 1e-6)
      }
    }
    let test = try ProportionalityTest(model, data)
    for (term, expected) in zip(test.terms, golden.cox.zph) {
      XCTAssertEqual(term.statistic, expected, accuracy: 1e-4)
    }
  }

  func testElasticNetAgainstCoxnet() throws {
    let golden = try SurvivalGolden.load()
    let model = try CoxRegression(ties: .breslow, lambda: 0.08, l1Ratio: 0.7)
      .model(golden.data(golden.time), context: context(1))
    for (term, expected) in zip(model.terms, golden.cox.net) {
      XCTAssertEqual(term.coefficient, expected, accuracy: 1e-5)
      XCTAssertNil(term.standardError)
    }
  }

  func testFindsEffectsWithHonestErrors() throws {
    var (hits, all) = (0, 0)
    for seed in 0..<60 {
      let lives = try SimulatedLives(rows: 250, effects: [0.8, -0.4, 0], key: RandomKey(seed: UInt64(seed)))
      let model = try CoxRegression().model(lives.data, context: context(1))
      for (term, truth) in zip(model.terms, [0.8, -0.4, 0]) {
        all += 1
        hits += abs(term.coefficient - truth) < 1.96 * (term.standardError ?? 0) ? 1 : 0
      }
    }
    // 171 of 180 expected, standard deviation 2.9.
    XCTAssertGreaterThan(Double(hits) / Double(all), 0.89)
  }

  func testTestOfProportionalityFindsCrossingHazards() throws {
    for seed in checkSeeds {
      let steady = try SimulatedLives(rows: 400, effects: [0.7, 0], key: RandomKey(seed: seed))
      let fine = try ProportionalityTest(
        CoxRegression().model(steady.data, context: context(1)), steady.data, scale: .kaplanMeier)
      XCTAssertGreaterThan(fine.pValue, 0.001)
      // The feature decides the shape: hazards cross.
      var random = RandomKey(seed: seed)["crossing"].stream()
      let group = (0..<400).map { Float($0 % 2) }
      let times = group.map { 10 * pow(-log(1 - random.uniform()), $0 == 1 ? 1 / 3 : 1 / 0.8) }
      let data = try SurvivalData(
        features: FeatureMatrix(dense: [group]),
        outcomes: SurvivalOutcomes(times: times, events: times.map { _ in true }))
      let crossing = try ProportionalityTest(CoxRegression().model(data, context: context(1)), data)
      XCTAssertLessThan(crossing.pValue, 1e-6)
      XCTAssertGreaterThan(crossing.terms[0].correlation, 0.3)
    }
  }

  func testDependentColumnsAndCategories() throws {
    let lives = try SimulatedLives(rows: 200, effects: [0.8], key: RandomKey(seed: 3))
    let x = lives.data.features.dense(0)
    let levels = x.indices.map { Float($0 % 3) }
    var missing = x
    for row in stride(from: 0, to: 200, by: 7) { missing[row] = .nan }
    let features = FeatureMatrix(
      features: [
        Feature("x"), Feature("twice"), Feature("level", kind: .categorical(levels: 3)), Feature("holes"),
        Feature("one"),
      ],
      columns: [
        .dense(x), .dense(x.map { 2 * $0 }), .dense(levels), .dense(missing), .dense(x.map { _ in 4 }),
      ], rowCount: 200)
    let data = try SurvivalData(features: features, outcomes: lives.data.outcomes)
    let model = try CoxRegression().model(data, context: context(1))
    XCTAssertEqual(model.terms.map(\.name), ["x", "twice", "level=1", "level=2", "holes", "holes missing"])
    XCTAssertEqual(model.terms[1].coefficient, 0)
    XCTAssertNil(model.terms[1].standardError)
    XCTAssertNil(model.terms[1].pValue)
    XCTAssertTrue(model.isConverged)
    let copy = try JSONDecoder().decode(
      CoxModel.self, from: JSONEncoder().encode(CoxRegression(lambda: 0.1).model(data, context: context(1))))
    XCTAssertEqual(copy.risks(features).count, 200)
  }

  func testRoundTripAndTuning() throws {
    let lives = try SimulatedLives(rows: 300, effects: [0.8, 0, 0, 0, 0, 0, 0, 0], key: RandomKey(seed: 5))
    let (tuned, path) = try CoxRegression(l1Ratio: 1).tuned(lives.data, context: context(2))
    let model = try tuned.model(lives.data, context: context(1))
    XCTAssertEqual(path.count, 25)
    XCTAssertGreaterThan(abs(model.terms[0].coefficient), 0.5)
    XCTAssertGreaterThan(model.terms.dropFirst().count { $0.coefficient == 0 }, 1)
    let copy = try JSONDecoder().decode(
      CoxModel.self, from: JSONEncoder().encode(tuned.model(lives.data, context: context(1))))
    XCTAssertEqual(copy.curves(lives.data.features), model.curves(lives.data.features))
  }

  func testWithoutEvents() throws {
    let outcomes = try SurvivalOutcomes(times: [1, 2], events: [false, false])
    let data = try SurvivalData(features: FeatureMatrix(dense: [[1, 2]]), outcomes: outcomes)
    assertAssayError(.data, saying: ["no unit has had the event"]) {
      try CoxRegression().model(data, context: context(1))
    }
    assertAssayError(.configuration, saying: ["lambda"]) {
      try CoxRegression(lambda: -1).model(data, context: context(1))
    }
    assertAssayError(.data, saying: ["column \"x1\""]) {
      try SurvivalData(features: FeatureMatrix(dense: [[1, .infinity]]), outcomes: outcomes)
    }
  }
}
