import Basics
import Checks
import Estimators
import Evaluation
import Tables
import XCTest

/// Columns of numbers: scaling, filling, clipping, flags.
final class FeaturesNumberTests: XCTestCase {
  private func fit(_ values: [Double], _ change: (inout FeaturePlan.Numbers) -> Void) throws
    -> (pipeline: FeaturePipeline, training: FeatureMatrix)
  {
    var plan = FeaturePlan()
    change(&plan.numbers)
    return try fitFeatures(plan, [Column("x", .float(values))])
  }

  func testNumbersStayAsTheyAreWithoutSettings() throws {
    let (_, training) = try fitFeatures(
      FeaturePlan(),
      [
        Column("x", .float([1.5, .nan, -3])), Column("n", .integer([7, Column.missingInteger, -2])),
        Column("s", .single([0.25, .nan, 9])), Column("b", .boolean([1, -1, 0])),
      ])
    XCTAssertEqual(training.names, ["x", "n", "s", "b"])
    assertClose(try training.values("x"), [1.5, .nan, -3], within: 0)
    assertClose(try training.values("n"), [7, .nan, -2], within: 0)
    assertClose(try training.values("s"), [0.25, .nan, 9], within: 0)
    assertClose(try training.values("b"), [1, .nan, 0], within: 0)
    XCTAssertTrue(training.features.allSatisfy { $0.kind == .numeric })
  }

  func testStandardAndRobustScalingMatchScikitLearn() throws {
    let golden = try FeaturesGolden.load()
    assertClose(try fit(golden.numbers) { $0.scaling = .standard }.training.values("x"), golden.standard)
    assertClose(try fit(golden.numbers) { $0.scaling = .robust }.training.values("x"), golden.robust)
  }

  func testQuantileNormalScalingMatchesScipy() throws {
    let golden = try FeaturesGolden.load()
    let (pipeline, training) = try fit(golden.numbers) { $0.scaling = .quantileNormal }
    let probed = try pipeline.transform(try Table([Column("x", .float(golden.probes))]))
    assertClose(try probed.values("x"), golden.normal)
    XCTAssertEqual(try training.values("x").max() ?? 0, 3.2905, accuracy: 1e-4)
  }

  func testQuantileNormalScalingOfManyRowsIsNormal() throws {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      let skewed = (0..<300_000).map { _ in 1 / (stream.uniform() + 1e-9) }
      let scaled = try fit(skewed) { $0.scaling = .quantileNormal }.training.values("x").map(Double.init)
      let mean = scaled.reduce(0, +) / Double(scaled.count)
      let variance = scaled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(scaled.count)
      // Quantiles come from a sample of 100,000 rows: four standard errors of its mean and variance.
      XCTAssertEqual(mean, 0, accuracy: 4 / 100_000.0.squareRoot(), "seed \(seed)")
      XCTAssertEqual(variance, 1, accuracy: 4 * (2 / 100_000.0).squareRoot() + 0.005, "seed \(seed)")
    }
  }

  func testMissingNumbersAreFilled() throws {
    let values: [Double] = [1, 1, 2, 10, .nan, 6]
    let expected: [(FeaturePlan.Imputation, Float)] = [
      (.mean, 4), (.median, 2), (.mode, 1), (.constant(-7), -7), (.none, .nan),
    ]
    for (imputation, fill) in expected {
      let filled = try fit(values) { $0.imputation = imputation }.training.values("x")
      assertClose(filled, [1, 1, 2, 10, fill, 6], "\(imputation)")
    }
  }

  func testFilledNumbersAreScaledLikeOthers() throws {
    let scaled = try fit([0, 2, .nan, 4]) {
      $0.scaling = .standard
      $0.imputation = .constant(2)
    }.training.values("x")
    XCTAssertEqual(scaled[2], scaled[1])
  }

  func testFlagsMarkMissingNumbersOfIncompleteColumns() throws {
    var plan = FeaturePlan()
    plan.numbers.missingFlags = true
    let (pipeline, training) = try fitFeatures(
      plan, [Column("x", .float([1, .nan, 3])), Column("complete", .float([1, 2, 3]))])
    XCTAssertEqual(training.names, ["x", "x.missing", "complete"])
    assertClose(try training.values("x.missing"), [0, 1, 0], within: 0)
    XCTAssertEqual(training.features[1].source, "x")
    let later = try pipeline.transform(
      Table([Column("x", .float([.nan, 2])), Column("complete", .float([.nan, 1]))]))
    assertClose(try later.values("x.missing"), [1, 0], within: 0)
    assertClose(try later.values("complete"), [.nan, 1], within: 0)
  }

  func testNumbersAreClippedAtTheQuantilesOfTraining() throws {
    let (pipeline, training) = try fit((0...100).map(Double.init)) { $0.clippedShare = 0.05 }
    XCTAssertEqual(try training.values("x").min(), 5)
    XCTAssertEqual(try training.values("x").max(), 95)
    let later = try pipeline.transform(Table([Column("x", .float([-1e30, 50, 1e30]))]))
    assertClose(try later.values("x"), [5, 50, 95])
  }

  func testHugeNumbersStayFinite() throws {
    for scaling in FeaturePlan.Scaling.allCases {
      let values = [-Double.greatestFiniteMagnitude, 1e300, 0, 1, -1e300, .greatestFiniteMagnitude]
      let (pipeline, training) = try fit(values) {
        $0.scaling = scaling
        $0.imputation = .mean
      }
      XCTAssertTrue(try training.values("x").allSatisfy(\.isFinite), "\(scaling)")
      let again = try pipeline.transform(Table([Column("x", .float(values + [.nan]))]))
      XCTAssertTrue(try again.values("x").allSatisfy(\.isFinite), "\(scaling)")
    }
  }

  func testConstantAndEmptyColumnsAreDroppedWithAReason() throws {
    let (pipeline, training) = try fitFeatures(
      FeaturePlan(),
      [
        Column("same", .integer([4, 4, 4])), Column("empty", .float([.nan, .nan, .nan])),
        Column("x", .float([1, 2, 3])),
        Column("no text", .text(TextValues([nil, nil, nil]))),
        Column("one", .category(CategoryValues(["a", "a", "a"]))),
        Column("day", .dateTime([5, 5, 5])),
        Column("never", .dateTime(Array(repeating: Column.missingInteger, count: 3))),
      ])
    XCTAssertEqual(training.names, ["x"])
    XCTAssertEqual(pipeline.inputColumns, ["x"])
    XCTAssertEqual(Set(pipeline.dropped.keys), ["same", "empty", "no text", "one", "day", "never"])
    XCTAssertEqual(pipeline.dropped["same"], "every row has the same value")
    XCTAssertEqual(pipeline.dropped["empty"], "every value is missing")
    XCTAssertEqual(try pipeline.transform(Table([Column("x", .float([9]))])).rowCount, 1)
  }

  func testAConstantWithGapsLeavesItsFlag() throws {
    let (_, training) = try fitFeatures(.linear, [Column("x", .float([2, .nan, 2]))])
    XCTAssertEqual(training.names, ["x.missing"])
    assertClose(try training.values("x.missing"), [0, 1, 0], within: 0)
  }

  func testWholeNumbersWithFewValuesMayBeCategoriesToo() throws {
    var plan = FeaturePlan()
    plan.numbers.categoriesUpTo = 3
    plan.categories.oneHotUpTo = 5
    plan.categories.codesUpTo = 0
    plan.categories.rareBelow = 1
    let (pipeline, training) = try fitFeatures(
      plan, [Column("few", .integer([1, 2, 3, 1, 2, 1])), Column("many", .integer([1, 2, 3, 4, 5, 6]))])
    XCTAssertEqual(training.names, ["few", "few=1", "few=2", "few=3", "many"])
    let later = try pipeline.transform(
      Table([Column("few", .text(TextValues(["2", "9"]))), Column("many", .integer([1, 1]))]))
    assertClose(try later.values("few"), [2, 9], within: 0)
    assertClose(try later.values("few=2"), [1, 0], within: 0)
  }

  func testInfiniteNumbersAreNamed() throws {
    assertAssayError(.data, saying: ["row 3", "\"x\"", "infinite"]) { try fit([1, 2, .infinity]) { _ in } }
    let (pipeline, _) = try fit([1, 2, 3]) { _ in }
    assertAssayError(.data, saying: ["row 1", "\"x\""]) {
      try pipeline.transform(Table([Column("x", .single([-.infinity]))]))
    }
  }
}
