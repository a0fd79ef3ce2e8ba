import Basics

extension LinearProgram {
  /// Coefficients below this size count as 0, as they do for the solver.
  static let leastCoefficient = 1e-9
  /// Coefficients must stay below this size: the solver refuses larger ones.
  static let greatestCoefficient = 1e15

  /// The terms of an expression by ascending variable, each variable once, without zeros.
  func merged(_ expression: LinearExpression) throws(AssayError) -> [(column: Int32, coefficient: Double)] {
    var terms: [(column: Int32, coefficient: Double)] = []
    terms.reserveCapacity(expression.terms.count)
    var isAscending = true
    for (variable, coefficient) in expression.terms {
      guard variable.program == identity, variable.index < columns.count else {
        throw AssayError(.configuration, "a variable belongs to another program")
      }
      guard coefficient.isFinite else {
        throw LinearProgram.notFinite("the coefficient of \(nameOfVariable(variable.index)) is \(coefficient)")
      }
      guard abs(coefficient) < LinearProgram.greatestCoefficient else {
        throw AssayError(
          .configuration,
          "the coefficient of \(nameOfVariable(variable.index)) is \(coefficient), too large to compute",
          remedy: "state the quantities in a larger unit")
      }
      if let last = terms.last, last.column >= Int32(variable.index) { isAscending = false }
      terms.append((Int32(variable.index), coefficient))
    }
    if !isAscending {
      // Equal columns keep their order, so that sums are the same on every machine.
      let order = terms.indices.sorted { (terms[$0].column, $0) < (terms[$1].column, $1) }
      var sums: [(column: Int32, coefficient: Double)] = []
      for index in order {
        if let last = sums.last, last.column == terms[index].column {
          sums[sums.count - 1].coefficient += terms[index].coefficient
        } else {
          sums.append(terms[index])
        }
      }
      terms = sums
    }
    return terms.filter { abs($0.coefficient) >= LinearProgram.leastCoefficient }
  }

  /// Objective coefficients of all variables.
  func costs() throws(AssayError) -> [Double] {
    var costs = [Double](repeating: 0, count: columns.count)
    do throws(AssayError) {
      for (column, coefficient) in try merged(objective) { costs[Int(column)] = coefficient }
      guard objective.constant.isFinite else {
        throw LinearProgram.notFinite("the constant is \(objective.constant)")
      }
    } catch {
      throw error.at("the objective")
    }
    return costs
  }

  /// Throws the first mistake in variables and constraints.
  func check() throws(AssayError) {
    if let mistake { throw mistake }
    guard columns.count < Int(Int32.max), rows.count < Int(Int32.max), indices.count < Int(Int32.max) else {
      throw AssayError(.configuration, "the program has more variables, constraints or terms than can be numbered")
    }
    for (index, column) in columns.enumerated() {
      try LinearProgram.check(column.lower, column.upper, nameOfVariable(index))
    }
    for (index, row) in rows.enumerated() { try LinearProgram.check(row.lower, row.upper, nameOfConstraint(index)) }
  }

  private static func check(_ lower: Double, _ upper: Double, _ name: String) throws(AssayError) {
    guard !lower.isNaN, !upper.isNaN, lower < .infinity, upper > -.infinity else {
      throw AssayError(.configuration, "the bounds \(lower) and \(upper) are no range", at: name)
    }
    guard lower <= upper else {
      throw AssayError(.configuration, "the lower bound \(lower) is above the upper bound \(upper)", at: name)
    }
  }

  static func notFinite(_ problem: String) -> AssayError {
    AssayError(.configuration, "\(problem), which is not finite", remedy: "check the numbers that it is computed from")
  }
}

extension AssayError {
  /// The error with a place, if it has none.
  func at(_ place: String) -> AssayError {
    AssayError(kind, problem, at: self.place.isEmpty ? place : self.place, remedy: remedy)
  }
}
