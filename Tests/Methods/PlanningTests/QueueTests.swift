import Basics
import Checks
import Foundation
import Planning
import XCTest

/// Expected numbers are from `Tests/Golden/Planning/queues.py`.
final class QueueTests: XCTestCase {
  func testErlangsFormulas() {
    let known: [(load: Double, servers: Int, blocking: Double, waiting: Double)] = [
      (1, 1, 0.5, 1), (2, 5, 0.03669724770642202, 0.05970149253731343), (10, 10, 0.21458234310734733, 1),
      (10, 14, 0.05681914338652086, 0.17413193359504983), (50, 60, 0.021668473057806243, 0.11730205613220741),
      (100, 100, 0.07570045271086097, 1), (200, 210, 0.02784868627962897, 0.3756148239750332),
    ]
    for (load, servers, blocking, waiting) in known {
      XCTAssertEqual(Erlang.blocking(load: load, servers: servers), blocking, accuracy: 1e-13)
      XCTAssertEqual(Erlang.waiting(load: load, servers: servers), waiting, accuracy: 1e-13)
      XCTAssertLessThanOrEqual(servers, Erlang.servers(load: load, blocking: blocking * (1 - 1e-9)))
      XCTAssertEqual(Erlang.servers(load: load, blocking: blocking * (1 + 1e-9)), servers)
    }
    XCTAssertEqual(Erlang.waiting(load: 0, servers: 0), 0)
    XCTAssertEqual(Erlang.blocking(load: 0, servers: 3), 0)
  }

  /// The usual planner's example: 100 calls of 180 seconds in half an hour; 14 agents answer 88.8 percent in 20 seconds.
  func testErlangCAsPlannersKnowIt() throws {
    let queue = CallQueue(arrivalRate: 100.0 / 1800, serviceTime: 180)
    let performance = try queue.performance(servers: 14, threshold: 20)
    XCTAssertEqual(performance.serviceLevel, 0.8883500191794669, accuracy: 1e-12)
    XCTAssertEqual(try XCTUnwrap(performance.meanWait), 7.8, accuracy: 0.05)
    XCTAssertEqual(performance.occupancy, 10.0 / 14, accuracy: 1e-12)
    XCTAssertEqual(try queue.staffNeeded(StaffingTarget()), 14)
    XCTAssertEqual(try queue.staffNeeded(StaffingTarget(serviceLevel: 0.9)), 15)
    XCTAssertNil(try queue.performance(servers: 10, threshold: 20).meanWait)
    XCTAssertEqual(try queue.performance(servers: 10, threshold: 20).serviceLevel, 0)
  }

  func testErlangA() throws {
    let known: [(queue: CallQueue, servers: Int, threshold: Double, values: [Double])] = [
      (
        CallQueue(arrivalRate: 1 / 18, serviceTime: 180, patience: 120), 9, 20,
        [0.6133071332499849, 0.524066059189903, 23.058724561510417, 0.19215603801258682, 0.8976044022082369]
      ),
      (
        CallQueue(arrivalRate: 1 / 18, serviceTime: 180, patience: 120), 12, 20,
        [0.2798070186454443, 0.8255826443617644, 7.391685240441653, 0.06159737700368045, 0.7820021858302661]
      ),
      (
        CallQueue(arrivalRate: 1 / 18, serviceTime: 180, patience: 600), 8, 30,
        [0.9241101858839359, 0.13483217550066307, 129.5184396988293, 0.2158640661647155, 0.9801699172941053]
      ),
      (
        CallQueue(arrivalRate: 1 / 3, serviceTime: 150, patience: 60), 55, 15,
        [0.20831853956191143, 0.9417013952059108, 1.7180405594704555, 0.028634009324507593, 0.8830599915231752]
      ),
    ]
    for (queue, servers, threshold, values) in known {
      let found = try queue.performance(servers: servers, threshold: threshold)
      XCTAssertEqual(found.waitingProbability, values[0], accuracy: 1e-11)
      XCTAssertEqual(found.serviceLevel, values[1], accuracy: 1e-10)
      XCTAssertEqual(try XCTUnwrap(found.meanWait), values[2], accuracy: 1e-9)
      XCTAssertEqual(found.abandonment, values[3], accuracy: 1e-11)
      XCTAssertEqual(found.occupancy, values[4], accuracy: 1e-11)
    }
  }

  /// Callers who hardly ever give up meet Erlang C; and who is answered, gives up or waits adds up.
  func testLimitsOfErlangA() throws {
    for servers in [12, 15, 20] {
      let patient = try CallQueue(arrivalRate: 1 / 18, serviceTime: 180, patience: 1e9)
        .performance(servers: servers, threshold: 20)
      let endless = try CallQueue(arrivalRate: 1 / 18, serviceTime: 180).performance(servers: servers, threshold: 20)
      XCTAssertEqual(patient.serviceLevel, endless.serviceLevel, accuracy: 1e-6)
      XCTAssertEqual(patient.waitingProbability, endless.waitingProbability, accuracy: 1e-6)
      XCTAssertEqual(patient.meanWait ?? 0, endless.meanWait ?? 1, accuracy: 1e-4)
    }
    // Everybody who does not give up is answered in the end: the level at a late threshold.
    let queue = CallQueue(arrivalRate: 0.2, serviceTime: 100, patience: 40)
    let late = try queue.performance(servers: 15, threshold: 1e5)
    XCTAssertEqual(late.serviceLevel, 1 - late.abandonment, accuracy: 1e-10)
    XCTAssertEqual(
      try queue.performance(servers: 15, threshold: 0).serviceLevel, 1 - late.waitingProbability, accuracy: 1e-12)
    // What the servers do is what was not given up.
    XCTAssertEqual(late.occupancy * 15, queue.load * (1 - late.abandonment), accuracy: 1e-10)
    let none = try queue.performance(servers: 0, threshold: 10)
    XCTAssertEqual(none.abandonment, 1, accuracy: 1e-12)
    XCTAssertEqual([none.serviceLevel, none.waitingProbability], [0, 1])
  }

  func testThousandsOfServers() throws {
    for patience in [nil, 90.0] {
      // 10,000 erlangs: some 100 more without abandonment; with it some 8,000, where a fifth gives up in 20 of 90 seconds.
      let queue = CallQueue(arrivalRate: 50, serviceTime: 200, patience: patience)
      let target = StaffingTarget(serviceLevel: 0.8, threshold: 20)
      let servers = try queue.staffNeeded(target)
      XCTAssertGreaterThan(servers, patience == nil ? 10_000 : 7_900)
      XCTAssertLessThan(servers, patience == nil ? 10_200 : 8_300)
      XCTAssertTrue(target.isMet(by: try queue.performance(servers: servers, threshold: 20)))
      XCTAssertFalse(target.isMet(by: try queue.performance(servers: servers - 1, threshold: 20)))
    }
    // Far too few and far too many.
    let queue = CallQueue(arrivalRate: 50, serviceTime: 200, patience: 90)
    XCTAssertEqual(try queue.performance(servers: 1_000, threshold: 20).abandonment, 0.9, accuracy: 1e-9)
    XCTAssertEqual(try queue.performance(servers: 1_000, threshold: 20).serviceLevel, 0, accuracy: 1e-12)
    XCTAssertEqual(try queue.performance(servers: 20_000, threshold: 20).serviceLevel, 1, accuracy: 1e-12)
  }

  /// Callers one by one, served in turn: the share that gives up, the level and the wait.
  func testSimulation() throws {
    for seed in checkSeeds {
      let queue = CallQueue(arrivalRate: 0.1, serviceTime: 95, patience: 70)
      let servers = 9
      var random = RandomKey(seed: seed)["calls"].stream()
      func wait(_ mean: Double) -> Double { -mean * log(1 - random.uniform()) }
      var free = [Double](repeating: 0, count: servers)
      var (time, lost, quick, total) = (0.0, 0, 0, 0.0)
      let calls = 300_000
      for _ in 0..<calls {
        time += wait(10)
        let next = free.indices.min { free[$0] < free[$1] } ?? 0
        let needed = max(0, free[next] - time)
        let patience = wait(70)
        total += min(needed, patience)
        if patience < needed {
          lost += 1
        } else {
          if needed <= 20 { quick += 1 }
          free[next] = time + needed + wait(95)
        }
      }
      let expected = try queue.performance(servers: servers, threshold: 20)
      // Correlated draws: some five times the binomial deviation of 0.0008.
      XCTAssertEqual(Double(lost) / Double(calls), expected.abandonment, accuracy: 0.006, "seed \(seed)")
      XCTAssertEqual(Double(quick) / Double(calls), expected.serviceLevel, accuracy: 0.012, "seed \(seed)")
      XCTAssertEqual(total / Double(calls), expected.meanWait ?? 0, accuracy: 0.4, "seed \(seed)")
    }
  }

  /// Every kind of target: what is found suffices and one fewer does not.
  func testStaffIsTheLeast() throws {
    let targets = [
      StaffingTarget(serviceLevel: 0.95, threshold: 10), StaffingTarget(serviceLevel: nil, abandonment: 0.03),
      StaffingTarget(serviceLevel: nil, meanWait: 5), StaffingTarget(serviceLevel: nil, occupancy: 0.8),
      StaffingTarget(serviceLevel: 0.7, threshold: 30, abandonment: 0.05, occupancy: 0.9),
    ]
    for number in 0..<40 {
      var random = RandomKey(seed: 6)["staff"][number].stream()
      let queue = CallQueue(
        arrivalRate: 0.001 + random.uniform() * 0.3, serviceTime: 20 + 300 * random.uniform(),
        patience: 30 + 300 * random.uniform())
      for target in targets {
        let servers = try queue.staffNeeded(target)
        XCTAssertTrue(target.isMet(by: try queue.performance(servers: servers, threshold: target.threshold)))
        if servers > 0 {
          XCTAssertFalse(target.isMet(by: try queue.performance(servers: servers - 1, threshold: target.threshold)))
        }
      }
    }
    XCTAssertEqual(try CallQueue(arrivalRate: 0, serviceTime: 100).staffNeeded(StaffingTarget()), 0)
  }

  func testUncertainRates() throws {
    let target = StaffingTarget()
    let certain = CallQueue(arrivalRate: 0.1, serviceTime: 180, patience: 200)
    let spread = try UncertainQueue(rates: [0.06, 0.1, 0.14], serviceTime: 180, patience: 200)
    XCTAssertGreaterThan(try spread.staffNeeded(target), try certain.staffNeeded(target))
    // All of three equally likely rates: the greatest decides; two of them: the middle one.
    let greatest = CallQueue(arrivalRate: 0.14, serviceTime: 180, patience: 200)
    XCTAssertEqual(try spread.staffNeeded(target, confidence: 0.9), try greatest.staffNeeded(target))
    XCTAssertEqual(try spread.staffNeeded(target, confidence: 0.6), try certain.staffNeeded(target))
    let mixed = try spread.performance(servers: 20, threshold: 20)
    var level = 0.0
    for rate in spread.rates {
      let one = try CallQueue(arrivalRate: rate, serviceTime: 180, patience: 200).performance(
        servers: 20, threshold: 20)
      level += rate * one.serviceLevel / 0.3
    }
    XCTAssertEqual(mixed.serviceLevel, level, accuracy: 1e-12)
    let forecast = try UncertainQueue(
      arrivals: .normal(mean: 180, deviation: 30), per: 1800, serviceTime: 180, patience: 200)
    XCTAssertGreaterThanOrEqual(try forecast.staffNeeded(target), try certain.staffNeeded(target))
  }

  func testBadInput() throws {
    for queue in [
      CallQueue(arrivalRate: -1, serviceTime: 1), CallQueue(arrivalRate: 1, serviceTime: 0),
      CallQueue(arrivalRate: .nan, serviceTime: 1), CallQueue(arrivalRate: 1, serviceTime: 1, patience: 0),
    ] {
      assertAssayError(.configuration) { try queue.performance(servers: 3, threshold: 1) }
      assertAssayError(.configuration) { try queue.staffNeeded(StaffingTarget()) }
    }
    let queue = CallQueue(arrivalRate: 1, serviceTime: 1)
    assertAssayError(.configuration) { try queue.performance(servers: -1, threshold: 1) }
    assertAssayError(.configuration) { try queue.staffNeeded(StaffingTarget(serviceLevel: 1)) }
    assertAssayError(.configuration) { try queue.staffNeeded(StaffingTarget(serviceLevel: nil)) }
    assertAssayError(.configuration) { try UncertainQueue(rates: [], serviceTime: 1) }
  }
}
