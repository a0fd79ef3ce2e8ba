import Evaluation
import Foundation
import Tables

/// What is assumed about the labels while an expression is evaluated.
public enum LabelValues: Sendable, Equatable {
  /// The true labels: numbers, or indices of classes.
  case known([Double])
  /// The same label for every row: a number, or the index of a class.
  case assumed(Double)
}

/// Computes a checked expression column by column.
struct ExpressionEvaluator {
  let table: Table
  let scope: ExpressionScope
  let labels: LabelValues
  let predictions: Predictions?

  private var count: Int { table.rowCount }

  func numbers(_ node: CheckedNumber) -> NumberVector {
    switch node {
    case .constant(let value): return .constant(value)
    case .column(let name): return .rows(table[name]!.numbers())
    case .label: return label()
    case .probability(let index): return predicted(index)
    case .prediction: return predicted(0)
    case .map(let function, let a): return map(function, numbers(a))
    case .combine(let function, let a, let b): return combine(function, numbers(a), numbers(b))
    case .compareTexts(let equal, let a, let b):
      let result = TextVector.equal(texts(a), texts(b), count: count)
      return equal ? result : map(.not, result)
    case .memberOf(let value, let list):
      let tested = numbers(value)
      return any(list.map { combine(.equal, tested, numbers($0)) })
    case .textMemberOf(let value, let list):
      let tested = texts(value)
      return any(list.map { TextVector.equal(tested, texts($0), count: count) })
    case .textIsMissing(let text): return texts(text).isMissing(count: count)
    case .choose(let condition, let yes, let no):
      return .choose(numbers(condition), numbers(yes), numbers(no), count: count)
    }
  }

  func texts(_ node: CheckedText) -> TextVector {
    switch node {
    case .constant(let text): return .constant(text)
    case .column(let name):
      switch table[name]!.values {
      case .category(let values): return .levels(values)
      case .text(let values): return .texts(values)
      default: preconditionFailure("ExpressionEvaluator: column \(name) is not text")
      }
    case .label:
      let classes = scope.task!.classes
      switch labels {
      case .assumed(let index): return .constant(classes[Int(index)])
      case .known(let values): return .levels(CategoryValues(codes: values.map { Int32($0) }, levels: classes))
      }
    case .choose(let condition, let yes, let no):
      let tests = numbers(condition).values(count: count)
      return .pick(texts(yes), texts(no), count: count) { row, _ in tests[row].isNaN ? nil : tests[row] != 0 }
    case .coalesce(let a, let b):
      return .pick(texts(a), texts(b), count: count) { _, isMissing in !isMissing }
    }
  }

  private func label() -> NumberVector {
    guard scope.task?.isBinary == true else {
      switch labels {
      case .assumed(let value): return .constant(value)
      case .known(let values): return .rows(values)
      }
    }
    let positive = Double(scope.positive)
    switch labels {
    case .assumed(let index): return .constant(index == positive ? 1 : 0)
    case .known(let values): return NumberVector.rows(values).map { $0 == positive ? 1 : 0 }
    }
  }

  private func predicted(_ output: Int) -> NumberVector {
    guard let predictions else { preconditionFailure("ExpressionEvaluator: the expression needs predictions") }
    return .rows(predictions.output(output))
  }

  private func any(_ tests: [NumberVector]) -> NumberVector {
    tests.dropFirst().reduce(tests[0]) { combine(.or, $0, $1) }
  }

  private func map(_ function: UnaryFunction, _ a: NumberVector) -> NumberVector {
    switch function {
    case .negative: a.map { -$0 }
    case .not: a.map { $0.isNaN ? .nan : $0 == 0 ? 1 : 0 }
    case .isMissing: a.map { $0.isNaN ? 1 : 0 }
    case .abs: a.map { Swift.abs($0) }
    case .log: a.map { Foundation.log($0) }
    case .exp: a.map { Foundation.exp($0) }
    case .sqrt: a.map { $0.squareRoot() }
    case .round: a.map { $0.rounded() }
    case .floor: a.map { $0.rounded(.down) }
    case .ceil: a.map { $0.rounded(.up) }
    }
  }

  private func combine(_ function: BinaryFunction, _ a: NumberVector, _ b: NumberVector) -> NumberVector {
    switch function {
    case .add: a.combined(with: b) { $0 + $1 }
    case .subtract: a.combined(with: b) { $0 - $1 }
    case .multiply: a.combined(with: b) { $0 * $1 }
    case .divide: a.combined(with: b) { $0 / $1 }
    case .modulo: a.combined(with: b) { $0 - $1 * ($0 / $1).rounded(.down) }
    case .power: a.combined(with: b) { pow($0, $1) }
    case .equal: a.combined(with: b) { compare($0, $1, $0 == $1) }
    case .unequal: a.combined(with: b) { compare($0, $1, $0 != $1) }
    case .less: a.combined(with: b) { compare($0, $1, $0 < $1) }
    case .lessOrEqual: a.combined(with: b) { compare($0, $1, $0 <= $1) }
    case .greater: a.combined(with: b) { compare($0, $1, $0 > $1) }
    case .greaterOrEqual: a.combined(with: b) { compare($0, $1, $0 >= $1) }
    // Kleene's logic: one false decides "and", one true decides "or", whatever is missing beside it.
    case .and: a.combined(with: b) { $0 == 0 || $1 == 0 ? 0 : $0.isNaN || $1.isNaN ? .nan : 1 }
    case .or: a.combined(with: b) { isTrue($0) || isTrue($1) ? 1 : $0.isNaN || $1.isNaN ? .nan : 0 }
    case .min: a.combined(with: b) { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }
    case .max: a.combined(with: b) { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }
    case .coalesce: a.combined(with: b) { $0.isNaN ? $1 : $0 }
    case .roundTo: a.combined(with: b) { ($0 * pow(10, $1)).rounded() / pow(10, $1) }
    }
  }

  @inline(__always)
  private func compare(_ a: Double, _ b: Double, _ result: Bool) -> Double {
    a.isNaN || b.isNaN ? .nan : result ? 1 : 0
  }

  @inline(__always)
  private func isTrue(_ value: Double) -> Bool { !value.isNaN && value != 0 }
}
