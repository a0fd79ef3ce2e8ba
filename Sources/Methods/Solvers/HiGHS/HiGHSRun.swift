import Basics
import CNative
import Foundation

/// One program in one instance of HiGHS: passed, run, read back.
///
/// Paper: Huangfu and Hall, "Parallelizing the dual revised simplex method", Mathematical Programming Computation 10
/// (2018), on which HiGHS is built.
final class HiGHSRun {
  private let functions: assay_highs
  private let instance: assay_highs_instance?
  private let program: LinearProgram
  private let options: SolveOptions
  private let costs: [Double]
  private let interruption: Interruption?

  /// - Parameter costs: Objective coefficients, which may differ from the program's.
  init(
    _ program: LinearProgram, costs: [Double], options: SolveOptions, interruption: Interruption?
  ) throws(AssayError) {
    functions = try HiGHSLibrary.functions()
    instance = functions.create()
    self.program = program
    self.costs = costs
    self.options = options
    self.interruption = interruption
  }

  deinit { functions.destroy(instance) }

  /// Passes the program and the options, solves, and reads the result.
  ///
  /// - Parameter start: Values to begin a mixed-integer search from; ignored if they are not feasible.
  func solve(start: [Double]? = nil) throws(AssayError) -> HiGHSResult {
    try setOptions()
    try pass()
    if let start {
      _ = start.withUnsafeBufferPointer { functions.set_solution(instance, $0.baseAddress, nil, nil, nil) }
    }
    try listen()
    let state = withExtendedLifetime(interruption) { functions.run(instance) }
    let status = functions.status(instance)
    if state == Int32(ASSAY_HIGHS_ERROR) && status != Int32(ASSAY_HIGHS_TIME_LIMIT) {
      throw failure("could not solve the program (status \(status))")
    }
    return read(status)
  }

  private func setOptions() throws(AssayError) {
    try expect(functions.set_boolean(instance, "output_flag", 0), "turn its messages off")
    try expect(functions.set_integer(instance, "threads", Int32(clamping: options.threads)), "take the threads")
    try expect(functions.set_text(instance, "parallel", options.threads > 1 ? "on" : "off"), "take the threads")
    try expect(functions.set_integer(instance, "random_seed", Int32(options.seed & 0x7FFF_FFFF)), "take the seed")
    try expect(functions.set_number(instance, "mip_rel_gap", options.relativeGap), "take the gap")
    if let limit = options.timeLimit {
      try expect(functions.set_number(instance, "time_limit", limit), "take the limit")
    }
  }

  private func pass() throws(AssayError) {
    let columns = program.columns
    let rows = program.rows
    let state = functions.pass(
      instance, Int32(columns.count), Int32(rows.count), Int32(program.indices.count), Int32(ASSAY_HIGHS_ROWWISE),
      program.sense == .minimize ? Int32(ASSAY_HIGHS_MINIMIZE) : Int32(ASSAY_HIGHS_MAXIMIZE),
      program.objective.constant, costs, columns.map(\.lower), columns.map(\.upper), rows.map(\.lower),
      rows.map(\.upper), program.starts, program.indices, program.coefficients,
      program.hasIntegers
        ? columns.map { $0.kind == .integer ? Int32(ASSAY_HIGHS_INTEGER) : Int32(ASSAY_HIGHS_CONTINUOUS) } : nil)
    try expect(state, "take the program")
  }

  /// Lets the interruption end the run.
  private func listen() throws(AssayError) {
    guard let interruption else { return }
    let context = Unmanaged.passUnretained(interruption).toOpaque()
    let callback: assay_highs_callback = { _, _, _, answer, context in
      guard let answer, let context else { return }
      if Unmanaged<Interruption>.fromOpaque(context).takeUnretainedValue().isRequested { answer.pointee.interrupt = 1 }
    }
    try expect(functions.set_callback(instance, callback, context), "take a callback")
    for moment in [ASSAY_HIGHS_DURING_SIMPLEX, ASSAY_HIGHS_DURING_INTERIOR_POINT, ASSAY_HIGHS_DURING_BRANCHING] {
      try expect(functions.start_callback(instance, Int32(moment)), "take a callback")
    }
  }

  private func read(_ status: Int32) -> HiGHSResult {
    var result = HiGHSResult(status: status)
    var primal: Int32 = 0
    var dual: Int32 = 0
    _ = functions.integer(instance, "primal_solution_status", &primal)
    _ = functions.integer(instance, "dual_solution_status", &dual)
    if primal == Int32(ASSAY_HIGHS_SOLUTION_FEASIBLE) {
      var values = [Double](repeating: 0, count: program.columns.count)
      var reducedCosts = values
      var activities = [Double](repeating: 0, count: program.rows.count)
      var duals = activities
      _ = functions.solution(instance, &values, &reducedCosts, &activities, &duals)
      result.values = values
      if dual == Int32(ASSAY_HIGHS_SOLUTION_FEASIBLE), !program.hasIntegers {
        result.duals = duals
        result.reducedCosts = reducedCosts
      }
    }
    if program.hasIntegers {
      var bound = Double.nan
      if functions.number(instance, "mip_dual_bound", &bound) == 0, bound.isFinite { result.bound = bound }
      var nodes: Int64 = 0
      if functions.long_integer(instance, "mip_node_count", &nodes) == 0 { result.nodes = Int(max(0, nodes)) }
    }
    return result
  }

  private func expect(_ state: Int32, _ action: String) throws(AssayError) {
    if state == Int32(ASSAY_HIGHS_ERROR) { throw failure("did not \(action)") }
  }

  private func failure(_ problem: String) -> AssayError {
    AssayError(
      .resource, "\(HiGHSLibrary.title(functions)) \(problem)",
      remedy: "check that no number of the program is extreme")
  }
}

/// What one run of HiGHS left.
struct HiGHSResult {
  let status: Int32
  var values: [Double] = []
  var duals: [Double] = []
  var reducedCosts: [Double] = []
  var bound: Double?
  var nodes = 0
}
