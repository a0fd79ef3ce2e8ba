import Basics
import Checks
import Decisions
import Evaluation
import Foundation
import Tables
import XCTest

final class ValueFileTests: XCTestCase {
  private let example = """
    currency: EUR
    positive: "yes"
    actions:
      call:
        gain: 0.9 * amount * label
        cost: 12
    capacity: 100 per day
    today: amount > 500
    """

  func testExample() throws {
    let value = try ValueFile.parse(example)
    XCTAssertEqual(value.currency, "EUR")
    XCTAssertEqual(value.positive, "yes")
    XCTAssertEqual(value.actionNames, ["do nothing", "call"])
    XCTAssertNil(value.actions[0].gain)
    XCTAssertEqual(value.actions[1].gain?.source, "0.9 * amount * label")
    XCTAssertEqual(value.actions[1].cost?.source, "12")
    XCTAssertEqual(value.capacity, Capacity(100, .day))
    XCTAssertEqual(value.today?.source, "amount > 500")
    XCTAssertEqual(value.columns, ["amount"])
    XCTAssertEqual(try JSONDecoder().decode(ValueSpecification.self, from: JSONEncoder().encode(value)), value)
  }

  func testPlainYesStaysText() throws {
    let value = try ValueFile.parse("positive: yes\nactions: {call: {gain: label}}")
    XCTAssertEqual(value.positive, "yes")
    XCTAssertEqual(try value.positiveIndex(yesNo), 1)
    XCTAssertEqual(try value.positiveIndex(.classification(classes: ["yes", "no"])), 0)
    XCTAssertEqual(
      failure { try value.positiveIndex(.classification(classes: ["no", "yess"])) }?.remedy, "did you mean \"yess\"?")
  }

  func testDefaultAction() throws {
    let approve = try ValueFile.parse(
      """
      default: approve
      unit: order
      time: placed
      actions:
        block: {cost: 3}
        approve: {gain: 0.02 * amount, cost: amount * label}
        ignore:
      """)
    XCTAssertEqual(approve.actionNames, ["approve", "block", "ignore"])
    XCTAssertEqual(approve.unit, "order")
    XCTAssertEqual(approve.time, "placed")
    let named = try ValueFile.parse("actions: {call: {gain: label}, do nothing: {cost: 1}}")
    XCTAssertEqual(named.actionNames, ["do nothing", "call"])
    XCTAssertEqual(named.actions[0].cost?.source, "1")
  }

  func testMistakesAreLocated() throws {
    func message(_ text: String) -> String {
      let error = failure { try ValueFile.parse(text, name: "v.yaml") }
      XCTAssertEqual(error?.kind, .configuration, text)
      return error?.description ?? ""
    }
    XCTAssertEqual(
      message("actions:\n  call:\n    gain: 0.9 * * amount\n"),
      "v.yaml, line 3, gain of \"call\", character 7 of 0.9 * * amount: "
        + "expected a number, a text, a column or \"(\", found \"*\"")
    XCTAssertEqual(
      message("currency: EUR\naction:\n  call: {gain: 1}\n"),
      "v.yaml, line 2: the value file has no \"action\"; did you mean \"actions\"?")
    XCTAssertEqual(
      message("actions:\n  call:\n    gian: 1\n"),
      "v.yaml, line 3: the action \"call\" has no \"gian\"; did you mean \"gain\"?")
    XCTAssertEqual(
      message("actions: {call: {gain: 1}}\ncapacity: many\n"),
      "v.yaml, line 2, capacity: \"many\" is not a capacity; "
        + "write it like \"100 per day\" (hour, day, week, month), \"5 %\" or \"2000 in total\"")
    XCTAssertTrue(message("").contains("file is empty"))
    XCTAssertTrue(message("just words").contains("not a list of names"))
    XCTAssertTrue(message("- a\n- b").contains("not a list of names"))
    XCTAssertTrue(message("currency: EUR").contains("there is no \"actions\""))
    XCTAssertTrue(message("actions:").contains("actions is not a list of names"))
    XCTAssertTrue(message("actions: {do nothing: }").contains("no action to decide on"))
    XCTAssertTrue(message("actions: {call: [1, 2]}").contains("the action \"call\" is not a list"))
    XCTAssertTrue(message("actions: {call: {gain: {a: 1}}}").contains("not a plain text"))
    XCTAssertTrue(message("actions: {call: {gain: }}").contains("not a plain text"))
    XCTAssertTrue(message("actions: {call: {gain: 1}}\ndefault: cal").contains("did you mean \"call\"?"))
    XCTAssertTrue(message("actions: {call: {gain: 1}, call: {gain: 2}}").contains("stands twice: call"))
    XCTAssertTrue(message("actions:\n  call:\n    gain: a ? b : c").contains("line 3"))
    XCTAssertTrue(message("actions:\n  call:\n    gain: a ? b : c").contains("in quotes"))
    XCTAssertTrue(message("actions:\n\tcall: 1").contains("line 2"))
    XCTAssertTrue(message("actions: *nowhere").contains("not valid YAML"))
    XCTAssertTrue(message("{a: 1}: 2").contains("not a plain text"))
  }

  func testFiles() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("value-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("value.yaml")
    try Data(example.utf8).write(to: file)
    XCTAssertEqual(try ValueFile.read(file.path).actionNames, ["do nothing", "call"])
    try Data([0x61, 0xFF, 0xFE]).write(to: file)
    XCTAssertEqual(failure { try ValueFile.read(file.path) }?.kind, .format)
    try Data(repeating: 32, count: 2 << 20).write(to: file)
    XCTAssertEqual(failure { try ValueFile.read(file.path) }?.kind, .format)
    XCTAssertEqual(failure { try ValueFile.read(folder.path) }?.kind, .file)
    XCTAssertEqual(failure { try ValueFile.read(folder.path + "/none.yaml") }?.kind, .file)
  }

  func testFlags() throws {
    let value = try ValueSpecification(
      action: "call", gain: "0.9 * amount * label", cost: "12", capacity: "5 %", today: "amount > 500", currency: "EUR")
    XCTAssertEqual(value.actionNames, ["do nothing", "call"])
    XCTAssertEqual(value.capacity, Capacity(5, .percent))
    XCTAssertTrue(failure { try ValueSpecification(gain: "1 +") }?.place.hasPrefix("--gain") ?? false)
    XCTAssertEqual(failure { try ValueSpecification(gain: "1", capacity: "x") }?.place, "--capacity")
  }

  func testCheckAgainstATable() throws {
    let columns: [String: ColumnKind] = ["amount": .float, "at": .dateTime, "churn": .boolean, "region": .category]
    func message(_ text: String, task: LearningTask = yesNo) -> String {
      let error = failure { try ValueFile.parse(text).check(columns: columns, task: task, target: "churn") }
      XCTAssertEqual(error?.kind, .configuration, text)
      return error?.description ?? ""
    }
    XCTAssertNoThrow(
      try ValueFile.parse(example + "\ntime: at").check(columns: columns, task: yesNo, target: "churn"))
    XCTAssertTrue(message(example).contains("needs a column with the time"))
    XCTAssertTrue(message(example + "\ntime: att").contains("did you mean \"at\"?"))
    XCTAssertTrue(message(example + "\ntime: amount").contains("holds no dates"))
    let call = "actions: {call: {gain: label}}\n"
    XCTAssertTrue(message("actions: {call: {gain: churn}}").contains("write label instead"))
    XCTAssertTrue(message("actions: {call: {gain: region}}").contains("gives a text"))
    XCTAssertTrue(message(call + "today: amount").contains("gives a number"))
    XCTAssertTrue(message(call + "today: label").contains("not known when this rule is applied"))
    XCTAssertTrue(message(call + "today: 'amount > 5 ? \"cal\" : \"call\"'").contains("did you mean \"call\"?"))
    XCTAssertTrue(message(call + "positive: maybe").contains("not among the classes"))
    XCTAssertTrue(
      message("actions: {call: {gain: 1}, mail: {gain: 2}}\ntoday: amount > 5").contains("which of 2 actions"))
  }

  func testCapacities() throws {
    let cases: [(String, Capacity)] = [
      ("100 per day", Capacity(100, .day)), ("100 a week", Capacity(100, .week)), ("8/hour", Capacity(8, .hour)),
      (" 1,500 per month ", Capacity(1500, .month)), ("5 %", Capacity(5, .percent)), ("2.5%", Capacity(2.5, .percent)),
      ("2000", Capacity(2000, .total)), ("2_000 in total", Capacity(2000, .total)),
      ("5 % of rows", Capacity(5, .percent)), ("3 PER DAY", Capacity(3, .day)),
    ]
    for (text, capacity) in cases { XCTAssertEqual(try Capacity(parsing: text), capacity, text) }
    for text in [
      "", "per day", "0 per day", "-5", "1.5 per day", "150 %", "100 per fortnight", "1,50", "nan", "1e400 %",
    ] {
      XCTAssertEqual(failure { try Capacity(parsing: text) }?.kind, .configuration, text)
    }
    XCTAssertEqual(Capacity(100, .day).description, "100 per day")
    XCTAssertEqual(Capacity(2.5, .percent).description, "2.5 % of the rows")
    XCTAssertEqual(Capacity(2000, .total).description, "2000 in total")
  }

  func testFuzz() {
    func run(_ text: String) {
      do {
        _ = try ValueFile.parse(text).check(columns: ["amount": .float], task: yesNo, target: "churn")
      } catch let error as AssayError {
        XCTAssertFalse(error.problem.isEmpty)
      } catch {
        XCTFail("\(text): \(error)")
      }
    }
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed)["value files"].stream()
      for _ in 0..<1500 {
        var bytes = Array(example.utf8)
        for _ in 0...stream.integer(below: 4) {
          let position = stream.integer(below: bytes.count)
          switch stream.integer(below: 4) {
          case 0: bytes.remove(at: position)
          case 1: bytes.insert(UInt8(truncatingIfNeeded: stream.next()), at: position)
          case 2: bytes.insert(contentsOf: Array("{[&*-:\n".utf8), at: position)
          default: bytes.removeLast(stream.integer(below: bytes.count - 4))
          }
        }
        run(String(decoding: bytes, as: UTF8.self))
      }
      for _ in 0..<500 {
        run(String(decoding: (0..<80).map { _ in UInt8(truncatingIfNeeded: stream.next()) }, as: UTF8.self))
      }
    }
    for piece in ["[", "{", "- ", "? ", "a: {", "&a [", "\0", "!!", "%"] {
      run(String(repeating: piece, count: 50_000))
    }
    // Names for values that stand for ten times themselves, ten levels deep.
    var bomb = "a0: &a0 [x]\n"
    for level in 1...10 {
      let copies = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      bomb += "a\(level): &a\(level) [\(copies)]\n"
    }
    run(bomb)
  }
}
