import Foundation
import XCTest

/// What bad input gets: exit status 1, a message that names the place and the way out, nothing half-written.
final class BadInputTests: XCTestCase {
  private struct Case {
    let name: String
    let file: String?
    var target = "y"
    var extra: [String] = []
    /// Words that the message must contain.
    let words: [String]
  }

  func testBadTrainingDataIsRefusedWithPlaceAndRemedy() throws {
    let program = try Program("bad")
    defer { program.remove() }
    let good = (0..<40).map { "\($0 * 7 % 23),\($0 % 2 == 0 ? "a" : "b")" }.joined(separator: "\n")
    let cases = [
      Case(name: "absent", file: nil, words: ["absent.csv"]),
      Case(name: "empty", file: "", words: ["empty.csv", "empty"]),
      Case(name: "header", file: "x,y\n", words: ["header.csv", "row"]),
      Case(name: "ragged", file: "x,y\n1,a\n2,b,c\n3,a\n", words: ["ragged.csv", "3"]),
      Case(name: "duplicate", file: "x,x,y\n1,2,a\n3,4,b\n", words: ["\"x\""]),
      Case(name: "target", file: "x,y\n" + good, target: "yy", words: ["\"yy\"", "\"y\""]),
      Case(name: "constant", file: "x,y\n1,a\n2,a\n3,a\n", words: ["\"y\"", "same value"]),
      Case(name: "missing", file: "x,y\n1,\n2,\n3,\n", words: ["\"y\"", "missing"]),
      Case(name: "once", file: "x,y\n1,a\n2,b\n3,c\n4,d\n", words: ["once"]),
      Case(name: "infinite", file: "x,y\n" + good + "\ninf,a\n", words: ["\"x\"", "infinite", "row 41"]),
      Case(name: "onerow", file: "x,y\n1,a\n", words: ["onerow"]),
      Case(
        name: "metric", file: "x,y\n" + good, extra: ["--metric", "nonsense"], words: ["nonsense", "log-loss"]),
      Case(name: "exclude", file: "x,y\n" + good, extra: ["--exclude", "zz"], words: ["\"zz\""]),
      Case(name: "value", file: "x,y\n" + good, extra: ["--gain", "5 * lable"], words: ["lable", "label"]),
    ]
    for bad in cases {
      if let file = bad.file { try program.write("\(bad.name).csv", file) }
      let outcome = try program.run(
        ["train", "\(bad.name).csv", "--target", bad.target, "--output", "out-\(bad.name)", "--candidates", "1"]
          + bad.extra)
      XCTAssertEqual(outcome.status, 1, "\(bad.name): \(outcome.errors)")
      XCTAssertEqual(outcome.output, "", bad.name)
      for word in bad.words {
        XCTAssertTrue(outcome.errors.contains(word), "\(bad.name): no \"\(word)\" in: \(outcome.errors)")
      }
      for file in ["model", "results.json", "report.html"] {
        XCTAssertFalse(FileManager.default.fileExists(atPath: program.path("out-\(bad.name)/\(file)")), bad.name)
      }
    }
  }

  func testBadFoldersAndBundles() throws {
    let program = try Program("bundle")
    defer { program.remove() }
    try program.write("train.csv", SimulatedCSV.customers(rows: 300))
    let trained = try program.run("train", "train.csv", "--target", "left", "--candidates", "2", "--output", "out")
    XCTAssertEqual(trained.status, 0, trained.errors)
    let model = try Data(contentsOf: program.folder.appendingPathComponent("out/model"))

    func refused(_ arguments: String..., words: String...) throws {
      let outcome = try program.run(arguments)
      XCTAssertEqual(outcome.status, 1, "\(arguments): \(outcome.errors)")
      for word in words {
        XCTAssertTrue(outcome.errors.contains(word), "\(arguments): no \"\(word)\" in: \(outcome.errors)")
      }
    }
    func damaged(_ name: String, _ change: (inout Data) -> Void) throws {
      var bytes = model
      change(&bytes)
      try bytes.write(to: program.folder.appendingPathComponent(name))
    }
    try refused("train", program.folder.path, "--target", "left", words: "directory")
    try refused("train", "train.csv", "--target", "left", "--output", "train.csv", words: "train.csv")
    try refused("predict", "train.csv", "train.csv", words: "not a model bundle")
    try refused("predict", "nothing", "train.csv", words: "nothing")
    try damaged("flipped") { $0[$0.count / 2] ^= 1 }
    try refused("predict", "flipped", "train.csv", words: "flipped", "checksum")
    try damaged("short") { $0 = $0.prefix($0.count - 10) }
    try refused("predict", "short", "train.csv", words: "short", "cut")
    try damaged("newer") { $0[8] = 99 }
    try refused("predict", "newer", "train.csv", words: "newer", "version 99")

    try program.write("lacking.csv", "age,joined,fee\n40,2024-01-01,12\n")
    try refused("predict", "out/model", "lacking.csv", words: "\"plan\"")
    try program.write("type.csv", "age,plan,joined,fee\n40,plus,2024-01-01,12\nold,plus,2024-01-01,12\n")
    try refused("predict", "out/model", "type.csv", words: "\"age\"", "old")
    try program.write(
      "extra.csv", "more,age,plan,joined,fee\nx,40,unheard,2024-01-01,12\ny,,plus,,\n")
    let fine = try program.run("predict", "out/model", "extra.csv")
    XCTAssertEqual(fine.status, 0, fine.errors)
    XCTAssertEqual(fine.output.split(separator: "\n").count, 3)
  }

  func testGuardStopsALeakUntilItIsAllowed() throws {
    let program = try Program("leak")
    defer { program.remove() }
    var lines = ["x,copy,y"]
    for i in 0..<400 { lines.append("\((i * 7919) % 101),\(i % 3 == 0 ? "P" : "Q"),\(i % 3 == 0 ? "yes" : "no")") }
    try program.write("train.csv", lines.joined(separator: "\n") + "\n")
    let stopped = try program.run("train", "train.csv", "--target", "y", "--candidates", "2")
    XCTAssertEqual(stopped.status, 1)
    XCTAssertTrue(stopped.errors.contains("leak:copy") && stopped.errors.contains("--allow"), stopped.errors)
    let allowed = try program.run(
      "train", "train.csv", "--target", "y", "--candidates", "2", "--allow", "leak:copy", "known at the door")
    XCTAssertEqual(allowed.status, 0, allowed.errors)
    let report = try String(contentsOfFile: program.path("assay-output/report.html"), encoding: .utf8)
    XCTAssertTrue(report.contains("known at the door"))
  }

  func testFullDiskLeavesNothingHalfWritten() throws {
    // A file system of one page of memory stands for a full disk; mounting it needs rights a test may lack.
    let program = try Program("disk")
    defer { program.remove() }
    let disk = program.path("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    let mount = Process()
    mount.executableURL = URL(fileURLWithPath: "/bin/mount")
    mount.arguments = ["-t", "tmpfs", "-o", "size=16k", "tmpfs", disk]
    mount.standardError = FileHandle.nullDevice
    try mount.run()
    mount.waitUntilExit()
    guard mount.terminationStatus == 0 else { throw XCTSkip("a small file system cannot be mounted here") }
    defer {
      let unmount = Process()
      unmount.executableURL = URL(fileURLWithPath: "/bin/umount")
      unmount.arguments = [disk]
      try? unmount.run()
      unmount.waitUntilExit()
    }
    try program.write("train.csv", SimulatedCSV.customers(rows: 400))
    let outcome = try program.run(
      "train", "train.csv", "--target", "left", "--candidates", "3", "--output", disk + "/out")
    XCTAssertEqual(outcome.status, 1, outcome.errors)
    XCTAssertTrue(outcome.errors.contains("disk") || outcome.errors.contains("space"), outcome.errors)
    XCTAssertFalse(FileManager.default.fileExists(atPath: disk + "/out/model"))
  }

  func testHelpListsEveryCommandWithAnExample() throws {
    let program = try Program("help")
    defer { program.remove() }
    let help = try program.run("--help")
    XCTAssertEqual(help.status, 0)
    for command in ["train", "predict", "profile", "runs", "compare", "demo", "bench"] {
      XCTAssertTrue(help.output.contains(command), command)
      let page = try program.run(command, "--help")
      XCTAssertEqual(page.status, 0, command)
      XCTAssertTrue(page.output.contains("assay \(command)"), command)
    }
    let wrong = try program.run("train")
    XCTAssertNotEqual(wrong.status, 0)
  }
}
