extension Mark.Shape {
  /// The horizontal values that the axis must show.
  func xValues(_ chart: Chart) -> [Double] {
    switch self {
    case .line(let line): line.x
    case .area(let area): area.x
    case .points(let points): points.x + Mark.ends(points.xInterval)
    case .bars(let bars): chart.y.names != nil ? Mark.lengths(bars) : bars.flatMap { Mark.ends([$0.place]) }
    case .boxes(let boxes): chart.y.names != nil ? boxes.flatMap { $0.quantiles + $0.outliers } : []
    case .cells: []
    case .rule(let rule): if case .vertical(let value) = rule.position { [value] } else { [] }
    }
  }

  /// The vertical values that the axis must show.
  func yValues(_ chart: Chart) -> [Double] {
    switch self {
    case .line(let line): line.y + line.lower + line.upper
    case .area(let area): area.lower + area.upper
    case .points(let points): points.y + Mark.ends(points.yInterval)
    case .bars(let bars): chart.y.names != nil ? [] : Mark.lengths(bars)
    case .boxes(let boxes): chart.y.names != nil ? [] : boxes.flatMap { $0.quantiles + $0.outliers }
    case .cells: []
    case .rule(let rule): if case .horizontal(let value) = rule.position { [value] } else { [] }
    }
  }
}

extension Mark {
  fileprivate static func ends(_ ranges: [ClosedRange<Double>?]) -> [Double] {
    ranges.compactMap { $0 }.flatMap { [$0.lowerBound, $0.upperBound] }
  }

  /// Bars start at zero, whatever their values.
  fileprivate static func lengths(_ bars: [Bar]) -> [Double] {
    [0] + bars.map(\.value) + ends(bars.map(\.interval))
  }
}
