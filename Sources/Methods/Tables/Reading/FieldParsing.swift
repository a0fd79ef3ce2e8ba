import Basics

/// How the fields of a column are turned into values.
enum FieldTask: Sendable, Hashable {
  case skip
  case integer
  case float
  case boolean
  case number(NumberStyle)
  case dateTime(DateTimeFormat)
  /// Text with few distinct values, stored as codes.
  case coded
  case text
}

/// The values of one column in one piece of a file.
enum FieldValues: Sendable {
  case skipped
  case integer([Int64])
  case float([Double])
  case boolean([Int8])
  case dateTime([Int64])
  case coded([Int32], ByteDictionary)
  case text(TextValues)
  /// A field does not fit the task.
  case failed(row: Int)
}

/// The texts that mean "no value".
struct MissingMarkers: Sendable {
  private let markers: [[UInt8]]
  /// One bit for each byte with which a marker begins.
  private var beginnings: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  /// Whether a marker could be taken for a number.
  let includesNumbers: Bool

  init(_ texts: [String]) {
    markers = texts.map { Array($0.utf8) }.filter { !$0.isEmpty }
    includesNumbers = markers.contains { marker in
      marker.withUnsafeBufferPointer { NumberParser.float($0.baseAddress!, $0.count) != nil }
    }
    for marker in markers {
      let bit: UInt64 = 1 << UInt64(marker[0] & 63)
      switch marker[0] >> 6 {
      case 0: beginnings.0 |= bit
      case 1: beginnings.1 |= bit
      case 2: beginnings.2 |= bit
      default: beginnings.3 |= bit
      }
    }
  }

  /// Whether the bytes are a marker; no bytes always are.
  @inline(__always)
  func contains(_ field: Bytes) -> Bool {
    if field.isEmpty { return true }
    let bits: UInt64 =
      switch field[0] >> 6 {
      case 0: beginnings.0
      case 1: beginnings.1
      case 2: beginnings.2
      default: beginnings.3
      }
    return bits >> UInt64(field[0] & 63) & 1 != 0 && containsMarker(field)
  }

  @inline(never)
  private func containsMarker(_ field: Bytes) -> Bool {
    markers.contains { $0.count == field.count && $0.elementsEqual(field) }
  }
}

/// The fields of one column in one piece of a file.
struct FieldColumn {
  let text: Bytes
  /// The first field of the column; the next is `stride` spans further.
  let spans: UnsafePointer<FieldSpan>
  let stride: Int
  let rowCount: Int
  let dialect: Dialect
  let missing: MissingMarkers

  /// The bytes of a row's field, escapes not undone.
  @inline(__always)
  func field(_ row: Int) -> Bytes {
    let span = spans[row * stride]
    return Bytes(start: text.baseAddress! + Int(span.start), count: span.length)
  }

  /// The values of all rows.
  func values(_ task: FieldTask, categoryLimit: Int) -> FieldValues {
    switch task {
    case .skip: return .skipped
    case .integer:
      let integers = parsed(Column.missingInteger) { WholeNumber.parse($0) }
      if let values = integers.values { return .integer(values) }
      // A code with leading zeros is not a number; anything else may be one that is not whole.
      return WholeNumber.isCode(field(integers.failedRow)) ? .failed(row: integers.failedRow) : floats()
    case .float: return floats()
    case .boolean: return result(parsed(Int8(-1)) { Boolean.parse($0) }) { .boolean($0) }
    case .number(let style): return result(parsed(Double.nan) { style.parse($0) }) { .float($0) }
    case .dateTime(let format): return result(parsed(Column.missingInteger) { format.parse($0) }) { .dateTime($0) }
    case .coded: return coded(limit: categoryLimit)
    case .text: return .text(texts())
    }
  }

  private func floats() -> FieldValues {
    result(parsed(Double.nan) { NumberParser.float($0.baseAddress!, $0.count) }) { .float($0) }
  }

  private func result<Value>(
    _ parsed: (values: [Value]?, failedRow: Int), _ wrap: ([Value]) -> FieldValues
  ) -> FieldValues {
    parsed.values.map(wrap) ?? .failed(row: parsed.failedRow)
  }

  @inline(__always)
  private func parsed<Value>(_ none: Value, _ parse: (Bytes) -> Value?) -> (values: [Value]?, failedRow: Int) {
    var failedRow = -1
    let values = [Value](unsafeUninitializedCapacity: rowCount) { buffer, initialized in
      for row in 0..<rowCount {
        let field = field(row)
        if let value = parse(field), !missing.includesNumbers || !missing.contains(field) {
          buffer.initializeElement(at: row, to: value)
        } else if missing.contains(field) {
          buffer.initializeElement(at: row, to: none)
        } else {
          failedRow = row
          break
        }
        initialized = row + 1
      }
    }
    return (failedRow < 0 ? values : nil, failedRow)
  }

  private func coded(limit: Int) -> FieldValues {
    var dictionary = ByteDictionary()
    var codes: [Int32] = []
    codes.reserveCapacity(rowCount)
    for row in 0..<rowCount {
      let field = field(row)
      if missing.contains(field) {
        codes.append(-1)
      } else if spans[row * stride].isEscaped {
        let plain = dialect.unescaped(field)
        codes.append(plain.withUnsafeBufferPointer { dictionary.code($0) })
      } else {
        codes.append(dictionary.code(field))
      }
      if dictionary.count > limit { return .text(texts()) }
    }
    return .coded(codes, dictionary)
  }

  private func texts() -> TextValues {
    var missingRows: [Int] = []
    var ends = [Int](repeating: 0, count: rowCount)
    let length = (0..<rowCount).reduce(0) { $0 + spans[$1 * stride].length }
    let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, used in
      for row in 0..<rowCount {
        let field = field(row)
        if missing.contains(field) {
          missingRows.append(row)
        } else if spans[row * stride].isEscaped {
          let plain = dialect.unescaped(field)
          _ = UnsafeMutableBufferPointer(rebasing: buffer[used...]).initialize(from: plain)
          used += plain.count
        } else {
          (buffer.baseAddress! + used).initialize(from: field.baseAddress!, count: field.count)
          used += field.count
        }
        ends[row] = used
      }
    }
    return TextValues(bytes: bytes, ends: ends, missingRows: missingRows)
  }
}

/// Whole numbers as they appear in tables.
enum WholeNumber {
  /// The number; nil for anything else, for codes with leading zeros, and for the value that stands for "missing".
  @inline(__always)
  static func parse(_ field: Bytes) -> Int64? {
    guard let value = NumberParser.integer(field.baseAddress!, field.count), value != Column.missingInteger,
      !isCode(field)
    else { return nil }
    return value
  }

  /// Whether the field is a code such as a postal code, "01067", that would lose its zeros as a number.
  @inline(__always)
  static func isCode(_ field: Bytes) -> Bool {
    field.count >= 5 && field[0] == UInt8(ascii: "0") && field.allSatisfy { $0 &- 48 < 10 }
  }
}

/// Truth values as they appear in tables.
enum Boolean {
  /// 1 for "true", 0 for "false"; nil for anything else. Other spellings stay text, so that they are kept.
  @inline(__always)
  static func parse(_ field: Bytes) -> Int8? {
    switch field.count {
    case 4: field[0] == UInt8(ascii: "t") && field.elementsEqual("true".utf8) ? 1 : nil
    case 5: field[0] == UInt8(ascii: "f") && field.elementsEqual("false".utf8) ? 0 : nil
    default: nil
    }
  }
}
