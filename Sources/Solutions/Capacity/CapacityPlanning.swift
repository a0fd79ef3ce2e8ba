import Basics
import Experiments
import Foundation
import Projects
import Tables
import TimeSeries

/// Capacity planning: forecasts of many series with quantiles that hold, and the capacity of least expected cost, or the
/// people and shifts that answer calls.
public struct CapacityPlanning: Solution {
  /// Creates the solution.
  public init() {}

  /// What it is and what it needs.
  public var card: SolutionCard { Self.description }

  /// The name of the file with the forecasts.
  static let modelFile = "model"

  /// The demand for six products in four regions over two years.
  public func simulated(key: RandomKey) throws -> ProjectStart {
    let simulation = try DemandSimulator(key: key).simulate()
    return ProjectStart(
      table: simulation.demand,
      columns: ["time": "time", "demand": "demand", "series": "product", "region": "region"],
      words: """
        It is what six products sold in four regions, day by day over two years: with seasons of the week and the year, \
        growth, campaigns, new products, some that are seldom asked for, and days that nobody recorded.
        """)
  }

  /// Whether the records can carry the solution, and what in them is odd.
  public func check(_ project: Project, _ data: ProjectData) throws -> [ProjectFinding] {
    let panel = try DemandPanel(project, data)
    let horizon = project.settings.whole("horizon")
    var found = [
      ProjectFinding(
        .note,
        "\(Words.count(panel.nodes.count, "series and sums", plural: "series and sums")) of \(panel.count) steps of one "
          + "\(panel.step); seasons of \(panel.seasons.isEmpty ? "none" : panel.seasons.map(String.init).joined(separator: " and "))"
      )
    ]
    if panel.count < 2 * horizon + 4 {
      found.append(
        ProjectFinding(
          .stop, "\(panel.count) steps are too few for a horizon of \(horizon)",
          remedy: "give at least \(2 * horizon + 4) steps, or a shorter horizon"))
    }
    if panel.missing > 0 {
      found.append(
        ProjectFinding(
          .warning, "\(Words.count(panel.missing, "step")) have no number, over all series",
          remedy: "if no record means that nothing was asked for, set: no record means: zero"))
    }
    if let longest = panel.seasons.last, panel.count < 2 * longest + horizon {
      found.append(
        ProjectFinding(
          .warning, "a season of \(longest) steps is seen less than twice before the test", remedy: "give a longer past"
        ))
    }
    let negative = data.numbers("demand")?.count { $0 < 0 } ?? 0
    if negative > 0 {
      found.append(
        ProjectFinding(.warning, "\(Words.count(negative, "row")) have a demand below 0", remedy: "take returns out"))
    }
    let amounts = project.amounts
    if project.settings.text("plan") == "units",
      amounts.number("shortage") * amounts.number("unit") <= amounts.number("holding")
    {
      found.append(
        ProjectFinding(
          .warning, "a unit costs more in a step than the demand it could serve: having none is cheapest",
          remedy: "look at unit, shortage and holding under value"))
    }
    return found
  }

  /// Forecasts, the test on the last steps, and the plan.
  public func run(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> ProjectOutcome {
    try CapacityRun(project: project, data: data, context: context).execute()
  }

  /// The forecasts of a run as a table: one row per series and step.
  public func predict(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> Table {
    context.progress(nil, "forecasting")
    let panel = try DemandPanel(project, data)
    let level = project.settings.number("level")
    let forecast = try DemandForecast(
      panel.nodes, panel: panel, horizon: project.settings.whole("horizon"), levels: CapacityRun.levels(level),
      project: project, context: context, deadline: Deadline(after: context.budget))
    let state = CapacityForecasts(panel: panel, forecasts: forecast.forecasts)
    let horizon = state.moments.count
    func all(_ value: (Forecast) -> [Double]) -> [Double] { state.forecasts.flatMap(value) }
    return try Table([
      Column("series", .text(TextValues(state.names.flatMap { Array(repeating: $0, count: horizon) }))),
      Column("time", .dateTime(state.names.flatMap { _ in state.moments.map { Int64($0) * 1_000_000 } })),
      Column("demand", .float(all(\.point))),
      Column("lower", .float(all { $0.quantile((1 - level) / 2) ?? $0.point })),
      Column("upper", .float(all { $0.quantile((1 + level) / 2) ?? $0.point })),
    ])
  }
}
