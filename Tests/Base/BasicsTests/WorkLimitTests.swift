import Basics
import Checks
import XCTest

final class WorkLimitTests: XCTestCase {
  func testDeadlines() {
    XCTAssertEqual(Deadline.never.secondsLeft, .infinity)
    XCTAssertFalse(Deadline.never.hasPassed)
    XCTAssertTrue(Deadline(after: 0).hasPassed)
    XCTAssertTrue(Deadline(after: -5).hasPassed)
    let soon = Deadline(after: 1000)
    XCTAssertFalse(soon.hasPassed)
    XCTAssertLessThanOrEqual(soon.secondsLeft, 1000)
    XCTAssertLessThanOrEqual(Deadline.never.earlier(after: 10).secondsLeft, 10)
    XCTAssertGreaterThan(soon.earlier(after: 5000).secondsLeft, 500)
    XCTAssertLessThanOrEqual(soon.earlier(after: 5000).secondsLeft, 1000)
  }

  func testDurations() {
    XCTAssertEqual(seconds(.milliseconds(1500)), 1.5, accuracy: 1e-12)
  }

  func testInterruption() throws {
    let interruption = Interruption()
    XCTAssertFalse(interruption.isRequested)
    try interruption.check()
    interruption.request()
    XCTAssertTrue(interruption.isRequested)
    assertAssayError(.cancelled) { try interruption.check() }
  }

  func testErrorsReadAsSentences() {
    let full = AssayError(.data, "the target has one value", at: "a.csv", remedy: "choose another with --target")
    XCTAssertEqual("\(full)", "a.csv: the target has one value; choose another with --target")
    XCTAssertEqual("\(AssayError(.data, "empty"))", "empty")
  }

  func testResourcesAreMeasured() {
    XCTAssertGreaterThan(ResourceUse.peakMemory, 1)
    XCTAssertGreaterThan(ResourceUse.processorSeconds, 0)
    let before = ResourceUse.peakMemory
    // Earlier tests may have used more than now, so the block goes beyond their peak.
    let slack = before - (ResourceUse.currentMemory ?? 0)
    let block = [UInt8](repeating: 1, count: Int(1e6 * (slack + 64)))
    XCTAssertEqual(block.last, 1)
    XCTAssertGreaterThan(ResourceUse.peakMemory, before + 30)
    #if os(Linux)
      XCTAssertLessThanOrEqual(ResourceUse.currentMemory ?? .infinity, ResourceUse.peakMemory + 1)
    #endif
  }
}
