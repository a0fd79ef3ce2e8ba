import Basics
import Evaluation
import Experiments
import Foundation
import Projects
import Tables

/// The whole way from snapshots to which to serve before: the failure modes first, then failures, which may lean on them,
/// then the decision.
public struct SnapshotStudy {
  private let problem: SnapshotProblem
  private let context: ProjectContext
  private var project: Project { problem.project }
  private var data: ProjectData { problem.data }

  /// A study of a problem.
  public init(_ problem: SnapshotProblem, _ context: ProjectContext) {
    self.problem = problem
    self.context = context
  }

  /// The share of the budget that failure modes are learned in.
  private static let modesShare = 0.35
  /// The share that is kept for telling what drives the predictions.
  private static let tellingShare = 0.15

  private var key: RandomKey { RandomKey(seed: context.seed)["snapshots"] }

  /// Learns, measures on rows that nothing was learned from, and decides; the models are left in the project's folder.
  ///
  /// - Throws: a `data` error where a side of the split holds no failure.
  public func execute(for card: SolutionCard) throws -> ProjectOutcome {
    let start = ContinuousClock.now
    context.progress(nil, "reading \(data.table.rowCount) snapshots")
    let snapshots = try SnapshotData(problem)
    let split = try SnapshotSplit(snapshots, problem, key: key["test"])
    let readings = try split.table.selecting(columns: try columns(snapshots, split))
    let isPresent = snapshots.modes.map { mode in split.sourceRows.map { mode.isPresent[$0] } }

    let store = try ProjectStore(project, data, context)
    let time = FittingTime(budget: context.budget, resumes: context.resumes, store: store)
    let search = FailureModeSearch(
      table: readings.selecting(rows: split.training),
      units: split.machines.map { all in split.training.map { all[$0] } }, dataHash: data.hash, seed: context.seed,
      threads: context.threads, candidateLimit: context.candidateLimit, store: store,
      interruption: context.interruption
    ) { [progress = context.progress] mode in progress(nil, "learning the failure mode \(mode)") }
    let found = try search.run(
      snapshots.modes.indices.map { mode in
        (snapshots.modes[mode].name, split.training.map { isPresent[mode][$0] })
      }, seconds: max(1, min(Self.modesShare * context.budget, time.left(but: Self.tellingShare))))
    try time.keep()
    try AtomicFile.write(CBOREncoder().encode(found.modes), to: project.path(SnapshotPrediction.modesFile))

    let run = TrainingRun(
      request: try request(readings.names, split, found, time: time),
      table: try table(split, readings, found), output: project.folder, resumes: context.resumes,
      command: context.command, interruption: context.interruption, ledger: context.ledger)
    var experiment = try run.execute { context.progress($0.share, $0.text) }
    // What a stopped run has finished is kept for one that goes on; here is told what is there.
    if context.interruption.isRequested {
      try time.keep()
    } else {
      run.finish()
      store.finish()
    }
    let bundle = try BundleFile.read(project.path(problem.modelFile))
    try tell(&experiment, bundle, found.modes, readings.selecting(rows: split.test), split)

    let test = try found.modes.adding(to: split.table.selecting(rows: split.test), threads: context.threads)
    let decision = ServiceDecision(
      scores: try bundle.score(test, threads: context.threads),
      failed: try test.column(problem.failed).numbers().map { $0 == 1 },
      units: split.machines.map { all in split.test.map { all[$0] } }, failure: problem.terms.failure,
      service: problem.terms.service, hasCosts: problem.terms.areGiven, key: key["decision"],
      threads: context.threads)
    let measures = try ModeMeasures(
      found.modes, table: readings, isPresent: isPresent, training: split.training, test: split.test,
      isServed: decision.isServed, key: key["measures"], threads: context.threads)
    experiment.run.seconds = seconds(start.duration(to: .now))
    return SnapshotStory(
      problem: problem, snapshots: snapshots, split: split, decision: decision, measures: measures,
      experiment: experiment, riskiest: try riskiest(decision, measures, test, bundle, found.modes, split)
    ).outcome(card)
  }

  /// The columns that are learned from, without those that only number rows.
  private func columns(_ snapshots: SnapshotData, _ split: SnapshotSplit) throws -> [String] {
    let table = try split.table.selecting(columns: snapshots.features)
    let labels = try split.table.column(problem.failed).numbers()
    let found = Guard(key: key["guard"], threads: context.threads).inspect(
      GuardedData(
        training: table.selecting(rows: split.training), labels: split.training.map { labels[$0] },
        task: SnapshotSplit.task, target: problem.failed, test: table.selecting(rows: split.test), isRandomSplit: false)
    )
    let numbers = Set(found.filter { $0.kind == .identifier }.map(\.column))
    let kept = snapshots.features.filter { !numbers.contains($0) }
    // Where all number rows, the run itself says so.
    return kept.isEmpty ? snapshots.features : kept
  }

  /// The rows to learn from and to measure on, with what failure modes say of them.
  private func table(_ split: SnapshotSplit, _ readings: Table, _ found: FailureModeSearch.Outcome) throws -> Table {
    guard let training = found.together else { return split.table }
    let test = try found.modes.adding(to: readings.selecting(rows: split.test), threads: context.threads)
    var values = [Double](repeating: 0, count: split.table.rowCount)
    for (row, value) in zip(split.training, training.numbers()) { values[row] = value }
    for (row, value) in zip(split.test, try test.column(FailureModes.column).numbers()) { values[row] = value }
    return try split.table.setting(Column(FailureModes.column, .float(values)))
  }

  private func request(
    _ readings: [String], _ split: SnapshotSplit, _ found: FailureModeSearch.Outcome, time: FittingTime
  ) throws -> TrainingRequest {
    var request = TrainingRequest(data: project.data, target: problem.failed)
    request.task = .binary
    request.positive = "1"
    request.metric = Metric.prAUC.rawValue
    request.splitColumn = SnapshotSplit.column
    request.time = split.isByTime ? problem.time : nil
    request.entity = split.machines == nil ? nil : problem.unit
    let used = Set(readings + [problem.failed, SnapshotSplit.column])
    request.excluded = split.table.names.filter { !used.contains($0) }
    if found.together != nil {
      request.candidates = FailureModes.candidates(readings)
      request.reserved = [FailureModes.column]
      request.allowed = [
        "leak:\(FailureModes.column)": "it is told from the readings, by models that had not seen the row"
      ]
    }
    // A run that is taken up again has its modes at once; then the time goes to failures.
    request.budget = max(1, time.left(but: Self.tellingShare))
    request.candidateLimit = context.candidateLimit
    request.seed = context.seed
    request.threads = context.threads
    request.conformalLevel = max(0.51, problem.level)
    request.value = try ServiceDecision.value(problem.terms)
    return request
  }

  /// What the comparison of models found, in the words of the problem: what drives the predictions is told of the
  /// readings, also where they act through the failure modes.
  private func tell(
    _ experiment: inout ExperimentResults, _ bundle: ModelBundle, _ modes: FailureModes, _ test: Table,
    _ split: SnapshotSplit
  ) throws {
    experiment.problem.data = project.data
    experiment.problem.classNames = ["0": "no failure", "1": "failure"]
    guard modes.isLearned else { return }
    experiment.findings.removeAll { $0.column == FailureModes.column }
    experiment.problem.columns.removeAll { $0 == FailureModes.column }
    context.progress(nil, "explaining")
    let labels = try split.table.column(problem.failed).numbers()
    let predict: Predictor = { [threads = context.threads] table in
      try bundle.predict(modes.adding(to: table, threads: threads), threads: threads)
    }
    let deadline = Deadline(after: max(4, 0.1 * context.budget))
    let importance = try PermutationImportance(
      .prAUC, task: SnapshotSplit.task, key: key["importance"], repeats: 3, rowLimit: 2_000
    ).importance(
      table: test, labels: split.test.map { labels[$0] }, deadline: deadline.earlier(after: 0.6 * deadline.secondsLeft),
      threads: context.threads, predict: predict)
    experiment.explanation.importance = importance
    experiment.explanation.effects = try PartialDependence(
      task: SnapshotSplit.task, key: key["effects"], rowLimit: 120
    ).effects(of: importance.prefix(6).map(\.column), table: test, deadline: deadline, predict: predict)
    // The reasons beside single rows stand in the list of the riskiest pieces.
    experiment.explanation.examples = []
  }

  /// The pieces of the test with the highest probabilities.
  private func riskiest(
    _ decision: ServiceDecision, _ measures: ModeMeasures?, _ test: Table, _ bundle: ModelBundle,
    _ modes: FailureModes, _ split: SnapshotSplit
  ) throws -> [SnapshotStory.Piece] {
    let p = decision.probabilities
    let rows = Array(p.indices.sorted { (p[$1], $0) < (p[$0], $1) }.prefix(15))
    let table = test.selecting(rows: rows)
    let reasons = try SnapshotReasons(bundle: bundle, modes: modes, threads: context.threads).sentences(
      table, likeliest: rows.map { measures?.likeliest[$0].mode })
    return rows.indices.map { place in
      let row = rows[place]
      return SnapshotStory.Piece(
        row: split.sourceRows[split.test[row]] + 1,
        machine: data.has(problem.unit) ? table[problem.unit]?.text(at: place) : nil,
        probability: p[row], mode: measures?.likeliest[row].mode, isServed: decision.isServed[row],
        failed: decision.failed[row], reason: reasons[place])
    }
  }
}
