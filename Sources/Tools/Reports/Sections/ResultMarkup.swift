import Evaluation
import Experiments

/// Parts of a project's results as parts of a page.
enum ResultMarkup {
  static func section(_ part: ResultPart) -> Section? {
    let body = part.blocks.enumerated().map { block($0.element, identifier: "\(part.identifier)-\($0.offset)") }
    return Section(part.identifier, part.title, Markup(body))
  }

  private static func block(_ block: ResultBlock, identifier: String) -> Markup {
    switch block {
    case .text(let words): return "<p>\(words)</p>\n"
    case .caution(let title, let words):
      return Component.callout(.caution, Markup(text: title), "<p>\(words)</p>" as Markup)
    case .list(let items): return Component.list(items.map { Markup(text: $0) })
    case .table(let table): return markup(table)
    case .charts(let charts):
      return Component.figures(
        charts.enumerated().map { index, chart in
          Component.figure(
            drawing(chart), "\(identifier)-\(index)", slot: chart.isWide ? .wide : .half,
            caption: Markup(text: chart.summary))
        })
    }
  }

  // MARK: Tables

  private static func markup(_ table: ResultTable) -> Markup {
    var table = table
    let columns = table.columns.enumerated().map { index, title -> Component.TableColumn in
      let cells = table.rows.map { $0[index] }
      var kind = Component.TableColumn.Kind.number
      if let moments = moments(cells) {
        for (row, moment) in moments.enumerated() { table.rows[row][index] = .text(moment) }
        kind = .moment
      } else if cells.contains(where: { if case .text = $0 { true } else { false } }) {
        kind = .text
      }
      return Component.TableColumn(title: Markup(text: title), kind: kind)
    }
    // A column's numbers have the decimals of the one that needs most, so that they can be compared.
    let decimals = table.columns.indices.map { index in
      table.rows.compactMap { row -> Int? in
        if case .estimate(let estimate, let format) = row[index] { return format.written.decimals(for: estimate) }
        return nil
      }.max()
    }
    let rows = table.rows.map { row in zip(row, decimals).map { cell($0, decimals: $1) } }
    return Component.table(table.label, columns, rows, highlighted: table.highlighted)
  }

  /// The texts of a column of days or moments: without the time of day where it is always midnight, without the seconds
  /// where they are always zero. Nil for other columns.
  private static func moments(_ cells: [ResultTable.Cell]) -> [String]? {
    var texts: [String] = []
    for cell in cells {
      switch cell {
      case .number(let value, .date): texts.append(NumberFormat.date.text(value))
      case .text(let text) where text.wholeMatch(of: /\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?/) != nil:
        texts.append(text.replacing("T", with: " "))
      default: return nil
      }
    }
    let times = texts.map { $0.dropFirst(11) }
    let kept =
      times.allSatisfy { "00:00:00".hasPrefix($0) }
      ? 10 : times.allSatisfy { $0.dropFirst(5).allSatisfy { ":0".contains($0) } } ? 16 : 19
    return texts.isEmpty ? nil : texts.map { String($0.prefix(kept)) }
  }

  private static func cell(_ cell: ResultTable.Cell, decimals: Int?) -> Markup {
    switch cell {
    case .text(let words): Markup(text: words)
    case .number(let value, let format): Markup(text: format.written.text(value))
    case .estimate(let estimate, let format): Component.estimate(estimate, format.written, decimals: decimals)
    case .none: ""
    }
  }

  /// A cell without its interval.
  static func short(_ cell: ResultTable.Cell) -> Markup {
    switch cell {
    case .text(let words): Markup(text: words)
    case .number(let value, let format): Markup(text: format.written.text(value))
    case .estimate(let estimate, let format): Markup(text: format.written.text(estimate))
    case .none: "–"
    }
  }

  // MARK: Charts

  private static func drawing(_ chart: ResultChart) -> Chart {
    Chart(
      chart.title, summary: chart.summary, x: axis(chart.x), y: axis(chart.y),
      marks: chart.series.map(mark))
  }

  private static func axis(_ axis: ResultChart.Axis) -> Axis {
    if let names = axis.names { return .categories(names, label: axis.label) }
    let kind: Axis.Kind = axis.format == .date ? .date : axis.isLogarithmic ? .logarithmic : .linear
    return Axis(axis.label, kind: kind, format: axis.format.written, includesZero: axis.includesZero)
  }

  private static func mark(_ series: ResultChart.Series) -> Mark {
    let color = series.role.color
    switch series.shape {
    case .line, .dashes:
      return .line(
        series.name, x: series.x, y: series.y, lower: series.lower, upper: series.upper, color: color,
        stroke: series.shape == .dashes ? .dashed : .solid)
    case .steps:
      return .step(series.name, x: series.x, y: series.y, lower: series.lower, upper: series.upper, color: color)
    case .area:
      let isBand = !series.lower.isEmpty
      return .area(
        series.name, x: series.x, y: isBand ? series.upper : series.y, lower: isBand ? series.lower : nil, color: color)
    case .points:
      return .points(
        series.name, x: series.x, y: series.y, yInterval: intervals(series), labels: series.labels, color: color)
    case .bars:
      let ranges = intervals(series)
      return .bars(
        series.x.indices.map { index in
          Mark.Bar(
            at: Int(series.x[index]), value: series.y[index], interval: ranges.isEmpty ? nil : ranges[index],
            label: series.labels.isEmpty ? "" : series.labels[index])
        }, name: series.name, color: color)
    case .verticalRule: return .rule(.vertical(series.x.first ?? .nan), label: series.name, color: color)
    case .horizontalRule: return .rule(.horizontal(series.y.first ?? .nan), label: series.name, color: color)
    }
  }

  private static func intervals(_ series: ResultChart.Series) -> [ClosedRange<Double>?] {
    zip(series.lower, series.upper).map { $0 <= $1 ? $0...$1 : nil }
  }
}

extension ResultFormat {
  var written: NumberFormat {
    switch self {
    case .number: .number
    case .count: .count
    case .percent: .percent
    case .money(let currency): .money(currency)
    case .date: .date
    }
  }
}

extension ResultChart.Series.Role {
  var color: ChartColor {
    switch self {
    case .first: .series(1)
    case .second: .series(2)
    case .third: .series(3)
    case .fourth: .series(4)
    case .ink: .ink
    case .muted: .muted
    case .good: .good
    case .bad: .bad
    }
  }
}
