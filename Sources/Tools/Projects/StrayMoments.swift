import Basics
import Tables

/// A few moments far from all others: a mistyped year, or a date that stands for "unknown".
///
/// Timelines, splits by time and histories would take them for the first or last thing that happened.
struct StrayMoments {
  /// The rows, from 0, ascending.
  let rows: [Int]
  /// The moment that is farthest from the others, in seconds since 1970.
  let farthest: Double
  /// The seconds between the others and the nearest of these.
  let distance: Double

  /// At most this share of the rows can stray.
  private static let mostShare = 0.002
  /// Fewer than so many other rows say nothing of what is usual.
  private static let fewest = 20
  private static let year = 365.25 * 86_400

  /// The moments that stray, if some do: few of them, with a gap to the others that is longer than all that the others
  /// span, and than a year.
  init?(_ moments: [Double]) {
    let order = moments.indices.filter { !moments[$0].isNaN }.sorted { (moments[$0], $0) < (moments[$1], $1) }
    let sorted = order.map { moments[$0] }
    let most = max(1, Int(Self.mostShare * Double(order.count)))
    guard order.count >= Self.fewest + most else { return nil }
    var found: (places: Range<Int>, distance: Double)?
    for count in 1...most {
      let (first, last) = (count, sorted.count - 1 - count)
      let before = sorted[first] - sorted[first - 1]
      if before > max(sorted[sorted.count - 1] - sorted[first], Self.year) { found = (0..<count, before) }
      let after = sorted[last + 1] - sorted[last]
      if after > max(sorted[last] - sorted[0], Self.year) { found = (last + 1..<sorted.count, after) }
    }
    guard let found else { return nil }
    rows = order[found.places].sorted()
    farthest = found.places.lowerBound == 0 ? sorted[0] : sorted[sorted.count - 1]
    distance = found.distance
  }

  /// What a check says of the fields that order the rows; others, such as when an account was opened, may reach far back.
  static func findings(_ data: ProjectData, _ card: SolutionCard) -> [ProjectFinding] {
    card.fields.compactMap { field in
      guard field.isRequired, field.kind == .time || field.kind == .order, let column = data.table[field.name],
        case .dateTime = column.values, let stray = StrayMoments(column.numbers())
      else { return nil }
      let years = Words.number((stray.distance / year).rounded())
      let rows = stray.rows.prefix(3).map { "\($0 + 1)" }.joined(separator: ", ")
      let date = CalendarDate(daysSince1970: Int((stray.farthest / 86_400).rounded(.down)))
      return ProjectFinding(
        .stop,
        "\(Words.count(stray.rows.count, "row")) of \"\(data.names[field.name] ?? field.name)\" "
          + "\(stray.rows.count == 1 ? "lies" : "lie") \(years) years from all others: row \(rows)"
          + "\(stray.rows.count > 3 ? " and more" : ""), as far as \(date.year)-\(two(date.month))-\(two(date.day))",
        remedy: "correct the year, or remove the rows")
    }
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
