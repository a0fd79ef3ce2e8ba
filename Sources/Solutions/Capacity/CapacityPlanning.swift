import Basics
import Demand
import Experiments
import Projects
import Tables

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

  /// Whether the records can carry the solution, and what in them is odd.
  public func check(_ project: Project, _ data: ProjectData) throws -> [ProjectFinding] {
    let panel = try DemandPanel(project, data)
    var problem = DemandProblem(project)
    var refused: [ProjectFinding] = []
    do {
      problem.plan = try DemandProblem.plan(project, panel)
    } catch let error as AssayError {
      refused.append(ProjectFinding(.stop, error.problem, remedy: error.remedy))
    }
    return try DemandCheck(DemandRecords(project, data), panel, problem).findings() + refused
  }

  /// Forecasts, the test on the last steps, and the plan.
  public func run(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> ProjectOutcome {
    try ProjectRun(project, data, context, metric: "scaled-error").execute { summary in
      context.progress(nil, "laying the demand on a timeline")
      let panel = try DemandPanel(project, data)
      var problem = DemandProblem(project)
      problem.plan = try DemandProblem.plan(project, panel)
      let store = try ProjectStore(project, data, context)
      let outcome = try DemandStudy(panel, problem).run(context, keeping: store)
      try KeptForecasts(outcome, budget: context.budget).save(to: project.path(Self.modelFile))
      store.finish()
      let story = DemandStory(outcome, problem)
      return story.told(
        in: ProjectResults(
          solution: card.name, title: card.title, data: project.data, run: summary(), headline: Self.headline(story)))
    }
  }

  /// The forecasts of a run as a table: one row per series and step.
  public func predict(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> Table {
    context.progress(nil, "forecasting")
    let panel = try DemandPanel(project, data)
    let problem = DemandProblem(project)
    return try DemandStudy(panel, problem)
      .forecast(after: KeptForecasts(contentsOf: project.path(Self.modelFile)), context)
      .table(level: problem.level, demand: "demand")
  }
}
