import ArgumentParser
import Basics
import Foundation
import Tables

/// How a table is read: the options that all commands with data share.
struct ReadingOptions: ParsableArguments {
  @Flag(name: .long, help: "The file has no header line; its columns are called c1, c2, ...")
  var noHeader = false

  @Option(name: .long, help: "The character between fields; found out if not given.")
  var delimiter: String?

  @Option(
    name: .long,
    help: "How dates such as 03/04/2025 are read where a whole column can be read either way: day-first or month-first."
  )
  var dates: DateOrder?

  @Option(
    name: .long, parsing: .singleValue,
    help: "The type of a column, as COLUMN=integer|float|boolean|text|category|date-time; may repeat.")
  var type: [String] = []

  /// The options as the reader takes them.
  ///
  /// - Parameter defaults: the options for what the command line does not say.
  func readOptions(over defaults: ReadOptions = ReadOptions()) throws -> ReadOptions {
    var options = defaults
    if noHeader { options.hasHeader = false }
    if let delimiter { options.delimiter = delimiter }
    if let dates { options.dateOrder = dates }
    for entry in type {
      guard let separator = entry.lastIndex(of: "="),
        let kind = ColumnKind(rawValue: String(entry[entry.index(after: separator)...]))
      else {
        throw AssayError(
          .configuration, "\"\(entry)\" does not give a column and a type", at: "--type",
          remedy: "write for example --type zip=category; types are "
            + ColumnKind.allCases.map(\.rawValue).joined(separator: ", "))
      }
      options.kinds[String(entry[..<separator])] = kind
    }
    return options
  }
}

extension DateOrder: ExpressibleByArgument {}

/// A length of time on the command line: "90", "90s", "5m", "2h".
struct TimeSpan: ExpressibleByArgument {
  /// The length.
  let seconds: Double

  init(seconds: Double) { self.seconds = seconds }

  init?(argument: String) {
    let factors: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    let factor = argument.last.flatMap { factors[$0] }
    let digits = factor == nil ? argument : String(argument.dropLast())
    guard let number = Double(digits), number > 0, number.isFinite else { return nil }
    seconds = number * (factor ?? 1)
  }

  var defaultValueDescription: String {
    seconds >= 60 && seconds.truncatingRemainder(dividingBy: 60) == 0 ? "\(Int(seconds / 60))m" : "\(Int(seconds))s"
  }
}

/// An amount of memory on the command line: "8GB", "500MB", "1.5G", "2GiB", "4096" (bytes).
struct ByteSize: ExpressibleByArgument {
  /// The amount.
  let bytes: Int

  init?(argument: String) {
    let digits = argument.prefix { $0.isNumber || $0 == "." }
    let factors: [String: Double] = [
      "": 1, "b": 1, "k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9, "t": 1e12, "tb": 1e12,
      "kib": 0x1p10, "mib": 0x1p20, "gib": 0x1p30, "tib": 0x1p40,
    ]
    let unit = argument.dropFirst(digits.count).trimmingCharacters(in: .whitespaces).lowercased()
    guard let number = Double(digits), let factor = factors[unit], number * factor >= 1, number * factor < 1e18 else {
      return nil
    }
    bytes = Int(number * factor)
  }
}
