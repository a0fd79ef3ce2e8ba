import Basics
import Kernels

/// Reads text files with delimited fields, piece by piece on several threads.
///
/// The values depend on neither the number of threads nor the size of the pieces.
final class DelimitedReader {
  /// The names of the columns.
  let names: [String]
  /// The columns whose values did not fit what the beginning of the file had shown: they must be read again as text.
  private(set) var misjudged: Set<Int> = []
  /// The rows collected and not yet taken.
  private(set) var rowCount = 0

  private let paths: [String]
  private let options: ReadOptions
  private let threads: Int
  private let findings: [DialectSniffer.Finding]
  private let columns: [ColumnAccumulator]

  private var takenRows = 0
  private var nextFile = 0
  private var stream: TextStream?
  private var block: TextStream.Block?
  private var skipsHeader = false
  private var linesBefore = 0
  private var hasMultibyte = false
  private var trailingBlankRows = 0

  /// A file that turned out not to be UTF-8.
  struct WrongEncoding: Error {
    let path: String
  }

  private static let blockSize = 4 << 20

  /// Looks at the beginnings of the files, which must have the same columns.
  ///
  /// - Parameters:
  ///   - encodings: the encodings that earlier attempts showed, by file.
  ///   - tasks: how to read the columns, by position, leaving out the others; nil to judge by the beginning.
  init(
    paths: [String], options: ReadOptions, threads: Int, encodings: [String: TextEncoding] = [:],
    tasks: [Int: FieldTask]? = nil
  ) throws {
    self.paths = paths
    self.options = options
    self.threads = max(1, threads)
    let findings = try paths.map { try DialectSniffer.sniff(path: $0, options: options, encoding: encodings[$0]) }
    let names = findings[0].names
    for (path, finding) in zip(paths, findings) where finding.names != names {
      let absent = names.first { !finding.names.contains($0) }
      throw AssayError(
        .schema,
        absent.map { "the column \"\($0)\" of \(paths[0]) is not there" }
          ?? "the columns are not those of \(paths[0]) in the same order",
        at: path, remedy: "read only files with the same columns together")
    }
    let expected = try DelimitedReader.expectedRows(paths, findings, limit: options.rowLimit)
    columns = names.indices.map { position in
      ColumnAccumulator(
        task: tasks.map { $0[position] ?? .skip } ?? findings[0].tasks[position],
        demanded: options.kinds[names[position]], options: options, expectedRows: expected)
    }
    self.findings = findings
    self.names = names
  }

  /// About how many rows the files hold; 0 if that cannot be told.
  private static func expectedRows(
    _ paths: [String], _ findings: [DialectSniffer.Finding], limit: Int?
  ) throws -> Int {
    var total = 0.0
    for (path, finding) in zip(paths, findings) {
      let source = try ByteSource(path: path)
      if source.isCompressed { return 0 }
      total += Double(source.fileSize) / max(1, finding.rowLength)
    }
    return min(Int(total * 1.02) + 16, limit ?? .max)
  }

  // MARK: Whole files

  /// The table in the files.
  static func read(paths: [String], options: ReadOptions, threads: Int) throws -> Table {
    var encodings: [String: TextEncoding] = [:]
    while true {
      do {
        return try read(paths: paths, options: options, threads: threads, encodings: encodings)
      } catch let wrong as WrongEncoding {
        encodings[wrong.path] = .windows1252
      }
    }
  }

  private static func read(
    paths: [String], options: ReadOptions, threads: Int, encodings: [String: TextEncoding]
  ) throws -> Table {
    let reader = try DelimitedReader(paths: paths, options: options, threads: threads, encodings: encodings)
    try reader.collect(rows: options.rowLimit ?? .max)
    let rowCount = reader.rowCount
    if rowCount == 0 {
      throw AssayError(
        .data, "the file has a header but no rows", at: paths[0],
        remedy: "if the first row is data and not a header, put a row with the names of the columns before it")
    }
    var values = reader.takeValues(infers: false)
    var tasks: [FieldTask] = reader.tasks
    if !reader.misjudged.isEmpty {
      let coded = Dictionary(uniqueKeysWithValues: reader.misjudged.map { ($0, FieldTask.coded) })
      let again = try DelimitedReader(
        paths: paths, options: options, threads: threads, encodings: encodings, tasks: coded)
      try again.collect(rows: options.rowLimit ?? .max)
      let texts = again.takeValues(infers: true)
      for column in reader.misjudged {
        values[column] = texts[column]
        tasks[column] = again.columns[column].inferred ?? .coded
      }
    }
    let columns = zip(zip(reader.names, values), tasks).map { named, task in
      var column = Column(named.0, named.1)
      column.dates = task.provisionalDates
      return column
    }
    return try Table(DateChoice.settled(columns, options, hasDecimalComma: tasks.contains(where: \.hasDecimalComma)))
  }

  /// The values of all columns that were collected; collecting goes on behind them.
  func takeValues(infers: Bool) -> [ColumnValues] {
    takenRows += rowCount
    rowCount = 0
    return columns.map { $0.finish(infers: infers) }
  }

  /// Reads until there are that many rows, or the files end. Whole blocks are read, the rest is cut off only at
  /// the limit of the options.
  func collect(rows wanted: Int) throws {
    let limit = options.rowLimit ?? .max
    while rowCount < wanted, takenRows + rowCount < limit, try readBlock() {}
    if takenRows + rowCount > limit { removeLast(takenRows + rowCount - limit) }
  }

  /// What each column is read as by now.
  var tasks: [FieldTask] { columns.map(\.task) }

  // MARK: Blocks

  /// What one of the tasks of a step produced.
  private enum Outcome: Sendable {
    case block(Result<TextStream.Block?, any Error>)
    case piece(PieceResult)
  }

  /// Parses the block at hand while the next one is read.
  ///
  /// - Returns: false at the end of the last file.
  private func readBlock() throws -> Bool {
    while block == nil {
      guard nextFile < paths.count else { return false }
      let finding = findings[nextFile]
      let stream = try TextStream(
        path: paths[nextFile], encoding: finding.encoding, markLength: finding.markLength, dialect: finding.dialect,
        usesReturns: finding.usesReturns, blockSize: DelimitedReader.blockSize)
      self.stream = stream
      block = try stream.next()
      skipsHeader = finding.dialect.hasHeader
      linesBefore = 0
      hasMultibyte = false
      nextFile += 1
    }
    guard let block, let stream else { return false }
    let finding = findings[nextFile - 1]
    let parser = PieceParser(
      dialect: finding.dialect, missing: MissingMarkers(options.missingMarkers),
      categoryLimit: options.categoryLimit, tasks: columns.map(\.task), isStrict: columns.map { $0.demanded != nil })
    let skipsHeader = skipsHeader
    // Waking other threads takes longer than parsing a little.
    let threads = block.count < 1 << 16 ? 1 : threads
    let outcomes = parallelMap(block.boundaries.count + 1, threads: threads) { index -> Outcome in
      if index == 0 { return .block(Result { try stream.next() }) }
      let start = index == 1 ? 0 : block.boundaries[index - 2]
      return .piece(
        block.bytes.withUnsafeBufferPointer { bytes in
          parser.parse(
            Bytes(rebasing: bytes[start..<block.boundaries[index - 1]]), skipsHeader: skipsHeader && index == 1)
        })
    }
    self.skipsHeader = false
    var pieces: [PieceResult] = []
    for case .piece(let piece) in outcomes { pieces.append(piece) }
    try check(pieces)
    append(pieces, threads: threads)
    if case .block(let next) = outcomes[0] { self.block = try next.get() }
    if self.block == nil, trailingBlankRows > 0 { removeLast(trailingBlankRows) }
    return true
  }

  /// Throws for the first piece with a problem; notes the columns whose values do not fit.
  private func check(_ pieces: [PieceResult]) throws {
    for piece in pieces {
      if let problem = piece.problem {
        if case .notUTF8 = problem.kind, options.encoding == nil, findings[nextFile - 1].encoding == .utf8,
          !hasMultibyte, !piece.hasMultibyte
        {
          throw WrongEncoding(path: paths[nextFile - 1])
        }
        throw error(problem)
      }
      linesBefore += piece.lineCount
      hasMultibyte = hasMultibyte || piece.hasMultibyte
      if piece.trailingBlankRows == piece.rowCount {
        trailingBlankRows += piece.rowCount
      } else {
        trailingBlankRows = piece.trailingBlankRows
      }
      for (column, values) in piece.values.enumerated() {
        if case .failed = values {
          misjudged.insert(column)
          columns[column].abandon()
        }
      }
    }
  }

  private func append(_ pieces: [PieceResult], threads: Int) {
    rowCount += pieces.reduce(0) { $0 + $1.rowCount }
    let columns = columns
    parallel(columns.count, threads: threads) { column in
      for piece in pieces where piece.rowCount > 0 { columns[column].append(piece.values[column]) }
    }
  }

  private func removeLast(_ count: Int) {
    for column in columns { column.removeLast(count) }
    rowCount -= count
    trailingBlankRows = 0
  }

  private func error(_ problem: PieceResult.Place) -> AssayError {
    let line = "\(paths[nextFile - 1]), line \(linesBefore + problem.line + 1)"
    let place = line + (problem.column.map { ", column \"\(names[$0])\"" } ?? "")
    let dialect = findings[nextFile - 1].dialect
    let delimiter = dialect.delimiter == .tab ? "tab" : "\"\(Character(Unicode.Scalar(dialect.delimiter)))\""
    switch problem.kind {
    case .fields(let found):
      return AssayError(
        .format, "the row has \(found) fields, the table has \(names.count) columns", at: line,
        remedy: "correct the row; a text that contains the delimiter, \(delimiter), must be in quotes")
    case .openQuote:
      return AssayError(
        .format, "a quote opens a text that never ends", at: place,
        remedy: "close or double the quote; if quotes have no meaning in this file, read it without them")
    case .textAfterQuote:
      return AssayError(
        .format, "text follows a closing quote", at: place,
        remedy: "double the quotes inside a quoted text; if quotes have no meaning in this file, read it without them")
    case .notUTF8:
      return AssayError(
        .format, "the text is not valid UTF-8 here", at: place,
        remedy: "correct it, or name the encoding, for example windows-1252")
    case .zeroByte:
      return AssayError(
        .format, "the text contains a zero byte", at: place, remedy: "check that this is a text file and not cut short")
    case .value(let column, let text):
      let kind = options.kinds[names[column]]?.rawValue ?? "other"
      return AssayError(
        .schema, "\"\(text)\" is not a value of kind \(kind)", at: "\(line), column \"\(names[column])\"",
        remedy: "correct the value, or read the column as text")
    }
  }
}
