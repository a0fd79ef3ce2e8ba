import Basics
import Checks
import Foundation
import Planning
import XCTest

final class CapacityPlanTests: XCTestCase {
  /// One period, orders that arrive at once: the newsvendor's answer. A unit held costs 1, lost demand 4, so too little
  /// costs 3 more than what is saved.
  func testOnePeriodIsTheNewsvendor() throws {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed)["one"].stream()
      let values = (0..<37).map { _ in (40 * random.uniform()).rounded() }
      let demand = try DemandDistribution.samples(values)
      let plan = try CapacityProblem(holdingCost: 1, shortageCost: 4)
        .plan(over: DemandScenarios(paths: values.map { [$0] }))
      let decision = try Newsvendor(underCost: 3, overCost: 1, unit: 1).decision(for: demand)
      XCTAssertEqual(plan.cost.total, decision.expectedCost + demand.mean, accuracy: 1e-6, "seed \(seed)")
      XCTAssertEqual(plan.expectedShortage[0], demand.expectedExcess(over: plan.units[0]), accuracy: 1e-9)
      XCTAssertEqual(plan.serviceLevel[0], demand.probability(atMost: plan.units[0]), accuracy: 1e-9)
    }
  }

  /// Random small problems of three periods against every plan.
  func testSmallProblemsAgainstEveryPlan() throws {
    for number in 0..<12 {
      var random = RandomKey(seed: 9)["plans"][number].stream()
      func draw(_ most: Double) -> Double { (most * random.uniform() * 4).rounded() / 4 }
      var problem = CapacityProblem(holdingCost: 0.5 + draw(2), shortageCost: 2 + draw(4))
      problem.addingCost = draw(3)
      problem.orderCost = number % 2 == 0 ? draw(3) : 0
      problem.removingCost = number % 3 == 0 ? -draw(problem.addingCost) : draw(1)
      problem.initialUnits = Double(random.integer(below: 4))
      problem.leadTime = number % 3
      problem.arriving = number % 4 == 0 ? [1, 0, 1] : []
      problem.unitSize = number % 2 == 0 ? 1 : 2.5
      problem.mostUnits = number % 5 == 0 ? 5 : 8
      if number % 3 == 1 {
        problem.spotCost = problem.shortageCost / 2
        problem.spotLimit = 2
      }
      let scenarios = try DemandScenarios(
        paths: (0..<6).map { _ in (0..<3).map { _ in draw(4 * problem.unitSize) } },
        weights: (0..<6).map { _ in 0.1 + random.uniform() })
      let plan = try problem.plan(over: scenarios)
      var best = Double.infinity
      for code in 0..<(6 * 6 * 6 * 5 * 5 * 5) {
        let added = [code % 6, code / 6 % 6, code / 36 % 6].map(Double.init)
        let removed = [code / 216 % 5, code / 1080 % 5, code / 5400].map(Double.init)
        var units = problem.initialUnits
        var isAllowed = true
        for period in 0..<3 {
          if period + problem.leadTime >= 3, added[period] > 0 { isAllowed = false }
          units += (problem.arriving.isEmpty ? 0 : problem.arriving[period]) - removed[period]
          units += period >= problem.leadTime ? added[period - problem.leadTime] : 0
          if units < 0 || units > problem.mostUnits ?? .infinity { isAllowed = false }
        }
        guard isAllowed else { continue }
        let trial = try CapacityPlan(evaluating: added, removed: removed, of: problem, over: scenarios)
        best = min(best, trial.cost.total)
      }
      // The gap of the search is 1e-4 of the cost.
      XCTAssertEqual(plan.cost.total, best, accuracy: 2e-4 * best + 1e-6, "problem \(number)")
      XCTAssertTrue(plan.units.allSatisfy { abs($0 - $0.rounded()) < 1e-6 })
    }
  }

  private func growth(seed: UInt64) throws -> DemandScenarios {
    var random = RandomKey(seed: seed)["growth"].stream()
    return try DemandScenarios(
      paths: (0..<25).map { _ in
        var level = 100.0
        return (0..<12).map { _ in
          level *= exp(0.05 + 0.12 * random.normal())
          return level
        }
      })
  }

  func testPlansOnTheMeanCostMore() throws {
    for seed in checkSeeds {
      let scenarios = try growth(seed: seed)
      var problem = CapacityProblem(holdingCost: 10, shortageCost: 5)
      problem.unitSize = 8
      problem.initialUnits = 12
      problem.leadTime = 2
      problem.addingCost = 30
      problem.removingCost = 10
      let comparison = try problem.comparison(over: scenarios, lastYear: scenarios.mean.map { $0 / 1.5 })
      let (plan, onMean) = (comparison.best, comparison.onMean)
      let lastYear = try XCTUnwrap(comparison.onLastYear)
      XCTAssertEqual(comparison.savingOverLastYear, lastYear.cost.total - plan.cost.total)
      XCTAssertEqual(comparison.savingOverMean, onMean.cost.total - plan.cost.total)
      let slack = 1e-4 * plan.cost.total
      XCTAssertLessThanOrEqual(plan.cost.total, onMean.cost.total + slack)
      XCTAssertLessThan(plan.cost.total, lastYear.cost.total)
      XCTAssertLessThan(try problem.costOfPerfectInformation(scenarios), plan.cost.total)
      XCTAssertNil(onMean.relativeGap)
      XCTAssertLessThanOrEqual(try XCTUnwrap(plan.relativeGap), 1e-4)
      // Nothing can arrive in the first two periods.
      XCTAssertTrue(plan.units.prefix(2).allSatisfy { $0 <= 12 })
      let parts = plan.cost
      XCTAssertEqual(
        parts.adding + parts.orders + parts.removing + parts.holding + parts.spot + parts.shortage, parts.total)
    }
  }

  func testWhatIf() throws {
    let scenarios = try growth(seed: 3)
    var problem = CapacityProblem(holdingCost: 10, shortageCost: 5)
    problem.unitSize = 8
    let plans = try problem.whatIf(\.shortageCost, [2, 5, 10, 40], over: scenarios)
    for (cheap, dear) in zip(plans, plans.dropFirst()) {
      XCTAssertLessThanOrEqual(cheap.cost.total, dear.cost.total * (1 + 1e-4))
      XCTAssertGreaterThanOrEqual(
        cheap.expectedShortage.reduce(0, +) * (1 + 1e-3) + 1e-3, dear.expectedShortage.reduce(0, +))
    }
    let early = try problem.whatIf(\.leadTime, [0, 4], over: scenarios)
    XCTAssertLessThan(early[0].cost.total, early[1].cost.total)
    let spots = try problem.whatIf(\.spotCost, [nil, 3], over: scenarios)
    XCTAssertLessThan(spots[1].cost.total, spots[0].cost.total)
    XCTAssertEqual(spots[1].cost.shortage, 0)
  }

  /// Quantile paths and plain draws of the same distributions lead to the same cost.
  func testQuantilesServeAsScenarios() throws {
    let demands = try (0..<6).map { try DemandDistribution.normal(mean: 50 + 5 * Double($0), deviation: 10) }
    var problem = CapacityProblem(holdingCost: 1, shortageCost: 3)
    problem.hasWholeUnits = false
    let plan = try problem.plan(over: DemandScenarios(demands, count: 200))
    for (period, demand) in demands.enumerated() {
      // Freely changed, each period is a newsvendor with ratio 2/3.
      XCTAssertEqual(plan.units[period], demand.quantile(2.0 / 3), accuracy: 0.3)
    }
  }

  func testBadInput() throws {
    let scenarios = try DemandScenarios(paths: [[1, 2, 3], [2, 3, 4]])
    var problem = CapacityProblem(holdingCost: 1, shortageCost: 3)
    problem.leadTime = 2
    problem.leastUnits = 5
    assertAssayError(.configuration, saying: ["no capacity plan", "at least 5 units in period 1"]) {
      try problem.plan(over: scenarios)
    }
    problem = CapacityProblem(holdingCost: -1, shortageCost: 3)
    assertAssayError(.configuration, saying: ["holding"]) { try problem.plan(over: scenarios) }
    problem = CapacityProblem(holdingCost: 1, shortageCost: 3)
    problem.removingCost = -2
    assertAssayError(.configuration, saying: ["money machine"]) { try problem.plan(over: scenarios) }
    problem.removingCost = 0
    problem.spotCost = 5
    assertAssayError(.configuration, saying: ["spot"]) { try problem.plan(over: scenarios) }
    problem.spotCost = nil
    assertAssayError(.configuration) { try problem.plan(expecting: [1], judgedBy: scenarios) }
    assertAssayError(.data) { try DemandScenarios(paths: [[1, 2], [1]]) }
    assertAssayError(.data, saying: ["scenario 2", "period 1"]) { try DemandScenarios(paths: [[1, 2], [.nan, 1]]) }
  }

  func testCoding() throws {
    let problem = CapacityProblem(holdingCost: 1, shortageCost: 3)
    XCTAssertEqual(try JSONDecoder().decode(CapacityProblem.self, from: JSONEncoder().encode(problem)), problem)
    let plan = try problem.plan(over: DemandScenarios(paths: [[3, 4]]))
    XCTAssertEqual(plan.units, [3, 4])
    XCTAssertEqual(try JSONDecoder().decode(CapacityPlan.self, from: JSONEncoder().encode(plan)), plan)
  }
}
