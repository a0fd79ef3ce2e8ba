import Foundation
import XCTest

/// The command line's contract: train writes three files, predict answers every row in order.
final class TrainPredictTests: XCTestCase {
  func testTrainWritesModelReportAndResultsAndPredictScoresEveryRow() throws {
    let program = try Program("train")
    defer { program.remove() }
    try program.write("train.csv", SimulatedCSV.customers(rows: 600))
    try program.write("new.csv", SimulatedCSV.customers(rows: 50, seed: 2))
    let trained = try program.run(
      "train", "train.csv", "--target", "left", "--budget", "60s", "--candidates", "3", "--threads", "2", "--json")
    XCTAssertEqual(trained.status, 0, trained.errors)
    let summary = try XCTUnwrap(
      JSONSerialization.jsonObject(with: Data(trained.output.utf8)) as? [String: Any], trained.output)
    XCTAssertEqual(summary["task"] as? String, "binary")
    XCTAssertEqual(summary["classes"] as? [String], ["no", "yes"])
    for file in ["model", "report.html", "results.json"] {
      XCTAssertTrue(FileManager.default.fileExists(atPath: program.path("assay-output/\(file)")), file)
    }
    XCTAssertFalse(FileManager.default.fileExists(atPath: program.path("assay-output/.candidates")))

    let scored = try program.run("predict", "assay-output/model", "new.csv", "--explain")
    XCTAssertEqual(scored.status, 0, scored.errors)
    let lines = scored.output.split(separator: "\n")
    XCTAssertEqual(lines.count, 51)
    XCTAssertTrue(lines[0].hasPrefix("prediction,probability:no,probability:yes"), String(lines[0]))
    for line in lines.dropFirst() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      let no = try XCTUnwrap(Double(fields[1]))
      let yes = try XCTUnwrap(Double(fields[2]))
      XCTAssertEqual(no + yes, 1, accuracy: 1e-9)
      XCTAssertEqual(String(fields[0]), yes > no ? "yes" : "no")
    }
    let runs = try program.run("runs")
    XCTAssertEqual(runs.status, 0, runs.errors)
    XCTAssertTrue(runs.output.contains("left"), runs.output)
  }

  func testRegressionPredictsIntervals() throws {
    let program = try Program("regression")
    defer { program.remove() }
    var lines = ["x,y"]
    for i in 0..<300 { lines.append("\(Double(i) / 10),\(Double(i % 37) * 0.01 + Double(i) / 5)") }
    try program.write("train.csv", lines.joined(separator: "\n") + "\n")
    let trained = try program.run(
      "train", "train.csv", "--target", "y", "--candidates", "3", "--threads", "2", "--output", "out", "--allow",
      "leak:x",
      "a line is what this test wants")
    XCTAssertEqual(trained.status, 0, trained.errors)
    let scored = try program.run("predict", "out/model", "train.csv", "--output", "scored.csv")
    XCTAssertEqual(scored.status, 0, scored.errors)
    let text = try String(contentsOfFile: program.path("scored.csv"), encoding: .utf8)
    let rows = text.split(separator: "\n")
    XCTAssertEqual(rows[0], "prediction,lower,upper")
    XCTAssertEqual(rows.count, 301)
    for row in rows.dropFirst() {
      let numbers = row.split(separator: ",").compactMap { Double($0) }
      XCTAssertEqual(numbers.count, 3)
      XCTAssertTrue(numbers[1] <= numbers[0] && numbers[0] <= numbers[2], String(row))
    }
  }

  func testSameSeedSameModelWhateverTheThreads() throws {
    let program = try Program("threads")
    defer { program.remove() }
    try program.write("train.csv", SimulatedCSV.customers(rows: 500))
    var scores: [String] = []
    for threads in ["1", "2", "3"] {
      let trained = try program.run(
        "train", "train.csv", "--target", "left", "--budget", "10m", "--candidates", "4", "--threads", threads,
        "--output",
        "out\(threads)")
      XCTAssertEqual(trained.status, 0, trained.errors)
      scores.append(try program.run("predict", "out\(threads)/model", "train.csv").output)
    }
    XCTAssertEqual(scores[0], scores[1])
    XCTAssertEqual(scores[0], scores[2])
  }

  func testValueFileGivesActionsAndDecision() throws {
    let program = try Program("value")
    defer { program.remove() }
    try program.write("train.csv", SimulatedCSV.customers(rows: 800))
    try program.write(
      "value.yaml",
      """
      currency: EUR
      positive: "yes"
      actions:
        call:
          gain: 6 * coalesce(fee, 25) * label
          cost: 30
      capacity: 20 %
      today: age < 30
      """)
    let trained = try program.run(
      "train", "train.csv", "--target", "left", "--value", "value.yaml", "--candidates", "3", "--json")
    XCTAssertEqual(trained.status, 0, trained.errors)
    let summary = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(trained.output.utf8)) as? [String: Any])
    let decision = try XCTUnwrap(summary["decision"] as? [String: Any])
    let policies = try XCTUnwrap(decision["policies"] as? [[String: Any]])
    let names = policies.compactMap { $0["name"] as? String }
    XCTAssertTrue(names.contains("model") && names.contains("do nothing") && names.contains("today's rule"), "\(names)")
    let scored = try program.run("predict", "assay-output/model", "train.csv")
    let lines = scored.output.split(separator: "\n")
    XCTAssertTrue(lines[0].hasSuffix(",action"), String(lines[0]))
    let called = lines.count { $0.hasSuffix(",call") }
    XCTAssertGreaterThan(called, 0)
    XCTAssertLessThanOrEqual(called, 160, "a fifth of 800 rows can be called")
  }

  func testComparisonTakesEachRunsOwnScores() throws {
    let program = try Program("compare")
    defer { program.remove() }
    try program.write("train.csv", SimulatedCSV.customers(rows: 400))
    func train(_ output: String, _ extra: String...) throws -> String {
      let trained = try program.run(
        ["train", "train.csv", "--target", "left", "--budget", "10m", "--output", output] + extra)
      XCTAssertEqual(trained.status, 0, trained.errors)
      let results = try Data(contentsOf: program.folder.appendingPathComponent(output + "/results.json"))
      let object = try XCTUnwrap(JSONSerialization.jsonObject(with: results) as? [String: Any])
      return try XCTUnwrap((object["run"] as? [String: Any])?["identifier"] as? String)
    }
    let first = try train("one", "--candidates", "1")
    // Other columns, yet the same rows.
    let second = try train("two", "--candidates", "3", "--exclude", "joined")
    let apart = try program.run("compare", first, second)
    XCTAssertEqual(apart.status, 0, apart.errors)
    XCTAssertTrue(apart.output.contains("the same 80 test rows"), apart.output)
    XCTAssertTrue(apart.output.hasPrefix("\(second) is better than \(first)"), apart.output)
    // The third run writes over the first one's scores.
    let third = try train("one", "--candidates", "3")
    let replaced = try program.run("compare", first, third)
    XCTAssertEqual(replaced.status, 0, replaced.errors)
    let words = replaced.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    XCTAssertTrue(words.contains("the test scores of run \(first) were replaced by a later run"), replaced.output)
    XCTAssertFalse(replaced.output.contains("No difference"), replaced.output)
  }

  func testKilledRunResumes() throws {
    let program = try Program("resume")
    defer { program.remove() }
    try program.write("train.csv", SimulatedCSV.customers(rows: 3_000))
    let arguments = [
      "train", "train.csv", "--target", "left", "--budget", "10m", "--candidates", "60", "--threads", "2",
    ]
    let process = program.process(arguments)
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    // Wait for the second finished candidate on disk, then kill without warning.
    let kept = program.path("assay-output/.candidates")
    var files: [String] = []
    while process.isRunning && files.count < 2 {
      files = ((try? FileManager.default.contentsOfDirectory(atPath: kept)) ?? []).filter { $0.hasSuffix(".cbor") }
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    XCTAssertGreaterThanOrEqual(files.count, 2)
    XCTAssertFalse(FileManager.default.fileExists(atPath: program.path("assay-output/results.json")))
    let stamps = files.map { modified(kept + "/" + $0) }
    XCTAssertFalse(stamps.contains(nil))
    let resumed = program.process(
      ["train", "train.csv", "--target", "left", "--budget", "10m", "--candidates", "3", "--threads", "2", "--resume"])
    let errors = Pipe()
    resumed.standardError = errors
    resumed.standardOutput = FileHandle.nullDevice
    try resumed.run()
    var after = stamps
    while resumed.isRunning {
      let now = files.map { modified(kept + "/" + $0) }
      // At the end of the run the folder goes away.
      if !now.contains(nil) { after = now }
    }
    resumed.waitUntilExit()
    XCTAssertEqual(resumed.terminationStatus, 0)
    XCTAssertEqual(stamps, after, "kept candidates were fitted again")
    XCTAssertTrue(FileManager.default.fileExists(atPath: program.path("assay-output/report.html")))
  }

  func testInterruptKeepsWhatIsDoneAndWritesTheReport() throws {
    let program = try Program("interrupt")
    defer { program.remove() }
    try program.write("train.csv", SimulatedCSV.customers(rows: 3_000))
    let process = program.process(["train", "train.csv", "--target", "left", "--budget", "10m", "--threads", "2"])
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let kept = program.path("assay-output/.candidates")
    while process.isRunning && ((try? FileManager.default.contentsOfDirectory(atPath: kept))?.count ?? 0) < 2 {}
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    XCTAssertEqual(process.terminationStatus, 0)
    let report = try String(contentsOfFile: program.path("assay-output/report.html"), encoding: .utf8)
    XCTAssertTrue(report.contains("interrupted"))
  }

  private func modified(_ path: String) -> Date? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
  }
}
