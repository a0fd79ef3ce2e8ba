import Basics
import Checks
import Solvers
import XCTest

final class ConflictTests: XCTestCase {
  func testTheContradictionIsNamed() throws {
    var program = LinearProgram()
    let x = program.variable("x")
    let y = program.variable("y")
    let z = program.variable("z")
    program.add(x + z <= 100, "harmless")
    program.add(x + y >= 10, "need")
    program.add(x <= 3, "room for x")
    program.add(y - z <= 1, "also harmless")
    program.add(y <= 4, "room for y")
    let conflict = try XCTUnwrap(try program.conflict())
    XCTAssertEqual(conflict.names, ["need", "room for x", "room for y"])
    XCTAssertEqual(conflict.boundNames, [])
    XCTAssertTrue(conflict.isIrreducible)
    XCTAssertEqual(conflict.description, "need, room for x and room for y contradict each other")
    assertAssayError(.configuration, saying: ["need", "room for x", "room for y"]) { try program.optimum() }
  }

  func testBoundsTakePart() throws {
    var program = LinearProgram()
    let x = program.variable("x", upper: 3)
    let y = program.variable("y", lower: 1, upper: 4)
    let z = program.variable("z", upper: 9)
    program.add(x + y >= 10, "need")
    program.add(y + z >= 2, "harmless")
    let conflict = try XCTUnwrap(try program.conflict())
    XCTAssertEqual(conflict.names, ["need"])
    XCTAssertEqual(conflict.boundNames, ["x", "y"])
  }

  func testWholeNumbersTakePart() throws {
    var program = LinearProgram()
    let x = program.integer("x", upper: 10)
    let y = program.integer("y", upper: 10)
    program.add(2 * x + 2 * y == 7, "odd")
    program.add(x <= 8, "harmless")
    XCTAssertEqual(try program.conflict()?.names, ["odd"])
    var narrow = LinearProgram()
    narrow.integer("n", lower: 0.2, upper: 0.8)
    XCTAssertEqual(try narrow.conflict()?.boundNames, ["n"])
    XCTAssertEqual(try narrow.solve().status, .infeasible)
  }

  func testAFeasibleProgramHasNone() throws {
    var program = LinearProgram()
    let x = program.integer("x")
    program.add(x >= 2.5)
    XCTAssertNil(try program.conflict())
  }

  /// A chain of differences round a circle whose lengths sum above zero: all of it is needed, whatever lies around.
  func testACircleOfDifferences() throws {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed)["circle"].stream()
      var program = LinearProgram()
      let times = (0..<30).map { program.variable("t\($0)", lower: -.infinity) }
      let circle = Array(random.permutation(of: 30).prefix(8))
      var names: Set<String> = []
      for number in 0..<60 {
        // So loose that no circle with one of these conflicts.
        let from = random.integer(below: 29)
        program.add(times[from + 1] - times[from] >= -20 - random.uniform(), "slack \(number)")
      }
      for (place, from) in circle.enumerated() {
        let name = "step \(place)"
        names.insert(name)
        program.add(times[circle[(place + 1) % 8]] - times[from] >= (place == 7 ? -6.5 : 1), name)
      }
      let conflict = try XCTUnwrap(try program.conflict())
      XCTAssertEqual(Set(conflict.names), names, "seed \(seed)")
    }
  }
}
