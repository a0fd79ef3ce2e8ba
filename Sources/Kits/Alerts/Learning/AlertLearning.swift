import Basics
import Estimators
import Evaluation
import Experiments
import Foundation
import Histories
import Projects
import Sequences
import Tables

/// Learns from events which of them are targets: what was known before each, candidates compared on later events, and the
/// queue of those to act on. What a run leaves in the project's folder is for `AlertPrediction`.
public struct AlertLearning {
  private let problem: AlertProblem
  private let context: ProjectContext
  private var project: Project { problem.project }

  /// The name of the file with the histories as they are after the last event of a run.
  public static let historiesFile = "histories"

  /// A run on a problem.
  public init(_ problem: AlertProblem, _ context: ProjectContext) {
    self.problem = problem
    self.context = context
  }

  /// Learns where enough targets are known; else ranks events by how unusual they are.
  ///
  /// - Throws: a `data` error where a side of the split is empty, a `cancelled` error after an interruption.
  public func execute(for card: SolutionCard) throws -> ProjectOutcome {
    if problem.knownTargets < UnusualEvents.leastTargets {
      return try UnusualEvents(problem, context).execute(for: card)
    }
    return try learn(card)
  }

  private func learn(_ card: SolutionCard) throws -> ProjectOutcome {
    let data = problem.data
    context.progress(nil, "following \(problem.events(data.table.rowCount))")
    let start = ContinuousClock.now
    var histories = try HistoryState(problem.plan)
    let followed = try histories.apply(to: data.table)
    try histories.save(to: project.path(Self.historiesFile))
    let rate = Double(data.table.rowCount) / max(1e-9, seconds(start.duration(to: .now)))

    Self.removeFiles([UnusualEvents.fileName, EventWindows.fileName], of: project)
    let early = try earlyDelay(AlertSplit(followed, problem, seed: context.seed))
    let sequences = try EventWindows.choose(followed, problem, usesOutcomes: early == nil)
    let split = try learnable(
      try AlertSplit(extended(followed, by: sequences), problem, seed: context.seed),
      features: histories.featureNames, delay: early)
    let unsettled = try unsettled(histories.featureNames, split: split, followed: followed)
    let run = TrainingRun(
      request: try request(split, sequences, without: unsettled, spent: seconds(start.duration(to: .now))),
      table: split.table, output: project.folder, resumes: context.resumes, command: context.command,
      interruption: context.interruption, ledger: context.ledger)
    var experiment = try run.execute { context.progress($0.share, $0.text) }
    experiment.problem.data = project.data
    experiment.problem.classNames = ["1": problem.nouns.target, "0": problem.nouns.ordinary]
    run.finish()

    let test = split.table.selecting(rows: split.testRows)
    let bundle = try BundleFile.read(project.path("model"))
    if !EventWindows.areRead(by: bundle) { Self.removeFiles([EventWindows.fileName], of: project) }
    let scoring = ContinuousClock.now
    let scores = try bundle.score(test, threads: context.threads)
    let secondsToScore = seconds(scoring.duration(to: .now)) / Double(max(1, test.rowCount))
    let queue = try AlertQueue(test: test, scores: scores, problem)
    var story = AlertStory(
      problem: problem, queue: queue, experiment: experiment, historyRate: rate,
      scoringRate: 1 / (1 / rate + secondsToScore), earlyDelay: early, unsettled: unsettled)
    if case .none(let words) = sequences { story.withoutSequences = words }
    let reasons = try story.reasons(test: test, threads: context.threads)
    return story.outcome(card, reasons: reasons)
  }

  /// The seconds after which outcomes must count for events to learn from, where that is sooner than the label delay;
  /// else nil.
  private func earlyDelay(_ split: AlertSplit) throws -> Double? {
    let delay = problem.labelDelay
    let times = try split.table.column(problem.time).numbers()
    let tested = Set(split.testRows)
    let shorter = Self.trainingDelay(
      delay, from: problem.data.numbers(problem.time)?.filter { !$0.isNaN }.min() ?? 0,
      learned: times.indices.filter { !tested.contains($0) }.map { times[$0] })
    return shorter < delay ? shorter : nil
  }

  /// The events to learn from with labels that count as early as they must for something to be learned of them.
  private func learnable(
    _ split: AlertSplit, features: [String], delay: Double?
  ) throws -> AlertSplit {
    guard let delay else { return split }
    var shorter = problem.plan.with(labelDelay: .seconds(Int(delay)))
    shorter.label?.reported = nil
    let table = problem.data.table
    let followed = try shorter.apply(to: known(table, before: split)).setting(table.column(problem.outcome))
    return try split.learning(
      features, from: AlertSplit(followed, problem, seed: context.seed))
  }

  /// The events without the labels that were reported when the test had begun.
  private func known(_ table: Table, before split: AlertSplit) throws -> Table {
    let tested = try split.table.column(problem.time).numbers()
    guard let reports = table[problem.reported]?.numbers(), let begin = split.testRows.map({ tested[$0] }).min() else {
      return table
    }
    let labels = zip(try table.column(problem.outcome).numbers(), reports).map { $0.1 >= begin ? .nan : $0.0 }
    return try table.setting(Column(problem.outcome, .float(labels)))
  }

  /// What has moved since the events to learn from were made.
  private func unsettled(_ names: [String], split: AlertSplit, followed: Table) throws -> [String] {
    let times = try split.table.column(problem.time).numbers()
    let tested = Set(split.testRows)
    let learned = times.indices.filter { !tested.contains($0) }
    guard let last = learned.map({ times[$0] }).max(), let first = split.testRows.map({ times[$0] }).min() else {
      return []
    }
    let moments = try followed.column(problem.time).numbers()
    return try UnsettledHistories.names(
      names, learned: split.table.selecting(rows: learned),
      later: followed.selecting(rows: moments.indices.filter { moments[$0] > last && moments[$0] < first }))
  }

  /// How long after an event its outcome counts in the histories of events to learn from.
  ///
  /// Where the data begin hardly a label delay before these events end, none of them has seen a known target in its
  /// histories, and nothing can be learned of what known targets are worth. Half the time they span leaves some: all
  /// labels of events to learn from are known by then, so nothing comes from the future. Events to be judged keep the true
  /// delay.
  ///
  /// - Parameter learned: The moments of the events to learn from, in seconds.
  private static func trainingDelay(_ delay: Double, from start: Double, learned: [Double]) -> Double {
    guard let last = learned.max() else { return delay }
    return min(delay, max(0, (last - start) / 2))
  }

  /// Removes what a run of another kind has left, which would be taken for this one's.
  static func removeFiles(_ names: [String], of project: Project) {
    for name in names { try? FileManager.default.removeItem(atPath: project.path(name)) }
  }

  /// The events with the columns of windows, which are also left for later events.
  private func extended(_ followed: Table, by choice: EventWindows.Choice) throws -> Table {
    guard case .sequences(let sequences, let columns) = choice else { return followed }
    try sequences.save(to: project.path(EventWindows.fileName))
    return try Table(followed.columns + columns)
  }

  private func request(
    _ split: AlertSplit, _ sequences: EventWindows.Choice, without unsettled: [String], spent: Double
  ) throws -> TrainingRequest {
    var request = TrainingRequest(data: project.data, target: problem.outcome)
    request.task = .binary
    request.positive = "1"
    request.splitColumn = AlertSplit.column
    request.time = problem.time
    request.labelDelay = problem.labelDelay
    request.excluded = problem.hiddenColumns + unsettled
    if case .sequences(_, let columns) = sequences {
      request.reserved = columns.map(\.name)
      request.candidates = EventWindows.candidates(
        request.reserved, rows: split.table.rowCount - split.testRows.count)
    }
    request.candidates += unsupervised(split, without: unsettled)
    request.scoresStreams = true
    request.metric = problem.metric
    request.budget = max(1, context.budget - spent)
    request.candidateLimit = context.candidateLimit
    request.seed = context.seed
    request.threads = context.threads
    request.value = project.value
    if request.value?.time == nil { request.value?.time = problem.time }
    return request
  }

  /// Detectors that know no labels: beside the others they show what labels are worth.
  private func unsupervised(_ split: AlertSplit, without unsettled: [String]) -> [Candidate] {
    let hidden = Set(problem.hiddenColumns + unsettled + [AlertSplit.column])
    let columns = UnusualColumns.names(split.table, outcome: problem.outcome, amount: problem.amount, hidden: hidden)
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
