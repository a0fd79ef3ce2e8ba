/// Finds the kind of a column from its texts.
enum KindInference {
  /// The task that all texts fit, in the order truth value, whole number, number, decorated number, date; nil if
  /// there is none. Texts that mean "missing" are left out by the caller.
  static func task(_ texts: [Bytes]) -> FieldTask? {
    if texts.isEmpty || texts.contains(where: \.isEmpty) { return nil }
    func all(_ fits: (Bytes) -> Bool) -> Bool { texts.allSatisfy(fits) }
    if all({ Boolean.parse($0) != nil }) { return .boolean }
    if all({ WholeNumber.parse($0) != nil }) { return .integer }
    if all({ NumberParser.float($0.baseAddress!, $0.count) != nil && !WholeNumber.isCode($0) }) { return .float }
    if all({ !WholeNumber.isCode($0) }),
      let style = NumberStyle.all.first(where: { style in all { style.parse($0) != nil } })
    {
      return .number(style)
    }
    return DateTimeFormat.all.first { format in all { format.parse($0) != nil } }.map { .dateTime($0) }
  }

  /// The codes of texts as numbers, dates or truth values; nil if their texts are not all of one such kind.
  static func values(codes: [Int32], _ dictionary: ByteDictionary, _ options: ReadOptions) -> ColumnValues? {
    let levels = dictionary.bytes.withUnsafeBufferPointer { bytes -> FieldValues? in
      let texts = (0..<dictionary.count).map { Bytes(rebasing: bytes[dictionary.range($0)]) }
      guard let task = task(texts) else { return nil }
      return parse(texts, task)
    }
    switch levels {
    case .integer(let values): return .integer(codes.map { $0 < 0 ? Column.missingInteger : values[Int($0)] })
    case .dateTime(let values): return .dateTime(codes.map { $0 < 0 ? Column.missingInteger : values[Int($0)] })
    case .boolean(let values): return .boolean(codes.map { $0 < 0 ? -1 : values[Int($0)] })
    case .float(let values):
      return options.precision == .single
        ? .single(codes.map { $0 < 0 ? .nan : Float(values[Int($0)]) })
        : .float(codes.map { $0 < 0 ? .nan : values[Int($0)] })
    default: return nil
    }
  }

  /// Texts as numbers, dates or truth values; nil if they are not all of one such kind.
  static func values(_ texts: TextValues, _ options: ReadOptions) -> ColumnValues? {
    let parsed = texts.bytes.withUnsafeBufferPointer { bytes -> FieldValues? in
      let present = (0..<texts.count).lazy.filter { !texts.isMissing($0) }
      let fields = present.map { Bytes(rebasing: bytes[texts.range($0)]) }
      // A few values rule most kinds out without looking at all of them.
      guard task(Array(fields.prefix(100))) != nil, let task = task(Array(fields)) else { return nil }
      return parse((0..<texts.count).map { Bytes(rebasing: bytes[texts.range($0)]) }, task)
    }
    switch parsed {
    case .integer(let values): return .integer(values)
    case .dateTime(let values): return .dateTime(values)
    case .boolean(let values): return .boolean(values)
    case .float(let values): return options.precision == .single ? .single(values.map(Float.init)) : .float(values)
    default: return nil
    }
  }

  /// Parses texts that are known to fit; no bytes are a missing value.
  private static func parse(_ texts: [Bytes], _ task: FieldTask) -> FieldValues? {
    func values<Value>(_ none: Value, _ parse: (Bytes) -> Value?) -> [Value] {
      texts.map { $0.isEmpty ? none : parse($0) ?? none }
    }
    switch task {
    case .integer: return .integer(values(Column.missingInteger) { WholeNumber.parse($0) })
    case .float: return .float(values(.nan) { NumberParser.float($0.baseAddress!, $0.count) })
    case .number(let style): return .float(values(.nan) { style.parse($0) })
    case .boolean: return .boolean(values(-1) { Boolean.parse($0) })
    case .dateTime(let format): return .dateTime(values(Column.missingInteger) { format.parse($0) })
    case .skip, .coded, .text: return nil
    }
  }
}
