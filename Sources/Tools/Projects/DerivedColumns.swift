import Basics
import Decisions
import Foundation
import Tables

/// Columns worked out from others, as a project's settings say: what physics or experience knows of the data.
///
/// `` power = `Torque [Nm]` * speed * 0.105; heat = process - air ``: names with expressions as in value files, separated
/// by semicolons; a later one may use an earlier one.
public struct DerivedColumns: Sendable, Hashable {
  /// A column with the formula of its values.
  public struct Formula: Sendable, Hashable {
    /// The column.
    public let name: String
    /// The value of each row.
    public let expression: ValueExpression
  }

  /// The columns, in the order in which they are worked out.
  public let formulas: [Formula]

  /// Their names.
  public var names: [String] { formulas.map(\.name) }

  /// Reads formulas.
  ///
  /// - Parameters:
  ///   - text: As above; empty for none.
  ///   - place: Where it stands, for messages.
  /// - Throws: a `configuration` error for what is no formula.
  public init(_ text: String, at place: String) throws {
    formulas = try Self.parts(text).map { part in
      guard let cut = part.firstIndex(of: "=") else {
        throw AssayError(
          .configuration, "\"\(part)\" is no formula", at: place,
          remedy: "write a name, =, and an expression, such as power = torque * speed")
      }
      let name = part[..<cut].trimmingCharacters(in: CharacterSet(charactersIn: "` \t\n"))
      guard !name.isEmpty else {
        throw AssayError(.configuration, "\"\(part)\" names no column before =", at: place)
      }
      return Formula(
        name: name, expression: try ValueExpression(String(part[part.index(after: cut)...]), at: "\(place), \(name)"))
    }
  }

  /// The texts between semicolons that stand in no quotes.
  private static func parts(_ text: String) -> [String] {
    var parts = [""]
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil }
      } else if "\"'`".contains(character) {
        quote = character
      }
      if character == ";", quote == nil { parts.append("") } else { parts[parts.count - 1].append(character) }
    }
    return parts.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { !$0.isEmpty }
  }

  /// A table with the columns added; a value that cannot be worked out, such as a division by 0, is missing.
  ///
  /// - Parameter hidden: Columns that no formula may use, with the reason.
  /// - Throws: a `configuration` error for a name that is there already, a column that is not there or is hidden, and a
  ///   formula that gives a text.
  public func adding(to table: Table, hidden: [String: String] = [:]) throws -> Table {
    var table = table
    for formula in formulas {
      if table[formula.name] != nil {
        throw AssayError(
          .configuration, "there is a column \"\(formula.name)\" already", at: formula.expression.place,
          remedy: "give what is worked out another name")
      }
      for column in formula.expression.columns {
        if let reason = hidden[column] {
          throw AssayError(
            .configuration, "\"\(formula.name)\" uses \"\(column)\", which \(reason)", at: formula.expression.place,
            remedy: "use columns that are known when the decision is taken")
        }
      }
      let values = try formula.expression.values(
        over: table, scope: ExpressionScope(table: table), labels: .assumed(0), predictions: nil)
      table = try table.setting(Column(formula.name, .float(values.map { $0.isFinite ? $0 : .nan })))
    }
    return table
  }
}
