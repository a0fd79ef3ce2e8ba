import Basics
import Foundation
import XCTest

/// What the smaller commands answer.
final class CommandTests: XCTestCase {
  func testAClosedPipeEndsTheProgramQuietly() throws {
    let program = try Program("pipe")
    defer { program.remove() }
    let process = program.process(["data", "list", "--json"])
    let pipe = Pipe()
    let errors = Pipe()
    process.standardOutput = pipe
    process.standardError = errors
    // Nobody will ever read.
    try pipe.fileHandleForReading.close()
    try process.run()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    XCTAssertEqual(process.terminationReason, .exit)
    XCTAssertEqual(process.terminationStatus, 141)
    XCTAssertEqual(String(decoding: said, as: UTF8.self), "")
  }

  func testListsOfRuns() throws {
    let program = try Program("runs")
    defer { program.remove() }
    XCTAssertTrue(try program.run("runs").errors.contains("there are no runs yet"))
    try program.write("d.csv", SimulatedCSV.customers(rows: 200))
    let run = try program.run(
      "train", "d.csv", "--target", "left", "--candidates", "1", "--budget", "5s", "--threads", "1")
    XCTAssertEqual(run.status, 0, run.errors)
    let none = try program.run("runs", "--target", "nope")
    XCTAssertEqual(none.status, 0)
    XCTAssertTrue(none.errors.contains("no run that predicts \"nope\"") && none.errors.contains("left"), none.errors)
    XCTAssertEqual(try program.run("runs", "--limit", "0").status, 64)
    XCTAssertTrue(try program.run("runs").output.contains("finished"))
  }

  func testAKilledRunIsListedAsEndedWithoutAWord() throws {
    let program = try Program("killed")
    defer { program.remove() }
    try program.write("d.csv", SimulatedCSV.customers(rows: 2_000))
    let process = program.process(["train", "d.csv", "--target", "left", "--budget", "10m", "--threads", "1"])
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    var said = ""
    // The run is in the ledger when its rows are looked at.
    while !said.contains("profiling") {
      let more = errors.fileHandleForReading.availableData
      if more.isEmpty { break }
      said += String(decoding: more, as: UTF8.self)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let list = try program.run("runs")
    XCTAssertTrue(list.output.contains("ended without a word"), list.output)
    XCTAssertFalse(list.output.contains("running"), list.output)
  }

  func testDatesThatCanBeReadEitherWayAreSaid() throws {
    let program = try Program("dates")
    defer { program.remove() }
    let rows = (0..<60).map { "0\(3 + $0 / 2 % 2)/03/2025,\($0 % 7),\($0 % 3 == 0 ? "yes" : "no")" }
    try program.write("d.csv", (["day,visits,bought"] + rows).joined(separator: "\n") + "\n")
    let profile = try program.run("profile", "d.csv")
    XCTAssertTrue(
      profile.errors.contains("warning: column \"day\"") && profile.errors.contains("--dates"), profile.errors)
    let told = try program.run("profile", "d.csv", "--dates", "day-first")
    XCTAssertEqual(told.errors, "")
    XCTAssertTrue(told.output.contains("2025-03-04"), told.output)
    let train = try program.run(
      "train", "d.csv", "--target", "bought", "--candidates", "1", "--budget", "5s", "--threads", "1")
    XCTAssertEqual(train.status, 0, train.errors)
    XCTAssertTrue(train.errors.contains("warning: Column \"day\""), train.errors)
  }

  func testDataSetsSayWhichCommandTakesThem() throws {
    let program = try Program("sets")
    defer { program.remove() }
    let list = try program.run("data", "list")
    for line in [
      "assay new fraud FOLDER --set fdh-card-fraud", "assay new maintenance FOLDER --set cmapss-fd001",
      "assay bench forecast --set etth1",
    ] {
      XCTAssertTrue(list.output.contains(line), "\(line) in\n\(list.output)")
    }
    let json = try JSONSerialization.jsonObject(with: Data(try program.run("data", "list", "--json").output.utf8))
    let uses = (json as? [[String: Any]] ?? []).compactMap { $0["use"] as? String }
    XCTAssertTrue(uses.contains("assay new capacity FOLDER --set bank-call-arrivals"), "\(uses)")
    let other = try program.run("new", "fraud", "p", "--set", "etth1")
    XCTAssertEqual(other.status, 1)
    XCTAssertTrue(other.errors.contains("assay bench forecast --set etth1"), other.errors)
  }
}
