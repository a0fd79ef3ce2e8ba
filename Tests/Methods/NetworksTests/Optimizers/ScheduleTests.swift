import Networks
import XCTest

/// The factors of learning rates at known steps.
final class ScheduleTests: XCTestCase {
  private func assert(_ schedule: Schedule, _ expected: [Int: Double], line: UInt = #line) {
    for (step, factor) in expected {
      XCTAssertEqual(schedule.factor(at: step), factor, accuracy: 1e-12, "\(schedule) at \(step)", line: line)
    }
  }

  func testKnownFactors() {
    assert(.constant, [0: 1, 1000: 1])
    assert(.step(every: 10, factor: 0.5), [0: 1, 9: 1, 10: 0.5, 25: 0.25])
    assert(.exponential(factor: 0.9), [0: 1, 1: 0.9, 2: 0.81])
    assert(.linear(steps: 10, final: 0.2), [0: 1, 5: 0.6, 10: 0.2, 50: 0.2])
    assert(.cosine(steps: 100), [0: 1, 50: 0.5, 100: 0, 200: 0])
    assert(.cosine(steps: 3, final: 0.1), [1: 0.1 + 0.9 * 0.75, 2: 0.1 + 0.9 * 0.25, 3: 0.1])
    assert(.inverseSquareRoot(after: 100), [0: 1, 100: 1, 400: 0.5])
  }

  func testOneCycleRisesAndFalls() {
    let schedule = Schedule.oneCycle(steps: 100, rise: 0.3, start: 0.04, final: 0.001)
    assert(schedule, [0: 0.04, 29: 1, 64: 0.5005, 99: 0.001, 150: 0.001])
    let factors = (0..<100).map(schedule.factor)
    XCTAssertTrue(zip(factors[..<29], factors[1...29]).allSatisfy { $0 < $1 })
    XCTAssertTrue(zip(factors[29..<99], factors[30...]).allSatisfy { $0 > $1 })
    assert(.oneCycle(steps: 10, rise: 0, final: 0.5), [0: 1, 9: 0.5])
  }

  func testWarmUpComesBeforeAny() {
    let schedule = Schedule.cosine(steps: 100).warmedUp(over: 4)
    assert(schedule, [0: 0.25, 1: 0.5, 3: 1, 4: 1, 54: 0.5, 104: 0])
    XCTAssertEqual(Schedule.constant.warmedUp(over: 0), .constant)
  }

  func testSchedulesGoThroughFiles() throws {
    let schedule = Schedule.oneCycle(steps: 10).warmedUp(over: 3)
    let data = try JSONEncoder().encode(schedule)
    XCTAssertEqual(try JSONDecoder().decode(Schedule.self, from: data), schedule)
  }

  func testPlateaus() {
    var schedule = PlateauSchedule(factor: 0.5, patience: 2, smallest: 0.2)
    for value in [10.0, 9, 8.9999, 9, 8] { schedule.observe(value) }
    XCTAssertEqual(schedule.current, 1)
    XCTAssertEqual(schedule.best, 8)
    for value in [8.0, .nan, 8.1] { schedule.observe(value) }
    XCTAssertEqual(schedule.current, 0.5)
    for _ in 0..<9 { schedule.observe(9) }
    XCTAssertEqual(schedule.current, 0.2)
  }
}
