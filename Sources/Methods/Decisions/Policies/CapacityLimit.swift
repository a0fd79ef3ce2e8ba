import Basics
import Tables

/// Lets the first rows of a ranking pass until the capacity of their period is used up.
struct CapacityLimit {
  private let period: [Int]
  private let quotas: [Int: Int]

  /// The limit over the rows of a table; nil where there is none.
  ///
  /// - Parameters:
  ///   - share: see `DecisionData.share`. Fractions of a row that scaling leaves over in one period are carried to the
  ///     next.
  ///   - factor: multiplies the capacity.
  ///   - needsTime: whether an absent time column is an error; else all rows count as of one period.
  /// - Throws: `schema` if the time column is absent or holds no dates, `data` if a row has no time.
  init?(
    _ specification: ValueSpecification, table: Table, share: Double, factor: Double = 1, needsTime: Bool = true
  ) throws(AssayError) {
    guard let capacity = specification.capacity else { return nil }
    let isKnown = specification.time.map { table[$0] != nil } ?? false
    period =
      capacity.unit.isPeriod && (isKnown || needsTime)
      ? try CapacityLimit.periods(capacity, table, specification.time) : Array(repeating: 0, count: table.rowCount)
    let rows = Double(table.rowCount)
    let amount = factor * (capacity.unit == .percent ? capacity.amount / 100 * rows : capacity.amount * share)
    var quotas: [Int: Int] = [:]
    var granted = 0
    for (position, id) in Set(period).sorted().enumerated() {
      // The tolerance keeps 5 % of 100 rows at 5 although 0.05 * 100 may come out below it.
      let allowed = Int(min(amount * Double(position + 1) + 1e-9, 1e15))
      quotas[id] = allowed - granted
      granted = allowed
    }
    self.quotas = quotas
  }

  /// Which of the ranked rows pass, by row; rows that are not ranked do not.
  func admitted(_ ranking: [Int]) -> [Bool] {
    var left = quotas
    var admitted = [Bool](repeating: false, count: period.count)
    for row in ranking {
      if let quota = left[period[row]], quota > 0 {
        left[period[row]] = quota - 1
        admitted[row] = true
      }
    }
    return admitted
  }

  private static func periods(_ capacity: Capacity, _ table: Table, _ time: String?) throws(AssayError) -> [Int] {
    guard let time, let column = table[time] else {
      throw AssayError(
        .schema, "a capacity of \(capacity) needs \(time.map { "the column \"\($0)\"" } ?? "a time column")",
        remedy: "add the column with the date and time of each row")
    }
    guard case .dateTime(let moments) = column.values else {
      throw AssayError(
        .schema, "the column \"\(time)\" holds no dates, which the capacity of \(capacity) needs",
        remedy: "write dates like 2026-01-31 or 2026-01-31 14:00:00")
    }
    if let row = moments.firstIndex(of: Column.missingInteger) {
      throw AssayError(
        .data, "row \(row + 1) has no time, which the capacity of \(capacity) needs", at: "column \"\(time)\"",
        remedy: "fill it in or leave the row out")
    }
    return moments.map { CapacityLimit.period($0, capacity.unit) }
  }

  /// The number of the period in which a moment lies, in UTC.
  static func period(_ microseconds: Int64, _ unit: Capacity.Unit) -> Int {
    let hour = 3_600_000_000
    let days = CalendarDate.floorDivision(Int(microseconds), by: 24 * hour).quotient
    switch unit {
    case .hour: return CalendarDate.floorDivision(Int(microseconds), by: hour).quotient
    case .day: return days
    // 1970-01-01 was a Thursday.
    case .week: return CalendarDate.floorDivision(days + 3, by: 7).quotient
    case .month:
      let date = CalendarDate(daysSince1970: days)
      return date.year * 12 + date.month
    case .total, .percent: return 0
    }
  }

  /// The time that rows stand for: in the periods of the capacity, or in days, weeks or months by how long it is.
  ///
  /// - Parameter share: see `DecisionData.share`.
  /// - Returns: nil where no column holds the times, or where they span less than one period.
  static func periodsCovered(
    _ specification: ValueSpecification, table: Table, share: Double
  ) -> DecisionResult.Periods? {
    guard let time = specification.time, case .dateTime(let moments)? = table[time]?.values else { return nil }
    let known = moments.filter { $0 != Column.missingInteger }
    guard let first = known.min(), let last = known.max() else { return nil }
    let days = Double(period(last, .day) - period(first, .day) + 1)
    let unit: Capacity.Unit
    if let capacity = specification.capacity?.unit, capacity.isPeriod {
      unit = capacity
    } else {
      unit = days <= 21 ? .day : days <= 120 ? .week : .month
    }
    let count: Double
    switch unit {
    case .hour: count = Double(period(last, .hour) - period(first, .hour) + 1)
    case .week: count = days / 7
    case .month: count = days / 30.436875
    default: count = days
    }
    return count >= 1 ? DecisionResult.Periods(name: unit.rawValue, count: count * share) : nil
  }
}
