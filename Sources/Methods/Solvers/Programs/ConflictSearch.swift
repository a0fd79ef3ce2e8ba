import Basics

/// The elastic and the deletion filter over one program.
struct ConflictSearch {
  struct Found {
    var rows: [Int]
    var columns: [Int]
    var isIrreducible: Bool
  }

  let program: LinearProgram
  let deadline: Deadline
  let interruption: Interruption?

  /// Above this many variables in the conflict their bounds are not told apart.
  private let mostBounds = 400
  /// What the solver's tolerances let pass is no violation.
  private let leastViolation = 1e-6

  /// A conflict, or nil if the program is feasible or the time did not suffice to find one.
  func find() throws(AssayError) -> Found? {
    guard var rows = try elasticFilter() else { return nil }
    var isIrreducible = true
    for row in rows {
      guard !deadline.hasPassed, !(interruption?.isRequested ?? false) else {
        isIrreducible = false
        break
      }
      let rest = rows.filter { $0 != row }
      if try isInfeasible(subprogram(rest, elastic: [])) { rows = rest }
    }
    guard isIrreducible, !program.hasIntegers else {
      return Found(rows: rows, columns: [], isIrreducible: isIrreducible)
    }
    var (columns, isComplete) = (try neededBounds(rows), true)
    if columns == nil { (columns, isComplete) = ([], false) }
    return Found(rows: rows, columns: columns ?? [], isIrreducible: isComplete)
  }

  /// Rows that contain a conflict; nil if all can be kept.
  private func elasticFilter() throws(AssayError) -> [Int]? {
    var enforced = Set<Int>()
    let all = Array(program.rows.indices)
    while !deadline.hasPassed {
      let elastic = Set(all).subtracting(enforced)
      let (relaxed, slacks) = subprogram(all, elastic: elastic)
      let solution = try relaxed.solve(options, interruption: interruption)
      if solution.status == .infeasible { return enforced.sorted() }
      guard solution.hasValues else { return nil }
      let broken = slacks.filter { solution.values[$0.column] > leastViolation }.map(\.row)
      if broken.isEmpty { return nil }
      enforced.formUnion(broken)
    }
    return nil
  }

  /// The variables in these rows without whose bounds the rows could be kept; nil if there are too many to try.
  private func neededBounds(_ rows: [Int]) throws(AssayError) -> [Int]? {
    var columns = Set<Int>()
    for row in rows {
      for position in program.starts[row]..<program.starts[row + 1] {
        columns.insert(Int(program.indices[Int(position)]))
      }
    }
    guard columns.count <= mostBounds else { return nil }
    var (trial, _) = subprogram(rows, elastic: [])
    var needed: [Int] = []
    for column in columns.sorted() {
      if deadline.hasPassed { return nil }
      let declared = trial.columns[column]
      guard declared.lower > -.infinity || declared.upper < .infinity else { continue }
      trial.columns[column].lower = -.infinity
      trial.columns[column].upper = .infinity
      if try !isInfeasible((trial, [])) {
        trial.columns[column] = declared
        needed.append(column)
      }
    }
    return needed
  }

  private var options: SolveOptions {
    SolveOptions(timeLimit: max(0.01, deadline.secondsLeft), relativeGap: 1e-4)
  }

  private func isInfeasible(_ trial: (program: LinearProgram, slacks: [Slack])) throws(AssayError) -> Bool {
    try trial.program.solve(options, interruption: interruption).status == .infeasible
  }

  struct Slack {
    var row: Int
    var column: Int
  }

  /// The program with some of its rows and no objective; elastic rows may be broken at 1 per unit.
  private func subprogram(_ rows: [Int], elastic: Set<Int>) -> (LinearProgram, [Slack]) {
    var result = LinearProgram()
    result.columns = program.columns
    var slacks: [Slack] = []
    for row in rows {
      for position in Int(program.starts[row])..<Int(program.starts[row + 1]) {
        result.indices.append(program.indices[position])
        result.coefficients.append(program.coefficients[position])
      }
      if elastic.contains(row) {
        for (isPresent, sign) in [
          (program.rows[row].lower > -.infinity, 1.0), (program.rows[row].upper < .infinity, -1.0),
        ]
        where isPresent {
          let slack = result.variable()
          result.objective.add(1, slack)
          slacks.append(Slack(row: row, column: slack.index))
          result.indices.append(Int32(slack.index))
          result.coefficients.append(sign)
        }
      }
      result.rows.append(program.rows[row])
      result.starts.append(Int32(result.indices.count))
    }
    return (result, slacks)
  }
}
