import Basics
import Demand
import Planning
import Projects
import TimeSeries

extension DemandProblem {
  /// What a project asks of its demand, without the plan: forecasts need none.
  init(_ project: Project) {
    self.init(horizon: project.settings.whole("horizon"))
    tests = project.settings.whole("tests")
    level = project.settings.number("level")
    learning = SharedLearning.Choice(rawValue: project.settings.text("networks") ?? "auto") ?? .auto
    currency = project.amounts.text("currency") ?? ""
    addsWithinSteps = (project.settings.text("step") ?? "auto") != "auto"
    marksUnserved = project.columns["unserved"] != nil
    source = project.source
    let isCalls = Self.plansCalls(project)
    assumed = (isCalls ? ["wage"] : ["unit", "shortage", "holding"]).filter { !project.amounts.isGiven($0) }
      .map { ($0, project.amounts.number($0)) }
  }

  /// The plan that a project asks for.
  ///
  /// - Throws: a `configuration` error where calls are to be planned by steps longer than an hour.
  static func plan(_ project: Project, _ panel: DemandPanel) throws -> Plan {
    plansCalls(project) ? try calls(project, panel) : units(project.amounts)
  }

  private static func plansCalls(_ project: Project) -> Bool { project.settings.text("plan") == "calls" }

  private static func units(_ amounts: SettingValues) -> Plan {
    var costs = CapacityProblem(holdingCost: amounts.number("holding"), shortageCost: amounts.number("shortage"))
    costs.unitSize = amounts.number("unit")
    costs.addingCost = amounts.number("adding")
    costs.removingCost = amounts.number("removing")
    costs.leadTime = amounts.whole("lead time")
    let now = amounts.number("units now")
    return .units(costs, now: now.isNaN ? nil : now)
  }

  private static func calls(_ project: Project, _ panel: DemandPanel) throws -> Plan {
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
    return .calls(rules, shifts)
  }
}
