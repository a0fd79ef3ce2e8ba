import Basics
import Decisions
import Estimators
import Evaluation
import Kernels
import Tables

/// What scoring says about rows.
public struct Scores: Sendable {
  /// The predicted numbers or calibrated probabilities.
  public let predictions: Predictions
  /// The lower ends of the intervals (regression).
  public let lower: [Double]
  /// The upper ends of the intervals (regression).
  public let upper: [Double]
  /// The classes in each row's prediction set (classification).
  public let sets: [[Int]]
  /// The action per row where the bundle has a policy, nil for a row that cannot be decided on; empty otherwise.
  public let actions: [String?]
  /// The rows that cannot be decided on, and why; nil if there are none.
  public let undecided: UndecidedRows?

  /// The most probable class of a row.
  public func topClass(_ row: Int) -> Int {
    (0..<predictions.width).max { predictions[row, $0] < predictions[row, $1] } ?? 0
  }
}

extension ModelBundle {
  /// Scores a table that has the schema's columns; further columns are ignored.
  ///
  /// - Throws: `schema` if a column is absent or its values cannot be read as the training data's.
  public func score(_ table: Table, threads: Int) throws -> Scores {
    let predictions = try predict(table, threads: threads)
    var lower: [Double] = []
    var upper: [Double] = []
    var sets: [[Int]] = []
    if let conformal {
      if task == .regression {
        (lower, upper) = conformal.intervals(for: predictions)
      } else {
        sets = conformal.sets(for: predictions)
      }
    }
    let decisions = try policy?.decide(table: table, predictions: predictions)
    return Scores(
      predictions: predictions, lower: lower, upper: upper, sets: sets, actions: decisions?.names ?? [],
      undecided: decisions?.undecided)
  }

  /// The calibrated predictions of a table.
  public func predict(_ table: Table, threads: Int) throws -> Predictions {
    let raw = try uncalibrated(table.conforming(to: schema), threads: threads)
    return calibrator?.apply(raw) ?? raw
  }

  /// The weighted mean of the members, each the mean of its fits.
  func uncalibrated(_ table: Table, threads: Int) throws -> Predictions {
    let features = try pipelines.map { try $0.transform(table, threads: threads) }
    var sum = Array(repeating: 0.0, count: table.rowCount * task.width)
    for member in members {
      let share = member.weight / Double(member.fits.count)
      for fit in member.fits {
        let values = Fit(pipeline: pipelines[fit.pipeline], model: fit.model, labelScale: fit.labelScale)
          .predict(features[fit.pipeline], threads: threads).values
        for i in values.indices { sum[i] += share * values[i] }
      }
    }
    return Predictions(sum, width: task.width)
  }
}
