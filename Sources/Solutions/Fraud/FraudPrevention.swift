import Basics
import Experiments
import Foundation
import Histories
import Projects
import Tables

/// Fraud prevention for payments: the histories of those who take part in a payment, candidates compared by time, and
/// the decision which payments to look at.
public struct FraudPrevention: Solution {
  /// Creates the solution.
  public init() {}

  /// What it is and what it needs.
  public var card: SolutionCard { Self.description }

  /// Payments of an on-line shop over four months, and those of the week after, of which nothing is known yet.
  public func simulated(key: RandomKey) throws -> ProjectStart {
    let days = 120
    let simulation = try PaymentSimulator(days: days + 7, key: key).simulate()
    let times = try simulation.payments.column(PaymentSimulator.timeColumn).numbers()
    let end = Double(PaymentSimulator.start + days * 86_400)
    let rows = times.indices.filter { times[$0] < end }
    let frauds = rows.count { simulation.isFraud[$0] }
    return ProjectStart(
      table: simulation.payments.selecting(rows: rows),
      later: simulation.payments.selecting(rows: times.indices.filter { times[$0] >= end })
        .removing(columns: [PaymentSimulator.target, PaymentSimulator.reportColumn]),
      columns: [
        "time": PaymentSimulator.timeColumn, "amount": "amount", "fraud": PaymentSimulator.target,
        "customer": "account_id", "card": "card_id", "terminal": "merchant_id", "device": "device_id", "ip": "ip",
        "address": "shipping_address", "email": "email", "registered": "account_created",
        "reported": PaymentSimulator.reportColumn, "payment": "payment_id",
      ], settings: ["label delay": "30 days", "queue": "20"],
      words: """
        It is a shop's payments over \(days) days: \(rows.count) of them, \(frauds) frauds by five schemes \
        (stolen cards, takeovers of accounts, rings on one device, sellers whose payments go astray, false claims of \
        refunds), each with honest look-alikes.
        """)
  }

  /// Whether the data can carry the solution, and what in them would mislead it.
  public func check(_ project: Project, _ data: ProjectData) throws -> [ProjectFinding] {
    _ = try FraudHistories(project: project, data: data).plan()
    return try FraudCheck(project: project, data: data).findings()
  }

  /// Histories, comparison of candidates on later payments, the queue and its worth; with fewer than 20 known frauds the
  /// queue of the most unusual payments, of which nothing can be measured.
  public func run(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> ProjectOutcome {
    UnusualPayments.knownFrauds(data) < UnusualPayments.leastFrauds
      ? try UnusualPayments(project: project, data: data, context: context).execute()
      : try FraudRun(project: project, data: data, context: context).execute()
  }

  /// Scores later payments, with the histories that the run has left, and says what to do with each, and why where
  /// something is to be done.
  public func predict(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> Table {
    var histories = try HistoryState(contentsOf: project.path(Self.historiesFile))
    let moments = try data.table.column("time").numbers()
    let earlier = moments.count { $0 * 1e6 < Double(histories.now) }
    guard earlier == 0 else {
      throw AssayError(
        .data,
        "\(Words.count(earlier, "payment", "was", "were")) made before the latest one of the run, which histories go on from",
        at: data.names["time"].map { "column \"\($0)\"" } ?? "",
        remedy: "give payments that came after those of the run, or run again: assay run \(project.folder)")
    }
    var table = try histories.apply(to: FraudHistories.ages(data.table))
    if FileManager.default.fileExists(atPath: project.path(UnusualPayments.fileName)) {
      return try UnusualPayments.predict(project, data, followed: table, context)
    }
    let bundle = try BundleFile.read(project.path("model"))
    if let sequences = try PaymentSequences.read(project.path(PaymentSequences.fileName)) {
      table = try Table(table.columns + sequences.columns(ofLater: table))
    }
    let scored = try bundle.scoredTable(table, explains: false, threads: context.threads).table
    let told = context.explains ? Array(0..<table.rowCount) : Self.rowsToActOn(scored, bundle)
    let reasons = Column(
      "reason", .text(TextValues(try FraudReasons.sentences(table, rows: told, bundle, threads: context.threads))))
    let kept = ["payment", "time", "customer", "card", "amount"].compactMap { data.table[$0] }
    return try Table(kept + scored.columns + [reasons])
  }

  /// The payments that get another action than most; where nothing is decided on, those that are held for frauds.
  private static func rowsToActOn(_ scored: Table, _ bundle: ModelBundle) -> [Int] {
    let (column, usual) =
      if let policy = bundle.policy { (scored["action"], policy.specification.actions[0].name) } else {
        (scored["prediction"], bundle.task.classes[0])
      }
    guard let column else { return [] }
    return (0..<scored.rowCount).filter { row in column.text(at: row).map { $0 != usual } ?? false }
  }

  /// The name of the file with the histories as they are after the last payment of a run.
  static let historiesFile = "histories"
}
