import Basics

extension Column {
  /// The column as another kind.
  ///
  /// Numbers become texts as `text(at:)` spells them; texts become numbers (in any of the styles that text files are
  /// read in, one for the whole column), truth values (see `acceptedTruths`) and date-times (ISO 8601, or another format
  /// that the whole column follows) where all of them can. Integers and floats are taken for each other where no value
  /// changes; a column without any value becomes any kind.
  ///
  /// - Throws: a `schema` error that names the values that do not fit what most of them are, with their rows, counted
  ///   from 1.
  public func converted(to kind: ColumnKind) throws -> Column {
    if self.kind == kind { return self }
    if missingCount == count { return Column(name, Column.missing(kind, count: count)) }
    switch kind {
    case .text: return Column(name, .text(TextValues(texts())))
    case .category:
      if case .text(let values) = self.values { return Column(name, .category(CategoryValues(texts: values))) }
      return Column(name, .category(CategoryValues(texts())))
    case .float: return Column(name, .float(try numbers(.nan) { $0 }))
    case .integer:
      return Column(name, .integer(try numbers(Column.missingInteger) { Int64(exactly: $0) }))
    case .boolean: return Column(name, .boolean(try mapped(-1, [Column.boolean], Column.acceptedTruths)))
    case .dateTime: return try dateTimes(order: nil)
    }
  }

  /// The words that count as truth values, for messages.
  public static let acceptedTruths = "yes or no, true or false, 1 or 0, also ja or nein, oui or non, si or no"

  /// The column as date-times.
  ///
  /// - Parameter order: How dates such as 03/04/2025 are read where all of them can be read either way; nil looks at them.
  /// - Throws: as `converted(to:)`.
  public func dateTimes(order: DateOrder?) throws -> Column {
    if kind == .dateTime { return self }
    if missingCount == count { return Column(name, Column.missing(.dateTime, count: count)) }
    if let inferred = KindInference.values(TextValues(texts()), ReadOptions()), case .dateTime = inferred.values {
      var column = Column(name, inferred.values)
      column.dates = inferred.task.provisionalDates
      var options = ReadOptions()
      options.dateOrder = order
      return DateChoice.settled([column], options)[0]
    }
    let formats = DateTimeFormat.all.map { format in
      { (text: String) -> Int64? in
        var text = text
        return text.withUTF8 { format.parse($0) }
      }
    }
    return Column(name, .dateTime(try mapped(Column.missingInteger, formats, "dates such as 2025-12-31")))
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

  private func numbers<Value>(_ none: Value, _ exact: @escaping (Double) -> Value?) throws -> [Value] {
    let styles = NumberStyle.all.map { style in { (text: String) in Column.float(text, style).flatMap(exact) } }
    return try mapped(none, styles, none is Int64 ? "whole numbers" : "numbers")
  }

  /// The values by the first way of reading them that fits all.
  ///
  /// - Throws: a `schema` error that names the values that do not fit the way that fits most.
  private func mapped<Value>(
    _ none: Value, _ ways: [(String) -> Value?], _ expected: String
  ) throws -> [Value] {
    // The number of a date would be a surprise.
    let ways = kind == .dateTime ? [{ _ in nil }] : ways
    let texts = Array(texts())
    var best: (way: (String) -> Value?, misfits: Int)?
    for way in ways {
      var values: [Value] = []
      values.reserveCapacity(count)
      var misfits = 0
      for text in texts {
        if let value = text.map(way) ?? none { values.append(value) } else { misfits += 1 }
      }
      if misfits == 0 { return values }
      if misfits < best?.misfits ?? .max { best = (way, misfits) }
    }
    let unfit = texts.enumerated().filter { _, text in text.map { best?.way($0) == nil } ?? false }
    throw AssayError(
      .schema, Misfits(unfit.map { ($1 ?? "", $0 + 1) }, of: texts.count { $0 != nil }).words, at: "column \"\(name)\"",
      remedy: "these should be \(expected): correct what does not fit, or leave it empty")
  }

  private static func float(_ text: String, _ style: NumberStyle) -> Double? {
    switch text {
    case "true": return 1
    case "false": return 0
    default:
      var text = text
      return text.withUTF8 { bytes in
        guard let base = bytes.baseAddress else { return nil }
        return NumberParser.float(base, bytes.count) ?? style.parse(bytes)
      }
    }
  }

  private static func boolean(_ text: String) -> Int8? {
    switch text.lowercased() {
    case "true", "t", "yes", "y", "1", "1.0", "ja", "j", "wahr", "oui", "o", "vrai", "si", "sí", "s", "sì": 1
    case "false", "f", "no", "n", "0", "0.0", "nein", "falsch", "non", "faux": 0
    default: nil
    }
  }
}

/// Values that are not what most values of their column are.
private struct Misfits {
  /// Each distinct text with its rows, in the order of first appearance.
  private var groups: [(text: String, rows: [Int])] = []
  private let count: Int
  private let total: Int

  /// - Parameters:
  ///   - values: The texts with their rows, counted from 1.
  ///   - total: The number of values in the column.
  init(_ values: [(text: String, row: Int)], of total: Int) {
    count = values.count
    self.total = total
    var positions: [String: Int] = [:]
    for (text, row) in values {
      if let position = positions[text] {
        groups[position].rows.append(row)
      } else {
        positions[text] = groups.count
        groups.append((text, [row]))
      }
    }
  }

  /// "\"k.A.\" in row 7 does not fit; the other 1199 values do".
  var words: String {
    let named = groups.prefix(3).map { "\"\($0.text.prefix(60))\" in \(Self.rows($0.rows))" }
    let list = named.joined(separator: ", ") + (groups.count > 3 ? " and \(groups.count - 3) other values" : "")
    if count == 1 {
      return "\(list) does not fit" + (total > 2 ? "; the other \(total - 1) values do" : "")
    }
    return count == total
      ? "none of the \(total) values fits: \(list)" : "\(count) of \(total) values do not fit: \(list)"
  }

  private static func rows(_ rows: [Int]) -> String {
    if rows.count == 1 { return "row \(rows[0])" }
    let shown = rows.prefix(3).map(String.init)
    if rows.count > 3 { return "\(rows.count) rows, the first \(rows[0])" }
    return "rows " + shown.dropLast().joined(separator: ", ") + " and " + shown[shown.count - 1]
  }
}

extension CategoryValues {
  /// Categories of texts; levels in the order of first appearance.
  init(texts: TextValues) {
    let (codes, dictionary) = ByteDictionary.coding(texts)
    self.init(codes: codes, levels: (0..<dictionary.count).map { dictionary.text($0) })
  }
}
