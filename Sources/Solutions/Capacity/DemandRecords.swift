import Basics
import Projects
import Tables
import TimeSeries

/// The rows of the data by series, with the columns that are known in advance.
struct DemandRecords {
  /// One per series, by its path; the columns are those of `drivers`, then the holidays where they are a field.
  let records: [RecordedPanel.Records]
  /// The regions and names of the series, in the same order.
  let paths: [[String]]
  /// The rows of each series, from 0, in the order of the data.
  let rows: [[Int]]
  /// The names of the columns that are drivers.
  let drivers: [String]
  /// Whether the data say which moments are holidays.
  let hasHolidays: Bool

  init(_ project: Project, _ data: ProjectData) throws {
    guard let times = data.numbers("time"), var demand = data.numbers("demand") else {
      throw AssayError(.data, "there is no time or no demand", at: project.source)
    }
    if let unserved = data.numbers("unserved") {
      for row in demand.indices where unserved[row] == 1 { demand[row] = .nan }
    }
    drivers = try Self.driverNames(project, data)
    hasHolidays = data.has("holiday")
    var columns = drivers.compactMap { data.table[$0]?.numbers() }
    if let holidays = data.numbers("holiday") { columns.append(holidays) }
    var groups: [[String]: [Int]] = [:]
    let names = ["region", "series"].compactMap { data.table[$0] }
    for row in times.indices {
      guard !times[row].isNaN else {
        throw AssayError(
          .data, "row \(row + 1) has no time", at: "column \"\(data.names["time"] ?? "time")\"",
          remedy: "fill it in, or remove the row")
      }
      groups[names.map { $0.text(at: row) ?? "(none)" }, default: []].append(row)
    }
    paths = groups.keys.sorted { $0.lexicographicallyPrecedes($1) }
    rows = paths.map { groups[$0] ?? [] }
    records = zip(paths, rows).map { path, rows in
      RecordedPanel.Records(
        path.isEmpty ? "demand" : path.joined(separator: " / "), moments: rows.map { Int(times[$0]) },
        values: rows.map { demand[$0] }, columns: columns.map { column in rows.map { column[$0] } })
    }
  }

  /// The columns that the project names as drivers.
  private static func driverNames(_ project: Project, _ data: ProjectData) throws -> [String] {
    let names = project.settings.list("drivers")
    for name in names {
      switch try data.table.column(name).kind {
      case .integer, .float, .boolean: continue
      default:
        throw AssayError(
          .schema, "the driver \"\(name)\" holds no numbers", at: "\(project.path(Project.fileName)), drivers",
          remedy: "give it as a number, such as a price, or 1 and 0 for yes and no")
      }
    }
    return names
  }
}
