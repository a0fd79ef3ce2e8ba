import Basics
import Estimators

/// The configuration of a method that learns when events come.
///
/// Building one does no work and throws nothing; ranges are checked when `fit` is called.
public protocol SurvivalEstimator: Sendable, Codable {
  /// Learns from data.
  ///
  /// - Parameters:
  ///   - data: Rows with outcomes.
  ///   - validation: Rows to stop early by, for methods that improve step by step; nil means they run their course.
  ///   - context: Key, threads, deadline and interruption; its own `validation` is not used.
  /// - Throws: `configuration` for a setting out of its range, `data` for data it cannot learn from, `cancelled`.
  func fit(_ data: SurvivalData, validation: SurvivalData?, context: FitContext) throws -> any SurvivalModel
}

extension SurvivalEstimator {
  /// Learns from data without validation rows.
  public func fit(_ data: SurvivalData, context: FitContext) throws -> any SurvivalModel {
    try fit(data, validation: nil, context: context)
  }
}

/// What was learned about when events come: immutable, saved by `Codable`.
public protocol SurvivalModel: Sendable, Codable {
  /// The name under which files store this type; never changed once released.
  static var kind: String { get }

  /// The times at which curves are given where none are asked for, rising.
  var usualTimes: [Double] { get }

  /// A number per row that is larger where events come earlier: for Cox models the logarithm of the relative hazard.
  func risks(_ features: FeatureMatrix, threads: Int) -> [Double]

  /// The survival curve of every row.
  ///
  /// - Parameters:
  ///   - features: The features of the training data, in their order.
  ///   - times: Rising times of at least 0 at which the curves are computed; nil means `usualTimes`.
  ///   - threads: The threads it may use; the result does not depend on their number.
  func curves(_ features: FeatureMatrix, at times: [Double]?, threads: Int) -> SurvivalCurves
}

extension SurvivalModel {
  /// The survival curve of every row at the model's usual times.
  public func curves(_ features: FeatureMatrix, threads: Int = 1) -> SurvivalCurves {
    curves(features, at: nil, threads: threads)
  }
}

/// Refuses a setting that is out of its range.
///
/// - Throws: a `configuration` error that names the setting, its value and the range.
func requireSetting(_ holds: Bool, _ name: String, _ value: some CustomStringConvertible, _ range: String) throws {
  if !holds { throw AssayError(.configuration, "\(name) is \(value), it must be \(range)") }
}

/// Rising times without repetition at which a share of the weight of events lies, at most `count`, the last event's
/// among them.
func spreadTimes(_ sorted: [Double], count: Int) -> [Double] {
  var result: [Double] = []
  guard !sorted.isEmpty, count > 0 else { return result }
  let steps = min(count, sorted.count)
  for step in 1...steps {
    let time = sorted[(sorted.count * step + steps - 1) / steps - 1]
    if time > (result.last ?? -.infinity) { result.append(time) }
  }
  return result
}
