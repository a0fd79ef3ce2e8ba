import Basics
import Checks
import Experiments
import Foundation
import XCTest

/// Several writers at once: threads with connections of their own, and other processes.
final class LedgerProcessTests: XCTestCase {
  private static let variable = "ASSAY_TEST_LEDGER_WRITER"

  func testThreadsWithTheirOwnConnections() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/ledger.sqlite"
      let problems = FailureList()
      DispatchQueue.concurrentPerform(iterations: 6) { writer in
        do {
          // All open the file at once, so that the first ones race to create it.
          let ledger = try Ledger(path: path)
          for number in 0..<25 {
            var run = sampleRun(writer * 1000 + number)
            try ledger.insert(run)
            _ = try ledger.list(limit: 5)
            run.metrics = [RunMetric("m", model: "a", part: .test, value: Double(number))]
            try ledger.finish(run)
          }
        } catch {
          problems.add("\(writer): \(error)")
        }
      }
      XCTAssertEqual(problems.all, [])
      let ledger = try Ledger(path: path)
      XCTAssertEqual(try ledger.count(), 150)
      for line in try ledger.list(limit: nil) { XCTAssertEqual(try ledger.fetch(line.identifier).metrics.count, 1) }
    }
  }

  func testOtherProcesses() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/ledger.sqlite"
      let processes = try (0..<3).map { try Self.startWriter($0, path) }
      // This process writes beside them.
      let ledger = try Ledger(path: path)
      for number in 0..<20 { try ledger.insert(sampleRun(9000 + number)) }
      for process in processes {
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 0)
      }
      XCTAssertEqual(try ledger.count(), 80)
    }
  }

  func testRunsOfProcessesThatHaveEndedAreClosed() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/ledger.sqlite"
      let ledger = try Ledger(path: path)
      var own = sampleRun(1)
      own.state = .running
      try ledger.insert(own)
      let process = try Self.startWriter(7, path)
      process.waitUntilExit()
      // The other process left its last run running.
      XCTAssertEqual(try ledger.count(filter: RunFilter(state: .running)), 2)
      let closed = try ledger.closeAbandonedRuns()
      XCTAssertEqual(closed, [sampleRun(7 * 1000 + 19).identifier])
      XCTAssertEqual(try ledger.fetch(closed[0]).state, .abandoned)
      XCTAssertEqual(try ledger.fetch(own.identifier).state, .running)
      XCTAssertEqual(try ledger.closeAbandonedRuns(), [])
    }
  }

  /// Not a check of its own: what the other processes do, when this test is run by `startWriter`.
  func testWriterOfAnotherProcess() throws {
    guard let order = ProcessInfo.processInfo.environment[Self.variable] else { return }
    let parts = order.split(separator: ":", maxSplits: 1)
    let writer = try XCTUnwrap(Int(parts[0]))
    let ledger = try Ledger(path: String(parts[1]))
    for number in 0..<20 {
      var run = sampleRun(writer * 1000 + number)
      if number == 19 { run.state = .running }
      try ledger.insert(run)
    }
  }

  private static func startWriter(_ number: Int, _ path: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["ExperimentsTests.LedgerProcessTests/testWriterOfAnotherProcess"]
    process.environment = ProcessInfo.processInfo.environment.merging([variable: "\(number):\(path)"]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }
}

/// Messages collected from several threads.
private final class FailureList: @unchecked Sendable {
  private let lock = NSLock()
  private var messages: [String] = []

  func add(_ message: String) { lock.withLock { messages.append(message) } }
  var all: [String] { lock.withLock { messages } }
}
