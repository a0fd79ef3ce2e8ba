import Alerts
import Basics
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
    try AlertCheck(AlertProblem(project, data)).findings()
  }

  /// Histories, comparison of candidates on later payments, the queue and its worth; with fewer than 20 known frauds the
  /// queue of the most unusual payments, of which nothing can be measured.
  public func run(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> ProjectOutcome {
    try AlertLearning(AlertProblem(project, data), context).execute(for: card)
  }

  /// Scores later payments, with the histories that the run has left, and says what to do with each, and why where
  /// something is to be done.
  public func predict(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> Table {
    try AlertPrediction(AlertProblem(project, data), context).table()
  }
}
