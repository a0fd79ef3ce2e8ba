import Basics
import Synchronization

/// A linear or mixed-integer program: variables with bounds, linear constraints, a linear objective.
///
/// ```swift
/// var program = LinearProgram(.maximize)
/// let x = program.variable("x", upper: 40)
/// let y = program.integer("y")
/// program.add(x + 2 * y <= 50.5, "time")
/// program.objective = 3 * x + 5 * y
/// let solution = try program.optimum()
/// ```
///
/// What is not a number, infinite where it may not be, or of another program is found when the program is solved.
public struct LinearProgram: Sendable {
  /// Whether the objective should be small or large.
  public enum Sense: String, Sendable, Hashable, Codable {
    /// The least value is wanted.
    case minimize
    /// The greatest value is wanted.
    case maximize
  }

  /// Which values a variable takes between its bounds.
  public enum Kind: String, Sendable, Hashable, Codable {
    /// All real numbers.
    case continuous
    /// The whole numbers.
    case integer
  }

  /// A variable's declaration.
  struct Column: Sendable {
    var name: String
    var lower: Double
    var upper: Double
    var kind: Kind
  }

  /// A constraint with the constant brought to the right; the terms lie in the arrays of the program.
  struct Row: Sendable {
    var name: String
    var lower: Double
    var upper: Double
  }

  private static let programs = Atomic<UInt64>(0)

  /// Whether the objective is minimised or maximised.
  public var sense: Sense
  /// What is minimised or maximised; 0 asks for any solution.
  public var objective = LinearExpression()
  let identity: UInt64
  var columns: [Column] = []
  var rows: [Row] = []
  /// The terms of row r are at `starts[r] ..< starts[r + 1]`, each variable at most once, ascending.
  var starts: [Int32] = [0]
  var indices: [Int32] = []
  var coefficients: [Double] = []
  /// The first mistake of a constraint, kept until the program is solved: operators cannot throw.
  var mistake: AssayError?

  /// A program without variables and constraints.
  public init(_ sense: Sense = .minimize) {
    self.sense = sense
    identity = LinearProgram.programs.wrappingAdd(1, ordering: .relaxed).newValue
  }

  /// The number of variables.
  public var variableCount: Int { columns.count }
  /// The number of constraints.
  public var constraintCount: Int { rows.count }
  /// The number of terms in the constraints.
  public var termCount: Int { indices.count }
  /// Whether a variable must be whole.
  public var hasIntegers: Bool { columns.contains { $0.kind == .integer } }

  /// The variables in the order in which they were added.
  public var variables: [Variable] { columns.indices.map { Variable(index: $0, program: identity) } }
  /// The constraints in the order in which they were added.
  public var constraints: [Constraint] { rows.indices.map { Constraint(index: $0, program: identity) } }

  /// Adds a variable.
  ///
  /// - Parameters:
  ///   - name: For messages; "variable 7" where it is empty.
  ///   - lower: The least value; 0 by default, minus infinity for none.
  ///   - upper: The greatest value; infinity, for none, by default.
  @discardableResult
  public mutating func variable(
    _ name: String = "", lower: Double = 0, upper: Double = .infinity, _ kind: Kind = .continuous
  ) -> Variable {
    columns.append(Column(name: name, lower: lower, upper: upper, kind: kind))
    return Variable(index: columns.count - 1, program: identity)
  }

  /// Adds a variable that takes whole numbers.
  @discardableResult
  public mutating func integer(_ name: String = "", lower: Double = 0, upper: Double = .infinity) -> Variable {
    variable(name, lower: lower, upper: upper, .integer)
  }

  /// Adds a variable that is 0 or 1.
  @discardableResult
  public mutating func binary(_ name: String = "") -> Variable { variable(name, lower: 0, upper: 1, .integer) }

  /// Adds a constraint.
  ///
  /// - Parameter name: For messages; "constraint 7" where it is empty.
  @discardableResult
  public mutating func add(_ constraint: LinearConstraint, _ name: String = "") -> Constraint {
    let shift = constraint.expression.constant
    rows.append(Row(name: name, lower: constraint.lower - shift, upper: constraint.upper - shift))
    do throws(AssayError) {
      for (column, coefficient) in try merged(constraint.expression) {
        indices.append(column)
        coefficients.append(coefficient)
      }
      guard shift.isFinite else { throw LinearProgram.notFinite("the constant is \(shift)") }
    } catch {
      if mistake == nil { mistake = error.at(nameOfConstraint(rows.count - 1)) }
    }
    starts.append(Int32(indices.count))
    return Constraint(index: rows.count - 1, program: identity)
  }

  /// Changes the bounds of a variable.
  public mutating func setBounds(of variable: Variable, lower: Double, upper: Double) {
    requireOwn(variable)
    columns[variable.index].lower = lower
    columns[variable.index].upper = upper
  }

  /// The variable's name as messages have it.
  public func name(of variable: Variable) -> String {
    requireOwn(variable)
    return nameOfVariable(variable.index)
  }

  /// The constraint's name as messages have it.
  public func name(of constraint: Constraint) -> String {
    requireOwn(constraint)
    return nameOfConstraint(constraint.index)
  }

  /// The same program with every variable continuous.
  public var relaxation: LinearProgram {
    var copy = self
    for index in copy.columns.indices { copy.columns[index].kind = .continuous }
    return copy
  }

  func nameOfVariable(_ index: Int) -> String {
    columns[index].name.isEmpty ? "variable \(index + 1)" : columns[index].name
  }

  func nameOfConstraint(_ index: Int) -> String {
    rows[index].name.isEmpty ? "constraint \(index + 1)" : rows[index].name
  }

  func requireOwn(_ variable: Variable) {
    require(
      variable.program == identity && variable.index < columns.count, "LinearProgram",
      "the variable belongs to another program")
  }

  func requireOwn(_ constraint: Constraint) {
    require(
      constraint.program == identity && constraint.index < rows.count, "LinearProgram",
      "the constraint belongs to another program")
  }
}
