import Basics
import Checks
import Foundation
import Projects
import XCTest

/// What a run has finished, and who finds it again.
final class ProjectStoreTests: XCTestCase {
  private struct Piece: Codable, Equatable {
    var numbers: [Double]
    var name: String
  }

  private let piece = Piece(numbers: [0.1, -0.0, .leastNonzeroMagnitude, .infinity], name: "a")

  private func parts(
    _ folder: String, rows: String = "2025-01-01,1\n", settings: String = ""
  ) throws -> (Project, ProjectData) {
    let solution = SmallSolution()
    try Data(("when,EUR\n" + rows).utf8).write(to: URL(fileURLWithPath: folder + "/d.csv"))
    let text = "solution: small\ndata: d.csv\ncolumns:\n  time: when\n  amount: EUR\n" + settings
    let project = try Project.parse(text, folder: folder, name: "solution.yaml", among: [solution]).project
    return (project, try ProjectData(project, solution.card, threads: 1))
  }

  private func context(seed: UInt64 = 1, resumes: Bool = true, budget: Double = 10, threads: Int = 1) -> ProjectContext
  {
    ProjectContext(budget: budget, threads: threads, seed: seed, resumes: resumes)
  }

  func testAResumedRunTakesUpWhatIsThereBitForBit() throws {
    try withTemporaryFolder { folder in
      let (project, data) = try parts(folder)
      let store = try ProjectStore(project, data, context(resumes: false))
      var made = 0
      func make() -> Piece {
        made += 1
        return piece
      }
      XCTAssertEqual(try store.piece("boosting, fold 1", make: make), piece)
      // Names that would be the same file but for a sign, and such as no file can bear.
      for name in ["boosting; fold 1", "a/../b", String(repeating: "long ", count: 100), ""] {
        try store.save(Piece(numbers: [], name: name), as: name)
      }
      // The budget and the threads may differ.
      let later = try ProjectStore(project, data, context(budget: 99, threads: 2))
      let found = try later.piece("boosting, fold 1", make: make)
      XCTAssertEqual(found.numbers.map(\.bitPattern), piece.numbers.map(\.bitPattern))
      XCTAssertEqual(made, 1)
      for name in ["boosting; fold 1", "a/../b", String(repeating: "long ", count: 100), ""] {
        XCTAssertEqual(later.load(name, as: Piece.self)?.name, name)
      }
      XCTAssertNil(later.load("boosting, fold 2", as: Piece.self))
      later.finish()
      XCTAssertFalse(FileManager.default.fileExists(atPath: project.path(ProjectStore.folderName)))
    }
  }

  func testOtherDataSettingsOrSeedsFindNothing() throws {
    try withTemporaryFolder { folder in
      let (project, data) = try parts(folder)
      try ProjectStore(project, data, context()).save(piece, as: "p")
      func found(_ parts: (Project, ProjectData), _ context: ProjectContext) throws -> Piece? {
        try ProjectStore(parts.0, parts.1, context).load("p")
      }
      XCTAssertEqual(try found((project, data), context()), piece)
      XCTAssertNil(try found((project, data), context(seed: 2)))
      XCTAssertNil(try found(parts(folder, settings: "settings:\n  count: 4\n"), context()))
      XCTAssertNil(try found(parts(folder, settings: "value:\n  cost: 4\n"), context()))
      XCTAssertNil(try found(parts(folder, rows: "2025-01-01,2\n"), context()))
      XCTAssertEqual(try found((project, data), context()), piece, "looking must not remove")
      XCTAssertNil(try found((project, data), context(resumes: false)))
      XCTAssertNil(try found((project, data), context()), "a run that begins anew leaves nothing of the last")
    }
  }

  func testWhatThrowsIsNotKeptAndDamageCountsAsNothing() throws {
    try withTemporaryFolder { folder in
      let (project, data) = try parts(folder)
      let store = try ProjectStore(project, data, context())
      assertAssayError(.cancelled, saying: ["interrupted"]) {
        try store.piece("p") { () throws -> Piece in throw AssayError(.cancelled, "the work was interrupted") }
      }
      XCTAssertNil(store.load("p", as: Piece.self))
      try store.save(piece, as: "p")
      let place = project.path(ProjectStore.folderName)
      let files = try FileManager.default.contentsOfDirectory(atPath: place)
      XCTAssertEqual(files.count, 1)
      let path = place + "/" + files[0]
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: path))
      XCTAssertNil(store.load("p", as: Piece.self))
      XCTAssertEqual(try store.piece("p") { piece }, piece)
      XCTAssertEqual(store.load("p", as: Piece.self), piece)
    }
  }
}
