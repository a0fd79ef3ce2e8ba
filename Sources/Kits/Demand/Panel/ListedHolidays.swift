import Basics
import Foundation
import TimeSeries

/// The holidays that the settings name: countries, dates, or a file with a date at the beginning of each line.
struct ListedHolidays {
  private(set) var holidays: [Holiday] = []

  init(_ settings: DemandSettings) throws {
    var days: [Int] = []
    for part in settings.holidays.split(separator: ",") {
      let word = part.trimmingCharacters(in: .whitespaces)
      if word.isEmpty || word == "none" { continue }
      if let known = Holiday.holidays(of: word) {
        holidays += known
      } else if let day = Self.day(word) {
        days.append(day)
      } else {
        let path = word.hasPrefix("/") ? word : "\(settings.folder)/\(word)"
        guard FileManager.default.fileExists(atPath: path) else {
          throw AssayError(
            .configuration, "\"\(word)\" is no country, date or file of holidays",
            at: settings.holidaysPlace,
            remedy:
              "write one of \(Holiday.countries.joined(separator: ", ")), dates such as 2025-12-24, or the name of a "
              + "file with a date on each line")
        }
        days += try Self.days(in: path)
      }
    }
    if !days.isEmpty { holidays.append(Holiday("listed", .days(days.sorted()))) }
  }

  private static func days(in path: String) throws -> [Int] {
    let text = String(decoding: try FileAccess.read(path), as: UTF8.self)
    var found: [Int] = []
    for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      let word = line.prefix { $0 != "," && $0 != ";" && $0 != "\t" }.trimmingCharacters(in: .whitespaces)
      if word.isEmpty { continue }
      if let day = day(word) {
        found.append(day)
      } else if number > 0 {
        throw AssayError(
          .data, "\"\(word)\" is no date", at: "\(path), line \(number + 1)",
          remedy: "begin each line with a date such as 2025-12-24")
      }
    }
    return found
  }

  /// The day of "2025-12-24", in days since 1970.
  private static func day(_ word: String) -> Int? {
    let parts = word.prefix(10).split(separator: "-").map { Int($0) }
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2], year > 999 else {
      return nil
    }
    return CalendarDate.daysSince1970(year: year, month: month, day: day)
  }
}
