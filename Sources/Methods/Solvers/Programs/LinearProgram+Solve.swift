import Basics
import CNative
import Foundation

extension LinearProgram {
  /// Solves the program.
  ///
  /// Infeasible and unbounded programs are results, not errors; `optimum` throws for them.
  ///
  /// - Parameters:
  ///   - options: Limits, gap and seed.
  ///   - start: Values of all variables to begin a mixed-integer search from, such as a known plan.
  ///   - interruption: Ends the search when it is set; the best solution so far is returned.
  /// - Throws: a `configuration` error where a number is not finite, bounds cross, or a variable is of another program;
  ///   a `resource` error if HiGHS is not there or fails.
  public func solve(
    _ options: SolveOptions = SolveOptions(), start: [Double]? = nil, interruption: Interruption? = nil
  ) throws(AssayError) -> Solution {
    try options.check()
    try check()
    let costs = try costs()
    if let start, start.count != columns.count || !start.allSatisfy(\.isFinite) {
      throw AssayError(
        .configuration, "the values to start from are \(start.count) for \(columns.count) variables, or not finite")
    }
    if columns.isEmpty { return withoutVariables() }
    let clock = ContinuousClock()
    let begin = clock.now
    if interruption?.isRequested ?? false {
      return ended(HiGHSResult(status: 0), .unknown, .interruption, since: begin)
    }
    if options.threads == 1 {
      return try solve(costs, options, start, interruption, since: begin)
    }
    // HiGHS keeps its worker threads with the thread that calls it and wants the same number at every call: a fresh
    // thread may ask for any number.
    return try onFreshThread { () throws(AssayError) in
      try solve(costs, options, start, interruption, since: begin)
    }
  }

  private func solve(
    _ costs: [Double], _ options: SolveOptions, _ start: [Double]?, _ interruption: Interruption?,
    since begin: ContinuousClock.Instant
  ) throws(AssayError) -> Solution {
    let result = try HiGHSRun(self, costs: costs, options: options, interruption: interruption).solve(start: start)
    switch Int(result.status) {
    case ASSAY_HIGHS_OPTIMAL: return ended(result, .optimal, nil, since: begin)
    case ASSAY_HIGHS_INFEASIBLE: return ended(result, .infeasible, nil, since: begin)
    case ASSAY_HIGHS_TIME_LIMIT: return stopped(result, .time, since: begin)
    case ASSAY_HIGHS_INTERRUPTED: return stopped(result, .interruption, since: begin)
    case ASSAY_HIGHS_UNBOUNDED where !hasIntegers: return ended(result, .unbounded, nil, since: begin)
    case ASSAY_HIGHS_UNBOUNDED, ASSAY_HIGHS_UNBOUNDED_OR_INFEASIBLE:
      break
    default: return stopped(result, .solver, since: begin)
    }
    // An objective that cannot be bounded says nothing on whether there is a solution: ask for any.
    var rest = options
    if let limit = options.timeLimit { rest.timeLimit = max(0.01, limit - Basics.seconds(begin.duration(to: .now))) }
    let zero = [Double](repeating: 0, count: columns.count)
    let any = try HiGHSRun(self, costs: zero, options: rest, interruption: interruption).solve()
    switch Int(any.status) {
    case ASSAY_HIGHS_OPTIMAL: return ended(result, .unbounded, nil, since: begin)
    case ASSAY_HIGHS_INFEASIBLE: return ended(result, .infeasible, nil, since: begin)
    case ASSAY_HIGHS_TIME_LIMIT: return ended(result, .unknown, .time, since: begin)
    case ASSAY_HIGHS_INTERRUPTED: return ended(result, .unknown, .interruption, since: begin)
    default: return ended(result, .unknown, .solver, since: begin)
    }
  }

  private func stopped(
    _ result: HiGHSResult, _ limit: Solution.Limit, since begin: ContinuousClock.Instant
  ) -> Solution {
    ended(result, result.values.isEmpty ? .unknown : .feasible, limit, since: begin)
  }

  private func ended(
    _ result: HiGHSResult, _ status: Solution.Status, _ limit: Solution.Limit?, since begin: ContinuousClock.Instant
  ) -> Solution {
    let seconds = Basics.seconds(begin.duration(to: .now))
    guard status == .optimal || status == .feasible else {
      return Solution(
        status: status, limit: limit, objective: nil, values: [], duals: [], reducedCosts: [],
        bound: status == .unknown ? result.bound : nil, nodes: result.nodes, seconds: seconds, program: identity)
    }
    var values = result.values
    for (index, column) in columns.enumerated() where column.kind == .integer { values[index].round() }
    let objective = objective.terms.reduce(objective.constant) { $0 + $1.coefficient * values[$1.variable.index] }
    let isExact = status == .optimal && !hasIntegers
    return Solution(
      status: status, limit: limit, objective: objective, values: values, duals: isExact ? result.duals : [],
      reducedCosts: isExact ? result.reducedCosts : [], bound: isExact ? objective : result.bound, nodes: result.nodes,
      seconds: seconds, program: identity)
  }

  /// The answer for a program of constants.
  private func withoutVariables() -> Solution {
    let isFeasible = rows.allSatisfy { $0.lower <= 0 && $0.upper >= 0 }
    return Solution(
      status: isFeasible ? .optimal : .infeasible, limit: nil, objective: isFeasible ? objective.constant : nil,
      values: [], duals: isFeasible ? rows.map { _ in 0 } : [], reducedCosts: [],
      bound: isFeasible ? objective.constant : nil, nodes: 0, seconds: 0, program: identity)
  }
}

/// Where a thread leaves its result; the semaphore orders writing before reading.
private final class ResultBox<Value: Sendable>: @unchecked Sendable {
  var result: Result<Value, AssayError>?
}

/// Runs work on a thread of its own and waits for it.
private func onFreshThread<Value: Sendable>(
  _ work: @escaping @Sendable () throws(AssayError) -> Value
) throws(AssayError) -> Value {
  let box = ResultBox<Value>()
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    box.result = Result { () throws(AssayError) in try work() }
    done.signal()
  }
  thread.stackSize = 8 << 20
  thread.start()
  done.wait()
  guard let result = box.result else { throw AssayError(.resource, "the solver's thread left no result") }
  return try result.get()
}
