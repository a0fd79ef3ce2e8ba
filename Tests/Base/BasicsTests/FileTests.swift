import Basics
import Checks
import Foundation
import XCTest

final class FileTests: XCTestCase {
  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  func testWhatIsWrittenIsRead() throws {
    try withTemporaryFolder { folder in
      for size in [0, 1, 4095, 4096, 100_000] {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try AtomicFile.write(bytes, to: folder + "/a")
        XCTAssertEqual(try FileAccess.read(folder + "/a"), bytes)
      }
      try AtomicFile.write("text\n", to: folder + "/a")
      XCTAssertEqual(try FileAccess.read(folder + "/a"), Array("text\n".utf8))
      XCTAssertEqual(try names(folder), ["a"])
    }
  }

  func testFilesWithoutASizeAreRead() throws {
    #if os(Linux)
      XCTAssertGreaterThan(try FileAccess.read("/proc/self/status").count, 100)
      XCTAssertEqual(try FileAccess.read("/dev/null"), [])
    #endif
  }

  func testAFileThatIsNotCommittedLeavesTheOldOne() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("old", to: folder + "/a")
      do {
        var file = try AtomicFile(path: folder + "/a")
        try file.write(Array("new".utf8))
        XCTAssertEqual(try names(folder).count, 2)
      }
      XCTAssertEqual(try names(folder), ["a"])
      XCTAssertEqual(try FileAccess.read(folder + "/a"), Array("old".utf8))
    }
  }

  func testPermissionsAndLinksAreKept() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("one", to: folder + "/real")
      XCTAssertEqual(chmod(folder + "/real", 0o640), 0)
      XCTAssertEqual(symlink("real", folder + "/link"), 0)
      try AtomicFile.write("two", to: folder + "/link")
      XCTAssertEqual(try FileAccess.read(folder + "/real"), Array("two".utf8))
      XCTAssertEqual(try names(folder), ["link", "real"])
      let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/real")
      XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o640)
    }
  }

  func testErrorsSayWhatToDo() throws {
    try withTemporaryFolder { folder in
      assertAssayError(.file, saying: [folder + "/none", "no such file"]) { try FileAccess.read(folder + "/none") }
      assertAssayError(.file, saying: ["no folder \"\(folder)/none\""]) { try FileAccess.read(folder + "/none/a") }
      assertAssayError(.file, saying: ["folder, not a file"]) { try FileAccess.read(folder) }
      assertAssayError(.file, saying: ["folder, not a file"]) { try AtomicFile.write("x", to: folder) }
      assertAssayError(.file, saying: ["no folder \"\(folder)/none\""]) {
        try AtomicFile.write("x", to: folder + "/none/a")
      }
      try AtomicFile.write("x", to: folder + "/a")
      assertAssayError(.file, saying: ["is a file, not a folder"]) { try FileAccess.read(folder + "/a/b") }
      assertAssayError(.file) { try AtomicFile.write("x", to: "") }
      assertAssayError(.file, saying: ["too long"]) {
        try FileAccess.read(folder + "/" + String(repeating: "n", count: 300))
      }
      XCTAssertEqual(try names(folder), ["a"])
    }
  }

  func testNoPermission() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("x", to: folder + "/a")
      chmod(folder + "/a", 0)
      chmod(folder, 0o755)
      // Root may read and write everything, so it steps back to "nobody" for a while.
      let isRoot = geteuid() == 0
      if isRoot { XCTAssertEqual(seteuid(65534), 0) }
      defer { if isRoot { seteuid(0) } }
      assertAssayError(.file, saying: ["no permission to read"]) { try FileAccess.read(folder + "/a") }
      assertAssayError(.file, saying: ["no permission to write"]) { try AtomicFile.write("y", to: folder + "/a") }
      if !isRoot { chmod(folder, 0o500) }
      assertAssayError(.file, saying: ["no permission to write"]) { try AtomicFile.write("y", to: folder + "/b") }
      if !isRoot { chmod(folder, 0o700) }
    }
  }

  #if os(Linux)
    func testAFullDisk() throws {
      assertAssayError(.file, saying: ["/dev/full", "the disk is full"]) {
        try AtomicFile.write("x", to: "/dev/full")
      }
    }

    func testAFailedWriteLeavesNothingBehind() throws {
      try withTemporaryFolder { folder in
        try AtomicFile.write("old", to: folder + "/a")
        // A limit on the size of files stands for a disk that fills up in the middle.
        signal(SIGXFSZ, SIG_IGN)
        var before = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before)
        var limit = rlimit(rlim_cur: 100_000, rlim_max: before.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) }
        assertAssayError(.file, saying: [folder + "/a"]) {
          try AtomicFile.write([UInt8](repeating: 1, count: 200_000), to: folder + "/a")
        }
        XCTAssertEqual(try names(folder), ["a"])
        XCTAssertEqual(try FileAccess.read(folder + "/a"), Array("old".utf8))
      }
    }
  #endif

  func testFolders() throws {
    try withTemporaryFolder { folder in
      try FileAccess.createFolder(folder + "/a/b//c/")
      XCTAssertTrue(FileAccess.isFolder(folder + "/a/b/c"))
      try FileAccess.createFolder(folder + "/a")
      try AtomicFile.write("x", to: folder + "/file")
      XCTAssertTrue(FileAccess.exists(folder + "/file"))
      XCTAssertFalse(FileAccess.isFolder(folder + "/file"))
      XCTAssertFalse(FileAccess.exists(folder + "/other"))
      assertAssayError(.file, saying: ["a file is where a folder should be"]) {
        try FileAccess.createFolder(folder + "/file/inner")
      }
    }
  }
}
