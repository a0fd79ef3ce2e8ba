import XCTest

/// An undeclared import can build by luck; here every file's imports are compared with Package.swift, and the arrows
/// point only down.
final class ImportTests: XCTestCase {
  /// What the toolchain brings, and what is for tests.
  private let toolchain: Set = ["Foundation", "Dispatch", "Synchronization", "Swift", "Glibc"]

  private func table() throws -> PackageTable {
    let table = try PackageTable(manifest: Repository().text("Package.swift"))
    XCTAssertGreaterThanOrEqual(table.rooms.count, 10, "the table in Package.swift is no longer readable by this test")
    return table
  }

  func testTheTableIsReadable() throws {
    let manifest = """
      let yams = Target.Dependency.product(name: "Yams", package: "Yams")
      let rooms: [Room] = [
        Room(name: "Base", floor: 0, folder: "Low", tested: false),
        Room(
          name: "Top", floor: 3, folder: "High", uses: ["Base", "Middle"], packages: [yams]),
      ]
      """
    XCTAssertEqual(
      try PackageTable(manifest: manifest).rooms,
      [
        .init(name: "Base", floor: 0, folder: "Low", uses: [], packages: []),
        .init(name: "Top", floor: 3, folder: "High", uses: ["Base", "Middle"], packages: ["Yams"]),
      ])
  }

  func testImportsAreFoundInEveryForm() {
    let file = Repository.SourceFile(
      path: "x.swift",
      lines: [
        "import A", "@testable import B", "public import struct C.D", "  import E.F", "// import G",
        "let important = 1",
      ])
    XCTAssertEqual(file.imports.map(\.module), ["A", "B", "C", "E"])
  }

  func testArrowsPointDown() throws {
    let table = try table()
    for room in table.rooms {
      for name in room.uses {
        let used = try XCTUnwrap(table.room(name), "\(room.name) uses \(name), which is no room")
        XCTAssertLessThan(used.floor, room.floor, "\(room.name) uses \(name), which is not on a lower floor")
      }
    }
  }

  func testFilesImportOnlyWhatTheirRoomDeclares() throws {
    let table = try table()
    for room in table.rooms where !room.name.hasPrefix("C") {
      let allowed = toolchain.union(room.uses).union(room.packages)
      for file in try Repository().swiftFiles(below: room.path) {
        for (module, line) in file.imports where !allowed.contains(module) {
          XCTFail("\(file.path):\(line) imports \(module), which Package.swift does not declare for \(room.name)")
        }
      }
    }
  }

  func testTestsUseThePublicInterface() throws {
    for file in try Repository().swiftFiles(below: "Tests") {
      for (text, line) in file.code where text.contains("@testable") {
        XCTFail("\(file.path):\(line) uses @testable")
      }
    }
  }
}
