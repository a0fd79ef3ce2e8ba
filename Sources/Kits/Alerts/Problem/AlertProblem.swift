import Basics
import Decisions
import Histories
import Projects
import Tables

/// Events of which some are to be acted on: what their columns are called, what is kept of the past, when outcomes are
/// known, and how many can be looked at.
public struct AlertProblem: Sendable {
  /// The project that the events belong to: its folder keeps what a run leaves.
  public var project: Project
  /// The events, under the solution's names.
  public var data: ProjectData
  /// What is kept of those who take part. Its label is the outcome, with the delay after which it is known, and with the
  /// column of the moments at which outcomes were reported, where there is one; its first amount is the event's.
  public var plan: HistoryPlan
  /// What events are called.
  public var nouns: AlertNouns
  /// The column of moments.
  public var time = "time"
  /// The column of amounts, in one currency.
  public var amount = "amount"
  /// The column of outcomes: 1 for a target, 0 for an ordinary event, missing where it is not known yet.
  public var outcome: String
  /// The column that says train, valid or test where the split is given; other rows only fill the histories.
  public var part = "part"
  /// The column of the moments at which outcomes were reported.
  public var reported = "reported"
  /// The column that numbers events.
  public var number: String
  /// The columns of who acts, the first that is there counts: "customer", "card".
  public var actors: [String]
  /// The columns of whose events count together in the queue, the first that is there counts: "card", "customer".
  public var units: [String]
  /// The column of where it happens: "terminal".
  public var place: String
  /// Columns that nothing may be learned from, features of histories among them, besides the moment, the number, the part and the report.
  public var hidden: [String]
  /// Columns that stand beside each prediction.
  public var kept: [String]
  /// The delay after which outcomes are known, as the customer wrote it: "7 days".
  public var delayWords: String
  /// The share of the latest events that everything is measured on.
  public var testShare: Double
  /// The events, or units, that can be looked at in a day.
  public var queue: Int
  /// What candidates are compared by; nil for the usual measure.
  public var metric: String?

  /// Creates a problem.
  ///
  /// - Parameter data: Prepared: what the solution derives from its columns is in the table.
  public init(
    project: Project, data: ProjectData, plan: HistoryPlan, nouns: AlertNouns, outcome: String, number: String,
    actors: [String], units: [String], place: String, hidden: [String], kept: [String], delayWords: String,
    testShare: Double,
    queue: Int, metric: String?
  ) {
    self.project = project
    self.data = data
    self.plan = plan
    self.nouns = nouns
    self.outcome = outcome
    self.number = number
    self.actors = actors
    self.units = units
    self.place = place
    self.hidden = hidden
    self.kept = kept
    self.delayWords = delayWords
    self.testShare = testShare
    self.queue = queue
    self.metric = metric
  }

  /// Seconds after which an outcome is known.
  var labelDelay: Double { plan.label.map { $0.delay.seconds } ?? 0 }

  /// What features of histories say, in words.
  var words: HistoryWords { HistoryWords(nouns, amount: amount) }

  /// The column of who acts; nil where there is none.
  var actor: String? { actors.first { data.has($0) } }

  /// The events whose outcome is known to be the target.
  var knownTargets: Int { data.numbers(outcome)?.count { $0 == 1 } ?? 0 }

  /// All columns that nothing may be learned from.
  ///
  /// Who it is would be learned by heart: what is known of them stands in the histories. The others tell the outcome. The
  /// moment itself says nothing of the next month.
  var hiddenColumns: [String] { hidden + [number, reported, part, time].filter { data.has($0) } }

  /// "3 payments".
  func events(_ count: Int) -> String { Words.count(count, nouns.event, plural: nouns.events) }
}
