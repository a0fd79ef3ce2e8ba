import Basics
import Checks
import Experiments
import Foundation
import XCTest

/// What a ledger says when its file or folder is not what it should be, and after a crash.
final class LedgerDamageTests: XCTestCase {
  private func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

  private func write(_ bytes: [UInt8], _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  func testFoldersThatCannotBeUsed() throws {
    try withTemporaryFolder { folder in
      assertAssayError(.file) { try Ledger(path: "/proc/none/ledger.sqlite") }
      try write([1], folder + "/file")
      assertAssayError(.file, saying: ["a file is where a folder should be"]) {
        try Ledger(path: folder + "/file/ledger.sqlite")
      }
      try FileManager.default.createDirectory(atPath: folder + "/ledger.sqlite", withIntermediateDirectories: false)
      assertAssayError(.file, saying: ["cannot be opened for writing", "ASSAY_HOME"]) {
        try Ledger(path: folder + "/ledger.sqlite")
      }
      if getuid() != 0 {
        try FileManager.default.createDirectory(
          atPath: folder + "/closed", withIntermediateDirectories: false, attributes: [.posixPermissions: 0o500])
        assertAssayError(.file, saying: ["permission"]) { try Ledger(path: folder + "/closed/ledger.sqlite") }
      }
    }
  }

  func testFilesThatAreNoLedger() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/ledger.sqlite"
      try write(
        Array("this is no database, however long it may go on\n".utf8) + Array(repeating: 65, count: 9000), path)
      assertAssayError(.format, saying: ["damaged", "move the file away"]) { try Ledger(path: path) }
      XCTAssertEqual(try bytes(path).count, 9047, "the file must be left as it was")
    }
  }

  func testALedgerOfANewerVersionAndAnotherProgramsFile() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/ledger.sqlite"
      do { try Ledger(path: path).insert(sampleRun(1)) }
      // Both are changes of the header or of one word, made in a copy of the closed file.
      let original = try bytes(path)
      var foreign = original
      foreign[71] ^= 1  // The last byte of the application's mark.
      try write(foreign, folder + "/foreign.sqlite")
      assertAssayError(.format, saying: ["not a ledger of runs"]) { try Ledger(path: folder + "/foreign.sqlite") }
      let name = Array("1 runs".utf8)
      var newer = original
      let places = (0..<newer.count - name.count).filter { Array(newer[$0..<$0 + name.count]) == name }
      XCTAssertFalse(places.isEmpty)
      for place in places { newer[place] = UInt8(ascii: "2") }
      try write(newer, folder + "/newer.sqlite")
      assertAssayError(.format, saying: ["newer version", "update assay"]) {
        try Ledger(path: folder + "/newer.sqlite")
      }
    }
  }

  func testFlippedBytesGiveErrorsOrValues() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/ledger.sqlite"
      do {
        let ledger = try Ledger(path: path)
        for number in 0..<40 {
          var run = sampleRun(number)
          run.metrics = (0..<5).map { RunMetric("m", model: "a", part: .validation, fold: $0, value: 1) }
          run.artifacts = [RunArtifact(.report, path: "/r")]
          try ledger.insert(run)
        }
      }
      let original = try bytes(path)
      for seed in checkSeeds {
        for (number, damaged) in mutations(of: original, count: 60, key: RandomKey(seed: seed)).enumerated() {
          let copy = folder + "/copy-\(seed)-\(number).sqlite"
          try write(damaged, copy)
          do {
            let ledger = try Ledger(path: copy)
            for line in try ledger.list(limit: nil) { _ = try ledger.fetch(line.identifier) }
            try ledger.insert(sampleRun(1000))
            try ledger.closeAbandonedRuns()
          } catch let error as AssayError {
            XCTAssertFalse(error.problem.isEmpty)
          }
        }
      }
    }
  }

  func testATransactionCutOffIsThereWholeOrNotAtAll() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/ledger.sqlite"
      let ledger = try Ledger(path: path)
      for number in 0..<20 {
        var run = sampleRun(number)
        run.metrics = (0..<30).map { RunMetric("m", model: "a", part: .validation, fold: $0, value: 1) }
        run.artifacts = [RunArtifact(.report, path: "/r")]
        try ledger.insert(run)
      }
      // A crash leaves the file and a log that ends anywhere; the ledger stays open, so nothing was merged yet.
      let file = try bytes(path)
      let log = try bytes(path + "-wal")
      XCTAssertGreaterThan(log.count, 100_000)
      var stream = RandomKey(seed: 5)["cuts"].stream()
      var seen: Set<Int> = []
      for cut in 0..<40 {
        let copy = folder + "/cut-\(cut).sqlite"
        try write(file, copy)
        try write(Array(log.prefix(stream.integer(below: log.count + 1))), copy + "-wal")
        let opened = try Ledger(path: copy)
        let names = try opened.list(limit: nil).map(\.identifier)
        seen.insert(names.count)
        XCTAssertEqual(names.reversed(), (0..<names.count).map { sampleRun($0).identifier })
        for name in names {
          let run = try opened.fetch(name)
          XCTAssertEqual(run.metrics.count, 30)
          XCTAssertEqual(run.artifacts.count, 1)
        }
        try opened.insert(sampleRun(500))
      }
      XCTAssertGreaterThan(seen.count, 5)
      XCTAssertEqual(try ledger.count(), 20)
    }
  }
}
