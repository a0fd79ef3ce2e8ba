import Basics
import Experiments
import Foundation
import Histories
import Projects
import Tables

/// Ranks events where (nearly) nothing is known of targets: by how unusual they are.
struct UnusualEvents {
  private let problem: AlertProblem
  private let context: ProjectContext
  private var project: Project { problem.project }

  init(_ problem: AlertProblem, _ context: ProjectContext) {
    self.problem = problem
    self.context = context
  }

  /// The name of the file that a run without labels leaves.
  static let fileName = "unusual"
  /// With fewer known frauds than this nothing can be learned from them.
  static let leastTargets = 20

  /// The events that can be looked at in a day: as the value says where it counts by periods, else the queue.
  private var queue: Int {
    let hours = ["hour": 24.0, "day": 1, "week": 1 / 7.0, "month": 1 / 30.0]
    if let capacity = project.value?.capacity, let perDay = hours[capacity.unit.rawValue] {
      return max(1, Int((capacity.amount * perDay).rounded()))
    }
    return max(1, problem.queue)
  }

  /// The rows that come first on each day, as many as the queue holds, the most unusual first.
  static func queued(_ scores: [Double], times: [Double], queue: Int) -> [Int] {
    let days = Dictionary(grouping: scores.indices) { (times[$0] / 86_400).rounded(.down) }
    return days.values.flatMap { $0.sorted { (scores[$1], $0) < (scores[$0], $1) }.prefix(queue) }
      .sorted { (scores[$1], $0) < (scores[$0], $1) }
  }

  func execute(for card: SolutionCard) throws -> ProjectOutcome {
    try ProjectRun(project, problem.data, context, metric: "queue-stability").execute { try outcome(card, $0) }
  }

  private func outcome(_ card: SolutionCard, _ summary: () -> RunSummary) throws -> ProjectOutcome {
    context.progress(nil, "following \(problem.events(problem.data.table.rowCount))")
    let start = ContinuousClock.now
    var histories = try HistoryState(problem.plan)
    let followed = try histories.apply(to: problem.data.table)
    try histories.save(to: project.path(AlertLearning.historiesFile))

    let columns = UnusualColumns.names(
      followed, outcome: problem.outcome, amount: problem.amount, hidden: Set(problem.hiddenColumns))
    let times = try followed.column(problem.time).numbers()
    let (learned, latest) = try division(times)
    var search = AnomalySearch(key: RandomKey(seed: context.seed)["unusual"])
    let days = Set(latest.map { (times[$0] / 86_400).rounded(.down) }).count
    search.topShare = min(0.5, max(1e-4, Double(queue * days) / Double(max(1, latest.count))))
    search.threads = context.threads
    search.interruption = context.interruption
    // A run limited by a number of candidates must not depend on the clock.
    if context.candidateLimit == nil {
      search.deadline = Deadline(after: max(1, 0.9 * context.budget - seconds(start.duration(to: .now))))
    }
    context.progress(0.3, "learning what is usual from \(problem.events(learned.count))")
    let rows = followed.selecting(rows: latest)
    let found = try search.run(
      learned: followed.selecting(rows: learned).selecting(columns: columns), judged: rows.selecting(columns: columns))
    try AtomicFile.write(CBOREncoder().encode(found.model), to: project.path(Self.fileName))
    AlertLearning.removeFiles(["model", EventWindows.fileName], of: project)

    context.progress(0.9, "filling the queue")
    let scores = try found.model.scores(rows, threads: context.threads)
    let queued = Self.queued(scores, times: latest.map { times[$0] }, queue: queue)
    let story = UnusualStory(
      problem: problem, found: found, events: rows, scores: scores, queued: queued,
      learned: learned.count,
      days: days, queue: queue)
    return try story.outcome(card, summary(), threads: context.threads)
  }

  /// The events to learn from and the latest ones, as the project's column says or by time.
  private func division(_ times: [Double]) throws -> (learned: [Int], latest: [Int]) {
    if let part = problem.data.table[problem.part] {
      let words = (0..<part.count).map { part.text(at: $0)?.lowercased() }
      let latest = words.indices.filter { words[$0] == "test" }
      let learned = words.indices.filter { words[$0] != "test" }
      if !latest.isEmpty && !learned.isEmpty { return (learned, latest) }
    }
    let order = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    let count = Int(Double(order.count) * (1 - problem.testShare))
    guard count > 1, count < order.count else {
      throw AssayError(
        .data, "\(problem.events(order.count)) are too few to learn what is usual", at: project.source,
        remedy: "give a longer time")
    }
    return (order[..<count].sorted(), order[count...].sorted())
  }

  /// Ranks later events by what a run has left.
  func predict(followed: Table) throws -> Table {
    let path = project.path(Self.fileName)
    let model: UnusualRows
    do {
      model = try CBORDecoder().decode(UnusualRows.self, from: FileAccess.read(path))
    } catch let error as AssayError where error.kind == .file {
      throw error
    } catch {
      throw AssayError(
        .bundle, "what a run has left cannot be read", at: path, remedy: "run: assay run \(project.folder)")
    }
    let scores = try model.scores(followed, threads: context.threads)
    let times = try followed.column(problem.time).numbers()
    let queued = Set(Self.queued(scores, times: times, queue: queue))
    let reasons = AlertReasons(
      contributions: try model.parts(followed, threads: context.threads), table: followed, words: problem.words)
    let told = context.explains ? Set(scores.indices) : queued
    let kept = problem.kept.compactMap { problem.data.table[$0] }
    return try Table(
      kept + [
        Column("unusual", .float(scores)), Column("less unusual", .float(scores.map(model.shareBelow))),
        Column(
          "action", .category(CategoryValues(scores.indices.map { queued.contains($0) ? "review" : "do nothing" }))),
        Column("reason", .text(TextValues(scores.indices.map { told.contains($0) ? reasons.sentence($0) : "" }))),
      ])
  }
}
