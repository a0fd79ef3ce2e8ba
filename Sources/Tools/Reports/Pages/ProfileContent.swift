import Tables

/// What a profile says about a table, in words and as a table of columns.
enum ProfileContent {
  /// The most columns listed; more would make the page unwieldy.
  static let mostColumns = 120

  /// What stands out: missing values, repeated rows, duplicated columns, drift, constants.
  static func remarks(_ profile: TableProfile) -> [Markup] {
    let rows = max(1, profile.rowCount)
    var items: [Markup] = []
    let constant = profile.columns.filter { $0.distinct <= 1 && profile.rowCount > 1 }
    if !constant.isEmpty {
      items.append("\(names(constant.map(\.name))) \(constant.count == 1 ? "holds" : "hold") only one value.")
    }
    let sparse = profile.columns.filter { Double($0.missing) / Double(rows) >= 0.2 && $0.missing < profile.rowCount }
      .sorted { $0.missing > $1.missing }
    if !sparse.isEmpty {
      let parts = sparse.prefix(5).map {
        "“\(Component.name($0.name))” (\(NumberFormat.percent.text(Double($0.missing) / Double(rows), digits: 2)))"
          as Markup
      }
      items.append(
        """
        Often missing: \(Component.enumeration(Array(parts)))\
        \(sparse.count > 5 ? ", and \(sparse.count - 5) more" : "").
        """
      )
    }
    let empty = profile.columns.filter { $0.missing >= profile.rowCount && profile.rowCount > 0 }
    if !empty.isEmpty { items.append("\(names(empty.map(\.name))) \(empty.count == 1 ? "is" : "are") empty.") }
    if profile.repeatedRows > 0 {
      let share = NumberFormat.percent.text(Double(profile.repeatedRows) / Double(rows), digits: 2)
      items.append(
        """
        \(Component.count(profile.repeatedRows, "row")) (\(share)) \
        \(profile.repeatedRows == 1 ? "repeats" : "repeat") an earlier row.
        """
      )
    }
    for group in profile.duplicateColumns.prefix(5) where group.count > 1 {
      items.append("\(names(group)) hold the same values.")
    }
    let drifting = profile.columns.filter { ($0.drift ?? 0) >= 0.1 && ($0.drift ?? 0).isFinite }
      .sorted { ($0.drift ?? 0) > ($1.drift ?? 0) }
    if !drifting.isEmpty {
      let strong = drifting.filter { ($0.drift ?? 0) >= 0.25 }
      let shown = (strong.isEmpty ? drifting : strong).prefix(5).map { "“\(Component.name($0.name))”" as Markup }
      items.append(
        """
        \(strong.isEmpty ? "Changed somewhat" : "Changed markedly") over time: \
        \(Component.enumeration(Array(shown))). A \
        model learned from old rows may fit new ones less well.
        """
      )
    }
    // A column of few values has rare ones, not far ones.
    let outlying = profile.columns.filter { $0.distinct > 10 && Double($0.outliers ?? 0) / Double(rows) >= 0.01 }
    if !outlying.isEmpty {
      items.append(
        "Far-out values in \(names(outlying.prefix(5).map(\.name)))\(outlying.count > 5 ? " and more" : "").")
    }
    return items
  }

  static func observations(_ profile: TableProfile) -> Markup {
    let items = remarks(profile)
    return items.isEmpty ? "" : "<h3>What stands out</h3>\n\(Component.list(items))"
  }

  private static func names(_ names: some Collection<String>) -> Markup {
    let shown = names.prefix(5).map { "“\(Component.name($0))”" as Markup }
    return names.count > 5
      ? "\(Component.enumeration(shown)), and \(names.count - 5) more," : Component.enumeration(shown)
  }

  /// One row per column: what it holds and how it is spread.
  static func table(_ profile: TableProfile, target: String = "") -> Markup {
    let hasDrift = profile.columns.contains { $0.drift != nil }
    var head: [Component.TableColumn] = [
      .text("Column"), .text("Spread"), .text("Typical values"), .number("Missing"), .number("Distinct"),
    ]
    if hasDrift { head.append(.number("Drift")) }
    let listed = profile.columns.prefix(mostColumns)
    let rows = listed.map { column -> [Markup] in
      let missing = Double(column.missing) / Double(max(1, profile.rowCount))
      var row: [Markup] = [
        """
        \(Component.name(column.name))<span class="sub">\(words(column.kind))\
        \(column.name == target ? ", the target" : "")</span>
        """,
        Sparkline.make(column), typical(column, rows: profile.rowCount),
        column.missing == 0 ? "–" : "\(NumberFormat.percent.text(missing, digits: 2))",
        "\(NumberFormat.count.text(Double(column.distinct)))",
      ]
      if hasDrift { row.append(column.drift.map { "\(NumberFormat.number.text($0, decimals: 2))" } ?? "–") }
      return row
    }
    let more = profile.columns.count - listed.count
    let note: Markup =
      more > 0
      ? "<p class=\"after\">\(Component.count(more, "more column")) are listed in <code>results.json</code>.</p>\n"
      : ""
    let drift: Markup =
      hasDrift
      ? """
      <p class="after">Drift is the population stability index between the first and the last third in time: \
      below 0.1 is steady, above 0.25 a marked change.</p>
      """ : ""
    return Component.table("Columns", head, Array(rows), highlighted: listed.firstIndex { $0.name == target })
      + note + drift
  }

  static func words(_ kind: ColumnKind) -> String {
    switch kind {
    case .integer: "whole number"
    case .float: "number"
    case .boolean: "yes or no"
    case .text: "text"
    case .category: "category"
    case .dateTime: "date and time"
    }
  }

  /// The middle and the range of a numeric column, the most frequent values of others.
  static func typical(_ column: ColumnProfile, rows: Int) -> Markup {
    if let quantiles = column.quantiles, quantiles.count == 9, quantiles.allSatisfy(\.isFinite) {
      let format: NumberFormat = column.kind == .dateTime ? .date : .number
      let text = { (value: Double) in format.text(value, digits: 3) }
      if column.kind == .dateTime { return "\(text(quantiles[0])) to \(text(quantiles[8]))" }
      return """
        \(text(quantiles[4]))<span class="sub" style="min-width:15em">90 % between \(text(quantiles[2])) and \
        \(text(quantiles[6])); \
        all between \(text(quantiles[0])) and \(text(quantiles[8]))</span>
        """
    }
    let top = column.topValues.prefix(3).map { item -> Markup in
      let share = NumberFormat.percent.text(Double(item.count) / Double(max(1, rows)), digits: 2)
      return "\(Component.name(item.value)) <span class=\"sub inline\">\(share)</span>"
    }
    return top.enumerated().map { $0.offset == 0 ? $0.element : ", \($0.element)" as Markup }.reduce("", +)
  }
}

/// A histogram the size of a word; the numbers stand beside it, so it is hidden from screen readers.
enum Sparkline {
  static func make(_ column: ColumnProfile) -> Markup {
    let counts = column.histogram ?? column.topValues.map(\.count)
    let most = Double(counts.max() ?? 0)
    guard most > 0, counts.count <= 40 else { return "" }
    let width = 84.0 / Double(max(counts.count, 6))
    let bars = counts.enumerated().map { index, count -> Markup in
      let height = max(count > 0 ? 1 : 0, 22 * Double(max(0, count)) / most)
      return """
        <rect x="\(Double(index) * width)" y="\(22 - height)" width="\(max(1, width - 0.8))" height="\(height)"/>
        """
    }
    return "<svg class=\"spark\" viewBox=\"0 0 84 22\" aria-hidden=\"true\">\(bars)</svg>"
  }
}
