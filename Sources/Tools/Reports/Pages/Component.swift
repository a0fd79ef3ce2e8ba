import Decisions
import Evaluation
import Foundation

/// The pieces from which pages are put together.
enum Component {
  /// A name from the customer's data, safe in any script; a very long one is shortened and shown whole under the
  /// pointer.
  static func name(_ text: String) -> Markup {
    let shown = text.isEmpty ? "(empty)" : text
    guard shown.count > 60 else { return "<bdi>\(shown)</bdi>" }
    return "<bdi title=\"\(String(shown.prefix(400)))\">\(shown.prefix(40) + "…" + shown.suffix(15))</bdi>"
  }

  /// A number of things with separators: "1,234 rows".
  static func count(_ number: Int, _ noun: String) -> String {
    NumberFormat.count.text(Double(number)) + "\u{A0}" + (number == 1 ? noun : plural(noun))
  }

  /// A number with its interval, if it has one, in smaller print below.
  ///
  /// - Parameter decimals: those of the numbers above and below, so that a column can be compared; nil for its own.
  static func estimate(_ estimate: Estimate, _ format: NumberFormat, decimals: Int? = nil) -> Markup {
    let own = decimals ?? format.decimals(for: estimate)
    guard estimate.hasInterval else { return "\(format.text(estimate.value, decimals: own))" }
    return """
      \(format.text(estimate.value, decimals: own)) \
      <span class="interval">\(format.interval(estimate, decimals: own))</span>
      """
  }

  /// How much room a figure takes on a desktop.
  enum Slot {
    case wide
    case half
    /// A small figure of several in a row.
    case third
  }

  /// A chart with its caption, drawn once for wide and once for narrow screens.
  static func figure(_ chart: Chart, _ identifier: String, slot: Slot = .half, caption: Markup = "") -> Markup {
    let width = slot == .wide ? Chart.Size.wide.width : slot == .half ? Chart.Size.half.width : 260
    let height = chart.height(width: width) ?? (slot == .third ? 210 : slot == .half ? 290 : 270)
    let narrow = chart.markup(
      size: Chart.Size(
        width: Chart.Size.phone.width, height: chart.height(width: Chart.Size.phone.width) ?? Chart.Size.phone.height),
      identifier: "\(identifier)-narrow")
    let wide = chart.markup(size: Chart.Size(width: width, height: height), identifier: identifier)
    let place: Markup = slot == .wide ? "wide" : slot == .half ? "half" : "third"
    return """
      <figure class="figure \(place)"><figcaption>\(chart.title)\
      \(caption.isEmpty ? "" : "<span class=\"caption\">\(caption)</span>" as Markup)</figcaption>\
      <div class="on-wide">\(wide)</div><div class="on-narrow">\(narrow)</div></figure>

      """
  }

  /// Figures side by side where there is room.
  static func figures(_ figures: [Markup]) -> Markup {
    let kept = figures.filter { !$0.isEmpty }
    return kept.isEmpty ? "" : "<div class=\"figures\">\(kept)</div>\n"
  }

  /// A column of a table.
  struct TableColumn {
    var title: Markup
    var kind = Kind.text

    /// What the cells hold.
    enum Kind: String {
      /// Words, which may run over several lines.
      case text
      /// Numbers, in one line to the right.
      case number
      /// Days and moments, in one line.
      case moment
    }

    static func text(_ title: Markup) -> TableColumn { TableColumn(title: title) }
    static func number(_ title: Markup) -> TableColumn { TableColumn(title: title, kind: .number) }

    fileprivate var style: Markup { kind == .text ? "" : " class=\"\(Markup(stringLiteral: kind.rawValue))\"" }
  }

  /// The letters in a cell from which on a table becomes a list of records on narrow screens.
  private static let longText = 44

  /// A table that scrolls inside its own frame where it is wider than the screen. The first cell of a row heads it, and
  /// stays in sight. A table with long texts, or with few rows of many columns, becomes a list of records on a narrow
  /// screen, where its columns would be too thin to be read.
  ///
  /// - Parameter highlighted: the index of a row to set off.
  static func table(_ label: String, _ columns: [TableColumn], _ rows: [[Markup]], highlighted: Int? = nil) -> Markup {
    guard !rows.isEmpty else { return "" }
    let head = columns.map { "<th scope=\"col\"\($0.style)>\($0.title)</th>" as Markup }
    // A record's heading has a line of its own; a cell that holds a picture is no long text, whatever its markup.
    let isLong = rows.contains { row in
      row.dropFirst().contains { !$0.description.contains("<svg") && $0.plainText.count > longText }
    }
    let stacks = isLong || columns.count > 4 && rows.count <= 6
    let body = rows.enumerated().map { index, row -> Markup in
      let cells = zip(columns, row).enumerated().map { position, cell -> Markup in
        let (column, content) = cell
        if position == 0 { return "<th scope=\"row\"\(column.style)>\(content)</th>" }
        // Where a record is a list, each of its cells says what it is.
        guard stacks, !content.isEmpty else { return "<td\(column.style)>\(content)</td>" }
        let title = Markup(stringLiteral: column.title.description.replacing("<br>", with: " ")).plainText
        return "<td\(column.style) data-title=\"\(title)\"><div>\(content)</div></td>"
      }
      return "<tr\(index == highlighted ? " class=\"chosen\"" : "" as Markup)>\(cells)</tr>\n"
    }
    return """
      <div class="scroll" role="region" aria-label="\(label)" tabindex="0">\
      <table\(stacks ? " class=\"stacks\"" : "" as Markup)>
      <thead><tr>\(head)</tr></thead>
      <tbody>\(body)</tbody></table></div>

      """
  }

  /// What a call-out is about.
  enum Tone: String {
    case information
    case caution
    case danger
    case success
  }

  /// A paragraph that must not be missed.
  static func callout(_ tone: Tone, _ title: Markup, _ body: Markup) -> Markup {
    """
    <div class="callout \(Markup(stringLiteral: tone.rawValue))"><p class="callout-title">\(title)</p>\(body)</div>

    """
  }

  /// What only some readers want to know.
  static func details(_ title: Markup, _ body: Markup) -> Markup {
    body.isEmpty ? "" : "<details><summary>\(title)</summary><div class=\"details\">\(body)</div></details>\n"
  }

  /// Questions with their answers, the first thing to be read.
  static func brief(_ points: [Headline.Point]) -> Markup {
    let rows = points.map { "<div><dt>\($0.question)</dt><dd>\($0.answer)</dd></div>\n" as Markup }
    return rows.isEmpty ? "" : "<dl class=\"brief\">\(rows)</dl>\n"
  }

  /// A number that stands out, with what it is and how sure it is.
  static func keyFigure(_ label: Markup, _ value: Markup, _ note: Markup) -> Markup {
    """
    <div class="key"><dt>\(label)</dt><dd class="key-value">\(value)</dd><dd class="key-note">\(note)</dd></div>

    """
  }

  /// Terms with their explanations.
  static func definitions(_ pairs: [(Markup, Markup)]) -> Markup {
    let kept = pairs.filter { !$0.1.isEmpty }
    return "<dl class=\"facts\">\(kept.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>\n" as Markup })</dl>\n"
  }

  /// Items of a list.
  static func list(_ items: [Markup]) -> Markup {
    items.isEmpty ? "" : "<ul>\(items.map { "<li>\($0)</li>\n" as Markup })</ul>\n"
  }

  /// The names one after the other: "a, b and c".
  static func enumeration(_ items: [Markup]) -> Markup {
    guard let last = items.last else { return "" }
    if items.count == 1 { return last }
    let front = items.dropLast().enumerated().map { $0.offset == 0 ? $0.element : ", \($0.element)" as Markup }
    return "\(front) and \(last)"
  }
}
