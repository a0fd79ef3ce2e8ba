import Basics
import Checks
import Estimators
import Evaluation
import Foundation
import Tables
import XCTest

/// Columns with levels: indicators, codes, frequency, rare and new levels.
final class FeaturesCategoryTests: XCTestCase {
  private func plan(_ change: (inout FeaturePlan.Categories) -> Void) -> FeaturePlan {
    var plan = FeaturePlan()
    plan.categories.codesUpTo = 0
    plan.categories.rareBelow = 1
    change(&plan.categories)
    return plan
  }

  private func column(_ levels: [String?]) -> Column { Column("job", .category(CategoryValues(levels))) }

  func testOneIndicatorPerLevelAndOneForMissing() throws {
    let (pipeline, training) = try fitFeatures(
      plan { $0.oneHotUpTo = 10 }, [column(["b", "a", "b", nil, "c", "b", "a"])])
    XCTAssertEqual(training.names, ["job=b", "job=a", "job=c", "job=(missing)"])
    XCTAssertEqual(training.columns[0], .sparse(rows: [0, 2, 5], values: [1, 1, 1]))
    assertClose(try training.values("job=(missing)"), [0, 0, 0, 1, 0, 0, 0], within: 0)
    // A level that training did not have: no indicator says anything.
    let later = try pipeline.transform(Table([column(["new", "c"])]))
    for feature in later.features.indices { XCTAssertEqual(later.dense(feature)[0], 0) }
    assertClose(try later.values("job=c"), [0, 1], within: 0)
  }

  func testTwoStatesNeedOneIndicator() throws {
    let (_, training) = try fitFeatures(plan { $0.oneHotUpTo = 10 }, [column(["yes", "no", "no"])])
    XCTAssertEqual(training.names, ["job=yes"])
    let (_, gaps) = try fitFeatures(plan { $0.oneHotUpTo = 10 }, [column(["yes", nil, "yes"])])
    XCTAssertEqual(gaps.names, ["job=(missing)"])
  }

  func testIndicatorsMayBeDense() throws {
    var dense = plan { $0.oneHotUpTo = 10 }
    dense.sparse = false
    let (_, training) = try fitFeatures(dense, [column(["b", "a", "c"])])
    for values in training.columns {
      guard case .dense = values else { return XCTFail("sparse") }
    }
    assertClose(try training.values("job=b"), [1, 0, 0], within: 0)
  }

  func testRareAndNewLevelsArePutTogether() throws {
    let (pipeline, training) = try fitFeatures(
      plan {
        $0.oneHotUpTo = 10
        $0.rareBelow = 2
      }, [column(["a", "a", "b", "c", "d", "d", "a"])])
    XCTAssertEqual(training.names, ["job=a", "job=d", "job=(other)"])
    assertClose(try training.values("job=(other)"), [0, 0, 1, 1, 0, 0, 0], within: 0)
    assertClose(try pipeline.transform(Table([column(["zebra", "d"])])).values("job=(other)"), [1, 0], within: 0)
  }

  func testCodesAreNumberedByFrequency() throws {
    let (pipeline, training) = try fitFeatures(
      plan { $0.codesUpTo = 10 }, [column(["b", "a", nil, "b", "c", "b", "a"])])
    XCTAssertEqual(training.features, [Feature("job", kind: .categorical(levels: 3))])
    assertClose(try training.values("job"), [0, 1, .nan, 0, 2, 0, 1], within: 0)
    XCTAssertEqual(pipeline.levelNames(ofFeature: 0), ["b", "a", "c"])
    assertClose(try pipeline.transform(Table([column(["new", "c", nil])])).values("job"), [.nan, 2, .nan], within: 0)
  }

  func testRareLevelsShareTheLastCode() throws {
    let (pipeline, training) = try fitFeatures(
      plan {
        $0.codesUpTo = 10
        $0.rareBelow = 2
      }, [column(["b", "a", "x", "b", "y", "b", "a"])])
    XCTAssertEqual(training.features, [Feature("job", kind: .categorical(levels: 3))])
    assertClose(try training.values("job"), [0, 1, 2, 0, 2, 0, 1], within: 0)
    XCTAssertEqual(pipeline.levelNames(ofFeature: 0), ["b", "a", "(other)"])
    assertClose(try pipeline.transform(Table([column(["new"])])).values("job"), [2], within: 0)
  }

  func testCodesBeyondTheLimitAreOfTheMostFrequentLevels() throws {
    let levels: [String?] = ["a", "a", "a", "b", "b", "c", "d"]
    let none = try fitFeatures(plan { $0.codesUpTo = 3 }, [column(levels)]).training
    XCTAssertEqual(none.names, ["job.frequency"], "a column with no other feature has its frequency")
    let (pipeline, some) = try fitFeatures(
      plan {
        $0.codesUpTo = 3
        $0.codesBeyond = true
      }, [column(levels)])
    XCTAssertEqual(some.features, [Feature("job", kind: .categorical(levels: 3))])
    assertClose(try some.values("job"), [0, 0, 0, 1, 1, 2, 2], within: 0)
    XCTAssertEqual(pipeline.levelNames(ofFeature: 0), ["a", "b", "(other)"])
  }

  func testFrequencyIsTheShareOfTrainingRows() throws {
    let frequency = plan {
      $0.frequencyAbove = 0
      $0.rareBelow = 2
    }
    let (pipeline, training) = try fitFeatures(frequency, [column(["a", "a", "a", "b", "c", nil, "d", "e"])])
    let eighth: Float = 0.125
    assertClose(
      try training.values("job.frequency"),
      [3 * eighth, 3 * eighth, 3 * eighth, eighth, eighth, eighth, eighth, eighth])
    assertClose(
      try pipeline.transform(Table([column(["new", "a", nil])])).values("job.frequency"), [eighth, 3 * eighth, eighth])
  }

  func testLevelLimitKeepsTheMostFrequent() throws {
    let (_, training) = try fitFeatures(
      plan {
        $0.oneHotUpTo = 10
        $0.levelLimit = 2
      }, [column(["a", "b", "c", "c", "b", "c"])])
    XCTAssertEqual(training.names, ["job=c", "job=b", "job=(other)"])
  }

  func testTextsAndCategoriesOfTheSameLevelsAreTheSame() throws {
    let levels: [String?] = ["x", "", "x", nil, "ü", "u\u{308}", "y", "y"]
    for change in [plan { $0.oneHotUpTo = 10 }, plan { $0.codesUpTo = 10 }, FeaturePlan.trees, .linear] {
      let (categories, _) = try fitFeatures(change, [column(levels)])
      let (texts, training) = try fitFeatures(change, [Column("job", .text(TextValues(levels)))])
      let rows = try Table([column(["ü", "u\u{308}", "", nil, "x", "z"])])
      assertIdentical(try categories.transform(rows), try texts.transform(rows))
      XCTAssertEqual(training.rowCount, levels.count)
    }
  }

  func testEmptyTextIsALevelOfItsOwn() throws {
    let (_, training) = try fitFeatures(plan { $0.oneHotUpTo = 10 }, [column(["", "a", nil, "", "a", ""])])
    XCTAssertEqual(training.names, ["job=", "job=a", "job=(missing)"])
  }

  func testCanonicallyEquivalentTextsAreOneLevel() throws {
    let (pipeline, training) = try fitFeatures(
      plan { $0.oneHotUpTo = 10 }, [column(["caf\u{e9}", "cafe\u{301}", "tea", "milk"])])
    XCTAssertEqual(training.featureCount, 3)
    let later = try pipeline.transform(Table([column(["cafe\u{301}"])]))
    XCTAssertEqual(later.dense(0), [1])
  }

  func testIdentifiersAreDropped() throws {
    for names in [(0..<40).map { "customer-\($0)x" }, (0..<40).map { "\($0 * 97)-\(String($0 * 7_919, radix: 36))" }] {
      let (pipeline, training) = try fitFeatures(
        .trees, [column(names), Column("x", .integer((0..<40).map { Int64($0) }))])
      XCTAssertEqual(training.names, ["x"])
      XCTAssertEqual(pipeline.dropped["job"]?.contains("identifier"), true)
    }
  }

  func testUnusedLevelsOfASelectionDoNotCount() throws {
    let all = try Table([column(["a", "b", "c", "a", "b", "a"])])
    let (pipeline, training) = try fitFeatures(
      plan { $0.oneHotUpTo = 10 }, all.selecting(rows: [0, 1, 3, 4]).columns)
    XCTAssertEqual(training.names, ["job=b"])
    assertClose(try pipeline.transform(all).values("job=b"), [0, 1, 0, 0, 1, 0], within: 0)
  }

  func testFeatureNamesStayUnique() throws {
    let (pipeline, training) = try fitFeatures(
      plan { $0.oneHotUpTo = 10 }, [Column("job=b", .float([1, 2, 3])), column(["a", "b", "c"])])
    XCTAssertEqual(training.names, ["job=b", "job=a", "job=b (2)", "job=c"])
    XCTAssertEqual(training.features[2].source, "job")
    XCTAssertNil(pipeline.levelNames(ofFeature: 2))
  }
}
