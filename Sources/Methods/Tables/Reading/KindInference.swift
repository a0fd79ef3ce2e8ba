/// Finds the kind of a column from its texts.
enum KindInference {
  /// The tasks by which texts become values of another kind, in the order in which they are tried.
  static let tasks: [FieldTask] =
    [.boolean, .integer, .float] + NumberStyle.all.map { .number($0) } + DateTimeFormat.all.map { .dateTime($0) }

  /// The first task that all texts fit; nil if there is none. Texts that mean "missing" are left out by the caller.
  static func task(_ texts: [Bytes], among tasks: [FieldTask] = tasks) -> FieldTask? {
    guard let first = texts.first else { return nil }
    return tasks.first { task in fits(first, task) && texts.allSatisfy { fits($0, task) } }
  }

  /// Whether a text is a value by a task.
  static func fits(_ text: Bytes, _ task: FieldTask) -> Bool {
    guard let address = text.baseAddress, !text.isEmpty else { return false }
    switch task {
    case .boolean: return Boolean.parse(text) != nil
    case .integer: return WholeNumber.parse(text) != nil
    case .float: return NumberParser.float(address, text.count) != nil && !WholeNumber.isCode(text)
    case .number(let style): return !WholeNumber.isCode(text) && style.parse(text) != nil
    case .dateTime(let format): return format.parse(text) != nil
    case .skip, .coded, .text: return true
    }
  }

  /// The codes of texts as numbers, dates or truth values; nil if their texts are not all of one such kind.
  static func values(codes: [Int32], _ dictionary: ByteDictionary, _ options: ReadOptions) -> Inferred? {
    let found = dictionary.bytes.withUnsafeBufferPointer { bytes -> (levels: FieldValues, task: FieldTask)? in
      let texts = (0..<dictionary.count).map { Bytes(rebasing: bytes[dictionary.range($0)]) }
      guard let task = task(texts), let levels = parse(texts, task) else { return nil }
      return (levels, task)
    }
    guard let found else { return nil }
    let values: ColumnValues
    switch found.levels {
    case .integer(let levels): values = .integer(codes.map { $0 < 0 ? Column.missingInteger : levels[Int($0)] })
    case .dateTime(let levels): values = .dateTime(codes.map { $0 < 0 ? Column.missingInteger : levels[Int($0)] })
    case .boolean(let levels): values = .boolean(codes.map { $0 < 0 ? -1 : levels[Int($0)] })
    case .float(let levels):
      values =
        options.precision == .single
        ? .single(codes.map { $0 < 0 ? .nan : Float(levels[Int($0)]) })
        : .float(codes.map { $0 < 0 ? .nan : levels[Int($0)] })
    default: return nil
    }
    return Inferred(values: values, task: found.task)
  }

  /// Values with the way in which texts became them.
  struct Inferred {
    var values: ColumnValues
    var task: FieldTask
  }

  /// Texts as numbers, dates or truth values; nil if they are not all of one such kind.
  static func values(_ texts: TextValues, _ options: ReadOptions) -> Inferred? {
    let found = texts.bytes.withUnsafeBufferPointer { bytes -> FieldTask? in
      let present = (0..<texts.count).lazy.filter { !texts.isMissing($0) }
      let fields = present.map { Bytes(rebasing: bytes[texts.range($0)]) }
      // A few values rule most kinds out without looking at all of them.
      guard task(Array(fields.prefix(100))) != nil else { return nil }
      return task(Array(fields))
    }
    guard let found, let values = values(texts, by: found, options) else { return nil }
    return Inferred(values: values, task: found)
  }

  /// Texts that are known to fit a task as its values; nil for tasks that leave texts as they are.
  static func values(_ texts: TextValues, by task: FieldTask, _ options: ReadOptions) -> ColumnValues? {
    let parsed = texts.bytes.withUnsafeBufferPointer { bytes in
      parse((0..<texts.count).map { Bytes(rebasing: bytes[texts.range($0)]) }, task)
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
