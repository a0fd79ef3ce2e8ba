import Basics
import Checks
import Decisions
import Evaluation
import Tables
import XCTest

/// Rows whose value cannot be worked out.
final class UndecidedRowsTests: XCTestCase {
  private func customers(_ amounts: [Double]) throws -> Table {
    try Table([Column("amount", .float(amounts)), Column("at", .dateTime(amounts.map { _ in 0 }))])
  }

  func testTheyGetNoActionAndTheOthersTheirs() throws {
    let policy = DecisionPolicy(specification: try calls(), task: yesNo, rule: .expectedValue)
    let predictions = binary([0.5, 0.5, 0.1, 0.5])
    let decisions = try policy.decide(table: customers([100, .nan, 50, 200]), predictions: predictions)
    XCTAssertEqual(decisions.names, ["call", nil, "do nothing", "call"])
    XCTAssertEqual(decisions.actions, [1, nil, 0, 1])
    XCTAssertTrue(decisions.expectedValues[1].isNaN)
    XCTAssertEqual(decisions.expectedValues[3], 78, accuracy: 1e-12)
    XCTAssertEqual(decisions.undecided?.count, 1)
    XCTAssertEqual(decisions.undecided?.reason, "column \"amount\" has no value in them")
    XCTAssertTrue(decisions.undecided?.remedy.contains("coalesce(amount, 0)") ?? false)
    let whole = try policy.decide(table: customers([100, 1, 50, 200]), predictions: predictions)
    XCTAssertNil(whole.undecided)
  }

  func testTheyTakeNoPlaceOfTheCapacity() throws {
    let policy = DecisionPolicy(
      specification: try calls(capacity: Capacity(2, .total)), task: yesNo,
      rule: .threshold(.init(action: 1, cut: nil, actsOnHigh: true)))
    let decisions = try policy.decide(
      table: customers([.nan, 100, 100, 100]), predictions: binary([0.9, 0.5, 0.4, 0.3]))
    XCTAssertEqual(decisions.names, [nil, "call", "call", "do nothing"])
  }

  func testAllOfThem() throws {
    let policy = DecisionPolicy(specification: try calls(), task: yesNo, rule: .expectedValue)
    let decisions = try policy.decide(table: customers([.nan, .nan]), predictions: binary([0.9, 0.5]))
    XCTAssertEqual(decisions.names, [nil, nil])
    XCTAssertEqual(decisions.undecided?.count, 2)
  }

  func testAnUndefinedCalculationIsNamed() throws {
    let value = try ValueSpecification(gain: "amount / (amount - 50) * label", cost: "1")
    let policy = DecisionPolicy(specification: value, task: yesNo, rule: .expectedValue)
    let found = try policy.decide(table: customers([100, 50, .nan]), predictions: binary([0.5, 0.5, 0.5])).undecided
    XCTAssertEqual(found?.count, 2)
    XCTAssertEqual(
      found?.reason,
      "column \"amount\" has no value in 1 of them, amount / (amount - 50) * label is undefined or infinite")
  }

  func testPartsOfTheSameDataAddUp() {
    var sum = UndecidedRows()
    var part = UndecidedRows()
    part.count = 3
    part.emptyColumns = ["amount": 3, "fee": 1]
    sum.add(part)
    sum.add(part)
    XCTAssertEqual(sum.count, 6)
    XCTAssertEqual(
      sum.reason, "column \"amount\" has no value in them, column \"fee\" has no value in 2 of them")
  }

  func testTheValueIsThatOfTheOtherRows() throws {
    for seed in checkSeeds {
      let whole = try simulated(rows: 600, seed: seed)
      guard case .float(let amounts)? = whole.table["amount"]?.values else { return XCTFail() }
      let holes = Set(stride(from: 0, to: 600, by: 7))
      let kept = (0..<600).filter { !holes.contains($0) }
      var data = whole
      data.table = try Table([
        Column("amount", .float(amounts.indices.map { holes.contains($0) ? .nan : amounts[$0] })),
        XCTUnwrap(whole.table["at"]),
      ])
      let rest = DecisionData(
        table: whole.table.selecting(rows: kept), labels: kept.map { whole.labels[$0] },
        predictions: whole.predictions.selecting(rows: kept))
      let key = RandomKey(seed: seed)
      let policy = try DecisionPolicy.choose(calls(), task: yesNo, validation: data, key: key)
      XCTAssertEqual(policy, try DecisionPolicy.choose(calls(), task: yesNo, validation: rest, key: key))
      let clusters = (0..<600).map { $0 / 3 }
      let result = try DecisionEvaluation.evaluate(policy, on: data, clusters: clusters, key: key)
      let expected = try DecisionEvaluation.evaluate(policy, on: rest, clusters: kept.map { $0 / 3 }, key: key)
      XCTAssertEqual(result.policies, expected.policies)
      XCTAssertEqual(result.rows, kept.count)
      XCTAssertEqual(result.leftOut?.count, holes.count)
      XCTAssertNil(expected.leftOut)
    }
  }

  func testMoreThanHalfIsAnError() throws {
    let data = DecisionData(
      table: try customers([1, .nan, .nan]), labels: [0, 1, 0], predictions: binary([0.5, 0.5, 0.5]))
    let error = failure { try DecisionPolicy.choose(calls(), task: yesNo, validation: data, key: RandomKey(seed: 1)) }
    XCTAssertEqual(error?.kind, .data)
    XCTAssertTrue(error?.problem.contains("in 2 of 3 rows: column \"amount\" has no value in them") ?? false)
    XCTAssertTrue(error?.remedy.contains("coalesce(amount, 0)") ?? false)
  }

  func testPeriodsThatTheTestStandsFor() throws {
    func periods(_ capacity: Capacity?, days: Int, share: Double = 1) throws -> DecisionResult.Periods? {
      let moments = (0..<days).map { Int64($0) * 86_400_000_000 }
      let data = DecisionData(
        table: try Table([
          Column("amount", .float(moments.map { _ in 100 })), Column("at", .dateTime(moments)),
        ]), labels: moments.map { _ in 0 }, predictions: binary(moments.map { _ in 0.5 }), share: share)
      let policy = DecisionPolicy(specification: try calls(capacity: capacity), task: yesNo, rule: .expectedValue)
      return try DecisionEvaluation.evaluate(policy, on: data, key: RandomKey(seed: 1)).periods
    }
    XCTAssertEqual(try periods(Capacity(3, .week), days: 28), .init(name: "week", count: 4))
    XCTAssertEqual(try periods(Capacity(3, .week), days: 28, share: 0.25), .init(name: "week", count: 1))
    XCTAssertNil(try periods(Capacity(3, .month), days: 28), "less than a month")
    XCTAssertEqual(try periods(nil, days: 14), .init(name: "day", count: 14))
    XCTAssertEqual(try periods(nil, days: 70), .init(name: "week", count: 10))
    XCTAssertEqual(try periods(nil, days: 487)?.name, "month")
  }
}
