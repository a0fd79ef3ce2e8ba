import Basics
import Estimators
import Evaluation
import Tables

extension ModelBundle {
  /// The model that a search ends in: its candidates weighed, and calibrated, by their predictions of rows that they had
  /// not seen; the fits of the folds are its members.
  ///
  /// For models beside the main one of a run, such as one for each kind of failure: nothing is measured and nothing is
  /// written.
  ///
  /// - Parameters:
  ///   - candidates: What `CandidateSearch` found for the problem, at least one.
  ///   - target: The name of what is predicted.
  ///   - seed: The seed of the run.
  ///   - dataHash: SHA-256 of the data.
  /// - Returns: The model, and its predictions of the rows that were judged on, each by a fit that had not seen it.
  /// - Throws: a `data` error where no candidate can be weighed.
  public static func assembled(
    _ candidates: [CandidateFits], of problem: SearchProblem, target: String, seed: UInt64, dataHash: String
  ) throws -> (bundle: ModelBundle, judged: Predictions) {
    let assembly = try Assembly(candidates: candidates, problem: problem, level: 0.9)
    let packed = ModelBundle.packed(
      zip(candidates, assembly.weights).map { ($0.candidate.name, $1, $0.fits) })
    var bundle = ModelBundle(
      run: "", programVersion: Experiments.programVersion, dataHash: dataHash, seed: seed, target: target,
      task: problem.task, schema: problem.table.schema, reading: ReadOptions(), pipelines: packed.pipelines,
      members: packed.members)
    bundle.calibrator = assembly.calibrator
    return (bundle, assembly.calibrated)
  }
}
