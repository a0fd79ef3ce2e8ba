import Basics
import Evaluation
import Foundation
import Tables

/// The target of a table: the task it poses and one label per row.
public struct TargetColumn: Sendable {
  /// What is predicted.
  public let task: LearningTask
  /// One label per row: the number or the class index; not-a-number where the target is missing.
  public let labels: [Double]

  /// The rows that have a label.
  public var labelledRows: [Int] { labels.indices.filter { !labels[$0].isNaN } }

  /// Integers with at most this many distinct values are taken for classes where the task is not given.
  static let classLimit = 10

  /// Reads the target of training data.
  ///
  /// With `auto`, text, categories and booleans are classes, numbers with two distinct values are two classes, integers
  /// with at most ten distinct values are classes, and all else is regression. Classes are ordered as numbers or as
  /// texts; `positive` moves that class to the end.
  ///
  /// - Throws: `data` if the target is missing everywhere, constant, infinite, or has one row per class;
  ///   `configuration` if the asked task does not fit.
  public init(of table: Table, request: TrainingRequest, positive: String?) throws {
    let column = try table.column(request.target)
    let place = "column \"\(column.name)\""
    let texts = (0..<column.count).map { column.isMissing($0) ? nil : column.text(at: $0) }
    let counts = texts.reduce(into: [String: Int]()) { counts, text in
      if let text { counts[text, default: 0] += 1 }
    }
    if counts.isEmpty {
      throw AssayError(
        .data, column.count == 0 ? "the table has no rows" : "the target is missing in every row", at: place,
        remedy: "give data in which the outcome is known")
    }
    if counts.count == 1 {
      throw AssayError(
        .data, "the target has the same value \"\(counts.keys.first ?? "")\" in every row", at: place,
        remedy: "there is nothing to learn; choose another target with --target")
    }
    let isNumeric = column.kind == .integer || column.kind == .float
    let choice: TrainingRequest.TaskChoice
    if request.task == .auto {
      if column.kind == .dateTime {
        throw AssayError(.data, "the target is a date", at: place, remedy: "turn it into a number of days, or a class")
      }
      let isClassLike = !isNumeric || counts.count == 2 || (column.kind == .integer && counts.count <= Self.classLimit)
      choice = isClassLike ? (counts.count == 2 ? .binary : .multiclass) : .regression
    } else {
      choice = request.task
    }
    if choice == .regression {
      if !isNumeric && column.kind != .boolean {
        throw AssayError(
          .configuration, "the target holds \(column.kind.rawValue) values, regression needs numbers", at: place,
          remedy: "use --task multiclass, or another target")
      }
      labels = column.numbers()
      if let row = labels.firstIndex(where: { $0.isInfinite }) {
        throw AssayError(
          .data, "the target is infinite in row \(row + 1)", at: place, remedy: "remove or correct the row")
      }
      task = .regression
      return
    }
    let classes = Self.ordered(Array(counts.keys), positive: positive, place: place)
    if choice == .binary && classes.count != 2 {
      throw AssayError(
        .configuration, "the target has \(classes.count) distinct values, a binary task needs two", at: place,
        remedy: "use --task multiclass")
    }
    if let positive, choice == .binary, !classes.contains(positive) {
      throw AssayError(
        .configuration, "the positive class \"\(positive)\" is not in the target (\(classes.joined(separator: ", ")))",
        at: place, remedy: "spell it as in the data")
    }
    if counts.values.allSatisfy({ $0 == 1 }) {
      throw AssayError(
        .data, "each of the \(counts.count) target values appears once", at: place,
        remedy: isNumeric ? "use --task regression" : "the target looks like an identifier; choose another")
    }
    let index = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, Double($0)) })
    labels = texts.map { $0.flatMap { index[$0] } ?? .nan }
    task = .classification(classes: classes)
  }

  /// Reads the target of further data for a known task.
  ///
  /// A class spelled differently only in case, blanks or a final stop is accepted.
  ///
  /// - Throws: `data` if a label is no class of the task, naming the row.
  public init(of table: Table, target: String, task: LearningTask) throws {
    let column = try table.column(target)
    self.task = task
    guard case .classification(let classes) = task else {
      let numbers = column.numbers()
      if let row = numbers.indices.first(where: { !numbers[$0].isFinite && !column.isMissing($0) }) {
        throw AssayError(.data, "row \(row + 1) of column \"\(target)\" is not a finite number")
      }
      labels = numbers
      return
    }
    let exact = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, Double($0)) })
    let loose = Dictionary(classes.enumerated().map { (Self.loosened($1), Double($0)) }) { first, _ in first }
    var found: [Double] = []
    found.reserveCapacity(column.count)
    for row in 0..<column.count {
      guard !column.isMissing(row), let text = column.text(at: row) else {
        found.append(.nan)
        continue
      }
      guard let label = exact[text] ?? loose[Self.loosened(text)] else {
        throw AssayError(
          .data, "the value \"\(text)\" in row \(row + 1) is none of the classes \(classes.joined(separator: ", "))",
          at: "column \"\(target)\"", remedy: "remove the row, or train with that class")
      }
      found.append(label)
    }
    labels = found
  }

  private static func loosened(_ text: String) -> String {
    // A number keeps its value however it is written: 1, 1.0.
    let trimmed = text.trimmingCharacters(in: CharacterSet(charactersIn: " ."))
    if let number = Double(trimmed) { return "\(number)" }
    return trimmed.lowercased()
  }

  private static func ordered(_ classes: [String], positive: String?, place: String) -> [String] {
    let numbers = classes.map { Double($0) }
    var sorted: [String]
    if numbers.allSatisfy({ $0 != nil }) {
      sorted = classes.sorted { (Double($0) ?? 0, $0) < (Double($1) ?? 0, $1) }
    } else {
      sorted = classes.sorted()
    }
    if sorted.count == 2 {
      let words: Set<String> = ["yes", "true", "y", "t", "positive", "1"]
      let chosen = positive ?? sorted.first { words.contains($0.lowercased()) }
      if let chosen, sorted[0] == chosen { sorted.swapAt(0, 1) }
    }
    return sorted
  }
}
