import Estimators
import Evaluation

/// The candidates tried first, in this order: the baseline, then one of each family, then variations that often win.
struct Portfolio {
  /// The candidates.
  let candidates: [Candidate]

  /// The portfolio for a problem: its size decides learning rates, and which families are affordable.
  init(for problem: SearchProblem) {
    let rows = problem.table.rowCount
    let scale = Self.labelScale(problem)
    let rate = Self.learningRate(rows: rows, width: problem.task.width)
    var list: [Candidate] = []
    func add(_ name: String, _ learner: Learner, _ plan: FeaturePlan, _ labelScale: LabelScale = .identity) {
      list.append(Candidate(name: name, learner: learner, plan: plan, labelScale: labelScale))
    }
    func boosting(_ change: (inout Boosting) -> Void = { _ in }) -> Learner {
      var settings = Boosting()
      settings.trees = 3_000
      settings.earlyStoppingRounds = 60
      settings.learningRate = rate
      change(&settings)
      return .boosting(settings)
    }
    func forest(_ kind: Forest.Kind) -> Learner {
      // Probabilities from leaves of single rows are crude, and growing them takes most of the time.
      .forest(Forest(kind: kind, bins: 64, minimumChildRows: problem.task == .regression ? 3 : 5))
    }
    func network(_ change: (inout NeuralNetwork) -> Void = { _ in }) -> Learner {
      var settings = NeuralNetwork()
      // The folds' networks are averaged anyway; several more each pay only where rows are few.
      settings.members = rows < 2_000 ? 2 : 1
      change(&settings)
      return .network(settings)
    }
    add("baseline", .baseline(PriorBaseline()), .trees)
    // With many classes a round of boosting costs as many trees; a network costs next to nothing more.
    let hasManyClasses = problem.task.width > 8
    let regularised = network {
      $0.dropout = 0.2
      $0.weightDecay = 0.2
      $0.learningRate = 4e-3
    }
    if hasManyClasses && rows <= 100_000 {
      add("network 1", regularised, .trees)
      add("neighbours 1", .neighbours(NearestNeighbours()), .neighbours)
      add("network 2", network(), .trees)
    }
    // On skewed labels the two scales err differently: trees are tried on both.
    add("boosting 1", boosting(), .trees)
    // On most tables a network is as good as trees, and errs differently.
    if !hasManyClasses && rows <= 100_000 { add("network 1", network(), .trees, scale) }
    if problem.task == .regression && rows <= 8_000 {
      add("Gaussian process 1", .process(GaussianProcess()), .trees, scale)
      add("Gaussian process 2", .process(GaussianProcess()), .neighbours, scale)
    }
    add("linear 1", .linear(ElasticNet()), .linear, scale)
    list += problem.added
    if !hasManyClasses {
      add(
        "boosting 2",
        boosting {
          $0.leaves = 12
          $0.columnShareByNode = 0.5
          $0.rowShare = 0.8
          $0.l2 = 2
          $0.minimumChildRows = 10
        }, .trees, scale)
      add(
        "boosting 3",
        boosting {
          $0.leaves = 96
          $0.columnShare = 0.7
          $0.columnShareByNode = 0.5
          $0.rowShare = 0.8
          $0.minimumChildRows = 5
          $0.learningRate = rate * 0.6
        }, .trees, scale)
    }
    if rows <= 100_000 && !hasManyClasses { add("network 2", regularised, .trees, scale) }
    let growsForests = rows <= (hasManyClasses ? 5_000 : 100_000)
    if growsForests { add("extra trees 1", forest(.extraTrees), .trees) }
    if rows <= (hasManyClasses ? 20_000 : 5_000) {
      add(
        "network 3",
        network {
          $0.hiddenWidths = [256, 256, 256]
          $0.activation = .relu
        }, .trees, scale)
    }
    if growsForests { add("random forest 1", forest(.randomForest), .trees, scale) }
    if rows <= 100_000 && !hasManyClasses {
      add("neighbours 1", .neighbours(NearestNeighbours()), .neighbours, scale)
    }
    add("naive Bayes 1", .bayes(NaiveBayes()), .linear)
    add("stump", .stump(OneRuleStump()), .trees)
    candidates = list.filter { candidate in
      if problem.scoresStreams && candidate.learner.readsTrainingRows { return false }
      guard case .bayes = candidate.learner else { return true }
      return problem.task != .regression
    }
  }

  /// Smaller steps where a round costs little.
  static func learningRate(rows: Int, width: Int) -> Double {
    switch rows * (width <= 2 ? 1 : width) {
    case ..<3_000: 0.03
    case ..<200_000: 0.05
    default: 0.1
    }
  }

  /// The logarithm for labels that are never negative and lean far to the right, where the metric allows it.
  static func labelScale(_ problem: SearchProblem) -> LabelScale {
    guard problem.task == .regression, problem.labels.allSatisfy({ $0 >= 0 }) else { return .identity }
    let count = Double(problem.labels.count)
    let mean = problem.labels.reduce(0, +) / count
    let variance = problem.labels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    guard variance > 0 else { return .identity }
    let third = problem.labels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) } / count
    return third / (variance * variance.squareRoot()) > 1 ? .logarithm : .identity
  }
}
