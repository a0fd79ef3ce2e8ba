import Basics
import Checks
import Survival
import XCTest

final class ServiceTests: XCTestCase {
  private func costs(_ failure: Double = 10, _ service: Double = 1, _ inspection: Double = 0) -> ServiceCosts {
    do {
      return try ServiceCosts(failure: failure, service: service, inspection: inspection)
    } catch {
      preconditionFailure("costs of a test are right")
    }
  }

  func testAgeReplacementOfWeibullLives() throws {
    // Minimised by scipy: (10 F + S) / integral of S for shape 2.5 and life 100.
    let policies = RenewalPolicies(life: .weibull(shape: 2.5, life: 100), costs: costs())
    let best = policies.bestAge()
    let (age, rate) = ServiceTests.scipyOptimum
    XCTAssertEqual(best.rate, rate, accuracy: 1e-6)
    XCTAssertEqual(try XCTUnwrap(best.time), age, accuracy: 0.05)
    XCTAssertEqual(policies.runToFailureRate, 10 / (100 * tgamma(1.4)), accuracy: 1e-6)
    XCTAssertEqual(policies.ageRate(.infinity), policies.runToFailureRate, accuracy: 1e-6)
    XCTAssertEqual(best.saving, 1 - rate / policies.runToFailureRate, accuracy: 1e-4)
    // Age replacement knows more than the calendar.
    let interval = policies.bestInterval()
    XCTAssertGreaterThan(interval.rate, best.rate)
    XCTAssertLessThan(interval.rate, policies.runToFailureRate)
  }

  /// `minimize_scalar` over T with `quad` for the integral.
  private static let scipyOptimum = (age: 35.457441, rate: 0.0475054680)

  func testConstantHazardsNeedNoService() throws {
    let policies = RenewalPolicies(life: .weibull(shape: 1, life: 50), costs: costs())
    XCTAssertNil(policies.bestAge().time)
    XCTAssertEqual(policies.bestAge().saving, 0, accuracy: 1e-9)
    // A Poisson process: T / 50 failures in an interval T.
    XCTAssertEqual(policies.intervalRate(20), (1 + 10 * 20 / 50) / 20, accuracy: 1e-3)
    // With rising hazards a service that costs as much as a failure does not pay either.
    let dear = RenewalPolicies(life: .weibull(shape: 3, life: 50), costs: costs(5, 5))
    XCTAssertNil(dear.bestAge().time)
    XCTAssertTrue(dear.costs.makesServiceUseless)
  }

  func testTheFormulasAreWhatFleetsCost() throws {
    let life = LifeDistribution.weibull(shape: 3, life: 40)
    let policies = RenewalPolicies(life: life, costs: costs())
    let fleet = try FleetSimulation(life: life, costs: costs(), units: 60, period: 1, periods: 2000)
    let best = try XCTUnwrap(policies.bestAge().time).rounded()
    let interval = try XCTUnwrap(policies.bestInterval().time).rounded()
    let outcomes = fleet.compare(
      [.runToFailure, .age(best), .interval(interval), .predictedLife(3)], runs: 8, key: RandomKey(seed: 1), threads: 2)
    // Fleets start new; over 50 lives that matters by about a percent.
    XCTAssertEqual(outcomes[0].rate.value, policies.runToFailureRate, accuracy: 0.02 * policies.runToFailureRate)
    XCTAssertEqual(outcomes[1].rate.value, policies.ageRate(best), accuracy: 0.04 * policies.ageRate(best))
    let expected = policies.intervalRate(interval)
    XCTAssertEqual(outcomes[2].rate.value, expected, accuracy: 0.04 * expected)
    XCTAssertLessThan(outcomes[3].rate.value, outcomes[1].rate.value)
    XCTAssertGreaterThan(outcomes[3].saving.lower, 0)
    XCTAssertEqual(outcomes[0].saving.value, 0)
    XCTAssertEqual(outcomes[0].services.value, 0)
    XCTAssertEqual(
      fleet.compare([.age(best)], runs: 3, key: RandomKey(seed: 2)),
      fleet.compare([.age(best)], runs: 3, key: RandomKey(seed: 2), threads: 2))
    // A crew of one per period for 60 units with lives of 36 falls short.
    var short = fleet
    short.capacity = 1
    let limited = short.compare([.age(best)], runs: 3, key: RandomKey(seed: 1))
    XCTAssertGreaterThan(limited[0].failures.value, outcomes[1].failures.value)
    XCTAssertLessThanOrEqual(limited[0].services.value, 1.0 / 60 + 1e-12)
  }

  func testPlansAreTheBestOfAll() throws {
    for seed in 0..<30 {
      var random = RandomKey(seed: UInt64(seed)).stream()
      let units = 2 + random.integer(below: 4)
      let capacity = (0..<3).map { _ in random.integer(below: 3) }
      let times = (1...30).map(Double.init)
      let values = (0..<units).flatMap { _ -> [Double] in
        let (shape, life) = (1 + 3 * random.uniform(), 5 + 10 * random.uniform())
        return times.map { exp(-pow($0 / life, shape)) }
      }
      let curves = SurvivalCurves(times: times, values: values, between: .constantHazard)
      let ages = (0..<units).map { _ in 8 * random.uniform() }
      let policy = try ServicePolicy(costs: costs(), usualRate: 0.3, period: 2, capacity: capacity)
      let plan = policy.plan(curves, ages: ages)
      let table = policy.expectedCosts(curves, ages: ages)
      var used = [Int](repeating: 0, count: 3)
      for (unit, place) in plan.enumerated() {
        if let period = place.period { used[period] += 1 }
        XCTAssertEqual(place.cost, table[unit][place.period ?? 3])
        XCTAssertGreaterThanOrEqual(place.costOfCapacity, 0)
      }
      XCTAssertTrue(zip(used, capacity).allSatisfy { $0 <= $1 })
      // All ways to place the units.
      var least = Double.infinity
      for code in 0..<Int(pow(4, Double(units))) {
        var (rest, total) = (code, 0.0)
        var places = [0, 0, 0, 0]
        for unit in 0..<units {
          places[rest % 4] += 1
          total += table[unit][rest % 4]
          rest /= 4
        }
        if zip(places, capacity).allSatisfy({ $0 <= $1 }) { least = min(least, total) }
      }
      XCTAssertEqual(plan.reduce(0) { $0 + $1.cost }, least, accuracy: 1e-9)
    }
  }

  func testOldUnitsComeFirst() throws {
    let life = LifeDistribution.weibull(shape: 3, life: 40)
    let policies = RenewalPolicies(life: life, costs: costs())
    let best = policies.bestAge()
    let policy = try ServicePolicy(
      costs: costs(), usualRate: best.rate, period: 1, capacity: [Int](repeating: 5, count: 10))
    let age = try XCTUnwrap(best.time)
    let ages = [1, age - 4.2, age + 5, 35]
    let curves = SurvivalCurves(
      times: policies.life.times, values: ages.flatMap { _ in policies.life.values }, between: .constantHazard)
    let plan = policy.plan(curves, ages: ages)
    // With the rate of the best age, the best moment for each unit is that age.
    XCTAssertNil(plan[0].period)
    XCTAssertEqual(try XCTUnwrap(plan[1].period), 4, "at age \(ages[1] + 4)")
    XCTAssertEqual(plan[2].period, 0)
    XCTAssertEqual(plan[3].period, 0)
    XCTAssertLessThan(plan[0].gainNow, 0)
    XCTAssertGreaterThan(plan[3].gainNow, plan[2].gainNow)
    let busy = try ServicePolicy(costs: costs(), usualRate: best.rate, period: 1, capacity: [1, 1, 1])
    let limited = busy.plan(curves, ages: ages)
    XCTAssertEqual(limited[3].period, 0)
    XCTAssertEqual(limited[2].period, 1)
    XCTAssertGreaterThan(limited[2].costOfCapacity, 0)
  }

  func testThresholdsAndLeadTimes() throws {
    // The score is the time run: a threshold is an age. Lives of 10, 20, 30 and 40.
    let histories = try [10.0, 20, 30, 40].map { end in
      try UnitHistory(
        times: (1...Int(end)).map(Double.init), scores: (1...Int(end)).map(Double.init), end: end, hasFailed: true)
    }
    let judged = try ConditionThresholds(histories, costs: costs(10, 1, 0.01))
    let point = judged.point(15)
    // One failure at 10; three services at 15, with 10 + 15 * 3 looks.
    XCTAssertEqual(point.rate.value, (10 + 3 + 0.55) / 55, accuracy: 1e-12)
    XCTAssertEqual(point.failures, 0.25)
    XCTAssertEqual(point.lostLife, 15)
    // Running to failure needs no looks, and an age is known without.
    XCTAssertEqual(judged.point(.infinity).rate.value, 40.0 / 100, accuracy: 1e-12)
    let aged = try ConditionThresholds(histories, costs: costs(10, 1, 0.01), inspects: false)
    XCTAssertEqual(aged.point(15).rate.value, (10 + 3.0) / 55, accuracy: 1e-12)
    XCTAssertEqual(aged.curve().last?.rate, judged.curve().last?.rate)
    XCTAssertNil(try XCTUnwrap(judged.curve().last).threshold)
    let best = try XCTUnwrap(judged.curve().min { $0.rate.value < $1.rate.value })
    XCTAssertLessThan(best.rate.value, judged.point(.infinity).rate.value)
    // Alarms within 12 before the end: 25 % false at a threshold from 28 on.
    let lead = judged.leadTime(falseAlarmBudget: 0.25, window: 12)
    XCTAssertEqual(lead.threshold, 18)
    XCTAssertEqual(lead.falseAlarms.value, 0.25)
    XCTAssertEqual(lead.times, [2, 12])
    XCTAssertEqual(lead.detected.value, 0.5)
    XCTAssertEqual(lead.median, 7)
    let slow = try ConditionThresholds(histories, costs: costs(), reaction: 6)
    XCTAssertEqual(slow.point(15).failures, 0.5)
  }

  func testBadInput() {
    assertAssayError(.configuration, saying: ["failure", "-1"]) { try ServiceCosts(failure: -1, service: 1) }
    assertAssayError(.configuration, saying: ["inspection"]) {
      try ServiceCosts(failure: 1, service: 1, inspection: -2)
    }
    assertAssayError(.configuration, saying: ["capacity"]) {
      try ServicePolicy(costs: costs(), usualRate: 1, period: 1, capacity: [])
    }
    assertAssayError(.data, saying: ["rise"]) {
      try UnitHistory(times: [2, 1], scores: [0, 0], end: 3, hasFailed: true)
    }
    assertAssayError(.configuration, saying: ["units"]) {
      try FleetSimulation(life: .weibull(shape: 1, life: 1), costs: costs(), units: 0, period: 1, periods: 1)
    }
  }
}
