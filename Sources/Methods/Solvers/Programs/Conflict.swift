import Basics

/// Constraints that cannot be kept together.
///
/// If the set is irreducible, any of its constraints can be given up to make the rest of the set feasible; a program may
/// have several such sets.
public struct Conflict: Sendable, CustomStringConvertible {
  /// The constraints of the program in their order.
  public let constraints: [Constraint]
  /// The variables whose bounds take part.
  public let bounds: [Variable]
  /// The names of the constraints.
  public let names: [String]
  /// The names of the variables.
  public let boundNames: [String]
  /// Whether every constraint of the set was seen to be needed; false if the time ran out before.
  public let isIrreducible: Bool

  /// "a, b and c contradict each other".
  public var description: String {
    let parts = names + boundNames.map { "the bounds of \($0)" }
    guard let last = parts.last else { return "no constraint was found" }
    return parts.count == 1
      ? "\(last) cannot be kept" : "\(parts.dropLast().joined(separator: ", ")) and \(last) contradict each other"
  }
}

extension LinearProgram {
  /// The optimal solution, or the best one found within the limits.
  ///
  /// - Throws: a `configuration` error if the program is infeasible, with the names of constraints that contradict each
  ///   other, or unbounded; a `cancelled` error if a limit ended the search without a solution; what `solve` throws.
  public func optimum(
    _ options: SolveOptions = SolveOptions(), start: [Double]? = nil, interruption: Interruption? = nil
  ) throws(AssayError) -> Solution {
    let solution = try solve(options, start: start, interruption: interruption)
    switch solution.status {
    case .optimal, .feasible: return solution
    case .infeasible:
      let found = try conflict(timeLimit: min(10, options.timeLimit ?? 10), interruption: interruption)
      throw AssayError(
        .configuration, "no solution keeps all constraints" + (found.map { ": \($0)" } ?? ""),
        remedy: "relax one of them")
    case .unbounded:
      throw AssayError(
        .configuration, "the objective can be made as \(sense == .minimize ? "low" : "high") as one likes",
        remedy: "bound the variables or add the constraint that is missing")
    case .unknown:
      throw AssayError(
        .cancelled, "the search ended before there was a solution (\(solution.limit?.rawValue ?? "no") limit)",
        remedy: "give it more time or make the program smaller")
    }
  }

  /// A set of constraints that cannot be kept together, as small as it can be; nil if the program is feasible.
  ///
  /// Every constraint may be broken at a price first; those of the cheapest break are enforced, and so on until
  /// nothing keeps the enforced ones. Then each that is not needed is dropped. Papers: Chinneck and Dravnieks, "Locating
  /// minimal infeasible constraint sets in linear programs", ORSA Journal on Computing 3 (1991); Chinneck, "Feasibility
  /// and Infeasibility in Optimization" (2008), the elastic and deletion filters.
  ///
  /// - Parameter timeLimit: Seconds; 10 by default.
  public func conflict(timeLimit: Double = 10, interruption: Interruption? = nil) throws(AssayError) -> Conflict? {
    try check()
    let gap = columns.indices.filter {
      columns[$0].kind == .integer && columns[$0].lower.rounded(.up) > columns[$0].upper.rounded(.down)
    }
    if let first = gap.first { return conflict(rows: [], columns: [first], isIrreducible: true) }
    let search = ConflictSearch(program: self, deadline: Deadline(after: timeLimit), interruption: interruption)
    // A conflict of the relaxation is one of the program and much cheaper to find.
    if hasIntegers {
      let relaxed = ConflictSearch(
        program: relaxation, deadline: search.deadline, interruption: interruption)
      if let found = try relaxed.find() { return conflict(found) }
    }
    return try search.find().map { conflict($0) }
  }

  private func conflict(_ found: ConflictSearch.Found) -> Conflict {
    conflict(rows: found.rows, columns: found.columns, isIrreducible: found.isIrreducible)
  }

  private func conflict(rows: [Int], columns: [Int], isIrreducible: Bool) -> Conflict {
    Conflict(
      constraints: rows.map { Constraint(index: $0, program: identity) },
      bounds: columns.map { Variable(index: $0, program: identity) }, names: rows.map { nameOfConstraint($0) },
      boundNames: columns.map { nameOfVariable($0) }, isIrreducible: isIrreducible)
  }
}
