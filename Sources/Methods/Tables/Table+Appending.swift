import Basics

extension Table {
  /// The rows of this table followed by those of another with the same columns, in any order.
  ///
  /// Levels of categories are merged: those of this table keep their codes, new ones follow. Integers and floats
  /// become floats, a category and a text text.
  ///
  /// - Throws: a `schema` error if a column is not in both, or its kinds do not go together.
  public func appending(_ other: Table) throws -> Table {
    let single = other.names.first { self[$0] == nil } ?? names.first { other[$0] == nil }
    if let single { throw AssayError(.schema, "only one of the tables has the column \"\(single)\"") }
    return try Table(
      columns.map { Column($0.name, try $0.values(followedBy: other.column($0.name))) })
  }
}

extension Column {
  fileprivate func values(followedBy other: Column) throws -> ColumnValues {
    switch (values, other.values) {
    case (.integer(let a), .integer(let b)): return .integer(a + b)
    case (.dateTime(let a), .dateTime(let b)): return .dateTime(a + b)
    case (.boolean(let a), .boolean(let b)): return .boolean(a + b)
    case (.single(let a), .single(let b)): return .single(a + b)
    case (.integer, .float), (.integer, .single), (.float, .integer), (.float, .float), (.float, .single),
      (.single, .integer), (.single, .float):
      return .float(numbers() + other.numbers())
    case (.category(let a), .category(let b)):
      let wanted = Schema.Field(name: name, kind: .category, levels: a.levels)
      guard case .category(let translated)? = try Table([other]).conforming(to: Schema(fields: [wanted]))[name]?.values
      else { return .category(b) }
      return .category(CategoryValues(codes: a.codes + translated.codes, levels: translated.levels))
    default:
      if other.missingCount == other.count { return try values(followedBy: other.converted(to: kind)) }
      if missingCount == count { return try converted(to: other.kind).values(followedBy: other) }
      guard [kind, other.kind].allSatisfy({ $0 == .text || $0 == .category }),
        case .text(var all) = try converted(to: .text).values,
        case .text(let more) = try other.converted(to: .text).values
      else {
        throw AssayError(
          .schema, "the column \"\(name)\" is \(kind.rawValue) in one table and \(other.kind.rawValue) in the other")
      }
      all.append(contentsOf: more)
      return .text(all)
    }
  }
}
