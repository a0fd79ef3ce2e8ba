extension ChartDrawing {
  var title: Markup {
    Markup(
      titleLines.enumerated().map { line, text in
        "<text class=\"title\" x=\"4\" y=\"\(20 + 20 * Double(line))\">\(text)</text>"
      })
  }

  var legendMarkup: Markup {
    var result: Markup = ""
    var baseline = 14 + Double(titleLines.count) * 20 + (titleLines.isEmpty ? 0 : 6)
    for row in legendRows {
      var left = 0.0
      for index in row {
        let mark = chart.marks[index]
        result += swatch(mark, left: left, middle: baseline - 4)
        let name = ChartDrawing.legendName(mark.name, width: size.width)
        result += "<text x=\"\(left + 26)\" y=\"\(baseline)\">\(name)</text>"
        left += ChartDrawing.legendWidth(mark.name, width: size.width)
      }
      baseline += ChartDrawing.rowHeight
    }
    return result
  }

  /// A small picture of a mark for the legend.
  private func swatch(_ mark: Mark, left: Double, middle: Double) -> Markup {
    let color = Markup(stringLiteral: mark.color.cssClass)
    switch mark.shape {
    case .line(let line):
      let stroke = Markup(stringLiteral: line.stroke.rawValue)
      return """
        <path class="line \(stroke) \(color)" d="M\(left) \(middle)h20" stroke-width="\(line.width)"/>
        """
    case .points, .rule:
      return "<circle class=\"fill \(color)\" cx=\"\(left + 10)\" cy=\"\(middle)\" r=\"4\"/>"
    case .area, .bars, .boxes, .cells:
      return "<rect class=\"fill \(color)\" x=\"\(left + 4)\" y=\"\(middle - 5)\" width=\"12\" height=\"10\" rx=\"1\"/>"
    }
  }

  /// The grid, the base lines, the ticks and the labels of both axes.
  var axes: Markup {
    var result: Markup = ""
    // Bars and names need lines only across them; a field of points needs both.
    let gridX = chart.y.names != nil || chart.hasPointField || x.kind == .logarithmic || chart.x.kind == .date
    let gridY = chart.y.names == nil
    if !chart.isHeatMap {
      if gridX, chart.x.names == nil {
        for tick in xTicks {
          guard let position = px(tick.value) else { continue }
          result += "<path class=\"grid\" d=\"M\(position) \(plot.top)V\(plot.bottom)\"/>"
        }
      }
      if gridY {
        for tick in yTicks {
          guard let position = py(tick.value) else { continue }
          result += "<path class=\"grid\" d=\"M\(plot.left) \(position)H\(plot.right)\"/>"
        }
      }
      result += baseline
    }
    for (index, tick) in yTicks.enumerated() {
      guard let position = py(tick.value) else { continue }
      guard chart.y.names != nil else {
        result += "<text class=\"tick end\" x=\"\(plot.left - 8)\" y=\"\(position + 4)\">\(tick.label)</text>"
        continue
      }
      let lines = yNames[index]
      let first = position + 4 - 6.5 * Double(lines.count - 1)
      let spans = lines.enumerated().map { line, text -> Markup in
        "<tspan x=\"\(plot.left - 8)\" y=\"\(first + 13 * Double(line))\">\(text)</tspan>"
      }
      let whole: Markup = lines.joined(separator: " ") == tick.label ? "" : "<title>\(tick.label)</title>"
      result += "<text class=\"end\">\(spans)\(whole)</text>"
    }
    for tick in xTicks {
      guard let position = px(tick.value) else { continue }
      if isSlanted {
        let label = TextWidth.fitted(tick.label, ems: ChartDrawing.slantedEms)
        result += """
          <text class="tick end" transform="translate(\(position + 4) \(plot.bottom + 14))rotate(-40)">\
          \(label)\(label == tick.label ? "" : "<title>\(tick.label)</title>" as Markup)</text>
          """
        continue
      }
      let half = TextWidth.ems(tick.label) * ChartDrawing.fontSize / 2
      let centre = min(max(position, half), size.width - half)
      result += """
        <text class="tick middle" x="\(centre)" y="\(plot.bottom + 18)">\(tick.label)\(fullName(tick, chart.x))</text>
        """
    }
    if !chart.y.label.isEmpty {
      let label = TextWidth.fitted(chart.y.label, ems: (size.width - 4) / ChartDrawing.fontSize)
      result += "<text class=\"label\" x=\"0\" y=\"\(plot.top - 14)\">\(label)</text>"
    }
    if !chart.x.label.isEmpty {
      let label = TextWidth.fitted(chart.x.label, ems: (size.width - 4) / ChartDrawing.fontSize)
      let half = TextWidth.ems(label) * ChartDrawing.fontSize / 2
      let centre = min(max((plot.left + plot.right) / 2, half), max(half, size.width - half))
      result += "<text class=\"label middle\" x=\"\(centre)\" y=\"\(size.height - 6)\">\(label)</text>"
    }
    return result
  }

  /// The line from which values are measured: zero where it is shown, the edge of the plot otherwise.
  private var baseline: Markup {
    if chart.y.names != nil {
      let position = x.domain.contains(0) && x.kind == .linear ? px(0) ?? plot.left : plot.left
      return "<path class=\"base\" d=\"M\(position) \(plot.top)V\(plot.bottom)\"/>"
    }
    let position = y.domain.contains(0) && y.kind == .linear ? py(0) ?? plot.bottom : plot.bottom
    return "<path class=\"base\" d=\"M\(plot.left) \(position)H\(plot.right)\"/>"
  }

  /// The whole name of a category whose label was shortened, shown under the pointer.
  private func fullName(_ tick: Scale.Tick, _ axis: Axis) -> Markup {
    guard let names = axis.names, names.indices.contains(Int(tick.value)) else { return "" }
    let name = names[Int(tick.value)]
    return name == tick.label ? "" : "<title>\(name)</title>"
  }
}

extension Chart {
  /// Whether points are spread over two numeric axes.
  var hasPointField: Bool {
    x.names == nil && y.names == nil
      && marks.contains { if case .points(let points) = $0.shape { points.x.count > 12 } else { false } }
  }

  /// Whether a reference line with a text crosses rows of names: the text then stands above them.
  var hasRuleAcrossNames: Bool {
    y.names != nil
      && marks.contains {
        if case .rule(let rule) = $0.shape, case .vertical = rule.position { !rule.label.isEmpty } else { false }
      }
  }

  var isHeatMap: Bool { marks.contains { if case .cells = $0.shape { true } else { false } } }

  /// The texts of a column of values at the right edge: those of bars and points beside names.
  var valueColumn: [String] {
    guard y.names != nil else { return [] }
    return marks.flatMap { mark -> [String] in
      switch mark.shape {
      case .bars(let bars): bars.map(\.label)
      case .points(let points): points.labels
      default: []
      }
    }
  }
}
