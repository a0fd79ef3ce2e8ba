import Basics
import Decisions
import Estimators
import Evaluation
import Foundation
import Tables

/// One run of the main job: from a table to a model, its evaluation and the value of deciding by it.
///
/// The order is fixed so that nothing measured has been learned from: read and divide, guard, search on training rows
/// only, weigh and calibrate on out-of-fold predictions, then look at the test rows once.
public struct TrainingRun: Sendable {
  /// A step of the work, for a progress bar.
  public struct Step: Sendable {
    /// The share of the whole done, 0 to 1; nil where it is not known.
    public let share: Double?
    /// What is being done or was just done.
    public let text: String
  }

  /// What to learn.
  public let request: TrainingRequest
  /// The folder written into.
  public let output: String
  /// Whether kept candidates of an earlier run of the same request are taken up.
  public let resumes: Bool
  /// The command line that repeats the run.
  public let command: String
  /// Ends the search early.
  public let interruption: Interruption
  /// The ledger the run is written into; nil for none.
  public let ledger: Ledger?
  /// The rows, where they are at hand; nil reads them from the request's data.
  public let table: Table?

  /// Creates a run.
  public init(
    request: TrainingRequest, table: Table? = nil, output: String, resumes: Bool = false, command: String = "",
    interruption: Interruption = Interruption(), ledger: Ledger? = nil
  ) {
    self.request = request
    self.table = table
    self.output = output
    self.resumes = resumes
    self.command = command
    self.interruption = interruption
    self.ledger = ledger
  }

  /// Runs the job and writes `model` and `results.json` into the output folder.
  ///
  /// - Throws: what is wrong with the data or the request; a guarded problem names all findings that stop the run.
  public func execute(progress: (Step) -> Void = { _ in }) throws -> ExperimentResults {
    let start = ContinuousClock.now
    let deadline = Deadline(after: request.budget)
    try OutputFolder.prepare(output)
    progress(Step(share: nil, text: "reading \(request.data)"))
    let data =
      try table.map { try PreparedData(request: request, table: $0) }
      ?? PreparedData.read(request) { progress(Step(share: nil, text: $0)) }
    var record = RunEntry.started(request, data: data, command: command)
    try ledger?.insert(record)
    do {
      let results = try learn(data, record: &record, start: start, deadline: deadline, progress: progress)
      try ledger?.finish(record)
      return results
    } catch {
      record.state = interruption.isRequested ? .interrupted : .failed
      record.failure = "\(error)"
      record.seconds = seconds(start.duration(to: .now))
      try? ledger?.finish(record)
      throw error
    }
  }

  private func learn(
    _ data: PreparedData, record: inout RunRecord, start: ContinuousClock.Instant, deadline: Deadline,
    progress: (Step) -> Void
  ) throws -> ExperimentResults {
    let metric = try request.metric.map { try Metric(parsing: $0, for: data.task) } ?? .primary(for: data.task)
    let value = try checkedValue(data)
    progress(Step(share: nil, text: "profiling and guarding \(data.training.rowCount) rows"))
    let profile = try data.profile(request)
    let guarded = try GuardedRows(data, request: request)
    let validation = try ValidationPlan(data: data, request: request)
    let problem = SearchProblem(
      table: guarded.training, task: data.task, labels: data.trainingLabels, validation: validation, metric: metric,
      key: RandomKey(seed: request.seed), threads: request.threads, added: request.candidates,
      reserved: Set(request.reserved), scoresStreams: request.scoresStreams)

    record.foldsHash = RunEntry.hash(validation)
    record.metric = metric.rawValue
    let fingerprint = try Self.fingerprint(request, dataHash: data.dataHash, memory: data.whole?.memory.limit)
    let store = try CandidateStore(folder: output + "/.candidates", fingerprint: fingerprint)
    if !resumes { store.clear() }
    // The rest of the budget goes to final fits, the test and the explanation.
    let reserve = min(max(0.2 * request.budget, 2), 30)
    let timeToFit = max(deadline.secondsLeft - reserve, 0.05)
    // On a large table the larger part of the time goes to the fit on all rows. Where the chosen are fitted anew, that
    // takes about a third of what the search took: an ensemble leaves most candidates out, and all rows are as many as
    // two or three of the growing folds hold.
    let searchShare = data.whole != nil ? 0.4 : validation.refits ? 0.7 : 1
    let search = CandidateSearch(
      problem: problem, deadline: deadline.earlier(after: searchShare * timeToFit),
      candidateLimit: request.candidateLimit, interruption: interruption, store: store)
    let fitDeadline = deadline.earlier(after: timeToFit)
    var candidates = try search.run { step in
      let best = metric.title + " " + ShortNumber.text(step.best)
      progress(
        Step(
          share: 0.85 * searchShare * step.shareOfBudget,
          text: "\(step.finished) candidate\(step.finished == 1 ? "" : "s"), best \(best) · \(step.name)"))
    }
    var notes = data.notes
    var trainingRows = data.training.rowCount
    if let whole = data.whole {
      let all = AllRowsFit(
        whole: whole, problem: problem, output: output, deadline: fitDeadline,
        adaptsToTime: request.candidateLimit == nil, interruption: interruption, store: store)
      let outcome = try all.run(after: candidates) { progress(Step(share: $0, text: $1)) }
      if let added = outcome.candidate {
        candidates.append(added)
        trainingRows = outcome.rows
      }
      notes.append(outcome.words)
    }

    let searched = data.whole == nil ? 0.85 * searchShare : 0.85
    progress(Step(share: searched + 0.01, text: "weighing and calibrating"))
    let assembly = try Assembly(candidates: candidates, problem: problem, level: request.conformalLevel)
    let packed = ModelBundle.packed(
      try assembly.members(
        candidates, problem: problem, budget: request.candidateLimit == nil ? request.budget : nil,
        interruption: Interruption()
      ) { share, name in
        progress(Step(share: searched + 0.01 + (0.87 - searched) * share, text: "fitting \(name) on all rows"))
      })
    var bundle = ModelBundle(
      run: record.identifier, programVersion: programVersion, dataHash: data.dataHash, seed: request.seed,
      target: request.target, task: data.task, schema: guarded.training.schema, reading: request.reading,
      pipelines: packed.pipelines, members: packed.members)
    let read = Set(packed.pipelines.flatMap(\.inputColumns))
    bundle.schema.fields.removeAll { request.reserved.contains($0.name) && !read.contains($0.name) }
    bundle.calibrator = assembly.calibrator
    bundle.conformal = assembly.conformal
    bundle.usual = UsualRange.ranges(of: guarded.training)
    let judged = data.training.selecting(rows: validation.judgedRows)
    bundle.policy = try value.map { value in
      let rows = DecisionData(
        table: judged, labels: problem.judgedLabels, predictions: assembly.calibrated, share: data.judgedShare)
      return try DecisionPolicy.choose(value, task: data.task, validation: rows, key: problem.key["policy"])
    }
    try BundleFile.write(bundle, to: output + "/model")

    progress(Step(share: 0.9, text: "measuring on \(data.test.rowCount) test rows and explaining"))
    let assessment = try Assessment(
      data: data, guarded: guarded, problem: problem, candidates: candidates, assembly: assembly, bundle: bundle,
      request: request)
    var results = ExperimentResults(
      run: RunSummary(
        identifier: record.identifier, started: record.started.formatted(.iso8601),
        seconds: seconds(start.duration(to: .now)),
        version: programVersion, seed: request.seed, threads: request.threads, machine: Machine.describe(),
        dataHash: data.dataHash, command: command, wasInterrupted: interruption.isRequested),
      problem: ProblemSummary(
        data: request.data, target: request.target, task: data.task, metric: metric.rawValue,
        trainingRows: trainingRows, testRows: data.test.rowCount, columns: guarded.training.names,
        excluded: guarded.excluded, split: data.split + "; candidates judged by: " + validation.words,
        classShares: Self.classShares(data)),
      profile: profile, chosen: assembly.chosen, explanation: ExplanationSummary())
    results.findings = guarded.findings
    try assessment.measure(into: &results, deadline: deadline)
    results.limits = notes + Limits.sentences(results)
    results.run.seconds = seconds(start.duration(to: .now))
    try AtomicFile.write(CanonicalJSON.encode(results, pretty: true), to: output + "/results.json")
    try AtomicFile.write(
      CBOREncoder().encode(try assessment.testScores(run: record.identifier)), to: output + "/" + TestScores.fileName)
    RunEntry.finish(&record, results: results, candidates: candidates, output: output)
    progress(Step(share: 1, text: "done"))
    return results
  }

  /// The value with the run's time column where it names none, checked against the table before any training.
  private func checkedValue(_ data: PreparedData) throws -> ValueSpecification? {
    guard var value = request.value else { return nil }
    if value.time == nil { value.time = request.time }
    let kinds = Dictionary(uniqueKeysWithValues: data.training.columns.map { ($0.name, $0.kind) })
    try value.check(columns: kinds, task: data.task, target: request.target)
    return value
  }

  /// Removes what only a resumed run would need; called after the report is written.
  public func finish() {
    CandidateStore.remove(output + "/.candidates")
  }

  /// What kept candidates depend on: everything but the budget, the threads and the output.
  static func fingerprint(_ request: TrainingRequest, dataHash: String, memory: Int?) throws -> String {
    var relevant = request
    relevant.budget = 1
    relevant.candidateLimit = nil
    relevant.threads = 1
    relevant.value = nil
    // The memory decides how a large table is sampled, and nothing where there is no sample.
    relevant.memory = memory
    let bytes = try CanonicalJSON.encode(relevant) + Array((dataHash + programVersion).utf8)
    return SHA256.hexadecimal(of: bytes)
  }

  private static func classShares(_ data: PreparedData) -> [Double] {
    guard data.task != .regression else { return [] }
    let count = Double(data.trainingLabels.count)
    return data.task.classes.indices.map { index in
      Double(data.trainingLabels.count { $0 == Double(index) }) / count
    }
  }
}
