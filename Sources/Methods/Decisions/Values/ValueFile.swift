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
    let root = try YamlEntries(try compose(text, name), file: name, what: "the value file", keys: keys)
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

  private static func compose(_ text: String, _ name: String) throws -> Node {
    let quoting = "put an expression that holds : or # or begins with a quote or backtick in quotes"
    func failure(_ problem: String, _ mark: Mark, _ remedy: String) -> AssayError {
      AssayError(
        .configuration, problem, at: "\(name), line \(mark.line), column \(mark.column)", remedy: remedy)
    }
    do {
      guard let root = try Yams.compose(yaml: text) else {
        throw AssayError(.configuration, "the file is empty", at: name, remedy: "name at least one action in it")
      }
      return root
    } catch YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _) {
      throw failure("not valid YAML: \(problem)", mark, quoting)
    } catch YamlError.composer(_, let problem, let mark, _) {
      throw failure("not valid YAML: \(problem)", mark, "")
    } catch YamlError.duplicatedKeysInMapping(let duplicates, let context) {
      let names = duplicates.sorted().joined(separator: ", ")
      throw failure("the same name stands twice: \(names)", context.mark, "remove one of them")
    } catch let error as YamlError {
      throw AssayError(.configuration, "not valid YAML: \(error)".prefixed(200), at: name)
    }
  }
}

/// A YAML mapping with texts as keys.
private struct YamlEntries {
  let pairs: [(String, Node)]
  let file: String

  /// - Throws: a `configuration` error if the node is no mapping or, where `keys` are given, has another key.
  init(_ node: Node, file: String, what: String, keys: [String]? = nil) throws {
    self.file = file
    func place(_ node: Node) -> String { node.mark.map { "\(file), line \($0.line)" } ?? file }
    guard let mapping = node.mapping else {
      throw AssayError(
        .configuration, "\(what) is not a list of names with values", at: place(node),
        remedy: keys.map { "write lines such as \"\($0[0]): ...\"" } ?? "write lines such as \"name: ...\"")
    }
    pairs = try mapping.map { key, value in
      guard let name = key.scalar?.string else {
        throw AssayError(.configuration, "a name is not a plain text", at: place(key))
      }
      if let keys, !keys.contains(name) {
        let nearest = nearestName(to: name, among: keys) ?? ""
        throw AssayError(
          .configuration, "\(what) has no \"\(name)\"", at: place(key), remedy: "did you mean \"\(nearest)\"?")
      }
      return (name, value)
    }
  }

  subscript(key: String) -> Node? { pairs.first { $0.0 == key }?.1 }

  func place(_ node: Node, _ what: String) -> String {
    "\(file), line \(node.mark?.line ?? 1), \(what)"
  }

  /// The characters of a scalar as written, so that `yes` and `12` stay what they look like.
  func text(_ node: Node, _ what: String) throws -> String {
    guard let text = node.scalar?.string, !text.allSatisfy(\.isWhitespace) else {
      throw AssayError(.configuration, "the value is not a plain text", at: place(node, what))
    }
    return text
  }

  func text(_ key: String) throws -> String? { try self[key].map { try text($0, key) } }

  func expression(_ key: String, _ what: String) throws -> ValueExpression? {
    try self[key].map { try ValueExpression(try text($0, what), at: place($0, what)) }
  }
}

extension String {
  fileprivate func prefixed(_ count: Int) -> String { String(prefix(count)) }
}
