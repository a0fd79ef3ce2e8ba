import Evaluation

extension Mark {
  /// A line, with a band where `lower` and `upper` are given.
  public static func line(
    _ name: String = "", x: [Double], y: [Double], lower: [Double] = [], upper: [Double] = [],
    color: ChartColor = .series(1), stroke: Line.Stroke = .solid, width: Double = 2, hasDots: Bool = false,
    opacity: Double = 1
  ) -> Mark {
    Mark(
      name, color: color,
      shape: .line(
        Line(
          x: x, y: y, lower: lower, upper: upper, stroke: stroke, width: width, hasDots: hasDots, opacity: opacity)))
  }

  /// A line through a measured curve, with its interval as a band.
  public static func line(
    _ curve: Curve, name: String? = nil, color: ChartColor = .series(1), stroke: Line.Stroke = .solid
  ) -> Mark {
    line(
      name ?? curve.name, x: curve.x, y: curve.y, lower: curve.lower, upper: curve.upper, color: color, stroke: stroke)
  }

  /// A line that stays level until the next point.
  public static func step(
    _ name: String = "", x: [Double], y: [Double], lower: [Double] = [], upper: [Double] = [],
    color: ChartColor = .series(1), stroke: Line.Stroke = .solid
  ) -> Mark {
    Mark(
      name, color: color, shape: .line(Line(x: x, y: y, lower: lower, upper: upper, stroke: stroke, isStepped: true)))
  }

  /// The area between zero, or a lower edge, and a line.
  public static func area(
    _ name: String = "", x: [Double], y: [Double], lower: [Double]? = nil, color: ChartColor = .series(1)
  ) -> Mark {
    Mark(
      name, color: color, shape: .area(Area(x: x, lower: lower ?? Array(repeating: 0, count: y.count), upper: y)))
  }

  /// Single points.
  public static func points(
    _ name: String = "", x: [Double], y: [Double], xInterval: [ClosedRange<Double>?] = [],
    yInterval: [ClosedRange<Double>?] = [], labels: [String] = [], color: ChartColor = .series(1),
    radius: Double = 4, opacity: Double = 1
  ) -> Mark {
    Mark(
      name, color: color,
      shape: .points(
        Points(
          x: x, y: y, xInterval: xInterval, yInterval: yInterval, labels: labels, radius: radius, opacity: opacity)))
  }

  /// Bars.
  public static func bars(_ bars: [Bar], name: String = "", color: ChartColor = .series(1)) -> Mark {
    Mark(name, color: color, shape: .bars(bars))
  }

  /// The bars of a histogram between neighbouring edges; one edge more than counts.
  public static func histogram(
    _ name: String = "", edges: [Double], counts: [Double], color: ChartColor = .series(1)
  ) -> Mark {
    let bars = zip(zip(edges, edges.dropFirst()), counts).compactMap { range, count in
      range.0 <= range.1 ? Bar(over: range.0...range.1, value: count) : nil
    }
    return Mark(name, color: color, shape: .bars(bars))
  }

  /// Boxes with whiskers.
  public static func boxes(_ boxes: [Box], name: String = "", color: ChartColor = .series(1)) -> Mark {
    Mark(name, color: color, shape: .boxes(boxes))
  }

  /// The cells of a heat map.
  public static func cells(_ cells: [Cell], color: ChartColor = .series(1)) -> Mark {
    Mark(color: color, shape: .cells(cells))
  }

  /// A reference line.
  public static func rule(_ position: Rule.Position, label: String = "", color: ChartColor = .muted) -> Mark {
    Mark(color: color, shape: .rule(Rule(position: position, label: label)))
  }
}

extension Estimate {
  /// The interval as a range; nil if an end is not a number.
  var range: ClosedRange<Double>? { lower <= upper && lower.isFinite && upper.isFinite ? lower...upper : nil }
}
