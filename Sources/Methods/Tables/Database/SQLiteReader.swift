import Basics
import CNative

/// Reads a table of an SQLite file as a whole.
enum SQLiteReader {
  /// The rows of a table in the order in which SQLite stores them.
  ///
  /// SQLite gives each value a type of its own: a column is `integer` or `float` where all its values are numbers,
  /// else text, in which numbers and dates are found as in text files.
  ///
  /// - Parameter table: the table or view; nil for the only one.
  static func read(path: String, table: String?, options: ReadOptions) throws -> Table {
    let source = try SQLiteTable(path: path, name: table)
    let cursor = try SQLiteCursor(source.database, source.query)
    var columns = source.columns.map { _ in SQLiteColumn(stage: .integer) }
    var rowCount = 0
    while rowCount < options.rowLimit ?? .max, try cursor.step() {
      for column in columns.indices { columns[column].append(cursor, Int32(column)) }
      rowCount += 1
    }
    let found = try zip(source.columns, columns).map { try $1.column($0, options) }
    return try Table(DateChoice.settled(found, options))
  }
}

/// The values of a column: numbers as long as all are.
struct SQLiteColumn {
  /// How values are held, the narrowest first.
  enum Stage: Comparable { case integer, float, text }

  private var integers: [Int64] = []
  private var floats: [Double] = []
  private var texts = TextValues()
  private var stage: Stage

  /// An empty column.
  init(stage: Stage) { self.stage = stage }

  mutating func append(_ row: SQLiteCursor, _ column: Int32) {
    let type = row.type(column)
    let isMissing = type == ASSAY_SQLITE_NULL
    let integer = type == ASSAY_SQLITE_INTEGER ? row.integer(column) : Column.missingInteger
    if stage == .integer, !isMissing, integer == Column.missingInteger { widen(to: .float) }
    if stage == .float, !isMissing, type != ASSAY_SQLITE_INTEGER, type != ASSAY_SQLITE_FLOAT { widen(to: .text) }
    switch stage {
    case .integer: integers.append(integer)
    case .float: floats.append(isMissing ? .nan : row.float(column))
    case .text:
      switch type {
      case ASSAY_SQLITE_NULL: texts.append(nil)
      case ASSAY_SQLITE_INTEGER: texts.append(String(row.integer(column)))
      case ASSAY_SQLITE_FLOAT: texts.append(SQLiteColumn.spelling(row.float(column)))
      default: texts.append(utf8: row.text(column))
      }
    }
  }

  /// A number among texts, the same whether it was read as a number first or not.
  private static func spelling(_ number: Double) -> String? {
    number == number.rounded() && abs(number) < 0x1p53
      ? String(Int64(number)) : Column("", .float([number])).text(at: 0)
  }

  private mutating func widen(to next: Stage) {
    if next == .float {
      floats = integers.map { $0 == Column.missingInteger ? .nan : Double($0) }
      integers = []
    } else {
      texts = TextValues(floats.map(SQLiteColumn.spelling))
      floats = []
    }
    stage = next
  }

  /// The values; texts by a task where there is one.
  func values(_ options: ReadOptions, task: FieldTask? = nil) -> ColumnValues {
    switch stage {
    case .integer: .integer(integers)
    case .float: options.precision == .single ? .single(floats.map(Float.init)) : .float(floats)
    case .text: task.flatMap { KindInference.values(texts, by: $0, options) } ?? .text(texts)
    }
  }

  /// The whole column, of the kind that all its values show.
  func column(_ name: String, _ options: ReadOptions) throws -> Column {
    let demanded = options.kinds[name]
    var found = values(options)
    var dates: DateReading?
    if stage == .text {
      if demanded == nil, let inferred = KindInference.values(texts, options) {
        found = inferred.values
        dates = inferred.task.provisionalDates
      } else {
        let categories = CategoryValues(texts: texts)
        let isCategory = demanded == nil && categories.levels.count <= options.categoryLimit(rows: texts.count)
        if isCategory { found = .category(categories) }
      }
    }
    var column = Column(name, found)
    column.dates = dates
    return try demanded.map(column.converted) ?? column
  }
}
