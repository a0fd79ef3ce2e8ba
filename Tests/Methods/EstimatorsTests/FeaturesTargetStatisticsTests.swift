import Basics
import Checks
import Estimators
import Evaluation
import Tables
import XCTest

/// Statistics of the target per level, and that a row's own label has no part in its own.
final class FeaturesTargetStatisticsTests: XCTestCase {
  private func plan(
    _ method: FeaturePlan.TargetStatistics = .ordered, smoothing: Double = 2, rareBelow: Int = 1
  ) -> FeaturePlan {
    var plan = FeaturePlan()
    plan.categories.codesUpTo = 0
    plan.categories.rareBelow = rareBelow
    plan.categories.statisticsAbove = 0
    plan.categories.statistics = method
    plan.categories.smoothing = smoothing
    return plan
  }

  private func column(_ levels: [String?]) -> Column { Column("shop", .category(CategoryValues(levels))) }

  func testNewRowsGetTheSmoothedMeanOfAllTrainingRows() throws {
    let (pipeline, _) = try fitFeatures(
      plan(), [column(["a", "a", "a", "b", nil, "b"])], task: .regression, labels: [1, 2, 6, 10, 20, 0])
    // The overall mean is 39 / 6 = 6.5: (9 + 13) / 5, (10 + 13) / 4, (20 + 13) / 3, and 6.5 for a new level.
    let later = try pipeline.transform(Table([column(["a", "b", nil, "new"])]))
    assertClose(try later.values("shop.mean"), [4.4, 5.75, 11, 6.5])
  }

  func testWeightsCount() throws {
    let (pipeline, _) = try fitFeatures(
      plan(), [column(["a", "a", "b"])], task: .regression, labels: [1, 4, 7], weights: [1, 3, 2])
    // Overall (1 + 12 + 14) / 6 = 4.5; a: (13 + 9) / (4 + 2), b: (14 + 9) / (2 + 2).
    assertClose(try pipeline.transform(Table([column(["a", "b"])])).values("shop.mean"), [22 / 6.0, 23 / 4.0])
  }

  func testRareLevelsShareTheirStatistic() throws {
    let (pipeline, _) = try fitFeatures(
      plan(rareBelow: 2), [column(["a", "a", "b", "c"])], task: .regression, labels: [0, 0, 4, 8])
    // Overall 3; b and c together: (12 + 6) / (2 + 2), which a new level gets too.
    assertClose(try pipeline.transform(Table([column(["b", "new", "a"])])).values("shop.mean"), [4.5, 4.5, 1.5])
  }

  func testOneStatisticPerFrequentClass() throws {
    let levels: [String?] = ["x", "y", "x", "y", "x", "x"]
    let labels: [Double] = [0, 1, 2, 2, 2, 3]
    let task = LearningTask.classification(classes: ["p", "q", "r", "s"])
    var limited = plan()
    limited.categories.statisticClassLimit = 2
    let (pipeline, training) = try fitFeatures(limited, [column(levels)], task: task, labels: labels)
    XCTAssertEqual(training.names, ["shop.rate(p)", "shop.rate(r)"])
    // Class r: 3 of 6 overall; x has 2 of 4: (2 + 1) / (4 + 2); y has 1 of 2: (1 + 1) / (2 + 2).
    let later = try pipeline.transform(Table([column(["x", "y"])]))
    assertClose(try later.values("shop.rate(r)"), [0.5, 0.5])
    // Class p: 1 of 6 overall; x: (1 + 1/3) / 6; y: (0 + 1/3) / 4.
    assertClose(try later.values("shop.rate(p)"), [4.0 / 18, 1.0 / 12])
  }

  /// The definition of an ordered statistic, checked without knowing the order: in some order of the rows, each value
  /// is the smoothed mean of the rows before.
  func testOrderedStatisticsComeFromTheRowsBeforeInSomeOrder() throws {
    let levels: [String?] = ["a", "a", "b", "a", "b"]
    let labels: [Double] = [1, 0, 1, 1, 0]
    let (_, training) = try fitFeatures(plan(smoothing: 3), [column(levels)], labels: labels)
    let found = try training.values("shop.rate")
    func matches(_ order: [Int]) -> Bool {
      var (total, count) = (0.5, 1.0)
      var sums: [String?: (Double, Double)] = [:]
      for row in order {
        let (sum, weight) = sums[levels[row]] ?? (0, 0)
        let expected = (sum + 3 * total / count) / (weight + 3)
        if abs(Double(found[row]) - expected) > Double(singlePrecision) { return false }
        sums[levels[row]] = (sum + labels[row], weight + 1)
        total += labels[row]
        count += 1
      }
      return true
    }
    func search(_ order: [Int], _ rest: [Int]) -> Bool {
      rest.isEmpty ? matches(order) : rest.contains { next in search(order + [next], rest.filter { $0 != next }) }
    }
    XCTAssertTrue(search([], Array(0..<5)), "no order explains \(found)")
  }

  func testOrderDependsOnTheSeedAlone() throws {
    var stream = RandomKey(seed: 5).stream()
    let levels: [String?] = (0..<200).map { _ in "s\(stream.integer(below: 5))" }
    let one = try fitFeatures(plan(), [column(levels)], seed: 1).training
    assertIdentical(one, try fitFeatures(plan(), [column(levels)], seed: 1).training)
    XCTAssertNotEqual(
      try one.values("shop.rate"), try fitFeatures(plan(), [column(levels)], seed: 2).training.values("shop.rate"))
  }

  func testTheLabelOfARowDoesNotChangeItsFeatures() throws {
    for seed in checkSeeds {
      for (name, method) in [("ordered", FeaturePlan.TargetStatistics.ordered), ("folds", .outOfFold(4))] {
        for task in [LearningTask.regression, binary, .classification(classes: ["p", "q", "r"])] {
          var stream = RandomKey(seed: seed).stream()
          let levels: [String?] = (0..<60).map { _ in stream.uniform() < 0.1 ? nil : "s\(stream.integer(below: 8))" }
          var labels = (0..<60).map { _ in
            task == .regression ? 100 * stream.normal() : Double(stream.integer(below: task.width))
          }
          let before = try fitFeatures(plan(method), [column(levels)], task: task, labels: labels, seed: seed).training
          for row in [0, 7, 31, 59] {
            let label = labels[row]
            labels[row] = task == .regression ? label + 1e6 : Double((Int(label) + 1) % task.width)
            let after = try fitFeatures(plan(method), [column(levels)], task: task, labels: labels, seed: seed).training
            var changed = 0
            for feature in before.features.indices {
              let (a, b) = (before.dense(feature), after.dense(feature))
              XCTAssertEqual(a[row].bitPattern, b[row].bitPattern, "\(name), \(task), seed \(seed), row \(row)")
              changed += zip(a, b).lazy.filter { $0.bitPattern != $1.bitPattern }.count
            }
            XCTAssertGreaterThan(changed, 0, "the labels of other rows must count")
            labels[row] = label
          }
        }
      }
    }
  }

  /// With labels that have nothing to do with the levels, the statistic of training rows must not tell them.
  func testNoiseIsNotLearned() throws {
    for seed in checkSeeds {
      for method in [FeaturePlan.TargetStatistics.ordered, .outOfFold(5)] {
        let rows = 20_000
        var stream = RandomKey(seed: seed).stream()
        let levels: [String?] = (0..<rows).map { _ in "s\(stream.integer(below: 4_000))" }
        let labels = (0..<rows).map { _ in stream.normal() }
        let (_, training) = try fitFeatures(
          plan(method), [column(levels)], task: .regression, labels: labels, seed: seed)
        let values = try training.values("shop.mean").map(Double.init)
        let pairs = zip(values, labels).filter { !$0.0.isNaN }
        let mean = pairs.reduce(0) { $0 + $1.0 } / Double(pairs.count)
        let (cross, spread) = pairs.reduce((0.0, 0.0)) {
          ($0.0 + ($1.0 - mean) * $1.1, $0.1 + ($1.0 - mean) * ($1.0 - mean))
        }
        // A correlation over 20,000 rows of noise has a standard error of 0.007.
        XCTAssertLessThan(abs(cross / (spread * Double(rows)).squareRoot()), 0.03, "seed \(seed), \(method)")
      }
    }
  }

  func testStatisticsAreOnlyForColumnsWithManyLevels() throws {
    var few = plan()
    few.categories.statisticsAbove = 2
    few.categories.oneHotUpTo = 2
    let (_, training) = try fitFeatures(
      few, [column(["a", "b", "a", "b"]), Column("many", .category(CategoryValues(["a", "b", "c", "a"])))])
    XCTAssertEqual(training.names, ["shop=b", "many.rate"])
  }

  func testOneRowPerClassAndOneRow() throws {
    let (_, training) = try fitFeatures(plan(.outOfFold(5)), [column(["a", "b"])], labels: [0, 1])
    XCTAssertTrue(try training.values("shop.rate").allSatisfy(\.isFinite))
  }
}
