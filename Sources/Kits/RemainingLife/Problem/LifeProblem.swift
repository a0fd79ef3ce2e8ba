import Projects

/// Records that follow units until they fail, and what is asked of them.
public struct LifeProblem: Sendable {
  /// The project that the records belong to: its folder keeps what a run leaves.
  public var project: Project
  /// The records.
  public var data: ProjectData
  /// What a unit is called: "machine".
  public var noun: String
  /// Several of them: "machines".
  public var plural: String
  /// The column of units.
  public var unit = "unit"
  /// The column of moments: dates, or numbers that grow.
  public var time = "cycle"
  /// The column that says of a unit's last row whether it failed then; without it every record ends in a failure.
  public var failed = "failed"
  /// The column of the life that was left, where it is known otherwise.
  public var remaining = "remaining"
  /// The column that says train or test, where the split is given.
  public var part = "part"
  /// Columns that say how a unit is operated.
  public var conditions: [String] = []
  /// Columns that measure its state; all other numbers if empty.
  public var sensors: [String] = []
  /// What time is counted in; nil for days, or what the column counts.
  public var timeUnit: String?
  /// Life is told up to this.
  public var longestLife = 125.0
  /// The time within which failures are foretold.
  public var horizon = 30.0
  /// The rows of the past that are looked at.
  public var window = 50
  /// The share of units that everything is measured on.
  public var testShare = 0.25
  /// The probability that intervals promise.
  public var level = 0.9
  /// Whether networks are tried beside boosting.
  public var usesNetworks = true
  /// What failures and services cost.
  public var terms: ServiceTerms
  /// The name of the file with the model in the project's folder.
  public var modelFile = "model"

  /// A problem with the usual names and settings.
  public init(project: Project, data: ProjectData, noun: String, terms: ServiceTerms) {
    self.project = project
    self.data = data
    self.noun = noun
    plural = noun + "s"
    self.terms = terms
  }
}
