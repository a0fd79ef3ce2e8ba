import Basics
import Planning
import Projects
import TimeSeries

/// The whole way from a demand to a plan: forecasts of the past as if it were not known, forecasts ahead, what both are
/// worth beside simple ones, and the plan.
public struct DemandStudy: Sendable {
  /// What came of it.
  public struct Outcome: Sendable {
    /// The demand.
    public let panel: DemandPanel
    /// The forecasts of the next steps, one per node.
    public let ahead: DemandForecast
    /// Forecasts of the last steps, made from what was known before them, the earliest first.
    public let tested: [DemandForecast]
    /// How well these went, beside simple ways.
    public let test: RollingTest
    /// The plan of units, where units are planned.
    public let units: UnitPlan?
    /// The plan of people, where calls are planned.
    public let calls: CallPlan?
    /// Which methods learned from all series, and why.
    public let learning: SharedLearning
  }

  /// The demand.
  public let panel: DemandPanel
  /// What is asked.
  public let problem: DemandProblem

  /// A study of a demand.
  public init(_ panel: DemandPanel, _ problem: DemandProblem) {
    self.panel = panel
    self.problem = problem
  }

  /// Forecasts, tests and plans; what is finished is kept in the store.
  ///
  /// - Throws: a `data` error where there are too few steps for one test, a `configuration` error for costs or rules out
  ///   of range, a `cancelled` error after an interruption.
  public func run(_ context: ProjectContext, keeping store: ProjectStore) throws -> Outcome {
    let (horizon, tests, level) = (panel.horizon, problem.tests(on: panel), problem.level)
    guard horizon >= 1, tests >= 1 else {
      throw AssayError(
        .data, "\(panel.count) steps are too few to plan \(horizon) ahead and to show how well that would have gone",
        at: problem.source, remedy: "give at least \(2 * horizon + 4) steps, or a shorter horizon")
    }
    let learning = learning(fits: 5 * (tests + 1), context)
    let deadline = Deadline(after: 0.9 * context.budget)
    func forecast(_ known: Int, left: Int) throws -> DemandForecast {
      try self.forecast(
        known, learning, context, until: deadline.earlier(after: deadline.secondsLeft / Double(left)))
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
    switch problem.plan {
    case .none: break
    case .units(let costs, let now):
      units = try store.piece("plan") {
        try UnitPlan(
          costs, unitsNow: now, total: ahead.forecasts[0], panel: panel, past: past,
          alternatives: UnitPlan.Alternative.usual(step: panel.step, problem.nouns), interruption: context.interruption)
      }
    case .calls(let rules, let shifts):
      calls = try store.piece("plan") {
        try CallPlan(
          ahead.forecasts[0],
          desk: CallDesk(panel, rules: rules, shifts: shifts, interruption: context.interruption), past: past,
          level: level, alternatives: CallPlan.Alternative.usual)
      }
    }
    return Outcome(
      panel: panel, ahead: ahead, tested: tested, test: test, units: units, calls: calls, learning: learning)
  }

  /// Forecasts alone, with the methods that a run has found room for, in no more time than it had.
  ///
  /// - Parameter run: What a run has left; nil where there was none.
  public func forecast(after run: KeptForecasts?, _ context: ProjectContext) throws -> KeptForecasts {
    let learning = run?.extent.map { SharedLearning($0) } ?? learning(fits: 5, context)
    let forecast = try forecast(
      panel.count, learning, context, until: Deadline(after: min(context.budget, run?.budget ?? .infinity)))
    return KeptForecasts(panel: panel, forecasts: forecast.forecasts, extent: run?.extent, budget: run?.budget)
  }

  private func learning(fits: Int, _ context: ProjectContext) -> SharedLearning {
    SharedLearning(problem.learning, panel, fits: fits, threads: context.threads, budget: context.budget)
  }

  private func forecast(
    _ known: Int, _ learning: SharedLearning, _ context: ProjectContext, until deadline: Deadline
  ) throws -> DemandForecast {
    try DemandForecast(
      panel, known: known, levels: problem.levels, learning: learning, seed: context.seed, threads: context.threads,
      deadline: deadline, interruption: context.interruption)
  }
}
