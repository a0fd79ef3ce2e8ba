import Basics
import Checks
import Foundation
import Histories
import Tables
import XCTest

final class PlanTests: XCTestCase {
  private func read(_ json: String) throws -> HistoryPlan {
    try JSONDecoder().decode(HistoryPlan.self, from: Data(json.utf8))
  }

  func testShortFormsAndDefaults() throws {
    let plan = try read(
      """
      {"time": "t", "entities": ["card", {"name": "shop", "columns": ["a", "b"], "features": ["counts"]}],
       "windows": ["1h", "90min", "2w", "all"], "amounts": ["amount"], "label": {"column": "y", "delay": "7d"},
       "links": [{"between": ["card", "shop"]}], "parts": [{"column": "mail", "kind": "email"}]}
      """)
    XCTAssertEqual(plan.entities[0], .init(columns: ["card"]))
    XCTAssertEqual(plan.entities[1], .init("shop", columns: ["a", "b"], features: [.counts]))
    XCTAssertEqual(plan.windows.map(\.description), ["1h", "90min", "14d", "all"])
    XCTAssertEqual(plan.amounts, [.init("amount")])
    XCTAssertEqual(plan.label, .init("y", delay: .days(7)))
    XCTAssertEqual(plan.clock, .init())
    XCTAssertEqual(plan.limits, .init())
    XCTAssertEqual(plan.parts, [TextPart("mail", kind: .email)])
    XCTAssertNil(try read(#"{"time": "t", "entities": ["e"], "clock": null}"#).clock)
  }

  func testPlansSurviveCoding() throws {
    var plan = RandomEvents.plan()
    for clock in [nil, HistoryPlan.Clock(offsetHours: -3, nightFrom: 0, nightUntil: 7)] {
      plan.clock = clock
      plan.timeUnit = .seconds(30)
      let data = try JSONEncoder().encode(plan)
      XCTAssertEqual(try JSONDecoder().decode(HistoryPlan.self, from: data), plan)
      XCTAssertEqual(try CBORDecoder().decode(HistoryPlan.self, from: try CBOREncoder().encode(plan)), plan)
    }
  }

  func testSpans() throws {
    for (text, seconds) in [("30s", 30.0), ("10min", 600), ("1.5h", 5400), ("7 d", 604_800), ("0", 0)] {
      XCTAssertEqual(try HistorySpan(parsing: text).seconds, seconds)
    }
    for text in ["", "h", "7", "-1d", "1y", "nan d", "1e9w"] {
      assertAssayError(.configuration, saying: ["7d"]) { try HistorySpan(parsing: text) }
    }
  }

  func testMisspeltSettingsAreNamed() {
    assertAssayError(.configuration, saying: ["\"window\"", "windows"]) {
      try read(#"{"time": "t", "entities": ["e"], "window": ["1d"]}"#)
    }
    assertAssayError(.configuration, saying: ["\"dealy\""]) {
      try read(#"{"time": "t", "entities": ["e"], "label": {"column": "y", "dealy": "1d"}}"#)
    }
  }

  func testPlansThatContradictThemselves() {
    func refuse(_ parts: [String], _ change: (inout HistoryPlan) -> Void) {
      var plan = RandomEvents.plan()
      change(&plan)
      assertAssayError(.configuration, saying: parts) { try HistoryState(plan) }
    }
    refuse(["no entities"]) { $0.entities = [] }
    refuse(["same name"]) { $0.entities.append($0.entities[0]) }
    refuse(["no windows"]) { $0.windows = [] }
    refuse(["no length"]) { $0.windows = [.none] }
    refuse(["resolution"]) { $0.amounts[0].resolution = 0 }
    refuse(["never known"]) { $0.label?.delay = .all }
    refuse(["prior"]) { $0.label?.prior = 2 }
    refuse(["\"nobody\"", "customer"]) { $0.links = [.init("customer", "nobody")] }
    refuse(["differ"]) { $0.links = [.init("customer", "customer")] }
    refuse(["graph"]) { $0.graphs = [.init(["customer"])] }
    refuse(["offsetHours"]) { $0.clock?.offsetHours = 100 }
    refuse(["limits"]) { $0.limits.events = 0 }
  }

  func testTablesThatDoNotFit() throws {
    let events = RandomEvents(50, seed: 1)
    let plan = RandomEvents.plan()
    func refuse(_ kind: AssayError.Kind, _ parts: [String], _ column: Column) throws {
      let table = try events.table().setting(column)
      assertAssayError(kind, saying: parts) { try plan.apply(to: table) }
    }
    assertAssayError(.schema, saying: ["\"when\""]) {
      try plan.apply(to: try events.table().removing(columns: ["when"]))
    }
    assertAssayError(.schema, saying: ["\"country\""]) {
      try plan.apply(to: try events.table().removing(columns: ["country"]))
    }
    try refuse(.schema, ["timeUnit"], Column("when", .integer(events.times)))
    try refuse(.schema, ["text", "dates"], Column("when", .text(TextValues(events.countries))))
    var times = events.times
    times[6] = Column.missingInteger
    try refuse(.data, ["row 7", "missing"], Column("when", .dateTime(times)))
    var amounts = events.amounts
    amounts[3] = -1
    try refuse(.data, ["row 4", "below 0", "allowsNegative"], Column("amount", .float(amounts)))
    amounts[3] = .infinity
    try refuse(.data, ["row 4", "infinite"], Column("amount", .float(amounts)))
    amounts[3] = 1e15
    try refuse(.data, ["row 4", "resolution"], Column("amount", .float(amounts)))
    try refuse(.schema, ["amount", "numbers"], Column("amount", .text(TextValues(events.countries))))
    try refuse(.data, ["label is 3"], Column("fraud", .integer(events.labels.map { _ in 3 })))
    try refuse(.configuration, ["positive"], Column("fraud", .text(TextValues(events.countries))))
    try refuse(.schema, ["already"], Column("customer.count.all", .integer(events.times)))
  }

  func testNegativeAmountsWhereTheyAreRight() throws {
    let table = try Table([
      Column("t", .integer([1, 2, 3])), Column("e", .integer([1, 1, 1])), Column("a", .integer([-5, 3, 0])),
    ])
    let plan = HistoryPlan(
      time: "t", timeUnit: .seconds(1), entities: [.init(columns: ["e"])], windows: [.seconds(60)],
      amounts: [.init("a", resolution: 1, allowsNegative: true)])
    let found = Features(try plan.apply(to: table), try HistoryState(plan).featureNames)
    XCTAssertTrue(same(found["e.a.sum.1min"], [0, -5, -2]))
    XCTAssertTrue(same(found["e.a.maximum.1min"], [.nan, -5, 3]))
  }

  func testWithoutLabelsAndWithOneRow() throws {
    let events = RandomEvents(1, seed: 4)
    let plan = RandomEvents.plan()
    let result = try plan.apply(to: try events.table().removing(columns: ["fraud"]))
    XCTAssertEqual(result.rowCount, 1)
    XCTAssertEqual(result.columns.count, 5 + (try HistoryState(plan).featureNames.count))
    XCTAssertEqual(Features(result, ["customer.count.all"])["customer.count.all"], [0])
    let empty = try plan.apply(to: try events.table(rows: []))
    XCTAssertEqual(empty.rowCount, 0)
  }

  /// Customers read as numbers, texts or categories are the same customers.
  func testKeysDoNotHangOnTheKindOfColumn() throws {
    let numbers: [Int64] = [7, -12, 7, 0, 123_456_789_012, -12]
    let texts = numbers.map { "\($0)" as String? }
    let times = Column("t", .dateTime(numbers.indices.map { Int64($0) * 1_000_000 }))
    let plan = HistoryPlan(time: "t", entities: [.init(columns: ["e"])])
    let name = "e.count.1d"
    let kinds: [ColumnValues] = [
      .integer(numbers), .text(TextValues(texts)), .category(CategoryValues(texts)), .float(numbers.map(Double.init)),
    ]
    for values in kinds {
      let found = Features(try plan.apply(to: try Table([times, Column("e", values)])), [name])
      XCTAssertEqual(found[name], [0, 0, 1, 0, 0, 1])
    }
    XCTAssertEqual(EntityKey(7), EntityKey("7"))
    XCTAssertEqual(EntityKey(.min), EntityKey("\(Int64.min)"))
    XCTAssertEqual(EntityKey(nil), .missing)
  }
}
