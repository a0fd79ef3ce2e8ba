import Basics
import Experiments
import Foundation
import Histories
import Projects
import Tables

/// Ranks payments where (nearly) nothing is known of frauds: by how unusual they are.
struct UnusualPayments {
  let project: Project
  let data: ProjectData
  let context: ProjectContext

  /// The name of the file that a run without labels leaves.
  static let fileName = "unusual"
  /// With fewer known frauds than this nothing can be learned from them.
  static let leastFrauds = 20

  /// The frauds that are known.
  static func knownFrauds(_ data: ProjectData) -> Int { data.numbers("fraud")?.count { $0 == 1 } ?? 0 }

  /// The payments that can be looked at in a day: as the value says where it counts by periods, else the queue.
  static func queue(_ project: Project) -> Int {
    let hours = ["hour": 24.0, "day": 1, "week": 1 / 7.0, "month": 1 / 30.0]
    if let capacity = project.value?.capacity, let perDay = hours[capacity.unit.rawValue] {
      return max(1, Int((capacity.amount * perDay).rounded()))
    }
    return max(1, project.settings.whole("queue"))
  }

  /// The rows that come first on each day, as many as the queue holds, the most unusual first.
  static func queued(_ scores: [Double], times: [Double], queue: Int) -> [Int] {
    let days = Dictionary(grouping: scores.indices) { (times[$0] / 86_400).rounded(.down) }
    return days.values.flatMap { $0.sorted { (scores[$1], $0) < (scores[$0], $1) }.prefix(queue) }
      .sorted { (scores[$1], $0) < (scores[$0], $1) }
  }

  func execute() throws -> ProjectOutcome {
    try ProjectRun(project, data, context, metric: "queue-stability").execute { try outcome($0) }
  }

  private func outcome(_ summary: () -> RunSummary) throws -> ProjectOutcome {
    context.progress(nil, "following \(data.table.rowCount) payments")
    let start = ContinuousClock.now
    var histories = try HistoryState(FraudHistories(project: project, data: data).plan())
    let followed = try histories.apply(to: FraudHistories.ages(data.table))
    try histories.save(to: project.path(FraudPrevention.historiesFile))

    let columns = UnusualColumns.names(followed, hidden: Set(FraudRun.hidden(data)))
    let times = try followed.column("time").numbers()
    let (learned, latest) = try division(times)
    let queue = Self.queue(project)
    var search = AnomalySearch(key: RandomKey(seed: context.seed)["unusual"])
    let days = Set(latest.map { (times[$0] / 86_400).rounded(.down) }).count
    search.topShare = min(0.5, max(1e-4, Double(queue * days) / Double(max(1, latest.count))))
    search.threads = context.threads
    search.interruption = context.interruption
    // A run limited by a number of candidates must not depend on the clock.
    if context.candidateLimit == nil {
      search.deadline = Deadline(after: max(1, 0.9 * context.budget - seconds(start.duration(to: .now))))
    }
    context.progress(0.3, "learning what is usual from \(learned.count) payments")
    let rows = followed.selecting(rows: latest)
    let found = try search.run(
      learned: followed.selecting(rows: learned).selecting(columns: columns), judged: rows.selecting(columns: columns))
    try AtomicFile.write(CBOREncoder().encode(found.model), to: project.path(Self.fileName))
    FraudRun.removeFiles(["model", PaymentSequences.fileName], of: project)

    context.progress(0.9, "filling the queue")
    let scores = try found.model.scores(rows, threads: context.threads)
    let queued = Self.queued(scores, times: latest.map { times[$0] }, queue: queue)
    let story = UnusualStory(
      project: project, data: data, found: found, payments: rows, scores: scores, queued: queued,
      learned: learned.count,
      days: days, queue: queue)
    return try story.outcome(summary(), threads: context.threads)
  }

  /// The payments to learn from and the latest ones, as the project's column says or by time.
  private func division(_ times: [Double]) throws -> (learned: [Int], latest: [Int]) {
    if let part = data.table["part"] {
      let words = (0..<part.count).map { part.text(at: $0)?.lowercased() }
      let latest = words.indices.filter { words[$0] == "test" }
      let learned = words.indices.filter { words[$0] != "test" }
      if !latest.isEmpty && !learned.isEmpty { return (learned, latest) }
    }
    let order = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    let count = Int(Double(order.count) * (1 - project.settings.number("test share")))
    guard count > 1, count < order.count else {
      throw AssayError(
        .data, "\(order.count) payments are too few to learn what is usual", at: project.source,
        remedy: "give a longer time")
    }
    return (order[..<count].sorted(), order[count...].sorted())
  }

  /// Ranks later payments by what a run has left.
  static func predict(
    _ project: Project, _ data: ProjectData, followed: Table, _ context: ProjectContext
  ) throws -> Table {
    let path = project.path(fileName)
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
    let times = try followed.column("time").numbers()
    let queued = Set(queued(scores, times: times, queue: queue(project)))
    let reasons = FraudReasons(contributions: try model.parts(followed, threads: context.threads), table: followed)
    let told = context.explains ? Set(scores.indices) : queued
    let kept = ["payment", "time", "customer", "card", "amount"].compactMap { data.table[$0] }
    return try Table(
      kept + [
        Column("unusual", .float(scores)), Column("less unusual", .float(scores.map(model.shareBelow))),
        Column(
          "action", .category(CategoryValues(scores.indices.map { queued.contains($0) ? "review" : "do nothing" }))),
        Column("reason", .text(TextValues(scores.indices.map { told.contains($0) ? reasons.sentence($0) : "" }))),
      ])
  }
}
