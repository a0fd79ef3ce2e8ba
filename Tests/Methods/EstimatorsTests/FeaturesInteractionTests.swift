import Basics
import Checks
import Estimators
import Evaluation
import Tables
import XCTest

/// Features of two columns, and the ranges of settings.
final class FeaturesInteractionTests: XCTestCase {
  func testPairsOfNumbers() throws {
    var plan = FeaturePlan()
    plan.interactions.numberColumns = 2
    let (pipeline, training) = try fitFeatures(
      plan, [Column("a", .float([6, 1, .nan, 5])), Column("b", .integer([3, 0, 2, -5]))])
    XCTAssertEqual(training.names, ["a", "b", "a - b", "a * b", "a / b"])
    assertClose(try training.values("a - b"), [3, 1, .nan, 10], within: 0)
    assertClose(try training.values("a * b"), [18, 0, .nan, -25], within: 0)
    assertClose(try training.values("a / b"), [2, .nan, .nan, -1], within: 0)
    XCTAssertEqual(training.features[2].source, "a")
    let later = try pipeline.transform(
      Table([Column("b", .text(TextValues(["4"]))), Column("a", .integer([8]))]))
    assertClose(try later.values("a / b"), [2], within: 0)
  }

  func testTheColumnsThatTellMostArePaired() throws {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      let columns = (0..<6).map { j in Column("x\(j)", .float((0..<400).map { _ in stream.normal() })) }
      let labels = (0..<400).map { row in
        // Through a square, which a correlation would not see.
        let (a, b) = (columns[1].numbers()[row], columns[4].numbers()[row])
        return a * a + 2 * b
      }
      var plan = FeaturePlan()
      plan.interactions.numberColumns = 2
      plan.interactions.operations = [.product]
      let (_, training) = try fitFeatures(plan, columns, task: .regression, labels: labels)
      XCTAssertEqual(training.names.last, "x1 * x4", "seed \(seed)")
    }
  }

  func testPairsOfCategories() throws {
    var plan = FeaturePlan()
    plan.categories.rareBelow = 1
    plan.interactions.categoryColumns = 2
    let (pipeline, training) = try fitFeatures(
      plan,
      [
        Column("job", .category(CategoryValues(["a", "b", "a", "b", "a", nil]))),
        Column("city", .category(CategoryValues(["x", "x", "y", "y", "x", "x"]))),
      ])
    XCTAssertEqual(training.features.last, Feature("job + city", kind: .categorical(levels: 4), source: "job"))
    XCTAssertEqual(pipeline.levelNames(ofFeature: 2)?.first, "a, x")
    let codes = try training.values("job + city")
    XCTAssertEqual(codes[0], 0)
    XCTAssertEqual(codes[4], 0)
    XCTAssertEqual(Set(codes[..<4]).count, 4)
    XCTAssertTrue(codes[5].isNaN)
    let later = try pipeline.transform(
      Table([
        Column("job", .category(CategoryValues(["b", "new", "a"]))),
        Column("city", .category(CategoryValues(["y", "x", "x"]))),
      ]))
    XCTAssertEqual(try later.values("job + city")[0], codes[3])
    XCTAssertTrue(try later.values("job + city")[1].isNaN)
    XCTAssertEqual(try later.values("job + city")[2], 0)
  }

  func testSettingsOutOfRangeAreNamed() throws {
    let changes: [(String, (inout FeaturePlan) -> Void)] = [
      ("numbers.clippedShare", { $0.numbers.clippedShare = 0.5 }),
      ("numbers.clippedShare", { $0.numbers.clippedShare = .nan }),
      ("numbers.imputation", { $0.numbers.imputation = .constant(.infinity) }),
      ("numbers.categoriesUpTo", { $0.numbers.categoriesUpTo = -1 }),
      ("categories.rareBelow", { $0.categories.rareBelow = 0 }),
      ("categories.levelLimit", { $0.categories.levelLimit = 0 }),
      ("categories.oneHotUpTo", { $0.categories.oneHotUpTo = -1 }),
      ("categories.codesUpTo", { $0.categories.codesUpTo = -1 }),
      ("categories.smoothing", { $0.categories.smoothing = 0 }),
      ("categories.statisticClassLimit", { $0.categories.statisticClassLimit = 0 }),
      ("categories.statistics folds", { $0.categories.statistics = .outOfFold(1) }),
      ("texts.longestWordRun", { $0.texts.longestWordRun = 0 }),
      ("texts.characterRuns", { $0.texts.characterRuns = 0...2 }),
      ("texts.minimumDocuments", { $0.texts.minimumDocuments = 0 }),
      ("texts.maximumDocumentShare", { $0.texts.maximumDocumentShare = 0 }),
      ("texts.vocabularyLimit", { $0.texts.vocabularyLimit = 0 }),
      ("texts.informativeTerms", { $0.texts.informativeTerms = 0 }),
      ("texts.hashBits", { $0.texts.hashBits = 30 }),
      ("texts.components", { $0.texts.components = -1 }),
      ("interactions.numberColumns", { $0.interactions.numberColumns = -1 }),
      ("interactions.categoryColumns", { $0.interactions.categoryColumns = 21 }),
    ]
    for (setting, change) in changes {
      var plan = FeaturePlan()
      change(&plan)
      assertAssayError(.configuration, saying: [setting], setting) {
        try fitFeatures(plan, [Column("x", .float([1, 2]))])
      }
    }
  }

  func testTablesThatCannotBeLearnedFromAreRefused() throws {
    assertAssayError(.data, saying: ["no rows"]) { try fitFeatures(.trees, [Column("x", .float([]))]) }
    assertAssayError(.data, saying: ["\"x\"", "same value"]) {
      try fitFeatures(.trees, [Column("x", .float([2, 2, 2]))])
    }
    assertAssayError(.data, saying: ["no rows"]) { try fitFeatures(.linear, []) }
  }
}
