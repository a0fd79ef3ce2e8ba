import ArgumentParser
import Basics
import Experiments
import Foundation
import Reports
import Tables

/// `assay profile`
struct Profile: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a table holds: types, missing values, distributions, repeats, drift.",
    discussion: """
      Examples:
        assay profile customers.csv
        assay profile "logs/2026-*.parquet" --time opened_at --html profile.html
        assay profile orders.sqlite --json
      """)

  @Argument(help: "CSV, TSV, Parquet, JSON lines or SQLite file (.gz and .zst too), a glob, or \"sql:SELECT ...\".")
  var data: String

  @Option(help: "The column with the time of each row; drift between first and last part is then measured.")
  var time: String?

  @Option(help: "An HTML file to write.")
  var html: String?

  @Flag(help: "Print the profile as JSON, and nothing else on standard output.")
  var json = false

  @Option(help: "The threads to use; all processors if not given.")
  var threads: Int?

  @OptionGroup var reading: ReadingOptions

  /// Whether the file is read in pieces: beyond a gigabyte, or where no file's size can be asked (globs, queries).
  private var isLarge: Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: data)
    return (attributes?[.size] as? Int).map { $0 > 1 << 30 } ?? true
  }

  func run() throws {
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let options = try reading.readOptions()
    let profile =
      time == nil && isLarge
      ? try TableReader.profile(data, options: options, threads: threads)
      : try TableReader.read(data, options: options, threads: threads).profile(time: time, threads: threads)
    for column in profile.columns {
      guard let note = column.note, note.contains(DateReading.ambiguity) else { continue }
      standardError(
        "warning: column \"\(column.name)\": \(note); say how with --dates day-first or --dates month-first, or give dates "
          + "such as 2025-12-31")
    }
    if let html { try ProfilePage.write(profile, data: data, version: programVersion, to: html) }
    if json {
      standardOutput(String(decoding: try CanonicalJSON.encode(profile), as: UTF8.self))
    } else {
      let terminal = TerminalSettings.output
      standardOutput(
        ProfilePage.text(profile, data: data, width: terminal.textWidth, usesColors: terminal.usesColors), end: "")
    }
  }
}
