import Basics
import Decisions
import Foundation
import Tables

/// A customer's folder with `solution.yaml`: which solution, which data, which of their columns is what, which settings
/// and what the decision is worth.
public struct Project: Sendable {
  /// The name of the file in a project's folder.
  public static let fileName = "solution.yaml"

  /// The folder.
  public var folder: String
  /// The name of the solution.
  public var solution: String
  /// The data, as given: a file in the folder or elsewhere, a glob, or `sql:SELECT ...`.
  public var data: String
  /// The customer's column of each field that they have.
  public var columns: [String: String]
  /// Where the column of each field is named: "shop/solution.yaml, line 9".
  public var places: [String: String] = [:]
  /// How dates such as 03/04/2025 are read where a whole column can be read either way; nil looks at the data.
  public var dateOrder: DateOrder?
  /// Columns that are left out.
  public var excluded: [String]
  /// The settings.
  public var settings: SettingValues
  /// The amounts that the decision is worth by, where the solution takes amounts.
  public var amounts: SettingValues
  /// What actions earn and cost, where the solution takes actions.
  public var value: ValueSpecification?

  /// Where the data are: a relative path is taken from the project's folder.
  public var source: String {
    if data.hasPrefix("sql:") || data.hasPrefix("/") { return data }
    return folder + "/" + data
  }

  /// The path of a file in the folder.
  public func path(_ name: String) -> String { folder + "/" + name }

  private static let keys = ["solution", "data", "dates", "columns", "exclude", "settings", "value"]

  /// Reads a project.
  ///
  /// - Parameters:
  ///   - folder: A folder with `solution.yaml`.
  ///   - solutions: The solutions there are.
  /// - Throws: a `file` error without such a file, a `configuration` error with line and place for a mistake in it.
  public static func open(
    _ folder: String, among solutions: [any Solution]
  ) throws -> (project: Project, solution: any Solution) {
    let path = folder + "/" + fileName
    guard FileManager.default.fileExists(atPath: path) else {
      throw AssayError(
        .file, "there is no \(fileName) in the folder", at: folder,
        remedy: "make one with: assay new \(solutions.first?.card.name ?? "NAME") \(folder)")
    }
    let bytes = try FileAccess.read(path)
    guard bytes.count <= 1 << 20, let text = String(validating: bytes, as: UTF8.self) else {
      throw AssayError(.format, "the file is not UTF-8 text of at most 1 MiB", at: path, remedy: "save it as UTF-8")
    }
    return try parse(text, folder: folder, name: path, among: solutions)
  }

  /// Reads the text of a project's file.
  ///
  /// - Throws: a `configuration` error with line and place for a mistake in it.
  public static func parse(
    _ text: String, folder: String, name: String, among solutions: [any Solution]
  ) throws -> (project: Project, solution: any Solution) {
    let root = try YamlEntries(
      YamlEntries.root(of: text, file: name, hint: "make a new project with: assay new"), file: name,
      what: "the project file", keys: keys)
    func missing(_ key: String, _ remedy: String) -> AssayError {
      AssayError(.configuration, "there is no \"\(key)\"", at: name, remedy: remedy)
    }
    let names = solutions.map(\.card.name)
    guard let wanted = try root.text("solution") else {
      throw missing("solution", "name one of \(names.joined(separator: ", "))")
    }
    guard let solution = solutions.first(where: { $0.card.name == wanted }) else {
      throw AssayError(
        .configuration, "there is no solution \"\(wanted)\"", at: root.place(root["solution"]!, "solution"),
        remedy: "name one of \(names.joined(separator: ", "))")
    }
    guard let data = try root.text("data") else { throw missing("data", "name the file with the data") }
    let card = solution.card
    var columns: [String: String] = [:]
    var places: [String: String] = [:]
    if let node = root["columns"], node.null == nil {
      let entries = try YamlEntries(node, file: name, what: "columns", keys: card.fields.map(\.name))
      for (field, value) in entries.pairs where value.null == nil {
        let column = try entries.text(value, field)
        if let earlier = columns.first(where: { $0.value == column })?.key {
          throw AssayError(
            .configuration, "the column \"\(column)\" is named for \(field) and for \(earlier)",
            at: entries.place(value, field), remedy: "name it for one of them; take the other line out")
        }
        columns[field] = column
        places[field] = entries.place(value, field)
      }
    }
    let settings = try SettingValues(card.settings, node: root["settings"], file: name, what: "settings")
    for field in card.fields where field.isRequired(settings) && columns[field.name] == nil {
      let need = field.condition.map { "; it is needed with \($0.words)" } ?? ""
      throw AssayError(
        .configuration, "no column is named for \"\(field.name)\": \(field.meaning)\(need)", at: "\(name), columns",
        remedy: "write a line \"\(field.name): your column\"; it must hold \(field.kind.rawValue)")
    }
    let excluded = try root.text("exclude") ?? ""
    var value: ValueSpecification?
    var amounts = SettingValues([])
    switch card.value {
    case .actions:
      if let node = root["value"], node.null == nil {
        value = try ValueFile.parse(node, name: name, what: "the value")
      }
    case .amounts(let settings):
      amounts = try SettingValues(settings, node: root["value"], file: name, what: "value")
    }
    var project = Project(
      folder: folder, solution: wanted, data: data, columns: columns,
      excluded: excluded.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) },
      settings: settings, amounts: amounts, value: value)
    project.places = places
    project.dateOrder = try root.text("dates").map { text in
      guard let order = DateOrder(rawValue: text) else {
        throw AssayError(
          .configuration, "\"\(text)\" is no order of dates", at: root.place(root["dates"]!, "dates"),
          remedy: "write day-first or month-first")
      }
      return order
    }
    return (project, solution)
  }
}
