import Basics
import Checks
import Foundation
import Planning
import XCTest

final class StaffingPlanTests: XCTestCase {
  private func rules(_ patience: Double? = 120) -> StaffingPlan.Rules {
    StaffingPlan.Rules(serviceTime: 240, patience: patience, target: StaffingTarget(), interval: 1800)
  }

  func testNeedsOfModels() throws {
    let calls = try [50.0, 200, 800].map { try DemandDistribution.normal(mean: $0, deviation: 0.1 * $0) }
    let plan = try StaffingPlan([calls[0], nil, calls[1], calls[2]], rules: rules())
    XCTAssertEqual(plan.need[1], 0)
    for place in [0, 2, 3] {
      XCTAssertGreaterThanOrEqual(plan.needWithoutAbandonment[place], plan.need[place], "patience asks for more people")
      XCTAssertGreaterThanOrEqual(plan.need[place], plan.needOnMean[place], "so does what is not certain")
      let calls = try XCTUnwrap(plan.arrivals[place])
      let queue = try UncertainQueue(arrivals: calls, per: 1800, serviceTime: 240, patience: 120)
      XCTAssertEqual(plan.need[place], try queue.staffNeeded(StaffingTarget()))
    }
    let met = try plan.performance(staff: plan.need)
    XCTAssertNil(met[1])
    for place in [0, 2, 3] { XCTAssertGreaterThanOrEqual(try XCTUnwrap(met[place]).serviceLevel, 0.8) }
    let fewer = try plan.performance(staff: plan.need.map { max(0, $0 - 1) })
    for place in [0, 2, 3] { XCTAssertLessThan(try XCTUnwrap(fewer[place]).serviceLevel, 0.8) }
    XCTAssertEqual(try StaffingPlan([calls[1]], rules: rules(nil)).need, [plan.needWithoutAbandonment[2]])
  }

  func testOutcomeWithCallsThatCame() throws {
    let outcome = try StaffingPlan.outcome(
      staff: [30, 5, 0, 30], calls: [200, 200, 0, .nan], rules: rules())
    let good = try CallQueue(arrivalRate: 200 / 1800, serviceTime: 240, patience: 120)
      .performance(servers: 30, threshold: 20)
    let bad = try CallQueue(arrivalRate: 200 / 1800, serviceTime: 240, patience: 120)
      .performance(servers: 5, threshold: 20)
    XCTAssertEqual(outcome.answered, (good.serviceLevel + bad.serviceLevel) / 2, accuracy: 1e-12)
    XCTAssertEqual(outcome.abandoned, (good.abandonment + bad.abandonment) / 2, accuracy: 1e-12)
    XCTAssertEqual(outcome.short, [1])
    XCTAssertEqual(try StaffingPlan.outcome(staff: [0], calls: [0], rules: rules()).answered, 1)
  }

  func testUsualShiftsAndWhatCannotBe() throws {
    var shifts = ShiftRules(hours: [4, 8], minutes: 30, wage: 20)
    let need = (0..<20).map { [3, 5, 8, 6][$0 / 5] }
    let roster = try shifts.roster(need: need, firstMinute: 8 * 60, day: "Monday")
    for place in need.indices { XCTAssertGreaterThanOrEqual(roster.cover[0][place], need[place]) }
    for shift in roster.shifts {
      XCTAssertEqual(shift.breakStart != nil, shift.length == 16, "a break in eight hours, none in four")
    }
    XCTAssertEqual(roster.cost.total, 20 * roster.paidHours, accuracy: 1e-6)
    shifts.mostPeople = 5
    assertAssayError(.configuration, saying: ["at most 5 people", "Monday at"]) {
      try shifts.roster(need: need, firstMinute: 8 * 60, day: "Monday")
    }
    shifts.shortage = 100
    let short = try shifts.roster(need: need, firstMinute: 8 * 60, day: "Monday")
    XCTAssertLessThanOrEqual(short.staff, 5)
    XCTAssertGreaterThan(short.shortageHours, 0)
    // A day shorter than every shift has one shift.
    XCTAssertEqual(
      try ShiftRules(hours: [8], minutes: 30, wage: 1).roster(need: [2, 2], firstMinute: 0, day: "d").staff, 2)
    assertAssayError(.configuration, saying: ["hours"]) {
      try ShiftRules(hours: [], minutes: 30, wage: 1).roster(need: [1], firstMinute: 0, day: "d")
    }
  }
}
