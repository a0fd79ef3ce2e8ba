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

  /// Reads the data of a project, or others for the same project.
  ///
  /// - Parameters:
  ///   - source: Another source than the project's, such as rows to predict.
  ///   - lacking: Fields that need not be there though they are required, such as what is predicted.
  /// - Throws: a `schema` error for a column that is not there or does not hold what the field needs, in the customer's
  ///   words.
  public init(
    _ project: Project, _ card: SolutionCard, source: String? = nil, lacking: Set<String> = [], threads: Int
  ) throws {
    let given = try TableReader.read(source ?? project.source, options: ReadOptions(), threads: threads)
    hash = given.contentHash()
    names = [:]
    var columns: [Column] = []
    for field in card.fields {
      guard let name = project.columns[field.name] else { continue }
      if lacking.contains(field.name), given[name] == nil { continue }
      columns.append(try Self.column(given.column(name), as: field))
      names[field.name] = name
    }
    let used = Set(names.values).union(project.excluded)
    for name in project.excluded { _ = try given.column(name) }
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
        throw AssayError(
          .schema, "there is no column \"\(name)\" that is no field", at: "settings, \(setting.name)",
          remedy: "\(setting.meaning); there are \(others.joined(separator: ", "))")
      }
    }
    if table.rowCount == 0 {
      throw AssayError(.data, "there are no rows", at: source ?? project.source, remedy: "give data with rows")
    }
  }

  /// Whether a field is there.
  public func has(_ field: String) -> Bool { names[field] != nil }

  /// The numbers of a field; nil where it is not there.
  public func numbers(_ field: String) -> [Double]? { has(field) ? table[field]?.numbers() : nil }

  private static func column(_ column: Column, as field: SolutionCard.Field) throws -> Column {
    var result = column
    do {
      switch field.kind {
      case .time: result = try column.converted(to: .dateTime)
      case .order:
        let isNumber = column.kind == .integer || column.kind == .float
        result = isNumber ? column : try column.converted(to: .dateTime)
      case .number:
        let isNumber = column.kind == .integer || column.kind == .float
        result = isNumber ? column : try column.converted(to: .float)
      case .truth: result = try truths(column)
      case .code: result = try column.converted(to: .category)
      }
    } catch let error as AssayError {
      throw AssayError(
        .schema, "\(field.name) must be \(field.kind.rawValue), but \(error.problem)", at: "column \"\(column.name)\"",
        remedy: "\(field.name) is \(field.meaning); correct the values, or name another column in solution.yaml")
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
