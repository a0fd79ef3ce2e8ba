import Evaluation
import Experiments
import Projects

extension ExperimentResults {
  /// The entry of the leaderboard with the best validation among some families; nil where none was finished.
  func best(of families: Set<String>) -> LeaderboardEntry? {
    // The leaderboard has the best first.
    leaderboard.first { families.contains($0.family) }
  }
}

extension AlertStory {
  /// Families that learn without labels.
  static let unsupervised: Set<String> = ["isolation forest", "autoencoder"]
  /// Families that read the order of events.
  static let networks: Set<String> = ["LSTM", "GRU"]

  /// What labels are worth: the best that was done without them, and what the order of events adds.
  var worthOfLabels: ProjectResults.Answer? {
    guard let primary = experiment.metrics.first, let without = experiment.best(of: Self.unsupervised)?.test else {
      return nil
    }
    let metric = Metric(rawValue: primary.name)?.title ?? primary.name
    var words =
      "Ranked by how unusual they are, which takes no labels, the \(nouns.events) of the test reach \(metric) "
      + "\(number(without.value)); with labels it is \(number(primary.value.value))."
    if let network = experiment.best(of: Self.networks), let test = network.test {
      let part =
        network.ensembleWeight > 0
        ? "it has a share of \(Words.percent(network.ensembleWeight)) in the model" : "the model does without it"
      words +=
        " The \(network.family) that reads nothing but the last \(nouns.events) of the same \(problem.actor ?? "") reaches \(number(test.value)); \(part)."
    }
    return .init("What labels are worth", words)
  }

  private func number(_ value: Double) -> String { Words.number(value, digits: 3) }
}
