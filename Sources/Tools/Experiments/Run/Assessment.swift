import Basics
import Decisions
import Evaluation
import Tables

/// The one look at the test rows: measures, comparisons, reliability, value and explanation of the chosen model.
struct Assessment {
  private let data: PreparedData
  private let problem: SearchProblem
  private let candidates: [CandidateFits]
  private let assembly: Assembly
  private let bundle: ModelBundle
  private let request: TrainingRequest
  private let bootstrap: Bootstrap
  /// The columns the model sees, of the test rows.
  private let test: Table
  /// The chosen model's calibrated predictions of the test rows.
  private let predictions: Predictions

  init(
    data: PreparedData, guarded: GuardedRows, problem: SearchProblem, candidates: [CandidateFits], assembly: Assembly,
    bundle: ModelBundle, request: TrainingRequest
  ) throws {
    self.data = data
    self.problem = problem
    self.candidates = candidates
    self.assembly = assembly
    self.bundle = bundle
    self.request = request
    bootstrap = Bootstrap(key: problem.key["intervals"], threads: problem.threads)
    test = guarded.test
    predictions = try bundle.predict(test, threads: problem.threads)
  }

  /// Rows of one entity, which intervals must draw together.
  private func clusters(_ table: Table) throws -> [Int]? {
    try request.entity.map { entities(of: try table.column($0)) }
  }

  /// Measures everything into results.
  func measure(into results: inout ExperimentResults, deadline: Deadline) throws {
    results.intervalLevel = bootstrap.level
    try measureMetrics(&results)
    try measureLeaderboard(&results, deadline: deadline)
    try measureReliability(&results)
    try measureDecision(&results)
    try measurePicture(&results)
    let explainer = Explainer(
      bundle: bundle, test: test, labels: data.testLabels, problem: problem, predictions: predictions)
    results.explanation = try explainer.explanation(deadline: deadline)
    results.segments = try explainer.segments()
  }

  /// What a later comparison with another run needs.
  func testScores(run: String) throws -> TestScores {
    TestScores(
      run: run, task: data.task, metric: problem.metric, labels: data.testLabels, predictions: predictions,
      rowsHash: data.test.contentHash(), clusters: try clusters(data.test))
  }

  private func measureMetrics(_ results: inout ExperimentResults) throws {
    let metrics = [problem.metric] + Metric.reported(for: data.task).filter { $0 != problem.metric }
    let estimates = bootstrap.estimates(
      metrics, labels: data.testLabels, predictions: predictions, task: data.task, clusters: try clusters(data.test))
    let baseline = try testPredictions(candidates[0])
    results.metrics = zip(metrics, estimates).map { metric, estimate in
      MetricSummary(
        name: metric.rawValue, value: estimate,
        baseline: metric.value(labels: data.testLabels, predictions: baseline, task: data.task, weights: nil),
        higherIsBetter: metric.isHigherBetter)
    }
  }

  /// A candidate's predictions of the test rows: the mean of its fits.
  private func testPredictions(_ candidate: CandidateFits) throws -> Predictions {
    let all = try candidate.fits.map { fit in
      fit.predict(try fit.pipeline.transform(test, threads: problem.threads), threads: problem.threads)
    }
    let share = Array(repeating: 1 / Double(all.count), count: all.count)
    return Ensemble.average(all, weights: share) ?? predictions
  }

  private func measureLeaderboard(_ results: inout ExperimentResults, deadline: Deadline) throws {
    let owners = try clusters(data.test)
    let judgedOwners = try clusters(data.training.selecting(rows: problem.validation.judgedRows))
    let judgedLabels = problem.judgedLabels
    let metric = problem.metric
    // The chosen model's measure was taken already; another draw would give it a second interval.
    let chosenTest = results.metrics.first { $0.name == metric.rawValue }?.value
    func entry(
      _ name: String, family: String, settings: String, outOfFold: Predictions, test: Predictions?, seconds: Double,
      weight: Double
    ) -> LeaderboardEntry {
      let isChosen = name == assembly.chosen
      return LeaderboardEntry(
        name: name, family: family, settings: settings,
        validation: bootstrap.estimate(
          metric, labels: judgedLabels, predictions: outOfFold, task: data.task, clusters: judgedOwners),
        test: test.map {
          isChosen
            ? chosenTest ?? Estimate(.nan, lower: .nan, upper: .nan)
            : bootstrap.estimate(metric, labels: data.testLabels, predictions: $0, task: data.task, clusters: owners)
        },
        chosenAgainstThis: isChosen
          ? nil
          : test.map {
            bootstrap.difference(
              metric, labels: data.testLabels, first: predictions, second: $0, task: data.task, clusters: owners)
          },
        seconds: seconds, ensembleWeight: weight)
    }
    var entries: [LeaderboardEntry] = []
    if !candidates.contains(where: { $0.candidate.name == assembly.chosen }) {
      entries.append(
        entry(
          assembly.chosen, family: "ensemble", settings: "weighted mean", outOfFold: assembly.calibrated,
          test: predictions, seconds: 0, weight: 1))
    }
    // Every family's best, all members and the next best: intervals for hundreds of candidates would tell no more.
    for index in shown() {
      let candidate = candidates[index]
      // Candidates that are no members may predict slowly; they are measured while time is left.
      let isMeasured = assembly.weights[index] > 0 || deadline.secondsLeft > 4
      let isChosen = candidate.candidate.name == assembly.chosen
      entries.append(
        entry(
          candidate.candidate.name, family: candidate.candidate.learner.family, settings: candidate.candidate.words,
          outOfFold: candidate.outOfFold,
          test: isChosen ? predictions : isMeasured ? try testPredictions(candidate) : nil, seconds: candidate.seconds,
          weight: assembly.weights[index]))
    }
    results.leaderboard = entries.sorted {
      problem.goodness($0.validation.value) > problem.goodness($1.validation.value)
    }
    results.candidateCount = candidates.count
  }

  private func shown() -> [Int] {
    let labels = problem.judgedLabels
    let goodness = candidates.map {
      problem.goodness(problem.metric.value(labels: labels, predictions: $0.outOfFold, task: data.task, weights: nil))
    }
    let order = candidates.indices.sorted { goodness[$0] > goodness[$1] }
    var families: Set<String> = []
    let kept = order.enumerated().filter { position, index in
      families.insert(candidates[index].candidate.learner.family).inserted || assembly.weights[index] > 0
        || position < 10
    }
    return kept.map(\.element)
  }

  private func measureReliability(_ results: inout ExperimentResults) throws {
    let segmentings = SegmentColumns.segmentings(test)
    let coverage =
      bundle.conformal?.coverage(labels: data.testLabels, predictions: predictions, segmentings: segmentings) ?? []
    guard data.task != .regression else {
      if let conformal = bundle.conformal {
        results.reliability = ReliabilitySummary(
          calibration: "none", bins: [], errorBefore: nil, errorAfter: nil, level: conformal.level, coverage: coverage)
      }
      return
    }
    let raw = try bundle.uncalibrated(test, threads: problem.threads)
    func error(_ predictions: Predictions) -> Double {
      Metric.calibrationError.value(labels: data.testLabels, predictions: predictions, task: data.task, weights: nil)
    }
    results.reliability = ReliabilitySummary(
      calibration: bundle.calibrator?.method.rawValue ?? "none",
      bins: reliabilityBins(labels: data.testLabels, predictions: predictions),
      errorBefore: error(raw), errorAfter: error(predictions), level: bundle.conformal?.level ?? request.conformalLevel,
      coverage: coverage)
  }

  private func measureDecision(_ results: inout ExperimentResults) throws {
    let key = problem.key["decision"]
    if let policy = bundle.policy {
      let rows = DecisionData(
        table: data.test, labels: data.testLabels, predictions: predictions, share: data.testShare)
      results.decision = try DecisionEvaluation.evaluate(policy, on: rows, clusters: try clusters(data.test), key: key)
    } else if data.task.isBinary {
      results.costCurves = try CostCurves.curves(
        validationLabels: problem.judgedLabels, validationScores: assembly.calibrated.output(1),
        testLabels: data.testLabels, testScores: predictions.output(1), key: key)
    }
  }

  /// The test rows on which the policy does something; nil where there is no policy, or more than one thing to do.
  private func actedOn() throws -> [Bool]? {
    guard let policy = bundle.policy, policy.specification.actions.count == 2 else { return nil }
    let decisions = try policy.decide(table: data.test, predictions: predictions, share: data.testShare)
    return decisions.actions.map { ($0 ?? 0) > 0 }
  }

  /// Positions of at most that many rows, ascending.
  private func sample(_ limit: Int, of count: Int) -> [Int] {
    var random = problem.key["picture"].stream()
    return random.permutation(of: count).prefix(limit).sorted()
  }

  /// The curves, the confusion at the operating point, predicted against observed.
  private func measurePicture(_ results: inout ExperimentResults) throws {
    let labels = data.testLabels
    guard data.task != .regression else {
      let rows = sample(400, of: labels.count)
      let interval = bundle.conformal?.intervals(for: predictions.selecting(rows: rows))
      results.fit = FitSummary(
        predicted: rows.map { predictions[$0, 0] }, observed: rows.map { labels[$0] }, lower: interval?.lower ?? [],
        upper: interval?.upper ?? [])
      return
    }
    let classes = data.task.classes
    if data.task.isBinary {
      let scores = predictions.output(1)
      results.roc = rocCurve(labels: labels, scores: scores)
      results.precisionRecall = precisionRecallCurve(labels: labels, scores: scores)
      if let acted = try actedOn() {
        // What counts as found and missed is what the decision acts on.
        let scores = acted.map { $0 ? 1.0 : 0 }
        results.confusion = ConfusionSummary(
          classes: classes, counts: ConfusionMatrix(labels: labels, scores: scores, threshold: 0.5).counts,
          operatingPoint: "the decision rule")
        return
      }
      // Without a value the threshold is the one with the best F1 on rows that are not the test's.
      let threshold = bestF1Threshold(labels: problem.judgedLabels, scores: assembly.calibrated.output(1)).threshold
      results.confusion = ConfusionSummary(
        classes: classes, counts: ConfusionMatrix(labels: labels, scores: scores, threshold: threshold).counts,
        operatingPoint: "probability of \(classes[1]) at least \(ShortNumber.text(threshold))")
    } else {
      results.confusion = ConfusionSummary(
        classes: classes, counts: ConfusionMatrix(labels: labels, predictions: predictions).counts,
        operatingPoint: "the most probable class")
    }
  }
}
