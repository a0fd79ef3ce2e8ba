import Basics
import Checks
import Foundation
import Solvers
import XCTest

final class MPSTests: XCTestCase {
  private let text = """
    * a comment
    NAME          SMALL
    ROWS
     N  COST
     L  LIM1
     G  LIM2
     E  MYEQN
     N  UNUSED
    COLUMNS
        X         COST              1.   LIM1              1.
        X         LIM2              1.
        MARKER                 'MARKER'                 'INTORG'
        Y         COST              2.   LIM1              1.
        Y         MYEQN            -1.   UNUSED            5.
        B         COST             -4.
        MARKER                 'MARKER'                 'INTEND'
        Z         COST             -1.   MYEQN             1.
    RHS
        RHS       LIM1              4.   LIM2              1.
        RHS       MYEQN          7D+00   COST            -10.
    RANGES
        RNG       LIM1             2.5   MYEQN            -3.
    BOUNDS
     UP BND       X                 4.
     LO BND       Y                -1.
     UP BND       Y                 1.
     MI BND       Z
     UP BND       Z                50.
    ENDATA
    """

  func testEverySection() throws {
    let model = try MPSModel(text: text)
    XCTAssertEqual(model.name, "SMALL")
    XCTAssertEqual(model.program.variableCount, 4)
    XCTAssertEqual(model.program.constraintCount, 3)
    // Min x + 2y - 4b - z + 10 with 1.5 <= x + y <= 4, x >= 1, 4 <= z - y <= 7, b in {0, 1}, y in {-1, 0, 1}:
    // z = y + 7, so the objective is x + y - 4 + 3 with x + y >= 1.5.
    let solution = try model.program.optimum()
    XCTAssertEqual(solution.objective ?? 0, 1.5 - 7 - 4 + 10, accuracy: 1e-7)
    XCTAssertEqual(solution[try XCTUnwrap(model.variables["B"])], 1)
    XCTAssertEqual(model.program.name(of: try XCTUnwrap(model.constraints["MYEQN"])), "MYEQN")
  }

  func testAMaximum() throws {
    let model = try MPSModel(
      text: "NAME\nOBJSENSE\n    MAX\nROWS\n N c\n L r\nCOLUMNS\n x c 3 r 2\nRHS\n r 8\nBOUNDS\n UP x 3\nENDATA\n")
    XCTAssertEqual(model.program.sense, .maximize)
    XCTAssertEqual(try model.program.optimum().objective ?? 0, 9, accuracy: 1e-9)
  }

  func testErrorsHaveLines() throws {
    let changes: [(String, String, String)] = [
      ("LIM2              1.\n", "LIMX              1.\n", ":11: the row LIMX is not in ROWS"),
      (" E  MYEQN", " Q  MYEQN", ":7: a row is"),
      ("UP BND       X                 4.", "UP BND       W                 4.", "not in COLUMNS"),
      ("UP BND       X                 4.", "ZZ BND       X                 4.", "not known"),
      ("RANGES\n", "QUADOBJ\n", "QUADOBJ is no section"),
      ("7D+00", "7,0", "7,0 is not a number"),
      ("ENDATA", "", "without ENDATA"),
    ]
    for (old, new, message) in changes {
      assertAssayError(.format, saying: [message], message) {
        try MPSModel(text: text.replacing(old, with: new), path: "small.mps")
      }
    }
    assertAssayError(.file) { try MPSModel(path: "/nowhere/small.mps") }
  }

  func testDamagedTextsAreErrorsOrPrograms() {
    for bytes in mutations(of: Array(text.utf8), count: 300, key: RandomKey(seed: 1)["mps"]) {
      do {
        _ = try MPSModel(text: String(decoding: bytes, as: UTF8.self)).program.relaxation
          .solve(SolveOptions(timeLimit: 5))
      } catch {
        XCTAssertTrue([.format, .configuration].contains(error.kind), "\(error)")
      }
    }
  }
}
