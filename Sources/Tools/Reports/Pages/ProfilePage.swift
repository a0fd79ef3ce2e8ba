import Basics
import Tables

/// What a table holds, as a self-contained HTML page and as text for the terminal.
public enum ProfilePage {
  /// The page as an HTML document.
  ///
  /// - Parameters:
  ///   - data: the source as the user gave it.
  ///   - command: the command that repeats the page; empty to leave it out.
  ///   - version: the version of the program.
  public static func html(_ profile: TableProfile, data: String, command: String = "", version: String = "") -> String {
    let remarks = ProfileContent.remarks(profile)
    let standing =
      remarks.isEmpty
      ? "Nothing unusual stands out."
      : Component.count(remarks.count, "thing") + (remarks.count == 1 ? " stands out." : " stand out.")
    let opening: Markup = """
      <p class="lead">\(standing)</p>
      \(keyFigures(profile))
      """
    let repeating: Markup = command.isEmpty ? "" : "<p>This command repeats the profile:</p><pre>\(command)</pre>"
    let page = Page(
      title: "\(data): profile", kicker: "Profile of a table", stamp: version.isEmpty ? "" : "Assay \(version)",
      headline: "\(Component.name(fileName(data))): \(summary(profile))", opening: opening,
      sections: [
        Section("remarks", "What stands out", Component.list(remarks)),
        Section("columns", "The columns", ProfileContent.table(profile)),
        Section("spread", "How the values are spread", Component.figures(figures(profile))),
        Section("repeat", "How to repeat it", repeating),
      ].compactMap { $0 }, footer: version.isEmpty ? "Made by Assay." : "Made by Assay \(version).")
    return page.html()
  }

  /// Writes the page to a file, under a temporary name first.
  ///
  /// - Throws: a `file` error if it cannot be written.
  public static func write(
    _ profile: TableProfile, data: String, command: String = "", version: String = "", to path: String
  ) throws {
    try AtomicFile.write(html(profile, data: data, command: command, version: version), to: path)
  }

  /// The profile as lines of text, with a line break at the end.
  ///
  /// - Parameters:
  ///   - width: the columns of the terminal; at least 40.
  ///   - usesColors: whether escape sequences are written.
  public static func text(_ profile: TableProfile, data: String, width: Int = 100, usesColors: Bool = false) -> String {
    let terminal = TerminalText(width: max(40, width), usesColors: usesColors)
    let title = "\(TerminalText.safe(data)): \(summary(profile))"
    let rows = profile.columns.prefix(ProfileContent.mostColumns).map { column -> [String] in
      let missing = Double(column.missing) / Double(max(1, profile.rowCount))
      return [
        TerminalText.safe(column.name), ProfileContent.words(column.kind),
        column.missing == 0 ? NumberFormat.absent : NumberFormat.percent.text(missing, digits: 2),
        NumberFormat.count.text(Double(column.distinct)), typical(column, rows: profile.rowCount),
      ]
    }
    let table = terminal.table(
      [
        .init(title: "column", limit: 28), .init(title: "kind"), .init(title: "missing", isNumber: true),
        .init(title: "distinct", isNumber: true), .init(title: "typical values", limit: typicalCells),
      ], Array(rows))
    var blocks = [terminal.styled(terminal.wrapped(title), .bold), table]
    let more = profile.columns.count - rows.count
    if more > 0 { blocks.append("and \(Component.count(more, "more column"))") }
    let remarks = ProfileContent.remarks(profile).map {
      terminal.wrapped($0.plainText, indent: "  ", first: terminal.styled("! ", .yellow))
    }
    if !remarks.isEmpty { blocks.append(remarks.joined(separator: "\n")) }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  /// The last part of a path; the folders say nothing to a reader elsewhere.
  private static func fileName(_ data: String) -> String {
    data.hasPrefix("sql:") ? data : data.split(separator: "/").last.map(String.init) ?? data
  }

  private static func summary(_ profile: TableProfile) -> String {
    "\(Component.count(profile.rowCount, "row")), \(Component.count(profile.columns.count, "column"))"
  }

  private static func typical(_ column: ColumnProfile, rows: Int) -> String {
    if let quantiles = column.quantiles, quantiles.count == 9, column.kind != .dateTime {
      let text = { NumberFormat.number.text(quantiles[$0], digits: 3) }
      return "\(text(4)) (90 % between \(text(2)) and \(text(6)))"
    }
    if column.kind == .dateTime { return ProfileContent.typical(column, rows: rows).plainText }
    // As many whole values as fit beside the other columns.
    var text = ""
    for item in column.topValues.prefix(3) {
      let share = NumberFormat.percent.text(Double(item.count) / Double(max(1, rows)), digits: 2)
      let next = TerminalText.safe(item.value) + " " + share
      if !text.isEmpty, TerminalText.cells(text) + 2 + TerminalText.cells(next) > typicalCells { break }
      text += (text.isEmpty ? "" : ", ") + next
    }
    return text
  }

  /// The cells for typical values.
  private static let typicalCells = 44

  private static func keyFigures(_ profile: TableProfile) -> Markup {
    let cells = Double(profile.rowCount) * Double(profile.columns.count)
    let missing = profile.columns.reduce(0.0) { $0 + Double($1.missing) }
    let figures: [Markup] = [
      Component.keyFigure("rows", "\(NumberFormat.count.text(Double(profile.rowCount)))", ""),
      Component.keyFigure("columns", "\(NumberFormat.count.text(Double(profile.columns.count)))", ""),
      Component.keyFigure(
        "of the cells are missing", "\(NumberFormat.percent.text(cells > 0 ? missing / cells : 0, digits: 2))", ""),
      Component.keyFigure("rows repeat an earlier one", "\(NumberFormat.count.text(Double(profile.repeatedRows)))", ""),
    ]
    return "<dl class=\"keys\">\(figures)</dl>\n"
  }

  /// A small chart per column, for at most 36 columns.
  private static func figures(_ profile: TableProfile) -> [Markup] {
    profile.columns.prefix(36).enumerated().compactMap { index, column -> Markup? in
      guard let chart = chart(column) else { return nil }
      return Component.figure(chart, "column-\(index + 1)", slot: .third)
    }
  }

  private static func chart(_ column: ColumnProfile) -> Chart? {
    if let histogram = column.histogram, let quantiles = column.quantiles, quantiles.count == 9, !histogram.isEmpty,
      quantiles[1].isFinite, quantiles[7].isFinite, quantiles[1] < quantiles[7]
    {
      let width = (quantiles[7] - quantiles[1]) / Double(histogram.count)
      let edges = (0...histogram.count).map { quantiles[1] + Double($0) * width }
      return Chart(
        column.name, summary: "Histogram from the 1st to the 99th percentile",
        x: Axis(kind: column.kind == .dateTime ? .date : .linear, domain: quantiles[1]...quantiles[7]),
        y: Axis("rows", format: .count), marks: [.histogram(edges: edges, counts: histogram.map(Double.init))])
    }
    let top = column.topValues.prefix(6)
    guard !top.isEmpty else { return nil }
    let bars = top.enumerated().map { index, item in
      Mark.Bar(at: index, value: Double(item.count), label: NumberFormat.count.tick(Double(item.count), step: 1))
    }
    return Chart(
      column.name, summary: "The most frequent values", x: Axis("", format: .count, includesZero: true),
      y: .categories(top.map(\.value)), marks: [.bars(bars)])
  }
}
