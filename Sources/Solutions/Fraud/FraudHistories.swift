import Basics
import Foundation
import Histories
import Projects
import Tables

/// What is known of the customer, card, terminal, device and address of a payment when it is made.
struct FraudHistories {
  /// Fields whose histories are kept where they are there.
  static let entities = ["customer", "card", "terminal", "device", "ip", "address", "email"]

  let project: Project
  let data: ProjectData

  /// The entities there are.
  var present: [String] { Self.entities.filter { data.has($0) } }

  /// The plan: only earlier payments count, and a fraud only once its delay has passed.
  func plan() throws -> HistoryPlan {
    guard !present.isEmpty else {
      throw AssayError(
        .configuration, "there is neither a customer nor a card, terminal, device or address",
        at: "\(project.folder)/\(Project.fileName), columns",
        remedy: "name at least one of them: what is usual for a payer is told by earlier payments")
    }
    var plan = HistoryPlan(
      time: "time", entities: present.map { HistoryPlan.Entity(columns: [$0], missing: .unknown) },
      windows: try windows(), amounts: [.init("amount", resolution: 0.01, allowsNegative: true)],
      label: .init(
        "fraud", delay: .seconds(Int(project.settings.seconds("label delay"))),
        reported: data.has("reported") ? "reported" : nil))
    let payer = present.first { $0 == "customer" } ?? present.first { $0 == "card" }
    if let payer {
      plan.links = present.filter { $0 != payer && $0 != "email" }.map { HistoryPlan.Link(payer, $0) }
      let shared = present.filter { ["device", "address", "ip"].contains($0) }
      if !shared.isEmpty { plan.graphs = [.init([payer] + shared, hubDegree: 50)] }
    }
    if data.has("email") { plan.parts.append(TextPart("email", kind: .email)) }
    if data.has("ip") { plan.parts.append(TextPart("ip", kind: .ip)) }
    return plan
  }

  private func windows() throws -> [HistorySpan] {
    // What is no length of time the settings have refused.
    let lengths = project.settings.list("windows").compactMap { SettingValues.seconds($0) }
    guard lengths.allSatisfy({ $0 >= 1 }) else {
      throw AssayError(
        .configuration, "a window is shorter than a second", at: "\(project.folder)/\(Project.fileName), windows",
        remedy: "write for example: 1h, 1d, 7d, 30d")
    }
    return lengths.map { .seconds(Int($0)) }
  }

  /// The account's age at each payment, where it is known when the account was opened.
  static func ages(_ table: Table) throws -> Table {
    guard let opened = table["registered"]?.numbers(), let times = table["time"]?.numbers() else { return table }
    let days = zip(times, opened).map { max(0, ($0 - $1) / 86_400) }
    return try table.setting(Column("account age in days", .float(days)))
  }
}
