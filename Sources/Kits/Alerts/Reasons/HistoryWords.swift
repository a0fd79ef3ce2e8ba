import Foundation
import Projects
import Tables

/// What features of histories say, in words: "payments by this card in 1d: 7".
public struct HistoryWords: Sendable {
  private let nouns: AlertNouns
  private let amount: String

  /// Words with some nouns.
  ///
  /// - Parameter amount: The column of amounts, which features are named after.
  public init(_ nouns: AlertNouns, amount: String) {
    self.nouns = nouns
    self.amount = amount
  }

  /// A feature of a row with its value, in words; the name and the value of a column that is no feature of histories.
  public func phrase(_ column: String, _ table: Table, _ row: Int) -> String {
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
    case "count": return "\(nouns.events) by this \(who) \(period(last)): \(number)"
    case "velocity": return "\(nouns.events) by this \(who) come \(number) times as fast as usual"
    case "repeats": return "this \(amount) by this \(who) \(period(last)): \(number) times"
    case "label": return label(who, parts, value)
    case "sinceLast": return "this \(who) was last seen \(duration(value)) ago"
    case "sinceFirst": return "this \(who) was first seen \(duration(value)) ago"
    case "gapRatio": return "the pause of this \(who) is \(number) times its usual one"
    case "hour":
      return "the hour is \(last == "distance" ? "\(number) hours off" : "compared with") this \(who)'s usual one"
    case "partners": return "\(parts[2])s of this \(who) \(period(last)): \(number)"
    case "newShare": return "new \(parts[2])s of this \(who) \(period(last)): \(Words.percent(value))"
    case amount: return amounts(who, parts, value)
    default: return "\(plain(column)) is \(number)"
    }
  }

  private func amounts(_ who: String, _ parts: [String], _ value: Double) -> String {
    guard parts.count == 4 else { return "\(plain(parts.joined(separator: "."))) is \(Words.number(value))" }
    let when = period(parts[3])
    switch parts[2] {
    case "sum": return "\(nouns.moved) by this \(who) \(when): \(Words.number(value))"
    case "mean": return "mean \(amount) by this \(who) \(when): \(Words.number(value))"
    case "maximum": return "largest \(amount) by this \(who) \(when): \(Words.number(value))"
    case "deviation": return "spread of \(amount)s by this \(who) \(when): \(Words.number(value))"
    case "ratio": return "the \(amount) is \(Words.number(value)) times the mean of this \(who) \(when)"
    default: return "the \(amount) is \(Words.number(value)) deviations from the mean of this \(who) \(when)"
    }
  }

  private func label(_ who: String, _ parts: [String], _ value: Double) -> String {
    let last = parts[parts.count - 1]
    switch parts[2] {
    case "known": return "outcomes known of this \(who) \(period(last)): \(Words.number(value))"
    case "positives": return "\(nouns.targets) known of this \(who) \(period(last)): \(Words.number(value))"
    case "share": return "share of \(nouns.targets) known of this \(who) \(period(last)): \(Words.percent(value))"
    case "sincePositive": return "the last \(nouns.target) known of this \(who) was \(duration(value)) ago"
    default: return "the latest outcomes known of this \(who) that are \(nouns.targets): \(Words.number(value))"
    }
  }

  private func pair(_ parts: [String], _ value: Double) -> String {
    let sides = parts[0].split(separator: "*")
    let both = "this \(sides.first ?? "") and this \(sides.last ?? "")"
    switch parts[1] {
    case "isNew": return value == 1 ? "\(both) meet for the first time" : "\(both) have met before"
    case "sinceLast": return "\(both) last met \(duration(value)) ago"
    default: return "\(nouns.events) of \(both) \(period(parts[parts.count - 1])): \(Words.number(value))"
    }
  }

  private func graph(_ what: String, _ value: Double) -> String {
    let shared = nouns.sharers
    if what.hasPrefix("neighbourShare") || what == "share" {
      return "share of \(nouns.targets) among \(shared): \(Words.percent(value))"
    }
    if what == "positives" { return "\(nouns.targets) known among \(shared): \(Words.number(value))" }
    return "number of \(shared): \(Words.number(value))"
  }

  private func period(_ window: String) -> String { window == "all" ? "so far" : "in \(window)" }

  private func plain(_ column: String) -> String { column.replacing(".", with: " ") }

  private func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<120: "\(Words.number(seconds)) s"
    case ..<7_200: "\(Words.number(seconds / 60)) min"
    case ..<172_800: "\(Words.number(seconds / 3_600)) h"
    default: "\(Words.number(seconds / 86_400)) days"
    }
  }
}
