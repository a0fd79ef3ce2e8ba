import Basics
import Checks
import Evaluation
import Foundation
import Tables
import XCTest

/// A clean table: honest numbers, categories, dates and texts that the target depends on, with noise.
private struct Clean {
  var columns: [Column]
  var labels: [Double]
  let task: LearningTask
  var fold: Fold
  var timeColumn: String?
  var entityColumn: String?
  var isRandomSplit = true
  let key: RandomKey

  init(_ rows: Int, seed: UInt64, isRegression: Bool = false) {
    key = RandomKey(seed: seed)
    var stream = key["clean"].stream()
    let regions = ["north", "south", "east", "west"]
    var age: [Int64] = []
    var income: [Double] = []
    var balance: [Double] = []
    var region: [String?] = []
    var note: [String?] = []
    var opened: [Int64] = []
    labels = []
    for _ in 0..<rows {
      let years = 18 + stream.integer(below: 60)
      let money = exp(10 + 0.5 * stream.normal())
      let place = stream.integer(below: 4)
      age.append(Int64(years))
      income.append(stream.uniform() < 0.05 ? .nan : money)
      balance.append(money * (0.5 + stream.uniform()) + 2000 * stream.normal())
      region.append(regions[place])
      note.append((0..<12).map { _ in "word\(stream.integer(below: 300))" }.joined(separator: " "))
      opened.append(1_600_000_000_000_000 + Int64(stream.integer(below: 50_000_000)) * 1_000_000)
      let signal = 0.05 * Double(years - 48) + 1.5 * log(money / 22_000) + (place == 0 ? 1 : 0) + stream.normal()
      labels.append(isRegression ? 100 + 10 * signal : signal > 0.8 ? 1 : 0)
    }
    task = isRegression ? .regression : twoClasses
    columns = [
      Column("age", .integer(age)), Column("income", .float(income)), Column("balance", .float(balance)),
      Column("region", .category(CategoryValues(region))), Column("note", .text(TextValues(note))),
      Column("opened", .dateTime(opened)),
    ]
    fold = Fold(training: [], test: [])
    fold = Fold(
      training: (0..<rows).filter { key.word(at: UInt64($0)) % 5 != 0 },
      test: (0..<rows).filter { key.word(at: UInt64($0)) % 5 == 0 })
  }

  func findings(threads: Int = 1) throws -> [GuardFinding] {
    let table = try Table(columns + [Column("target", .float(labels))])
    return Guard(key: key, threads: threads).inspect(
      GuardedData(
        table: table, target: "target", labels: labels, task: task, fold: fold, timeColumn: timeColumn,
        entityColumn: entityColumn, isRandomSplit: isRandomSplit))
  }

  func find(_ kind: GuardFinding.Kind, _ column: String = "") throws -> GuardFinding? {
    try findings().first { $0.kind == kind && $0.column == column }
  }
}

final class GuardTests: XCTestCase {
  func testCleanTablesAreNotStopped() throws {
    for seed in checkSeeds + [3, 4] {
      for isRegression in [false, true] {
        let clean = Clean(2000, seed: seed, isRegression: isRegression)
        let findings = try clean.findings()
        // The undeclared time column is the one thing worth telling.
        XCTAssertEqual(findings.map(\.code), ["time:opened"], "seed \(seed) \(findings)")
        XCTAssertEqual(findings.map(\.severity), [.warning])
        var timed = clean
        timed.timeColumn = "opened"
        timed.isRandomSplit = false
        timed.fold = try Split.holdout(
          labels: clean.labels, task: clean.task, times: clean.columns[5].numbers(), key: clean.key
        ).folds[0]
        XCTAssertEqual(try timed.findings(), [], "seed \(seed)")
      }
    }
  }

  func testGivenTestRowsThatAreLaterAreNamed() throws {
    for seed in checkSeeds {
      var given = Clean(2000, seed: seed)
      given.isRandomSplit = false
      XCTAssertNil(try given.find(.time, "opened"), "rows given at random, seed \(seed)")
      given.fold = try Split.holdout(
        labels: given.labels, task: given.task, times: given.columns[5].numbers(), key: given.key
      ).folds[0]
      let finding = try given.find(.time, "opened")
      XCTAssertEqual(finding?.severity, .warning, "seed \(seed)")
      XCTAssertEqual(finding?.remedy.contains("--time \"opened\""), true)
    }
  }

  func testCopiesOfTheTargetStop() throws {
    for seed in checkSeeds {
      var classes = Clean(2000, seed: seed)
      var stream = RandomKey(seed: seed).stream()
      classes.columns.append(Column("answer", .text(TextValues(classes.labels.map { $0 == 1 ? "good" : "bad" }))))
      classes.columns.append(Column("flag", .boolean(classes.labels.map { $0 == 1 ? 0 : 1 })))
      classes.columns.append(Column("points", .float(classes.labels.map { 3 * $0 + stream.uniform() })))
      classes.columns.append(
        Column(
          "stage", .text(TextValues(classes.labels.map { "\($0 == 1 ? "won" : "lost") \(stream.integer(below: 5))" }))))
      var numbers = Clean(2000, seed: seed, isRegression: true)
      numbers.columns.append(Column("cents", .integer(numbers.labels.map { Int64(($0 * 100).rounded()) })))
      numbers.columns.append(Column("log", .single(numbers.labels.map { Float(log($0 + 1000)) })))
      for (clean, names) in [(classes, ["answer", "flag", "points", "stage"]), (numbers, ["cents", "log"])] {
        for name in names {
          let finding = try clean.find(.leak, name)
          XCTAssertEqual(finding?.severity, .stop, "seed \(seed) \(name)")
          XCTAssertEqual(finding?.remedy.contains("--allow \"leak:\(name)\""), true)
        }
      }
    }
  }

  func testStrongHonestColumnsAreWarnedOfAtMost() throws {
    for seed in checkSeeds {
      var clean = Clean(4000, seed: seed)
      var stream = RandomKey(seed: seed).stream()
      // Like the odour of mushrooms: one value in fifty is misleading.
      clean.columns.append(
        Column(
          "odour",
          .integer(
            clean.labels.map { Int64(stream.uniform() < 0.02 ? 1 - $0 : $0) * 3 + Int64(stream.integer(below: 3)) })))
      let finding = try clean.find(.leak, "odour")
      XCTAssertEqual(finding?.severity, .warning)
      // A few dozen rows that a number separates perfectly, like a species by its petals.
      var small = Clean(60, seed: seed)
      small.columns.append(Column("petal", .float(small.labels.map { 3 * $0 + stream.uniform() })))
      XCTAssertEqual(try small.findings().filter { $0.severity == .stop }, [])
    }
  }

  func testPartsThatAddUpOrMultiplyStop() throws {
    for seed in checkSeeds {
      var clean = Clean(3000, seed: seed, isRegression: true)
      var stream = RandomKey(seed: seed).stream()
      let casual = clean.labels.map { _ in Double(stream.integer(below: 100)) }
      let registered = clean.labels.map { _ in Double(stream.integer(below: 500)) }
      clean.columns.append(Column("casual", .integer(casual.map { Int64($0) })))
      clean.columns.append(Column("registered", .integer(registered.map { Int64($0) })))
      var product = clean
      clean.labels = zip(casual, registered).map { $0 + $1 }
      XCTAssertEqual(try clean.find(.leak, "casual")?.severity, .stop)
      XCTAssertEqual(try clean.find(.leak, "registered")?.severity, .stop)
      XCTAssertNil(try clean.find(.leak, "age"))
      product.labels = zip(casual, registered).map { ($0 + 1) * ($1 + 1) }
      product.columns[6] = Column("casual", .integer(casual.map { Int64($0) + 1 }))
      product.columns[7] = Column("registered", .float(registered.map { $0 + 1 }))
      XCTAssertEqual(try product.find(.leak, "casual")?.severity, .stop)
      XCTAssertEqual(try product.find(.leak, "casual")?.evidence.contains("product"), true)
    }
  }

  func testIdentifiersAreToldAndOrderedTargetsStop() throws {
    var clean = Clean(2000, seed: 1)
    let mixed = (0..<2000).map { Int64(($0 * 7919) % 2000) }
    clean.columns.append(Column("row", .integer(mixed)))
    clean.columns.append(Column("code", .text(TextValues(mixed.map { "K\($0 * 31)" }))))
    clean.columns.append(Column("customerId", .integer(mixed.map { $0 * $0 })))
    for name in ["row", "code", "customerId"] {
      XCTAssertEqual(try clean.find(.identifier, name)?.severity, .warning, name)
    }
    // Sorted by the target, as some tables are delivered.
    let rank = clean.labels.indices.sorted { (clean.labels[$0], $0) < (clean.labels[$1], $1) }
    var numbers = [Int64](repeating: 0, count: 2000)
    for (position, row) in rank.enumerated() { numbers[row] = Int64(position + 1) }
    clean.columns[6] = Column("row", .integer(numbers))
    XCTAssertEqual(try clean.find(.identifier, "row")?.severity, .stop)
  }

  func testColumnsOfAfterTheEvent() throws {
    for seed in checkSeeds {
      var clean = Clean(2000, seed: seed)
      var stream = RandomKey(seed: seed).stream()
      let opened = clean.columns[5].numbers()
      clean.timeColumn = "opened"
      clean.isRandomSplit = false
      clean.fold = try Split.holdout(labels: clean.labels, task: clean.task, times: opened, key: clean.key).folds[0]
      clean.columns.append(
        Column("closed", .dateTime(opened.map { Int64(($0 + 1e6 * stream.uniform()) * 1e6) })))
      clean.columns.append(
        Column(
          "cancelled on",
          .dateTime(clean.labels.map { $0 == 1 ? 1_500_000_000_000_000 + Int64(stream.integer(below: 1000)) : .min })))
      clean.columns.append(
        Column("exit survey", .float(clean.labels.map { $0 == 1 || stream.uniform() < 0.03 ? stream.uniform() : .nan }))
      )
      clean.columns.append(
        Column("call duration", .float(clean.labels.map { 1.5 * $0 + stream.normal() })))
      XCTAssertEqual(try clean.find(.afterwards, "closed")?.severity, .stop)
      XCTAssertEqual(try clean.find(.afterwards, "cancelled on")?.severity, .stop)
      XCTAssertEqual(try clean.find(.afterwards, "exit survey")?.severity, .warning)
      XCTAssertEqual(try clean.find(.afterwards, "call duration")?.severity, .warning)
      XCTAssertNil(try clean.find(.afterwards, "income"))
    }
  }

  func testRepeatedRowsAcrossTheSplit() throws {
    for seed in checkSeeds {
      var clean = Clean(3000, seed: seed)
      let copied = Array(clean.fold.test.prefix(clean.fold.test.count / 2))
      let rows = Array(0..<3000) + copied
      var near = clean
      clean.columns = clean.columns.map { $0.selecting(rows: rows) }
      clean.labels = rows.map { clean.labels[$0] }
      clean.fold.training += Array(3000..<rows.count)
      XCTAssertEqual(try clean.find(.duplicates)?.severity, .stop)
      // The copies are disturbed a little, and their texts lose a word.
      var stream = RandomKey(seed: seed).stream()
      near.columns = clean.columns.map { column in
        switch column.values {
        case .float(let v):
          return Column(column.name, .float(v.indices.map { v[$0] * ($0 < 3000 ? 1 : 1 + 1e-3 * stream.normal()) }))
        default: return column
        }
      }
      // More numbers, so that nearness by chance is out of the question.
      for index in 0..<5 {
        let values = rows.map { near.key["extra"][index].uniform(at: UInt64($0)) }
        near.columns.append(Column("extra \(index)", .float(values.map { $0 + 1e-4 * stream.uniform() })))
      }
      near.labels = clean.labels
      near.fold = clean.fold
      var withoutTexts = near
      withoutTexts.columns.removeAll { $0.name == "note" }
      XCTAssertEqual(try withoutTexts.find(.duplicates)?.severity, .warning)
      XCTAssertNotNil(try near.find(.duplicates, "note"))
    }
  }

  func testCoarseTablesRepeatRowsNaturally() throws {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      var clean = Clean(3000, seed: seed)
      clean.columns = (0..<4).map { index in
        Column("c\(index)", .integer((0..<3000).map { _ in Int64(stream.integer(below: 3)) }))
      }
      XCTAssertEqual(try clean.findings(), [])
    }
  }

  func testEntitiesOnBothSides() throws {
    var clean = Clean(3000, seed: 2)
    clean.columns.append(Column("patient_id", .integer((0..<3000).map { Int64($0 / 6) })))
    XCTAssertEqual(try clean.find(.entities, "patient_id")?.severity, .warning)
    clean.entityColumn = "patient_id"
    XCTAssertEqual(try clean.find(.entities, "patient_id")?.severity, .stop)
    clean.isRandomSplit = false
    clean.fold = try Split.holdout(
      labels: clean.labels, task: clean.task, entities: entities(of: clean.columns[6]), key: clean.key
    ).folds[0]
    XCTAssertNil(try clean.find(.entities, "patient_id"))
  }

  func testTestBeforeTraining() throws {
    var clean = Clean(1000, seed: 5)
    clean.timeColumn = "opened"
    XCTAssertEqual(try clean.find(.time)?.severity, .stop)
    XCTAssertEqual(try clean.find(.time)?.code, "time")
  }

  func testAllowancesAndTheError() throws {
    var clean = Clean(1000, seed: 1)
    clean.columns.append(Column("copy", .float(clean.labels)))
    let findings = try clean.findings()
    XCTAssertThrowsError(try Guard.check(findings)) { error in
      XCTAssertEqual((error as? AssayError)?.kind, .guarded)
      XCTAssertTrue("\(error)".contains("leak:copy"))
    }
    let allowed = try Guard.allowing(["leak:copy": "known at the counter"], in: findings)
    XCTAssertEqual(allowed.first { $0.column == "copy" }?.allowedBecause, "known at the counter")
    XCTAssertNoThrow(try Guard.check(allowed))
    // A reason is about the column, whatever the guard calls the danger.
    let other = try Guard.allowing(
      ["afterwards:copy": "known at the counter", "leak:gone": "was removed"], in: findings)
    XCTAssertNoThrow(try Guard.check(other))
    XCTAssertThrowsError(try Guard.check(Guard.allowing(["leak:cpoy": "typo"], in: findings)))
  }

  func testUnknownKindsAreRefused() {
    XCTAssertThrowsError(try Guard.allowing(["leek:copy": "typo"], in: [])) {
      XCTAssertEqual(($0 as? AssayError)?.kind, .configuration)
      XCTAssertTrue("\($0)".contains("identifier"))
    }
  }

  func testSameFindingsForAnyNumberOfThreadsAndOddTables() throws {
    var clean = Clean(1000, seed: 1)
    clean.columns.append(Column("copy", .float(clean.labels)))
    XCTAssertEqual(try clean.findings(threads: 1), try clean.findings(threads: 4))
    let one = try Table([Column("x", .float([1])), Column("y", .text(TextValues([nil]))), Column("t", .integer([1]))])
    let findings = Guard(key: RandomKey(seed: 1)).inspect(
      GuardedData(
        table: one, target: "t", labels: [1], task: twoClasses, fold: Fold(training: [0], test: [])))
    XCTAssertEqual(findings, [])
    let empty = try Table([Column("x", .float([.nan, .infinity])), Column("t", .integer([1, 0]))])
    XCTAssertEqual(
      Guard(key: RandomKey(seed: 1)).inspect(
        GuardedData(
          table: empty, target: "t", labels: [1, 0], task: .regression, fold: Fold(training: [0, 1], test: []))),
      [])
  }
}
