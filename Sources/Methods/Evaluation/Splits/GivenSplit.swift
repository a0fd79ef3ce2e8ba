import Basics
import Tables

extension Split {
  /// The split that a column of the table gives: words ("train", "valid", "test" and common variants) make a holdout;
  /// a boolean or the numbers 0 and 1 mark the test by true or 1; other numbers make one fold each.
  ///
  /// Where only "train" and "valid" occur, "valid" is the test.
  ///
  /// - Throws: `data` for a missing value, an unknown word, or a side without rows.
  public static func given(by column: Column) throws -> Split {
    let place = "column \"\(column.name)\""
    if let row = (0..<column.count).first(where: { column.isMissing($0) }) {
      throw AssayError(.data, "row \(row + 1) does not say on which side it is", at: place, remedy: "fill it in")
    }
    switch column.values {
    case .text(let v): return try words((0..<v.count).map { v[$0] ?? "" }, column.name)
    case .category(let v): return try words(v.codes.map { v.levels[Int($0)] }, column.name)
    case .boolean(let v): return try sides(v.map { $0 == 1 ? .test : .training }, column.name)
    case .integer, .float, .single: return try numbered(column.numbers(), column.name)
    case .dateTime:
      throw AssayError(.schema, "a date-time cannot name the sides of a split", at: place, remedy: "use --time for it")
    }
  }

  private enum Side { case training, validation, test }

  private static func words(_ texts: [String], _ name: String) throws -> Split {
    if texts.allSatisfy({ Double($0) != nil }) { return try numbered(texts.compactMap { Double($0) }, name) }
    return try sides(
      texts.enumerated().map { row, text in
        switch text.lowercased().filter({ !$0.isWhitespace }) {
        case "train", "training", "learn", "fit", "tr": return .training
        case "valid", "validation", "val", "dev", "development", "tune": return .validation
        case "test", "testing", "holdout", "hold-out", "eval", "evaluation", "te": return .test
        default:
          throw AssayError(
            .data, "row \(row + 1) says \"\(text)\"", at: "column \"\(name)\"",
            remedy: "write train, valid or test, or a fold number")
        }
      }, name)
  }

  private static func sides(_ sides: [Side], _ name: String) throws -> Split {
    let training = sides.indices.filter { sides[$0] == .training }
    var validation = sides.indices.filter { sides[$0] == .validation }
    var test = sides.indices.filter { sides[$0] == .test }
    if test.isEmpty { swap(&test, &validation) }
    guard !training.isEmpty, !test.isEmpty else {
      throw AssayError(
        .data, "no row is marked as \(training.isEmpty ? "train" : "test")", at: "column \"\(name)\"",
        remedy: "mark rows of both sides")
    }
    return Split(
      folds: [Fold(training: training, test: test)], validation: validation,
      description: "given by column \"\(name)\", \(percent(Double(test.count) / Double(sides.count))) of the rows are "
        + "the test")
  }

  private static func numbered(_ numbers: [Double], _ name: String) throws -> Split {
    let distinct = Set(numbers).sorted()
    guard (2...max(2, min(100, numbers.count))).contains(distinct.count) else {
      throw AssayError(
        .data, "it has \(distinct.count) distinct number\(distinct.count == 1 ? "" : "s"), not 2 to 100 folds",
        at: "column \"\(name)\"", remedy: "write train and test, or a fold number from a small set")
    }
    if distinct == [0, 1] { return try sides(numbers.map { $0 == 1 ? .test : .training }, name) }
    let position = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
    return Split(
      folds: folds(distinct.count, of: numbers.compactMap { position[$0] }),
      description: "\(distinct.count) folds given by column \"\(name)\"")
  }
}
