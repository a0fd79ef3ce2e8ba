import Evaluation

/// Everything that a project's run found out: the content of `results.json` of `assay run`, and of its report.
public struct ProjectResults: Sendable, Codable {
  /// A number to remember.
  public struct KeyFigure: Sendable, Codable, Hashable {
    /// What it is: "saved per day".
    public var label: String
    /// The number.
    public var value: ResultTable.Cell
    /// How sure it is, or what it stands beside.
    public var note: String

    /// Creates a figure.
    public init(_ label: String, _ value: ResultTable.Cell, note: String = "") {
      self.label = label
      self.value = value
      self.note = note
    }
  }

  /// A question with its answer, among the first things to be read.
  public struct Answer: Sendable, Codable, Hashable {
    /// The question.
    public var question: String
    /// The answer.
    public var words: String

    /// Creates an answer.
    public init(_ question: String, _ words: String) {
      self.question = question
      self.words = words
    }
  }

  /// A measure with a name that does not change from version to version, for programs.
  public struct Measure: Sendable, Codable, Hashable {
    /// The name: "average-precision".
    public var name: String
    /// The number, with its interval where one is known.
    public var value: Estimate
    /// The unit; empty for none.
    public var unit: String

    /// Creates a measure.
    public init(_ name: String, _ value: Estimate, unit: String = "") {
      self.name = name
      self.value = value
      self.unit = unit
    }

    /// Creates a measure without an interval.
    public init(_ name: String, _ value: Double, unit: String = "") {
      self.init(name, Estimate(value), unit: unit)
    }

    /// Creates a share of counted things, with its Wilson interval of 95 %.
    ///
    /// - Parameters:
    ///   - count: those that are so; 0 or more.
    ///   - whole: all of them; without any there is no number.
    public init(_ name: String, count: Int, of whole: Int) {
      self.init(
        name, whole > 0 ? wilsonInterval(successes: Double(count), trials: Double(whole)) : Estimate(.nan))
    }

    /// Reads a measure. Files of older versions have the number for both ends where no interval was known.
    public init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      let value = try fields.decode(Estimate.self, forKey: .value)
      self.init(
        try fields.decode(String.self, forKey: .name), value.hasInterval ? value : Estimate(value.value),
        unit: try fields.decode(String.self, forKey: .unit))
    }
  }

  /// The version of this format.
  public var formatVersion = 1
  /// The solution's name: "fraud".
  public var solution: String
  /// The solution's title.
  public var title: String
  /// The data as given.
  public var data: String
  /// When, with what and how it ran.
  public var run: RunSummary
  /// The most important sentence.
  public var headline: String
  /// The first things to be read.
  public var answers: [Answer] = []
  /// The numbers to remember.
  public var keyFigures: [KeyFigure] = []
  /// The measures, for programs.
  public var measures: [Measure] = []
  /// The solution's own parts.
  public var parts: [ResultPart] = []
  /// What the comparison of models found, where the solution trains on a table.
  public var experiment: ExperimentResults?
  /// What the reader must know before relying on this.
  public var limits: [String] = []

  /// Creates results.
  public init(solution: String, title: String, data: String, run: RunSummary, headline: String) {
    self.solution = solution
    self.title = title
    self.data = data
    self.run = run
    self.headline = headline
  }

  /// The measure of a name.
  public func measure(_ name: String) -> Measure? { measures.first { $0.name == name } }
}
