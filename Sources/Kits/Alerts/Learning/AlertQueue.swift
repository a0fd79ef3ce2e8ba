import Basics
import Decisions
import Evaluation
import Experiments
import Foundation
import Histories
import Projects
import Tables

/// What acting brings, day by day and week by week, on the events of the test.
struct AlertQueue {
  /// A day or week of the test.
  struct Period {
    /// Its first moment, in seconds since 1970.
    var start: Double
    /// The events.
    var events = 0
    /// The targets among them.
    var targets = 0
    /// The amount of the targets.
    var targetAmount = 0.0
    /// The events looked at, or acted on.
    var alerts = 0
    /// The targets among those.
    var found = 0
    /// The amount of the targets found.
    var foundAmount = 0.0
    /// What acting earned, less what it cost; 0 without a value.
    var saved = 0.0
    /// The sum of the predicted probabilities.
    var expected = 0.0

    /// The share of alerts that are targets.
    var precision: Double { alerts == 0 ? .nan : Double(found) / Double(alerts) }
    /// The share of targets that are found.
    var recall: Double { targets == 0 ? .nan : Double(found) / Double(targets) }
    /// The share of the amount of targets that is found.
    var amountRecall: Double { targetAmount == 0 ? .nan : foundAmount / targetAmount }
  }

  /// What an action came to.
  struct Action {
    /// Its name in the project file.
    let name: String
    /// The events that it was taken for, and the targets among them.
    var events = 0
    var targets = 0
    /// What it earned, less what it cost.
    var saved = 0.0
  }

  /// The actions of the value in its order, without doing nothing; empty without a value.
  let actions: [Action]
  /// The days of the test.
  let days: [Period]
  /// The weeks of the test.
  let weeks: [Period]
  /// All of the test.
  let whole: Period
  /// The share of true targets among the units that can be looked at in a day.
  let cardPrecision: CardPrecision?
  /// Whose events count together in the queue: "card".
  let unit: String?
  /// The rows acted on, the most probable target first.
  let alerts: [Int]
  /// The probability of the target for each row.
  let probabilities: [Double]

  init(test: Table, scores: Scores, _ problem: AlertProblem) throws {
    let times = try test.column(problem.time).numbers()
    let labels = try test.column(problem.outcome).numbers()
    let amounts = try test.column(problem.amount).numbers()
    let p = scores.predictions.output(1)
    let isActedOn = Self.actions(scores, p, times, problem)
    let saved = try Self.savings(test, labels, scores, isActedOn, problem.project.value)
    actions = Self.outcomes(scores, labels, saved, problem.project.value)
    func periods(_ length: Double, _ origin: Double) -> [Period] {
      var found: [Double: Period] = [:]
      for row in times.indices {
        let start = ((times[row] - origin) / length).rounded(.down) * length + origin
        var period = found[start] ?? Period(start: start)
        let amount = amounts[row].isNaN ? 0 : amounts[row]
        period.events += 1
        period.expected += p[row]
        if labels[row] == 1 {
          period.targets += 1
          period.targetAmount += amount
        }
        if isActedOn[row] {
          period.alerts += 1
          if labels[row] == 1 {
            period.found += 1
            period.foundAmount += amount
          }
        }
        period.saved += saved[row]
        found[start] = period
      }
      return found.keys.sorted().compactMap { found[$0] }
    }
    days = periods(86_400, 0)
    // 1970-01-05 was a Monday.
    weeks = periods(604_800, 4 * 86_400)
    whole = periods(.greatestFiniteMagnitude, 0).first ?? Period(start: 0)
    unit = problem.units.first { test[$0] != nil }
    if let unit, case .category(let values)? = test[unit]?.values {
      cardPrecision = CardPrecision(
        scores: p, labels: labels.map { $0 == 1 }, cards: values.codes.map { EntityKey(Int64($0)) },
        days: times.map { Int(($0 / 86_400).rounded(.down)) }, queue: problem.queue)
    } else {
      cardPrecision = nil
    }
    alerts = isActedOn.indices.filter { isActedOn[$0] }.sorted { (p[$1], $0) < (p[$0], $1) }
    probabilities = p
  }

  private static func outcomes(
    _ scores: Scores, _ labels: [Double], _ saved: [Double], _ value: ValueSpecification?
  ) -> [Action] {
    guard let names = value?.actionNames, !scores.actions.isEmpty else { return [] }
    return names.dropFirst().map { name in
      scores.actions.indices.reduce(into: Action(name: name)) { action, row in
        guard scores.actions[row] == name else { return }
        action.events += 1
        action.targets += labels[row] == 1 ? 1 : 0
        action.saved += saved[row]
      }
    }
  }

  /// Whether each event is acted on: by the policy where there is a value, else the most probable targets of each day,
  /// as many as the queue can hold.
  private static func actions(_ scores: Scores, _ p: [Double], _ times: [Double], _ problem: AlertProblem) -> [Bool] {
    if !scores.actions.isEmpty, let first = problem.project.value?.actionNames.first {
      return scores.actions.map { $0 != nil && $0 != first }
    }
    var result = [Bool](repeating: false, count: p.count)
    for rows in Dictionary(grouping: p.indices, by: { (times[$0] / 86_400).rounded(.down) }).values {
      for row in rows.sorted(by: { (p[$1], $0) < (p[$0], $1) }).prefix(problem.queue) {
        result[row] = true
      }
    }
    return result
  }

  /// What the action taken earned more than doing nothing, row by row.
  private static func savings(
    _ test: Table, _ labels: [Double], _ scores: Scores, _ isActedOn: [Bool], _ value: ValueSpecification?
  ) throws -> [Double] {
    guard let value else { return Array(repeating: 0, count: labels.count) }
    let rows = isActedOn.indices.filter { isActedOn[$0] }
    var result = [Double](repeating: 0, count: labels.count)
    guard !rows.isEmpty else { return result }
    let data = DecisionData(
      table: test.selecting(rows: rows), labels: rows.map { labels[$0] },
      predictions: scores.predictions.selecting(rows: rows))
    let values = try ActionValues(realised: value, task: .classification(classes: ["0", "1"]), data: data).values
    let names = value.actionNames
    for (position, row) in rows.enumerated() {
      let action = names.firstIndex(of: scores.actions[row] ?? "") ?? 0
      result[row] = values[action][position] - values[0][position]
    }
    return result
  }
}
