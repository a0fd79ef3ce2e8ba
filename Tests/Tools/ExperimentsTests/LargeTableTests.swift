import Basics
import Evaluation
import Experiments
import Foundation
import Tables
import XCTest

/// The division of a large table: every row has one use, whatever the kind of split.
final class LargeTableTests: XCTestCase {
  private let rows = 20_000

  /// The row numbers in the sample and in the pieces that are learned from, judged by and measured on.
  private struct Uses {
    var learned: [Int] = []
    var judged: [Int] = []
    var test: [Int] = []
  }

  private func uses(_ request: TrainingRequest) throws -> (large: LargeTable, uses: Uses) {
    let large = try LargeTable(
      TableReader.survey(request.data, options: request.reading), request: request, memory: MemoryShares(request))
    let sample = try large.sample()
    func numbers(_ table: Table) throws -> [Int] { try table.column("row").numbers().map { Int($0) } }
    let drawn = try numbers(sample.training)
    let judged = Set(sample.judged)
    var uses = Uses()
    uses.judged = sample.judged.map { drawn[$0] }
    uses.learned = drawn.indices.filter { !judged.contains($0) }.map { drawn[$0] }
    uses.test = try numbers(sample.test)
    let rest = LearnedRows(large)
    let sampled = uses.learned.count
    try large.forEachPiece { piece, first in
      let all = try numbers(piece)
      uses.learned += all.indices.filter { rest.contains(first + $0) }.map { all[$0] }
    }
    XCTAssertEqual(uses.learned.count, rest.count)
    XCTAssertEqual(uses.learned.count - sampled, rest.unsampled)
    XCTAssertEqual(sample.trainingLabels.count, drawn.count)
    // The labels are those of the rows.
    let targets = try sample.training.column("y")
    for row in drawn.indices.prefix(200) where large.task != .regression {
      XCTAssertEqual(large.task.classes[Int(sample.trainingLabels[row])], targets.text(at: row))
    }
    return (large, uses)
  }

  func testEveryRowHasOneUseWhateverTheSplit() throws {
    try withLargeTableFolder { folder in
      let table = try purchases(rows: rows, seed: 5)
      let path = folder + "/t.csv"
      try TableWriter.write(table, to: path)
      let buyers = try table.column("buyer").numbers()
      let days = try table.column("day").numbers()
      for kind in ["random", "entity", "time", "column", "file"] {
        var request = purchasesRequest(path, memory: 3_000_000)
        switch kind {
        case "entity": request.entity = "buyer"
        case "time": request.time = "day"
        case "column": request.splitColumn = "mark"
        case "file": request.test = path
        default: break
        }
        let (large, uses) = try uses(request)
        let everywhere = uses.learned + uses.judged + uses.test
        XCTAssertEqual(Set(everywhere).count, everywhere.count, "\(kind): a row has two uses")
        XCTAssertTrue(everywhere.allSatisfy { $0 % 500 != 7 }, "\(kind): a row without label is used")
        XCTAssertGreaterThan(uses.learned.count, kind == "time" ? 12_000 : 13_000, kind)
        XCTAssertGreaterThan(uses.judged.count, 300, kind)
        XCTAssertEqual(uses.test.count > 500, kind != "file", kind)
        XCTAssertEqual(large.roles.count(.unused), rows / 500, kind)
        let owners = [uses.learned, uses.judged, uses.test].map { Set($0.map { buyers[$0] }) }
        switch kind {
        case "entity":
          for (first, second) in [(0, 1), (0, 2), (1, 2)] {
            XCTAssertTrue(owners[first].isDisjoint(with: owners[second]))
          }
        case "time":
          let times = [uses.learned, uses.judged, uses.test].map { $0.map { days[$0] } }
          XCTAssertLessThan(try XCTUnwrap(times[0].max()), try XCTUnwrap(times[1].min()))
          XCTAssertLessThan(try XCTUnwrap(times[1].max()), try XCTUnwrap(times[2].min()))
        case "column":
          XCTAssertTrue(uses.test.allSatisfy { $0 % 10 == 3 })
          XCTAssertTrue(uses.judged.allSatisfy { $0 % 10 == 6 })
          XCTAssertTrue(uses.learned.allSatisfy { ![3, 6].contains($0 % 10) })
        default: break
        }
      }
    }
  }

  func testWithLittleMemoryFewerRowsAreLearnedFrom() throws {
    try withLargeTableFolder { folder in
      let path = folder + "/t.csv"
      try TableWriter.write(purchases(rows: rows, seed: 6), to: path)
      let request = purchasesRequest(path, memory: 400_000)
      let (large, uses) = try uses(request)
      XCTAssertFalse(LearnedRows(large).areAll)
      // 36 bytes a row in five eighths of the limit, and drawn at random.
      XCTAssertEqual(Double(uses.learned.count), 250_000.0 / 36, accuracy: 400)
      XCTAssertEqual(Set(uses.learned).count, uses.learned.count)
    }
  }

  func testTheTaskIsThatOfTheTableInMemory() throws {
    try withLargeTableFolder { folder in
      let numbers: [(String, [String])] = [
        ("three classes", (0..<6000).map { "\($0 % 3)" }),
        ("two numbers", (0..<6000).map { $0 % 2 == 0 ? "0.5" : "1.5" }),
        ("many integers", (0..<6000).map { "\($0 % 700)" }), ("texts", (0..<6000).map { "k\($0 % 4)" }),
        ("truth", (0..<6000).map { $0 % 5 == 0 ? "true" : "false" }), ("distinct", (0..<6000).map { "\($0).5" }),
      ]
      for (name, values) in numbers {
        let path = folder + "/t.csv"
        let lines = values.indices.map { "\($0 * 37 % 1000),\(values[$0])" }
        try AtomicFile.write("x,y\n" + lines.joined(separator: "\n") + "\n", to: path)
        var request = TrainingRequest(data: path, target: "y")
        request.memory = 100_000
        let expected = try TargetColumn(of: TableReader.read(path), request: request, positive: nil).task
        let large = try LargeTable(TableReader.survey(path), request: request, memory: MemoryShares(request))
        XCTAssertEqual(large.task, expected, name)
      }
    }
  }

  func testWhatIsWrongIsSaidAsForATableInMemory() throws {
    try withLargeTableFolder { folder in
      let path = folder + "/t.csv"
      func message(_ text: String, _ change: (inout TrainingRequest) -> Void = { _ in }) throws -> AssayError {
        try AtomicFile.write(text, to: path)
        var request = TrainingRequest(data: path, target: "y")
        request.memory = 2_000
        change(&request)
        var found: AssayError?
        XCTAssertThrowsError(try TrainingRun(request: request, output: folder + "/out").execute()) {
          found = $0 as? AssayError
        }
        return try XCTUnwrap(found)
      }
      let rows = (0..<2000).map { "\($0),\($0 % 3 == 0 ? "yes" : "no")\n" }
      XCTAssertTrue(try message("x,y\n" + rows.joined()) { $0.target = "z" }.problem.contains("no column \"z\""))
      XCTAssertTrue(try message("x,y\n" + rows.joined()) { $0.time = "w" }.problem.contains("no column \"w\""))
      XCTAssertTrue(
        try message("x,y\n" + (0..<2000).map { "\($0),no\n" }.joined()).problem.contains("the same value"))
      let infinite = (0..<2000).map { "\($0 == 1500 ? "inf" : "\($0).5"),\($0 % 3 == 0 ? "yes" : "no")\n" }
      XCTAssertTrue(try message("x,y\n" + infinite.joined()).problem.contains("row 1501 of column \"x\" is infinite"))
    }
  }
}
