import Foundation

/// Writes the files of a new project.
enum ProjectText {
  /// The text of `solution.yaml`, with a comment for everything that can be said in it.
  static func yaml(_ card: SolutionCard, _ start: ProjectStart, data: String) -> String {
    var lines = [
      "# \(card.title): \(card.purpose)",
      "# A row of the data is \(card.row). Lines that begin with # are comments.",
      "solution: \(card.name)",
      "",
      "# The data: a file beside this one, a path, a glob such as \"logs/*.parquet\", or \"sql:SELECT ...\".",
      "data: \(data)",
      "",
      "# How dates such as 03/04/2025 are read, where the data do not tell: day-first or month-first.",
      "# dates: day-first",
      "",
      "# Which of your columns is what. Take out the lines of what you do not have; those marked * are needed.",
      "columns:",
    ]
    for field in card.fields {
      let mark = field.isRequired ? "*" + (field.condition.map { " with \($0.words):" } ?? "") + " " : ""
      let words = "# \(mark)\(field.meaning); \(field.kind.rawValue)"
      if let column = start.columns[field.name] {
        lines.append(aligned("  \(field.name): \(quoted(column))", words))
      } else {
        lines.append(aligned("  # \(field.name):", words))
      }
    }
    lines += ["", "# Columns that must not be used, separated by commas:"]
    lines += [
      start.excluded.isEmpty
        ? "# exclude: internal_id, reviewed_by" : "exclude: \(start.excluded.joined(separator: ", "))"
    ]
    lines.append("")
    if !card.settings.isEmpty {
      lines.append("settings:")
      lines += card.settings.map { setting(($0, start.settings[$0.name])) }
      lines.append("")
    }
    switch card.value {
    case .actions(let standard):
      let text = start.value ?? standard
      lines.append("# What the decision is worth: for each action what it earns and costs on \(card.row).")
      lines.append("value:")
      lines += text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "  \($0)" }
    case .amounts(let amounts):
      lines.append("# What the decision is worth.")
      lines.append("value:")
      lines += amounts.map { setting(($0, start.settings[$0.name])) }
    }
    return lines.joined(separator: "\n").trimmingCharacters(in: .newlines) + "\n"
  }

  private static func setting(_ pair: (SolutionCard.Setting, String?)) -> String {
    let (setting, given) = pair
    let value = given ?? setting.standard
    return aligned(value.isEmpty ? "  # \(setting.name):" : "  \(setting.name): \(value)", "# \(setting.meaning)")
  }

  private static func aligned(_ text: String, _ comment: String) -> String {
    text + String(repeating: " ", count: max(2, 40 - text.count)) + comment
  }

  private static func quoted(_ name: String) -> String {
    let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
    return isPlain && Double(name) == nil
      ? name : "\"\(name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }

  /// The text of the project's README.
  static func readme(_ card: SolutionCard, _ start: ProjectStart, folder: String) -> String {
    let fields = card.fields.map {
      let mark = $0.isRequired ? " *" + ($0.condition.map { " (`\($0.words)`)" } ?? "") : ""
      return "| `\($0.name)`\(mark) | \($0.meaning) | \($0.kind.rawValue) |"
    }
    let rows = start.later == nil ? "new.csv" : ProjectStart.laterFileName
    let later =
      start.later == nil
      ? ""
      : " `\(ProjectStart.laterFileName)` holds rows of the time after them, as they come when the decision is due."
    return """
      # \(card.title)

      \(card.purpose)

      ```
      assay check \(folder)     what is missing or odd in the data, before anything runs
      assay run \(folder)       report.html (open it in a browser), model, results.json
      assay predict \(folder) \(rows) --output scored.csv
      ```

      This folder begins with data, so that the commands above work at once.\(later) \(start.words)

      ## With your own data

      Put the path of your file into `solution.yaml` (`data:`) and write beside each field which of your columns it is.
      A row is \(card.row). Fields with * are needed; columns that are no field are used as they are.

      | field | what it is | what it holds |
      |---|---|---|
      \(fields.joined(separator: "\n"))

      Then set what the decision is worth (`value:`): without it the report says how good the predictions are, but not
      what to do.

      """
  }
}
