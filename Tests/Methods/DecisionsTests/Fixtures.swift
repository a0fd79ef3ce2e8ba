import Basics
import Checks
import Decisions
import Evaluation
import Tables
import XCTest

let yesNo = LearningTask.classification(classes: ["no", "yes"])
let colours = LearningTask.classification(classes: ["red", "green", "blue"])

/// Three customers, the second without an amount.
func customers() throws -> Table {
  try Table([
    Column("amount", .float([100, .nan, 20])),
    Column("monthly fee", .integer([5, 7, 9])),
    Column("region", .category(CategoryValues(["north", "south", nil]))),
    Column("note", .text(TextValues(["a", nil, "c"]))),
    Column("member", .boolean([1, 0, -1])),
    Column("joined", .dateTime([0, 86_400_000_000, 2 * 86_400_000_000])),
  ])
}

/// The numbers that an expression gives on `customers()`, or on another table.
func numbers(
  _ source: String, _ table: Table? = nil, task: LearningTask? = nil, labels: LabelValues = .assumed(0),
  predictions: Predictions? = nil
) throws -> [Double] {
  let table = try table ?? customers()
  return try ValueExpression(source).numbers(
    over: table, scope: ExpressionScope(table: table, task: task), labels: labels, predictions: predictions)
}

/// The error that the body throws.
func failure<T>(_ body: () throws -> T, file: StaticString = #filePath, line: UInt = #line) -> AssayError? {
  do {
    _ = try body()
    XCTFail("nothing was thrown", file: file, line: line)
  } catch let error as AssayError {
    return error
  } catch {
    XCTFail("not an AssayError: \(error)", file: file, line: line)
  }
  return nil
}

/// Probabilities of two classes from those of the second.
func binary(_ positive: [Double]) -> Predictions { Predictions(positive.flatMap { [1 - $0, $0] }, width: 2) }

/// Simulated customers with their true probabilities: labels drawn from them, amounts independent of them.
func simulated(rows: Int, seed: UInt64, daily: Int = 100) throws -> DecisionData {
  var stream = RandomKey(seed: seed)["customers"].stream()
  var probabilities: [Double] = []
  var labels: [Double] = []
  var amounts: [Double] = []
  for _ in 0..<rows {
    let probability = stream.uniform() * stream.uniform()
    probabilities.append(probability)
    labels.append(stream.uniform() < probability ? 1 : 0)
    amounts.append(200 * stream.uniform())
  }
  let times = (0..<rows).map { Int64($0 / daily) * 86_400_000_000 }
  let table = try Table([Column("amount", .float(amounts)), Column("at", .dateTime(times))])
  return DecisionData(table: table, labels: labels, predictions: binary(probabilities))
}

/// Calls that win back nine tenths of the amount of a leaving customer for 12 each.
func calls(capacity: Capacity? = nil, today: String? = nil) throws -> ValueSpecification {
  try ValueSpecification(
    actions: [
      .init("call", gain: ValueExpression("0.9 * amount * label"), cost: ValueExpression("12"))
    ], currency: "EUR", unit: "customer", time: "at", capacity: capacity,
    today: try today.map { try ValueExpression($0) })
}
