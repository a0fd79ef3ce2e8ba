import Basics
import Decisions
import Evaluation
import Tables
import XCTest

final class ExpressionMistakeTests: XCTestCase {
  /// The error of an expression over `customers()`, as it is shown.
  private func message(_ source: String, task: LearningTask? = yesNo, target: String? = nil) throws -> String {
    let table = try customers()
    let scope = ExpressionScope(table: table, task: task, target: target)
    let error = failure { try ValueExpression(source, at: "value.yaml, line 3").check(scope) }
    XCTAssertEqual(error?.kind, .configuration, source)
    return error?.description ?? ""
  }

  func testPlaceWordAndRemedy() throws {
    XCTAssertEqual(
      try message("0.9 * amont * label"),
      "value.yaml, line 3, character 7 of 0.9 * amont * label: there is no column \"amont\"; did you mean amount?")
    XCTAssertEqual(
      try message("2 * monthly_fee"),
      "value.yaml, line 3, character 5 of 2 * monthly_fee: there is no column \"monthly_fee\"; "
        + "did you mean `monthly fee`?")
    XCTAssertEqual(
      try message("1 + mx(1, 2)"),
      "value.yaml, line 3, character 5 of 1 + mx(1, 2): there is no function \"mx\"; did you mean max(...)?")
  }

  func testGrammar() throws {
    let cases: [(String, Int, String)] = [
      ("", 1, "empty"), ("   ", 1, "empty"), ("1 +", 4, "found the end"), ("(1 + 2", 7, "expected \")\""),
      ("1 2", 3, "expected an operator"), ("amount = 3", 8, "write =="), ("amount > 1 && true", 12, "write and"),
      ("!true", 1, "write not"), ("1 < 2 < 3", 7, "do not chain"), ("\"north", 1, "has no end"),
      ("1.2.3", 1, "not a number"),
      ("12amount", 1, "neither a number nor a name"), ("amount * * 2", 10, "found \"*\""),
      ("if(true, 1)", 1, "3 arguments"),
      ("round(1, 2, 3)", 1, "1 to 2 arguments"), ("1 in ()", 3, "list after \"in\" is empty"),
      ("1e999", 1, "not a number"),
      ("true ? 1", 9, "expected \":\""), ("$5", 1, "number alone"), ("amount in 3", 11, "list after \"in\""),
      ("#", 1, "not part of the language"), ("1 ** 2", 3, "write ^"), ("and", 1, "found \"and\""),
    ]
    for (source, position, words) in cases {
      let text = try message(source)
      XCTAssertTrue(text.contains("character \(position) of"), "\(source): \(text)")
      XCTAssertTrue(text.contains(words), "\(source): \(text)")
    }
  }

  func testTypes() throws {
    let cases: [(String, String)] = [
      ("region * 2", "region is a text"), ("amount and true", "amount is a number"),
      ("if(amount, 1, 2)", "condition is needed first in a choice"), ("region > \"a\"", "texts have no order"),
      ("amount == \"100\"", "remove the quotes"), ("region == 3", "put 3 in quotes"),
      ("coalesce(amount, \"x\")", "mixes texts and numbers"), ("region in (\"a\", 2)", "put 2 in quotes"),
      ("not amount", "condition is needed after \"not\""), ("label == \"maybe\"", "there is no class \"maybe\""),
      ("probability(amount)", "name of a class in quotes"), ("probability(\"yess\")", "did you mean \"yes\"?"),
      ("prediction", "numeric target"), ("min(amount, region)", "needed in min"),
    ]
    for (source, words) in cases {
      let text = try message(source)
      XCTAssertTrue(text.contains(words), "\(source): \(text)")
    }
  }

  func testNamesThatAreNotKnownWhenDeciding() throws {
    XCTAssertTrue(try message("amount * member", target: "member").contains("write label instead"))
    XCTAssertTrue(try message("label", task: nil).contains("not known when this rule is applied"))
    XCTAssertTrue(try message("score > 0.5", task: nil).contains("not known when this rule is applied"))
    XCTAssertTrue(try message("score", task: colours).contains("probability(\"red\")"))
    XCTAssertTrue(try message("score * (label == 1)", task: colours).contains("no single score"))
  }

  func testDeepAndLongTextsAreRefused() throws {
    let nested = String(repeating: "(", count: 100_000) + "1"
    XCTAssertTrue(try message(nested).contains("longer than"))
    XCTAssertTrue(try message(String(repeating: "(", count: 5000)).contains("levels deep"))
    XCTAssertTrue(try message(String(repeating: "not ", count: 4000) + "true").contains("levels deep"))
    XCTAssertTrue(try message(String(repeating: "-", count: 5000) + "1").contains("levels deep"))
    XCTAssertTrue(try message(String(repeating: "1+", count: 5000) + "1").contains("levels deep"))
    XCTAssertTrue(try message(String(repeating: "2^", count: 5000) + "1").contains("levels deep"))
    XCTAssertTrue(try message(String(repeating: "+", count: 5000) + "1").contains("levels deep"))
    XCTAssertTrue(try message(String(repeating: "true?1:", count: 2500) + "1").contains("levels deep"))
    XCTAssertEqual(try numbers(String(repeating: "1+", count: 150) + "1")[0], 151)
  }

  func testCheckingTakesTimeLinearInDepth() throws {
    // Twice the work per level would never end.
    let choices = String(repeating: "if(true,1,", count: 150) + "1" + String(repeating: ")", count: 150)
    XCTAssertEqual(try numbers(choices)[0], 1)
    let comparisons = String(repeating: "(", count: 150) + "1" + String(repeating: "==1)", count: 150)
    XCTAssertEqual(try numbers("0+" + comparisons)[0], 1)
    let lists = String(repeating: "(", count: 90) + "1" + String(repeating: " in (1, 0))", count: 90)
    XCTAssertEqual(try numbers("0+" + lists)[0], 1)
  }
}
