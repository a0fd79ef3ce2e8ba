import Basics

/// What the dates of a column say for and against exchanging day and month.
struct DateEvidence: Sendable {
  /// Whether all dates could be read either way, and some would differ.
  var isAmbiguous: Bool { isOpen && differs }
  /// Whether there is no date of which day and month could not be exchanged.
  private(set) var isOpen = true
  private var differs = false
  private var asRead = Course()
  private var exchanged = Course()

  /// That there is a date of which day and month cannot be exchanged.
  static let closed: DateEvidence = {
    var evidence = DateEvidence()
    evidence.isOpen = false
    return evidence
  }()

  /// Adds the next moments, in microseconds; the value that stands for "missing" is left out.
  mutating func add(_ moments: [Int64]) {
    guard isOpen else { return }
    for moment in moments where moment != Column.missingInteger {
      guard let other = DateEvidence.exchanged(moment) else {
        isOpen = false
        asRead = Course()
        exchanged = Course()
        return
      }
      if other != moment { differs = true }
      asRead.add(moment)
      exchanged.add(other)
    }
  }

  /// Whether the dates should be exchanged, with the reason; nil where nothing speaks for one of the ways.
  func verdict() -> (exchanges: Bool, reason: DateReading.Reason)? {
    let regular = (asRead.isRegular, exchanged.isRegular)
    if regular.0 != regular.1 { return (regular.1, .steps) }
    let sorted = (asRead.isSorted, exchanged.isSorted)
    if sorted.0 != sorted.1 { return (sorted.1, .sorted) }
    return nil
  }

  /// The moment with day and month exchanged; nil where the day is no month.
  static func exchanged(_ moment: Int64) -> Int64? {
    let day = 86_400_000_000
    let (days, time) = CalendarDate.floorDivision(Int(moment), by: day)
    let date = CalendarDate(daysSince1970: days)
    guard date.day <= 12,
      let other = CalendarDate.daysSince1970(year: date.year, month: date.day, day: date.month)
    else { return nil }
    return Int64(other * day + time)
  }

  /// How moments follow each other.
  private struct Course {
    /// More distinct moments than that are not looked at for equal steps.
    private static let limit = 50_000

    private var rises = 0
    private var falls = 0
    private var last: Int64?
    private var distinct: Set<Int64>? = []

    mutating func add(_ moment: Int64) {
      if let last {
        if moment > last { rises += 1 } else if moment < last { falls += 1 }
      }
      last = moment
      distinct?.insert(moment)
      if let count = distinct?.count, count > Course.limit { distinct = nil }
    }

    /// Whether time runs in one direction, but for a few jumps back as where one series follows another.
    var isSorted: Bool { min(rises, falls) * 20 <= max(rises, falls) && rises + falls > 1 }

    /// Whether at least four distinct moments are equal lengths of time, or equal numbers of months, apart.
    var isRegular: Bool {
      guard let distinct, distinct.count >= 4 else { return false }
      let sorted = distinct.sorted()
      func areEqual(_ steps: [Int]) -> Bool { steps.allSatisfy { $0 == steps[0] } }
      if areEqual(zip(sorted, sorted.dropFirst()).map { Int($1 - $0) }) { return true }
      let day = 86_400_000_000
      let dates = sorted.map { moment -> (date: CalendarDate, time: Int) in
        let (days, time) = CalendarDate.floorDivision(Int(moment), by: day)
        return (CalendarDate(daysSince1970: days), time)
      }
      guard dates.allSatisfy({ $0.date.day == dates[0].date.day && $0.time == dates[0].time }) else { return false }
      let months = dates.map { $0.date.year * 12 + $0.date.month }
      return areEqual(zip(months, months.dropFirst()).map { $1 - $0 })
    }
  }
}

/// A column whose dates end with the year, before it is settled how they are read.
struct DateQuestion {
  /// The column.
  var name: String
  /// The order by which the values were read.
  var order: DateOrder
  /// What the values say; nil where they could be read either way and nothing more is known.
  var evidence: DateEvidence?
}

/// Settles how dates are read that can be read either way.
enum DateChoice {
  /// The reading of each column; nil where day and month are the same in all dates.
  ///
  /// What was given counts first, then what other columns prove, then what the dates themselves look like, then custom.
  static func readings(
    _ questions: [DateQuestion], _ options: ReadOptions, hasDecimalComma: Bool
  ) -> [DateReading?] {
    let proven = Set(questions.filter { $0.evidence?.isOpen == false }.map(\.order))
    return questions.map { question in
      if let evidence = question.evidence {
        if !evidence.isOpen { return DateReading(question.order, .values) }
        if !evidence.isAmbiguous { return nil }
      }
      if let wanted = options.dateOrder(of: question.name) { return DateReading(wanted, .given) }
      if proven.count == 1, let order = proven.first { return DateReading(order, .columns) }
      if let verdict = question.evidence?.verdict() {
        return DateReading(verdict.exchanges ? question.order.other : question.order, verdict.reason)
      }
      return hasDecimalComma ? DateReading(.dayFirst, .numbers) : DateReading(question.order, .custom)
    }
  }

  /// Columns with dates as they should be read.
  ///
  /// - Parameter columns: those whose dates end with the year have the order by which they were read in `dates`.
  static func settled(_ columns: [Column], _ options: ReadOptions, hasDecimalComma: Bool = false) -> [Column] {
    var positions: [Int] = []
    var questions: [DateQuestion] = []
    for (position, column) in columns.enumerated() {
      guard let order = column.dates?.order, case .dateTime(let moments) = column.values else { continue }
      var evidence = DateEvidence()
      evidence.add(moments)
      positions.append(position)
      questions.append(DateQuestion(name: column.name, order: order, evidence: evidence))
    }
    if questions.isEmpty { return columns }
    var result = columns
    let readings = readings(questions, options, hasDecimalComma: hasDecimalComma)
    for (index, position) in positions.enumerated() {
      if let reading = readings[index], reading.order != questions[index].order,
        case .dateTime(let moments) = columns[position].values
      {
        result[position].values = .dateTime(
          moments.map { $0 == Column.missingInteger ? $0 : DateEvidence.exchanged($0) ?? $0 })
      }
      result[position].dates = readings[index]
    }
    return result
  }
}

extension DateTimeFormat {
  /// The order of day and month where the year stands behind them.
  var dateOrder: DateOrder? {
    switch order {
    case .yearMonthDay: nil
    case .dayMonthYear: .dayFirst
    case .monthDayYear: .monthFirst
    }
  }

  /// The format with day and month exchanged.
  var exchanged: DateTimeFormat {
    switch order {
    case .yearMonthDay: self
    case .dayMonthYear: DateTimeFormat(order: .monthDayYear, separator: separator)
    case .monthDayYear: DateTimeFormat(order: .dayMonthYear, separator: separator)
    }
  }
}

extension FieldTask {
  /// How dates that end with the year are read, before it is settled.
  var provisionalDates: DateReading? {
    guard case .dateTime(let format) = self else { return nil }
    return format.dateOrder.map { DateReading($0, .custom) }
  }

  /// Whether it reads numbers with a decimal comma.
  var hasDecimalComma: Bool {
    guard case .number(let style) = self else { return false }
    return style.decimal == UInt8(ascii: ",")
  }
}
