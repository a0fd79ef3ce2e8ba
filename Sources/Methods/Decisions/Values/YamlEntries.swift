import Basics
import Yams

/// A YAML mapping with texts as keys.
package struct YamlEntries {
  package let pairs: [(String, Node)]
  package let file: String

  /// - Throws: a `configuration` error if the node is no mapping or, where `keys` are given, has another key.
  package init(_ node: Node, file: String, what: String, keys: [String]? = nil) throws {
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
        let nearest = nearestName(to: name, among: keys)
        throw AssayError(
          .configuration, "\(what) has no \"\(name)\"", at: place(key),
          remedy: nearest.map { "did you mean \"\($0)\"?" } ?? listed(keys))
      }
      return (name, value)
    }
  }

  package subscript(key: String) -> Node? { pairs.first { $0.0 == key }?.1 }

  package func place(_ node: Node, _ what: String) -> String {
    "\(file), line \(node.mark?.line ?? 1), \(what)"
  }

  /// The characters of a scalar as written, so that `yes` and `12` stay what they look like.
  package func text(_ node: Node, _ what: String) throws -> String {
    guard let text = node.scalar?.string, !text.allSatisfy(\.isWhitespace) else {
      throw AssayError(.configuration, "the value is not a plain text", at: place(node, what))
    }
    return text
  }

  package func text(_ key: String) throws -> String? { try self[key].map { try text($0, key) } }

  package func expression(_ key: String, _ what: String) throws -> ValueExpression? {
    try self[key].map { try ValueExpression(try text($0, what), at: place($0, what)) }
  }

  /// The root of a file's text.
  ///
  /// - Parameter hint: What an empty file should hold.
  /// - Throws: a `configuration` error with the line and column of what is no YAML.
  package static func root(of text: String, file name: String, hint: String) throws -> Node {
    let quoting = "put an expression that holds : or # or begins with a quote or backtick in quotes"
    func failure(_ problem: String, _ mark: Mark, _ remedy: String) -> AssayError {
      AssayError(
        .configuration, problem, at: "\(name), line \(mark.line), column \(mark.column)", remedy: remedy)
    }
    do {
      guard let root = try Yams.compose(yaml: text) else {
        throw AssayError(.configuration, "the file is empty", at: name, remedy: hint)
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
      throw AssayError(.configuration, String("not valid YAML: \(error)".prefix(200)), at: name)
    }
  }
}
