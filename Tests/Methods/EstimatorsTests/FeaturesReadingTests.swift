import Basics
import Checks
import Estimators
import Evaluation
import Tables
import XCTest

/// New data whose columns have other types than in training, or are not there.
final class FeaturesReadingTests: XCTestCase {
  private let day: Int64 = 86_400_000_000

  private func fitted(_ plan: FeaturePlan = .trees) throws -> FeaturePipeline {
    try fitFeatures(
      plan,
      [
        Column("age", .integer([30, 40, 50, 30])), Column("paid", .boolean([1, 0, 1, 1])),
        Column("grade", .category(CategoryValues(["1", "02", "A", "1"]))),
        Column("flag", .category(CategoryValues(["Yes", "No", "Maybe", "Yes"]))),
        Column("at", .dateTime([0, day, 40 * day, 500 * day])),
      ]
    ).pipeline
  }

  private func row(
    age: ColumnValues = .integer([30]), paid: ColumnValues = .boolean([1]),
    grade: ColumnValues = .category(CategoryValues(["1"])), flag: ColumnValues = .category(CategoryValues(["Yes"])),
    at: ColumnValues = .dateTime([0])
  ) throws -> Table {
    try Table([
      Column("age", age), Column("paid", paid), Column("grade", grade), Column("flag", flag), Column("at", at),
    ])
  }

  private var plan: FeaturePlan {
    var plan = FeaturePlan()
    plan.categories.rareBelow = 1
    return plan
  }

  func testMissingColumnsAreNamed() throws {
    let pipeline = try fitted()
    let error = assertAssayError(.schema, saying: ["\"paid\"", "missing"]) {
      try pipeline.transform(try row().removing(columns: ["paid"]))
    }
    XCTAssertFalse(error?.remedy.isEmpty ?? true)
    assertAssayError(.schema, saying: ["2 columns", "\"age\"", "\"at\""]) {
      try pipeline.transform(try row().removing(columns: ["age", "at"]))
    }
  }

  func testExtraAndReorderedColumnsDoNotMatter() throws {
    let pipeline = try fitted()
    let table = try row()
    var columns = Array(table.columns.reversed())
    columns.insert(Column("extra", .float([.infinity])), at: 2)
    assertIdentical(try pipeline.transform(table), try pipeline.transform(Table(columns)))
  }

  func testNumbersWrittenAsTextAreRead() throws {
    let pipeline = try fitted()
    for values in [
      ColumnValues.text(TextValues([" 41.5 ", "", nil, "1e2"])), .category(CategoryValues(["41.5", " ", nil, "100"])),
    ] {
      let table = try Table([
        Column("age", values), Column("paid", .boolean([1, 1, 1, 1])),
        Column("grade", .category(CategoryValues(["1", "1", "1", "1"]))),
        Column("flag", .category(CategoryValues(["No", "No", "No", "No"]))), Column("at", .dateTime([0, 0, 0, 0])),
      ])
      assertClose(try pipeline.transform(table).values("age"), [41.5, .nan, .nan, 100], within: 0)
    }
    assertClose(try pipeline.transform(row(age: .single([2.5]))).values("age"), [2.5], within: 0)
    assertClose(try pipeline.transform(row(age: .boolean([1]))).values("age"), [1], within: 0)
  }

  func testTextsThatAreNoNumbersAreNamed() throws {
    let pipeline = try fitted()
    assertAssayError(.schema, saying: ["row 1", "\"thirty\"", "\"age\""]) {
      try pipeline.transform(row(age: .text(TextValues(["thirty"]))))
    }
    let table = try Table([
      Column("age", .category(CategoryValues(["1", "inf"]))), Column("paid", .boolean([1, 1])),
      Column("grade", .text(TextValues(["1", "1"]))), Column("flag", .text(TextValues(["No", "No"]))),
      Column("at", .dateTime([0, 0])),
    ])
    assertAssayError(.schema, saying: ["row 2", "\"inf\""]) { try pipeline.transform(table) }
    assertAssayError(.schema, saying: ["1970-01-02"]) { try pipeline.transform(row(age: .dateTime([day]))) }
    let long = String(repeating: "x", count: 10_000)
    let error = assertAssayError(.schema) { try pipeline.transform(row(age: .text(TextValues([long])))) }
    XCTAssertLessThan(error?.description.count ?? 0, 400)
  }

  func testYesAndNoAreReadWhereBooleansWere() throws {
    let pipeline = try fitted()
    for (text, value) in [("yes", 1), ("False", 0), ("T", 1), ("0", 0)] as [(String, Float)] {
      assertClose(try pipeline.transform(row(paid: .text(TextValues([text])))).values("paid"), [value], within: 0)
    }
    assertAssayError(.schema, saying: ["perhaps"]) {
      try pipeline.transform(row(paid: .text(TextValues(["perhaps"]))))
    }
    assertAssayError(.schema) { try pipeline.transform(row(age: .text(TextValues(["yes"])))) }
  }

  func testLevelsThatArriveAsNumbersAreMatchedByText() throws {
    let pipeline = try fitFeatures(
      plan, [Column("grade", .category(CategoryValues(["1", "02", "A", "1", "02", "1"])))]
    ).pipeline
    func code(_ values: ColumnValues) throws -> Float {
      try pipeline.transform(Table([Column("grade", values)])).dense(0)[0]
    }
    XCTAssertEqual(pipeline.levelNames(ofFeature: 0), ["1", "02", "A"])
    XCTAssertEqual(try code(.integer([1])), 0)
    XCTAssertEqual(try code(.float([1])), 0)
    XCTAssertEqual(try code(.single([2])), 1, "02 is 2 where no level is written 2")
    XCTAssertEqual(try code(.text(TextValues(["A"]))), 2)
    XCTAssertTrue(try code(.integer([3])).isNaN)
    XCTAssertTrue(try code(.text(TextValues(["2"]))).isNaN)
    XCTAssertTrue(try code(.float([.nan])).isNaN)
  }

  func testLevelsThatArriveAsBooleansAreMatched() throws {
    let pipeline = try fitFeatures(
      plan, [Column("flag", .category(CategoryValues(["Yes", "No", "Maybe", "Yes", "No", "Yes"])))]
    ).pipeline
    let later = try pipeline.transform(Table([Column("flag", .boolean([1, 0, -1]))]))
    assertClose(later.dense(0), [0, 1, .nan], within: 0)
  }

  func testDatesWrittenAsTextAreRead() throws {
    let pipeline = try fitted()
    let cases: [(String, Float)] = [
      ("1970-01-03", 2), ("1970-01-03 12:00", 2.5), ("1970-01-03T06:00:00Z", 2.25), ("1969-12-31 18:00:00.0", -0.25),
      ("1972-02-29", 789), (" ", .nan),
    ]
    for (text, days) in cases {
      let found = try pipeline.transform(row(at: .text(TextValues([text])))).values("at.daysSinceFirst")
      assertClose(found, [days], within: 0, text)
    }
    for bad in ["1970-02-29", "03/01/1970", "1970-13-01", "1970-01-01 25:00", "soon"] {
      assertAssayError(.schema, saying: ["row 1", bad, "\"at\""]) {
        try pipeline.transform(row(at: .text(TextValues([bad]))))
      }
    }
    assertAssayError(.schema, saying: ["12"]) { try pipeline.transform(row(at: .integer([12]))) }
  }

  func testColumnsWithoutValuesMayHaveAnyType() throws {
    for plan in [FeaturePlan.trees, .linear, .network] {
      let pipeline = try fitted(plan)
      let expected = try pipeline.transform(
        row(
          age: .integer([Column.missingInteger]), paid: .boolean([-1]), grade: .category(CategoryValues([nil])),
          flag: .category(CategoryValues([nil])), at: .dateTime([Column.missingInteger])))
      let nothings: [ColumnValues] = [
        .integer([Column.missingInteger]), .float([.nan]), .single([.nan]), .boolean([-1]), .text(TextValues([nil])),
        .category(CategoryValues([nil])), .dateTime([Column.missingInteger]),
      ]
      for nothing in nothings {
        assertIdentical(
          expected,
          try pipeline.transform(row(age: nothing, paid: nothing, grade: nothing, flag: nothing, at: nothing)))
      }
    }
  }

  func testAnyTableIsTransformedOrRefused() throws {
    let (table, labels) = try mixedTable(rows: 120, seed: 12)
    for (name, plan) in plansToCheck {
      let pipeline = try fitFeatures(plan, table.columns, labels: labels).pipeline
      for seed in checkSeeds {
        var stream = RandomKey(seed: seed).stream()
        // Columns change places, so that every type meets every other.
        let order = stream.permutation(of: table.columns.count)
        let shuffled = try Table(zip(table.names, order).map { Column($0, table.columns[$1].values) })
        do {
          let matrix = try pipeline.transform(shuffled)
          XCTAssertEqual(matrix.features, pipeline.features, name)
        } catch let error as AssayError {
          XCTAssertEqual(error.kind, .schema, name)
        }
      }
    }
  }
}
