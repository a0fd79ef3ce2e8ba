import Basics

/// How a text file separates its fields.
struct Dialect: Sendable, Hashable {
  /// The byte between fields; for `isWhitespace` any run of spaces and tabs.
  var delimiter: UInt8
  /// Whether fields are separated by any run of spaces and tabs.
  var isWhitespace = false
  /// The byte around fields that hold delimiters or line breaks; a doubled one inside stands for itself.
  var quote: UInt8? = UInt8(ascii: "\"")
  /// Whether a backslash makes the next byte part of a quoted field.
  var hasBackslashEscapes = false
  /// Whether the first row names the columns.
  var hasHeader = false
}

/// Where a field lies in a piece of text.
struct FieldSpan {
  /// The first byte of the field, after its opening quote.
  var start: UInt32
  private var lengthAndEscaped: UInt32

  @inline(__always)
  init(start: Int, end: Int, isEscaped: Bool = false) {
    self.start = UInt32(truncatingIfNeeded: start)
    lengthAndEscaped = UInt32(truncatingIfNeeded: end - start) | (isEscaped ? 1 << 31 : 0)
  }

  /// The bytes of the field without its quotes.
  @inline(__always)
  var length: Int { Int(lengthAndEscaped & ~(1 << 31)) }

  /// Whether the field holds doubled quotes or backslashes that must be undone.
  @inline(__always)
  var isEscaped: Bool { lengthAndEscaped >> 31 != 0 }
}

/// Walks through the rows of a text and finds the fields of each. Spaces around fields are left out.
struct FieldScanner {
  /// What makes a row unreadable.
  enum Problem: Sendable {
    case openQuote
    case textAfterQuote
  }

  /// The most bytes that spans can address.
  static let textLimit = Int(UInt32.max >> 1)

  let text: Bytes
  let dialect: Dialect
  /// The start of the next row.
  private(set) var position = 0
  /// What stopped the scan, and where.
  private(set) var problem: (kind: Problem, offset: Int)?

  init(_ text: Bytes, _ dialect: Dialect) {
    precondition(text.count <= FieldScanner.textLimit, "FieldScanner: the text is longer than 2 GiB")
    self.text = text
    self.dialect = dialect
  }

  var isAtEnd: Bool { position >= text.count || problem != nil }

  /// Finds the fields of the next row, storing at most `limit` of them.
  ///
  /// - Returns: the number of fields; 0 for a row of nothing but spaces.
  @inline(__always)
  mutating func nextRow(into spans: UnsafeMutablePointer<FieldSpan>, limit: Int) -> Int {
    guard let base = text.baseAddress else { return 0 }
    let count = text.count
    let delimiter = dialect.delimiter
    let tabIsSpace = delimiter != .tab
    let isWhitespace = dialect.isWhitespace
    let quote = dialect.quote ?? .newline
    var fields = 0
    var i = position
    while true {
      while i < count, base[i] == .space || (base[i] == .tab && tabIsSpace) { i += 1 }
      if i < count, base[i] == quote, quote != .newline {
        guard let span = quotedField(at: i) else { return fields }
        if fields < limit { spans[fields] = span.field }
        fields += 1
        let afterQuote = span.next
        i = afterQuote
        while i < count, base[i] == .space || (base[i] == .tab && tabIsSpace) || isLineEndReturn(i) { i += 1 }
        if i >= count { break }
        if base[i] == .newline {
          i += 1
          break
        }
        if base[i] == delimiter {
          i += 1
        } else if !isWhitespace || i == afterQuote {
          problem = (.textAfterQuote, i)
          return fields
        }
      } else {
        let start = i
        i = text.firstIndex(of: delimiter, or: .newline, from: i)
        if isWhitespace, let tab = Bytes(rebasing: text[start..<i]).firstIndex(of: .tab, from: 0) { i = start + tab }
        var end = i
        while end > start,
          base[end - 1] == .space || base[end - 1] == .carriageReturn
            || (base[end - 1] == .tab && tabIsSpace)
        { end -= 1 }
        let isRowEnd = i >= count || base[i] == .newline
        // In a row of one empty field there is nothing; after a run of spaces at the end neither.
        if !(isRowEnd && end == start && (fields == 0 || isWhitespace)) {
          if fields < limit { spans[fields] = FieldSpan(start: start, end: end) }
          fields += 1
        }
        i += 1
        if isRowEnd { break }
      }
    }
    position = min(i, count)
    return fields
  }

  @inline(__always)
  private func isLineEndReturn(_ i: Int) -> Bool {
    text[i] == .carriageReturn && (i + 1 >= text.count || text[i + 1] == .newline)
  }

  /// The quoted field whose opening quote is at a position; nil, with the problem set, if it is not closed.
  @inline(never)
  private mutating func quotedField(at opening: Int) -> (field: FieldSpan, next: Int)? {
    guard let close = closingQuote(of: opening) else {
      problem = (.openQuote, opening)
      return nil
    }
    return (FieldSpan(start: opening + 1, end: close.position, isEscaped: close.hasEscapes), close.position + 1)
  }

  /// The quote that closes the one at a position; nil if the text ends before.
  func closingQuote(of opening: Int) -> (position: Int, hasEscapes: Bool)? {
    guard let quote = dialect.quote else { return nil }
    var hasEscapes = false
    var i = opening + 1
    while i < text.count {
      let byte = text[i]
      if byte == quote {
        guard i + 1 < text.count, text[i + 1] == quote else { return (i, hasEscapes) }
        hasEscapes = true
        i += 2
      } else if byte == UInt8(ascii: "\\"), dialect.hasBackslashEscapes {
        hasEscapes = true
        i += 2
      } else {
        i += 1
      }
    }
    return nil
  }
}

extension Dialect {
  /// Undoes the escapes of a field.
  func unescaped(_ field: Bytes) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(field.count)
    var i = 0
    while i < field.count {
      if i + 1 < field.count,
        (field[i] == quote && field[i + 1] == quote) || (hasBackslashEscapes && field[i] == UInt8(ascii: "\\"))
      {
        i += 1
      }
      result.append(field[i])
      i += 1
    }
    return result
  }

  /// Positions just after line breaks that end rows, about `stride` bytes apart, the last one as late as there is one.
  ///
  /// The text must begin at the start of a row. Empty if it holds no complete row.
  func rowBoundaries(in text: Bytes, stride: Int) -> [Int] {
    var boundaries: [Int] = []
    var last = 0
    var position = 0
    let scanner = FieldScanner(text, self)
    while position < text.count {
      let opening = openingQuote(in: text, from: position)
      let end = opening ?? text.count
      while let newline = text.firstIndex(of: .newline, from: max(position, (boundaries.last ?? 0) + stride - 1)),
        newline < end
      {
        boundaries.append(newline + 1)
      }
      if let newline = text.lastIndex(of: .newline, in: position..<end) { last = newline + 1 }
      guard let opening, let close = scanner.closingQuote(of: opening) else { break }
      position = close.position + 1
    }
    if last > boundaries.last ?? 0 { boundaries.append(last) }
    return boundaries
  }

  /// The first quote that opens a field: one with nothing but spaces between it and a delimiter or a line break.
  private func openingQuote(in text: Bytes, from start: Int) -> Int? {
    guard let quote else { return nil }
    var candidate = text.firstIndex(of: quote, from: start)
    while let position = candidate {
      var before = position - 1
      while before >= 0, text[before] == .space || (text[before] == .tab && delimiter != .tab) { before -= 1 }
      let followsSpace = isWhitespace && before < position - 1
      if before < 0 || text[before] == delimiter || text[before] == .newline || followsSpace { return position }
      candidate = text.firstIndex(of: quote, from: position + 1)
    }
    return nil
  }
}
