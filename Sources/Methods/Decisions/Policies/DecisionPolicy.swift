import Basics
import Evaluation
import Tables

/// A way of deciding on rows from their predictions: chosen on validation data, saved in the bundle.
public struct DecisionPolicy: Sendable, Hashable, Codable {
  /// When to act.
  public enum Rule: Sendable, Hashable, Codable {
    /// Never: nothing that acts earned more on the validation data.
    case never
    /// The action of the highest expected value, where it earns more than not acting.
    case expectedValue
    /// One action where the score is beyond a cut.
    case threshold(ScoreThreshold)
  }

  /// A cut on the score: the probability of the positive class, or the predicted number.
  public struct ScoreThreshold: Sendable, Hashable, Codable {
    /// The index of the action taken.
    public var action: Int
    /// The cut; nil means every row.
    public var cut: Double?
    /// Whether high scores are acted on; else low ones. The score equal to the cut is acted on.
    public var actsOnHigh: Bool

    /// Creates a cut.
    public init(action: Int, cut: Double?, actsOnHigh: Bool) {
      self.action = action
      self.cut = cut
      self.actsOnHigh = actsOnHigh
    }
  }

  /// A rule that was weighed on validation data.
  public struct Candidate: Sendable, Hashable, Codable {
    /// The rule.
    public var rule: Rule
    /// What it earns per row on validation rows that its cut was not chosen on, in the currency.
    public var valuePerRow: Double

    /// Creates a candidate.
    public init(rule: Rule, valuePerRow: Double) {
      self.rule = rule
      self.valuePerRow = valuePerRow
    }
  }

  /// What decisions are worth.
  public let specification: ValueSpecification
  /// What is predicted.
  public let task: LearningTask
  /// When to act.
  public let rule: Rule
  /// The rules that were weighed, the best first; empty for a rule that was given.
  public let candidates: [Candidate]

  /// Creates a policy with a given rule; the cut's action must be one of the actions.
  public init(
    specification: ValueSpecification, task: LearningTask, rule: Rule, candidates: [Candidate] = []
  ) {
    if case .threshold(let threshold) = rule {
      precondition(
        specification.actions.indices.contains(threshold.action), "DecisionPolicy: no action \(threshold.action)")
    }
    self.specification = specification
    self.task = task
    self.rule = rule
    self.candidates = candidates
  }

  /// What to do with each row.
  public struct Decisions: Sendable, Equatable {
    /// The index of the action per row, into `DecisionPolicy.specification.actions`; nil for a row that cannot be decided
    /// on.
    public var actions: [Int?]
    /// The name of the action per row; nil likewise.
    public var names: [String?]
    /// The expected value of the action per row, in the currency; not-a-number likewise.
    public var expectedValues: [Double]
    /// The rows that cannot be decided on, and why; nil if all can.
    public var undecided: UndecidedRows?
  }

  /// Decides on the rows of a table together: a capacity holds over these rows, anew in each period where it is given
  /// per period; if the table lacks the time column, its rows count as of one period. A row of which the value cannot be
  /// worked out, because a column is empty there, gets no action. Cost: a sort of the rows, and two evaluations of the
  /// value per class.
  ///
  /// - Parameters:
  ///   - predictions: one row per row of the table.
  ///   - share: see `DecisionData.share`.
  /// - Throws: `configuration` or `schema` if the table lacks what the value needs.
  public func decide(table: Table, predictions: Predictions, share: Double = 1) throws(AssayError) -> Decisions {
    let undecided = try UndecidedRows.find(specification, task: task, table: table, predictions: predictions)
    let rows = undecided.map { found in found.isUndecided.indices.filter { !found.isUndecided[$0] } }
    let known = rows.map { table.selecting(rows: $0) } ?? table
    let ranked = rows.map { predictions.selecting(rows: $0) } ?? predictions
    let limit = try CapacityLimit(specification, table: known, share: share, needsTime: false)
    let (actions, values) = try decide(known, ranked, limit)
    var result = Decisions(
      actions: Array(repeating: nil, count: table.rowCount), names: Array(repeating: nil, count: table.rowCount),
      expectedValues: Array(repeating: .nan, count: table.rowCount), undecided: undecided?.summary)
    for (position, row) in (rows ?? Array(0..<table.rowCount)).enumerated() {
      result.actions[row] = actions[position]
      result.names[row] = specification.actions[actions[position]].name
      result.expectedValues[row] = values[position]
    }
    return result
  }

  /// The index of the action per row, and its expected value.
  ///
  /// - Throws: `data` for a row whose value is missing.
  func decide(
    _ table: Table, _ predictions: Predictions, _ limit: CapacityLimit?
  ) throws(AssayError) -> (actions: [Int], expectedValues: [Double]) {
    let expected = try ActionValues(
      expected: specification, task: task, table: table, predictions: predictions)
    let ranking = try Ranking(self, expected: expected, predictions: predictions)
    let actions = ranking.decide(limit)
    return (actions, expected.taken(actions))
  }
}

extension DecisionPolicy {
  private enum CodingKeys: String, CodingKey { case specification, task, rule, candidates }

  /// Reads a policy.
  ///
  /// - Throws: an error if a field is absent, or the rule takes an action that there is not.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    specification = try container.decode(ValueSpecification.self, forKey: .specification)
    task = try container.decode(LearningTask.self, forKey: .task)
    rule = try container.decode(Rule.self, forKey: .rule)
    candidates = try container.decode([Candidate].self, forKey: .candidates)
    if case .threshold(let threshold) = rule, !specification.actions.indices.contains(threshold.action) {
      throw AssayError(.format, "the decision rule takes an action that there is not", at: "decision policy")
    }
  }
}

/// Which action each row would get, and in which order rows get it.
struct Ranking {
  /// The action per row if it is acted on.
  let actions: [Int]
  /// All rows, the most urgent first; equal ones in the order of the table.
  let order: [Int]
  /// Whether the rule acts on a row if there is capacity.
  let isCandidate: [Bool]

  init(_ policy: DecisionPolicy, expected: ActionValues, predictions: Predictions) throws(AssayError) {
    let priority: [Double]
    switch policy.rule {
    case .never, .expectedValue:
      let best = expected.best()
      actions = best.actions
      priority = best.advantages
      isCandidate = policy.rule == .never ? priority.map { _ in false } : priority.map { $0 > 0 }
    case .threshold(let threshold):
      let positive = try policy.specification.positiveIndex(policy.task)
      let scores = predictions.scores(policy.task, positive: positive)
      priority = threshold.actsOnHigh ? scores : scores.map { -$0 }
      actions = Array(repeating: threshold.action, count: priority.count)
      isCandidate = scores.map { score in
        guard let cut = threshold.cut else { return true }
        return threshold.actsOnHigh ? score >= cut : score <= cut
      }
    }
    order = falling(priority)
  }

  /// The action per row: the first action for rows that the rule or the limit leaves out.
  func decide(_ limit: CapacityLimit?) -> [Int] {
    let admitted = limit?.admitted(order.filter { isCandidate[$0] }) ?? isCandidate
    return actions.indices.map { admitted[$0] ? actions[$0] : 0 }
  }
}

/// The rows by falling number; equal ones in order.
func falling(_ numbers: [Double]) -> [Int] {
  numbers.indices.sorted { numbers[$0] == numbers[$1] ? $0 < $1 : numbers[$0] > numbers[$1] }
}

extension Predictions {
  /// The score: the probability of the positive class of two, or the predicted number.
  func scores(_ task: LearningTask, positive: Int) -> [Double] { output(task.isBinary ? positive : 0) }
}
