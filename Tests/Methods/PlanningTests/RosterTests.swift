import Basics
import Checks
import Foundation
import Planning
import Solvers
import XCTest

final class RosterTests: XCTestCase {
  /// One day of six intervals, two types, breaks at any place: against every vector of counts.
  func testOneDayAgainstEveryRoster() throws {
    for number in 0..<25 {
      var random = RandomKey(seed: 12)["roster"][number].stream()
      let need = (0..<6).map { _ in Double(random.integer(below: 4)) }
      var long = ShiftType(name: "long", starts: [0, 2], lengths: [4], costPerInterval: 1)
      long.breakLength = 1
      long.regularIntervals = number % 2 == 0 ? 2 : nil
      let short = ShiftType(
        name: "short", starts: [1, 3], lengths: [2], costPerInterval: 1 + 0.5 * random.uniform())
      var problem = RosterProblem(need: [need], shiftTypes: [long, short])
      problem.shortageCost = number % 3 == 0 ? nil : 0.5 + 3 * random.uniform()
      // Every column: long with the break after 1 or 2 intervals, and short.
      var columns: [(work: [Int], cost: Double)] = []
      for start in [0, 2] {
        for place in [1, 2] {
          columns.append(((0..<4).filter { $0 != place }.map { start + $0 }, number % 2 == 0 ? 2 + 1.5 : 3))
        }
      }
      for start in [1, 3] { columns.append(([start, start + 1], 2 * short.costPerInterval)) }
      var best = Double.infinity
      for code in 0..<(1 << 12) {
        var cover = [Double](repeating: 0, count: 6)
        var cost = 0.0
        for (column, entry) in columns.enumerated() {
          let count = Double(code >> (2 * column) & 3)
          cost += count * entry.cost
          for place in entry.work { cover[place] += count }
        }
        let missing = zip(need, cover).reduce(0) { $0 + max(0, $1.0 - $1.1) }
        if missing > 0 && problem.shortageCost == nil { continue }
        best = min(best, cost + (problem.shortageCost ?? 0) * missing)
      }
      guard best < .infinity else {
        assertAssayError(.configuration, saying: ["the need of"], "roster \(number)") { try problem.roster() }
        continue
      }
      let roster = try problem.roster()
      XCTAssertEqual(roster.cost.total, best, accuracy: 2e-4 * best + 1e-9, "roster \(number)")
      try check(roster, problem)
    }
  }

  /// What the roster reports follows from its shifts.
  private func check(_ roster: Roster, _ problem: RosterProblem) throws {
    var cover = problem.need.map { $0.map { _ in 0 } }
    var people: [[Int]: Int] = [:]
    for shift in roster.shifts {
      let type = try XCTUnwrap(problem.shiftTypes.first { $0.name == shift.type })
      people[[shift.day, shift.start, shift.length], default: 0] += shift.count
      if type.breakLength > 0 { XCTAssertNotNil(shift.breakStart) }
      for place in shift.start..<shift.start + shift.length {
        if let pause = shift.breakStart, (pause..<pause + type.breakLength).contains(place) { continue }
        let all = shift.day * problem.intervalCount + place
        cover[all / problem.intervalCount % problem.dayCount][all % problem.intervalCount] += shift.count
      }
    }
    XCTAssertEqual(cover, roster.cover)
    for group in roster.groups {
      for day in group.days { people[[day, group.start, group.length], default: 0] -= group.count }
    }
    XCTAssertTrue(people.values.allSatisfy { $0 == 0 })
    var (idle, missing) = (0.0, 0.0)
    for day in problem.need.indices {
      for (place, need) in problem.need[day].enumerated() {
        let spare = Double(cover[day][place]) - need / (1 - problem.shrinkage)
        idle += max(0, spare)
        missing += max(0, -spare)
        XCTAssertEqual(roster.shortage[day][place], max(0, -spare), accuracy: 1e-9)
      }
    }
    XCTAssertEqual(roster.idleHours, idle * Double(problem.minutes) / 60, accuracy: 1e-9)
    XCTAssertEqual(roster.shortageHours, missing * Double(problem.minutes) / 60, accuracy: 1e-9)
  }

  /// The classical one: seven days, each person works five in a row; the needs 17, 13, 15, 19, 14, 16, 11 take 23 people
  /// (Winston, "Operations Research", the post office).
  func testDaysOff() throws {
    var type = ShiftType(name: "full", starts: [0], lengths: [1], costPerInterval: 1)
    type.workPatterns = WorkPattern.consecutive(5, of: 7)
    let problem = RosterProblem(need: [17, 13, 15, 19, 14, 16, 11].map { [Double($0)] }, shiftTypes: [type])
    let roster = try problem.roster()
    XCTAssertEqual(roster.staff, 23)
    XCTAssertEqual(roster.cost.total, 115, accuracy: 1e-9)
    XCTAssertEqual(roster.groups.reduce(0) { $0 + $1.days.count * $1.count }, 115)
    try check(roster, problem)
  }

  /// Night shifts go on in the next day, the last one in the first.
  func testACycle() throws {
    let type = ShiftType(name: "any", starts: [0, 1, 2], lengths: [2], costPerInterval: 1)
    var problem = RosterProblem(need: [[1, 1, 1], [1, 1, 2]], shiftTypes: [type])
    problem.isCyclic = true
    let roster = try problem.roster()
    XCTAssertEqual(roster.cover.joined().reduce(0, +), 8)
    XCTAssertEqual(roster.cost.total, 8, accuracy: 1e-9)
    try check(roster, problem)
    problem.isCyclic = false
    // Without the cycle the last interval is covered by a shift that starts before it, and no shift begins at its end.
    XCTAssertEqual(try problem.roster().cost.total, 8, accuracy: 1e-9)
  }

  /// Random weeks keep every limit, and the cost is between that of the relaxation and a greedy bound.
  func testWeeks() throws {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed)["week"].stream()
      let need = (0..<7).map { _ in (0..<16).map { Double(2 + $0 % 5) + Double(random.integer(below: 3)) } }
      var full = ShiftType(name: "full-time", starts: [0, 2, 4], lengths: [9], costPerInterval: 10)
      full.breakLength = 1
      full.leastBeforeBreak = 3
      full.leastAfterBreak = 3
      full.workPatterns = WorkPattern.consecutive(5, of: 7)
      full.leastStaff = 3
      var part = ShiftType(name: "part-time", starts: Array(0...12), lengths: [4], costPerInterval: 11)
      part.workPatterns = WorkPattern.any(3, of: 7)
      part.isPartTime = true
      var problem = RosterProblem(need: need, shiftTypes: [full, part])
      problem.mostPartTime = 0.6
      problem.shortageCost = 40
      problem.minutes = 60
      let roster = try problem.roster(options: SolveOptions(timeLimit: 1, relativeGap: 0.02))
      try check(roster, problem)
      let partTime = roster.groups.filter { $0.type == "part-time" }.reduce(0) { $0 + $1.count }
      XCTAssertLessThanOrEqual(Double(partTime), 0.6 * Double(roster.staff))
      XCTAssertGreaterThanOrEqual(roster.staff - partTime, 3)
      XCTAssertTrue(roster.groups.allSatisfy { $0.days.count == ($0.type == "part-time" ? 3 : 5) })
      let needed = need.joined().reduce(0, +)
      XCTAssertGreaterThanOrEqual(roster.cost.total, 10 * needed - 1e-6)
      XCTAssertLessThan(roster.cost.total, 2 * 10 * needed)
      XCTAssertEqual(
        roster.cost.regular,
        roster.groups.reduce(0) {
          $0 + Double($1.count * $1.days.count) * ($1.type == "part-time" ? 44 : 80)
        }, accuracy: 1e-6)
    }
  }

  func testTheContradictionIsNamed() throws {
    let early = ShiftType(name: "early", starts: [0], lengths: [3], costPerInterval: 1)
    var late = ShiftType(name: "late", starts: [2], lengths: [2], costPerInterval: 1)
    late.mostStaff = 2
    var problem = RosterProblem(need: [[1, 2, 2, 3]], shiftTypes: [early, late])
    problem.firstMinute = 480
    assertAssayError(.configuration, saying: ["need of 3 on day 1 at 09:30", "at most 2 people of late"]) {
      try problem.roster()
    }
    problem.shiftTypes[1].starts = [1]
    assertAssayError(.configuration, saying: ["need of 3 on day 1 at 09:30", "no allowed shift"]) {
      try problem.roster()
    }
    problem.shortageCost = 5
    let roster = try problem.roster()
    XCTAssertEqual(roster.shortage, [[0, 0, 0, 3]])
    XCTAssertEqual(roster.cost.shortage, 15, accuracy: 1e-9)
  }

  func testShrinkageAsksForMore() throws {
    let type = ShiftType(name: "all", starts: [0], lengths: [2], costPerInterval: 1)
    var problem = RosterProblem(need: [[7, 7]], shiftTypes: [type])
    problem.shrinkage = 0.3
    XCTAssertEqual(try problem.roster().staff, 10)
  }

  func testBadInput() throws {
    let type = ShiftType(name: "day", starts: [0], lengths: [2], costPerInterval: 1)
    assertAssayError(.configuration) { try RosterProblem(need: [], shiftTypes: [type]).roster() }
    assertAssayError(.configuration) { try RosterProblem(need: [[1, 2], [1]], shiftTypes: [type]).roster() }
    assertAssayError(.configuration, saying: ["day 1 at 00:30"]) {
      try RosterProblem(need: [[1, .nan]], shiftTypes: [type]).roster()
    }
    assertAssayError(.configuration) { try RosterProblem(need: [[1, 1]], shiftTypes: []).roster() }
    func changed(_ change: (inout ShiftType) -> Void) -> RosterProblem {
      var other = type
      change(&other)
      return RosterProblem(need: [[1, 1]], shiftTypes: [other])
    }
    for problem in [
      changed { $0.starts = [2] }, changed { $0.lengths = [3] }, changed { $0.breakLength = 1 },
      changed { $0.costPerInterval = -1 },
      changed {
        $0.leastStaff = 2; $0.mostStaff = 1
      },
      changed { $0.workPatterns = [[0, 1]] },
    ] {
      assertAssayError(.configuration, saying: ["shift type day"]) { try problem.roster() }
    }
    assertAssayError(.configuration, saying: ["ends before"]) { try changed { $0.starts = [1] }.roster() }
  }

  func testCoding() throws {
    let type = ShiftType(name: "day", starts: [0], lengths: [2], costPerInterval: 1)
    let problem = RosterProblem(need: [[1, 1]], shiftTypes: [type])
    XCTAssertEqual(try JSONDecoder().decode(RosterProblem.self, from: JSONEncoder().encode(problem)), problem)
    let roster = try problem.roster()
    XCTAssertEqual(try JSONDecoder().decode(Roster.self, from: JSONEncoder().encode(roster)), roster)
  }
}
