import Basics
import Evaluation
import Experiments
import Foundation
import Projects
import RemainingLife
import Sequences
import Survival
import Tables

/// One run of the solution.
struct MaintenanceRun {
  let project: Project
  let data: ProjectData
  let context: ProjectContext

  func execute() throws -> ProjectOutcome {
    try ProjectRun(project, data, context, metric: "rmse").execute { summary in
      do {
        return try outcome(summary)
      } catch let error as AssayError where error.kind == .cancelled {
        throw project.interrupted
      }
    }
  }

  private func outcome(_ summary: () -> RunSummary) throws -> ProjectOutcome {
    context.progress(nil, "reading machines")
    let fleet = try FleetData(project, data)
    let key = RandomKey(seed: context.seed)["maintenance"]
    let (training, test) = try fleet.split(share: project.settings.number("test share"), key: key["test"])
    let longest = project.settings.number("longest life")
    let store = try ProjectStore(project, data, context)
    let learned = fleet.units.selecting(units: training)
    let search = LifeSearch(
      units: learned, failed: training.map { fleet.failed[$0] },
      settings: LifeSettings(
        conditions: fleet.conditions, longestLife: longest, window: project.settings.whole("window"),
        horizon: project.settings.number("horizon"), level: project.settings.number("level"),
        networks: project.settings.text("networks") != "no"),
      key: key, threads: context.threads,
      time: FittingTime(budget: context.budget, resumes: context.resumes, store: store), store: store,
      interruption: context.interruption
    ) { [progress = context.progress] step in
      progress(0.9 * step.share, "\(step.method), machines \(step.fold) of \(step.folds)")
    }
    var result = try search.run()

    context.progress(0.92, "measuring on \(test.count) machines")
    let testUnits = fleet.units.selecting(units: test)
    let told = try result.model.predict(testUnits, threads: context.threads)
    let left = test.map { fleet.left[$0] }
    let judged = JudgedLives(testUnits, told: told.lives, left: left, model: result.model, key: key["rows"])
    let foretold = result.model.horizon.flatMap {
      FailureMeasures(testUnits, left: left, risks: told.risks, horizon: $0)
    }
    let policies = try FleetPolicies(
      training: .init(
        units: learned, told: result.told, whole: training.indices.filter { fleet.failed[training[$0]] }),
      test: .init(
        units: testUnits, told: told.lives, whole: test.indices.filter { fleet.failed[test[$0]] }),
      terms: .init(
        costs: try costs(), reaction: project.amounts.number("reaction"), share: 1 - project.settings.number("level")),
      budget: project.amounts.number("false alarms"), window: longest)
    result.model.alarm = policies.alarm
    try AtomicFile.write(CBOREncoder().encode(result.model), to: project.path(PredictiveMaintenance.modelFile))

    let running = fleet.units.units.indices.filter { !fleet.failed[$0] }
    let state = try FleetState(
      units: fleet.units, positions: running.isEmpty ? test : running, model: result.model,
      crew: project.amounts.whole("crew"), threads: context.threads)
    let outcome = MaintenanceStory(
      project: project, fleet: fleet, result: result, judged: judged, foretold: foretold, policies: policies,
      state: state, run: summary(), counts: (training.count, test.count), hasRunning: !running.isEmpty,
      dates: fleet.time.seconds == nil ? nil : { data.table["cycle"]?.text(at: $0) ?? "" }
    ).outcome()
    store.finish()
    return outcome
  }

  /// What the project says of costs; nil where it does not.
  private func costs() throws -> ServiceCosts? {
    guard project.givesCosts else { return nil }
    return try ServiceCosts(
      failure: project.amounts.number("failure"), service: project.amounts.number("service"),
      inspection: project.amounts.number("inspection"))
  }
}
