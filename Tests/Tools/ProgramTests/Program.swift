import Foundation
import XCTest

/// The built program, run as a process.
struct Program {
  /// What a run printed and how it ended.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// A folder for one test, removed by `remove`.
  let folder: URL

  init(_ test: String) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(test)-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// The program that the test build made.
  static var executable: URL { product("assay") }

  /// A program that the test build made, beside the test bundle.
  static func product(_ name: String) -> URL {
    // The bundle is a folder of its own on some systems, and the folder of all products on others.
    let bundle = Bundle(for: ProgramMarker.self).bundleURL
    let products = bundle.pathExtension == "xctest" ? bundle.deletingLastPathComponent() : bundle
    return products.appendingPathComponent(name)
  }

  /// A path inside the folder.
  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Writes a file into the folder.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    return path(name)
  }

  /// The process, not yet started, with its working folder and a ledger of its own.
  func process(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    environment["ASSAY_HOME"] = path("home")
    process.environment = environment
    return process
  }

  /// Runs the program to its end.
  func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  /// Runs the program to its end.
  func run(_ arguments: [String]) throws -> Outcome { try run(executable: Self.executable, arguments) }

  /// Runs any program to its end.
  func run(executable: URL, _ arguments: [String]) throws -> Outcome {
    let process = process(arguments)
    process.executableURL = executable
    let output = path("stdout-\(UUID().uuidString)")
    let errors = path("stderr-\(UUID().uuidString)")
    for file in [output, errors] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    defer {
      try? FileManager.default.removeItem(atPath: output)
      try? FileManager.default.removeItem(atPath: errors)
    }
    return Outcome(
      status: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }
}

/// Finds the test bundle.
private final class ProgramMarker {}

/// Simulated tables as CSV text.
enum SimulatedCSV {
  /// Rows of customers: a number, a category, a date, a target that depends on the first two.
  static func customers(rows: Int, seed: UInt64 = 1) -> String {
    var state = seed
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    var lines = ["age,plan,joined,fee,left"]
    for row in 0..<rows {
      let age = 18 + Int(random() * 60)
      let plan = ["basic", "plus", "family"][Int(random() * 3)]
      let fee = random() < 0.05 ? "" : String(format: "%.2f", 10 + random() * 40)
      let day = String(format: "2024-%02d-%02d", 1 + row * 12 / rows, 1 + Int(random() * 28))
      let leaves = random() < (plan == "basic" ? 0.6 : 0.1) + (age < 30 ? 0.25 : 0)
      lines.append("\(age),\(plan),\(day),\(fee),\(leaves ? "yes" : "no")")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
