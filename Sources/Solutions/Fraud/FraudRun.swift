import Basics
import Estimators
import Evaluation
import Experiments
import Foundation
import Histories
import Projects
import Sequences
import Tables

/// One run of the solution.
struct FraudRun {
  let project: Project
  let data: ProjectData
  let context: ProjectContext

  func execute() throws -> ProjectOutcome {
    context.progress(nil, "following \(data.table.rowCount) payments")
    let start = ContinuousClock.now
    let plan = try FraudHistories(project: project, data: data).plan()
    var histories = try HistoryState(plan)
    let followed = try histories.apply(to: FraudHistories.ages(data.table))
    try histories.save(to: project.path(FraudPrevention.historiesFile))
    let rate = Double(data.table.rowCount) / max(1e-9, seconds(start.duration(to: .now)))

    FraudRun.removeFiles([UnusualPayments.fileName, PaymentSequences.fileName], of: project)
    let early = try earlyDelay(FraudSplit(followed, project: project, data: data, seed: context.seed))
    let sequences = try PaymentSequences.choose(followed, project: project, data: data, usesOutcomes: early == nil)
    let split = try learnable(
      try FraudSplit(extended(followed, by: sequences), project: project, data: data, seed: context.seed), plan: plan,
      features: histories.featureNames, delay: early)
    let unsettled = try unsettled(histories.featureNames, split: split, followed: followed)
    let run = TrainingRun(
      request: try request(split, sequences, without: unsettled, spent: seconds(start.duration(to: .now))),
      table: split.table, output: project.folder, resumes: context.resumes, command: context.command,
      interruption: context.interruption, ledger: context.ledger)
    var experiment = try run.execute { context.progress($0.share, $0.text) }
    experiment.problem.data = project.data
    experiment.problem.classNames = ["1": "fraud", "0": "honest"]
    run.finish()

    let test = split.table.selecting(rows: split.testRows)
    let bundle = try BundleFile.read(project.path("model"))
    if !PaymentSequences.areRead(by: bundle) { FraudRun.removeFiles([PaymentSequences.fileName], of: project) }
    let scoring = ContinuousClock.now
    let scores = try bundle.score(test, threads: context.threads)
    let secondsToScore = seconds(scoring.duration(to: .now)) / Double(max(1, test.rowCount))
    let queue = try FraudQueue(test: test, scores: scores, project: project)
    var story = FraudStory(
      project: project, data: data, queue: queue, experiment: experiment, historyRate: rate,
      scoringRate: 1 / (1 / rate + secondsToScore), earlyDelay: early, unsettled: unsettled)
    if case .none(let words) = sequences { story.withoutSequences = words }
    let reasons = try story.reasons(test: test, threads: context.threads)
    return story.outcome(reasons: reasons)
  }

  /// The seconds after which outcomes must count for payments to learn from, where that is sooner than the label delay;
  /// else nil.
  private func earlyDelay(_ split: FraudSplit) throws -> Double? {
    let delay = project.settings.seconds("label delay")
    let times = try split.table.column("time").numbers()
    let tested = Set(split.testRows)
    let shorter = FraudHistories.trainingDelay(
      delay, from: data.numbers("time")?.filter { !$0.isNaN }.min() ?? 0,
      learned: times.indices.filter { !tested.contains($0) }.map { times[$0] })
    return shorter < delay ? shorter : nil
  }

  /// The payments to learn from with labels that count as early as they must for something to be learned of them.
  private func learnable(
    _ split: FraudSplit, plan: HistoryPlan, features: [String], delay: Double?
  ) throws -> FraudSplit {
    guard let delay else { return split }
    var shorter = plan.with(labelDelay: .seconds(Int(delay)))
    shorter.label?.reported = nil
    let table = try FraudHistories.ages(data.table)
    let followed = try shorter.apply(to: known(table, before: split)).setting(table.column("fraud"))
    return try split.learning(
      features, from: FraudSplit(followed, project: project, data: data, seed: context.seed))
  }

  /// The payments without the labels that were reported when the test had begun.
  private func known(_ table: Table, before split: FraudSplit) throws -> Table {
    let tested = try split.table.column("time").numbers()
    guard let reports = table["reported"]?.numbers(), let begin = split.testRows.map({ tested[$0] }).min() else {
      return table
    }
    let labels = zip(try table.column("fraud").numbers(), reports).map { $0.1 >= begin ? .nan : $0.0 }
    return try table.setting(Column("fraud", .float(labels)))
  }

  /// What has moved since the payments to learn from were made.
  private func unsettled(_ names: [String], split: FraudSplit, followed: Table) throws -> [String] {
    let times = try split.table.column("time").numbers()
    let tested = Set(split.testRows)
    let learned = times.indices.filter { !tested.contains($0) }
    guard let last = learned.map({ times[$0] }).max(), let first = split.testRows.map({ times[$0] }).min() else {
      return []
    }
    let moments = try followed.column("time").numbers()
    return try UnsettledHistories.names(
      names, learned: split.table.selecting(rows: learned),
      later: followed.selecting(rows: moments.indices.filter { moments[$0] > last && moments[$0] < first }))
  }

  /// Columns that nothing may be learned from.
  ///
  /// Who it is would be learned by heart: what is known of them stands in the histories. The others tell the outcome.
  /// The moment itself says nothing of the next month.
  static func hidden(_ data: ProjectData) -> [String] {
    let hidden = FraudHistories.entities + ["payment", "reported", "registered", "part", "time"]
    return hidden.filter { data.has($0) } + (data.has("ip") ? ["ip.network"] : [])
  }

  /// Removes what a run of another kind has left, which would be taken for this one's.
  static func removeFiles(_ names: [String], of project: Project) {
    for name in names { try? FileManager.default.removeItem(atPath: project.path(name)) }
  }

  /// The payments with the columns of sequences, which are also left for later payments.
  private func extended(_ followed: Table, by choice: PaymentSequences.Choice) throws -> Table {
    guard case .sequences(let sequences, let columns) = choice else { return followed }
    try sequences.save(to: project.path(PaymentSequences.fileName))
    return try Table(followed.columns + columns)
  }

  private func request(
    _ split: FraudSplit, _ sequences: PaymentSequences.Choice, without unsettled: [String], spent: Double
  ) throws -> TrainingRequest {
    var request = TrainingRequest(data: project.data, target: "fraud")
    request.task = .binary
    request.positive = "1"
    request.splitColumn = FraudSplit.column
    request.time = "time"
    request.labelDelay = project.settings.seconds("label delay")
    request.excluded = Self.hidden(data) + unsettled
    if case .sequences(_, let columns) = sequences {
      request.reserved = columns.map(\.name)
      request.candidates = PaymentSequences.candidates(
        request.reserved, rows: split.table.rowCount - split.testRows.count)
    }
    request.candidates += unsupervised(split, without: unsettled)
    request.scoresStreams = true
    request.metric = project.settings.text("metric")
    request.budget = max(1, context.budget - spent)
    request.candidateLimit = context.candidateLimit
    request.seed = context.seed
    request.threads = context.threads
    request.value = project.value
    if request.value?.time == nil { request.value?.time = "time" }
    return request
  }

  /// Detectors that know no labels: beside the others they show what labels are worth.
  private func unsupervised(_ split: FraudSplit, without unsettled: [String]) -> [Candidate] {
    let hidden = Set(Self.hidden(data) + unsettled + [FraudSplit.column])
    let columns = UnusualColumns.names(split.table, hidden: hidden)
    var autoencoder = Autoencoder()
    autoencoder.members = 1
    autoencoder.epochs = min(max(1_500 * autoencoder.batchSize / max(1, split.table.rowCount), 2), 60)
    return [
      Candidate(
        name: "isolation forest 1", learner: .isolation(IsolationForest()), plan: .anomalies, columns: columns,
        budgetShare: 0.1),
      Candidate(
        name: "autoencoder 1", learner: .autoencoder(autoencoder), plan: .anomalies, columns: columns, budgetShare: 0.1),
    ]
  }
}
