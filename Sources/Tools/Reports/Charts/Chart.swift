/// A drawing of data: two axes and what lies between them. A value; `svg` draws it.
///
/// ```swift
/// let chart = Chart("Value by share of customers called", x: .share("customers called"),
///   y: Axis("value per customer", format: .money("EUR")),
///   marks: [.line("model", x: shares, y: values), .rule(.horizontal(0))])
/// let text = chart.svg(size: .wide)
/// ```
public struct Chart: Sendable, Hashable {
  /// Where the names of the marks stand.
  public enum Legend: Sendable, Hashable {
    /// At the ends of lines where there is room, above the chart otherwise, nowhere for a single name.
    case automatic
    /// Above the chart.
    case above
    /// At the ends of lines.
    case direct
    /// Nowhere.
    case none
  }

  /// What the chart says, in a few words.
  public var title: String
  /// What a reader should see in it, for those who cannot see it; completed by a description of the axes.
  public var summary: String
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// Where the names of the marks stand.
  public var legend: Legend
  /// What is drawn, from back to front.
  public var marks: [Mark]

  /// Creates a chart.
  public init(
    _ title: String, summary: String = "", x: Axis, y: Axis, legend: Legend = .automatic, marks: [Mark]
  ) {
    self.title = title
    self.summary = summary
    self.x = x
    self.y = y
    self.legend = legend
    self.marks = marks
  }

  /// The size of a drawing in pixels. Text keeps its size, so a chart for a narrow screen is drawn narrow rather than
  /// shrunk.
  public struct Size: Sendable, Hashable {
    /// The width.
    public var width: Double
    /// The height.
    public var height: Double

    /// Creates a size.
    public init(width: Double, height: Double) {
      self.width = width
      self.height = height
    }

    /// A chart over the whole width of a page.
    public static let wide = Size(width: 820, height: 340)
    /// One of two charts side by side.
    public static let half = Size(width: 400, height: 300)
    /// A chart on a phone.
    public static let phone = Size(width: 340, height: 270)
  }

  /// Draws the chart as an SVG document that stands alone: it holds its title, its colours for light and dark
  /// surroundings, and what a screen reader says.
  public func svg(size: Size) -> String {
    ChartDrawing(chart: self, size: size, identifier: "chart", standsAlone: true).markup().description
  }

  /// Draws the chart as an element of a page that holds `Chart.styleSheet` and shows the title itself.
  ///
  /// - Parameter identifier: unique within the page; of letters, digits and hyphens.
  public func svg(size: Size, identifier: String) -> String {
    markup(size: size, identifier: identifier).description
  }

  func markup(size: Size, identifier: String) -> Markup {
    ChartDrawing(chart: self, size: size, identifier: identifier, standsAlone: false).markup()
  }

  /// The height at which a chart with names on its vertical axis has room for each of them.
  ///
  /// - Parameters:
  ///   - width: the width at which it will be drawn, in pixels.
  ///   - rowHeight: the pixels for one name in one line; more are added where names need two.
  /// - Returns: nil where the vertical axis has no names.
  public func height(width: Double, rowHeight: Double = 30) -> Double? {
    y.names.map {
      let rowHeight = ChartDrawing.nameLines(self, width: width).contains { $0.count > 1 } ? rowHeight + 8 : rowHeight
      return Double(max(1, $0.count)) * rowHeight + 46 + (x.label.isEmpty ? 0 : 18) + (hasRuleAcrossNames ? 12 : 0)
        + ChartDrawing.slantHeight(self, width: width)
    }
  }

  /// The summary with the axes and names, in words.
  var description: String {
    var parts = summary.isEmpty ? [] : [summary.hasSuffix(".") ? summary : summary + "."]
    if !x.label.isEmpty { parts.append("Horizontal axis: \(x.label).") }
    if !y.label.isEmpty { parts.append("Vertical axis: \(y.label).") }
    let names = marks.map(\.name).filter { !$0.isEmpty }
    if !names.isEmpty { parts.append("Shown: \(names.joined(separator: ", ")).") }
    if parts.isEmpty { parts.append("Chart of \(title).") }
    return parts.joined(separator: " ")
  }
}
