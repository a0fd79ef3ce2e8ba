import Basics
import Checks
import Foundation
import Planning
import XCTest

final class NewsvendorTests: XCTestCase {
  /// For a normal demand the least cost is (under + over) * deviation * density(z): with 3 and 1, z = 0.6745 and 4 *
  /// 20 * 0.3178.
  func testNormalDemand() throws {
    let problem = Newsvendor(underCost: 3, overCost: 1)
    let decision = try problem.decision(for: .normal(mean: 100, deviation: 20))
    XCTAssertEqual(problem.criticalRatio, 0.75)
    XCTAssertEqual(decision.capacity, 100 + 20 * 0.674489750196082, accuracy: 1e-9)
    XCTAssertEqual(decision.expectedCost, 4 * 20 * 0.317776572684107, accuracy: 1e-9)
    XCTAssertEqual(decision.serviceLevel, 0.75, accuracy: 1e-12)
    XCTAssertEqual(decision.capacity - 100, decision.expectedSurplus - decision.expectedShortage, accuracy: 1e-9)
  }

  /// The example of every textbook: a demand of 1 to 6 with equal chances, bought at 2, sold at 5: 4 pieces.
  func testDiscreteDemand() throws {
    let decision = try Newsvendor(underCost: 3, overCost: 2, unit: 1).decision(for: .samples([3, 1, 2, 6, 5, 4]))
    XCTAssertEqual(decision.capacity, 4)
    XCTAssertEqual(decision.expectedShortage, (1 + 2) / 6.0, accuracy: 1e-12)
    XCTAssertEqual(decision.expectedSurplus, (3 + 2 + 1) / 6.0, accuracy: 1e-12)
    XCTAssertEqual(decision.serviceLevel, 4 / 6.0, accuracy: 1e-12)
    XCTAssertEqual(decision.fillRate, 1 - 0.5 / 3.5, accuracy: 1e-12)
  }

  func testQuantilesOfAForecast() throws {
    // A uniform demand between 0 and 10, told by three quantiles.
    let demand = try DemandDistribution.quantiles(levels: [0.25, 0.5, 0.75], values: [2.5, 5, 7.5])
    XCTAssertEqual(demand.mean, 5, accuracy: 1e-12)
    XCTAssertEqual(demand.quantile(0.9), 9, accuracy: 1e-12)
    XCTAssertEqual(demand.probability(atMost: 1), 0.1, accuracy: 1e-12)
    XCTAssertEqual(demand.expectedExcess(over: 8), 0.2, accuracy: 1e-12)
    // Crossed values are put in order; a tail does not go below 0.
    let crossed = try DemandDistribution.quantiles(levels: [0.1, 0.9, 0.5], values: [1, 30, 40])
    XCTAssertEqual(crossed.quantile(0.5), 30)
    XCTAssertEqual(crossed.quantile(0.0001), 0, accuracy: 0.01)
  }

  /// All forms of one distribution agree with sums over many of its quantiles.
  func testFormsAgree() throws {
    let forms: [DemandDistribution] = [
      try .normal(mean: 50, deviation: 9), try .logNormal(meanOfLogarithm: 3, deviationOfLogarithm: 0.4),
      try .quantiles(levels: [0.05, 0.3, 0.5, 0.9], values: [3, 9, 10, 40]), try .samples([3, 9, 9, 20, 41, 2]),
    ]
    let count = 40_000
    for demand in forms {
      let draws = (0..<count).map { demand.quantile((Double($0) + 0.5) / Double(count)) }
      XCTAssertEqual(draws.reduce(0, +) / Double(count), demand.mean, accuracy: 2e-3 * demand.mean)
      for level in [0.03, 0.4, 0.8, 0.97] {
        let capacity = demand.quantile(level) + 0.3
        let excess = draws.reduce(0) { $0 + max(0, $1 - capacity) } / Double(count)
        XCTAssertEqual(demand.expectedExcess(over: capacity), excess, accuracy: 1e-3 * demand.mean)
        let share = Double(draws.count { $0 <= capacity }) / Double(count)
        XCTAssertEqual(demand.probability(atMost: capacity), share, accuracy: 1e-3)
      }
    }
  }

  /// No capacity on a fine grid costs less than the decision, with and without units and limits.
  func testTheDecisionIsTheBest() throws {
    for number in 0..<60 {
      var random = RandomKey(seed: 4)["news"][number].stream()
      let demand = try DemandDistribution.samples((0..<25).map { _ in 100 * random.uniform() * random.uniform() })
      let unit = number % 2 == 0 ? nil : 1 + 20 * random.uniform()
      let problem = Newsvendor(
        underCost: 0.1 + 5 * random.uniform(), overCost: 0.1 + random.uniform(), unit: unit,
        minimum: number % 3 == 0 ? 15 : 0, maximum: number % 5 == 0 ? 45 : nil)
      let decision = try problem.decision(for: demand)
      for step in 0...400 {
        let capacity = unit.map { (Double(step) * $0) } ?? Double(step) / 4
        if capacity < problem.minimum || capacity > problem.maximum ?? .infinity { continue }
        XCTAssertLessThanOrEqual(
          decision.expectedCost, problem.outcome(of: capacity, for: demand).expectedCost + 1e-9, "problem \(number)")
      }
      if let unit { XCTAssertEqual(decision.capacity / unit, (decision.capacity / unit).rounded(), accuracy: 1e-9) }
      let curve = try problem.curve(for: demand, points: 30)
      XCTAssertGreaterThan(curve.count, 0)
      XCTAssertTrue(zip(curve, curve.dropFirst()).allSatisfy { $0.serviceLevel <= $1.serviceLevel })
    }
  }

  func testBadInput() throws {
    let demand = try DemandDistribution.samples([1, 2])
    assertAssayError(.configuration) { try Newsvendor(underCost: 0, overCost: 1).decision(for: demand) }
    assertAssayError(.configuration) { try Newsvendor(underCost: 1, overCost: 1, unit: 0).decision(for: demand) }
    assertAssayError(.configuration, saying: ["multiple"]) {
      try Newsvendor(underCost: 1, overCost: 1, unit: 10, minimum: 12, maximum: 18).decision(for: demand)
    }
    assertAssayError(.data) { try DemandDistribution.samples([]) }
    assertAssayError(.data) { try DemandDistribution.samples([1, .nan]) }
    assertAssayError(.data) { try DemandDistribution.samples([1, 2], weights: [1, -1]) }
    assertAssayError(.data) { try DemandDistribution.quantiles(levels: [0.5, 0.5], values: [1, 2]) }
    assertAssayError(.data) { try DemandDistribution.quantiles(levels: [0, 0.5], values: [1, 2]) }
    assertAssayError(.data) { try DemandDistribution.normal(mean: 1, deviation: 0) }
  }

  func testCoding() throws {
    let demand = try DemandDistribution.quantiles(levels: [0.1, 0.5, 0.9], values: [1, 2, 4])
    XCTAssertEqual(
      try JSONDecoder().decode(DemandDistribution.self, from: JSONEncoder().encode(demand)), demand)
    let problem = Newsvendor(underCost: 1, overCost: 2, unit: 3)
    XCTAssertEqual(try JSONDecoder().decode(Newsvendor.self, from: JSONEncoder().encode(problem)), problem)
  }
}
