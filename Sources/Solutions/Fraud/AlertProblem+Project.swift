import Alerts
import Projects

extension AlertProblem {
  /// Payments as a project maps them.
  ///
  /// - Throws: a `configuration` error where no payer or place is named, or a window is shorter than a second.
  init(_ project: Project, _ data: ProjectData) throws {
    let histories = FraudHistories(project: project, data: data)
    var prepared = data
    prepared.table = try FraudHistories.ages(data.table)
    self.init(
      project: project, data: prepared, plan: try histories.plan(),
      nouns: AlertNouns(
        event: "payment", target: "fraud", ordinary: "honest", ageing: "Fraudsters change what works no longer",
        moved: "spent", sharers: "those who share devices or addresses with this payer"),
      outcome: "fraud", number: "payment", actors: ["customer", "card"], units: ["card", "customer"],
      place: "terminal",
      hidden: (FraudHistories.entities + ["registered"]).filter { data.has($0) }
        + (data.has("ip") ? ["ip.network"] : []),
      kept: ["payment", "time", "customer", "card", "amount"],
      delayWords: project.settings.text("label delay") ?? "no time", testShare: project.settings.number("test share"),
      queue: project.settings.whole("queue"), metric: project.settings.text("metric"))
  }
}
