import Basics
import Checks
import Histories
import Tables
import XCTest

/// One engine: what a table gets is what a stream gets, and nothing comes from the future.
final class StreamTests: XCTestCase {
  private func batch(_ events: RandomEvents, _ plan: HistoryPlan = RandomEvents.plan()) throws -> Features {
    let names = try HistoryState(plan).featureNames
    return Features(try plan.apply(to: try events.table()), names)
  }

  /// Row by row, labels told at the last moment, just before the delay has passed.
  private func stream(
    _ events: RandomEvents, through pause: (HistoryState, Int) throws -> HistoryState = { state, _ in state }
  ) throws -> (features: [String: [Float]], state: HistoryState) {
    var state = try HistoryState(RandomEvents.plan())
    var columns = state.featureNames.map { ($0, [Float](repeating: 0, count: events.count)) }
    var untold: [(time: Int64, id: Int64, label: Bool)] = []
    for (place, row) in events.order.enumerated() {
      state = try pause(state, place)
      while let next = untold.first, next.time + 36_000_000_000 < events.times[row] {
        try state.learn(label: next.label, of: next.id)
        untold.removeFirst()
      }
      let (features, id) = try state.observe(events.event(row))
      for index in features.indices { columns[index].1[row] = features[index] }
      if events.labels[row] >= 0 { untold.append((events.times[row], id, events.labels[row] == 1)) }
    }
    return (Dictionary(uniqueKeysWithValues: columns), state)
  }

  func testStreamGivesExactlyTheFeaturesOfTheTable() throws {
    for seed: UInt64 in 1...4 {
      let events = RandomEvents(600, seed: seed)
      let (found, state) = try stream(events)
      let wanted = try batch(events)
      XCTAssertEqual(state.featureNames.count, wanted.columns.count)
      for name in state.featureNames where !same(found[name]!, wanted[name]) {
        XCTFail("seed \(seed): \(name) differs")
      }
      XCTAssertEqual(state.report.lateLabels, 0)
      XCTAssertEqual(state.report.events, 600)
    }
  }

  func testStateGoesOnAfterItWasSaved() throws {
    try withTemporaryFolder { folder in
      let events = RandomEvents(400, seed: 5)
      let (found, state) = try stream(events) { state, place in
        // At times that split ties too.
        guard place % 37 == 11 else { return state }
        try state.save(to: folder + "/state")
        return try HistoryState(contentsOf: folder + "/state")
      }
      let wanted = try batch(events)
      for name in state.featureNames where !same(found[name]!, wanted[name]) { XCTFail("\(name) differs") }
    }
  }

  func testTableAfterTableIsOneTable() throws {
    let events = RandomEvents(500, seed: 6)
    let order = events.order
    var cut = 200
    while events.times[order[cut]] == events.times[order[cut - 1]] { cut += 1 }
    var state = try HistoryState(RandomEvents.plan())
    _ = try state.apply(to: try events.table(rows: Array(order[..<cut])))
    let second = try state.apply(to: try events.table(rows: Array(order[cut...])))
    let wanted = try batch(events)
    let found = Features(second, state.featureNames)
    for name in state.featureNames {
      XCTAssertTrue(same(found[name], order[cut...].map { wanted[name][$0] }), name)
    }
    assertAssayError(.data, saying: ["before"]) { try state.apply(to: try events.table(rows: Array(order[..<cut]))) }
  }

  func testOrderOfRowsDoesNotMatter() throws {
    for seed: UInt64 in 7...9 {
      let events = RandomEvents(500, seed: seed)
      let wanted = try batch(events)
      var draws = Draws(seed + 100)
      var rows = Array(0..<events.count)
      for index in rows.indices.reversed() { rows.swapAt(index, draws.number(below: index + 1)) }
      let plan = RandomEvents.plan()
      let names = try HistoryState(plan).featureNames
      let shuffled = Features(try plan.apply(to: try events.table(rows: rows)), names)
      for name in names where !same(shuffled[name], rows.map { wanted[name][$0] }) {
        // Among events that are the same in all but the label, the latest label is that of any of them.
        if !name.hasSuffix("label.run") { XCTFail("seed \(seed): \(name) depends on the order") }
      }
    }
  }

  func testNothingComesFromTheFuture() throws {
    for seed: UInt64 in 10...12 {
      var events = RandomEvents(500, seed: seed)
      let before = try batch(events)
      // Another future from a moment on, and other labels of everything that is not known by then.
      let moment = 1_600_000_000_000_000 + Int64(2_400 + 300 * Int(seed - 10)) * 60_000_000
      let other = RandomEvents(500, seed: seed + 50)
      for row in 0..<events.count {
        if events.times[row] >= moment {
          events.customers[row] = other.customers[row]
          events.terminals[row] = other.terminals[row]
          events.countries[row] = other.countries[row]
          events.amounts[row] = other.amounts[row]
          events.times[row] = moment + (events.times[row] - moment) / 2
        }
        if events.times[row] >= moment - 36_000_000_000 { events.labels[row] = 1 - max(0, events.labels[row]) }
      }
      let after = try batch(events)
      let past = (0..<events.count).filter { events.times[$0] < moment }
      XCTAssertGreaterThan(past.count, 100)
      for name in before.columns.keys.sorted() {
        let isSame = same(past.map { before[name][$0] }, past.map { after[name][$0] })
        XCTAssertTrue(isSame, "seed \(seed): \(name) knows the future")
      }
      // The test sees changes where there must be some.
      XCTAssertFalse(same(before["customer.amount.sum.all"], after["customer.amount.sum.all"]))
      XCTAssertFalse(same(before["customer.label.positives.all"], after["customer.label.positives.all"]))
    }
  }

  func testEventsOfEqualTimeDoNotSeeEachOther() throws {
    var state = try HistoryState(RandomEvents.plan())
    let events = RandomEvents(3, seed: 1)
    var event = events.event(0)
    let count = try XCTUnwrap(state.featureNames.firstIndex(of: "country.count.all"))
    XCTAssertEqual(try state.observe(event).features[count], 0)
    XCTAssertEqual(try state.observe(event).features[count], 0)
    event.time += 1
    XCTAssertEqual(try state.observe(event).features[count], 2)
    XCTAssertEqual(state.report.duplicates, 1)
  }

  func testTimeGoingBackwardsIsRefusedAndChangesNothing() throws {
    var state = try HistoryState(RandomEvents.plan())
    let events = RandomEvents(20, seed: 2)
    let order = events.order
    _ = try state.observe(events.event(order[10]))
    assertAssayError(.data, saying: ["backwards", "2020-09"]) { try state.observe(events.event(order[0])) }
    XCTAssertEqual(state.report.events, 1)
    XCTAssertNoThrow(try state.observe(events.event(order[11])))
  }

  func testLateLabelsCountFromThenOn() throws {
    let plan = HistoryPlan(
      time: "t", entities: [.init(columns: ["e"], features: [.labels])], windows: [.hours(1), .hours(3)],
      label: .init("l", delay: .hours(1), smoothing: 0), clock: nil)
    var state = try HistoryState(plan)
    let positives = ["1h", "3h"].map { name in state.featureNames.firstIndex(of: "e.label.positives.\(name)")! }
    func look(_ minute: Int64) throws -> [Float] {
      let features = try state.observe(HistoryEvent(time: minute * 60_000_000, keys: [EntityKey("x")])).features
      return positives.map { features[$0] }
    }
    let (_, first) = try state.observe(HistoryEvent(time: 0, keys: [EntityKey("x")]))
    // Known at once, and not counted before the hour is over.
    try state.learn(label: true, of: first)
    XCTAssertEqual(try look(60), [0, 0])
    XCTAssertEqual(try look(61), [1, 1])
    XCTAssertEqual(try look(121), [0, 1])
    XCTAssertEqual(try look(241), [0, 0])
    // The event of minute 121 is in the shifted windows of 1 hour until 241 and of 3 hours until 361.
    try state.learn(label: true, of: 3)
    XCTAssertEqual(state.report.lateLabels, 1)
    XCTAssertEqual(try look(242), [0, 1])
    XCTAssertEqual(try look(362), [0, 0])
    assertAssayError(.data, saying: ["too late"]) { try state.learn(label: true, of: 0) }
    assertAssayError(.data, saying: ["no event"]) { try state.learn(label: true, of: 99) }
    try state.learn(label: true, of: 5)
    assertAssayError(.data, saying: ["told before"]) { try state.learn(label: false, of: 5) }
  }

  func testMemoryStaysWithinTheLimits() throws {
    var plan = RandomEvents.plan()
    plan.limits = .init(entities: 20, pairs: 30, events: 50)
    var state = try HistoryState(plan)
    var draws = Draws(3)
    var largest = 0
    for step in 0..<20_000 {
      let event = HistoryEvent(
        time: Int64(step) * 10_000_000,
        keys: (0..<4).map { _ in EntityKey(Int64(draws.number(below: 1_000))) },
        amounts: [Double(draws.number(below: 100))])
      let features = try state.observe(event, label: draws.number(below: 2) == 0).features
      for (name, value) in zip(state.featureNames, features) where value < 0 && !name.contains(".z.") {
        XCTFail("\(name) is \(value)")
      }
      if step == 10_000 { largest = state.report.byteCount }
    }
    let report = state.report
    XCTAssertEqual(report.entities, [20, 20, 20, 20])
    XCTAssertEqual(report.eventsHeld, 50)
    XCTAssertGreaterThan(report.forgotten, 0)
    XCTAssertGreaterThan(report.leftEarly, 0)
    XCTAssertGreaterThan(report.leftOut, 0)
    // Lists of free places may still grow by a few entries.
    XCTAssertLessThan(Double(report.byteCount), 1.05 * Double(largest))
  }

  func testDamagedFilesAreRefused() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/state"
      let (_, state) = try stream(RandomEvents(60, seed: 3))
      try state.save(to: path)
      let bytes = try FileAccess.read(path)
      for (index, damaged) in mutations(of: bytes, count: 60, key: RandomKey(seed: 1)).enumerated()
      where damaged != bytes {
        try AtomicFile.write(damaged, to: path)
        assertAssayError(.bundle, "mutation \(index)") { try HistoryState(contentsOf: path) }
      }
      var newer = bytes
      newer[8] = 2
      try AtomicFile.write(newer, to: path)
      assertAssayError(.bundle, saying: ["version 2", "newer"]) { try HistoryState(contentsOf: path) }
      assertAssayError(.file) { try HistoryState(contentsOf: folder + "/none") }
    }
  }
}
