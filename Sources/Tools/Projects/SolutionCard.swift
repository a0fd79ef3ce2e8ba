import Tables

/// What a solution is, and what it needs of a customer.
public struct SolutionCard: Sendable {
  /// The word on the command line: "fraud".
  public var name: String
  /// The name: "Fraud prevention".
  public var title: String
  /// One line: which decision it makes better.
  public var purpose: String
  /// What a row of the data is: "one payment".
  public var row: String
  /// The columns that the data may have, the required ones first.
  public var fields: [Field]
  /// The settings, all with defaults.
  public var settings: [Setting]
  /// What the decision is worth.
  public var value: Value
  /// The yes-or-no field that is learned from each row by itself, which other columns may give away; nil where there is
  /// none. A field with a condition counts only under it.
  public var outcome: String?

  /// Creates a card.
  public init(
    name: String, title: String, purpose: String, row: String, fields: [Field], settings: [Setting], value: Value,
    outcome: String? = nil
  ) {
    self.outcome = outcome
    self.name = name
    self.title = title
    self.purpose = purpose
    self.row = row
    self.fields = fields
    self.settings = settings
    self.value = value
  }

  /// A column that the data may have, under the solution's name for it.
  public struct Field: Sendable {
    /// What the values of a column must be.
    public enum Kind: String, Sendable {
      /// A date and time.
      case time = "a date and time"
      /// A time, or a number that grows with it.
      case order = "a date and time, or a number that grows with time"
      /// A number.
      case number = "a number"
      /// Yes or no, 1 or 0.
      case truth = "yes or no"
      /// A name or a code; numbers are taken as codes.
      case code = "a name or code"
    }

    /// The solution's name for it: "customer".
    public var name: String
    /// What it is, in the customer's words, with its unit.
    public var meaning: String
    /// What its values must be.
    public var kind: Kind
    /// Whether the solution cannot do without.
    public var isRequired: Bool
    /// The setting under which alone the field is required; nil for all settings.
    public var condition: Condition?

    /// A setting with one of its values.
    public struct Condition: Sendable, Hashable {
      /// The name of the setting.
      public var setting: String
      /// The value that it has.
      public var value: String

      /// Creates a condition.
      public init(_ setting: String, _ value: String) {
        self.setting = setting
        self.value = value
      }

      /// As it stands in the project file: "records: lives".
      public var words: String { "\(setting): \(value)" }
    }

    /// Creates a field.
    ///
    /// - Parameter condition: The setting under which alone it is required.
    public init(
      _ name: String, _ meaning: String, kind: Kind, isRequired: Bool = false, where condition: Condition? = nil
    ) {
      self.name = name
      self.meaning = meaning
      self.kind = kind
      self.isRequired = isRequired
      self.condition = condition
    }

    /// Whether the solution cannot do without under some settings.
    public func isRequired(_ settings: SettingValues) -> Bool {
      isRequired && condition.map { settings.text($0.setting) == $0.value } ?? true
    }

    /// The name, with the setting under which it is required: "unit (records: lives)".
    public var needed: String { condition.map { "\(name) (\($0.words))" } ?? name }
  }

  /// Something that can be set in the project file.
  public struct Setting: Sendable {
    /// What can be given.
    public enum Kind: Sendable {
      /// A number in a range.
      case number(ClosedRange<Double>)
      /// A whole number in a range.
      case whole(ClosedRange<Int>)
      /// A length of time: "7 days", "12 hours".
      case duration
      /// Numbers in a range, with commas between them.
      case numbers(ClosedRange<Double>)
      /// Lengths of time above 0, with commas between them.
      case durations
      /// One of some words.
      case choice([String])
      /// Names of columns that are no fields, separated by commas; they must be in the data.
      case columns
      /// Any text.
      case text
    }

    /// The name: "label delay".
    public var name: String
    /// What it is, with its unit.
    public var meaning: String
    /// What can be given.
    public var kind: Kind
    /// The value where none is given, as written; empty where there is none.
    public var standard: String

    /// Creates a setting.
    public init(_ name: String, _ meaning: String, kind: Kind, standard: String) {
      self.name = name
      self.meaning = meaning
      self.kind = kind
      self.standard = standard
    }
  }

  /// What the decision is worth.
  public enum Value: Sendable {
    /// Actions with gains and costs for each row, as in a value file; the text is the one for the simulated data.
    case actions(String)
    /// Amounts with names, such as the cost of a failure.
    case amounts([Setting])
  }

  /// The field of a name.
  public func field(_ name: String) -> Field? { fields.first { $0.name == name } }
}
