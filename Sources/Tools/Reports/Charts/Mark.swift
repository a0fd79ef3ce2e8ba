/// Something drawn in a chart: a line, bars, points, a reference.
public struct Mark: Sendable, Hashable {
  /// What is drawn.
  public enum Shape: Sendable, Hashable {
    case line(Line)
    case area(Area)
    case points(Points)
    case bars([Bar])
    case boxes([Box])
    case cells([Cell])
    case rule(Rule)
  }

  /// The name in the legend; empty for marks that need none.
  public var name: String
  /// The colour.
  public var color: ChartColor
  /// What is drawn.
  public var shape: Shape

  /// Creates a mark.
  public init(_ name: String = "", color: ChartColor = .series(1), shape: Shape) {
    self.name = name
    self.color = color
    self.shape = shape
  }
}

/// The colours of marks: chosen to be told apart with every kind of colour vision, on white, on black and in print.
public enum ChartColor: Sendable, Hashable {
  /// One of six hues, 1 to 6; larger numbers start again.
  case series(Int)
  /// The colour of text.
  case ink
  /// Grey, for what stands in the background.
  case muted
  /// For gains.
  case good
  /// For losses.
  case bad

  var cssClass: String {
    switch self {
    case .series(let number): "c\((max(1, number) - 1) % 6 + 1)"
    case .ink: "c-ink"
    case .muted: "c-muted"
    case .good: "c-good"
    case .bad: "c-bad"
    }
  }
}

extension Mark {
  /// A line through points, with an optional band around it. A point that is not a number leaves a gap.
  public struct Line: Sendable, Hashable {
    /// How the line is stroked.
    public enum Stroke: String, Sendable, Hashable {
      case solid
      case dashed
      case dotted
    }

    /// The horizontal positions.
    public var x: [Double]
    /// The vertical positions.
    public var y: [Double]
    /// The lower edge of the band, or empty.
    public var lower: [Double] = []
    /// The upper edge of the band, or empty.
    public var upper: [Double] = []
    /// How the line is stroked.
    public var stroke = Stroke.solid
    /// The width in pixels.
    public var width = 2.0
    /// Whether the line stays level until the next point (a step line).
    public var isStepped = false
    /// Whether the points are marked.
    public var hasDots = false
    /// How much covers what is below, 0 to 1.
    public var opacity = 1.0
  }

  /// A filled area between two edges.
  public struct Area: Sendable, Hashable {
    /// The horizontal positions.
    public var x: [Double]
    /// The lower edge.
    public var lower: [Double]
    /// The upper edge.
    public var upper: [Double]
    /// Whether the edges stay level until the next point.
    public var isStepped = false
  }

  /// Single points, with optional intervals in either direction and labels.
  public struct Points: Sendable, Hashable {
    /// The horizontal positions.
    public var x: [Double]
    /// The vertical positions.
    public var y: [Double]
    /// The ends of horizontal intervals, or empty.
    public var xInterval: [ClosedRange<Double>?] = []
    /// The ends of vertical intervals, or empty.
    public var yInterval: [ClosedRange<Double>?] = []
    /// The texts beside the points, or empty.
    public var labels: [String] = []
    /// The radius in pixels.
    public var radius = 4.0
    /// How much covers what is below, 0 to 1.
    public var opacity = 1.0
  }

  /// A bar from zero to a value. It lies along the axis that is not categorical; with two numeric axes it stands.
  public struct Bar: Sendable, Hashable {
    /// The place on the other axis: the index of a category, or a range of numbers for a histogram.
    public var place: ClosedRange<Double>
    /// The length.
    public var value: Double
    /// The interval of the value, if there is one.
    public var interval: ClosedRange<Double>?
    /// The text at the end of the bar.
    public var label: String

    /// A bar at a category.
    public init(at index: Int, value: Double, interval: ClosedRange<Double>? = nil, label: String = "") {
      place = Double(index) - 0.33...Double(index) + 0.33
      self.value = value
      self.interval = interval
      self.label = label
    }

    /// A bar over a range of numbers.
    public init(over range: ClosedRange<Double>, value: Double, label: String = "") {
      place = range
      self.value = value
      self.label = label
    }
  }

  /// A box with whiskers at a category.
  public struct Box: Sendable, Hashable {
    /// The index of the category.
    public var index: Int
    /// The five numbers: lower whisker, first quartile, median, third quartile, upper whisker.
    public var quantiles: [Double]
    /// Values beyond the whiskers, drawn as points.
    public var outliers: [Double]

    /// Creates a box; fewer than five quantiles draw nothing.
    public init(at index: Int, quantiles: [Double], outliers: [Double] = []) {
      self.index = index
      self.quantiles = quantiles
      self.outliers = outliers
    }
  }

  /// A cell of a heat map between two categorical axes.
  public struct Cell: Sendable, Hashable {
    /// The index of the horizontal category.
    public var column: Int
    /// The index of the vertical category.
    public var row: Int
    /// The strength of the colour, 0 to 1.
    public var intensity: Double
    /// The text inside.
    public var label: String

    /// Creates a cell.
    public init(column: Int, row: Int, intensity: Double, label: String = "") {
      self.column = column
      self.row = row
      self.intensity = intensity
      self.label = label
    }
  }

  /// A straight reference line over the whole chart.
  public struct Rule: Sendable, Hashable {
    /// Where the line lies.
    public enum Position: Sendable, Hashable {
      case horizontal(Double)
      case vertical(Double)
      /// From the lower left to the upper right, where both values are equal.
      case diagonal
    }

    /// Where the line lies.
    public var position: Position
    /// The text at the line.
    public var label: String
  }
}
