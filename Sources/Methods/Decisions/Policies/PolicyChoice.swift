import Basics
import Evaluation

extension DecisionPolicy {
  /// Chooses the rule that earns most on validation data.
  ///
  /// Weighed are the action of the highest expected value and, where there is a single score, a cut on it for each
  /// action, acting on high or on low scores. The best cut on rows looks better on these rows than on others, so cuts
  /// are compared by what they earn on five parts of the rows, each with the cut chosen on the other four; the cut of
  /// the chosen rule then comes from all rows. A capacity limits every rule. At equal value the expected value wins. Rows whose
  /// value cannot be worked out are left out.
  ///
  /// - Parameters:
  ///   - validation: out-of-fold predictions with their labels, never the test data.
  ///   - key: the source of the random parts.
  /// - Throws: `configuration` for a value that does not fit the table, `data` for no rows, or if the value of more than
  ///   half of them cannot be worked out.
  public static func choose(
    _ specification: ValueSpecification, task: LearningTask, validation: DecisionData, key: RandomKey
  ) throws(AssayError) -> DecisionPolicy {
    guard validation.rowCount > 0 else { throw AssayError(.data, "there are no rows to choose the decision rule on") }
    let validation = try validation.decidable(specification, task: task).data
    let realised = try ActionValues(realised: specification, task: task, data: validation)
    let limit = try CapacityLimit(specification, table: validation.table, share: validation.share)
    let decisions = try DecisionPolicy(specification: specification, task: task, rule: .expectedValue)
      .decide(validation.table, validation.predictions, limit)
    var candidates = [
      Candidate(rule: .expectedValue, valuePerRow: mean(realised.taken(decisions.actions)))
    ]
    if task.classes.count <= 2 {
      let positive = try specification.positiveIndex(task)
      let scores = validation.predictions.scores(task, positive: positive)
      let part = parts(validation.rowCount, key)
      let base = mean(realised.values[0])
      for action in specification.actions.indices.dropFirst() {
        let advantages = realised.advantage(of: action)
        for actsOnHigh in [true, false] {
          let search = ThresholdSearch(
            priority: actsOnHigh ? scores : scores.map { -$0 }, advantages: advantages, limit: limit)
          let rule: Rule
          switch search.best() {
          case .nothing: rule = .never
          case .everything: rule = .threshold(ScoreThreshold(action: action, cut: nil, actsOnHigh: actsOnHigh))
          case .from(let cut):
            rule = .threshold(
              ScoreThreshold(action: action, cut: actsOnHigh ? cut : -cut, actsOnHigh: actsOnHigh))
          }
          let value = search.crossValidated(part: part, parts: partCount) + base
          candidates.append(Candidate(rule: rule, valuePerRow: value))
        }
      }
    }
    // A stable sort, so that the expected value stays before a cut that earns the same.
    candidates = candidates.enumerated().sorted {
      $0.element.valuePerRow == $1.element.valuePerRow
        ? $0.offset < $1.offset : $0.element.valuePerRow > $1.element.valuePerRow
    }.map(\.element)
    return DecisionPolicy(
      specification: specification, task: task, rule: candidates[0].rule, candidates: candidates)
  }

  private static let partCount = 5

  private static func parts(_ count: Int, _ key: RandomKey) -> [Int] {
    var stream = key["decision parts"].stream()
    var part = [Int](repeating: 0, count: count)
    for (position, row) in stream.permutation(of: count).enumerated() { part[row] = position % partCount }
    return part
  }
}

/// The mean of numbers; zero of none.
func mean(_ numbers: [Double]) -> Double { numbers.isEmpty ? 0 : numbers.reduce(0, +) / Double(numbers.count) }

/// Finds the cut on a priority above which acting earns most.
struct ThresholdSearch {
  enum Cut: Equatable {
    case nothing
    case everything
    /// From this priority upwards.
    case from(Double)
  }

  private let priority: [Double]
  /// What acting earns more than not acting; zero where the capacity is used up by rows of higher priority. Which rows
  /// these are does not depend on the cut.
  private let gains: [Double]
  private let order: [Int]

  init(priority: [Double], advantages: [Double], limit: CapacityLimit?) {
    let order = falling(priority)
    let admitted = limit?.admitted(order)
    self.priority = priority
    self.order = order
    gains = advantages.indices.map { admitted?[$0] ?? true ? advantages[$0] : 0 }
  }

  /// The cut that earns most on the rows outside a part; at equal value the one that acts less.
  func best(outside part: Int? = nil, of parts: [Int] = []) -> Cut {
    var best = Cut.nothing
    var bestSum = 0.0
    var sum = 0.0
    for (position, row) in order.enumerated() {
      if part == nil || parts[row] != part { sum += gains[row] }
      let isLast = position + 1 == order.count
      // Rows of equal priority are on the same side of any cut.
      if !isLast && priority[order[position + 1]] == priority[row] { continue }
      if sum > bestSum {
        bestSum = sum
        best = isLast ? .everything : .from(ThresholdSearch.between(priority[order[position + 1]], priority[row]))
      }
    }
    return best
  }

  /// What the cuts chosen on the other parts earn, per row.
  func crossValidated(part: [Int], parts count: Int) -> Double {
    let cuts = (0..<count).map { best(outside: $0, of: part) }
    var sum = 0.0
    for row in gains.indices {
      switch cuts[part[row]] {
      case .nothing: break
      case .everything: sum += gains[row]
      case .from(let cut): if priority[row] >= cut { sum += gains[row] }
      }
    }
    return sum / Double(gains.count)
  }

  /// The middle of two numbers, above the lower one even if they are neighbours.
  static func between(_ lower: Double, _ upper: Double) -> Double {
    let middle = lower + (upper - lower) / 2
    return middle > lower && middle <= upper ? middle : upper
  }
}
