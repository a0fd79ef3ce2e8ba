import Estimators
import Sequences

/// A method that tells the remaining life.
public struct LifeCandidate: Sendable {
  /// What it looks at.
  enum Input: Sendable {
    /// Statistics of the past.
    case statistics
    /// The readings of the past as they are.
    case windows
  }

  /// Its name: "boosting".
  public let name: String
  let input: Input
  let estimator: any Estimator
  /// Its weight where time is shared.
  var part = 3.0

  /// What is tried, the baseline first.
  static func all(networks: Bool) -> [LifeCandidate] {
    var boosting = Boosting()
    boosting.trees = 600
    boosting.learningRate = 0.03
    boosting.leaves = 12
    boosting.minimumChildRows = 30
    boosting.columnShare = 0.3
    boosting.rowShare = 0.7
    boosting.earlyStoppingRounds = 40
    var list = [
      LifeCandidate(name: "the mean", input: .statistics, estimator: PriorBaseline(), part: 0.2),
      LifeCandidate(name: "linear", input: .statistics, estimator: ElasticNet(), part: 1),
      LifeCandidate(name: "boosting", input: .statistics, estimator: boosting, part: 4),
    ]
    guard networks else { return list }
    list += [
      LifeCandidate(
        name: "convolution", input: .windows,
        estimator: network(.convolution(channels: [16, 16], size: 5), rate: 5e-3)),
      LifeCandidate(name: "LSTM", input: .windows, estimator: network(.lstm(units: 32, layers: 1), rate: 5e-3)),
      LifeCandidate(name: "GRU", input: .windows, estimator: network(.gru(units: 32, layers: 1), rate: 5e-3)),
      LifeCandidate(
        name: "temporal convolution", input: .windows,
        estimator: network(.temporal(channels: 16, size: 3, blocks: 3), rate: 5e-3)),
      LifeCandidate(
        name: "transformer", input: .windows,
        estimator: network(.transformer(width: 16, heads: 4, blocks: 1), rate: 5e-3)),
    ]
    return list
  }

  private static func network(_ architecture: SequenceArchitecture, rate: Double) -> SequenceNetwork {
    var network = SequenceNetwork(architecture)
    network.learningRate = rate
    network.members = 2
    network.epochs = 20
    // Rows of a unit that follow each other say nearly the same.
    network.maximumRows = 10_000
    return network
  }
}
