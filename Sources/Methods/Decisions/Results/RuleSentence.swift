import Evaluation
import Foundation

extension DecisionPolicy {
  /// The score from which the action is taken: the chosen cut, or, for the expected value of one action that depends
  /// on the label alone, the score at which it breaks even; nil where there is none.
  public var threshold: Double? {
    switch rule {
    case .never: nil
    case .threshold(let threshold): threshold.cut
    case .expectedValue: breakEven?.score
    }
  }

  /// The rule as one sentence that a manager reads.
  public var sentence: String {
    let unit = specification.unit
    let first = specification.actions[0].name
    let score = task.classes.isEmpty ? "predicted value" : "score"
    switch rule {
    case .never:
      return "\(first) for every \(unit): no rule that acts earned more on the validation data"
    case .threshold(let threshold):
      let action = specification.actions[threshold.action].name
      guard let cut = threshold.cut else {
        return "\(action) every \(unit)\(limits("\(score)s", threshold.actsOnHigh))"
      }
      let side = threshold.actsOnHigh ? "at least" : "at most"
      return
        "\(action) every \(unit) whose \(score) is \(side) \(short(cut))\(limits("\(score)s", threshold.actsOnHigh))"
    case .expectedValue where specification.actions.count == 2:
      let action = specification.actions[1].name
      if let breakEven {
        let side = breakEven.actsOnHigh ? "at least" : "at most"
        return "\(action) every \(unit) whose score is \(side) \(short(breakEven.score))"
          + limits("scores", breakEven.actsOnHigh)
      }
      return "\(action) every \(unit) for which this is expected to earn more than \"\(first)\""
        + limits("expected values", true)
    case .expectedValue:
      let names = specification.actionNames.dropFirst().joined(separator: ", ")
      return "for every \(unit), of \(names) and \"\(first)\" take what is expected to earn most"
        + limits("expected values", true)
    }
  }

  private func limits(_ order: String, _ highFirst: Bool) -> String {
    guard let capacity = specification.capacity else { return "" }
    return " (at most \(capacity), the \(highFirst ? "highest" : "lowest") \(order) first)"
  }

  private func short(_ value: Double) -> String {
    let digits = abs(value) >= 100 || value == value.rounded() ? 0 : abs(value) >= 1 ? 2 : abs(value) >= 0.1 ? 3 : 4
    return String(format: "%.\(digits)f", value)
  }

  /// The score at which one action is worth as much as not acting, for two classes and a value without columns or score:
  /// then the expected advantage is a straight line in the score.
  private var breakEven: (score: Double, actsOnHigh: Bool)? {
    guard task.isBinary, specification.actions.count == 2, let positive = try? specification.positiveIndex(task),
      let ifPositive = advantage(label: positive), let ifNegative = advantage(label: 1 - positive),
      ifPositive != ifNegative
    else { return nil }
    let score = ifNegative / (ifNegative - ifPositive)
    return score > 0 && score < 1 ? (score, ifPositive > ifNegative) : nil
  }

  private func advantage(label: Int) -> Double? {
    guard let positive = try? specification.positiveIndex(task) else { return nil }
    let scope = ExpressionScope(columns: [:], task: task, positive: positive)
    func value(_ expression: ValueExpression?) -> Double? {
      guard let expression else { return 0 }
      guard !expression.usesScore, expression.columns.isEmpty else { return nil }
      return expression.constant(scope, label: Double(label))
    }
    let values = specification.actions.map { action -> Double? in
      guard let gain = value(action.gain), let cost = value(action.cost) else { return nil }
      return gain - cost
    }
    guard let act = values[1], let wait = values[0] else { return nil }
    return act - wait
  }
}
