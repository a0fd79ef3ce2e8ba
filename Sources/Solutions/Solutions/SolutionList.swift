import Capacity
import Fraud
import Maintenance
import Projects

/// The business problems that come ready.
public enum SolutionList {
  /// All of them, in the order in which they are listed.
  public static let all: [any Solution] = [FraudPrevention(), PredictiveMaintenance(), CapacityPlanning()]

  /// The solution of a name.
  public static func named(_ name: String) -> (any Solution)? { all.first { $0.card.name == name } }
}
