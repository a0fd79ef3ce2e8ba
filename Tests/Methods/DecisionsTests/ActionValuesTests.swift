import Decisions
import Evaluation
import Tables
import XCTest

final class ActionValuesTests: XCTestCase {
  private func table(_ amounts: [Double]) throws -> Table { try Table([Column("amount", .float(amounts))]) }

  func testExpectedValueByHand() throws {
    let values = try ActionValues(
      expected: calls(), task: yesNo, table: table([100, 10]), predictions: binary([0.2, 0.8]))
    XCTAssertEqual(values.values[0], [0, 0])
    // 0.9 * 100 * 0.2 - 12 = 6; 0.9 * 10 * 0.8 - 12 = -4.8
    XCTAssertEqual(values.values[1][0], 6, accuracy: 1e-12)
    XCTAssertEqual(values.values[1][1], -4.8, accuracy: 1e-12)
  }

  func testValuesThatBendWithTheLabelAreExact() throws {
    // (1 + label)^3 is 1 or 8: with 0.25 the mean is 2.75, not 1.25^3.
    let value = try ValueSpecification(gain: "(1 + label) ^ 3")
    let result = try ActionValues(expected: value, task: yesNo, table: table([0]), predictions: binary([0.25]))
    XCTAssertEqual(result.values[1][0], 2.75, accuracy: 1e-12)
  }

  func testSeveralClassesAndPositiveClass() throws {
    let value = try ValueSpecification(
      gain: "label == \"green\" ? amount : label == \"blue\" ? -amount : 0", cost: "probability(\"red\")")
    let predictions = Predictions([0.5, 0.3, 0.2], width: 3)
    let result = try ActionValues(expected: value, task: colours, table: table([10]), predictions: predictions)
    XCTAssertEqual(result.values[1][0], 3 - 2 - 0.5, accuracy: 1e-12)
    let other = try ValueSpecification(gain: "label", positive: "no")
    let flipped = try ActionValues(expected: other, task: yesNo, table: table([0]), predictions: binary([0.25]))
    XCTAssertEqual(flipped.values[1][0], 0.75, accuracy: 1e-12)
  }

  func testNumericTargetUsesThePrediction() throws {
    let value = try ValueSpecification(gain: "amount * (label - 3)")
    let result = try ActionValues(
      expected: value, task: .regression, table: table([2]), predictions: Predictions([10], width: 1))
    XCTAssertEqual(result.values[1][0], 14)
  }

  func testRealisedValue() throws {
    let data = DecisionData(table: try table([100, 50]), labels: [1, 0], predictions: binary([0.1, 0.9]))
    let result = try ActionValues(realised: calls(), task: yesNo, data: data)
    XCTAssertEqual(result.values[1], [78, -12])
  }

  func testMissingAmountNamesActionAndRow() throws {
    let error = failure {
      try ActionValues(
        expected: calls(), task: yesNo, table: table([1, .nan]), predictions: binary([0.5, 0.5]))
    }
    XCTAssertEqual(error?.place, "gain of \"call\"")
    XCTAssertTrue(error?.problem.contains("row 2") ?? false)
  }
}
