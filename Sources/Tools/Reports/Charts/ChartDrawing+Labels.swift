extension ChartDrawing {
  /// The texts beside marks, placed where they do not cover each other.
  var labels: Markup {
    directNames + valueColumn + freeLabels
  }

  /// The names at the ends of lines, pushed apart where the lines end close to each other.
  private var directNames: Markup {
    guard legend == .direct else { return "" }
    struct Name {
      var mark: Mark
      var y: Double
    }
    var names: [Name] = chart.marks.compactMap { mark in
      guard !mark.name.isEmpty, case .line(let line) = mark.shape else { return nil }
      let last = zip(line.x, line.y).compactMap { point($0, $1) }.last
      return Name(mark: mark, y: min(max(last?.y ?? plot.bottom, plot.top), plot.bottom))
    }
    names.sort { $0.y < $1.y }
    let distance = 15.0
    for i in names.indices.dropFirst() { names[i].y = max(names[i].y, names[i - 1].y + distance) }
    let overflow = max(0, (names.last?.y ?? 0) - plot.bottom)
    for i in names.indices.reversed() {
      let below = i + 1 < names.count ? names[i + 1].y - distance : plot.bottom
      names[i].y = min(names[i].y, overflow > 0 ? below : names[i].y)
    }
    return Markup(
      names.map { name in
        let color = Markup(stringLiteral: name.mark.color.cssClass)
        return """
          <text class="direct \(color)" x="\(plot.right + 8)" y="\(name.y + 4)">\(name.mark.name)</text>
          """
      })
  }

  /// The values beside names, one below the other at the right edge.
  private var valueColumn: Markup {
    guard chart.y.names != nil else { return "" }
    var result: Markup = ""
    let add = { (text: String, at: Double?) in
      guard !text.isEmpty, let at else { return }
      result += "<text class=\"value end\" x=\"\(size.width - 2)\" y=\"\(at + 4)\">\(text)</text>"
    }
    for mark in chart.marks {
      if case .bars(let bars) = mark.shape {
        for bar in bars { add(bar.label, py((bar.place.lowerBound + bar.place.upperBound) / 2)) }
      } else if case .points(let points) = mark.shape {
        for (y, label) in zip(points.y, points.labels) { add(label, py(y)) }
      }
    }
    return result
  }

  private struct FreeLabel {
    var text: String
    var color: ChartColor
    /// The places of the text's box to try, the best first.
    var places: [Rectangle]
  }

  /// The texts at points, standing bars and reference lines.
  private var freeLabels: Markup {
    guard !chart.isHeatMap else { return "" }
    var wanted: [FreeLabel] = []
    for mark in chart.marks {
      switch mark.shape {
      case .points(let points) where chart.y.names == nil:
        for (i, label) in points.labels.enumerated() where !label.isEmpty && i < min(points.x.count, points.y.count) {
          guard let at = point(points.x[i], points.y[i]) else { continue }
          wanted.append(
            FreeLabel(text: label, color: .ink, places: around(at, text: label, distance: points.radius + 4)))
        }
      case .bars(let bars) where chart.y.names == nil:
        for bar in bars where !bar.label.isEmpty {
          guard let at = point((bar.place.lowerBound + bar.place.upperBound) / 2, bar.interval?.upperBound ?? bar.value)
          else { continue }
          wanted.append(
            FreeLabel(text: bar.label, color: .ink, places: [box(bar.label, centre: at.x, middle: at.y - 11)]))
        }
      case .rule(let rule) where !rule.label.isEmpty:
        wanted.append(FreeLabel(text: rule.label, color: mark.color, places: places(along: rule)))
      default: break
      }
    }
    let drawn = wanted.isEmpty ? [] : lineSamples
    var taken: [Rectangle] = []
    var result: Markup = ""
    for label in wanted {
      let inside = label.places.filter {
        $0.left >= 0 && $0.right <= size.width && $0.top >= plot.top - 16 && $0.bottom <= plot.bottom + 4
      }
      let free = inside.filter { place in !taken.contains { $0.overlaps(place) } }
      // Of the free places the first that covers least of the lines.
      let best = free.map { place in (place, drawn.count { place.contains($0) }) }.min { $0.1 < $1.1 }
      guard let place = best?.0 ?? inside.first ?? label.places.first.map(movedInside) else { continue }
      taken.append(place)
      let color = Markup(stringLiteral: label.color.cssClass)
      result += """
        <text class="note middle \(color)" x="\((place.left + place.right) / 2)" y="\(place.bottom - 4)">\
        \(label.text)</text>
        """
    }
    return result
  }

  /// Points along all lines, close enough that no text slips between them.
  private var lineSamples: [Polyline.Point] {
    chart.marks.flatMap { mark -> [Polyline.Point] in
      switch mark.shape {
      case .line(let line):
        return Polyline.runs(zip(line.x, line.y).map { point($0, $1) }).flatMap {
          Polyline.samples(Polyline.thinned($0))
        }
      case .points(let points):
        return points.x.count > 400 ? [] : zip(points.x, points.y).compactMap { point($0, $1) }
      case .rule(let rule):
        switch rule.position {
        case .horizontal(let value):
          guard let y = py(value) else { return [] }
          return Polyline.samples([.init(x: plot.left, y: y), .init(x: plot.right, y: y)])
        case .vertical(let value):
          guard let x = px(value) else { return [] }
          return Polyline.samples([.init(x: x, y: plot.top), .init(x: x, y: plot.bottom)])
        case .diagonal:
          return Polyline.samples([.init(x: plot.left, y: plot.bottom), .init(x: plot.right, y: plot.top)])
        }
      default: return []
      }
    }
  }

  /// A place moved so far to the side that the drawing does not cut it off.
  private func movedInside(_ place: Rectangle) -> Rectangle {
    let shift = max(0, -place.left) - max(0, place.right - size.width)
    return Rectangle(left: place.left + shift, top: place.top, right: place.right + shift, bottom: place.bottom)
  }

  private func box(_ text: String, centre: Double, middle: Double) -> Rectangle {
    let half = TextWidth.ems(text) * ChartDrawing.fontSize / 2 + 2
    return Rectangle(left: centre - half, top: middle - 8, right: centre + half, bottom: middle + 8)
  }

  private func around(_ at: Polyline.Point, text: String, distance: Double) -> [Rectangle] {
    let half = TextWidth.ems(text) * ChartDrawing.fontSize / 2 + 2
    return [
      box(text, centre: at.x + distance + half, middle: at.y),
      box(text, centre: at.x - distance - half, middle: at.y),
      box(text, centre: at.x, middle: at.y - distance - 8),
      box(text, centre: at.x, middle: at.y + distance + 8),
      box(text, centre: at.x + distance + half, middle: at.y - 16),
      box(text, centre: at.x - distance - half, middle: at.y - 16),
      box(text, centre: at.x + distance + half, middle: at.y + 16),
      box(text, centre: at.x - distance - half, middle: at.y + 16),
    ]
  }

  private func places(along rule: Mark.Rule) -> [Rectangle] {
    let half = TextWidth.ems(rule.label) * ChartDrawing.fontSize / 2 + 2
    switch rule.position {
    case .horizontal(let value):
      guard let y = py(value) else { return [] }
      return [
        box(rule.label, centre: plot.right - half, middle: y - 9),
        box(rule.label, centre: plot.right - half, middle: y + 9),
        box(rule.label, centre: plot.left + half + 4, middle: y - 9),
        box(rule.label, centre: plot.left + half + 4, middle: y + 9),
      ]
    case .vertical(let value):
      guard let x = px(value) else { return [] }
      var places: [Rectangle] = []
      let centre = min(max(x, half), size.width - half)
      if chart.y.names != nil { return [box(rule.label, centre: centre, middle: plot.top - 8)] }
      for line in 0..<4 {
        let middle = plot.top + 6 + 16 * Double(line)
        let right = box(rule.label, centre: x + half + 4, middle: middle)
        let left = box(rule.label, centre: x - half - 4, middle: middle)
        if right.right <= plot.right + 4 { places.append(right) }
        if left.left >= plot.left { places.append(left) }
      }
      return places + [box(rule.label, centre: centre, middle: plot.top + 6)]
    case .diagonal:
      return [0.6, 0.5, 0.7].map { part in
        box(rule.label, centre: plot.left + part * plot.width + half + 8, middle: plot.bottom - part * plot.height + 10)
      }
    }
  }
}
