/// The kind of a column's values.
public enum ColumnKind: String, Sendable, Hashable, Codable, CaseIterable {
  case integer
  case float
  case boolean
  case text
  case category
  case dateTime = "date-time"
}

/// The values of a column, contiguous in memory, with a reserved value for "missing" in each kind.
public enum ColumnValues: Sendable, Equatable {
  /// Whole numbers; missing is `Int64.min`.
  case integer([Int64])
  /// Numbers in double precision; missing is not-a-number.
  case float([Double])
  /// Numbers in single precision, half the memory of `float`; missing is not-a-number.
  case single([Float])
  /// 0 or 1; missing is -1.
  case boolean([Int8])
  /// Free text.
  case text(TextValues)
  /// One of a set of levels.
  case category(CategoryValues)
  /// Microseconds since 1970-01-01T00:00:00 UTC; missing is `Int64.min`.
  case dateTime([Int64])
}

/// A named column.
public struct Column: Sendable, Equatable {
  /// The name, unique within a table.
  public var name: String
  /// The values.
  public var values: ColumnValues
  /// How dates were read whose texts end with the year; nil for all other columns. It tells where the values come from
  /// and is no part of them: columns that differ in nothing else are equal.
  public var dates: DateReading?

  /// The integer and date-time that stands for "missing".
  public static let missingInteger = Int64.min

  /// Creates a column.
  public init(_ name: String, _ values: ColumnValues) {
    self.name = name
    self.values = values
  }

  /// Columns are equal if their names and values are.
  public static func == (a: Column, b: Column) -> Bool { a.name == b.name && a.values == b.values }

  /// The number of rows.
  public var count: Int {
    switch values {
    case .integer(let v), .dateTime(let v): v.count
    case .float(let v): v.count
    case .single(let v): v.count
    case .boolean(let v): v.count
    case .text(let v): v.count
    case .category(let v): v.codes.count
    }
  }

  /// The kind of the values.
  public var kind: ColumnKind {
    switch values {
    case .integer: .integer
    case .float, .single: .float
    case .boolean: .boolean
    case .text: .text
    case .category: .category
    case .dateTime: .dateTime
    }
  }

  /// Whether the value of a row is missing.
  public func isMissing(_ row: Int) -> Bool {
    switch values {
    case .integer(let v), .dateTime(let v): v[row] == Column.missingInteger
    case .float(let v): v[row].isNaN
    case .single(let v): v[row].isNaN
    case .boolean(let v): v[row] < 0
    case .text(let v): v.isMissing(row)
    case .category(let v): v.codes[row] < 0
    }
  }

  /// The values as numbers, missing as not-a-number: booleans as 0 and 1, date-times as seconds since 1970, categories
  /// as codes, text as not-a-number.
  public func numbers() -> [Double] {
    switch values {
    case .integer(let v): v.map { $0 == Column.missingInteger ? .nan : Double($0) }
    case .dateTime(let v): v.map { $0 == Column.missingInteger ? .nan : Double($0) * 1e-6 }
    case .float(let v): v
    case .single(let v): v.map(Double.init)
    case .boolean(let v): v.map { $0 < 0 ? .nan : Double($0) }
    case .text(let v): Array(repeating: .nan, count: v.count)
    case .category(let v): v.codes.map { $0 < 0 ? .nan : Double($0) }
    }
  }

  /// The column with only these rows, in this order.
  public func selecting(rows: [Int]) -> Column {
    let kept: ColumnValues =
      switch values {
      case .integer(let v): .integer(rows.map { v[$0] })
      case .dateTime(let v): .dateTime(rows.map { v[$0] })
      case .float(let v): .float(rows.map { v[$0] })
      case .single(let v): .single(rows.map { v[$0] })
      case .boolean(let v): .boolean(rows.map { v[$0] })
      case .text(let v): .text(v.selecting(rows: rows))
      case .category(let v): .category(CategoryValues(codes: rows.map { v.codes[$0] }, levels: v.levels))
      }
    var column = Column(name, kept)
    column.dates = dates
    return column
  }
}

/// Values that are one of a set of levels.
public struct CategoryValues: Sendable, Equatable {
  /// An index into `levels` per row; missing is -1.
  public var codes: [Int32]
  /// The distinct texts, spelled as in the data.
  public var levels: [String]

  /// Creates values from codes and their levels.
  public init(codes: [Int32], levels: [String]) {
    self.codes = codes
    self.levels = levels
  }

  /// Creates values from texts; levels in the order of first appearance.
  public init(_ texts: some Sequence<String?>) {
    var index: [String: Int32] = [:]
    var levels: [String] = []
    codes = texts.map { text in
      guard let text else { return -1 }
      if let code = index[text] { return code }
      let code = Int32(levels.count)
      index[text] = code
      levels.append(text)
      return code
    }
    self.levels = levels
  }
}

/// Texts of a column, their UTF-8 bytes end to end in one buffer.
public struct TextValues: Sendable, Equatable {
  /// The bytes of all rows.
  public private(set) var bytes: [UInt8]
  /// The end of each row's bytes; the start is the end of the row before.
  public private(set) var ends: [Int]
  /// Whether a row is missing; empty if none is.
  public private(set) var missing: [Bool]

  /// No rows.
  public init() {
    bytes = []
    ends = []
    missing = []
  }

  /// Creates values from texts.
  public init(_ texts: some Sequence<String?>) {
    self.init()
    for text in texts { append(text) }
  }

  /// The number of rows.
  public var count: Int { ends.count }

  /// Whether a row has no text.
  public func isMissing(_ row: Int) -> Bool { !missing.isEmpty && missing[row] }

  /// Where the bytes of a row lie in `bytes`; empty if missing.
  public func range(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }

  /// The bytes of a row; empty if missing.
  public func utf8(_ row: Int) -> ArraySlice<UInt8> { bytes[range(row)] }

  /// The text of a row.
  public subscript(_ row: Int) -> String? {
    isMissing(row) ? nil : String(decoding: utf8(row), as: UTF8.self)
  }

  /// Adds a row.
  public mutating func append(_ text: String?) {
    if let text {
      bytes.append(contentsOf: text.utf8)
      closeRow(isMissing: false)
    } else {
      closeRow(isMissing: true)
    }
  }

  /// Adds a row from raw UTF-8 bytes.
  public mutating func append(utf8 text: UnsafeBufferPointer<UInt8>) {
    bytes.append(contentsOf: text)
    closeRow(isMissing: false)
  }

  /// Adds all rows of other values.
  public mutating func append(contentsOf other: TextValues) {
    if !missing.isEmpty || !other.missing.isEmpty {
      if missing.isEmpty { missing = Array(repeating: false, count: count) }
      missing += other.missing.isEmpty ? Array(repeating: false, count: other.count) : other.missing
    }
    let offset = bytes.count
    bytes.append(contentsOf: other.bytes)
    ends.append(contentsOf: other.ends.map { $0 + offset })
  }

  /// Makes room, so that adding rows does not move what is there.
  public mutating func reserve(rows: Int, bytes byteCount: Int) {
    ends.reserveCapacity(rows)
    bytes.reserveCapacity(byteCount)
  }

  /// Takes the parts as they are: the ends ascend, the missing rows have no bytes.
  init(bytes: [UInt8], ends: [Int], missingRows: [Int]) {
    self.bytes = bytes
    self.ends = ends
    missing = missingRows.isEmpty ? [] : Array(repeating: false, count: ends.count)
    for row in missingRows { missing[row] = true }
  }

  /// The texts that codes stand for; a negative code is a missing one.
  init(codes: [Int32], of dictionary: ByteDictionary) {
    self.init()
    ends.reserveCapacity(codes.count)
    dictionary.bytes.withUnsafeBufferPointer { levels in
      for code in codes {
        if code < 0 {
          closeRow(isMissing: true)
        } else {
          append(utf8: UnsafeBufferPointer(rebasing: levels[dictionary.range(Int(code))]))
        }
      }
    }
  }

  private mutating func closeRow(isMissing: Bool) {
    if isMissing && missing.isEmpty { missing = Array(repeating: false, count: ends.count) }
    ends.append(bytes.count)
    if isMissing || !missing.isEmpty { missing.append(isMissing) }
  }

  /// The texts of these rows, in this order.
  public func selecting(rows: [Int]) -> TextValues {
    var result = TextValues()
    for row in rows {
      if isMissing(row) {
        result.closeRow(isMissing: true)
      } else {
        result.bytes.append(contentsOf: utf8(row))
        result.closeRow(isMissing: false)
      }
    }
    return result
  }
}
