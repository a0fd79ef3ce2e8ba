import Basics

/// What solving a program came to.
public struct Solution: Sendable {
  /// How it ended.
  public enum Status: String, Sendable, Hashable, Codable {
    /// The solution is optimal within the tolerances.
    case optimal
    /// A limit or an interruption ended the search; there is a solution, perhaps not the best.
    case feasible
    /// No values keep all constraints.
    case infeasible
    /// The objective can become as good as one likes.
    case unbounded
    /// A limit or an interruption ended the search before there was a solution.
    case unknown
  }

  /// What ended the search early.
  public enum Limit: String, Sendable, Hashable, Codable {
    /// The time limit.
    case time
    /// The `Interruption`.
    case interruption
    /// The solver's own limits, such as lack of progress.
    case solver
  }

  /// How it ended.
  public let status: Status
  /// What ended it early; nil if nothing did.
  public let limit: Limit?
  /// The objective's value; nil without a solution.
  public let objective: Double?
  /// The values of the variables in their order; empty without a solution. Integer variables are rounded to whole
  /// numbers.
  public let values: [Double]
  /// Per constraint, how much the objective changes when its bound rises by 1; empty for mixed-integer programs and
  /// where the solution is not optimal.
  public let duals: [Double]
  /// Per variable, how much the objective changes when its value is moved up by 1 from the bound where it is; empty
  /// like `duals`.
  public let reducedCosts: [Double]
  /// What no solution can be better than; for an optimal linear program the objective. Nil if it is not known.
  public let bound: Double?
  /// The nodes of the search tree that were looked at; 0 for linear programs.
  public let nodes: Int
  /// Seconds of wall-clock time.
  public let seconds: Double
  let program: UInt64

  /// Whether there are values.
  public var hasValues: Bool { status == .optimal || status == .feasible }

  /// |objective - bound| / max(|objective|, 1e-10); nil if one of them is not known, 0 for an optimal linear program.
  public var relativeGap: Double? {
    guard let objective, let bound, bound.isFinite else { return nil }
    return abs(objective - bound) / max(abs(objective), 1e-10)
  }

  /// The value of a variable of the program that was solved, or of a copy of it with the same variables.
  public subscript(variable: Variable) -> Double {
    require(
      variable.program == program && variable.index < values.count, "Solution",
      values.isEmpty ? "there are no values: \(status.rawValue)" : "the variable belongs to another program")
    return values[variable.index]
  }

  /// The value of an expression in variables of the program.
  public func value(of operand: some LinearOperand) -> Double {
    let expression = operand.expression
    return expression.terms.reduce(expression.constant) { $0 + $1.coefficient * self[$1.variable] }
  }

  /// The dual value of a constraint.
  public func dual(of constraint: Constraint) -> Double {
    require(
      constraint.program == program && constraint.index < duals.count, "Solution",
      duals.isEmpty ? "there are no duals" : "the constraint belongs to another program")
    return duals[constraint.index]
  }

  /// The reduced cost of a variable.
  public func reducedCost(of variable: Variable) -> Double {
    require(
      variable.program == program && variable.index < reducedCosts.count, "Solution",
      reducedCosts.isEmpty ? "there are no reduced costs" : "the variable belongs to another program")
    return reducedCosts[variable.index]
  }
}
