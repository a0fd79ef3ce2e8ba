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

  /// The rule as one sentence that a manager reads, without capital and full stop.
  ///
  /// Names of actions are verbs in one value file and nouns in another, so they stand in quotation marks.
  public var sentence: String {
    let unit = specification.unit
    let units = plural(unit)
    let idle = "“\(specification.actions[0].name)”"
    switch rule {
    case .never:
      return "\(idle) for every \(unit): no rule that acts earned more on the validation data"
    case .threshold(let threshold):
      let action = "“\(specification.actions[threshold.action].name)”"
      guard let cut = threshold.cut else { return everyOne(action) }
      return atCut(action, cut, threshold.actsOnHigh)
    case .expectedValue where specification.actions.count == 2:
      let action = "“\(specification.actions[1].name)”"
      if let breakEven { return atCut(action, breakEven.score, breakEven.actsOnHigh) }
      guard let capacity = specification.capacity else {
        return "\(action) for every \(unit) with an expected gain over \(idle)"
      }
      return "\(action) for \(most(capacity)): those with the highest expected gain over \(idle)"
    case .expectedValue:
      let names = specification.actionNames.dropFirst().map { "“\($0)”" }.joined(separator: ", ")
      let best = "for every \(unit), of \(names) and \(idle) the one that is expected to earn most"
      return specification.capacity.map { "\(best); acting on \(most($0)), the \(units) that gain most first" } ?? best
    }
  }

  private func everyOne(_ action: String) -> String {
    guard let capacity = specification.capacity else { return "\(action) for every \(specification.unit)" }
    return "\(action) for \(most(capacity))"
  }

  private func atCut(_ action: String, _ cut: Double, _ actsOnHigh: Bool) -> String {
    var score = "predicted value"
    var number = short(cut)
    if !task.classes.isEmpty, let positive = try? specification.positiveIndex(task) {
      score = "probability of “\(task.classes[positive])”"
      number = percent(cut)
    }
    let side = "whose \(score) is at \(actsOnHigh ? "least" : "most") \(number)"
    guard let capacity = specification.capacity else { return "\(action) for every \(specification.unit) \(side)" }
    return "\(action) for \(most(capacity)): those \(side), the \(actsOnHigh ? "highest" : "lowest") first"
  }

  /// The capacity with what it counts: "at most 30 customers per week", "at most 5 % of the customers".
  private func most(_ capacity: Capacity) -> String {
    let units = plural(specification.unit)
    switch capacity.unit {
    case .percent: return "at most \(short(capacity.amount)) % of the \(units)"
    case .total: return "at most \(short(capacity.amount)) \(capacity.amount == 1 ? specification.unit : units)"
    default:
      let counted = capacity.amount == 1 ? specification.unit : units
      return "at most \(short(capacity.amount)) \(counted) per \(capacity.unit.rawValue)"
    }
  }

  private func short(_ value: Double) -> String {
    let digits = abs(value) >= 100 || value == value.rounded() ? 0 : abs(value) >= 1 ? 2 : abs(value) >= 0.1 ? 3 : 4
    return String(format: "%.\(digits)f", value)
  }

  private func percent(_ share: Double) -> String {
    let value = share * 100
    let digits = value >= 10 ? 1 : value >= 1 ? 2 : 3
    return String(format: "%.\(digits)f %%", value)
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

/// A noun for several: "customers", "companies", "boxes". English by rule; a noun of several words changes its last.
public func plural(_ noun: String) -> String {
  let lowered = noun.lowercased()
  let irregular = ["person": "people", "child": "children", "man": "men", "woman": "women"]
  if let last = lowered.split(separator: " ").last.map(String.init), let other = irregular[last] {
    return String(noun.dropLast(last.count)) + other
  }
  if lowered.hasSuffix("y"), let before = lowered.dropLast().last, !"aeiou".contains(before) {
    return String(noun.dropLast()) + "ies"
  }
  let takesE = ["s", "x", "z", "ch", "sh"].contains { lowered.hasSuffix($0) }
  return noun + (takesE ? "es" : "s")
}
