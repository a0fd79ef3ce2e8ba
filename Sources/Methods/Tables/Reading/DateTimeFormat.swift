import Basics

/// The order and the separator of a calendar date, which may be followed by a time of day and a zone.
struct DateTimeFormat: Sendable, Hashable {
  /// The order of year, month and day.
  enum Order: Sendable, Hashable {
    case yearMonthDay
    case dayMonthYear
    case monthDayYear
  }

  /// The order of year, month and day.
  var order: Order
  /// The byte between them.
  var separator: UInt8

  /// The formats in the order in which they are tried. Where day and month cannot be told apart in a whole column,
  /// "/" is read the American way and "." and "-" with the day first.
  static let all = [
    DateTimeFormat(order: .yearMonthDay, separator: UInt8(ascii: "-")),
    DateTimeFormat(order: .yearMonthDay, separator: UInt8(ascii: "/")),
    DateTimeFormat(order: .yearMonthDay, separator: UInt8(ascii: ".")),
    DateTimeFormat(order: .dayMonthYear, separator: UInt8(ascii: ".")),
    DateTimeFormat(order: .monthDayYear, separator: UInt8(ascii: "/")),
    DateTimeFormat(order: .dayMonthYear, separator: UInt8(ascii: "/")),
    DateTimeFormat(order: .dayMonthYear, separator: UInt8(ascii: "-")),
    DateTimeFormat(order: .monthDayYear, separator: UInt8(ascii: "-")),
  ]

  /// ISO 8601: year-month-day.
  static let iso = all[0]

  /// The microseconds since 1970-01-01T00:00:00 UTC; nil if the bytes do not follow the format or name no such day.
  /// A time without zone is taken as UTC.
  func parse(_ bytes: Bytes) -> Int64? {
    var scanner = DateScanner(bytes: bytes)
    guard let first = scanner.number(digits: order == .yearMonthDay ? 4...4 : 1...2), scanner.skip(separator),
      let second = scanner.number(digits: 1...2), scanner.skip(separator)
    else { return nil }
    let start = scanner.position
    guard var third = scanner.number(digits: order == .yearMonthDay ? 1...2 : 2...4) else { return nil }
    if order != .yearMonthDay {
      switch scanner.position - start {
      case 2: third += third < 69 ? 2000 : 1900  // the pivot of POSIX
      case 4: break
      default: return nil
      }
    }
    let (year, month, day) =
      switch order {
      case .yearMonthDay: (first, second, third)
      case .dayMonthYear: (third, second, first)
      case .monthDayYear: (third, first, second)
      }
    guard let days = CalendarDate.daysSince1970(year: year, month: month, day: day), let time = scanner.timeAndZone()
    else { return nil }
    return Int64(days) * 86_400_000_000 + time
  }
}

/// A position in the bytes of a date.
private struct DateScanner {
  let bytes: Bytes
  var position = 0

  init(bytes: Bytes) { self.bytes = bytes }

  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  mutating func number(digits: ClosedRange<Int>) -> Int? {
    let start = position
    var value = 0
    while position - start < digits.upperBound, let byte = next, byte &- 48 < 10 {
      value = value * 10 + Int(byte &- 48)
      position += 1
    }
    return position - start >= digits.lowerBound ? value : nil
  }

  /// The microseconds of the time of day, moved to UTC; 0 at the end of the bytes; nil if there is something else.
  mutating func timeAndZone() -> Int64? {
    if next == nil { return 0 }
    guard skip(UInt8(ascii: "T")) || skip(UInt8(ascii: " ")) else { return nil }
    guard var hour = number(digits: 1...2), skip(UInt8(ascii: ":")), let minute = number(digits: 2...2) else {
      return nil
    }
    var second = 0
    var micro = 0
    if skip(UInt8(ascii: ":")) {
      guard let value = number(digits: 2...2) else { return nil }
      second = value
      if skip(UInt8(ascii: ".")) || skip(UInt8(ascii: ",")) {
        let start = position
        guard var fraction = number(digits: 1...6) else { return nil }
        for _ in 0..<(6 - (position - start)) { fraction *= 10 }
        while let byte = next, byte &- 48 < 10 { position += 1 }
        micro = fraction
      }
    }
    _ = skip(UInt8(ascii: " "))
    if let byte = next, byte | 0x20 == UInt8(ascii: "a") || byte | 0x20 == UInt8(ascii: "p"),
      position + 1 < bytes.count, bytes[position + 1] | 0x20 == UInt8(ascii: "m")
    {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (byte | 0x20 == UInt8(ascii: "p") ? 12 : 0)
      position += 2
      _ = skip(UInt8(ascii: " "))
    }
    guard hour < 24, minute < 60, second < 61, let offset = zone(), next == nil else { return nil }
    return Int64(hour * 3600 + minute * 60 + second - offset) * 1_000_000 + Int64(micro)
  }

  /// The seconds that the zone is ahead of UTC.
  private mutating func zone() -> Int? {
    if next == nil || skip(UInt8(ascii: "Z")) { return 0 }
    if bytes[position...].elementsEqual("UTC".utf8) || bytes[position...].elementsEqual("GMT".utf8) {
      position += 3
      return 0
    }
    let isBehind = next == UInt8(ascii: "-")
    guard skip(UInt8(ascii: "+")) || skip(UInt8(ascii: "-")), let hours = number(digits: 2...2) else { return nil }
    var minutes = 0
    if next != nil {
      _ = skip(UInt8(ascii: ":"))
      guard let value = number(digits: 2...2) else { return nil }
      minutes = value
    }
    return (isBehind ? -1 : 1) * (hours * 3600 + minutes * 60)
  }
}
