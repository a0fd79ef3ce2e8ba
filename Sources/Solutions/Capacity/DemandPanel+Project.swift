import Basics
import Demand
import Projects
import Tables
import TimeSeries

extension DemandPanel {
  /// The demand of a project.
  init(_ project: Project, _ data: ProjectData) throws {
    let records = try DemandRecords(project, data)
    let settings = DemandSettings(
      horizon: project.settings.whole("horizon"), seasons: try Self.seasons(project),
      leavesOutClosedSteps: project.settings.text("plan") == "calls", holidays: project.settings.text("holidays") ?? "",
      folder: project.folder, holidaysPlace: "\(project.path(Project.fileName)), holidays", source: project.source)
    let recorded: RecordedPanel
    do {
      recorded = try RecordedPanel(records.records, rules: Self.rules(project))
    } catch let error as AssayError {
      throw AssayError(
        error.kind, error.problem, at: error.place,
        remedy: "set step in \(Project.fileName), such as hour or day: records within it are added up")
    }
    try self.init(records, recorded, settings: settings)
  }

  /// How records are laid on steps.
  private static func rules(_ project: Project) -> Regularization {
    let chosen = project.settings.text("step") ?? "auto"
    return Regularization(
      step: DemandPanel.steps[chosen], duplicates: .sum,
      gaps: project.settings.text("no record means") == "zero" ? .zero : .missing, sorts: true, floors: chosen != "auto"
    )
  }

  private static func seasons(_ project: Project) throws -> [Int] {
    let given = (project.settings.text("seasons") ?? "").split(separator: ",")
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let listed = given.compactMap(Int.init)
    guard listed.count == given.count, listed.allSatisfy({ $0 > 1 }), Set(listed).count == listed.count else {
      throw AssayError(
        .configuration, "seasons are different whole numbers above 1", at: "\(project.path(Project.fileName)), seasons",
        remedy: "write for example 7, or 24, 168")
    }
    return listed.sorted()
  }
}

extension DemandRecords {
  /// The rows of a project.
  init(_ project: Project, _ data: ProjectData) throws {
    guard let times = data.numbers("time"), let demand = data.numbers("demand") else {
      throw AssayError(.data, "there is no time or no demand", at: project.source)
    }
    try self.init(
      times: times, demand: demand, unserved: data.numbers("unserved"),
      names: ["region", "series"].compactMap { data.table[$0] }, drivers: Self.drivers(project, data),
      holidays: data.has("holiday") ? data.numbers("holiday") : nil, timeName: data.names["time"] ?? "time")
  }

  /// The columns that the project names as drivers.
  private static func drivers(_ project: Project, _ data: ProjectData) throws -> [Column] {
    try project.settings.list("drivers").map { name in
      let column = try data.table.column(name)
      switch column.kind {
      case .integer, .float, .boolean: return column
      default:
        throw AssayError(
          .schema, "the driver \"\(name)\" holds no numbers", at: "\(project.path(Project.fileName)), drivers",
          remedy: "give it as a number, such as a price, or 1 and 0 for yes and no")
      }
    }
  }
}
