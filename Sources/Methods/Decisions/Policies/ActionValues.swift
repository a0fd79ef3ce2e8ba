import Basics
import Evaluation
import Tables

/// The value of every action for every row, `values[action][row]`, gains less costs.
public struct ActionValues: Sendable, Equatable {
  /// The values, the action for rows not acted on first.
  public let values: [[Double]]

  /// What each action earns under the true labels.
  ///
  /// - Throws: `configuration` for an expression that does not fit the table, `data` for a row whose value is missing.
  public init(
    realised specification: ValueSpecification, task: LearningTask, data: DecisionData
  ) throws(AssayError) {
    let positive = try specification.positiveIndex(task)
    let scope = ExpressionScope(table: data.table, task: task, positive: positive)
    var all: [[Double]] = []
    for action in specification.actions {
      all.append(try ActionValues.net(action, data.table, scope, .known(data.labels), data.predictions))
    }
    values = all
  }

  /// What each action earns in expectation, given the predictions.
  ///
  /// Classification: the exact mean of the value over the classes, each with its predicted probability, so the
  /// expressions may depend on the label in any way. Regression: the value if the label were the predicted number, which
  /// is the expected value only where the value is linear in the label.
  ///
  /// - Throws: `configuration` for an expression that does not fit the table, `data` for a row whose value is missing.
  public init(
    expected specification: ValueSpecification, task: LearningTask, table: Table, predictions: Predictions
  ) throws(AssayError) {
    precondition(
      predictions.width == task.width && predictions.rowCount == table.rowCount,
      "ActionValues: predictions of \(predictions.rowCount) rows and width \(predictions.width) for "
        + "\(table.rowCount) rows and width \(task.width)")
    let positive = try specification.positiveIndex(task)
    let scope = ExpressionScope(table: table, task: task, positive: positive)
    var all: [[Double]] = []
    for action in specification.actions {
      let usesLabel = action.gain?.usesLabel == true || action.cost?.usesLabel == true
      if !usesLabel {
        all.append(try ActionValues.net(action, table, scope, .assumed(0), predictions))
      } else if task.classes.isEmpty {
        all.append(try ActionValues.net(action, table, scope, .known(predictions.values), predictions))
      } else {
        var mean = [Double](repeating: 0, count: table.rowCount)
        for label in task.classes.indices {
          let value = try ActionValues.net(action, table, scope, .assumed(Double(label)), predictions)
          let probability = predictions.output(label)
          for row in 0..<mean.count { mean[row] += probability[row] * value[row] }
        }
        all.append(mean)
      }
    }
    values = all
  }

  private static func net(
    _ action: ValueSpecification.Action, _ table: Table, _ scope: ExpressionScope, _ labels: LabelValues,
    _ predictions: Predictions
  ) throws(AssayError) -> [Double] {
    let gain = try action.placedGain?.numbers(over: table, scope: scope, labels: labels, predictions: predictions)
    let cost = try action.placedCost?.numbers(over: table, scope: scope, labels: labels, predictions: predictions)
    switch (gain, cost) {
    case (let gain?, let cost?): return zip(gain, cost).map { $0 - $1 }
    case (let gain?, nil): return gain
    case (nil, let cost?): return cost.map { -$0 }
    case (nil, nil): return Array(repeating: 0, count: table.rowCount)
    }
  }

  /// What an action earns more than not acting, per row.
  func advantage(of action: Int) -> [Double] { zip(values[action], values[0]).map { $0 - $1 } }

  /// The action beside the first that earns most per row, with what it earns more than the first.
  func best() -> (actions: [Int], advantages: [Double]) {
    var actions = [Int](repeating: 1, count: values[0].count)
    var advantages = advantage(of: 1)
    for action in values.indices.dropFirst(2) {
      for row in actions.indices {
        let advantage = values[action][row] - values[0][row]
        if advantage > advantages[row] {
          advantages[row] = advantage
          actions[row] = action
        }
      }
    }
    return (actions, advantages)
  }

  /// The value of the action taken, per row.
  func taken(_ actions: [Int]) -> [Double] { actions.enumerated().map { values[$1][$0] } }
}
