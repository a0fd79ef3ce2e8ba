import Projects

/// Rows that stand by themselves, each a piece of work in which a unit may fail, and what is asked of them.
public struct SnapshotProblem: Sendable {
  /// The project that the rows belong to: its folder keeps what a run leaves.
  public var project: Project
  /// The rows.
  public var data: ProjectData
  /// What a unit is called: "machine".
  public var noun: String
  /// Several of them: "machines".
  public var plural: String
  /// What a row is called: "piece of work".
  public var piece: String
  /// Several of them: "pieces of work".
  public var pieces: String
  /// What a row is called in short, in tables: "piece".
  public var short = "piece"
  /// Several of them in short: "pieces".
  public var shorts = "pieces"
  /// The column that says whether the unit failed.
  public var failed = "failed"
  /// The column of the failure's mode.
  public var mode = "mode"
  /// The column of units.
  public var unit = "unit"
  /// The column of moments.
  public var time = "cycle"
  /// The column that says train or test, where the split is given.
  public var part = "part"
  /// Columns that are known only afterwards, besides those of the outcome and its modes.
  public var afterwards: [String] = []
  /// Columns that say how a unit is operated; they count where `sensors` are named.
  public var conditions: [String] = []
  /// Columns that are learned from; all others if empty.
  public var sensors: [String] = []
  /// Columns that say yes or no to one failure mode each.
  public var modes: [String] = []
  /// Columns worked out from others: "power = torque * speed".
  public var derived = ""
  /// The share of rows that everything is measured on.
  public var testShare = 0.25
  /// The probability that intervals promise.
  public var level = 0.9
  /// What failures and services cost.
  public var terms: ServiceTerms
  /// The name of the file with the model in the project's folder.
  public var modelFile = "model"

  /// A problem with the usual names and settings.
  public init(
    project: Project, data: ProjectData, noun: String, piece: String, pieces: String, terms: ServiceTerms
  ) {
    self.project = project
    self.data = data
    self.noun = noun
    plural = noun + "s"
    self.piece = piece
    self.pieces = pieces
    self.terms = terms
  }
}
