import Estimators
import Foundation

/// A learning method with its settings, its features and its label scale: what the search tries.
public struct Candidate: Sendable, Codable {
  /// A short name, unique within a run: "boosting 3".
  public var name: String
  /// The method with its settings.
  public var learner: Learner
  /// How columns become features.
  public var plan: FeaturePlan
  /// The scale on which labels are learned.
  public var labelScale: LabelScale
  /// The columns that it learns from; nil means all that are not reserved (`TrainingRequest.reserved`).
  public var columns: [String]?
  /// The share of the search's time that its fits may take, above 0 and at most 1; nil leaves it to its family. Its final
  /// fit may take as much again.
  public var budgetShare: Double?

  /// Creates a candidate.
  public init(
    name: String, learner: Learner, plan: FeaturePlan, labelScale: LabelScale = .identity, columns: [String]? = nil,
    budgetShare: Double? = nil
  ) {
    self.name = name
    self.learner = learner
    self.plan = plan
    self.labelScale = labelScale
    self.columns = columns
    self.budgetShare = budgetShare
  }
}

/// The scale on which a regression learns its labels.
public enum LabelScale: String, Sendable, Codable {
  /// As they are.
  case identity
  /// The logarithm of one plus the label; for positive, skewed labels.
  case logarithm

  /// A label on this scale.
  public func forward(_ label: Double) -> Double {
    self == .logarithm ? log1p(max(label, 0)) : label
  }

  /// The label of a number on this scale.
  public func backward(_ number: Double) -> Double {
    // Beyond exp(40) no label is meant; the bound keeps an extrapolating model finite.
    self == .logarithm ? expm1(min(number, 40)) : number
  }
}
