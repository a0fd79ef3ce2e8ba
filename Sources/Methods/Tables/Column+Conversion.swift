import Basics

extension Column {
  /// The column as another kind.
  ///
  /// Numbers become texts as `text(at:)` spells them; texts become numbers, truth values (true/false, t/f, yes/no,
  /// 1/0) and date-times (ISO 8601, or another format that the whole column follows) where all of them can. Integers
  /// and floats are taken for each other where no value changes; a column without any value becomes any kind.
  ///
  /// - Throws: a `schema` error that names the row, counted from 1, and the value that does not fit.
  public func converted(to kind: ColumnKind) throws -> Column {
    if self.kind == kind { return self }
    if missingCount == count { return Column(name, Column.missing(kind, count: count)) }
    switch kind {
    case .text: return Column(name, .text(TextValues(texts())))
    case .category:
      if case .text(let values) = self.values { return Column(name, .category(CategoryValues(texts: values))) }
      return Column(name, .category(CategoryValues(texts())))
    case .float: return Column(name, .float(try mapped(.nan, Column.float)))
    case .integer:
      return Column(
        name, .integer(try mapped(Column.missingInteger) { Column.float($0).flatMap(Int64.init(exactly:)) }))
    case .boolean: return Column(name, .boolean(try mapped(-1, Column.boolean)))
    case .dateTime:
      let texts = TextValues(texts())
      if case .dateTime(let values)? = KindInference.values(texts, ReadOptions()) {
        return Column(name, .dateTime(values))
      }
      return Column(name, .dateTime(try mapped(Column.missingInteger, DateTime.parse)))
    }
  }

  /// A column without any value.
  private static func missing(_ kind: ColumnKind, count: Int) -> ColumnValues {
    switch kind {
    case .integer: .integer(Array(repeating: missingInteger, count: count))
    case .float: .float(Array(repeating: .nan, count: count))
    case .boolean: .boolean(Array(repeating: -1, count: count))
    case .dateTime: .dateTime(Array(repeating: missingInteger, count: count))
    case .text: .text(TextValues(Array(repeating: nil, count: count)))
    case .category: .category(CategoryValues(codes: Array(repeating: -1, count: count), levels: []))
    }
  }

  private func texts() -> some Sequence<String?> { (0..<count).lazy.map { text(at: $0) } }

  private func mapped<Value>(_ none: Value, _ parse: (String) -> Value?) throws -> [Value] {
    // Only numbers, truth values and texts can be anything else; the number of a date would be a surprise.
    let isAllowed = kind != .dateTime
    return try (0..<count).map { row in
      guard let text = text(at: row) else { return none }
      guard isAllowed, let value = parse(text) else {
        throw AssayError(
          .schema, "\"\(text.prefix(60))\" in row \(row + 1) does not fit, because other values are needed here",
          at: "column \"\(name)\"", remedy: "correct the value, or leave it empty")
      }
      return value
    }
  }

  private static func float(_ text: String) -> Double? {
    switch text {
    case "true": return 1
    case "false": return 0
    default:
      var text = text
      return text.withUTF8 { bytes in
        guard let base = bytes.baseAddress else { return nil }
        return NumberParser.float(base, bytes.count) ?? NumberStyle.all[0].parse(bytes)
      }
    }
  }

  private static func boolean(_ text: String) -> Int8? {
    switch text.lowercased() {
    case "true", "t", "yes", "y", "1", "1.0": 1
    case "false", "f", "no", "n", "0", "0.0": 0
    default: nil
    }
  }
}

extension CategoryValues {
  /// Categories of texts; levels in the order of first appearance.
  init(texts: TextValues) {
    let (codes, dictionary) = ByteDictionary.coding(texts)
    self.init(codes: codes, levels: (0..<dictionary.count).map { dictionary.text($0) })
  }
}
