import Basics

/// What a first reading of a source finds: the kinds and levels of all columns, and how large the table is.
///
/// ```swift
/// let survey = try TableReader.survey("big/*.csv", threads: 2)
/// if survey.byteCount > limit {
///   let chunks = try survey.chunks()
///   while let table = try chunks.next() { use(table) }
/// }
/// ```
public struct SourceSurvey: Sendable {
  /// Opens the source again, to read by what was found.
  let open: @Sendable () throws -> any PieceSource
  /// The rows of the source.
  public private(set) var rowCount = 0
  /// How the source is read.
  public private(set) var options = ReadOptions()
  private var columns: [ColumnSurvey]
  /// How dates that end with the year are read, by column.
  private(set) var dates: [DateReading?] = []
  private let names: [String]

  /// Looks at all values.
  init(_ source: String, options: ReadOptions, threads: Int, memoryLimit: Int?) throws {
    try self.init(looking: source, options, threads, memoryLimit)
    self.options = options
    if rowCount == 0 { throw AssayError(.data, "there are no rows", at: source, remedy: "name data with rows") }
  }

  private init(looking source: String, _ options: ReadOptions, _ threads: Int, _ memoryLimit: Int?) throws {
    if options.sql == nil, !source.hasPrefix("sql:") {
      let (paths, part) = try TableReader.files(source)
      switch try TableReader.format(paths) {
      case .delimited:
        self = try SourceSurvey.delimited(paths, options, threads)
        return
      case .sqlite:
        self = try SourceSurvey.sqlite(paths, table: part, options)
        return
      case .json, .parquet: break
      }
    }
    let database = try DuckDB(threads: threads, memoryLimit: memoryLimit)
    let sql: String
    if source.hasPrefix("sql:"), options.sql == nil {
      sql = String(source.dropFirst(4))
    } else {
      try database.define("data", source, threads: threads, byPieces: true)
      sql = options.sql ?? "SELECT * FROM data"
    }
    try self.init(options) {
      try DuckDB.placing(source) {
        try QueryChunks(database: database, sql: sql, options: options, threads: threads)
      }
    }
  }

  private init(_ options: ReadOptions, open: @escaping @Sendable () throws -> any PieceSource) throws {
    self.open = open
    let source = try open()
    names = source.names
    columns = names.map { _ in ColumnSurvey() }
    dates = names.map { _ in nil }
    try look(through: source, options)
  }

  private mutating func look(through source: any PieceSource, _ options: ReadOptions) throws {
    while let values = try source.nextColumns(rows: 1 << 17) {
      rowCount += values.first.map { Column("", $0).count } ?? 0
      for column in columns.indices { columns[column].add(values[column], limit: options.categoryLimit) }
    }
  }

  /// Columns that do not fit what the beginning of a text file shows are read once more, as texts.
  private static func delimited(_ paths: [String], _ options: ReadOptions, _ threads: Int) throws -> SourceSurvey {
    var encodings: [String: TextEncoding] = [:]
    while true {
      do {
        return try delimited(paths, options, threads, encodings)
      } catch let wrong as DelimitedReader.WrongEncoding {
        encodings[wrong.path] = .windows1252
      }
    }
  }

  private static func delimited(
    _ paths: [String], _ options: ReadOptions, _ threads: Int, _ encodings: [String: TextEncoding]
  ) throws -> SourceSurvey {
    @Sendable func reader(_ tasks: [Int: FieldTask]?) throws -> DelimitedReader {
      try DelimitedReader(paths: paths, options: options, threads: threads, encodings: encodings, tasks: tasks)
    }
    let first = try reader(nil)
    var survey = SourceSurvey(names: first.names) { try reader(nil) }
    try survey.look(through: first, options)
    var tasks = Dictionary(uniqueKeysWithValues: first.tasks.enumerated().map { ($0, $1) })
    if !first.misjudged.isEmpty {
      let texts = Dictionary(uniqueKeysWithValues: first.misjudged.map { ($0, FieldTask.coded) })
      var again = SourceSurvey(names: survey.names) { try reader(texts) }
      for column in first.misjudged { again.columns[column].viable = KindInference.tasks }
      try again.look(through: again.open(), options)
      for column in first.misjudged {
        survey.columns[column] = again.columns[column]
        let task = again.columns[column].viable?.first
        tasks[column] = task ?? .coded
        if let kind = task?.kind { survey.columns[column].kind = kind }
      }
    }
    survey.settleDates(&tasks, options)
    // A piece must not become text because its own levels are many.
    let found = tasks
    return SourceSurvey(survey) { try reader(found) }
  }

  /// Kinds of texts show only when all are seen: the tables are opened once more with what was found.
  private static func sqlite(_ paths: [String], table: String?, _ options: ReadOptions) throws -> SourceSurvey {
    let first = try SQLitePieces(paths: paths, table: table, options: options)
    var survey = SourceSurvey(names: first.names) {
      try SQLitePieces(paths: paths, table: table, options: options)
    }
    for (column, stage) in first.stages.enumerated() where stage == .text && options.kinds[first.names[column]] == nil {
      survey.columns[column].viable = KindInference.tasks
    }
    try survey.look(through: first, options)
    var tasks: [Int: FieldTask] = [:]
    for column in survey.columns.indices {
      guard let task = survey.columns[column].viable?.first, let kind = task.kind else { continue }
      tasks[column] = task
      survey.columns[column].kind = kind
    }
    survey.settleDates(&tasks, options)
    let found = tasks
    return SourceSurvey(survey) {
      try SQLitePieces(paths: paths, table: table, options: options, tasks: found)
    }
  }

  private init(names: [String], open: @escaping @Sendable () throws -> any PieceSource) {
    self.names = names
    self.open = open
    columns = names.map { _ in ColumnSurvey() }
    dates = names.map { _ in nil }
  }

  /// Settles how dates are read that can be read day first and month first.
  private mutating func settleDates(_ tasks: inout [Int: FieldTask], _ options: ReadOptions) {
    var positions: [Int] = []
    var questions: [DateQuestion] = []
    for position in names.indices {
      guard case .dateTime(let format)? = tasks[position], let order = format.dateOrder else { continue }
      // Where texts were looked at, both ways are left only if all texts can be read either way.
      let isSeenAsText = columns[position].viable != nil
      let isOpen = columns[position].viable?.contains(.dateTime(format.exchanged)) ?? true
      positions.append(position)
      questions.append(
        DateQuestion(
          name: names[position], order: order,
          evidence: isSeenAsText ? (isOpen ? nil : .closed) : columns[position].dates))
    }
    let comma = tasks.values.contains(where: \.hasDecimalComma)
    let readings = DateChoice.readings(questions, options, hasDecimalComma: comma)
    for (index, position) in positions.enumerated() {
      dates[position] = readings[index]
      guard let order = readings[index]?.order, case .dateTime(let format)? = tasks[position] else { continue }
      if format.dateOrder != order { tasks[position] = .dateTime(format.exchanged) }
    }
  }

  private init(_ other: SourceSurvey, open: @escaping @Sendable () throws -> any PieceSource) {
    self = SourceSurvey(names: other.names, open: open)
    columns = other.columns
    rowCount = other.rowCount
    dates = other.dates
  }

  /// The columns with their kinds by the rules of the options.
  public var schema: Schema {
    let limit = options.categoryLimit(rows: rowCount)
    return Schema(
      fields: zip(zip(names, columns), dates).map { pair, reading in
        let (name, column) = pair
        var kind = column.kind ?? .float
        if kind == .text {
          kind = options.kinds[name] ?? (column.levels.map { $0.count <= limit } == true ? .category : .text)
        }
        let levels = kind == .category ? column.levels : nil
        return Schema.Field(
          name: name, kind: kind, levels: levels.map { levels in (0..<levels.count).map { levels.text($0) } },
          dateOrder: reading?.order)
      })
  }
}

extension SourceSurvey {
  /// The columns whose dates are read by a guess, because all of them can be read day first and month first.
  public var guessedDates: [(column: String, reading: DateReading)] {
    zip(names, dates).compactMap { name, reading in reading.flatMap { $0.isGuess ? (name, $0) : nil } }
  }

  /// About the bytes that the whole table takes in memory.
  public var byteCount: Int {
    zip(schema.fields, columns).reduce(0) { sum, column in
      switch column.0.kind {
      case .integer, .dateTime: sum + 8 * rowCount
      case .float: sum + (options.precision == .single ? 4 : 8) * rowCount
      case .category: sum + 4 * rowCount
      case .boolean: sum + rowCount
      case .text: sum + 8 * rowCount + column.1.textBytes
      }
    }
  }

  /// Opens the source for reading in pieces of at least `rows` rows (the last may have fewer).
  ///
  /// - Throws: a `file` or `format` error.
  public func chunks(rows: Int = 100_000) throws -> TableChunks { try TableChunks(self, rows: rows) }
}

extension TableReader {
  /// Looks at all values of a source, in memory that does not grow with it.
  ///
  /// - Parameter memoryLimit: the bytes that DuckDB may use for Parquet, JSON and queries; nil for its default.
  /// - Throws: as `read`.
  public static func survey(
    _ source: String, options: ReadOptions = ReadOptions(), threads: Int = 1, memoryLimit: Int? = nil
  ) throws -> SourceSurvey {
    try SourceSurvey(source, options: options, threads: threads, memoryLimit: memoryLimit)
  }
}

/// What the pieces of a column have shown.
private struct ColumnSurvey: Sendable {
  /// The kind so far; `text` for texts and categories alike.
  var kind: ColumnKind?
  /// The distinct texts; nil once they are too many for a category.
  var levels: ByteDictionary? = ByteDictionary()
  /// The bytes of all texts.
  private(set) var textBytes = 0
  /// The tasks that all texts fit; nil if that is not asked for.
  var viable: [FieldTask]?
  /// What dates say about how they should be read.
  private(set) var dates = DateEvidence()

  mutating func add(_ values: ColumnValues, limit: Int) {
    let column = Column("", values)
    switch (kind, column.kind) {
    case (nil, .category), (.text, .category): kind = .text
    case (nil, let other): kind = other
    case (.integer, .float): kind = .float
    default: break
    }
    if case .dateTime(let moments) = values { dates.add(moments) }
    guard kind == .text else { return }
    switch values {
    case .category(let values):
      let lengths = values.levels.map(\.utf8.count)
      textBytes += values.codes.reduce(0) { $1 < 0 ? $0 : $0 + lengths[Int($1)] }
      for level in values.levels {
        var level = level
        level.withUTF8 { note($0, limit) }
      }
    case .text(let values):
      textBytes += values.bytes.count
      guard levels != nil || viable?.isEmpty == false else { return }
      values.bytes.withUnsafeBufferPointer { bytes in
        for row in 0..<values.count where !values.isMissing(row) {
          note(Bytes(rebasing: bytes[values.range(row)]), limit)
        }
      }
    default: break
    }
  }

  private mutating func note(_ text: Bytes, _ limit: Int) {
    viable?.removeAll { !KindInference.fits(text, $0) }
    guard levels?.code(text) != nil else { return }
    if let count = levels?.count, count > limit { levels = nil }
  }
}

extension FieldTask {
  /// The kind of the values; nil for texts.
  fileprivate var kind: ColumnKind? {
    switch self {
    case .integer: .integer
    case .float, .number: .float
    case .boolean: .boolean
    case .dateTime: .dateTime
    case .skip, .coded, .text: nil
    }
  }
}
