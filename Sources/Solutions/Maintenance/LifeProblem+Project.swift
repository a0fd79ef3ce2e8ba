import Projects
import RemainingLife

extension LifeProblem {
  /// Lives as a project maps them.
  init(_ project: Project, _ data: ProjectData) {
    self.init(project: project, data: data, noun: "machine", terms: ServiceTerms(project.amounts))
    let settings = project.settings
    conditions = settings.list("conditions")
    sensors = settings.list("sensors")
    timeUnit = settings.text("time unit")
    longestLife = settings.number("longest life")
    horizon = settings.number("horizon")
    window = settings.whole("window")
    testShare = settings.number("test share")
    level = settings.number("level")
    usesNetworks = settings.text("networks") != "no"
  }
}

extension SnapshotProblem {
  /// Snapshots as a project maps them.
  init(_ project: Project, _ data: ProjectData) {
    self.init(
      project: project, data: data, noun: "machine", piece: "piece of work", pieces: "pieces of work",
      terms: ServiceTerms(project.amounts))
    let settings = project.settings
    afterwards = ["remaining"]
    conditions = settings.list("conditions")
    sensors = settings.list("sensors")
    modes = settings.list("modes")
    derived = settings.text("derived") ?? ""
    testShare = settings.number("test share")
    level = settings.number("level")
  }
}

extension ServiceTerms {
  /// What a project file says under value.
  init(_ amounts: SettingValues) {
    self.init(failure: amounts.number("failure"), service: amounts.number("service"))
    inspection = amounts.number("inspection")
    reaction = amounts.number("reaction")
    crew = amounts.whole("crew")
    falseAlarms = amounts.number("false alarms")
    currency = amounts.text("currency") ?? ""
    lacking = ["failure", "service"].filter { !amounts.isGiven($0) }
    assumed = ["reaction", "crew"].filter { !amounts.isGiven($0) }.map { ($0, amounts.number($0)) }
  }
}
