import Estimators
import Sequences

/// A learning method with its settings, in a form that can be stored, named and varied.
public enum Learner: Sendable, Codable {
  /// Class shares, or the mean.
  case baseline(PriorBaseline)
  /// The best single split.
  case stump(OneRuleStump)
  /// Linear, logistic or softmax regression with elastic net.
  case linear(ElasticNet)
  /// Gradient-boosted trees.
  case boosting(Boosting)
  /// Random forest or extremely randomised trees.
  case forest(Forest)
  /// k nearest neighbours.
  case neighbours(NearestNeighbours)
  /// Naive Bayes.
  case bayes(NaiveBayes)
  /// A multilayer perceptron.
  case network(NeuralNetwork)
  /// Gaussian-process regression.
  case process(GaussianProcess)
  /// An isolation forest, whose scores become probabilities; two classes only.
  case isolation(IsolationForest)
  /// An autoencoder, whose errors become probabilities; two classes only.
  case autoencoder(Autoencoder)
  /// A network over windows of the recent past.
  case sequence(SequenceNetwork)

  /// The method as an estimator.
  public var estimator: any Estimator {
    switch self {
    case .baseline(let estimator): estimator
    case .stump(let estimator): estimator
    case .linear(let estimator): estimator
    case .boosting(let estimator): estimator
    case .forest(let estimator): estimator
    case .neighbours(let estimator): estimator
    case .bayes(let estimator): estimator
    case .network(let estimator): estimator
    case .process(let estimator): estimator
    case .isolation(let detector): AnomalyClassifier(detector)
    case .autoencoder(let detector): AnomalyClassifier(detector)
    case .sequence(let estimator): estimator
    }
  }

  /// The family's name, as in the leaderboard.
  public var family: String {
    switch self {
    case .baseline: "baseline"
    case .stump: "stump"
    case .linear: "linear"
    case .boosting: "boosting"
    case .forest(let forest): forest.kind == .extraTrees ? "extra trees" : "random forest"
    case .neighbours: "neighbours"
    case .bayes: "naive Bayes"
    case .network: "network"
    case .process: "Gaussian process"
    case .isolation: "isolation forest"
    case .autoencoder: "autoencoder"
    case .sequence(let network): network.architecture.name
    }
  }

  /// Whether it finds out what is usual without labels, which only turn its scores into probabilities.
  public var isUnsupervised: Bool {
    switch self {
    case .isolation, .autoencoder: true
    default: false
    }
  }

  /// Whether each prediction looks at the rows that were learned from: it takes the longer the more there were.
  public var readsTrainingRows: Bool {
    switch self {
    case .neighbours, .process: true
    default: false
    }
  }
}
