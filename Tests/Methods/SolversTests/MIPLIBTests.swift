import Basics
import Foundation
import Solvers
import XCTest

/// Models of MIPLIB 3, read from the folder `miplib3-small` below the one that `ASSAY_DATA` names; skipped without it.
final class MIPLIBTests: XCTestCase {
  /// A command's standard output.
  private func output(_ command: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [command] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  private func folder() throws -> String {
    guard let data = ProcessInfo.processInfo.environment["ASSAY_DATA"],
      FileManager.default.fileExists(atPath: data + "/miplib3-small/instances.tar.gz")
    else { throw XCTSkip("ASSAY_DATA names no folder with miplib3-small") }
    return data + "/miplib3-small"
  }

  /// Name, relaxation's value, optimum ("not listed" is nil).
  private func known(_ folder: String) throws -> [(name: String, relaxation: Double, optimum: Double?)] {
    try output("gzip", ["-dc", "\(folder)/best-known.csv.gz"]).split(whereSeparator: \.isNewline).dropFirst().map {
      let cells = $0.split(separator: ",").map(String.init)
      return (cells[0], try XCTUnwrap(Double(cells[7])), Double(cells[8]))
    }
  }

  private func program(_ name: String, _ folder: String) throws -> LinearProgram {
    let text = try output("tar", ["-xzOf", "\(folder)/instances.tar.gz", "\(name).mps"])
    return try MPSModel(text: text, path: "\(name).mps").program
  }

  func testRelaxations() throws {
    let folder = try folder()
    for (name, value, _) in try known(folder) {
      let solution = try program(name, folder).relaxation.optimum()
      // The catalogue prints between two and ten digits after the point.
      XCTAssertEqual(solution.objective ?? .nan, value, accuracy: max(6e-3, 1e-6 * abs(value)), name)
      XCTAssertEqual(solution.relativeGap, 0)
    }
  }

  func testEasyPrograms() throws {
    let folder = try folder()
    let easy: Set = ["flugpl", "p0033", "lseu", "rgn", "vpm1", "khb05250", "egout", "p0282"]
    for (name, _, optimum) in try known(folder) where easy.contains(name) {
      let solution = try program(name, folder).optimum(SolveOptions(timeLimit: 20))
      XCTAssertEqual(solution.status, .optimal, name)
      // The published optima have six or more digits.
      XCTAssertEqual(solution.objective ?? .nan, try XCTUnwrap(optimum), accuracy: 2e-6 * abs(optimum ?? 0), name)
    }
  }
}
