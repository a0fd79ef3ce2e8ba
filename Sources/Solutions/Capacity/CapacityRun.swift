import Basics
import Demand
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

  /// How many times the last steps are forecast as if they were not known: as often as asked for and as fits.
  static func tests(_ project: Project, _ panel: DemandPanel) -> Int {
    panel.horizon < 1 ? 0 : min(project.settings.whole("tests"), (panel.count - 4) / panel.horizon - 1)
  }

  private func outcome(_ summary: () -> RunSummary) throws -> ProjectOutcome {
    context.progress(nil, "laying the demand on a timeline")
    let panel = try DemandPanel(project, data)
    let (horizon, tests) = (panel.horizon, Self.tests(project, panel))
    let level = project.settings.number("level")
    guard horizon >= 1, tests >= 1 else {
      throw AssayError(
        .data, "\(panel.count) steps are too few to plan \(horizon) ahead and to show how well that would have gone",
        at: project.source, remedy: "give at least \(2 * horizon + 4) steps, or a shorter horizon")
    }
    let store = try ProjectStore(project, data, context)
    let learning = SharedLearning(project, panel, fits: 5 * (tests + 1), context: context)
    let deadline = Deadline(after: 0.9 * context.budget)
    func forecast(_ known: Int, left: Int) throws -> DemandForecast {
      try DemandForecast(
        panel, known: known, levels: Self.levels(level), learning: learning, seed: context.seed,
        threads: context.threads, deadline: deadline.earlier(after: deadline.secondsLeft / Double(left)),
        interruption: context.interruption)
    }
    var tested: [DemandForecast] = []
    for back in (1...tests).reversed() {
      context.progress(
        0.8 * Double(tests - back) / Double(tests + 1),
        tests == 1
          ? "forecasting the last \(horizon) steps, to see how well that goes"
          : "forecasting what is known, \(tests - back + 1) of \(tests), to see how well that goes")
      tested.append(
        try store.piece("test \(back)") { try forecast(panel.count - back * horizon, left: back + 1) })
    }
    context.progress(0.8 * Double(tests) / Double(tests + 1), "forecasting the next \(horizon) steps")
    let ahead = try store.piece("forecast") { try forecast(panel.count, left: 1) }
    let test = try RollingTest(
      tested.enumerated().map { place, forecast in
        let known = panel.count - (tests - place) * horizon
        return RollingTest.Moment(
          known: panel.known(known), truths: panel.nodes.map { Array($0.values[known..<known + horizon]) },
          forecasts: forecast.forecasts)
      }, baselines: panel.baselines, seasons: panel.seasons, lower: (1 - level) / 2, upper: (1 + level) / 2)
    context.progress(0.85, "planning")
    let past = PastPlans(panel: panel, tested: tested, test: test)
    var units: UnitPlan?
    var calls: CallPlan?
    if project.settings.text("plan") == "calls" {
      calls = try store.piece("plan") {
        try CallPlan(project, ahead.forecasts[0], panel, past: past, level: level, interruption: context.interruption)
      }
    } else {
      units = try store.piece("plan") {
        try UnitPlan(project, ahead.forecasts[0], panel, past: past, interruption: context.interruption)
      }
    }
    let state = CapacityForecasts(
      panel: panel, forecasts: ahead.forecasts, extent: learning.extent, budget: context.budget)
    try AtomicFile.write(CBOREncoder().encode(state), to: project.path(CapacityPlanning.modelFile))
    store.finish()
    return CapacityStory(
      project: project, panel: panel, ahead: ahead, tested: tested, test: test, units: units, calls: calls,
      learning: learning.words, run: summary(), level: level
    ).outcome()
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
  /// Which methods that learn from all series the run used; nil in files of earlier versions.
  var extent: SharedLearning.Extent?
  /// The seconds that the run was given, which forecasts of later numbers keep to as well.
  var budget: Double?

  init(panel: DemandPanel, forecasts: [Forecast], extent: SharedLearning.Extent?, budget: Double?) {
    self.extent = extent
    self.budget = budget
    moments = (0..<(forecasts.first?.horizon ?? 0)).map { Double(panel.moment(panel.count + $0)) }
    names = panel.nodes.map(\.name)
    self.forecasts = forecasts
  }

  /// What a run has left; nil where none has.
  ///
  /// - Throws: a `bundle` error for a file that is damaged.
  static func read(_ path: String) throws -> CapacityForecasts? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      return try CBORDecoder().decode(CapacityForecasts.self, from: FileAccess.read(path))
    } catch {
      throw AssayError(.bundle, "the forecasts that a run has left cannot be read", at: path, remedy: "run: assay run")
    }
  }
}
