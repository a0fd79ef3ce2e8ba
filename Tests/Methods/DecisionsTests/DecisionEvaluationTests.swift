import Basics
import Checks
import Decisions
import Evaluation
import Tables
import XCTest

final class DecisionEvaluationTests: XCTestCase {
  private func policy(
    _ result: DecisionResult, _ name: String, file: StaticString = #filePath, line: UInt = #line
  ) throws -> DecisionResult.Policy {
    try XCTUnwrap(result.policies.first { $0.name == name }, "no policy \(name)", file: file, line: line)
  }

  func testValuesByHand() throws {
    let table = try Table([Column("amount", .float([100, 10, 50, 30])), Column("at", .dateTime([0, 0, 0, 0]))])
    let data = DecisionData(table: table, labels: [1, 1, 0, 1], predictions: binary([0.2, 0.8, 0.5, 0.1]))
    let rule = DecisionPolicy(
      specification: try calls(today: "amount >= 50"), task: yesNo, rule: .expectedValue)
    let result = try DecisionEvaluation.evaluate(rule, on: data, key: RandomKey(seed: 1))
    // Called: rows 1 and 3, which earn 78 and -12.
    XCTAssertEqual(result.policies.map(\.name), ["model", "do nothing", "call all", "today's rule"])
    XCTAssertEqual(try policy(result, "model").total.value, 66, accuracy: 1e-9)
    XCTAssertEqual(try policy(result, "model").perRow.value, 16.5, accuracy: 1e-9)
    XCTAssertEqual(try policy(result, "model").actionCounts, ["do nothing": 2, "call": 2])
    XCTAssertNil(try policy(result, "model").modelAdvantage)
    XCTAssertEqual(try policy(result, "do nothing").total.value, 0)
    // 78 - 3 - 12 + 15 = 78.
    XCTAssertEqual(try policy(result, "call all").total.value, 78, accuracy: 1e-9)
    XCTAssertEqual(try policy(result, "today's rule").total.value, 66, accuracy: 1e-9)
    let same = try XCTUnwrap(policy(result, "today's rule").modelAdvantage)
    XCTAssertEqual(same.estimate, Estimate(0, lower: 0, upper: 0))
    XCTAssertEqual(same.verdict, .noDifference)
    XCTAssertEqual(same.pValue, 1)
    XCTAssertEqual(same.effectSize, 0)
    // With foresight rows 1 and 4 are called: 78 + 15 over four rows.
    XCTAssertEqual(result.perfectPerRow, 93.0 / 4, accuracy: 1e-9)
    XCTAssertEqual(result.shareActedOn, 0.5)
    // By expected value: row 3 (10.5), 1 (6), 2 (-4.8), 4 (-9.3).
    XCTAssertEqual(result.valueCurve.x, [0, 0.25, 0.5, 0.75, 1])
    for (y, expected) in zip(result.valueCurve.y, [0, -12, 66, 63, 78.0]) {
      XCTAssertEqual(y, expected / 4, accuracy: 1e-9)
    }
    XCTAssertEqual(result.currency, "EUR")
    XCTAssertNil(result.capacity)
    XCTAssertNil(result.valueOfOneMore)
  }

  func testCapacityByHand() throws {
    let table = try Table([Column("amount", .float([100, 10, 50, 30])), Column("at", .dateTime([0, 0, 0, 0]))])
    let data = DecisionData(table: table, labels: [1, 1, 0, 1], predictions: binary([0.2, 0.8, 0.5, 0.1]))
    let rule = DecisionPolicy(
      specification: try calls(capacity: Capacity(1, .day)), task: yesNo, rule: .expectedValue)
    let result = try DecisionEvaluation.evaluate(rule, on: data, key: RandomKey(seed: 1))
    XCTAssertEqual(
      result.policies.map(\.name), ["model", "do nothing", "call all, beyond capacity", "call at random"])
    // Row 3 has the highest expected value; one more call would take row 1, which earns 78.
    XCTAssertEqual(try policy(result, "model").total.value, -12, accuracy: 1e-9)
    XCTAssertEqual(try policy(result, "call at random").actionCounts, ["do nothing": 3, "call": 1])
    XCTAssertEqual(try XCTUnwrap(result.valueOfOneMore).value, 78, accuracy: 1e-9)
    XCTAssertEqual(result.perfectPerRow, 78.0 / 4, accuracy: 1e-9)
    XCTAssertEqual(result.capacity, "1 per day")
  }

  func testCurveEndsAtDoingNothingAndTreatingAll() throws {
    for seed in checkSeeds {
      let data = try simulated(rows: 1500, seed: seed)
      for rule in [DecisionPolicy.Rule.expectedValue, .threshold(.init(action: 1, cut: 0.3, actsOnHigh: true)), .never]
      {
        let decision = DecisionPolicy(specification: try calls(), task: yesNo, rule: rule)
        let result = try DecisionEvaluation.evaluate(decision, on: data, key: RandomKey(seed: seed))
        let curve = result.valueCurve
        XCTAssertLessThanOrEqual(curve.x.count, 200)
        XCTAssertEqual(curve.x, curve.x.sorted())
        XCTAssertEqual(curve.x.first, 0)
        XCTAssertEqual(curve.x.last, 1)
        XCTAssertEqual(try XCTUnwrap(curve.y.first), try policy(result, "do nothing").perRow.value, accuracy: 1e-9)
        XCTAssertEqual(try XCTUnwrap(curve.y.last), try policy(result, "call all").perRow.value, accuracy: 1e-9)
        for point in curve.x.indices {
          XCTAssertLessThanOrEqual(curve.lower[point], curve.y[point] + 1e-9)
          XCTAssertGreaterThanOrEqual(curve.upper[point], curve.y[point] - 1e-9)
        }
        let marginal = try XCTUnwrap(result.marginalValue)
        XCTAssertEqual(marginal.x.count, marginal.y.count)
        // The slopes average to the rise of the curve over the stretch that they cover.
        XCTAssertGreaterThan(marginal.y[0], marginal.y[marginal.y.count - 1])
      }
    }
  }

  func testModelBeatsTheAlternativesOnItsOwnGround() throws {
    for seed in checkSeeds {
      let data = try simulated(rows: 5000, seed: seed)
      let decision = DecisionPolicy(
        specification: try calls(today: "amount > 100"), task: yesNo, rule: .expectedValue)
      let result = try DecisionEvaluation.evaluate(decision, on: data, key: RandomKey(seed: seed))
      for name in ["do nothing", "call all", "today's rule"] {
        let difference = try XCTUnwrap(policy(result, name).modelAdvantage)
        XCTAssertEqual(difference.verdict, .better, "\(name), seed \(seed)")
        XCTAssertLessThan(difference.pValue, 0.01)
        XCTAssertGreaterThan(difference.effectSize, 0)
        XCTAssertEqual(
          difference.estimate.value, try policy(result, "model").perRow.value - policy(result, name).perRow.value,
          accuracy: 1e-9)
      }
      XCTAssertGreaterThan(result.perfectPerRow, result.policies[0].perRow.value)
    }
  }

  func testIntervalsHaveTheWidthOfTheNormalApproximation() throws {
    // 1,500 rows are drawn one by one, 9,000 rows in 2,000 groups; both must give 1.96 standard errors on each side.
    for rows in [1500, 9000] {
      let data = try simulated(rows: rows, seed: 11)
      let decision = DecisionPolicy(specification: try calls(), task: yesNo, rule: .expectedValue)
      let result = try DecisionEvaluation.evaluate(decision, on: data, key: RandomKey(seed: 4))
      let realised = try ActionValues(realised: calls(), task: yesNo, data: data).values[1]
      let mean = realised.reduce(0, +) / Double(rows)
      let variance = realised.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows - 1)
      let expected = 2 * 1.96 * (variance / Double(rows)).squareRoot()
      let interval = try policy(result, "call all").perRow
      let relative = (interval.upper - interval.lower) / expected
      // A thousand resamples and 2,000 groups leave some percent of noise in the width.
      XCTAssertEqual(relative, 1, accuracy: 0.12, "\(rows) rows")
      XCTAssertEqual(
        result.policies[0].total.upper, result.policies[0].perRow.upper * Double(rows), accuracy: 1e-6)
    }
  }

  func testRowsOfOneCustomerWidenTheIntervals() throws {
    let data = try simulated(rows: 400, seed: 2)
    let repeated = DecisionData(
      table: data.table.selecting(rows: (0..<400).flatMap { Array(repeating: $0, count: 9) }),
      labels: data.labels.flatMap { Array(repeating: $0, count: 9) },
      predictions: data.predictions.selecting(rows: (0..<400).flatMap { Array(repeating: $0, count: 9) }))
    let decision = DecisionPolicy(specification: try calls(), task: yesNo, rule: .expectedValue)
    let alone = try DecisionEvaluation.evaluate(decision, on: repeated, key: RandomKey(seed: 1)).policies[0].perRow
    let clusters = (0..<400).flatMap { Array(repeating: $0 * 17, count: 9) }
    let together = try DecisionEvaluation.evaluate(
      decision, on: repeated, clusters: clusters, key: RandomKey(seed: 1)
    ).policies[0].perRow
    // Nine copies of each row: three times the standard error.
    XCTAssertEqual((together.upper - together.lower) / (alone.upper - alone.lower), 3, accuracy: 0.4)
  }

  func testSameKeySameResult() throws {
    let data = try simulated(rows: 700, seed: 8)
    let decision = DecisionPolicy(
      specification: try calls(capacity: Capacity(5, .day), today: "amount > 150"), task: yesNo, rule: .expectedValue)
    let first = try DecisionEvaluation.evaluate(decision, on: data, key: RandomKey(seed: 3))
    XCTAssertEqual(first, try DecisionEvaluation.evaluate(decision, on: data, key: RandomKey(seed: 3)))
    XCTAssertEqual(try JSONDecoder().decode(DecisionResult.self, from: JSONEncoder().encode(first)), first)
  }

  func testTodaysRule() throws {
    let table = try Table([
      Column("amount", .float([1, .nan, 3])), Column("kind", .category(CategoryValues(["call", "do nothing", nil]))),
    ])
    XCTAssertEqual(try DecisionEvaluation.today(calls(today: "amount > 2"), table), [0, 0, 1])
    XCTAssertEqual(try DecisionEvaluation.today(calls(today: "kind"), table), [1, 0, 0])
    XCTAssertNil(try DecisionEvaluation.today(calls(), table))
    let other = try Table([Column("kind", .category(CategoryValues(["phone"])))])
    let error = failure { try DecisionEvaluation.today(calls(today: "kind"), other) }
    XCTAssertTrue(error?.problem.contains("there is no action \"phone\"") ?? false)
  }

  func testOneRow() throws {
    let table = try Table([Column("amount", .float([100])), Column("at", .dateTime([0]))])
    let data = DecisionData(table: table, labels: [1], predictions: binary([0.9]))
    let chosen = try DecisionPolicy.choose(calls(), task: yesNo, validation: data, key: RandomKey(seed: 1))
    let result = try DecisionEvaluation.evaluate(chosen, on: data, key: RandomKey(seed: 1))
    XCTAssertEqual(result.policies[0].total.value, 78, accuracy: 1e-9)
    XCTAssertTrue(result.policies[0].total.lower.isNaN)
    XCTAssertEqual(result.valueCurve.x, [0, 1])
    XCTAssertNil(result.marginalValue)
  }
}
