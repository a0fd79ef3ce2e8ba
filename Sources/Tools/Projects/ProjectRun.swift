import Basics
import Experiments
import Foundation

/// A solution's run in the ledger, for solutions that do not train on one table: those that do have `TrainingRun`.
public struct ProjectRun: Sendable {
  private var record: RunRecord
  private let context: ProjectContext
  private let start = ContinuousClock.now

  /// Begins a run: the ledger lists it as running.
  ///
  /// - Parameter metric: The name of the measure that is written at the end.
  public init(_ project: Project, _ data: ProjectData, _ context: ProjectContext, metric: String) throws {
    self.context = context
    var system = SystemRandomNumberGenerator()
    let now = Date()
    record = RunRecord(
      identifier: RunIdentifier.make(at: now, entropy: system.next()), command: project.solution, started: now,
      data: project.data, dataHash: data.hash, target: project.solution, task: "regression", metric: metric,
      version: programVersion, seed: context.seed, threads: context.threads, machine: Machine.describe(),
      arguments: context.command, parameters: ["budget": "\(context.budget) s"])
    try context.ledger?.insert(record)
  }

  /// Runs the body and writes into the ledger how it ended.
  ///
  /// - Parameter body: Gives the results; it is handed what `RunSummary` knows at that moment.
  public func execute(_ body: (_ summary: () -> RunSummary) throws -> ProjectOutcome) throws -> ProjectOutcome {
    var record = record
    do {
      let outcome = try body(summary)
      record.state = context.interruption.isRequested ? .interrupted : .finished
      record.seconds = seconds(start.duration(to: .now))
      record.model = outcome.model
      record.score = outcome.results.measure(record.metric)?.value.value
      for measure in outcome.results.measures {
        record.metrics.append(RunMetric(measure.name, model: outcome.model, part: .test, interval: measure.value))
      }
      try context.ledger?.finish(record)
      return outcome
    } catch {
      record.state = context.interruption.isRequested ? .interrupted : .failed
      record.failure = "\(error)"
      record.seconds = seconds(start.duration(to: .now))
      try? context.ledger?.finish(record)
      throw error
    }
  }

  private func summary() -> RunSummary {
    RunSummary(
      identifier: record.identifier, started: record.started.formatted(.iso8601),
      seconds: seconds(start.duration(to: .now)), version: programVersion, seed: context.seed,
      threads: context.threads, machine: record.machine, dataHash: record.dataHash, command: context.command,
      wasInterrupted: context.interruption.isRequested)
  }
}
