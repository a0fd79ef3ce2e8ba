import Basics

/// What a first reading of a source finds: the kinds and levels of all columns.
struct SourceSurvey {
  /// Opens the source again, to read by what was found.
  let open: () throws -> any PieceSource
  private(set) var rowCount = 0
  private var columns: [ColumnSurvey]
  private let names: [String]

  init(_ source: String, options: ReadOptions, threads: Int) throws {
    if options.sql == nil, !source.hasPrefix("sql:") {
      let (paths, part) = try TableReader.files(source)
      switch try TableReader.format(paths) {
      case .delimited:
        self = try SourceSurvey.delimited(paths, options, threads)
        return
      case .sqlite:
        let table = try paths.dropFirst().reduce(
          SQLiteReader.read(path: paths[0], table: part, options: options)
        ) { try $0.appending(SQLiteReader.read(path: $1, table: part, options: options)) }
        try self.init(options) { TableSlices(table) }
        return
      case .json, .parquet: break
      }
    }
    let database = try DuckDB(threads: threads)
    let sql: String
    if source.hasPrefix("sql:"), options.sql == nil {
      sql = String(source.dropFirst(4))
    } else {
      try database.define("data", source, threads: threads)
      sql = options.sql ?? "SELECT * FROM data"
    }
    try self.init(options) {
      try DuckDB.placing(source) {
        try QueryChunks(database: database, sql: sql, options: options, threads: threads)
      }
    }
  }

  private init(_ options: ReadOptions, open: @escaping () throws -> any PieceSource) throws {
    self.open = open
    let source = try open()
    names = source.names
    columns = names.map { _ in ColumnSurvey() }
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
    func reader(_ tasks: [Int: FieldTask]?) throws -> DelimitedReader {
      try DelimitedReader(paths: paths, options: options, threads: threads, encodings: encodings, tasks: tasks)
    }
    let first = try reader(nil)
    var survey = try SourceSurvey(options) { first }
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
    // A piece must not become text because its own levels are many.
    let found = tasks
    return SourceSurvey(survey) { try reader(found) }
  }

  private init(names: [String], open: @escaping () throws -> any PieceSource) {
    self.names = names
    self.open = open
    columns = names.map { _ in ColumnSurvey() }
  }

  private init(_ other: SourceSurvey, open: @escaping () throws -> any PieceSource) {
    self = SourceSurvey(names: other.names, open: open)
    columns = other.columns
    rowCount = other.rowCount
  }

  /// The columns with their kinds by the rules of the options.
  func schema(_ options: ReadOptions) -> Schema {
    let limit = options.categoryLimit(rows: rowCount)
    return Schema(
      fields: zip(names, columns).map { name, column in
        var kind = column.kind ?? .float
        if kind == .text {
          kind = options.kinds[name] ?? (column.levels.map { $0.count <= limit } == true ? .category : .text)
        }
        let levels = kind == .category ? column.levels : nil
        return Schema.Field(
          name: name, kind: kind, levels: levels.map { levels in (0..<levels.count).map { levels.text($0) } })
      })
  }
}

/// What the pieces of a column have shown.
private struct ColumnSurvey {
  /// The kind so far; `text` for texts and categories alike.
  var kind: ColumnKind?
  /// The distinct texts; nil once they are too many for a category.
  var levels: ByteDictionary? = ByteDictionary()
  /// The tasks that all texts fit; nil if that is not asked for.
  var viable: [FieldTask]?

  mutating func add(_ values: ColumnValues, limit: Int) {
    let column = Column("", values)
    switch (kind, column.kind) {
    case (nil, .category), (.text, .category): kind = .text
    case (nil, let other): kind = other
    case (.integer, .float): kind = .float
    default: break
    }
    guard kind == .text else { return }
    switch values {
    case .category(let values):
      for level in values.levels {
        var level = level
        level.withUTF8 { note($0, limit) }
      }
    case .text(let values):
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
