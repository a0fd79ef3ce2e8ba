import Basics
import Demand
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

  /// The demand for six products in four regions over two years, and what is planned for the four weeks after; and the
  /// same a week later.
  public func simulated(key: RandomKey) throws -> ProjectStart {
    let days = 730
    let demand = try DemandSimulator(days: days + 35, key: key).simulate().demand
    return ProjectStart(
      table: try Self.known(after: days, demand), later: try Self.known(after: days + 7, demand),
      columns: [
        "time": "time", "demand": "demand", "series": "product", "region": "region", "holiday": "holiday",
        "unserved": "stock_out",
      ],
      settings: ["drivers": "price, campaign", "tests": "3"],
      words: """
        It is what six products sold in four regions, day by day over two years: with seasons of the week and the year, \
        growth, campaigns, new products, some that are seldom asked for, and days that nobody recorded. Rows with an empty \
        demand say which prices, campaigns and holidays are planned for the four weeks after.
        """)
  }

  /// Simulated demand as it is known after some days: of the four weeks that follow only what is planned.
  private static func known(after days: Int, _ demand: Table) throws -> Table {
    let times = try demand.column("time").numbers()
    let end = Double(DemandCalendar.start + days) * 86_400
    let table = demand.selecting(rows: times.indices.filter { times[$0] < end + 28 * 86_400 })
    let kept = try table.column("time").numbers()
    return try Table(
      table.columns.map { column in
        guard column.name == "demand" || column.name == "stock_out" else { return column }
        return Column(column.name, .float(zip(column.numbers(), kept).map { $1 < end ? $0 : .nan }))
      })
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
    // The methods that the run has found room for, in no more time than it had.
    let run = try CapacityForecasts.read(project.path(Self.modelFile))
    let learning = run?.extent.map { SharedLearning($0) }
    let forecast = try DemandForecast(
      panel, known: panel.count, levels: CapacityRun.levels(level),
      learning: learning ?? SharedLearning(project, panel, fits: 5, context: context), seed: context.seed,
      threads: context.threads, deadline: Deadline(after: min(context.budget, run?.budget ?? .infinity)),
      interruption: context.interruption)
    let state = CapacityForecasts(
      panel: panel, forecasts: forecast.forecasts, extent: run?.extent, budget: run?.budget)
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
