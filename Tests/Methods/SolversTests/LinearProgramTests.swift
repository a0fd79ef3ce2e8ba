import Basics
import Checks
import Solvers
import XCTest

final class LinearProgramTests: XCTestCase {
  /// Dantzig's product mix: max 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18; optimum 36 at (2, 6), prices 0, 1.5 and 1.
  func testProductMix() throws {
    var program = LinearProgram(.maximize)
    let x = program.variable("x")
    let y = program.variable("y")
    let first = program.add(x <= 4)
    let second = program.add(2 * y <= 12)
    let third = program.add(3 * x + 2 * y <= 18)
    program.objective = 3 * x + 5 * y
    let solution = try program.optimum()
    XCTAssertEqual(solution.status, .optimal)
    XCTAssertEqual(solution.objective ?? 0, 36, accuracy: 1e-9)
    XCTAssertEqual(solution[x], 2, accuracy: 1e-9)
    XCTAssertEqual(solution[y], 6, accuracy: 1e-9)
    XCTAssertEqual(solution.dual(of: first), 0, accuracy: 1e-9)
    XCTAssertEqual(solution.dual(of: second), 1.5, accuracy: 1e-9)
    XCTAssertEqual(solution.dual(of: third), 1, accuracy: 1e-9)
    XCTAssertEqual(solution.relativeGap, 0)
  }

  func testExpressionsAreArithmetic() throws {
    var program = LinearProgram()
    let x = program.variable("x", lower: 7, upper: 7)
    let y = program.variable("y", lower: -2, upper: -2)
    let solution = try program.optimum()
    XCTAssertEqual(solution.value(of: 3 * x - y / 2 + 4), 26)
    XCTAssertEqual(solution.value(of: 1 - x), -6)
    XCTAssertEqual(solution.value(of: -(x + y) * 2 - 3), -13)
    XCTAssertEqual(solution.value(of: sum([x, y, x])), 12)
    XCTAssertEqual(solution.value(of: dot([2, 3], [x, y])), 8)
    var expression = x + x
    expression += y
    expression -= 2 * x
    XCTAssertEqual(solution.value(of: expression), -2)
  }

  /// Constants on both sides, a variable that occurs twice, a range, an equation.
  func testConstraintsOfEveryForm() throws {
    var program = LinearProgram()
    let x = program.variable("x", lower: -.infinity)
    let y = program.variable("y", lower: -.infinity)
    program.add(x + 1 + x >= y + 3)
    program.add(LinearConstraint(x - y, lower: -1, upper: 1))
    program.add(10 == x + y + 4)
    program.objective = x + 0
    // x + y = 6 and 2x >= y + 2 give x >= 8/3; x - y >= -1 gives x >= 2.5.
    XCTAssertEqual(try program.optimum()[x], 8.0 / 3, accuracy: 1e-9)
    program.sense = .maximize
    XCTAssertEqual(try program.optimum()[x], 3.5, accuracy: 1e-9)
  }

  /// Strong duality and complementary slackness over random programs: the dual objective, made of duals and reduced
  /// costs, equals the primal one.
  func testDualityOverRandomPrograms() throws {
    for seed in checkSeeds {
      for sense in [LinearProgram.Sense.minimize, .maximize] {
        var random = RandomKey(seed: seed)["duality"].stream()
        let width = 12
        let height = 8
        let inside = (0..<width).map { _ in random.uniform() * 5 }
        let matrix = (0..<height).map { _ in (0..<width).map { _ in random.uniform() < 0.5 ? random.normal() : 0 } }
        let limits = matrix.map { row in zip(row, inside).reduce(0) { $0 + $1.0 * $1.1 } + random.uniform() }
        let costs = (0..<width).map { _ in random.normal() }
        var base = LinearProgram(sense)
        let x = (0..<width).map { base.variable("x\($0)", lower: 0, upper: 6) }
        let constraints = zip(matrix, limits).map { base.add(dot($0, x) <= $1) }
        base.objective = dot(costs, x)
        let solution = try base.optimum()
        let objective = try XCTUnwrap(solution.objective)
        var dual = 0.0
        for (index, constraint) in constraints.enumerated() { dual += solution.dual(of: constraint) * limits[index] }
        for variable in x {
          let reduced = solution.reducedCost(of: variable)
          dual += reduced * (solution[variable] > 3 ? 6 : 0)
          if solution[variable] > 1e-7, solution[variable] < 6 - 1e-7 { XCTAssertEqual(reduced, 0, accuracy: 1e-7) }
        }
        XCTAssertEqual(dual, objective, accuracy: 1e-6, "seed \(seed), \(sense)")
      }
    }
  }

  /// A dual value is the change of the objective when the bound moves a little, in both senses.
  func testDualsAreDerivatives() throws {
    for sense in [LinearProgram.Sense.minimize, .maximize] {
      func optimum(_ bound: Double) throws -> (Double, Double) {
        var program = LinearProgram(sense)
        let x = program.variable()
        let y = program.variable()
        let need = program.add(sense == .minimize ? x + 2 * y >= bound : x + 2 * y <= bound)
        program.add(x - y <= 1)
        program.objective = 2 * x + 3 * y
        let solution = try program.optimum()
        return (solution.objective ?? .nan, solution.dual(of: need))
      }
      let (low, dual) = try optimum(10)
      let (high, _) = try optimum(10.5)
      XCTAssertEqual((high - low) / 0.5, dual, accuracy: 1e-9, "\(sense)")
    }
  }

  func testInfeasibleAndUnboundedAreToldApart() throws {
    for isInteger in [false, true] {
      let kind: LinearProgram.Kind = isInteger ? .integer : .continuous
      var unbounded = LinearProgram(.maximize)
      let x = unbounded.variable("x", kind)
      let y = unbounded.variable("y", kind)
      unbounded.add(x - y <= 3)
      unbounded.objective = x + y
      XCTAssertEqual(try unbounded.solve().status, .unbounded, "\(kind)")
      assertAssayError(.configuration, saying: ["as high as one likes"]) { try unbounded.optimum() }

      // Infeasible, with an objective that would be unbounded.
      var infeasible = unbounded
      infeasible.add(x - y >= 4, "the other way")
      let solution = try infeasible.solve()
      XCTAssertEqual(solution.status, .infeasible, "\(kind)")
      XCTAssertNil(solution.objective)
      XCTAssertTrue(solution.values.isEmpty)
    }
  }

  func testAProgramWithoutVariables() throws {
    var program = LinearProgram()
    program.objective = LinearExpression(3)
    XCTAssertEqual(try program.optimum().objective, 3)
    program.add(LinearConstraint(LinearExpression(1), upper: 2))
    XCTAssertEqual(try program.solve().status, .optimal)
    program.add(LinearConstraint(LinearExpression(1), lower: 2))
    XCTAssertEqual(try program.solve().status, .infeasible)
  }

  func testBadNumbersAreErrors() throws {
    var program = LinearProgram()
    let x = program.variable("flow")
    var copy = program
    copy.add(Double.nan * x <= 3, "balance")
    assertAssayError(.configuration, saying: ["balance", "flow", "nan"]) { try copy.solve() }
    copy = program
    copy.add(x <= .nan, "balance")
    assertAssayError(.configuration, saying: ["balance"]) { try copy.solve() }
    copy = program
    copy.objective = .infinity * x
    assertAssayError(.configuration, saying: ["objective", "flow"]) { try copy.solve() }
    copy = program
    copy.add(1e16 * x <= 3, "balance")
    assertAssayError(.configuration, saying: ["too large"]) { try copy.solve() }
    copy = program
    copy.setBounds(of: x, lower: 2, upper: 1)
    assertAssayError(.configuration, saying: ["flow", "above"]) { try copy.solve() }
    var other = LinearProgram()
    let stranger = other.variable("stranger")
    program.add(x + stranger <= 1, "mixed")
    assertAssayError(.configuration, saying: ["mixed", "another program"]) { try program.solve() }
    assertAssayError(.configuration) { try other.solve(SolveOptions(timeLimit: 0)) }
    assertAssayError(.configuration) { try other.solve(SolveOptions(threads: 0)) }
    assertAssayError(.configuration) { try other.solve(SolveOptions(relativeGap: .nan)) }
    assertAssayError(.configuration) { try other.solve(start: [1, 2]) }
  }

  func testTheSolverHasAVersion() throws {
    XCTAssertTrue(try LinearSolver.version().hasPrefix("HiGHS 1."))
  }

  func testOptionsSurviveCoding() throws {
    let options = SolveOptions(timeLimit: 3, threads: 2, relativeGap: 1e-3, seed: 9)
    XCTAssertEqual(try JSONDecoder().decode(SolveOptions.self, from: JSONEncoder().encode(options)), options)
  }
}
