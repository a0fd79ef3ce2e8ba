import Basics
import Checks
import Evaluation
import Tables
import XCTest

final class SplitTests: XCTestCase {
  private let fourClasses = LearningTask.classification(classes: ["a", "b", "c", "d"])

  private func labels(_ count: Int, key: RandomKey) -> [Double] {
    var stream = key.stream()
    return (0..<count).map { _ in [0, 0, 0, 0, 0, 0, 1, 1, 1, 2][stream.integer(below: 10)] }
  }

  private func checkPartition(_ split: Split, rows: Int, _ note: String) {
    var measured = [Int](repeating: 0, count: rows)
    for fold in split.folds {
      XCTAssertEqual(Set(fold.training).intersection(fold.test), [], note)
      XCTAssertEqual(fold.training.count + fold.test.count, rows, note)
      XCTAssertEqual(fold.test, fold.test.sorted(), note)
      XCTAssertFalse(fold.training.isEmpty || fold.test.isEmpty, note)
      for row in fold.test { measured[row] += 1 }
    }
    if split.folds.count > 1 { XCTAssertEqual(measured, Array(repeating: 1, count: rows), note) }
  }

  func testStratifiedSplitsKeepClassShares() throws {
    for seed in checkSeeds {
      let key = RandomKey(seed: seed)
      let labels = labels(997, key: key)
      let holdout = try Split.holdout(labels: labels, task: fourClasses, key: key)
      XCTAssertEqual(holdout.folds[0].test.count, 199)
      let folds = try Split.folds(5, labels: labels, task: fourClasses, key: key)
      XCTAssertEqual(folds.folds.count, 5)
      for (split, share) in [(holdout, 0.2), (folds, 0.2)] {
        checkPartition(split, rows: 997, "seed \(seed)")
        for fold in split.folds {
          for label in 0..<3 {
            let all = labels.count { $0 == Double(label) }
            let test = fold.test.count { labels[$0] == Double(label) }
            XCTAssertEqual(Double(test), share * Double(all), accuracy: 1.01, "seed \(seed) class \(label)")
          }
        }
      }
      XCTAssertEqual(folds, try Split.folds(5, labels: labels, task: fourClasses, key: key))
      XCTAssertNotEqual(folds, try Split.folds(5, labels: labels, task: fourClasses, key: RandomKey(seed: seed + 1)))
    }
  }

  func testRegressionFoldsHaveLikeQuantiles() throws {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      let labels = (0..<1000).map { _ in exp(2 * stream.normal()) }
      let split = try Split.folds(4, labels: labels, task: .regression, key: RandomKey(seed: seed))
      checkPartition(split, rows: 1000, "seed \(seed)")
      let border = labels.sorted()[900]
      for fold in split.folds {
        XCTAssertEqual(Double(fold.test.count { labels[$0] >= border }), 25, accuracy: 1.01)
      }
    }
  }

  func testSmallAndOddTables() throws {
    for count in 2...12 {
      for folds in 2...min(count, 5) {
        let labels = (0..<count).map { Double($0 % 3) }
        for task in [fourClasses, .regression] {
          let key = RandomKey(seed: UInt64(count))
          checkPartition(try Split.folds(folds, labels: labels, task: task, key: key), rows: count, "\(count) \(folds)")
          checkPartition(try Split.holdout(labels: labels, task: task, key: key), rows: count, "\(count)")
        }
      }
    }
  }

  func testRareClassesAreTold() throws {
    let labels: [Double] = Array(repeating: 0, count: 30) + [1, 1, 2]
    let split = try Split.folds(5, labels: labels, task: fourClasses, key: RandomKey(seed: 1))
    XCTAssertEqual(split.warnings.count, 2)
    XCTAssertTrue(split.warnings[0].contains("\"b\" has 2 rows"))
    let holdout = try Split.holdout(labels: labels, task: fourClasses, key: RandomKey(seed: 1))
    XCTAssertTrue(holdout.folds[0].training.contains(32), "the only row of a class is learned from")
    XCTAssertEqual(holdout.warnings.count, 1)
  }

  func testEntitiesStayTogether() throws {
    for seed in checkSeeds {
      let key = RandomKey(seed: seed)
      var stream = key["entities"].stream()
      let labels = labels(2000, key: key)
      let entities = labels.map { _ in stream.integer(below: 150) * stream.integer(below: 3) }
      let folds = try Split.folds(5, labels: labels, task: fourClasses, entities: entities, key: key)
      let holdout = try Split.holdout(labels: labels, task: fourClasses, entities: entities, key: key)
      for split in [folds, holdout] {
        checkPartition(split, rows: 2000, "seed \(seed)")
        for fold in split.folds {
          let both = Set(fold.training.map { entities[$0] }).intersection(fold.test.map { entities[$0] })
          XCTAssertEqual(both, [])
        }
      }
      XCTAssertEqual(Double(holdout.folds[0].test.count), 400, accuracy: 20)
      // One entity has about 780 of the 2,000 rows; the rest must be even.
      let sizes = folds.folds.map(\.test.count).sorted()
      XCTAssertLessThan(sizes[3] - sizes[0], 20, "seed \(seed) \(sizes)")
    }
  }

  func testEntityFoldsAreStratified() throws {
    // 100 entities of 10 rows, half of them purely positive.
    let entities = (0..<1000).map { $0 / 10 }
    let labels = entities.map { Double($0 % 2) }
    let split = try Split.folds(5, labels: labels, task: twoClasses, entities: entities, key: RandomKey(seed: 3))
    for fold in split.folds {
      XCTAssertEqual(fold.test.count, 200)
      XCTAssertEqual(fold.test.count { labels[$0] == 1 }, 100)
    }
  }

  func testTimeHoldoutIsTheEndWithTiesTogetherAndAGap() throws {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      let times = (0..<1000).map { _ in Double(stream.integer(below: 100)) }
      let labels = times.map { _ in 0.0 }
      for gap in [0.0, 7.0] {
        let split = try Split.holdout(
          labels: labels, task: .regression, times: times, gap: gap, key: RandomKey(seed: seed))
        let fold = split.folds[0]
        let last = fold.training.map { times[$0] }.max() ?? 0
        let first = fold.test.map { times[$0] }.min() ?? 0
        XCTAssertGreaterThan(first, last)
        XCTAssertGreaterThanOrEqual(first - last, gap)
        XCTAssertEqual(Double(fold.test.count), 200, accuracy: 12)
        XCTAssertEqual(fold.test.count, times.count { $0 >= first })
      }
    }
  }

  func testRollingOriginLearnsFromThePast() throws {
    let times = (0..<600).map { Double(($0 * 7919) % 600) }
    let split = try Split.folds(
      5, labels: times, task: .regression, times: times, gap: 10, key: RandomKey(seed: 1))
    XCTAssertEqual(split.folds.map(\.test.count), [100, 100, 100, 100, 100])
    for (index, fold) in split.folds.enumerated() {
      XCTAssertEqual(fold.test.map { times[$0] }.min(), Double(100 * (index + 1)))
      XCTAssertEqual(fold.training.map { times[$0] }.max(), Double(100 * (index + 1) - 10))
    }
  }

  func testGivenColumns() throws {
    let words = Column("part", .text(TextValues(["train", "Test", "train", "valid", "TEST "])))
    let split = try Split.given(by: words)
    XCTAssertEqual(split.folds, [Fold(training: [0, 2], test: [1, 4])])
    XCTAssertEqual(split.validation, [3])
    let validOnly = Column("part", .category(CategoryValues(["train", "val", "train"])))
    XCTAssertEqual(try Split.given(by: validOnly).folds, [Fold(training: [0, 2], test: [1])])
    let numbers = try Split.given(by: Column("fold", .integer([3, 1, 2, 1])))
    XCTAssertEqual(numbers.folds.map(\.test), [[1, 3], [2], [0]])
    let flags = try Split.given(by: Column("is_test", .integer([0, 1, 0])))
    XCTAssertEqual(flags.folds, [Fold(training: [0, 2], test: [1])])
    let marks = try Split.given(by: Column("is_test", .boolean([0, 1, 1])))
    XCTAssertEqual(marks.folds, [Fold(training: [0], test: [1, 2])])
  }

  func testBadRequestsAreRefused() throws {
    let key = RandomKey(seed: 1)
    func kind(_ body: () throws -> Split) -> AssayError.Kind? {
      do { _ = try body() } catch { return (error as? AssayError)?.kind }
      return nil
    }
    let labels: [Double] = [0, 1, 0, 1]
    XCTAssertEqual(kind { try .folds(5, labels: labels, task: twoClasses, key: key) }, .data)
    XCTAssertEqual(kind { try .folds(1, labels: labels, task: twoClasses, key: key) }, .configuration)
    XCTAssertEqual(kind { try .holdout(labels: [1], task: twoClasses, key: key) }, .data)
    XCTAssertEqual(kind { try .holdout(labels: labels, task: twoClasses, testShare: 1, key: key) }, .configuration)
    let one = [7, 7, 7, 7]
    XCTAssertEqual(kind { try .holdout(labels: labels, task: twoClasses, entities: one, key: key) }, .data)
    XCTAssertEqual(kind { try .folds(3, labels: labels, task: twoClasses, entities: [1, 1, 2, 2], key: key) }, .data)
    let same = [5.0, 5, 5, 5]
    XCTAssertEqual(kind { try .holdout(labels: labels, task: twoClasses, times: same, key: key) }, .data)
    XCTAssertEqual(kind { try .holdout(labels: labels, task: twoClasses, times: [1, .nan, 2, 3], key: key) }, .data)
    XCTAssertEqual(
      kind { try .holdout(labels: labels, task: twoClasses, times: [1, 2, 3, 4], gap: 99, key: key) }, .data)
    XCTAssertEqual(kind { try .given(by: Column("s", .text(TextValues(["train", "banana"])))) }, .data)
    XCTAssertEqual(kind { try .given(by: Column("s", .text(TextValues(["train", nil])))) }, .data)
    XCTAssertEqual(kind { try .given(by: Column("s", .text(TextValues(["train", "train"])))) }, .data)
    XCTAssertEqual(kind { try .given(by: Column("s", .dateTime([1, 2]))) }, .schema)
    XCTAssertEqual(kind { try .given(by: Column("s", .integer([1, 1]))) }, .data)
  }

  func testEntitiesOfColumns() {
    let column = Column("customer", .text(TextValues(["a", nil, "b", "a", nil])))
    let codes = entities(of: column)
    XCTAssertEqual(codes[0], codes[3])
    XCTAssertEqual(Set(codes).count, 4)
    XCTAssertEqual(Set(entities(of: Column("x", .single([1, .nan, 1, .nan])))).count, 3)
  }
}
