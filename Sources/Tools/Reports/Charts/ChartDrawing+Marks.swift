extension ChartDrawing {
  /// All marks, clipped to the plot.
  var layers: Markup {
    let drawn = chart.marks.map { mark -> Markup in
      let color = Markup(stringLiteral: mark.color.cssClass)
      return switch mark.shape {
      case .line(let line): drawing(line, color)
      case .area(let area): drawing(area, color)
      case .points(let points): drawing(points, color)
      case .bars(let bars): Markup(bars.map { drawing($0, color) })
      case .boxes(let boxes): Markup(boxes.map { drawing($0, color) })
      case .cells(let cells): Markup(cells.map { drawing($0, color) })
      case .rule(let rule): drawing(rule, color)
      }
    }
    return "<g clip-path=\"url(#\(identifier)-clip)\">\(drawn)</g>"
  }

  private func drawing(_ line: Mark.Line, _ color: Markup) -> Markup {
    var result: Markup = ""
    if !line.lower.isEmpty, !line.upper.isEmpty {
      let band = Mark.Area(x: line.x, lower: line.lower, upper: line.upper, isStepped: line.isStepped)
      result += area(band, "band", color)
    }
    let path = Polyline.path(
      Polyline.runs(zip(line.x, line.y).map { point($0, $1) }), isStepped: line.isStepped)
    if !path.isEmpty {
      let stroke = Markup(stringLiteral: line.stroke.rawValue)
      let opacity: Markup = line.opacity < 1 ? " stroke-opacity=\"\(max(0.05, line.opacity))\"" : ""
      result += "<path class=\"line \(stroke) \(color)\" d=\"\(path)\" stroke-width=\"\(line.width)\"\(opacity)/>"
    }
    let places = zip(line.x, line.y).compactMap { point($0, $1) }
    if line.hasDots || places.count == 1 {
      for place in places {
        result += "<circle class=\"fill \(color)\" cx=\"\(place.x)\" cy=\"\(place.y)\" r=\"3.5\"/>"
      }
    }
    return result
  }

  private func drawing(_ shape: Mark.Area, _ color: Markup) -> Markup { area(shape, "area", color) }

  private func area(_ area: Mark.Area, _ name: Markup, _ color: Markup) -> Markup {
    let count = min(area.x.count, area.lower.count, area.upper.count)
    let pairs: [(Polyline.Point, Polyline.Point)?] = (0..<count).map { i in
      guard let low = point(area.x[i], area.lower[i]), let high = point(area.x[i], area.upper[i]) else { return nil }
      return (low, high)
    }
    let path = Polyline.areaPath(pairs, isStepped: area.isStepped)
    return path.isEmpty ? "" : "<path class=\"\(name) \(color)\" d=\"\(path)\"/>"
  }

  private func drawing(_ points: Mark.Points, _ color: Markup) -> Markup {
    var result: Markup = ""
    let opacity: Markup = points.opacity < 1 ? " fill-opacity=\"\(max(0.05, points.opacity))\"" : ""
    for (i, place) in zip(points.x, points.y).map({ point($0, $1) }).enumerated() {
      guard let place else { continue }
      if i < points.xInterval.count, let range = points.xInterval[i],
        let start = px(range.lowerBound), let end = px(range.upperBound)
      {
        result += "<path class=\"whisker \(color)\" d=\"M\(start) \(place.y)H\(end)\"/>"
      }
      if i < points.yInterval.count, let range = points.yInterval[i],
        let start = py(range.lowerBound), let end = py(range.upperBound)
      {
        result += "<path class=\"whisker \(color)\" d=\"M\(place.x) \(start)V\(end)\"/>"
      }
      result += "<circle class=\"fill \(color)\" cx=\"\(place.x)\" cy=\"\(place.y)\" r=\"\(points.radius)\"\(opacity)/>"
    }
    return result
  }

  private func drawing(_ bar: Mark.Bar, _ color: Markup) -> Markup {
    let liesDown = chart.y.names != nil
    let from = liesDown ? py(bar.place.lowerBound) : px(bar.place.lowerBound)
    let to = liesDown ? py(bar.place.upperBound) : px(bar.place.upperBound)
    guard let from, let to, let zero = barBase, let end = liesDown ? px(bar.value) : py(bar.value) else { return "" }
    // Neighbouring bars of a histogram keep a hairline between them.
    let gap = chart.x.names == nil && !liesDown ? 0.75 : 0
    let (start, thickness) = (min(from, to) + gap / 2, max(0.5, abs(to - from) - gap))
    let (near, length) = (min(zero, end), max(abs(end - zero), 0.5))
    var result: Markup
    if liesDown {
      let height = min(thickness, 22)
      let top = start + (thickness - height) / 2
      result = "<rect class=\"fill \(color)\" x=\"\(near)\" y=\"\(top)\" width=\"\(length)\" height=\"\(height)\"/>"
    } else {
      result =
        "<rect class=\"fill \(color)\" x=\"\(start)\" y=\"\(near)\" width=\"\(thickness)\" height=\"\(length)\"/>"
    }
    let middle = start + thickness / 2
    if let range = bar.interval, liesDown, let a = px(range.lowerBound), let b = px(range.upperBound) {
      result += interval("M\(a) \(middle)H\(b)M\(a) \(middle - 4)v8M\(b) \(middle - 4)v8")
    } else if let range = bar.interval, !liesDown, let a = py(range.lowerBound), let b = py(range.upperBound) {
      result += interval("M\(middle) \(a)V\(b)M\(middle - 4) \(a)h8M\(middle - 4) \(b)h8")
    }
    return result
  }

  /// The interval of a bar, with a rim that sets it off from the bar.
  private func interval(_ path: Markup) -> Markup {
    "<path class=\"rim\" d=\"\(path)\"/><path class=\"interval\" d=\"\(path)\"/>"
  }

  /// Where bars start: at zero, or at the edge nearest to it.
  private var barBase: Double? {
    let domain = chart.y.names != nil ? x.domain : y.domain
    let base = min(max(0, domain.lowerBound), domain.upperBound)
    return chart.y.names != nil ? px(base) : py(base)
  }

  private func drawing(_ box: Mark.Box, _ color: Markup) -> Markup {
    guard box.quantiles.count >= 5 else { return "" }
    let liesDown = chart.y.names != nil
    let along = { (value: Double) in liesDown ? px(value) : py(value) }
    let across = { (value: Double) in liesDown ? py(value) : px(value) }
    let ends = box.quantiles.prefix(5).compactMap(along)
    guard ends.count == 5, let middle = across(Double(box.index)), let edge = across(Double(box.index) + 0.3) else {
      return ""
    }
    let half = min(abs(edge - middle), 14)
    let (low, high) = (min(ends[1], ends[3]), max(abs(ends[3] - ends[1]), 1))
    var result: Markup =
      liesDown
      ? """
      <path class="whisker \(color)" d="M\(ends[0]) \(middle)H\(ends[4])"/>\
      <rect class="box \(color)" x="\(low)" y="\(middle - half)" width="\(high)" height="\(2 * half)"/>\
      <path class="median \(color)" d="M\(ends[2]) \(middle - half)v\(2 * half)"/>
      """
      : """
      <path class="whisker \(color)" d="M\(middle) \(ends[0])V\(ends[4])"/>\
      <rect class="box \(color)" x="\(middle - half)" y="\(low)" width="\(2 * half)" height="\(high)"/>\
      <path class="median \(color)" d="M\(middle - half) \(ends[2])h\(2 * half)"/>
      """
    for value in box.outliers {
      guard let place = along(value) else { continue }
      let (cx, cy) = liesDown ? (place, middle) : (middle, place)
      result += "<circle class=\"hollow \(color)\" cx=\"\(cx)\" cy=\"\(cy)\" r=\"2.5\"/>"
    }
    return result
  }

  private func drawing(_ cell: Mark.Cell, _ color: Markup) -> Markup {
    guard let left = px(Double(cell.column) - 0.5), let right = px(Double(cell.column) + 0.5),
      let top = py(Double(cell.row) - 0.5), let bottom = py(Double(cell.row) + 0.5)
    else { return "" }
    let strength = cell.intensity.isFinite ? min(max(cell.intensity, 0), 1) : 0
    var result: Markup = """
      <rect class="fill \(color)" x="\(left + 1)" y="\(top + 1)" width="\(max(0, right - left - 2))" \
      height="\(max(0, bottom - top - 2))" fill-opacity="\(0.04 + 0.96 * strength)"/>
      """
    if !cell.label.isEmpty, TextWidth.ems(cell.label) * ChartDrawing.fontSize <= right - left {
      let name: Markup = strength > 0.5 ? "on-color" : "on-paper"
      result += """
        <text class="\(name) middle" x="\((left + right) / 2)" y="\((top + bottom) / 2 + 4)">\(cell.label)</text>
        """
    }
    return result
  }

  private func drawing(_ rule: Mark.Rule, _ color: Markup) -> Markup {
    switch rule.position {
    case .horizontal(let value):
      guard let position = py(value) else { return "" }
      return "<path class=\"rule \(color)\" d=\"M\(plot.left) \(position)H\(plot.right)\"/>"
    case .vertical(let value):
      guard let position = px(value) else { return "" }
      return "<path class=\"rule \(color)\" d=\"M\(position) \(plot.top)V\(plot.bottom)\"/>"
    case .diagonal:
      let low = max(x.domain.lowerBound, y.domain.lowerBound)
      let high = min(x.domain.upperBound, y.domain.upperBound)
      guard low < high, let a = point(low, low), let b = point(high, high) else { return "" }
      return "<path class=\"rule \(color)\" d=\"M\(a.x) \(a.y)L\(b.x) \(b.y)\"/>"
    }
  }

  func point(_ x: Double, _ y: Double) -> Polyline.Point? {
    guard let x = px(x), let y = py(y) else { return nil }
    return Polyline.Point(x: x, y: y)
  }
}
