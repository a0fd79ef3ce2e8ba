import Basics
import Solvers

/// A plan beside what is usually done instead, all judged by the same scenarios.
public struct CapacityComparison: Sendable, Hashable, Codable {
  /// The plan of least expected cost.
  public let best: CapacityPlan
  /// The plan that would be best if the mean demand came true.
  public let onMean: CapacityPlan
  /// The plan that would be best if last year's demand came again; nil if it was not given.
  public let onLastYear: CapacityPlan?

  /// What planning on scenarios instead of on the mean saves: the value of the stochastic solution.
  public var savingOverMean: Double { onMean.cost.total - best.cost.total }

  /// What the plan saves over repeating last year; nil without last year's demand.
  public var savingOverLastYear: Double? { onLastYear.map { $0.cost.total - best.cost.total } }
}

extension CapacityProblem {
  /// The best plan beside the plans on the mean and on last year's demand.
  ///
  /// - Parameter lastYear: Last year's demand by period; nil if there is none.
  /// - Throws: what `plan(over:options:interruption:)` throws.
  public func comparison(
    over scenarios: DemandScenarios, lastYear: [Double]? = nil,
    options: SolveOptions = SolveOptions(timeLimit: 60, relativeGap: 1e-4)
  ) throws(AssayError) -> CapacityComparison {
    var onLastYear: CapacityPlan?
    if let lastYear { onLastYear = try plan(expecting: lastYear, judgedBy: scenarios, options: options) }
    return CapacityComparison(
      best: try plan(over: scenarios, options: options),
      onMean: try plan(expecting: scenarios.mean, judgedBy: scenarios, options: options), onLastYear: onLastYear)
  }
}
