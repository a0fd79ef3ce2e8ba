import Experiments
import Foundation
import Projects
import Tables

/// Why a payment looks like a fraud, in words that a reviewer uses.
struct FraudReasons {
  let contributions: ColumnContributions
  let table: Table
  /// Where the numbers of each column usually lie; empty where that is not known.
  var usual: [String: UsualRange] = [:]

  /// The reasons of some rows of a table, and empty texts for all others: contributions take far longer than scores.
  static func sentences(_ table: Table, rows: [Int], _ bundle: ModelBundle, threads: Int) throws -> [String] {
    var sentences = Array(repeating: "", count: table.rowCount)
    // By pieces, because contributions of all rows and columns at once can be larger than the table.
    for start in stride(from: 0, to: rows.count, by: 50_000) {
      let piece = rows[start..<min(start + 50_000, rows.count)]
      let told = table.selecting(rows: Array(piece))
      let reasons = FraudReasons(
        contributions: try bundle.contributions(told, threads: threads), table: told, usual: bundle.usual ?? [:])
      for (place, row) in piece.enumerated() { sentences[row] = reasons.sentence(place) }
    }
    return sentences
  }

  /// The strongest reasons for a fraud, at most three; empty where no part of the model can say.
  func sentence(_ row: Int) -> String {
    guard contributions.explainedShare > 0 else { return "" }
    let strongest = contributions.row(row).filter { $0.amount > 0 }
      .sorted { ($1.amount, $0.column) < ($0.amount, $1.column) }
    var told: [String] = []
    for reason in strongest where told.count < 3 {
      let words = Self.phrase(reason.column, table, row)
      // Two windows of one thing are one reason.
      let subject = words.prefix { !$0.isNumber }
      if told.contains(where: { $0.hasPrefix(subject) && subject.count > 8 }) { continue }
      told.append(words + comparison(reason.column, row))
    }
    return told.joined(separator: "; ")
  }

  /// What is usual for a number that stands in the words as it is; moments, shares and lengths of time are told in
  /// other units than the column has.
  private func comparison(_ column: String, _ row: Int) -> String {
    let parts = column.split(separator: ".").map(String.init)
    let converted = ["sinceLast", "sinceFirst", "sincePositive", "share", "newShare", "isNew"]
    guard parts.first != "clock", !parts.contains(where: { converted.contains($0) }), let range = usual[column],
      let value = table[column]?.selecting(rows: [row]).numbers().first, value.isFinite
    else { return "" }
    return " (\(range.words(for: value)))"
  }

  /// A feature with its value, in words.
  static func phrase(_ column: String, _ table: Table, _ row: Int) -> String {
    guard let values = table[column] else { return column }
    if values.isMissing(row) { return "\(plain(column)) is not known" }
    let text = values.text(at: row) ?? ""
    guard let value = Double(text) else { return "\(plain(column)) is \(text)" }
    let parts = column.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let number = Words.number(value)
    if column.hasPrefix("graph(") { return graph(parts.dropFirst().joined(separator: "."), value) }
    if parts[0].contains("*") { return pair(parts, value) }
    if parts[0] == "clock" {
      return parts.last == "hour" ? "at \(number) o'clock" : value == 1 ? "by \(parts[1])" : "not by \(parts[1])"
    }
    guard parts.count > 1 else { return "\(column) is \(number)" }
    let (who, last) = (parts[0], parts[parts.count - 1])
    switch parts[1] {
    case "count": return "payments by this \(who) \(period(last)): \(number)"
    case "velocity": return "payments by this \(who) come \(number) times as fast as usual"
    case "repeats": return "this amount by this \(who) \(period(last)): \(number) times"
    case "label": return label(who, parts, value)
    case "sinceLast": return "this \(who) was last seen \(duration(value)) ago"
    case "sinceFirst": return "this \(who) was first seen \(duration(value)) ago"
    case "gapRatio": return "the pause of this \(who) is \(number) times its usual one"
    case "hour":
      return "the hour is \(last == "distance" ? "\(number) hours off" : "compared with") this \(who)'s usual one"
    case "partners": return "\(parts[2])s of this \(who) \(period(last)): \(number)"
    case "newShare": return "new \(parts[2])s of this \(who) \(period(last)): \(Words.percent(value))"
    case "amount": return amount(who, parts, value)
    default: return "\(plain(column)) is \(number)"
    }
  }

  private static func amount(_ who: String, _ parts: [String], _ value: Double) -> String {
    guard parts.count == 4 else { return "\(plain(parts.joined(separator: "."))) is \(Words.number(value))" }
    let when = period(parts[3])
    switch parts[2] {
    case "sum": return "spent by this \(who) \(when): \(Words.number(value))"
    case "mean": return "mean amount by this \(who) \(when): \(Words.number(value))"
    case "maximum": return "largest amount by this \(who) \(when): \(Words.number(value))"
    case "deviation": return "spread of amounts by this \(who) \(when): \(Words.number(value))"
    case "ratio": return "the amount is \(Words.number(value)) times the mean of this \(who) \(when)"
    default: return "the amount is \(Words.number(value)) deviations from the mean of this \(who) \(when)"
    }
  }

  private static func label(_ who: String, _ parts: [String], _ value: Double) -> String {
    let last = parts[parts.count - 1]
    switch parts[2] {
    case "known": return "outcomes known of this \(who) \(period(last)): \(Words.number(value))"
    case "positives": return "frauds known of this \(who) \(period(last)): \(Words.number(value))"
    case "share": return "share of frauds known of this \(who) \(period(last)): \(Words.percent(value))"
    case "sincePositive": return "the last fraud known of this \(who) was \(duration(value)) ago"
    default: return "the latest outcomes known of this \(who) that are frauds: \(Words.number(value))"
    }
  }

  private static func pair(_ parts: [String], _ value: Double) -> String {
    let sides = parts[0].split(separator: "*")
    let both = "this \(sides.first ?? "") and this \(sides.last ?? "")"
    switch parts[1] {
    case "isNew": return value == 1 ? "\(both) meet for the first time" : "\(both) have met before"
    case "sinceLast": return "\(both) last met \(duration(value)) ago"
    default: return "payments of \(both) \(period(parts[parts.count - 1])): \(Words.number(value))"
    }
  }

  private static func graph(_ what: String, _ value: Double) -> String {
    let shared = "those who share devices or addresses with this payer"
    if what.hasPrefix("neighbourShare") || what == "share" {
      return "share of frauds among \(shared): \(Words.percent(value))"
    }
    if what == "positives" { return "frauds known among \(shared): \(Words.number(value))" }
    return "number of \(shared): \(Words.number(value))"
  }

  private static func period(_ window: String) -> String { window == "all" ? "so far" : "in \(window)" }

  private static func plain(_ column: String) -> String { column.replacing(".", with: " ") }

  private static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<120: "\(Words.number(seconds)) s"
    case ..<7_200: "\(Words.number(seconds / 60)) min"
    case ..<172_800: "\(Words.number(seconds / 3_600)) h"
    default: "\(Words.number(seconds / 86_400)) days"
    }
  }
}
