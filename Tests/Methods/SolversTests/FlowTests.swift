import Basics
import Checks
import Solvers
import XCTest

final class FlowTests: XCTestCase {
  private func cheapest(_ costs: [[Double]], row: Int = 0, used: Set<Int> = [], skips: Int) -> Double {
    if row == costs.count { return 0 }
    var best = skips > 0 ? cheapest(costs, row: row + 1, used: used, skips: skips - 1) : Double.infinity
    for column in costs[row].indices where !used.contains(column) && costs[row][column] < .infinity {
      best = min(
        best, costs[row][column] + cheapest(costs, row: row + 1, used: used.union([column]), skips: skips))
    }
    return best
  }

  /// Wide, square and tall problems, with forbidden pairs, against every assignment.
  func testAssignmentsAgainstEveryChoice() throws {
    var unsolvable = 0
    for number in 0..<120 {
      var random = RandomKey(seed: 2)["assignment"][number].stream()
      let height = 1 + random.integer(below: 6)
      let width = 1 + random.integer(below: 6)
      let forbidden = number % 3 == 0 ? 0.5 : 0
      let costs = (0..<height).map { _ in
        (0..<width).map { _ in random.uniform() < forbidden ? .infinity : Double(random.integer(below: 40) - 10) }
      }
      let best = cheapest(costs, skips: max(0, height - width))
      guard best < .infinity else {
        unsolvable += 1
        assertAssayError(.configuration, saying: ["cannot be assigned"], "\(costs)") { try Assignment(costs: costs) }
        continue
      }
      let assignment = try Assignment(costs: costs)
      XCTAssertEqual(assignment.cost, best, "\(costs)")
      let columns = assignment.columns.compactMap { $0 }
      XCTAssertEqual(Set(columns).count, min(height, width))
    }
    XCTAssertGreaterThan(unsolvable, 3)
  }

  /// Larger ones against the linear program.
  func testAssignmentsAgainstTheProgram() throws {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed)["assignment"].stream()
      let costs = (0..<30).map { _ in (0..<35).map { _ in random.normal() } }
      var program = LinearProgram()
      let x = costs.map { row in row.map { _ in program.variable(upper: 1) } }
      for row in x { program.add(sum(row) == 1) }
      for column in 0..<35 { program.add(sum(x.map { $0[column] }) <= 1) }
      for (row, line) in costs.enumerated() { program.objective.add(1, dot(line, x[row])) }
      // Relative to costs of about 1 each, over 30 rows.
      XCTAssertEqual(
        try Assignment(costs: costs).cost, try program.optimum().objective ?? .nan, accuracy: 1e-6, "seed \(seed)")
    }
  }

  func testBadAssignments() throws {
    assertAssayError(.configuration) { try Assignment(costs: [[1, 2], [3]]) }
    assertAssayError(.configuration, saying: ["row 0, column 1"]) { try Assignment(costs: [[1, .nan]]) }
    XCTAssertEqual(try Assignment(costs: []).columns, [])
    XCTAssertEqual(try Assignment(costs: [[], []]).columns, [nil, nil])
  }

  /// The textbook example: supplies 35, 50, 40, demands 45, 20, 30, 30 (Winston, "Operations Research", Powerco); 1020.
  func testTransport() throws {
    let plan = try Transport(
      costs: [[8, 6, 10, 9], [9, 12, 13, 7], [14, 9, 16, 5]], supply: [35, 50, 40], demand: [45, 20, 30, 30])
    XCTAssertEqual(plan.cost, 1020, accuracy: 1e-6)
    for (destination, need) in [45.0, 20, 30, 30].enumerated() {
      XCTAssertEqual(plan.shipments.reduce(0) { $0 + $1[destination] }, need, accuracy: 1e-7)
    }
    XCTAssertTrue(plan.shipments.joined().allSatisfy { abs($0 - $0.rounded()) < 1e-7 })
    let dearer = try Transport(
      costs: [[8, 6, 10, 9], [9, 12, 13, 7], [14, 9, 16, 5]], supply: [36, 50, 40], demand: [45, 20, 31, 30])
    XCTAssertGreaterThan(dearer.cost, plan.cost)
  }

  func testATransportThatCannotBe() throws {
    assertAssayError(.configuration, saying: ["destination 1", "source 0"]) {
      try Transport(costs: [[1, 2], [3, .infinity]], supply: [5, 50], demand: [4, 6])
    }
    assertAssayError(.configuration) { try Transport(costs: [[1]], supply: [1, 2], demand: [1]) }
    assertAssayError(.configuration) { try Transport(costs: [[1]], supply: [-1], demand: [1]) }
  }
}
