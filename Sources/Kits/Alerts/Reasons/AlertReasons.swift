import Experiments
import Foundation
import Projects
import Tables

/// Why an event looks like a target, in words that a reviewer uses.
struct AlertReasons {
  let contributions: ColumnContributions
  let table: Table
  let words: HistoryWords
  /// Where the numbers of each column usually lie; empty where that is not known.
  var usual: [String: UsualRange] = [:]

  /// The reasons of some rows of a table, and empty texts for all others: contributions take far longer than scores.
  static func sentences(
    _ table: Table, rows: [Int], _ bundle: ModelBundle, _ words: HistoryWords, threads: Int
  ) throws -> [String] {
    var sentences = Array(repeating: "", count: table.rowCount)
    // By pieces, because contributions of all rows and columns at once can be larger than the table.
    for start in stride(from: 0, to: rows.count, by: 50_000) {
      let piece = rows[start..<min(start + 50_000, rows.count)]
      let told = table.selecting(rows: Array(piece))
      let reasons = AlertReasons(
        contributions: try bundle.contributions(told, threads: threads), table: told, words: words,
        usual: bundle.usual ?? [:])
      for (place, row) in piece.enumerated() { sentences[row] = reasons.sentence(place) }
    }
    return sentences
  }

  /// The strongest reasons for a target, at most three; empty where no part of the model can say.
  func sentence(_ row: Int) -> String {
    guard contributions.explainedShare > 0 else { return "" }
    let strongest = contributions.row(row).filter { $0.amount > 0 }
      .sorted { ($1.amount, $0.column) < ($0.amount, $1.column) }
    var told: [String] = []
    for reason in strongest where told.count < 3 {
      let words = self.words.phrase(reason.column, table, row)
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
}
