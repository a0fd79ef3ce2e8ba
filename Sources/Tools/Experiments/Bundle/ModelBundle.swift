import Basics
import Decisions
import Estimators
import Evaluation
import Tables

/// Everything that scoring needs, in one value: what a bundle file holds.
public struct ModelBundle: Sendable, Codable {
  /// One learner of the ensemble with its fits: one per fold, or one on all rows.
  public struct Member: Sendable, Codable {
    /// The candidate's name.
    public var name: String
    /// The share of this member in the prediction; the members' weights sum to 1.
    public var weight: Double
    /// The models, each with the position of its pipeline in `pipelines`.
    public var fits: [MemberFit]

    /// Creates a member.
    public init(name: String, weight: Double, fits: [MemberFit]) {
      self.name = name
      self.weight = weight
      self.fits = fits
    }
  }

  /// A model with the position of its pipeline.
  public struct MemberFit: Sendable, Codable {
    /// The position in `pipelines`.
    public var pipeline: Int
    /// The model.
    public var model: StoredModel
    /// The scale of its numbers.
    public var labelScale: LabelScale
  }

  /// The run that made it.
  public var run: String
  /// The version of the program that made it.
  public var programVersion: String
  /// SHA-256 of the training data's columns.
  public var dataHash: String
  /// The seed of the run.
  public var seed: UInt64
  /// The target column.
  public var target: String
  /// What is predicted.
  public var task: LearningTask
  /// The columns that prediction data must have.
  public var schema: Schema
  /// How the training data were read; data to score are read alike unless told otherwise.
  public var reading: ReadOptions
  /// The pipelines, each used by one or more fits.
  public var pipelines: [FeaturePipeline]
  /// The learners.
  public var members: [Member]
  /// Corrects probabilities; nil for regression.
  public var calibrator: Calibrator?
  /// Makes sets or intervals.
  public var conformal: ConformalPredictor?
  /// Chooses actions, where a value was given.
  public var policy: DecisionPolicy?
  /// Where the numbers of the training data's columns usually lie, for reasons; nil in files of older versions.
  public var usual: [String: UsualRange]?

  /// Creates a bundle without calibration, intervals and policy.
  public init(
    run: String, programVersion: String, dataHash: String, seed: UInt64, target: String, task: LearningTask,
    schema: Schema, reading: ReadOptions, pipelines: [FeaturePipeline], members: [Member]
  ) {
    self.run = run
    self.programVersion = programVersion
    self.dataHash = dataHash
    self.seed = seed
    self.target = target
    self.task = task
    self.schema = schema
    self.reading = reading
    self.pipelines = pipelines
    self.members = members
  }
}

extension ModelBundle {
  /// Puts fits together; fits that share a pipeline's plan and fold share its place.
  ///
  /// - Parameter fits: the fits of each member with its name and weight; members with weight zero are left out.
  static func packed(
    _ fits: [(name: String, weight: Double, fits: [Fit])]
  ) -> (pipelines: [FeaturePipeline], members: [Member]) {
    var pipelines: [FeaturePipeline] = []
    var positions: [PipelinePlace: Int] = [:]
    var members: [Member] = []
    for entry in fits where entry.weight > 0 {
      var stored: [MemberFit] = []
      for (fold, fit) in entry.fits.enumerated() {
        let place = PipelinePlace(plan: fit.pipeline.plan, columns: fit.pipeline.inputColumns, fold: fold)
        let position = positions[place] ?? pipelines.count
        if position == pipelines.count {
          positions[place] = position
          pipelines.append(fit.pipeline)
        }
        stored.append(MemberFit(pipeline: position, model: fit.model, labelScale: fit.labelScale))
      }
      members.append(Member(name: entry.name, weight: entry.weight, fits: stored))
    }
    return (pipelines, members)
  }

  private struct PipelinePlace: Hashable {
    let plan: FeaturePlan
    let columns: [String]
    let fold: Int
  }
}
