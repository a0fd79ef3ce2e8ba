import Basics
import Demand
import Planning
import Projects
import TimeSeries

extension UnitPlan {
  /// The plan with the costs of a project.
  init(
    _ project: Project, _ total: Forecast, _ panel: DemandPanel, past: PastPlans, interruption: Interruption
  ) throws {
    let amounts = project.amounts
    var costs = CapacityProblem(holdingCost: amounts.number("holding"), shortageCost: amounts.number("shortage"))
    costs.unitSize = amounts.number("unit")
    costs.addingCost = amounts.number("adding")
    costs.removingCost = amounts.number("removing")
    costs.leadTime = amounts.whole("lead time")
    let now = amounts.number("units now")
    try self.init(
      costs, unitsNow: now.isNaN ? nil : now, total: total, panel: panel, past: past,
      alternatives: [
        Alternative("as planned"), Alternative("demand 10 % higher", growth: 1.1),
        Alternative("demand 20 % higher", growth: 1.2), Alternative("demand 10 % lower", growth: 0.9),
        Alternative("units come at once") { $0.leadTime = 0 },
        Alternative("units come \(Words.count(7, panel.step)) later") { $0.leadTime += 7 },
        Alternative("having a unit costs 20 % more") { $0.holdingCost *= 1.2 },
        Alternative("a shortage costs twice as much") { $0.shortageCost *= 2 },
      ], interruption: interruption)
  }
}

extension CallPlan {
  /// The plan with the rules of a project.
  init(
    _ project: Project, _ total: Forecast, _ panel: DemandPanel, past: PastPlans, level: Double,
    interruption: Interruption
  ) throws {
    guard case .seconds(let length) = panel.timeline.step, length <= 3_600, 3_600 % length == 0, length % 60 == 0 else {
      throw AssayError(
        .configuration, "calls are planned by steps of an hour or less, not by the \(panel.step)",
        at: "\(project.path(Project.fileName)), step",
        remedy: "set step to half hour, and give the calls by the minute or half hour")
    }
    let amounts = project.amounts
    let rules = StaffingPlan.Rules(
      serviceTime: amounts.number("handling time"), patience: amounts.number("patience"),
      target: StaffingTarget(serviceLevel: amounts.number("answered"), threshold: amounts.number("within")),
      interval: Double(length))
    var shifts = ShiftRules(
      hours: amounts.list("shifts").compactMap(Double.init), minutes: length / 60, wage: amounts.number("wage"))
    let (most, shortage) = (amounts.number("most people"), amounts.number("missing person"))
    shifts.mostPeople = most.isNaN ? nil : Int(most)
    shifts.shortage = shortage.isNaN ? nil : shortage
    try self.init(
      total, desk: CallDesk(panel, rules: rules, shifts: shifts, interruption: interruption), past: past,
      level: level,
      alternatives: [
        Alternative("as planned"), Alternative("10 % more calls", growth: 1.1),
        Alternative("10 % fewer calls", growth: 0.9),
        Alternative("calls take 10 % less time") { $0.serviceTime *= 0.9 },
        Alternative("nobody gives up (Erlang C)") { $0.patience = nil },
      ])
  }
}
