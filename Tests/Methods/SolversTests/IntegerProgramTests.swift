import Basics
import Checks
import Solvers
import XCTest

final class IntegerProgramTests: XCTestCase {
  /// Random knapsacks against dynamic programming over the capacity.
  func testKnapsacks() throws {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed)["knapsack"].stream()
      let weights = (0..<40).map { _ in 5 + random.integer(below: 60) }
      let values = (0..<40).map { _ in 1 + random.integer(below: 100) }
      let capacity = 400
      var best = [Int](repeating: 0, count: capacity + 1)
      for (weight, value) in zip(weights, values) {
        for room in stride(from: capacity, through: weight, by: -1) {
          best[room] = max(best[room], best[room - weight] + value)
        }
      }
      var program = LinearProgram(.maximize)
      let taken = weights.indices.map { program.binary("item \($0)") }
      program.add(dot(weights.map(Double.init), taken) <= Double(capacity))
      program.objective = dot(values.map(Double.init), taken)
      let solution = try program.optimum()
      XCTAssertEqual(solution.objective ?? 0, Double(best[capacity]), "seed \(seed)")
      XCTAssertLessThanOrEqual(solution.relativeGap ?? 1, 1e-6)
      XCTAssertTrue(solution.values.allSatisfy { $0 == 0 || $0 == 1 })
      XCTAssertTrue(solution.duals.isEmpty)
      XCTAssertGreaterThanOrEqual(try program.relaxation.optimum().objective ?? 0, Double(best[capacity]))
    }
  }

  /// Small random integer programs with negative bounds against all points.
  func testRandomProgramsAgainstEveryPoint() throws {
    var infeasible = 0
    for number in 0..<40 {
      var random = RandomKey(seed: 5)["points"][number].stream()
      let rows = (0..<4).map { _ in (0..<4).map { _ in Double(random.integer(below: 11) - 5) } }
      let limits = (0..<4).map { _ in Double(random.integer(below: 9) - 6) }
      let costs = (0..<4).map { _ in Double(random.integer(below: 15) - 7) }
      var best: Double?
      for code in 0..<625 {
        let point = [code % 5, code / 5 % 5, code / 25 % 5, code / 125].map { Double($0 - 2) }
        func product(_ row: [Double]) -> Double { zip(row, point).reduce(0) { $0 + $1.0 * $1.1 } }
        if zip(rows, limits).allSatisfy({ product($0) <= $1 }) { best = min(best ?? .infinity, product(costs)) }
      }
      var program = LinearProgram()
      let x = (0..<4).map { program.integer("x\($0)", lower: -2, upper: 2) }
      for (row, limit) in zip(rows, limits) { program.add(dot(row, x) <= limit) }
      program.objective = dot(costs, x)
      let solution = try program.solve()
      XCTAssertEqual(solution.objective, best, "program \(number)")
      XCTAssertEqual(solution.status, best == nil ? .infeasible : .optimal)
      if best == nil {
        infeasible += 1
        try checkConflict(of: program, rows: rows, limits: limits)
      }
    }
    XCTAssertGreaterThan(infeasible, 3, "the programs do not test infeasibility")
  }

  /// The conflict is infeasible, and feasible without any one of its constraints.
  private func checkConflict(of program: LinearProgram, rows: [[Double]], limits: [Double]) throws {
    let conflict = try XCTUnwrap(try program.conflict())
    XCTAssertTrue(conflict.isIrreducible)
    let kept = conflict.constraints.map(\.index)
    func isFeasible(_ numbers: [Int], whole: Bool) throws -> Bool {
      var part = LinearProgram()
      let x = (0..<4).map { _ in part.variable(lower: -2, upper: 2, whole ? .integer : .continuous) }
      for number in numbers { part.add(dot(rows[number], x) <= limits[number]) }
      return try part.solve().status == .optimal
    }
    XCTAssertFalse(try isFeasible(kept, whole: true))
    let whole = try isFeasible(kept, whole: false)
    for number in kept { XCTAssertTrue(try isFeasible(kept.filter { $0 != number }, whole: whole)) }
  }

  /// A market split program, hard for its size (Cornuejols and Dawande, 1998).
  private func hard() -> LinearProgram {
    var random = RandomKey(seed: 3)["split"].stream()
    var program = LinearProgram()
    let x = (0..<40).map { program.binary("x\($0)") }
    for _ in 0..<5 {
      let row = x.map { _ in Double(random.integer(below: 100)) }
      let over = program.variable()
      let under = program.variable()
      program.add(dot(row, x) + over - under == (row.reduce(0, +) / 2).rounded(.down))
      program.objective += over + under
    }
    return program
  }

  func testATimeLimitGivesTheBestSoFar() throws {
    let solution = try hard().solve(SolveOptions(timeLimit: 0.5))
    XCTAssertEqual(solution.status, .feasible)
    XCTAssertEqual(solution.limit, .time)
    XCTAssertFalse(solution.values.isEmpty)
    XCTAssertGreaterThan(solution.relativeGap ?? 0, 1e-6)
    XCTAssertLessThanOrEqual(solution.bound ?? .infinity, solution.objective ?? -.infinity)
  }

  func testAnInterruptionEndsTheSearch() throws {
    let interruption = Interruption()
    let program = hard()
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.3) { interruption.request() }
    XCTAssertEqual(try program.solve(SolveOptions(timeLimit: 60), interruption: interruption).limit, .interruption)
    XCTAssertEqual(try program.solve(interruption: interruption).status, .unknown)
  }

  func testAStartIsUsed() throws {
    let program = hard()
    // All zeros with slacks is feasible but poor; given a good start, the answer within a moment is no worse.
    let good = try program.solve(SolveOptions(timeLimit: 0.5))
    let again = try program.solve(SolveOptions(timeLimit: 0.1), start: good.values)
    XCTAssertLessThanOrEqual(again.objective ?? .infinity, (good.objective ?? 0) + 1e-6)
  }

  func testEqualRunsAreEqual() throws {
    var random = RandomKey(seed: 8)["cover"].stream()
    var program = LinearProgram()
    let x = (0..<60).map { program.integer("x\($0)", upper: 3) }
    for _ in 0..<40 { program.add(sum(x.filter { _ in random.uniform() < 0.15 } + [x[0]]) >= 2) }
    program.objective = dot(x.map { _ in 1 + random.uniform() }, x)
    let first = try program.optimum(SolveOptions(seed: 4))
    XCTAssertEqual(try program.optimum(SolveOptions(seed: 4)).values, first.values)
    XCTAssertEqual(
      try program.optimum(SolveOptions(threads: 2, seed: 4)).objective ?? 0, first.objective ?? 1, accuracy: 1e-4)
    XCTAssertEqual(try program.optimum(SolveOptions(seed: 4)).values, first.values)
  }
}
