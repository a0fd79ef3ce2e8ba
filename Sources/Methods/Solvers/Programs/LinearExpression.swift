import Basics

/// A variable of a `LinearProgram`, as its builder returns it.
///
/// It is a name for a place in one program and in the copies of that program; it carries no value.
public struct Variable: Sendable, Hashable {
  /// The variable's number in its program, from 0.
  public let index: Int
  /// Tells programs apart, so that a variable of another one is found out.
  let program: UInt64
}

/// What a linear expression can be made of: a variable or an expression.
public protocol LinearOperand: Sendable {
  /// The operand as an expression.
  var expression: LinearExpression { get }
}

/// A weighted sum of variables and a constant, written as mathematics: `3 * x + 2 * y - 5`.
///
/// A variable may occur several times; its coefficients are added when the expression enters a program. An expression of
/// thousands of terms is made by `add(_:_:)` in a loop, which takes constant time per term.
public struct LinearExpression: LinearOperand {
  /// The terms as they were added.
  public private(set) var terms: [(variable: Variable, coefficient: Double)]
  /// What is added to the terms.
  public var constant: Double

  /// An expression without terms.
  public init(_ constant: Double = 0) {
    terms = []
    self.constant = constant
  }

  /// The sum of coefficients times variables; the sequences have the same length.
  public init(_ coefficients: [Double], _ variables: [Variable], constant: Double = 0) {
    require(
      coefficients.count == variables.count, "LinearExpression",
      "\(coefficients.count) coefficients for \(variables.count) variables")
    terms = zip(variables, coefficients).map { ($0, $1) }
    self.constant = constant
  }

  /// The expression itself.
  public var expression: LinearExpression { self }

  /// Adds one term.
  public mutating func add(_ coefficient: Double, _ variable: Variable) { terms.append((variable, coefficient)) }

  /// Adds an expression times a factor.
  public mutating func add(_ factor: Double, _ other: LinearExpression) {
    terms.reserveCapacity(terms.count + other.terms.count)
    for term in other.terms { terms.append((term.variable, factor * term.coefficient)) }
    constant += factor * other.constant
  }

  /// The expression times a factor.
  func scaled(by factor: Double) -> LinearExpression {
    var result = LinearExpression()
    result.add(factor, self)
    return result
  }
}

extension Variable: LinearOperand {
  /// The variable with coefficient 1.
  public var expression: LinearExpression { LinearExpression([1], [self]) }
}

/// The sum of operands; 0 if there are none.
public func sum(_ operands: some Sequence<some LinearOperand>) -> LinearExpression {
  var total = LinearExpression()
  for operand in operands {
    if let variable = operand as? Variable { total.add(1, variable) } else { total.add(1, operand.expression) }
  }
  return total
}

/// The sum of coefficients times variables; the arrays have the same length.
public func dot(_ coefficients: [Double], _ variables: [Variable]) -> LinearExpression {
  LinearExpression(coefficients, variables)
}

/// The sum of two operands.
public func + (left: some LinearOperand, right: some LinearOperand) -> LinearExpression {
  var result = left.expression
  result.add(1, right.expression)
  return result
}

/// An operand plus a number.
public func + (left: some LinearOperand, right: Double) -> LinearExpression {
  var result = left.expression
  result.constant += right
  return result
}

/// A number plus an operand.
public func + (left: Double, right: some LinearOperand) -> LinearExpression { right + left }

/// The difference of two operands.
public func - (left: some LinearOperand, right: some LinearOperand) -> LinearExpression {
  var result = left.expression
  result.add(-1, right.expression)
  return result
}

/// An operand minus a number.
public func - (left: some LinearOperand, right: Double) -> LinearExpression { left + -right }

/// A number minus an operand.
public func - (left: Double, right: some LinearOperand) -> LinearExpression {
  right.expression.scaled(by: -1) + left
}

/// The operand with the opposite sign.
public prefix func - (operand: some LinearOperand) -> LinearExpression { operand.expression.scaled(by: -1) }

/// An operand times a number.
public func * (left: Double, right: some LinearOperand) -> LinearExpression { right.expression.scaled(by: left) }

/// An operand times a number.
public func * (left: some LinearOperand, right: Double) -> LinearExpression { left.expression.scaled(by: right) }

/// An operand divided by a number.
public func / (left: some LinearOperand, right: Double) -> LinearExpression {
  left.expression.scaled(by: 1 / right)
}

/// Adds an operand in place.
public func += (left: inout LinearExpression, right: some LinearOperand) { left.add(1, right.expression) }

/// Subtracts an operand in place.
public func -= (left: inout LinearExpression, right: some LinearOperand) { left.add(-1, right.expression) }
