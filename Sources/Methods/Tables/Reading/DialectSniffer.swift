import Basics

/// Finds out how a text file is written from its beginning.
struct DialectSniffer {
  /// What was found.
  struct Finding: Sendable {
    var dialect: Dialect
    var encoding: TextEncoding
    var markLength: Int
    var usesReturns: Bool
    /// The names of the columns.
    var names: [String]
    /// How each column is probably read.
    var tasks: [FieldTask]
    /// The bytes of an average row.
    var rowLength: Double
  }

  private static let headLength = 1 << 18
  private static let sampleRows = 2_000

  private let path: String
  private let options: ReadOptions
  private let missing: MissingMarkers

  /// Looks at a file.
  static func sniff(path: String, options: ReadOptions, encoding: TextEncoding?) throws -> Finding {
    try DialectSniffer(path: path, options: options, missing: MissingMarkers(options.missingMarkers))
      .sniff(encoding: encoding)
  }

  /// The first bytes of a file.
  static func head(of path: String) throws -> [UInt8] {
    let source = try ByteSource(path: path)
    return try [UInt8](unsafeUninitializedCapacity: headLength) { buffer, initialized in
      initialized = try source.read(into: buffer)
    }
  }

  private func sniff(encoding: TextEncoding?) throws -> Finding {
    let raw = try DialectSniffer.head(of: path)
    let isWhole = raw.count < DialectSniffer.headLength
    let detected = raw.withUnsafeBufferPointer { TextEncoding.detect($0) }
    let encoding = encoding ?? options.encoding ?? detected.encoding
    let markLength = encoding == detected.encoding ? detected.markLength : 0
    var head: [UInt8] = []
    _ = raw.withUnsafeBufferPointer { encoding.decode(Bytes(rebasing: $0[markLength...]), into: &head) }
    let usesReturns = !head.contains(.newline) && head.contains(.carriageReturn)
    if usesReturns { head = head.map { $0 == .carriageReturn ? .newline : $0 } }
    if head.allSatisfy({ $0 == .newline || $0 == .space || $0 == .tab || $0 == .carriageReturn }) {
      throw AssayError(.data, "the file is empty", at: path, remedy: "name a file with a header and rows")
    }
    return try head.withUnsafeBufferPointer { head in
      var dialect = try dialect(of: head)
      let whole = isWhole ? head.count : dialect.rowBoundaries(in: head, stride: head.count).last ?? head.count
      let rows = SampleRows(Bytes(rebasing: head[..<whole]), dialect, limit: DialectSniffer.sampleRows)
      guard let first = rows.rows.first else {
        throw AssayError(.data, "the file has no rows", at: path, remedy: "name a file with a header and rows")
      }
      dialect.hasHeader = options.hasHeader ?? isHeader(rows)
      let names = try names(first, rows, hasHeader: dialect.hasHeader)
      let body = dialect.hasHeader ? rows.rows.dropFirst() : rows.rows[...]
      let tasks = names.indices.map { column in
        task(name: names[column], fields: present(body, column, rows))
      }
      let perRow = Double(rows.consumed) / Double(max(1, rows.rows.count))
      return Finding(
        dialect: dialect, encoding: encoding, markLength: markLength, usesReturns: usesReturns, names: names,
        tasks: tasks, rowLength: perRow)
    }
  }

  // MARK: Delimiter

  private func dialect(of head: Bytes) throws -> Dialect {
    var quote: UInt8? = UInt8(ascii: "\"")
    if let text = options.quote {
      guard text.utf8.count <= 1 else {
        throw AssayError(
          .configuration, "the quote \"\(text)\" is longer than one byte", at: path, remedy: "give one character")
      }
      quote = text.utf8.first
    }
    if let text = options.delimiter {
      guard text.utf8.count == 1, let byte = text.utf8.first, byte != .newline else {
        throw AssayError(
          .configuration, "the delimiter \"\(text)\" is not one byte", at: path, remedy: "give one character")
      }
      return withEscapes(Dialect(delimiter: byte, isWhitespace: byte == .space, quote: quote), head)
    }
    let candidates = [UInt8.tab, UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: ",")].map {
      withEscapes(Dialect(delimiter: $0, quote: quote), head)
    }
    let rated = candidates.map { ($0, consistency(of: $0, head)) }.filter { $0.1.fields > 1 }
    if let sure = rated.first(where: { $0.1.share == 1 }) { return sure.0 }
    let white = withEscapes(Dialect(delimiter: .space, isWhitespace: true, quote: quote), head)
    let whiteRating = consistency(of: white, head)
    let best = rated.max { $0.1.share < $1.1.share }
    if whiteRating.fields > 1, whiteRating.share == 1, (best?.1.share ?? 0) < 0.9 { return white }
    if let best, best.1.share > 0.5 { return best.0 }
    return withEscapes(Dialect(delimiter: UInt8(ascii: ","), quote: quote), head)
  }

  /// The most frequent number of fields, and the share of rows that have it.
  private func consistency(of dialect: Dialect, _ head: Bytes) -> (fields: Int, share: Double) {
    let rows = SampleRows(head, dialect, limit: 500)
    // The last row may be cut.
    let complete =
      rows.rows.count > 1 && rows.consumed == head.count && head.last != .newline
      ? rows.rows.dropLast() : rows.rows[...]
    var counts: [Int: Int] = [:]
    for row in complete { counts[row.count, default: 0] += 1 }
    guard let top = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { return (0, 0) }
    let share = Double(top.value) / Double(complete.count + (rows.isBroken ? 1 : 0))
    return (top.key, share)
  }

  /// The dialect with backslash escapes where only they make sense of the quotes.
  private func withEscapes(_ dialect: Dialect, _ head: Bytes) -> Dialect {
    guard let quote = dialect.quote else { return dialect }
    let hasBackslash = (1..<max(1, head.count)).contains { head[$0] == quote && head[$0 - 1] == UInt8(ascii: "\\") }
    guard hasBackslash, SampleRows(head, dialect, limit: DialectSniffer.sampleRows).isBroken else { return dialect }
    var escaped = dialect
    escaped.hasBackslashEscapes = true
    return SampleRows(head, escaped, limit: DialectSniffer.sampleRows).isBroken ? dialect : escaped
  }

  // MARK: Header and kinds

  /// The fields of a column that hold a value.
  private func present(_ body: ArraySlice<[FieldSpan]>, _ column: Int, _ rows: SampleRows) -> [Bytes] {
    body.compactMap { row in
      guard column < row.count else { return nil }
      let field = rows.field(row[column])
      return missing.contains(field) ? nil : field
    }
  }

  private func task(name: String, fields: [Bytes]) -> FieldTask {
    var found = KindInference.task(fields)
    if case .dateTime(let format) = found, let wanted = options.dateOrder(of: name), format.dateOrder == wanted.other,
      KindInference.task(fields, among: [.dateTime(format.exchanged)]) != nil
    {
      found = .dateTime(format.exchanged)
    }
    switch options.kinds[name] {
    case nil: return fields.isEmpty ? .integer : found ?? .coded
    case .text: return .text
    case .category: return .coded
    case .boolean: return .boolean
    case .integer: return .integer
    case .float:
      if case .number = found { return .number(numberStyle(found)) }
      return .float
    case .dateTime:
      if case .dateTime(let format) = found { return .dateTime(format) }
      return .dateTime(.iso)
    }
  }

  private func numberStyle(_ task: FieldTask?) -> NumberStyle {
    if case .number(let style) = task { return style }
    return NumberStyle.all[0]
  }

  /// Whether the first row looks like names: it does not fit the kinds of the rows below, or, where these are all
  /// texts, it holds texts that do not come again.
  private func isHeader(_ rows: SampleRows) -> Bool {
    let first = rows.rows[0].map { rows.field($0) }
    let body = rows.rows.dropFirst()
    var known = 0
    var unfit = 0
    var reappearing = 0
    for column in first.indices where !missing.contains(first[column]) {
      let values = present(body, column, rows)
      if let task = KindInference.task(values) {
        known += 1
        if !KindInference.fits(first[column], task == .integer ? .float : task) { unfit += 1 }
      } else if values.contains(where: { $0.elementsEqual(first[column]) }) {
        reappearing += 1
      }
    }
    if known > 0 { return 2 * unfit > known }
    let named = first.filter { !missing.contains($0) }
    let areTexts = named.allSatisfy { [nil, .boolean].contains(KindInference.task([$0])) }
    return !named.isEmpty && areTexts && reappearing == 0
  }

  private func names(_ first: [FieldSpan], _ rows: SampleRows, hasHeader: Bool) throws -> [String] {
    guard hasHeader else { return first.indices.map { "c\($0 + 1)" } }
    var positions: [String: Int] = [:]
    return try first.enumerated().map { position, span in
      let bytes = rows.field(span)
      let text = String(decoding: span.isEscaped ? rows.dialect.unescaped(bytes) : Array(bytes), as: UTF8.self)
      let name = text.isEmpty ? "c\(position + 1)" : text
      if let earlier = positions.updateValue(position, forKey: name) {
        throw AssayError(
          .schema, "columns \(earlier + 1) and \(position + 1) are both named \"\(name)\"", at: "\(path), line 1",
          remedy: "rename one of them, or read the file without header")
      }
      return name
    }
  }
}

/// The fields of the first rows of a text.
struct SampleRows {
  let text: Bytes
  let dialect: Dialect
  private(set) var rows: [[FieldSpan]] = []
  /// The bytes up to the end of the last row.
  private(set) var consumed = 0
  /// Whether a quote is not closed or followed by text.
  private(set) var isBroken = false

  init(_ text: Bytes, _ dialect: Dialect, limit: Int) {
    self.text = text
    self.dialect = dialect
    var scanner = FieldScanner(text, dialect)
    var capacity = 64
    var buffer = UnsafeMutablePointer<FieldSpan>.allocate(capacity: capacity)
    defer { buffer.deallocate() }
    while !scanner.isAtEnd, rows.count < limit {
      var row = scanner
      var count = row.nextRow(into: buffer, limit: capacity)
      if count > capacity {
        buffer.deallocate()
        capacity = count
        buffer = .allocate(capacity: capacity)
        row = scanner
        count = row.nextRow(into: buffer, limit: capacity)
      }
      scanner = row
      if scanner.problem != nil { break }
      if count > 0 { rows.append(Array(UnsafeBufferPointer(start: buffer, count: count))) }
    }
    consumed = scanner.position
    // A quote may be open only because the text is cut.
    if let problem = scanner.problem, problem.kind == .textAfterQuote || rows.isEmpty { isBroken = true }
  }

  /// The bytes of a field, escapes not undone.
  func field(_ span: FieldSpan) -> Bytes {
    Bytes(start: text.baseAddress! + Int(span.start), count: span.length)
  }
}
