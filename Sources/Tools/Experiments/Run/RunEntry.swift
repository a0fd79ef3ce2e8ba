import Basics
import Evaluation
import Foundation

/// What the ledger gets to know of a training run: at its start, and at its end.
enum RunEntry {
  /// The record of a run that starts now.
  static func started(_ request: TrainingRequest, data: PreparedData, command: String) -> RunRecord {
    let now = Date()
    // The name must differ between runs that start in the same second; nothing learned depends on it.
    var system = SystemRandomNumberGenerator()
    let width = data.task.width
    var parameters = [
      "budget": "\(request.budget) s", "test share": "\(request.testShare)", "level": "\(request.conformalLevel)",
    ]
    for (name, value) in [
      ("time", request.time), ("entity", request.entity), ("split column", request.splitColumn), ("test", request.test),
    ] {
      parameters[name] = value
    }
    if !request.excluded.isEmpty { parameters["excluded"] = request.excluded.joined(separator: ", ") }
    return RunRecord(
      identifier: RunIdentifier.make(at: now, entropy: system.next()), command: "train", started: now,
      data: request.data, dataHash: data.dataHash, target: request.target,
      task: width == 1 ? "regression" : width == 2 ? "binary" : "multiclass", version: programVersion,
      seed: request.seed, threads: request.threads, machine: Machine.describe(), arguments: command,
      parameters: parameters)
  }

  /// SHA-256 of the rows of every fold.
  static func hash(_ validation: ValidationPlan) -> String {
    var hash = SHA256()
    for fold in validation.folds {
      for rows in [fold.training, fold.test] {
        rows.withUnsafeBytes { hash.update($0) }
        hash.update([0xFF])
      }
    }
    return hash.hexadecimal()
  }

  /// Adds what a finished run measured and wrote.
  static func finish(
    _ record: inout RunRecord, results: ExperimentResults, candidates: [CandidateFits], output: String
  ) {
    record.state = results.run.wasInterrupted ? .interrupted : .finished
    record.seconds = results.run.seconds
    record.metric = results.problem.metric
    record.model = results.chosen
    record.score = results.metrics.first?.value.value
    for metric in results.metrics {
      record.metrics.append(RunMetric(metric.name, model: results.chosen, part: .test, interval: metric.value))
    }
    for candidate in candidates {
      for (fold, score) in candidate.foldScores.enumerated() {
        record.metrics.append(
          RunMetric(
            results.problem.metric, model: candidate.candidate.name, part: .validation, fold: fold, value: score))
      }
    }
    let folder = URL(fileURLWithPath: output).standardizedFileURL.path
    let files: [(RunArtifact.Kind, String)] = [
      (.bundle, "model"), (.results, "results.json"), (.report, "report.html"), (.testPredictions, TestScores.fileName),
    ]
    for (kind, name) in files { record.artifacts.append(RunArtifact(kind, path: folder + "/" + name)) }
  }
}

/// The chosen model's predictions of the test rows with their labels: what a paired comparison of two runs needs.
public struct TestScores: Sendable, Codable {
  /// The name of the file in a run's output folder.
  public static let fileName = "test-scores.cbor"

  /// The run that measured them: a later run into the same folder replaces the file.
  public var run: String
  /// What is predicted.
  public var task: LearningTask
  /// The primary metric.
  public var metric: Metric
  /// The labels of the test rows.
  public var labels: [Double]
  /// The calibrated predictions.
  public var predictions: Predictions
  /// SHA-256 of all columns of the test rows, also those that were not learned from: runs with equal hashes were measured on the same rows.
  public var rowsHash: String
  /// The entity of each row, where one was declared.
  public var clusters: [Int]?

  /// Reads the file of a run.
  public static func read(_ path: String) throws -> TestScores {
    do {
      return try CBORDecoder().decode(TestScores.self, from: FileAccess.read(path))
    } catch let error as AssayError where error.kind == .file {
      throw error
    } catch {
      throw AssayError(.format, "the test scores cannot be read", at: path, remedy: "train again")
    }
  }
}
