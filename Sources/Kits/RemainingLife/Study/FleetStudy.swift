import Basics
import Evaluation
import Experiments
import Foundation
import Projects
import Sequences
import Survival
import Tables

/// The whole way from a fleet's records to when each unit is to be served.
public struct FleetStudy {
  private let problem: LifeProblem
  private let context: ProjectContext

  /// A study of a problem.
  public init(_ problem: LifeProblem, _ context: ProjectContext) {
    self.problem = problem
    self.context = context
  }

  /// Compares methods, measures them on units that nothing was learned from, and decides when to serve; the model is left
  /// in the project's folder.
  ///
  /// - Throws: a `data` error where too few units failed, a `cancelled` error after an interruption.
  public func execute(for card: SolutionCard) throws -> ProjectOutcome {
    try ProjectRun(problem.project, problem.data, context, metric: "rmse").execute { summary in
      do {
        return try outcome(card, summary)
      } catch let error as AssayError where error.kind == .cancelled {
        throw problem.project.interrupted
      }
    }
  }

  private func outcome(_ card: SolutionCard, _ summary: () -> RunSummary) throws -> ProjectOutcome {
    context.progress(nil, "reading \(problem.plural)")
    let fleet = try FleetData(problem)
    let key = RandomKey(seed: context.seed)["maintenance"]
    let sides = try fleet.split(share: problem.testShare, key: key["test"])
    let store = try ProjectStore(problem.project, problem.data, context)
    let result = try search(fleet, sides.training, key, store)
    context.progress(0.92, "measuring on \(sides.test.count) \(problem.plural)")
    let story = try story(fleet, sides, result, key, summary())
    store.finish()
    return story.outcome(card)
  }

  /// The comparison of methods.
  private func search(
    _ fleet: FleetData, _ training: [Int], _ key: RandomKey, _ store: ProjectStore
  ) throws -> LifeSearch.Result {
    let (progress, nouns) = (context.progress, problem.plural)
    return try LifeSearch(
      units: fleet.units.selecting(units: training), failed: training.map { fleet.failed[$0] },
      settings: LifeSettings(
        conditions: fleet.conditions, longestLife: problem.longestLife, window: problem.window,
        horizon: problem.horizon, level: problem.level, networks: problem.usesNetworks),
      key: key, threads: context.threads,
      time: FittingTime(budget: context.budget, resumes: context.resumes, store: store), store: store,
      interruption: context.interruption
    ) { step in
      progress(0.9 * step.share, "\(step.method), \(nouns) \(step.fold) of \(step.folds)")
    }.run()
  }

  /// What the methods are worth on the test, when to serve, and how the fleet stands; the model is written.
  private func story(
    _ fleet: FleetData, _ sides: (training: [Int], test: [Int]), _ found: LifeSearch.Result, _ key: RandomKey,
    _ run: RunSummary
  ) throws -> FleetStory {
    let (training, test) = sides
    let units = fleet.units.selecting(units: test)
    let told = try found.model.predict(units, threads: context.threads)
    let left = test.map { fleet.left[$0] }
    let judged = JudgedLives(units, told: told.lives, left: left, model: found.model, key: key["rows"])
    let foretold = found.model.horizon.flatMap {
      FailureMeasures(units, left: left, risks: told.risks, horizon: $0)
    }
    let policies = try FleetPolicies(
      training: .init(
        units: fleet.units.selecting(units: training), told: found.told,
        whole: training.indices.filter { fleet.failed[training[$0]] }),
      test: .init(units: units, told: told.lives, whole: test.indices.filter { fleet.failed[test[$0]] }),
      terms: .init(costs: try costs(), reaction: problem.terms.reaction, share: 1 - problem.level),
      budget: problem.terms.falseAlarms, window: problem.longestLife)
    var result = found
    result.model.alarm = policies.alarm
    try AtomicFile.write(CBOREncoder().encode(result.model), to: problem.project.path(problem.modelFile))
    let running = fleet.units.units.indices.filter { !fleet.failed[$0] }
    let state = try FleetState(
      units: fleet.units, positions: running.isEmpty ? test : running, model: result.model,
      crew: problem.terms.crew, threads: context.threads)
    return FleetStory(
      problem: problem, fleet: fleet, result: result, judged: judged, foretold: foretold, policies: policies,
      state: state, run: run, counts: (training.count, test.count), hasRunning: !running.isEmpty)
  }

  /// What the problem says of costs; nil where it does not.
  private func costs() throws -> ServiceCosts? {
    guard problem.terms.areGiven else { return nil }
    return try ServiceCosts(
      failure: problem.terms.failure, service: problem.terms.service, inspection: problem.terms.inspection)
  }
}

/// A project's folder keeps what a study has finished.
extension ProjectStore: FinishedPieces {}
