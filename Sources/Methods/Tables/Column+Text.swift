import Basics

extension Column {
  /// The value of a row as text; nil if it is missing.
  ///
  /// Numbers are spelled with the fewest digits that give the same number again, truth values `true` and `false`,
  /// date-times by ISO 8601 in UTC: `2020-01-31`, or `2020-01-31T12:30:00` where the time of day is not zero.
  public func text(at row: Int) -> String? {
    if isMissing(row) { return nil }
    switch values {
    case .integer(let v): return String(v[row])
    case .float(let v): return v[row].description
    case .single(let v): return v[row].description
    case .boolean(let v): return v[row] == 1 ? "true" : "false"
    case .text(let v): return v[row]
    case .category(let v): return v.levels[Int(v.codes[row])]
    case .dateTime(let v): return DateTime.text(v[row])
    }
  }

  /// The number of missing values.
  public var missingCount: Int { (0..<count).count { isMissing($0) } }

  /// The number of distinct values, without "missing". Cost: one pass with a hash table.
  public var distinctCount: Int {
    switch values {
    case .integer(let v), .dateTime(let v): Set(v).subtracting([Column.missingInteger]).count
    case .float(let v): Set(v.lazy.filter { !$0.isNaN }).count
    case .single(let v): Set(v.lazy.filter { !$0.isNaN }).count
    case .boolean(let v): Set(v).subtracting([-1]).count
    case .category(let v): Set(v.codes).subtracting([-1]).count
    case .text(let v): ByteDictionary.coding(v).dictionary.count
    }
  }
}

/// Moments as text, both ways.
public enum DateTime {
  /// The microseconds since 1970-01-01T00:00:00 UTC of a text by ISO 8601, with or without time and zone; nil if it
  /// is not one. A time without zone is taken as UTC.
  public static func parse(_ text: String) -> Int64? {
    var text = text
    return text.withUTF8 { DateTimeFormat.iso.parse($0) }
  }

  /// A moment by ISO 8601 in UTC: the date, then the time of day unless it is midnight.
  public static func text(_ microseconds: Int64) -> String {
    let day = 86_400_000_000
    let (days, time) = CalendarDate.floorDivision(Int(microseconds), by: day)
    let date = CalendarDate(daysSince1970: days)
    var result = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    if time == 0 { return result }
    let seconds = time / 1_000_000
    result += "T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    if time % 1_000_000 != 0 { result += ".\(padded(time % 1_000_000, 6))" }
    return result
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(abs(number))
    return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
