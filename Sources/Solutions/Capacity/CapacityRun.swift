import Basics
import Evaluation
import Experiments
import Foundation
import Projects
import Tables
import TimeSeries

/// One run of the solution.
struct CapacityRun {
  let project: Project
  let data: ProjectData
  let context: ProjectContext

  func execute() throws -> ProjectOutcome {
    try ProjectRun(project, data, context, metric: "scaled-error").execute { summary in try outcome(summary) }
  }

  /// The levels that a plan needs, with the ends of the interval asked for.
  static func levels(_ level: Double) -> [Double] {
    let ends = [(1 - level) / 2, (1 + level) / 2]
    let usual = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98]
    return (usual.filter { level in ends.allSatisfy { abs($0 - level) > 1e-9 } } + ends).sorted()
  }

  private func outcome(_ summary: () -> RunSummary) throws -> ProjectOutcome {
    context.progress(nil, "laying the demand on a timeline")
    let panel = try DemandPanel(project, data)
    let horizon = project.settings.whole("horizon")
    let level = project.settings.number("level")
    let levels = Self.levels(level)
    guard panel.count >= 2 * horizon + 4 else {
      throw AssayError(
        .data, "\(panel.count) steps are too few to plan \(horizon) ahead and to show how well that would have gone",
        at: project.source, remedy: "give at least \(2 * horizon + 4) steps, or a shorter horizon")
    }
    let deadline = Deadline(after: 0.9 * context.budget)
    context.progress(0.05, "forecasting the last \(horizon) steps, to see how well that goes")
    let known = panel.nodes.map { $0.prefix(panel.count - horizon) }
    let truths = panel.nodes.map { Array($0.values.suffix(horizon)) }
    // A series that began within the last steps has no past to forecast from.
    let usable = known.indices.filter { node in known[node].values.contains { !$0.isNaN } }
    let whole = usable.count == known.count
    let tested = try DemandForecast(
      whole ? known : known.map { Self.begun($0) }, panel: panel, horizon: horizon, levels: levels, project: project,
      context: context, deadline: deadline.earlier(after: 0.45 * context.budget))
    let test = try DemandTest(
      tested, known: whole ? known : known.map { Self.begun($0) }, truths: truths, seasons: panel.seasons,
      lower: (1 - level) / 2, upper: (1 + level) / 2)
    context.progress(0.5, "forecasting the next \(horizon) steps")
    let ahead = try DemandForecast(
      panel.nodes, panel: panel, horizon: horizon, levels: levels, project: project, context: context,
      deadline: deadline)
    context.progress(0.9, "planning")
    let total = panel.nodes[0].interpolated
    var units: UnitPlan?
    var calls: CallPlan?
    if project.settings.text("plan") == "calls" {
      calls = try CallPlan(project, total: ahead.forecasts[0], panel: panel, interruption: context.interruption)
    } else {
      units = try UnitPlan(
        project, total: ahead.forecasts[0], history: total, lastSeason: Array(total.suffix(horizon)), test: test,
        interruption: context.interruption)
    }
    let state = CapacityForecasts(panel: panel, forecasts: ahead.forecasts)
    try AtomicFile.write(CBOREncoder().encode(state), to: project.path(CapacityPlanning.modelFile))
    return CapacityStory(
      project: project, panel: panel, ahead: ahead, tested: tested, test: test, units: units, calls: calls,
      run: summary(), level: level
    ).outcome()
  }

  /// A series without any number, as one that stands at 0.
  private static func begun(_ series: Series) -> Series {
    series.values.contains { !$0.isNaN } ? series : Series(series.name, values: series.values.map { _ in 0 })
  }
}

/// The forecasts that a run leaves in the project's folder.
struct CapacityForecasts: Codable {
  /// The version of this format.
  var formatVersion = 1
  /// The moments of the steps forecast, in seconds since 1970.
  var moments: [Double]
  /// The names of the nodes.
  var names: [String]
  /// One per node.
  var forecasts: [Forecast]

  init(panel: DemandPanel, forecasts: [Forecast]) {
    moments = (0..<(forecasts.first?.horizon ?? 0)).map { Double(panel.timeline.moment(panel.count + $0)) }
    names = panel.nodes.map(\.name)
    self.forecasts = forecasts
  }
}
