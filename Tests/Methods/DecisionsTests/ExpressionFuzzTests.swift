import Basics
import Checks
import Decisions
import Evaluation
import Tables
import XCTest

/// Whatever is typed gives a value or an `AssayError`, and never stops the program.
final class ExpressionFuzzTests: XCTestCase {
  private static let words = [
    "amount", "`monthly fee`", "region", "note", "member", "joined", "label", "score", "prediction", "probability",
    "\"north\"", "'x'", "1", "0", "2.5", "1e300", ".5", "+", "-", "*", "/", "%", "^", "(", ")", ",", "?", ":", "==",
    "!=",
    "<", "<=", ">", ">=", "and", "or", "not", "in", "if", "min", "max", "abs", "log", "exp", "sqrt", "round", "floor",
    "ceil", "isMissing", "coalesce", "true", "false", "=", "\"", "`", "é", "\u{0}",
  ]

  private func run(_ source: String, task: LearningTask?) {
    func attempt(_ body: () throws -> Int) {
      do {
        let rows = try body()
        XCTAssertEqual(rows, 3, source)
      } catch let error as AssayError {
        XCTAssertFalse(error.problem.isEmpty, source)
      } catch {
        XCTFail("\(source): \(error)")
      }
    }
    let width = task?.width ?? 1
    let predictions = Predictions(Array(repeating: 0.5, count: 3 * width), width: width)
    attempt {
      let table = try customers()
      return try ValueExpression(source).texts(over: table, scope: ExpressionScope(table: table)).count
    }
    attempt {
      try numbers(source, task: task, labels: .known([0, 1, 1]), predictions: predictions).count
    }
  }

  func testRandomBytes() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed)["bytes"].stream()
      for _ in 0..<2000 {
        let bytes = (0..<stream.integer(below: 60)).map { _ in UInt8(truncatingIfNeeded: stream.next()) }
        run(String(decoding: bytes, as: UTF8.self), task: yesNo)
      }
    }
  }

  func testRandomWords() {
    let tasks: [LearningTask?] = [nil, yesNo, colours, .regression]
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed)["words"].stream()
      for round in 0..<5000 {
        let words = (0...stream.integer(below: 14)).map { _ in Self.words[stream.integer(below: Self.words.count)] }
        run(words.joined(separator: " "), task: tasks[round % 4])
      }
    }
  }

  func testMutationsOfAWorkingExpression() throws {
    let source = "if(region == \"north\" and label, 0.9 * coalesce(amount, 0) ^ 2, -`monthly fee`) - min(12, score)"
    XCTAssertNoThrow(
      try ValueExpression(source).check(ExpressionScope(table: customers(), task: yesNo)))
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed)["mutations"].stream()
      for _ in 0..<3000 {
        var bytes = Array(source.utf8)
        for _ in 0...stream.integer(below: 3) {
          let position = stream.integer(below: bytes.count)
          switch stream.integer(below: 3) {
          case 0: bytes.remove(at: position)
          case 1: bytes.insert(UInt8(32 + stream.integer(below: 95)), at: position)
          default: bytes[position] = UInt8(32 + stream.integer(below: 95))
          }
        }
        run(String(decoding: bytes, as: UTF8.self), task: yesNo)
      }
    }
  }
}
