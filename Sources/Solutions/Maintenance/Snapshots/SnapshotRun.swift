import Basics
import Evaluation
import Experiments
import Foundation
import Projects
import Tables

/// One run of the solution on snapshots.
struct SnapshotRun {
  let project: Project
  let data: ProjectData
  let context: ProjectContext

  /// The share of the budget that failure modes are learned in.
  private static let modesShare = 0.3

  func execute() throws -> ProjectOutcome {
    let start = ContinuousClock.now
    context.progress(nil, "reading \(data.table.rowCount) snapshots")
    let key = RandomKey(seed: context.seed)["snapshots"]
    let snapshots = try SnapshotData(project, data)
    let split = try SnapshotSplit(snapshots, project, data, key: key["test"])
    let isPresent = snapshots.modes.map { mode in split.sourceRows.map { mode.isPresent[$0] } }
    let toLearn = isPresent.contains { marks in split.training.count { marks[$0] } >= FailureModes.fewest }
    let share = toLearn ? 1 - Self.modesShare : 1

    let run = TrainingRun(
      request: try request(snapshots, split, share: share), table: split.table, output: project.folder,
      resumes: context.resumes, command: context.command, interruption: context.interruption, ledger: context.ledger)
    var experiment = try run.execute { step in
      context.progress(step.share.map { $0 * share }, step.text)
    }
    experiment.problem.data = project.data

    // What the guard takes for the number of a row is no reading for failure modes either.
    let inputs = try split.table.selecting(columns: experiment.problem.columns)
    let search = FailureModeSearch(
      table: inputs.selecting(rows: split.training),
      machines: split.machines.map { all in split.training.map { all[$0] } },
      seed: context.seed, dataHash: data.hash, context: context)
    let modes = try search.run(
      snapshots.modes.indices.map { mode in
        (snapshots.modes[mode].name, split.training.map { isPresent[mode][$0] })
      },
      seconds: max(Self.modesShare / 2 * context.budget, context.budget - seconds(start.duration(to: .now))))
    try AtomicFile.write(CBOREncoder().encode(modes), to: project.path(SnapshotPrediction.modesFile))
    run.finish()

    let bundle = try BundleFile.read(project.path(PredictiveMaintenance.modelFile))
    let test = split.table.selecting(rows: split.test)
    let decision = ServiceDecision(
      project, scores: try bundle.score(test, threads: context.threads),
      failed: try test.column("failed").numbers().map { $0 == 1 },
      machines: split.machines.map { all in split.test.map { all[$0] } }, key: key["decision"],
      threads: context.threads)
    let measures = try ModeMeasures(
      modes, table: inputs, isPresent: isPresent, training: split.training, test: split.test,
      isServed: decision.isServed, key: key["measures"], threads: context.threads)
    experiment.run.seconds = seconds(start.duration(to: .now))
    return SnapshotStory(
      project: project, snapshots: snapshots, split: split, decision: decision, measures: measures,
      experiment: experiment, riskiest: try riskiest(decision, measures, test, bundle, split)
    ).outcome()
  }

  private func request(_ snapshots: SnapshotData, _ split: SnapshotSplit, share: Double) throws -> TrainingRequest {
    var request = TrainingRequest(data: project.data, target: "failed")
    request.task = .binary
    request.positive = "1"
    request.metric = Metric.prAUC.rawValue
    request.splitColumn = SnapshotSplit.column
    request.time = split.isByTime ? "cycle" : nil
    request.entity = split.machines == nil ? nil : "unit"
    let used = Set(snapshots.features + ["failed", SnapshotSplit.column])
    request.excluded = split.table.names.filter { !used.contains($0) }
    request.budget = max(1, share * context.budget)
    request.candidateLimit = context.candidateLimit
    request.seed = context.seed
    request.threads = context.threads
    request.conformalLevel = max(0.51, project.settings.number("level"))
    request.value = try ServiceDecision.value(project)
    return request
  }

  /// The pieces of the test with the highest probabilities.
  private func riskiest(
    _ decision: ServiceDecision, _ measures: ModeMeasures?, _ test: Table, _ bundle: ModelBundle, _ split: SnapshotSplit
  ) throws -> [SnapshotStory.Piece] {
    let p = decision.probabilities
    let rows = Array(p.indices.sorted { (p[$1], $0) < (p[$0], $1) }.prefix(15))
    let table = test.selecting(rows: rows)
    let reasons = SnapshotPrediction.reasons(
      try bundle.contributions(table, threads: context.threads), table: table)
    return rows.indices.map { place in
      let row = rows[place]
      return SnapshotStory.Piece(
        row: split.sourceRows[split.test[row]] + 1, machine: data.has("unit") ? table["unit"]?.text(at: place) : nil,
        probability: p[row], mode: measures?.likeliest[row].mode, isServed: decision.isServed[row],
        failed: decision.failed[row], reason: reasons[place])
    }
  }
}
