import Evaluation

/// A part of a project's results as data: what a report shows under one heading, and a program reads from
/// `results.json`.
public struct ResultPart: Sendable, Codable, Hashable {
  /// The anchor in the report: letters and hyphens, unique among the parts.
  public var identifier: String
  /// The heading.
  public var title: String
  /// The content, in order.
  public var blocks: [ResultBlock]

  /// Creates a part.
  public init(_ identifier: String, _ title: String, _ blocks: [ResultBlock]) {
    self.identifier = identifier
    self.title = title
    self.blocks = blocks
  }
}

/// A piece of a part.
public enum ResultBlock: Sendable, Codable, Hashable {
  /// A paragraph.
  case text(String)
  /// A paragraph that must not be missed: its first words, and the rest.
  case caution(String, String)
  /// Items of a list.
  case list([String])
  /// A table.
  case table(ResultTable)
  /// Charts, side by side where there is room.
  case charts([ResultChart])
}

/// How a number is written for people.
public enum ResultFormat: Sendable, Codable, Hashable {
  /// A plain number.
  case number
  /// A number of things.
  case count
  /// A share: 0.235 is 23.5 %.
  case percent
  /// An amount in a currency given by its code.
  case money(String)
  /// Seconds since 1970-01-01T00:00:00 UTC, as a day.
  case date
}

/// A table of results.
public struct ResultTable: Sendable, Codable, Hashable {
  /// What a cell holds.
  public enum Cell: Sendable, Codable, Hashable {
    /// Words, or a name.
    case text(String)
    /// A number.
    case number(Double, ResultFormat)
    /// A number with its interval.
    case estimate(Estimate, ResultFormat)
    /// Nothing.
    case none
  }

  /// What the table is, for those who cannot see it.
  public var label: String
  /// The titles of the columns.
  public var columns: [String]
  /// The rows, a cell per column; the first cell heads its row.
  public var rows: [[Cell]]
  /// The index of a row to set off.
  public var highlighted: Int?

  /// Creates a table.
  public init(_ label: String, columns: [String], rows: [[Cell]], highlighted: Int? = nil) {
    self.label = label
    self.columns = columns
    self.rows = rows
    self.highlighted = highlighted
  }
}

/// A chart of results.
public struct ResultChart: Sendable, Codable, Hashable {
  /// A direction of the chart.
  public struct Axis: Sendable, Codable, Hashable {
    /// What it shows, with its unit.
    public var label: String
    /// How its ticks are written.
    public var format: ResultFormat
    /// One place per name, where it has names; then values are the names' indices.
    public var names: [String]?
    /// Whether the range shown reaches to zero.
    public var includesZero: Bool
    /// Whether equal ratios are equally long.
    public var isLogarithmic: Bool

    /// Creates an axis.
    public init(
      _ label: String, format: ResultFormat = .number, names: [String]? = nil, includesZero: Bool = false,
      isLogarithmic: Bool = false
    ) {
      self.label = label
      self.format = format
      self.names = names
      self.includesZero = includesZero
      self.isLogarithmic = isLogarithmic
    }
  }

  /// Something drawn.
  public struct Series: Sendable, Codable, Hashable {
    /// How it is drawn.
    public enum Shape: String, Sendable, Codable, Hashable {
      /// A line, with a band where there are bounds.
      case line
      /// A dashed line.
      case dashes
      /// A line that stays level until the next point.
      case steps
      /// The area between the bounds, or between zero and the line.
      case area
      /// Points, with intervals where there are bounds.
      case points
      /// Bars.
      case bars
      /// A vertical line at `x`.
      case verticalRule
      /// A horizontal line at `y`.
      case horizontalRule
    }

    /// What a colour stands for.
    public enum Role: String, Sendable, Codable, Hashable {
      /// The first of six hues.
      case first
      /// The second hue.
      case second
      /// The third hue.
      case third
      /// The fourth hue.
      case fourth
      /// The colour of text.
      case ink
      /// In the background.
      case muted
      /// A gain.
      case good
      /// A loss.
      case bad
    }

    /// The name in the legend; empty for none.
    public var name: String
    /// How it is drawn.
    public var shape: Shape
    /// What its colour stands for.
    public var role: Role
    /// The horizontal positions.
    public var x: [Double]
    /// The vertical positions.
    public var y: [Double]
    /// The lower bounds, or empty.
    public var lower: [Double]
    /// The upper bounds, or empty.
    public var upper: [Double]
    /// Texts beside points or bars, or empty.
    public var labels: [String]

    /// Creates a series.
    public init(
      _ name: String = "", _ shape: Shape = .line, role: Role = .first, x: [Double], y: [Double], lower: [Double] = [],
      upper: [Double] = [], labels: [String] = []
    ) {
      self.name = name
      self.shape = shape
      self.role = role
      self.x = x
      self.y = y
      self.lower = lower
      self.upper = upper
      self.labels = labels
    }
  }

  /// What the chart says, in a few words.
  public var title: String
  /// What a reader should see in it.
  public var summary: String
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// What is drawn, from back to front.
  public var series: [Series]
  /// Whether it takes the whole width of a page.
  public var isWide: Bool

  /// Creates a chart.
  public init(_ title: String, summary: String = "", x: Axis, y: Axis, series: [Series], isWide: Bool = false) {
    self.title = title
    self.summary = summary
    self.x = x
    self.y = y
    self.series = series
    self.isWide = isWide
  }
}
