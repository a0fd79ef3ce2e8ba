import Basics
import Yams

/// Reads a value file: what decisions are worth, in YAML.
///
/// ```yaml
/// currency: EUR
/// positive: "yes"          # the class whose label is 1; the second class if absent
/// unit: customer           # what a row is
/// actions:
///   call:
///     gain: 0.9 * amount * label
///     cost: 12
/// default: do nothing      # the action for rows not acted on; implied
/// capacity: 100 per day    # or "5 %", "2000 in total"
/// time: called_at          # the column by which days are counted
/// today: amount > 500      # today's practice
/// ```
public enum ValueFile {
  /// Larger files are refused.
  static let largest = 1 << 20

  private static let keys = ["currency", "positive", "unit", "actions", "default", "capacity", "time", "today"]

  /// Reads a file.
  ///
  /// - Throws: `file` if it cannot be read, `configuration` with line and place for a mistake in it.
  public static func read(_ path: String) throws -> ValueSpecification {
    let bytes = try FileAccess.read(path)
    guard bytes.count <= largest else {
      throw AssayError(.format, "the file is too large for a value file", at: path, remedy: "give at most 1 MiB")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw AssayError(.format, "the file is not UTF-8 text", at: path, remedy: "save it as UTF-8")
    }
    return try parse(text, name: path)
  }

  /// Reads the text of a value file.
  ///
  /// - Parameter name: the name of the file, for messages.
  /// - Throws: a `configuration` error with the line and place of the mistake.
  public static func parse(_ text: String, name: String = "value file") throws -> ValueSpecification {
    try parse(YamlEntries.root(of: text, file: name, hint: "name at least one action in it"), name: name)
  }

  /// Reads the value out of a larger file: the mapping below one of its keys.
  ///
  /// - Throws: a `configuration` error with the line and place of the mistake.
  package static func parse(
    _ node: Node, name: String, what: String = "the value file"
  ) throws -> ValueSpecification {
    let root = try YamlEntries(node, file: name, what: what, keys: keys)
    guard let actionsNode = root["actions"] else {
      throw AssayError(.configuration, "there is no \"actions\"", at: name, remedy: "name at least one action")
    }
    var actions: [ValueSpecification.Action] = []
    for (key, node) in try YamlEntries(actionsNode, file: name, what: "actions").pairs {
      actions.append(try action(key, node, name))
    }
    var capacity: Capacity?
    if let node = root["capacity"] {
      capacity = try Capacity(parsing: root.text(node, "capacity"), at: root.place(node, "capacity"))
    }
    do {
      return try ValueSpecification(
        actions: actions, first: root.text("default"), currency: root.text("currency") ?? "units",
        positive: root.text("positive"), unit: root.text("unit") ?? "row", time: root.text("time"),
        capacity: capacity, today: root.expression("today", "today's rule"))
    } catch let error as AssayError where error.place.isEmpty {
      throw AssayError(error.kind, error.problem, at: name, remedy: error.remedy)
    }
  }

  private static func action(_ name: String, _ node: Node, _ file: String) throws -> ValueSpecification.Action {
    if node.null != nil { return ValueSpecification.Action(name) }
    let entries = try YamlEntries(node, file: file, what: "the action \"\(name)\"", keys: ["gain", "cost"])
    return ValueSpecification.Action(
      name, gain: try entries.expression("gain", "gain of \"\(name)\""),
      cost: try entries.expression("cost", "cost of \"\(name)\""))
  }
}
