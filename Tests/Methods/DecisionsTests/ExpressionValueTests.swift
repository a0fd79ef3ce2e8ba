import Decisions
import Evaluation
import Tables
import XCTest

final class ExpressionValueTests: XCTestCase {
  private func constant(_ source: String) throws -> Double { try numbers(source)[0] }

  func testArithmeticFollowsPrecedence() throws {
    let cases: [(String, Double)] = [
      ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("24 / 4 / 2", 3), ("2 ^ 3 ^ 2", 512), ("-2 ^ 2", -4),
      ("2 ^ -1", 0.5), ("-2 * -3", 6), ("7 % 3", 1), ("-7 % 3", 2), ("7 % -3", -2), ("1e3 + .5", 1000.5),
      ("1_000 * 2", 2000), ("+5", 5), ("2 * 3 % 4", 2), ("true + true", 2), ("3 * (2 > 1)", 3), ("- -2", 2),
    ]
    for (source, value) in cases { XCTAssertEqual(try constant(source), value, source) }
  }

  func testFunctions() throws {
    let cases: [(String, Double)] = [
      ("min(3, 1, 2)", 1), ("max(3, 1, 2)", 3), ("abs(-4)", 4), ("exp(0)", 1), ("log(exp(1))", 1), ("sqrt(9)", 3),
      ("round(2.5)", 3), ("round(-2.5)", -3), ("round(12.345, 1)", 12.3), ("round(1250, -2)", 1300),
      ("floor(-1.5)", -2),
      ("ceil(1.2)", 2), ("if(1 < 2, 10, 20)", 10), ("1 > 2 ? 10 : 20", 20), ("1 > 2 ? 1 : 3 > 2 ? 2 : 3", 2),
      ("coalesce(7, 8)", 7), ("isMissing(1) + 1", 1),
    ]
    for (source, value) in cases { XCTAssertEqual(try constant(source), value, accuracy: 1e-15, source) }
  }

  func testLogicAndComparisons() throws {
    let truths = [
      "1 == 1", "1 != 2", "1 < 2 and 2 <= 2", "not 1 > 2", "1 > 2 or 3 >= 3", "not (true and false)", "\"a\" == 'a'",
      "2 in (1, 2, 3)", "4 not in (1, 2)", "\"b\" in (\"a\", \"b\")", "true == (1 < 2)", "not 1 == 2",
      "\"it\\'s\" != 'it\\'s' or 'x' == \"x\"",
    ]
    for source in truths { XCTAssertEqual(try constant("if(\(source), 1, 0)"), 1, source) }
  }

  func testColumnsOfEveryKind() throws {
    XCTAssertEqual(try numbers("`monthly fee` * 2"), [10, 14, 18])
    XCTAssertEqual(try numbers("joined / 86400"), [0, 1, 2])
    XCTAssertEqual(try numbers("coalesce(amount, -1)"), [100, -1, 20])
    XCTAssertEqual(try numbers("isMissing(region) + 2 * isMissing(note) + 4 * isMissing(member)"), [0, 2, 5])
    XCTAssertEqual(try numbers("coalesce(if(region == \"north\", 1, 0), 9)"), [1, 0, 9])
    XCTAssertEqual(try numbers("coalesce(if(note in (\"c\", \"d\"), 1, 0), 9)"), [0, 9, 1])
    XCTAssertEqual(try numbers("if(coalesce(region, \"none\") == \"none\", 1, 0)"), [0, 0, 1])
    XCTAssertEqual(try numbers("if(coalesce(note, region) == \"south\", 1, 0)"), [0, 1, 0])
    XCTAssertEqual(try numbers("if(coalesce(member, false), 1, 0)"), [1, 0, 0])
  }

  func testTwoTextColumnsCompareByText() throws {
    // The same texts under different codes.
    let table = try Table([
      Column("a", .category(CategoryValues(codes: [0, 1, 1, -1], levels: ["x", "y"]))),
      Column("b", .category(CategoryValues(codes: [1, 1, 0, 0], levels: ["y", "x"]))),
    ])
    XCTAssertEqual(try numbers("coalesce(if(a == b, 1, 0), 9)", table), [1, 0, 1, 9])
    XCTAssertEqual(try numbers("coalesce(if(a != b, 1, 0), 9)", table), [0, 1, 0, 9])
  }

  func testMissingFollowsKleene() throws {
    // amount is missing in the second row.
    func second(_ condition: String) throws -> Double { try numbers("coalesce(if(\(condition), 1, 0), 9)")[1] }
    XCTAssertEqual(try second("amount > 0"), 9)
    XCTAssertEqual(try second("not amount > 0"), 9)
    XCTAssertEqual(try second("amount > 0 and 1 > 2"), 0)
    XCTAssertEqual(try second("amount > 0 and 1 < 2"), 9)
    XCTAssertEqual(try second("amount > 0 or 1 < 2"), 1)
    XCTAssertEqual(try second("amount > 0 or 1 > 2"), 9)
    XCTAssertEqual(try second("amount in (1, 2)"), 9)
    XCTAssertEqual(try second("min(amount, 1) > 0"), 9)
    XCTAssertEqual(try second("isMissing(amount)"), 1)
  }

  func testMissingOrInfiniteValuesNameTheRow() throws {
    let missing = try XCTUnwrap(failure { try numbers("amount * 2") })
    XCTAssertEqual(missing.kind, .data)
    XCTAssertEqual(
      missing.description,
      "amount * 2 is missing in row 2, because column \"amount\" has no value there; "
        + "say what to take instead, as in coalesce(amount, 0)")
    let infinite = try XCTUnwrap(failure { try numbers("1 / (`monthly fee` - 7)") })
    XCTAssertTrue(infinite.problem.contains("is infinite in row 2"), infinite.problem)
    let undefined = try XCTUnwrap(failure { try numbers("log(5 - `monthly fee`  - 1)") })
    XCTAssertTrue(undefined.problem.contains("is undefined in row 1"), undefined.problem)
    XCTAssertEqual(try numbers("`monthly fee` == 7 ? 0 : 1 / (`monthly fee` - 7)"), [-0.5, 0, 0.5])
  }

  func testLabelAndScoreOfTwoClasses() throws {
    let labels = LabelValues.known([1, 0, 1])
    let predictions = binary([0.9, 0.2, 0.5])
    func values(_ source: String, positive: Int = 1) throws -> [Double] {
      let table = try customers()
      let scope = ExpressionScope(table: table, task: yesNo, positive: positive)
      return try ValueExpression(source).numbers(
        over: table, scope: scope, labels: labels, predictions: predictions)
    }
    XCTAssertEqual(try values("10 * label"), [10, 0, 10])
    XCTAssertEqual(try values("label ? 3 : 4"), [3, 4, 3])
    XCTAssertEqual(try values("2 * (label == 1) + (label == \"no\")"), [2, 1, 2])
    XCTAssertEqual(try values("if(label in (\"yes\"), 1, 0)"), [1, 0, 1])
    XCTAssertEqual(try values("score"), [0.9, 0.2, 0.5])
    XCTAssertEqual(try values("probability(\"yes\")"), [0.9, 0.2, 0.5])
    XCTAssertEqual(try values("10 * label", positive: 0), [0, 10, 0])
    XCTAssertEqual(try values("score", positive: 0)[0], 0.1, accuracy: 1e-15)
  }

  func testLabelAndScoreOfOtherTasks() throws {
    let classes = LabelValues.known([2, 0, 1])
    let probabilities = Predictions([0.1, 0.2, 0.7, 0.6, 0.3, 0.1, 0.2, 0.5, 0.3], width: 3)
    XCTAssertEqual(
      try numbers("if(label == \"blue\", 5, 0) + (label in (\"red\", \"green\"))", task: colours, labels: classes),
      [5, 1, 1])
    XCTAssertEqual(
      try numbers("probability(\"green\")", task: colours, predictions: probabilities), [0.2, 0.3, 0.5])
    let predicted = Predictions([3, 4, 5], width: 1)
    XCTAssertEqual(
      try numbers(
        "label - prediction + score", task: .regression, labels: .known([10, 20, 30]), predictions: predicted),
      [10, 20, 30])
  }

  func testTextsForRules() throws {
    let table = try customers()
    let scope = ExpressionScope(table: table)
    func texts(_ source: String) throws -> [String?] { try ValueExpression(source).texts(over: table, scope: scope) }
    XCTAssertEqual(try texts("amount > 50"), ["true", nil, "false"])
    XCTAssertEqual(try texts("`monthly fee` > 6 ? \"call\" : \"wait\""), ["wait", "call", "call"])
    XCTAssertEqual(try texts("region"), ["north", "south", nil])
    XCTAssertEqual(failure { try texts("amount") }?.kind, .configuration)
  }

  func testColumnsAreListedOnce() throws {
    let expression = try ValueExpression("amount * label + `monthly fee` / amount - score")
    XCTAssertEqual(expression.columns, ["amount", "monthly fee"])
    XCTAssertTrue(expression.usesLabel)
    XCTAssertTrue(expression.usesScore)
    XCTAssertFalse(try ValueExpression("`label` + 1").usesLabel)
    XCTAssertEqual(try ValueExpression("`label` + 1").columns, ["label"])
  }

  func testCodableKeepsTheText() throws {
    let expression = try ValueExpression("0.9 * amount * label - 12")
    let data = try JSONEncoder().encode([expression])
    XCTAssertEqual(String(decoding: data, as: UTF8.self), "[\"0.9 * amount * label - 12\"]")
    XCTAssertEqual(try JSONDecoder().decode([ValueExpression].self, from: data), [expression])
    XCTAssertThrowsError(try JSONDecoder().decode([ValueExpression].self, from: Data("[\"1 +\"]".utf8)))
  }
}
