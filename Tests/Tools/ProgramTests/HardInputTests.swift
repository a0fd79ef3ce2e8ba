import Foundation
import XCTest

/// Input that is unusual but can be dealt with, and machines that run out of something.
final class HardInputTests: XCTestCase {
  private static let value = """
    currency: EUR
    positive: "yes"
    unit: customer
    actions:
      call:
        gain: 5 * fee * label
        cost: 20
    """

  func testRowsWithoutTheValuesColumnGetNoActionAndAWarning() throws {
    let program = try Program("undecided")
    defer { program.remove() }
    try program.write("train.csv", SimulatedCSV.customers(rows: 600))
    try program.write("value.yaml", Self.value)
    let trained = try program.run(
      "train", "train.csv", "--target", "left", "--value", "value.yaml", "--candidates", "2", "--output", "out")
    XCTAssertEqual(trained.status, 0, trained.errors)
    let results = try String(contentsOfFile: program.path("out/results.json"), encoding: .utf8)
    XCTAssertTrue(results.contains("could not be decided on, because column \\\"fee\\\" has no value in them"))
    let report = try String(contentsOfFile: program.path("out/report.html"), encoding: .utf8)
    XCTAssertTrue(report.contains("customers of the test got no action and are left out"))

    try program.write(
      "new.csv", "age,plan,joined,fee\n20,basic,2024-05-01,49\n20,basic,2024-05-01,\n70,plus,2024-05-01,10\n")
    let scored = try program.run("predict", "out/model", "new.csv")
    XCTAssertEqual(scored.status, 0, scored.errors)
    let lines = scored.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    XCTAssertEqual(lines[0], "prediction,probability:no,probability:yes,action")
    XCTAssertTrue(lines[1].hasSuffix(",call"), lines[1])
    XCTAssertTrue(lines[2].hasSuffix(","), lines[2])
    XCTAssertTrue(lines[3].hasSuffix(",do nothing"), lines[3])
    XCTAssertTrue(
      scored.errors.contains("warning: 1 row gets no action, because column \"fee\" has no value in them"),
      scored.errors)

    try program.write("train2.csv", SimulatedCSV.customers(rows: 600).replacing(/,[0-9]+\.[0-9]+,/, with: ",,"))
    let most = try program.run(
      "train", "train2.csv", "--target", "left", "--value", "value.yaml", "--candidates", "1", "--output", "none")
    XCTAssertEqual(most.status, 1)
    XCTAssertTrue(most.errors.contains("\"fee\""), most.errors)
  }

  func testTenThousandColumnsAreLearnedFrom() throws {
    let program = try Program("wide")
    defer { program.remove() }
    let columns = 10_000
    var lines = ["y," + (0..<columns).map { "c\($0)" }.joined(separator: ",")]
    var state: UInt64 = 1
    for row in 0..<60 {
      var cells = [row % 2 == 0 ? "a" : "b"]
      for column in 0..<columns {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        cells.append(String((state >> 33) % 50 + (column == 77 && row % 2 == 0 ? 40 : 0)))
      }
      lines.append(cells.joined(separator: ","))
    }
    try program.write("wide.csv", lines.joined(separator: "\n") + "\n")
    let trained = try program.run(
      "train", "wide.csv", "--target", "y", "--candidates", "2", "--budget", "4s", "--output", "out")
    XCTAssertEqual(trained.status, 0, trained.errors)
    let scored = try program.run("predict", "out/model", "wide.csv")
    XCTAssertEqual(scored.status, 0, scored.errors)
    XCTAssertEqual(scored.output.split(separator: "\n").count, 61)
  }

  func testDatesOfMixedFormatsAreReadAsTextAndNamed() throws {
    let program = try Program("dates")
    defer { program.remove() }
    var lines = ["seen,x,y"]
    for row in 0..<200 {
      let day = 1 + row % 28
      let date = row % 3 == 0 ? String(format: "%02d.03.2024", day) : String(format: "2024-03-%02d", day)
      lines.append("\(date),\(row * 31 % 17),\(row * 31 % 17 > 8 ? "p" : "q")")
    }
    try program.write("mixed.csv", lines.joined(separator: "\n") + "\n")
    let profile = try program.run("profile", "mixed.csv")
    XCTAssertEqual(profile.status, 0, profile.errors)
    let asTime = try program.run("train", "mixed.csv", "--target", "y", "--time", "seen", "--candidates", "1")
    XCTAssertEqual(asTime.status, 1)
    XCTAssertTrue(asTime.errors.contains("\"seen\""), asTime.errors)
    let trained = try program.run(
      "train", "mixed.csv", "--target", "y", "--candidates", "1", "--output", "out", "--allow", "leak:x", "a test")
    XCTAssertEqual(trained.status, 0, trained.errors)
  }

  func testAFileSystemThatTakesNoMoreLeavesNothingHalfWritten() throws {
    let program = try Program("limit")
    defer { program.remove() }
    try program.write("train.csv", SimulatedCSV.customers(rows: 400))
    func limited(_ blocks: Int, _ arguments: String) throws -> Program.Outcome {
      try program.run(
        executable: URL(fileURLWithPath: "/bin/sh"),
        ["-c", "ulimit -f \(blocks); exec \"\(Program.executable.path)\" \(arguments)"])
    }
    let trained = try program.run("train", "train.csv", "--target", "left", "--candidates", "2", "--output", "out")
    XCTAssertEqual(trained.status, 0, trained.errors)
    for output in ["scored.csv", "scored.parquet"] {
      let scored = try limited(1, "predict out/model train.csv --output \(output)")
      XCTAssertEqual(scored.status, 1, "\(output): \(scored.errors)")
      XCTAssertTrue(scored.errors.contains(output), scored.errors)
      XCTAssertFalse(FileManager.default.fileExists(atPath: program.path(output)), output)
    }
    let again = try limited(40, "train train.csv --target left --candidates 2 --output other")
    XCTAssertEqual(again.status, 1, again.errors)
    XCTAssertFalse(FileManager.default.fileExists(atPath: program.path("other/model")))
    let left = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
    XCTAssertFalse(left.contains { $0.contains("scored") }, "\(left)")
  }

  func testFilesThatAreCutShortOrCannotBeRead() throws {
    let program = try Program("cut")
    defer { program.remove() }
    try program.write("train.csv", SimulatedCSV.customers(rows: 300))
    let trained = try program.run("train", "train.csv", "--target", "left", "--candidates", "2", "--output", "out")
    XCTAssertEqual(trained.status, 0, trained.errors)
    let written = try program.run("predict", "out/model", "train.csv", "--output", "scored.parquet")
    XCTAssertEqual(written.status, 0, written.errors)
    let bytes = try Data(contentsOf: program.folder.appendingPathComponent("scored.parquet"))
    try bytes.prefix(bytes.count / 2).write(to: program.folder.appendingPathComponent("cut.parquet"))
    let cut = try program.run("profile", "cut.parquet")
    XCTAssertEqual(cut.status, 1)
    XCTAssertTrue(cut.errors.contains("cut.parquet"), cut.errors)

    try Data([0x61, 0x2C, 0x62, 0x0A, 0x31, 0x2C, 0x00, 0x00, 0xFF, 0xFE, 0x0A]).write(
      to: program.folder.appendingPathComponent("binary.csv"))
    let binary = try program.run("profile", "binary.csv")
    XCTAssertTrue(binary.status == 0 || binary.errors.contains("binary.csv"), binary.errors)
    try program.write("lines.csv", "note,y\n\"two\nlines, and a \"\"quote\"\"\",1\nplain,2\n")
    let lines = try program.run("profile", "lines.csv", "--json")
    XCTAssertEqual(lines.status, 0, lines.errors)
    XCTAssertTrue(lines.output.contains("\"rowCount\":2"), lines.output)
  }

  func testMistakesInValueFilesNameLineAndWord() throws {
    let program = try Program("value")
    defer { program.remove() }
    try program.write("train.csv", SimulatedCSV.customers(rows: 300))
    let cases: [(name: String, value: String, words: [String])] = [
      (
        "word", Self.value.replacing("fee *", with: "fees *"),
        ["value.yaml", "line 6", "\"fees\"", "did you mean fee?"]
      ),
      ("bracket", Self.value.replacing("5 * fee * label", with: "5 * (fee * label"), ["value.yaml", "line 6"]),
      ("class", Self.value.replacing("\"yes\"", with: "\"ja\""), ["\"ja\"", "yes"]),
      ("text", Self.value.replacing("5 * fee * label", with: "plan"), ["line 6", "number"]),
      ("yaml", "currency: EUR\n  actions: [", ["value.yaml", "line"]),
      ("none", "currency: EUR\n", ["value.yaml", "actions"]),
    ]
    for bad in cases {
      try program.write("value.yaml", bad.value)
      let outcome = try program.run(
        "train", "train.csv", "--target", "left", "--value", "value.yaml", "--candidates", "1", "--output", "out")
      XCTAssertEqual(outcome.status, 1, bad.name)
      for word in bad.words {
        XCTAssertTrue(outcome.errors.contains(word), "\(bad.name): no \"\(word)\" in: \(outcome.errors)")
      }
      XCTAssertFalse(FileManager.default.fileExists(atPath: program.path("out/model")), bad.name)
    }
  }
}
