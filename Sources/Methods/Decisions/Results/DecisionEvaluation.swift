import Basics
import Evaluation
import Tables

/// Measures on test data what deciding by a policy earns.
public enum DecisionEvaluation {
  /// The names of the policies that do not come from the value file.
  public static let modelName = "model"
  /// Today's practice.
  public static let todayName = "today's rule"

  /// What a policy earns on test data, beside doing nothing, each action for all rows, today's rule, and, under a
  /// capacity, the same capacity spent on rows drawn at random.
  ///
  /// Intervals (95 %) come from a bootstrap over rows with the decisions kept; totals are the same numbers times the
  /// rows. With a single row (or cluster) they are not-a-number. An action for all rows ignores the capacity; its name
  /// says so where it would break it. Rows whose value cannot be worked out are left out.
  ///
  /// - Parameters:
  ///   - test: rows that took no part in training or in choosing the policy.
  ///   - clusters: rows of equal number belong together (one customer's rows) and are drawn together; nil: none do.
  ///   - key: the source of the draws.
  /// - Throws: `configuration` for a value that does not fit the table, `data` for no rows, or if the value of more than
  ///   half of them cannot be worked out.
  public static func evaluate(
    _ policy: DecisionPolicy, on test: DecisionData, clusters: [Int]? = nil, key: RandomKey
  ) throws(AssayError) -> DecisionResult {
    precondition(clusters == nil || clusters?.count == test.rowCount, "DecisionEvaluation: one cluster per row")
    guard test.rowCount > 0 else { throw AssayError(.data, "there are no test rows to measure the decision on") }
    let specification = policy.specification
    let (test, kept, leftOut) = try test.decidable(specification, task: policy.task)
    let clusters = clusters.map { clusters in kept.map { clusters[$0] } }
    let realised = try ActionValues(realised: specification, task: policy.task, data: test)
    let expected = try ActionValues(
      expected: specification, task: policy.task, table: test.table, predictions: test.predictions)
    let ranking = try Ranking(policy, expected: expected, predictions: test.predictions)
    let limit = try CapacityLimit(specification, table: test.table, share: test.share)
    let decided = ranking.decide(limit)

    let alternatives = try alternatives(specification, test, limit, decided, key)
    let curve = ValueCurve(ranking: ranking, realised: realised)
    let rows = RowBootstrap(rowCount: test.rowCount, clusters: clusters, key: key["decision curve"])
    let bootstrap = Bootstrap(key: key["decision"])
    let names = [modelName] + alternatives.map(\.name)
    let actions = [decided] + alternatives.map(\.actions)
    let values = actions.map { realised.taken($0) }
    let more = try nextRows(specification, test, ranking, decided)

    let sums = rows.sums(width: curve.width) { row, sums in curve.add(row, to: sums) }
    let (valueCurve, marginal) = curve.curves(resampled: rows.resampledMeans(sums))
    let policies = values.indices.map { index in
      let perRow = bootstrap.mean(of: rows.condensed(values[index]))
      let advantages = zip(values[0], values[index]).map { $0 - $1 }
      var advantage = index == 0 ? nil : bootstrap.difference(of: rows.condensed(advantages))
      advantage?.effectSize = effectSize(advantages)
      return DecisionResult.Policy(
        name: names[index], total: perRow.scaled(by: Double(test.rowCount)), perRow: perRow,
        actionCounts: counts(actions[index], specification), modelAdvantage: advantage)
    }
    let one = more.map { more in
      let gains = curve.advantages.indices.map { more.isNext[$0] ? curve.advantages[$0] * more.scale : 0 }
      return bootstrap.mean(of: rows.condensed(gains))
    }
    let acted = decided.count { $0 > 0 }
    return DecisionResult(
      currency: specification.currency, actions: specification.actionNames, rule: policy.sentence,
      threshold: policy.threshold,
      capacity: specification.capacity?.description.replacing("the rows", with: "the " + plural(specification.unit)),
      policies: policies,
      valueCurve: valueCurve, marginalValue: marginal, shareActedOn: Double(acted) / Double(test.rowCount),
      perfectPerRow: perfect(realised, limit), valueOfOneMore: one, unit: specification.unit,
      level: RowBootstrap.level, rows: test.rowCount, leftOut: leftOut,
      periods: CapacityLimit.periodsCovered(specification, table: test.table, share: test.share))
  }

  private static func counts(_ actions: [Int], _ specification: ValueSpecification) -> [String: Int] {
    var counts = [Int](repeating: 0, count: specification.actions.count)
    for action in actions { counts[action] += 1 }
    return Dictionary(uniqueKeysWithValues: zip(specification.actionNames, counts))
  }

  /// The mean over the standard deviation; zero where nothing varies.
  private static func effectSize(_ values: [Double]) -> Double {
    let center = mean(values)
    let squares = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    let deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0
    return deviation > 0 ? center / deviation : 0
  }

  // MARK: Alternatives

  private static func alternatives(
    _ specification: ValueSpecification, _ test: DecisionData, _ limit: CapacityLimit?, _ decided: [Int],
    _ key: RandomKey
  ) throws(AssayError) -> [(name: String, actions: [Int])] {
    let rows = test.rowCount
    let names = specification.actionNames
    var result: [(name: String, actions: [Int])] = [(names[0], Array(repeating: 0, count: rows))]
    let breaksLimit = limit?.admitted(Array(0..<rows)).contains(false) ?? false
    for action in names.indices.dropFirst() {
      let name = "\(names[action]) all" + (breaksLimit ? ", beyond capacity" : "")
      result.append((name, Array(repeating: action, count: rows)))
    }
    if breaksLimit, let limit, names.count == 2 {
      var stream = key["random rows"].stream()
      let admitted = limit.admitted(stream.permutation(of: rows))
      result.append(("\(names[1]) at random", admitted.map { $0 ? 1 : 0 }))
    }
    if let today = try today(specification, test.table) { result.append((todayName, today)) }
    return result
  }

  /// The action that today's rule takes per row; nil without such a rule.
  ///
  /// - Throws: `configuration` if the rule does not fit the table or names an action that there is not.
  public static func today(_ specification: ValueSpecification, _ table: Table) throws(AssayError) -> [Int]? {
    guard let rule = specification.placedToday else { return nil }
    let texts = try rule.texts(over: table, scope: ExpressionScope(table: table))
    var actions: [String: Int] = [:]
    for (index, name) in specification.actionNames.enumerated() { actions[name] = index }
    if specification.actions.count == 2 {
      // A condition; an action of that very name comes first.
      actions["false"] = actions["false"] ?? 0
      actions["true"] = actions["true"] ?? 1
    }
    var result: [Int] = []
    result.reserveCapacity(texts.count)
    for text in texts {
      guard let text else {
        result.append(0)
        continue
      }
      guard let action = actions[text] else { throw specification.unknownAction(text, rule) }
      result.append(action)
    }
    return result
  }

  /// The value per row of acting with knowledge of the labels, within the capacity.
  private static func perfect(_ realised: ActionValues, _ limit: CapacityLimit?) -> Double {
    let best = realised.best()
    let worthwhile = falling(best.advantages).filter { best.advantages[$0] > 0 }
    let admitted = limit?.admitted(worthwhile)
    let gained = worthwhile.reduce(0) { $0 + (admitted?[$1] ?? true ? best.advantages[$1] : 0) }
    return mean(realised.values[0]) + gained / Double(best.actions.count)
  }

  /// The rows that a tenth more capacity would add, with the factor that turns their sum over all rows into the mean of
  /// one of them; nil without a capacity, or where more would add none.
  private static func nextRows(
    _ specification: ValueSpecification, _ test: DecisionData, _ ranking: Ranking, _ decided: [Int]
  ) throws(AssayError) -> (isNext: [Bool], scale: Double)? {
    guard let capacity = specification.capacity else { return nil }
    let factor = capacity.unit == .percent ? 1.1 : max(1.1, 1 + 1 / capacity.amount)
    let limit = try CapacityLimit(specification, table: test.table, share: test.share, factor: factor)
    let isNext = zip(ranking.decide(limit), decided).map { $0 > 0 && $1 == 0 }
    let count = isNext.count { $0 }
    return count == 0 ? nil : (isNext, Double(test.rowCount) / Double(count))
  }
}

extension Estimate {
  fileprivate func scaled(by factor: Double) -> Estimate {
    Estimate(value * factor, lower: lower * factor, upper: upper * factor)
  }
}
