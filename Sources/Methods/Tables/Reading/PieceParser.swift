import Basics

/// What was found in one piece of a text file.
struct PieceResult: Sendable {
  /// What stops the reading, at an offset in the piece.
  enum Problem: Sendable {
    case fields(found: Int)
    case openQuote
    case textAfterQuote
    case notUTF8
    case zeroByte
    case value(column: Int, text: String)
  }

  var rowCount = 0
  /// One entry per column; `failed` where the task does not fit.
  var values: [FieldValues] = []
  /// The line breaks in the piece.
  var lineCount = 0
  /// The rows at the end that are blank lines; only in files of one column, where a blank line is a missing value.
  var trailingBlankRows = 0
  /// Whether there are characters of more than one byte before the problem.
  var hasMultibyte = false
  var problem: Place?

  /// A problem, its line break count from the start of the piece, and the column where it is known.
  struct Place: Sendable {
    var kind: Problem
    var line: Int
    var column: Int?
  }
}

/// Parses pieces of a text file, each on its own.
struct PieceParser: Sendable {
  let dialect: Dialect
  let missing: MissingMarkers
  let categoryLimit: Int
  /// The tasks by column.
  var tasks: [FieldTask]
  /// For each column, whether a value that does not fit stops the reading.
  let isStrict: [Bool]

  /// The rows of a piece that begins at the start of a row.
  ///
  /// - Parameter skipsHeader: whether the first row with fields is left out.
  func parse(_ text: Bytes, skipsHeader: Bool) -> PieceResult {
    var result = PieceResult()
    result.lineCount = text.count(of: .newline, before: text.count)
    func stop(_ kind: PieceResult.Problem, at offset: Int) -> PieceResult {
      result.problem = .init(
        kind: kind, line: text.count(of: .newline, before: offset), column: column(at: offset, in: text))
      return result
    }
    if let zero = text.firstIndex(of: 0, from: 0) { return stop(.zeroByte, at: zero) }
    let check = UTF8Check(text)
    result.hasMultibyte = check.hasMultibyte
    if let offset = check.firstInvalid { return stop(.notUTF8, at: offset) }

    let width = tasks.count
    // Every field takes a byte, the delimiter behind it if no other. One more than a row tells that it is too long.
    let capacity = min((result.lineCount + 1) * width + 1, text.count + 2 * (width + 1))
    let spans = UnsafeMutablePointer<FieldSpan>.allocate(capacity: capacity)
    defer { spans.deallocate() }
    var scanner = FieldScanner(text, dialect)
    if skipsHeader { while !scanner.isAtEnd, scanner.nextRow(into: spans, limit: 0) == 0 {} }
    var rows = 0
    var blank = 0
    while !scanner.isAtEnd {
      let start = scanner.position
      let row = spans + rows * width
      let found = scanner.nextRow(into: row, limit: width + 1)
      if let problem = scanner.problem {
        return stop(problem.kind == .openQuote ? .openQuote : .textAfterQuote, at: problem.offset)
      }
      if found == width || (found == width + 1 && row[width].length == 0) {
        rows += 1
        blank = 0
      } else if found == 0, width == 1 {
        row[0] = FieldSpan(start: start, end: start)
        rows += 1
        blank += 1
      } else if found != 0 {
        return stop(.fields(found: found), at: start)
      }
    }
    result.rowCount = rows
    result.trailingBlankRows = blank
    for column in 0..<width {
      let fields = FieldColumn(
        text: text, spans: spans + column, stride: width, rowCount: rows, dialect: dialect, missing: missing)
      let values =
        rows == 0 ? .skipped : fields.values(tasks[column], categoryLimit: isStrict[column] ? .max : categoryLimit)
      if case .failed(let row) = values, isStrict[column] {
        return stop(
          .value(column: column, text: fields.field(row).excerpt), at: Int(spans[row * width + column].start))
      }
      result.values.append(values)
    }
    return result
  }

  /// The column of a byte, found by walking through the rows again; nil beyond the last column.
  private func column(at offset: Int, in text: Bytes) -> Int? {
    var scanner = FieldScanner(text, dialect)
    return withUnsafeTemporaryAllocation(of: FieldSpan.self, capacity: tasks.count) { spans in
      guard let fields = spans.baseAddress else { return nil }
      while !scanner.isAtEnd {
        let found = scanner.nextRow(into: fields, limit: tasks.count)
        guard scanner.problem != nil || scanner.position > offset else { continue }
        let before = (0..<min(found, tasks.count)).last { Int(fields[$0].start) <= offset }
        // An unclosed quote is one field further than the last field that was finished.
        if scanner.problem?.kind == .openQuote { return found < tasks.count ? found : nil }
        return before
      }
      return nil
    }
  }
}
