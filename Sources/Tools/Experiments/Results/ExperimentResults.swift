import Decisions
import Evaluation
import Tables

/// Everything a run found out: the content of `results.json` and of the report.
public struct ExperimentResults: Sendable, Codable {
  /// The version of this format.
  public var formatVersion = 1
  /// When, with what and how it ran.
  public var run: RunSummary
  /// What was asked.
  public var problem: ProblemSummary
  /// The profile of the training data.
  public var profile: TableProfile
  /// What the guard found.
  public var findings: [GuardFinding] = []
  /// The best candidates, all members of an ensemble and the best of each family; best on validation data first.
  public var leaderboard: [LeaderboardEntry] = []
  /// The number of candidates that were finished.
  public var candidateCount = 0
  /// The name of the chosen entry of the leaderboard.
  public var chosen: String
  /// The measures of the chosen model on test data, the primary metric first.
  public var metrics: [MetricSummary] = []
  /// Whether predictions mean what they say.
  public var reliability: ReliabilitySummary?
  /// The ROC curve on test data (binary).
  public var roc: Curve?
  /// Precision against recall on test data (binary).
  public var precisionRecall: Curve?
  /// Counts at the operating point (classification).
  public var confusion: ConfusionSummary?
  /// Predicted and observed numbers of some test rows (regression).
  public var fit: FitSummary?
  /// What the decision is worth, where a value was given.
  public var decision: DecisionResult?
  /// The best total cost per row against the ratio of the two costs, where no value was given (binary): curves
  /// "model", "do nothing", "treat all".
  public var costCurves: [Curve] = []
  /// What drives the predictions.
  public var explanation: ExplanationSummary
  /// Segments of the test data, the weakest first.
  public var segments: [SegmentSummary] = []
  /// What the reader must know before relying on this.
  public var limits: [String] = []
  /// The probability that the intervals of measures promise: 0.95.
  public var intervalLevel: Double?

  /// Creates results with what every run has.
  public init(
    run: RunSummary, problem: ProblemSummary, profile: TableProfile, chosen: String, explanation: ExplanationSummary
  ) {
    self.run = run
    self.problem = problem
    self.profile = profile
    self.chosen = chosen
    self.explanation = explanation
  }
}

/// When, with what and how a run ran.
public struct RunSummary: Sendable, Codable, Hashable {
  /// The identifier in the ledger.
  public var identifier: String
  /// The start, ISO 8601 in UTC.
  public var started: String
  /// The duration in seconds.
  public var seconds: Double
  /// The version of the program.
  public var version: String
  /// The seed.
  public var seed: UInt64
  /// The threads used.
  public var threads: Int
  /// The machine in words: processor, cores, memory, system.
  public var machine: String
  /// SHA-256 of the training data's columns.
  public var dataHash: String
  /// The command that repeats the run.
  public var command: String
  /// Whether the search was interrupted before its budget was used.
  public var wasInterrupted: Bool

  /// Creates a summary.
  public init(
    identifier: String, started: String, seconds: Double, version: String, seed: UInt64, threads: Int,
    machine: String, dataHash: String, command: String, wasInterrupted: Bool
  ) {
    self.identifier = identifier
    self.started = started
    self.seconds = seconds
    self.version = version
    self.seed = seed
    self.threads = threads
    self.machine = machine
    self.dataHash = dataHash
    self.command = command
    self.wasInterrupted = wasInterrupted
  }
}

/// What a run was asked to predict, from what, and how it was split.
public struct ProblemSummary: Sendable, Codable, Hashable {
  /// The data source as given.
  public var data: String
  /// The target column.
  public var target: String
  /// What is predicted.
  public var task: LearningTask
  /// The primary metric's name.
  public var metric: String
  /// The rows learned from.
  public var trainingRows: Int
  /// The rows held out for the final measurement.
  public var testRows: Int
  /// The columns used.
  public var columns: [String]
  /// The columns left out, with the reason.
  public var excluded: [String: String]
  /// The split in words: "by time, the last 20 % of the rows are the test".
  public var split: String
  /// The shares of the classes in the training rows; empty for regression.
  public var classShares: [Double]
  /// What classes are called where their own names say little: "1" may be "fraud". Reports use these names; files of
  /// predictions keep the data's.
  public var classNames: [String: String]?

  /// Creates a summary.
  public init(
    data: String, target: String, task: LearningTask, metric: String, trainingRows: Int, testRows: Int,
    columns: [String], excluded: [String: String], split: String, classShares: [Double]
  ) {
    self.data = data
    self.target = target
    self.task = task
    self.metric = metric
    self.trainingRows = trainingRows
    self.testRows = testRows
    self.columns = columns
    self.excluded = excluded
    self.split = split
    self.classShares = classShares
  }
}

/// One candidate of the search.
public struct LeaderboardEntry: Sendable, Codable, Hashable {
  /// The name: "boosting 3".
  public var name: String
  /// The family: "boosting", "linear", "baseline".
  public var family: String
  /// The settings that differ from the defaults, in words.
  public var settings: String
  /// The primary metric on validation rows (out of fold).
  public var validation: Estimate
  /// The primary metric on test rows.
  public var test: Estimate?
  /// The chosen model against this one on test rows; nil for the chosen one.
  public var chosenAgainstThis: Difference?
  /// The seconds its fits took.
  public var seconds: Double
  /// Its weight in the ensemble, zero if it is not in it.
  public var ensembleWeight: Double

  /// Creates an entry.
  public init(
    name: String, family: String, settings: String, validation: Estimate, test: Estimate?,
    chosenAgainstThis: Difference?, seconds: Double, ensembleWeight: Double
  ) {
    self.name = name
    self.family = family
    self.settings = settings
    self.validation = validation
    self.test = test
    self.chosenAgainstThis = chosenAgainstThis
    self.seconds = seconds
    self.ensembleWeight = ensembleWeight
  }
}

/// One measure on test data.
public struct MetricSummary: Sendable, Codable, Hashable {
  /// The metric's name.
  public var name: String
  /// The chosen model's value.
  public var value: Estimate
  /// The simplest baseline's value.
  public var baseline: Double
  /// Whether larger is better.
  public var higherIsBetter: Bool

  /// Creates a measure.
  public init(name: String, value: Estimate, baseline: Double, higherIsBetter: Bool) {
    self.name = name
    self.value = value
    self.baseline = baseline
    self.higherIsBetter = higherIsBetter
  }
}

/// Whether probabilities and intervals mean what they say, on test data.
public struct ReliabilitySummary: Sendable, Codable, Hashable {
  /// The calibration method chosen: "none", "Platt", "isotonic".
  public var calibration: String
  /// Reliability bins of the calibrated probabilities (binary: of the positive class; else of the top class).
  public var bins: [ReliabilityBin]
  /// Expected calibration error before and after calibration; nil for regression.
  public var errorBefore: Double?
  /// Expected calibration error after calibration.
  public var errorAfter: Double?
  /// The level that conformal sets or intervals promise, for example 0.9.
  public var level: Double
  /// Measured coverage, all rows first, then by segment.
  public var coverage: [Coverage]

  /// Creates a summary.
  public init(
    calibration: String, bins: [ReliabilityBin], errorBefore: Double?, errorAfter: Double?, level: Double,
    coverage: [Coverage]
  ) {
    self.calibration = calibration
    self.bins = bins
    self.errorBefore = errorBefore
    self.errorAfter = errorAfter
    self.level = level
    self.coverage = coverage
  }
}

/// Rows by true and predicted class.
public struct ConfusionSummary: Sendable, Codable, Hashable {
  /// The classes.
  public var classes: [String]
  /// `counts[truth][predicted]`.
  public var counts: [[Int]]
  /// The operating point in words: "score at least 0.23".
  public var operatingPoint: String

  /// Creates a summary.
  public init(classes: [String], counts: [[Int]], operatingPoint: String) {
    self.classes = classes
    self.counts = counts
    self.operatingPoint = operatingPoint
  }
}

/// Predicted against observed numbers.
public struct FitSummary: Sendable, Codable, Hashable {
  /// Predicted numbers of at most 400 test rows.
  public var predicted: [Double]
  /// The observed numbers of these rows.
  public var observed: [Double]
  /// The lower ends of their intervals.
  public var lower: [Double]
  /// The upper ends of their intervals.
  public var upper: [Double]

  /// Creates a summary.
  public init(predicted: [Double], observed: [Double], lower: [Double], upper: [Double]) {
    self.predicted = predicted
    self.observed = observed
    self.lower = lower
    self.upper = upper
  }
}

/// What drives the predictions of the chosen model.
public struct ExplanationSummary: Sendable, Codable, Hashable {
  /// A column with the loss that shuffling it causes.
  public struct Importance: Sendable, Codable, Hashable {
    /// The column.
    public var column: String
    /// The rise of the loss when the column is shuffled on test data, with interval.
    public var loss: Estimate

    /// Creates an importance.
    public init(column: String, loss: Estimate) {
      self.column = column
      self.loss = loss
    }
  }

  /// How the prediction moves with one column.
  public struct Effect: Sendable, Codable, Hashable {
    /// The column.
    public var column: String
    /// The class whose probability is shown, or empty.
    public var output: String
    /// The level names for categories; empty for numbers.
    public var levels: [String]
    /// The mean prediction at each value (partial dependence); `x` counts levels for categories.
    public var mean: Curve
    /// Some single rows (individual conditional expectation), each over the same `x`.
    public var rows: [[Double]]
    /// The share of rows at or near each value.
    public var density: [Double]

    /// Creates an effect.
    public init(
      column: String, output: String, levels: [String], mean: Curve, rows: [[Double]], density: [Double]
    ) {
      self.column = column
      self.output = output
      self.levels = levels
      self.mean = mean
      self.rows = rows
      self.density = density
    }
  }

  /// A test row with the reasons of its prediction.
  public struct Example: Sendable, Codable, Hashable {
    /// The row's position in the test data.
    public var row: Int
    /// The prediction in words: "churn 0.83".
    public var prediction: String
    /// The observed label in words.
    public var observed: String
    /// The reason sentence.
    public var reason: String

    /// Creates an example.
    public init(row: Int, prediction: String, observed: String, reason: String) {
      self.row = row
      self.prediction = prediction
      self.observed = observed
      self.reason = reason
    }
  }

  /// Columns, the most important first.
  public var importance: [Importance] = []
  /// Effects of the most important columns.
  public var effects: [Effect] = []
  /// A few rows with reasons: high, middle and low predictions.
  public var examples: [Example] = []

  /// Nothing explained.
  public init() {}
}

/// How good the model is on a part of the test data.
public struct SegmentSummary: Sendable, Codable, Hashable {
  /// The part: "region = north".
  public var segment: String
  /// The rows.
  public var count: Int
  /// The primary metric there.
  public var metric: Estimate
  /// The rest of the rows against the segment: a verdict "worse" means the model is weaker here.
  public var verdict: Difference.Verdict

  /// Creates a summary.
  public init(segment: String, count: Int, metric: Estimate, verdict: Difference.Verdict) {
    self.segment = segment
    self.count = count
    self.metric = metric
    self.verdict = verdict
  }
}
