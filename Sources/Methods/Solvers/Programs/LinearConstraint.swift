/// A relation that a solution must keep: lower <= expression <= upper. Comparisons of operands make it.
public struct LinearConstraint: Sendable {
  /// The weighted sum; its constant belongs to it.
  public let expression: LinearExpression
  /// The least value, or minus infinity.
  public let lower: Double
  /// The greatest value, or infinity.
  public let upper: Double

  /// A relation with one or two bounds.
  public init(_ expression: LinearExpression, lower: Double = -.infinity, upper: Double = .infinity) {
    self.expression = expression
    self.lower = lower
    self.upper = upper
  }
}

/// A constraint of a `LinearProgram`, as its builder returns it.
public struct Constraint: Sendable, Hashable {
  /// The constraint's number in its program, from 0.
  public let index: Int
  /// Tells programs apart, so that a constraint of another one is found out.
  let program: UInt64
}

/// The left side is at most the right side.
public func <= (left: some LinearOperand, right: some LinearOperand) -> LinearConstraint {
  LinearConstraint(left - right, upper: 0)
}

/// The operand is at most the number.
public func <= (left: some LinearOperand, right: Double) -> LinearConstraint {
  LinearConstraint(left.expression, upper: right)
}

/// The number is at most the operand.
public func <= (left: Double, right: some LinearOperand) -> LinearConstraint {
  LinearConstraint(right.expression, lower: left)
}

/// The left side is at least the right side.
public func >= (left: some LinearOperand, right: some LinearOperand) -> LinearConstraint {
  LinearConstraint(left - right, lower: 0)
}

/// The operand is at least the number.
public func >= (left: some LinearOperand, right: Double) -> LinearConstraint {
  LinearConstraint(left.expression, lower: right)
}

/// The number is at least the operand.
public func >= (left: Double, right: some LinearOperand) -> LinearConstraint {
  LinearConstraint(right.expression, upper: left)
}

/// Both sides are equal.
public func == (left: some LinearOperand, right: some LinearOperand) -> LinearConstraint {
  LinearConstraint(left - right, lower: 0, upper: 0)
}

/// The operand equals the number.
public func == (left: some LinearOperand, right: Double) -> LinearConstraint {
  LinearConstraint(left.expression, lower: right, upper: right)
}

/// The number equals the operand.
public func == (left: Double, right: some LinearOperand) -> LinearConstraint { right == left }
