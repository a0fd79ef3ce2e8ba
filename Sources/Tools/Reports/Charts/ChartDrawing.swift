/// A chart laid out at a size: where the plot lies, which ticks it has, where names stand.
struct ChartDrawing {
  let chart: Chart
  let size: Chart.Size
  let identifier: String
  let standsAlone: Bool

  /// The space between the axes.
  let plot: Rectangle
  let x: Scale
  let y: Scale
  let xTicks: [Scale.Tick]
  let yTicks: [Scale.Tick]
  /// The names on a vertical axis, each in at most two lines; empty for numbers.
  let yNames: [[String]]
  /// Whether the names below the plot are turned, because they would not fit side by side.
  let isSlanted: Bool
  let legend: Chart.Legend
  /// The rows of the legend above the chart, each a few indices of marks.
  let legendRows: [[Int]]
  let titleLines: [String]

  static let fontSize = 12.0
  static let titleSize = 15.0
  static let rowHeight = 18.0

  struct Rectangle: Sendable, Hashable {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    var width: Double { right - left }
    var height: Double { bottom - top }

    func contains(_ point: Polyline.Point) -> Bool {
      left <= point.x && point.x <= right && top <= point.y && point.y <= bottom
    }

    func overlaps(_ other: Rectangle) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  init(chart: Chart, size: Chart.Size, identifier: String, standsAlone: Bool) {
    self.chart = chart
    self.size = Chart.Size(
      width: size.width.isFinite ? min(max(120, size.width), 10_000) : 400,
      height: size.height.isFinite ? min(max(80, size.height), 100_000) : 300)
    self.identifier = identifier
    self.standsAlone = standsAlone
    let (width, height) = (self.size.width, self.size.height)

    titleLines =
      standsAlone ? ChartDrawing.wrapped(chart.title, ems: (width - 8) / ChartDrawing.titleSize, lines: 3) : []
    legend = ChartDrawing.resolvedLegend(chart, width: width)
    legendRows = legend == .above ? ChartDrawing.legendRows(chart, width: width) : []

    var top = 8 + Double(titleLines.count) * 20 + (titleLines.isEmpty ? 0 : 6)
    top += Double(legendRows.count) * ChartDrawing.rowHeight + (legendRows.isEmpty ? 0 : 6)
    if !chart.y.label.isEmpty { top += ChartDrawing.rowHeight + 4 }
    if chart.hasRuleAcrossNames { top += 12 }
    let slant = ChartDrawing.slantHeight(chart, width: width)
    isSlanted = slant > 0
    let bottom = max(top + 20, height - 24 - slant - (chart.x.label.isEmpty ? 0 : ChartDrawing.rowHeight))

    let yCount = max(2, min(7, Int((bottom - top) / 46)))
    y = chart.y.scale(for: chart.marks.flatMap { $0.shape.yValues(chart) }, tickCount: yCount)
    yTicks = y.ticks(count: yCount, format: chart.y.format)
    yNames = ChartDrawing.nameLines(chart, width: width)
    let labels = chart.y.names == nil ? yTicks.map(\.label) : yNames.flatMap { $0 }
    let left = 10 + (labels.map(TextWidth.ems).max() ?? 0) * ChartDrawing.fontSize

    let names = legend == .direct ? chart.marks.map { TextWidth.ems($0.name, isBold: true) }.max() ?? 0 : 0
    let values = chart.valueColumn.map(TextWidth.ems).max() ?? 0
    var right = width - max(12, max(names, values) * ChartDrawing.fontSize + 12)

    x = chart.x.scale(
      for: chart.marks.flatMap { $0.shape.xValues(chart) }, tickCount: max(2, min(8, Int((right - left) / 70))))
    var ticks: [Scale.Tick] = []
    for count in stride(from: max(2, min(9, Int((right - left) / 56))), through: 1, by: -1) {
      ticks = x.ticks(count: count, format: chart.x.format)
      if ChartDrawing.fit(ticks, on: x, width: right - left) || chart.x.names != nil { break }
    }
    if let names = chart.x.names, !isSlanted {
      ticks = ChartDrawing.thinned(ticks, place: (right - left) / Double(max(1, names.count)))
    }
    xTicks = ticks
    if !isSlanted, let last = ticks.last, let fraction = x.fraction(last.value) {
      let reach = left + fraction * (right - left) + TextWidth.ems(last.label) * ChartDrawing.fontSize / 2
      if reach > width { right -= reach - width }
    }
    plot = Rectangle(
      left: min(left, width * 0.6), top: top, right: max(right, min(left, width * 0.6) + 30), bottom: bottom)
  }

  /// The horizontal coordinate of a value, nil for what cannot be drawn.
  func px(_ value: Double) -> Double? { x.fraction(value).map { plot.left + $0 * plot.width } }

  /// The vertical coordinate of a value; categories run from top to bottom, numbers from bottom to top.
  func py(_ value: Double) -> Double? {
    y.fraction(value).map { chart.y.names != nil ? plot.top + $0 * plot.height : plot.bottom - $0 * plot.height }
  }

  func markup() -> Markup {
    let names = Markup(text: "\(identifier)-title \(identifier)-description")
    let namespace: Markup = standsAlone ? " xmlns=\"http://www.w3.org/2000/svg\" width=\"\(size.width)\"" : ""
    let style: Markup = standsAlone ? "<style>\(Markup(stringLiteral: Chart.standaloneStyleSheet))</style>" : ""
    return """
      <svg\(namespace) class="chart" viewBox="0 0 \(size.width) \(size.height)" role="img" aria-labelledby="\(names)">\
      <title id="\(identifier)-title">\(chart.title)</title>\
      <desc id="\(identifier)-description">\(chart.description)</desc>\(style)\
      <clipPath id="\(identifier)-clip"><rect x="\(plot.left - 7)" y="\(plot.top - 7)" width="\(plot.width + 14)" \
      height="\(plot.height + 14)"/></clipPath>\
      \(title)\(legendMarkup)\(axes)\(layers)\(labels)</svg>
      """
  }

  // MARK: Decisions about text

  /// The names on a vertical axis, each in at most two lines.
  static func nameLines(_ chart: Chart, width: Double) -> [[String]] {
    let limit = (width < 500 ? 0.37 : 0.3) * width / fontSize
    return (chart.y.names ?? []).map { wrapped($0, ems: limit, lines: 2) }
  }

  private static func resolvedLegend(_ chart: Chart, width: Double) -> Chart.Legend {
    let named = chart.marks.filter { !$0.name.isEmpty }
    let widest = named.map { TextWidth.ems($0.name, isBold: true) * fontSize }.max() ?? 0
    if chart.legend == .direct, widest > 0.4 * width { return .above }
    guard chart.legend == .automatic else { return named.isEmpty ? .none : chart.legend }
    if named.count < 2 { return .none }
    let areLines = named.allSatisfy { if case .line = $0.shape { true } else { false } }
    return areLines && named.count <= 6 && widest <= 0.24 * width ? .direct : .above
  }

  /// The height that turned names need below a horizontal axis beyond that of a line; zero where they fit side by side.
  static func slantHeight(_ chart: Chart, width: Double) -> Double {
    guard let names = chart.x.names, !names.isEmpty, names.count <= 24 else { return 0 }
    let place = 0.7 * width / Double(names.count)
    let widest = names.map { TextWidth.ems(TextWidth.fitted($0, ems: slantedEms)) * fontSize }.max() ?? 0
    return widest <= place - 6 ? 0 : widest * 0.64 - 4
  }

  static let slantedEms = 7.5

  private static func legendRows(_ chart: Chart, width: Double) -> [[Int]] {
    var rows: [[Int]] = []
    var used = Double.infinity
    for (index, mark) in chart.marks.enumerated() where !mark.name.isEmpty {
      let needed = legendWidth(mark.name, width: width)
      if used + needed > width {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(index)
      used += needed
    }
    return rows
  }

  static func legendName(_ name: String, width: Double) -> String {
    TextWidth.fitted(name, ems: (width - 40) / fontSize)
  }

  static func legendWidth(_ name: String, width: Double) -> Double {
    26 + TextWidth.ems(legendName(name, width: width)) * fontSize + 16
  }

  /// Whether the labels of ticks keep a distance from each other.
  private static func fit(_ ticks: [Scale.Tick], on scale: Scale, width: Double) -> Bool {
    zip(ticks, ticks.dropFirst()).allSatisfy { a, b in
      guard let start = scale.fraction(a.value), let end = scale.fraction(b.value) else { return true }
      return (end - start) * width >= (TextWidth.ems(a.label) + TextWidth.ems(b.label)) / 2 * fontSize + 12
    }
  }

  /// Names below a horizontal axis: shortened to their place, or only every few of them where places are narrow.
  private static func thinned(_ ticks: [Scale.Tick], place: Double) -> [Scale.Tick] {
    let stride = max(1, Int((44 / max(place, 1)).rounded(.up)))
    return ticks.enumerated().filter { $0.offset % stride == 0 }.map {
      let limit = (place * Double(stride) - 6) / fontSize
      return Scale.Tick(value: $0.element.value, label: TextWidth.fitted($0.element.label, ems: limit))
    }
  }

  /// The words of a text in lines of a width; what goes beyond the last line is cut out of its middle.
  private static func wrapped(_ text: String, ems limit: Double, lines count: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ", omittingEmptySubsequences: true) {
      let word = TextWidth.fitted(String(word), ems: limit)
      if let last = lines.last, TextWidth.ems(last + " " + word) <= limit {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(word)
      }
    }
    guard lines.count > count else { return lines }
    return lines.prefix(count - 1) + [TextWidth.fitted(lines[(count - 1)...].joined(separator: " "), ems: limit)]
  }
}
