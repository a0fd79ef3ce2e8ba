import Tables

/// The columns in which an event can be unusual without anybody having said that it was a target.
enum UnusualColumns {
  /// The names, out of the columns that candidates may learn from.
  ///
  /// What is known of earlier targets is left out: it comes from labels. Of the histories those are kept that compare an
  /// event with what those who take part usually do; how much somebody does all in all is a habit, not a
  /// suspicion.
  ///
  /// - Parameter hidden: Columns that nothing may be learned from.
  static func names(_ table: Table, outcome: String, amount: String, hidden: Set<String>) -> [String] {
    table.names.filter {
      !$0.hasPrefix(EventWindows.prefix) && !hidden.contains($0) && $0 != outcome && !isFromLabels($0)
        && tellsSomething($0, amount)
    }
  }

  /// Whether a history's column is made from known outcomes.
  static func isFromLabels(_ name: String) -> Bool {
    if name.contains(".label.") { return true }
    guard name.hasPrefix("graph(") else { return false }
    return [".known", ".positives", ".share"].contains { name.hasSuffix($0) } || name.contains(".neighbourShare.")
  }

  private static func tellsSomething(_ name: String, _ amount: String) -> Bool {
    let parts = name.split(separator: ".").map(String.init)
    guard parts.count > 1 else { return true }
    if name.hasPrefix("graph(") { return name.contains(").degree.") || name.hasSuffix(").joins") }
    if parts[0].contains("*") { return parts[1] == "isNew" }
    switch parts[1] {
    case amount: return parts.count == 4 && ["ratio", "z"].contains(parts[2])
    case "count", "partners": return parts.last == "1h" || parts.last == "1d"
    case "velocity", "newShare", "repeats", "gapRatio": return true
    case "sum", "mean", "maximum", "deviation", "sinceLast", "sinceFirst": return false
    case "hour": return parts.last == "distance" || parts[0] == "clock"
    default: return true
    }
  }
}
