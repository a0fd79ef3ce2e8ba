import Basics
import Projects
import Tables

/// What a fleet's time is counted in: cycles, hours, days.
///
/// Date-times are counted in days, or in what the setting "time unit" names; numbers are what they are, and the setting,
/// or else the name of the column, only says what to call them.
struct TimeUnit: Sendable, Hashable {
  /// The name for several: "cycles".
  let plural: String
  /// The seconds in one, where times are dates; nil where they are numbers.
  let seconds: Double?
  private let column: String

  /// The name for one: "cycle".
  var singular: String {
    plural.hasPrefix("units of ")
      ? "unit" + plural.dropFirst(5) : plural.hasSuffix("s") ? String(plural.dropLast()) : plural
  }

  /// The unit of a problem.
  ///
  /// - Throws: a `configuration` error where dates are to be counted in what is no length of time.
  init(_ problem: LifeProblem) throws {
    let (data, given) = (problem.data, problem.timeUnit?.lowercased())
    column = problem.time
    if data.table[problem.time]?.kind == .dateTime {
      let name = given ?? "days"
      guard let length = SettingValues.seconds("1 \(name)") else {
        throw AssayError(
          .configuration,
          "the column \"\(data.names[problem.time] ?? problem.time)\" holds dates, which cannot be counted in \(name)",
          at: problem.project.settings.place("time unit"), remedy: "write minutes, hours, days or weeks")
      }
      seconds = length
      plural = name.hasSuffix("s") ? name : name + "s"
    } else {
      seconds = nil
      plural = given ?? Self.named(data.names[problem.time] ?? problem.time)
    }
  }

  /// What a column of numbers counts, by its name.
  private static func named(_ column: String) -> String {
    let words = column.lowercased().split { !$0.isLetter }.map(String.init)
    let known = [
      "cycle": "cycles", "hour": "hours", "h": "hours", "day": "days", "d": "days", "minute": "minutes",
      "min": "minutes", "week": "weeks", "month": "months", "km": "km", "kilometer": "km", "kilometre": "km",
      "mile": "miles", "flight": "flights", "run": "runs", "stroke": "strokes", "second": "seconds", "s": "seconds",
    ]
    for word in words.reversed() {
      if let unit = known[word] ?? (word.hasSuffix("s") ? known[String(word.dropLast())] : nil) { return unit }
    }
    return "units of \(column)"
  }

  /// An amount of time: "12 days", "1 cycle".
  func amount(_ value: Double) -> String {
    let words = Words.number(value)
    return "\(words) \(words == "1" ? singular : plural)"
  }

  /// A whole number of them: "1,000 cycles".
  func count(_ number: Int) -> String { Words.count(number, singular, plural: plural) }

  /// A problem's rows with times as numbers of this unit.
  func counting(_ table: Table) throws -> Table {
    guard let seconds else { return table }
    return try table.setting(Column(column, .float(table.column(column).numbers().map { $0 / seconds })))
  }
}
