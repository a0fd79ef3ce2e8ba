import Basics

/// The columns that a model was trained on: what a table must have at prediction.
public struct Schema: Sendable, Hashable, Codable {
  /// A column.
  public struct Field: Sendable, Hashable, Codable {
    /// The name.
    public var name: String
    /// The kind of the values.
    public var kind: ColumnKind
    /// The levels of a category in the order of their codes; nil for other kinds.
    public var levels: [String]?
    /// The order of day and month in the texts of dates that end with the year; nil for other columns.
    public var dateOrder: DateOrder?

    /// Creates a field.
    public init(name: String, kind: ColumnKind, levels: [String]? = nil, dateOrder: DateOrder? = nil) {
      self.name = name
      self.kind = kind
      self.levels = levels
      self.dateOrder = dateOrder
    }
  }

  /// The columns in order.
  public var fields: [Field]

  /// Creates a schema.
  public init(fields: [Field]) { self.fields = fields }

  /// The options by which another file is read so that it fits: categories and texts are kept as they are written, and
  /// dates that can be read day first and month first are read as these were.
  public func readOptions(_ options: ReadOptions = ReadOptions()) -> ReadOptions {
    var result = options
    for field in fields where field.kind == .text || field.kind == .category {
      result.kinds[field.name] = field.kind
    }
    let orders = fields.compactMap { field in field.dateOrder.map { (field.name, $0) } }
    if !orders.isEmpty {
      result.dateOrders = Dictionary(orders) { first, _ in first }
        .merging(options.dateOrders ?? [:]) { _, given in given }
    }
    return result
  }
}

extension Table {
  /// The names, kinds and levels of the columns.
  public var schema: Schema {
    Schema(
      fields: columns.map { column in
        var field = Schema.Field(name: column.name, kind: column.kind, dateOrder: column.dates?.order)
        if case .category(let values) = column.values { field.levels = values.levels }
        return field
      })
  }

  /// The table with exactly the columns of a schema, in its order, of its kinds.
  ///
  /// Further columns are left out. Integers and floats stand for each other. A category gets the levels of the schema
  /// with the same codes; levels that the schema does not know follow behind. Numbers and truth values become
  /// categories and texts by their spelling, texts numbers where they are. A column without any value fits all kinds.
  ///
  /// - Throws: a `schema` error that names the column that is not there, or the row and the value that do not fit.
  public func conforming(to schema: Schema) throws -> Table {
    let absent = schema.fields.map(\.name).filter { self[$0] == nil }
    if !absent.isEmpty {
      let list = absent.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
      let more = absent.count > 5 ? " and \(absent.count - 5) more" : ""
      throw AssayError(
        .schema, "the data lack the column\(absent.count == 1 ? "" : "s") \(list)\(more)",
        remedy: "give the columns that the model was trained on")
    }
    return try Table(schema.fields.map { try column($0.name).conforming(to: $0) })
  }

  /// The table with these columns converted; names that are not there are ignored.
  func converting(_ kinds: [String: ColumnKind]) throws -> Table {
    if kinds.isEmpty { return self }
    return try Table(columns.map { column in try kinds[column.name].map(column.converted) ?? column })
  }
}

extension Column {
  fileprivate func conforming(to field: Schema.Field) throws -> Column {
    switch (kind, field.kind) {
    case (_, .category): return Column(name, .category(try categories(levels: field.levels ?? [])))
    case (.integer, .float), (.float, .integer): return self
    case (.integer, .integer): return self
    // Texts may hold numbers that are not whole although the column was whole before.
    case (_, .integer): return try converted(to: .float)
    default: return try converted(to: field.kind)
    }
  }

  /// The values as categories with the given levels first.
  private func categories(levels: [String]) throws -> CategoryValues {
    guard case .category(let found) = try converted(to: .category).values else { return CategoryValues([]) }
    if found.levels == levels { return found }
    // Of a few rows, as they come to a server, only the levels that occur are looked up.
    if found.codes.count < min(found.levels.count, 8) || levels.count > 64 * found.codes.count {
      return sought(found, among: levels)
    }
    var all = levels
    var codes = Dictionary(zip(levels, levels.indices.map(Int32.init)), uniquingKeysWith: { first, _ in first })
    let translation = found.levels.map { level -> Int32 in
      if let code = codes[level] ?? spellings(level).lazy.compactMap({ codes[$0] }).first { return code }
      let code = Int32(all.count)
      codes[level] = code
      all.append(level)
      return code
    }
    return CategoryValues(codes: found.codes.map { $0 < 0 ? -1 : translation[Int($0)] }, levels: all)
  }

  /// The same for few rows, without a dictionary of the levels.
  private func sought(_ found: CategoryValues, among levels: [String]) -> CategoryValues {
    var all = levels
    let codes = found.codes.map { code -> Int32 in
      guard code >= 0 else { return -1 }
      let level = found.levels[Int(code)]
      if let known = all.firstIndex(of: level) { return Int32(known) }
      if let known = spellings(level).lazy.compactMap({ levels.firstIndex(of: $0) }).first { return Int32(known) }
      all.append(level)
      return Int32(all.count - 1)
    }
    return CategoryValues(codes: codes, levels: all)
  }

  /// Other ways to write a value that was not read as text: 1 for 1.0, True for true.
  private func spellings(_ text: String) -> [String] {
    switch kind {
    case .integer: [text + ".0"]
    case .float: text.hasSuffix(".0") ? [String(text.dropLast(2))] : []
    case .boolean: text == "true" ? ["True", "TRUE", "t", "T", "1"] : ["False", "FALSE", "f", "F", "0"]
    case .text, .category, .dateTime: []
    }
  }
}
