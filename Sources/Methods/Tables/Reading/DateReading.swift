/// The order of day and month in dates that end with the year.
public enum DateOrder: String, Sendable, Codable, Hashable, CaseIterable {
  /// 31/12/2025.
  case dayFirst = "day-first"
  /// 12/31/2025.
  case monthFirst = "month-first"

  /// The other order.
  public var other: DateOrder { self == .dayFirst ? .monthFirst : .dayFirst }

  /// As it stands in a sentence: "day first".
  public var words: String { rawValue.replacing("-", with: " ") }
}

/// How the dates of a column were read whose texts end with the year, such as 03/04/2025.
public struct DateReading: Sendable, Hashable, Codable {
  /// Why they were read so.
  public enum Reason: String, Sendable, Codable, Hashable, CaseIterable {
    /// At least one of them can be read in no other way.
    case values
    /// The order was given, or learned from earlier data.
    case given
    /// The dates of another column of the same table can be read in no other way.
    case columns
    /// Only so do they follow each other in equal steps.
    case steps
    /// Only so are they in order.
    case sorted
    /// Numbers of the same table have a decimal comma, as they have where the day comes first.
    case numbers
    /// Nothing tells; it is the usual order for what stands between the numbers.
    case custom
  }

  /// The order of day and month.
  public var order: DateOrder
  /// Why they were read so.
  public var reason: Reason

  /// Creates a description.
  public init(_ order: DateOrder, _ reason: Reason) {
    self.order = order
    self.reason = reason
  }

  /// Whether all dates could be read either way and nobody said which way is right.
  public var isGuess: Bool { reason != .values && reason != .given }

  /// The words by which a note about a guess is known.
  public static let ambiguity = "every date can be read day first and month first"

  /// What to know of a column that was read by a guess: "can be read day first and month first; it was read ...".
  public var words: String {
    let why =
      switch reason {
      case .values: "some of them can be read in no other way"
      case .given: "that was asked for"
      case .columns: "dates of another column can be read in no other way"
      case .steps: "only so are they equal steps apart"
      case .sorted: "only so are they in order"
      case .numbers: "numbers have a decimal comma"
      case .custom: "that is the usual order for such dates, nothing else tells"
      }
    return "\(Self.ambiguity); they were read \(order.words), because \(why)"
  }
}

extension Table {
  /// The columns whose dates were read by a guess, because all of them can be read day first and month first.
  public var guessedDates: [(column: String, reading: DateReading)] {
    columns.compactMap { column in column.dates.flatMap { $0.isGuess ? (column.name, $0) : nil } }
  }
}
