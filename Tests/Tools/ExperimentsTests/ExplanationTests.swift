import Basics
import Checks
import Estimators
import Evaluation
import Experiments
import Foundation
import Tables
import XCTest

/// A table whose target is known: log-odds 1.5 z(age) + 2 if region is north; "noise" tells nothing.
private struct Known {
  let table: Table
  let labels: [Double]
  let task = LearningTask.classification(classes: ["stays", "leaves"])

  init(_ rows: Int, seed: UInt64) throws {
    var stream = RandomKey(seed: seed).stream()
    let regions = ["south", "north", "east"]
    var age: [Int64] = []
    var region: [String?] = []
    var noise: [Double] = []
    var flag: [Int8] = []
    for _ in 0..<rows {
      age.append(Int64(20 + stream.integer(below: 50)))
      region.append(regions[stream.integer(below: 3)])
      noise.append(stream.normal())
      flag.append(Int8(stream.integer(below: 2)))
    }
    table = try Table([
      Column("age", .integer(age)), Column("region", .category(CategoryValues(region))), Column("noise", .float(noise)),
      Column("flag", .boolean(flag)),
      Column("seen", .dateTime(noise.map { 1_700_000_000_000_000 + Int64($0 * 1e12) })),
      Column("note", .text(TextValues(region.map { $0.map { "from \($0)" } }))),
    ])
    labels = Known.predict(table).output(1).map { stream.uniform() < $0 ? 1 : 0 }
  }

  static let predict: @Sendable (Table) -> Predictions = { table in
    let age = table["age"]?.numbers() ?? []
    var values: [Double] = []
    for row in 0..<table.rowCount {
      let isNorth = table["region"]?.shown(row) == "north"
      let p = 1 / (1 + exp(-(1.5 * (age[row] - 45) / 14 + (isNorth ? 2 : 0))))
      values += [1 - p, p]
    }
    return Predictions(values, width: 2)
  }
}

final class PermutationImportanceTests: XCTestCase {
  func testColumnsThatMatterComeFirst() throws {
    for seed in checkSeeds {
      let known = try Known(3000, seed: seed)
      for metric in [Metric.logLoss, .rocAUC] {
        let importance = try PermutationImportance(metric, task: known.task, key: RandomKey(seed: seed))
          .importance(table: known.table, labels: known.labels, predict: Known.predict)
        XCTAssertEqual(importance.map(\.column).prefix(2).sorted(), ["age", "region"], "\(metric)")
        XCTAssertEqual(importance.count, 6)
        for item in importance.prefix(2) { XCTAssertGreaterThan(item.loss.lower, 0.02) }
        for item in importance.dropFirst(2) { XCTAssertEqual(item.loss, Estimate(0, lower: 0, upper: 0)) }
      }
    }
  }

  func testDeadlineKeepsWhatIsDone() throws {
    let known = try Known(500, seed: 1)
    let none = try PermutationImportance(.logLoss, task: known.task, key: RandomKey(seed: 1)).importance(
      table: known.table, labels: known.labels, deadline: Deadline(after: -1), predict: Known.predict)
    XCTAssertEqual(none, [])
  }

  func testErrorsOfThePredictorPass() throws {
    let known = try Known(50, seed: 1)
    XCTAssertThrowsError(
      try PermutationImportance(.logLoss, task: known.task, key: RandomKey(seed: 1)).importance(
        table: known.table, labels: known.labels, predict: { _ in throw AssayError(.bundle, "broken") }))
  }
}

final class PartialDependenceTests: XCTestCase {
  func testEffectsFollowTheTruth() throws {
    let known = try Known(2000, seed: 3)
    let dependence = PartialDependence(task: known.task, key: RandomKey(seed: 3))
    let age = try XCTUnwrap(try dependence.effect(of: "age", table: known.table, predict: Known.predict))
    XCTAssertEqual(age.output, "leaves")
    XCTAssertEqual(age.mean.x, age.mean.x.sorted())
    XCTAssertEqual(age.mean.y, age.mean.y.sorted(), "it rises with age")
    XCTAssertEqual(age.rows.count, 24)
    XCTAssertTrue(age.rows.allSatisfy { $0.count == age.mean.x.count })
    XCTAssertEqual(age.density.reduce(0, +), 1, accuracy: 1e-9)
    let region = try XCTUnwrap(try dependence.effect(of: "region", table: known.table, predict: Known.predict))
    XCTAssertEqual(Set(region.levels), ["north", "south", "east"])
    let north = try XCTUnwrap(region.levels.firstIndex(of: "north"))
    XCTAssertEqual(region.mean.y.indices.max { region.mean.y[$0] < region.mean.y[$1] }, north)
    let flag = try XCTUnwrap(try dependence.effect(of: "flag", table: known.table, predict: Known.predict))
    XCTAssertEqual(flag.mean.y[0], flag.mean.y[1])
    let seen = try XCTUnwrap(try dependence.effect(of: "seen", table: known.table, predict: Known.predict))
    XCTAssertEqual(seen.levels.count, 8)
    XCTAssertTrue(seen.levels[4].hasPrefix("2023-11-"))
    XCTAssertNil(try dependence.effect(of: "note", table: known.table, predict: Known.predict))
    XCTAssertThrowsError(try dependence.effect(of: "agee", table: known.table, predict: Known.predict))
  }

  func testMeanOfNumbersByHand() throws {
    let table = try Table([Column("a", .float([1, 2, 4])), Column("b", .float([10, 20, 60]))])
    let effect = try PartialDependence(task: .regression, key: RandomKey(seed: 1)).effect(of: "a", table: table) {
      table in
      Predictions(zip(table["a"]?.numbers() ?? [], table["b"]?.numbers() ?? []).map { $0 * $1 }, width: 1)
    }
    XCTAssertEqual(effect?.mean.x, [1, 2, 4])
    XCTAssertEqual(effect?.mean.y, [30, 60, 120])
    XCTAssertEqual(effect?.rows[2], [60, 120, 240])
    XCTAssertEqual(effect?.output, "")
  }
}

final class SegmentSearchTests: XCTestCase {
  /// Predictions that are honest but in the north of the old.
  private func flawed(_ known: Known) -> Predictions {
    var values = Known.predict(known.table).values
    let age = known.table["age"]?.numbers() ?? []
    for row in age.indices where age[row] >= 58 && known.table["region"]?.shown(row) == "north" {
      values[2 * row] = 0.9
      values[2 * row + 1] = 0.1
    }
    return Predictions(values, width: 2)
  }

  func testTheFlawIsFound() throws {
    for seed in checkSeeds {
      let known = try Known(6000, seed: seed)
      for metric in [Metric.logLoss, .rocAUC] {
        let segments = try SegmentSearch(metric, task: known.task, key: RandomKey(seed: seed)).search(
          columns: ["age", "region", "flag", "noise", "seen", "note"], table: known.table, labels: known.labels,
          predictions: flawed(known))
        XCTAssertEqual(segments[0].verdict, .worse)
        XCTAssertTrue(segments[0].segment.contains("region = north"), segments[0].segment)
        XCTAssertTrue(segments[0].segment.contains("age from 5"), segments[0].segment)
        XCTAssertTrue(segments.allSatisfy { $0.count >= 50 && $0.metric.lower <= $0.metric.value })
      }
    }
  }

  func testEvenModelsHaveNoWeakSegments() throws {
    var verdicts = 0
    for seed in 1...10 {
      var stream = RandomKey(seed: UInt64(seed)).stream()
      let known = try Known(2000, seed: UInt64(seed))
      let labels = known.labels.map { _ in stream.normal() }
      let segments = try SegmentSearch(.rmse, task: .regression, key: RandomKey(seed: 1)).search(
        columns: known.table.names, table: known.table, labels: labels,
        predictions: Predictions(labels.map { _ in 0 }, width: 1))
      XCTAssertGreaterThan(segments.count, 10)
      verdicts += segments.count { $0.verdict != .noDifference }
    }
    // One false finding in twenty searches is what the level promises.
    XCTAssertLessThanOrEqual(verdicts, 3)
  }
}

final class ReasonTests: XCTestCase {
  func testSampledContributionsAddUp() throws {
    let known = try Known(300, seed: 2)
    let task = known.task
    let columns = ["age", "region", "noise"]
    for row in [0, 5, 17] {
      // With every row as its own background nothing moves; with one background row the sum is exact.
      let one = known.table.selecting(rows: [40])
      let contributions = try SampledShapley(task: task, key: RandomKey(seed: 1), orders: 8).contributions(
        row: row, output: 1, columns: columns, table: known.table, background: one, predict: Known.predict)
      func margin(_ table: Table, _ row: Int) -> Double {
        let p = Known.predict(table)[row, 1]
        return log(p / (1 - p))
      }
      XCTAssertEqual(
        contributions.reduce(0) { $0 + $1.amount }, margin(known.table, row) - margin(one, 0), accuracy: 1e-6)
      XCTAssertEqual(contributions[2].amount, 0, accuracy: 1e-12)
      let age = known.table["age"]?.numbers() ?? []
      XCTAssertEqual(contributions[0].amount, 1.5 * (age[row] - age[40]) / 14, accuracy: 1e-6)
    }
  }

  func testSentences() throws {
    let table = try Table([
      Column("contract", .category(CategoryValues(["monthly"]))), Column("tenure", .integer([2])),
      Column("age", .float([61.5])), Column("region", .category(CategoryValues([nil] as [String?]))),
    ])
    let classes = ReasonSentence(task: .classification(classes: ["stay", "churn"]), target: "outcome")
    let reasons = [
      ColumnContribution(column: "tenure", amount: 0.52), ColumnContribution(column: "contract", amount: 0.9),
      ColumnContribution(column: "age", amount: -0.2), ColumnContribution(column: "region", amount: 0.1),
    ]
    XCTAssertEqual(
      classes.sentence(predictions: Predictions([0.17, 0.83], width: 2), row: 0, table: table, contributions: reasons),
      "predicted churn 0.83, mostly because contract = monthly (+0.9), tenure = 2 (+0.5), region is missing (+0.1); "
        + "against it: age = 61.5 (-0.2)")
    let low = reasons.map { ColumnContribution(column: $0.column, amount: -$0.amount) }
    XCTAssertTrue(
      classes.sentence(predictions: Predictions([0.9, 0.1], width: 2), row: 0, table: table, contributions: low)
        .hasPrefix("predicted churn 0.10, mostly because contract = monthly (-0.9)"))
    let numbers = ReasonSentence(task: .regression, target: "price", limit: 1)
    XCTAssertEqual(
      numbers.sentence(
        predictions: Predictions([231_000], width: 1), row: 0, table: table,
        contributions: [ColumnContribution(column: "age", amount: 34_000)]),
      "predicted price 231,000, mostly because age = 61.5 (+34,000)")
    XCTAssertEqual(
      numbers.sentence(predictions: Predictions([1.5], width: 1), row: 0, table: table, contributions: []),
      "predicted price 1.5, as no column tells much")
  }

  func testReasonsSayWhatIsUsual() throws {
    let spread = (0...100).map { Double($0) / 100 }
    let range = try XCTUnwrap(UsualRange(spread + [.nan]))
    XCTAssertEqual(range.words(for: 0.98), "unusually high, usual 0.25 to 0.75")
    XCTAssertEqual(range.words(for: 0.8), "high, usual 0.25 to 0.75")
    XCTAssertEqual(range.words(for: 0.5), "usual 0.25 to 0.75")
    XCTAssertEqual(range.words(for: 0.2), "low, usual 0.25 to 0.75")
    XCTAssertEqual(range.words(for: 0.01), "unusually low, usual 0.25 to 0.75")
    XCTAssertNil(UsualRange(Array(repeating: 3, count: 100)), "one value is neither high nor low")
    XCTAssertNil(UsualRange([1, 2, 3]))

    let table = try Table([
      Column("digits", .float(spread)), Column("flag", .integer(spread.map { $0 > 0.5 ? 1 : 0 })),
      Column("kind", .category(CategoryValues(spread.map { _ in "a" }))),
    ])
    XCTAssertEqual(Set(UsualRange.ranges(of: table).keys), ["digits"])
    let writer = ReasonSentence(
      task: .classification(classes: ["no", "yes"]), target: "fraud", usual: UsualRange.ranges(of: table))
    XCTAssertEqual(
      writer.sentence(
        predictions: Predictions(
          Array(repeating: [0.2, 0.8], count: 101).flatMap { $0 }, width: 2), row: 99, table: table,
        contributions: [
          ColumnContribution(column: "digits", amount: 0.9), ColumnContribution(column: "flag", amount: 0.5),
        ]),
      "predicted yes 0.80, mostly because digits = 0.99 (unusually high, usual 0.25 to 0.75; +0.9), flag = 1 (+0.5)")
  }

  func testContributionsAreSummedByColumn() {
    let features = [
      Feature("job=a", source: "job"), Feature("age"), Feature("job=b", source: "job"),
    ]
    let contributions = Contributions([0.1, 0.2, 0.3, 9], width: 1, featureCount: 3)
    let columns = contributions.byColumn(row: 0, features: features)
    XCTAssertEqual(columns.map(\.column), ["job", "age"])
    XCTAssertEqual(columns[0].amount, 0.4, accuracy: 1e-12)
  }
}
