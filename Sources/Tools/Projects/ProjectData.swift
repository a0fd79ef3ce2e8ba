import Basics
import Tables

/// A project's data under the solution's names.
public struct ProjectData: Sendable {
  /// The rows: fields under their own names and kinds, the customer's other columns as they are.
  public var table: Table
  /// The customer's other columns.
  public var others: [String]
  /// The customer's name of each field that is there.
  public var names: [String: String]
  /// SHA-256 of the columns.
  public var hash: String

  /// How dates were read that can be read day first and month first, by the customer's name of the column.
  public var dates: [String: DateReading]
  /// Fields that the project names a column for, which is not among the data.
  public var absent: [String]
  private let available: [String]

  /// Reads the data of a project, or others for the same project.
  ///
  /// - Parameters:
  ///   - source: Another source than the project's, such as rows to predict.
  ///   - lacking: Fields that need not be there though they are required, such as what is predicted.
  ///   - orders: How the dates of the project's data were read, by column: those of new rows are read alike.
  /// - Throws: a `schema` error for a column that is not there or does not hold what the field needs, in the customer's
  ///   words.
  public init(
    _ project: Project, _ card: SolutionCard, source: String? = nil, lacking: Set<String> = [],
    orders: [String: DateOrder] = [:], threads: Int
  ) throws {
    var options = ReadOptions()
    options.dateOrder = project.dateOrder
    if !orders.isEmpty { options.dateOrders = orders }
    let given = try TableReader.read(source ?? project.source, options: options, threads: threads)
    hash = given.contentHash()
    available = given.names
    names = [:]
    absent = []
    dates = [:]
    for column in given.columns { dates[column.name] = column.dates }
    var columns: [Column] = []
    for field in card.fields {
      guard let name = project.columns[field.name] else { continue }
      guard let column = given[name] else {
        if lacking.contains(field.name) {
          absent.append(field.name)
          continue
        }
        throw Self.missing(name, project.places[field.name] ?? Project.fileName, given)
      }
      let found = try Self.column(column, as: field, place: project.places[field.name], options: options)
      if dates[name] == nil { dates[name] = found.dates }
      columns.append(found)
      names[field.name] = name
    }
    let used = Set(names.values).union(project.excluded)
    // New rows need not have what is not used.
    if lacking.isEmpty {
      for name in project.excluded where given[name] == nil {
        throw Self.missing(name, "\(project.path(Project.fileName)), exclude", given)
      }
    }
    others = []
    for column in given.columns where !used.contains(column.name) {
      // A column that bears a field's name but is not that field would be mistaken for it.
      var kept = column
      if card.field(column.name) != nil { kept.name = "\(column.name) (as given)" }
      others.append(kept.name)
      columns.append(kept)
    }
    table = try Table(columns)
    for setting in card.settings where lacking.isEmpty {
      guard case .columns = setting.kind else { continue }
      for name in project.settings.list(setting.name) where table[name] == nil {
        let place = project.settings.place(setting.name)
        if let field = names.first(where: { $0.value == name })?.key {
          throw AssayError(
            .schema, "the column \"\(name)\" is the field \(field)", at: place,
            remedy: "name columns that are no fields: \(others.joined(separator: ", "))")
        }
        throw AssayError(
          .schema, "there is no column \"\(name)\" that is no field", at: place,
          remedy: "\(setting.meaning); "
            + (nearName(to: name, among: others).map { "did you mean \"\($0)\"?" }
              ?? "there are \(others.joined(separator: ", "))"))
      }
    }
    if table.rowCount == 0 {
      throw AssayError(.data, "there are no rows", at: source ?? project.source, remedy: "give data with rows")
    }
  }

  private static func missing(_ column: String, _ place: String, _ table: Table) -> AssayError {
    AssayError(
      .schema, "there is no column \"\(column)\" in the data", at: place, remedy: table.remedy(for: column))
  }

  /// What went wrong with new rows, in the customer's words: a field that they lack is told by the column that it should
  /// come from.
  ///
  /// - Parameter source: The rows, for the message.
  public func explained(_ error: any Error, _ project: Project, source: String) -> any Error {
    guard let problem = (error as? AssayError)?.problem,
      let field = absent.first(where: { problem.contains("\"\($0)\"") }), let name = project.columns[field]
    else { return error }
    let near = nearName(to: name, among: available).map { "did you mean \"\($0)\"?" }
    let place = project.places[field] ?? Project.fileName
    return AssayError(
      .schema, "there is no column \"\(name)\", which was used as \(field)", at: source,
      remedy: near ?? "give the columns that \(place) names")
  }

  /// What to know of dates that were read by a guess.
  public var dateFindings: [ProjectFinding] {
    let own = dates.filter { $0.value.isGuess }.sorted { $0.key < $1.key }
    return own.map { name, reading in
      ProjectFinding(
        .warning, "column \"\(name)\": \(reading.words)",
        remedy: "if that is wrong, write \"dates: \(reading.order.other.rawValue)\" into \(Project.fileName); if it is "
          + "right, \"dates: \(reading.order.rawValue)\"; or give dates such as 2025-12-31")
    }
  }

  /// Whether a field is there.
  public func has(_ field: String) -> Bool { names[field] != nil }

  /// The numbers of a field; nil where it is not there.
  public func numbers(_ field: String) -> [Double]? { has(field) ? table[field]?.numbers() : nil }

  private static func column(
    _ column: Column, as field: SolutionCard.Field, place: String?, options: ReadOptions
  ) throws -> Column {
    var result = column
    var accepted = ""
    func time() throws -> Column { try column.dateTimes(order: options.dateOrders?[column.name] ?? options.dateOrder) }
    do {
      switch field.kind {
      case .time: result = try time()
      case .order:
        let isNumber = column.kind == .integer || column.kind == .float
        result = isNumber ? column : try time()
      case .number:
        let isNumber = column.kind == .integer || column.kind == .float
        result = isNumber ? column : try column.converted(to: .float)
      case .truth:
        accepted = " (\(Column.acceptedTruths); empty where it is not known)"
        result = try truths(column)
      case .code: result = try column.converted(to: .category)
      }
    } catch let error as AssayError {
      throw AssayError(
        .schema, "\(field.name) must be \(field.kind.rawValue)\(accepted), but \(error.problem)",
        at: "column \"\(column.name)\"",
        remedy: "\(field.name) is \(field.meaning); correct the values, or name another column in "
          + (place ?? Project.fileName))
    }
    result.name = field.name
    return result
  }

  /// Truth values as 0 and 1.
  private static func truths(_ column: Column) throws -> Column {
    let truths = try column.converted(to: .boolean)
    guard case .boolean(let values) = truths.values else { return truths }
    return Column(column.name, .integer(values.map { $0 < 0 ? Column.missingInteger : Int64($0) }))
  }
}
