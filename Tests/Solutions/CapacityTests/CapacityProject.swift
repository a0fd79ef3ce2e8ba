import Basics
import Capacity
import Foundation
import Projects
import Tables
import XCTest

/// A project of the solution in a folder of its own, from rows of text.
struct CapacityProject {
  let project: Project
  let data: ProjectData

  /// Writes data and settings, and opens them.
  ///
  /// - Parameters:
  ///   - rows: With the header.
  ///   - columns: The lines under columns.
  ///   - settings: The lines under settings.
  ///   - value: The lines under value.
  init(
    _ folder: String, rows: [String], columns: [String] = ["time: time", "demand: demand"], settings: [String] = [],
    value: [String] = []
  ) throws {
    try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: folder + "/data.csv"))
    func part(_ name: String, _ lines: [String]) -> String {
      lines.isEmpty ? "" : "\(name):\n" + lines.map { "  \($0)\n" }.joined()
    }
    let text =
      "solution: capacity\ndata: data.csv\n" + part("columns", columns) + part("settings", settings)
      + part("value", value)
    let solution = CapacityPlanning()
    project = try Project.parse(text, folder: folder, name: "solution.yaml", among: [solution]).project
    data = try ProjectData(project, solution.card, threads: 1)
  }

  /// What the check finds, as sentences.
  func findings() throws -> [ProjectFinding] { try CapacityPlanning().check(project, data) }

  /// A whole run.
  func run(
    resumes: Bool = false, budget: Double = 60, seed: UInt64 = 7, interruption: Interruption = Interruption(),
    progress: @escaping @Sendable (Double?, String) -> Void = { _, _ in }
  ) throws -> ProjectOutcome {
    try CapacityPlanning().run(
      project, data,
      ProjectContext(
        budget: budget, threads: 2, seed: seed, resumes: resumes, interruption: interruption, progress: progress))
  }

  /// The forecasts after a run.
  func predict() throws -> Table { try CapacityPlanning().predict(project, data, ProjectContext(threads: 2)) }

  /// The date so many days after 1 January 2024, with an hour.
  static func moment(day: Int, hour: Int = 0, minute: Int = 0) -> String {
    let date = CalendarDate(daysSince1970: 19_723 + day)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(date.year)-\(two(date.month))-\(two(date.day)) \(two(hour)):\(two(minute)):00"
  }
}

extension ProjectOutcome {
  /// A measure of the results; not-a-number where there is none.
  func value(_ name: String) -> Double { results.measure(name)?.value.value ?? .nan }
}

/// Checks that some finding of a level says all of some parts.
func assertFinding(
  _ level: ProjectFinding.Level, saying parts: [String], in findings: [ProjectFinding], file: StaticString = #filePath,
  line: UInt = #line
) {
  let found = findings.contains { finding in
    finding.level == level && parts.allSatisfy { (finding.words + "; " + finding.remedy).contains($0) }
  }
  if !found {
    XCTFail("none says \(parts): \(findings.map { "\($0.level): \($0.words); \($0.remedy)" })", file: file, line: line)
  }
}
