import Alerts
import Basics
import Foundation
import Histories
import Projects
import Tables

/// Which tickets of a service desk will escalate: a solution with other names than payments have.
struct ServiceDesk: Solution {
  var card: SolutionCard {
    SolutionCard(
      name: "desk", title: "Service desk", purpose: "which tickets to look after before they escalate",
      row: "one ticket",
      fields: [
        .init("opened", "when it was opened", kind: .time, isRequired: true),
        .init("effort", "the hours that it is expected to take", kind: .number, isRequired: true),
        .init("escalated", "whether it escalated", kind: .truth),
        .init("client", "who asks", kind: .code), .init("agent", "who answers", kind: .code),
        .init("ticket", "its number", kind: .code), .init("side", "train or test", kind: .code),
      ],
      settings: [
        .init("delay", "how long it takes until it is known", kind: .duration, standard: "2 days"),
        .init("places", "the tickets that can be looked after in a day", kind: .whole(1...1_000), standard: "5"),
      ], value: .actions(""), outcome: "escalated")
  }

  private func problem(_ project: Project, _ data: ProjectData) -> AlertProblem {
    var plan = HistoryPlan(
      time: "opened", entities: ["client", "agent"].map { HistoryPlan.Entity(columns: [$0], missing: .unknown) },
      windows: [.days(1), .days(7)], amounts: [.init("effort", resolution: 0.01)],
      label: .init("escalated", delay: .seconds(Int(project.settings.seconds("delay")))))
    plan.links = [HistoryPlan.Link("client", "agent")]
    var problem = AlertProblem(
      project: project, data: data, plan: plan,
      nouns: AlertNouns(
        event: "ticket", target: "escalation", ordinary: "settled", ageing: "Clients and products change",
        moved: "hours asked for", sharers: "clients of the same agents"),
      outcome: "escalated", number: "ticket", actors: ["client"], units: ["client"], place: "agent",
      hidden: ["client", "agent"], kept: ["ticket", "opened"],
      delayWords: project.settings.text("delay") ?? "no time", testShare: 0.25, queue: project.settings.whole("places"),
      metric: "roc-auc")
    problem.time = "opened"
    problem.amount = "effort"
    problem.part = "side"
    return problem
  }

  func check(_ project: Project, _ data: ProjectData) throws -> [ProjectFinding] {
    try AlertCheck(problem(project, data)).findings()
  }

  func run(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> ProjectOutcome {
    try AlertLearning(problem(project, data), context).execute(for: card)
  }

  func predict(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> Table {
    try AlertPrediction(problem(project, data), context).table()
  }

  /// Tickets of 60 clients over 80 days, and of the week after. Six clients escalate half of theirs; no column says who.
  func simulated(key: RandomKey) throws -> ProjectStart {
    var random = key.stream()
    let start: Int64 = 1_740_960_000
    var rows: [(second: Int64, client: Int, agent: Int, effort: Double, escalates: Bool)] = []
    for ticket in 0..<4_350 {
      let client = random.integer(below: 60)
      rows.append(
        (
          start + Int64(ticket) * 87 * 86_400 / 4_350, client, random.integer(below: 10),
          (100 * exp(random.normal())).rounded() / 100, random.uniform() < (client < 6 ? 0.5 : 0.03)
        ))
    }
    func table(_ rows: ArraySlice<(second: Int64, client: Int, agent: Int, effort: Double, escalates: Bool)>) throws
      -> Table
    {
      try Table([
        Column("ticket", .integer(rows.indices.map { Int64($0) })),
        Column("opened", .dateTime(rows.map { $0.second * 1_000_000 })),
        Column("effort", .float(rows.map(\.effort))),
        Column("client", .category(CategoryValues(rows.map { "k\($0.client)" }))),
        Column("agent", .category(CategoryValues(rows.map { "a\($0.agent)" }))),
        Column("escalated", .integer(rows.map { $0.escalates ? 1 : 0 })),
      ])
    }
    let names = ["ticket", "opened", "effort", "client", "agent", "escalated"]
    return ProjectStart(
      table: try table(rows[..<4_000]), later: try table(rows[4_000...]).removing(columns: ["escalated"]),
      columns: Dictionary(uniqueKeysWithValues: names.map { ($0, $0) }), words: "Tickets.")
  }
}
