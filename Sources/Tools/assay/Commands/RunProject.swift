import ArgumentParser
import Basics
import Experiments
import Foundation
import Projects
import Reports
import Solutions

/// `assay run`
struct RunProject: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a project: from the data to a report that a manager can act on.",
    discussion: """
      Examples:
        assay run my-shop
        assay run my-shop --budget 10m --threads 2 --resume

      Writes DIR/report.html (for the customer), DIR/model (for assay predict) and DIR/results.json; DIR/reading.json
      where new rows must be read in a way that they may not show themselves.
      """)

  @Argument(help: "A project's folder.")
  var folder: String

  @Option(help: "The time to spend: 60s, 10m, 1h.")
  var budget = TimeSpan(seconds: 300)

  @Option(help: "Stop after that many candidates, whatever the time; makes a run repeatable on any machine.")
  var candidates: Int?

  @Option(help: "The seed of all randomness.")
  var seed: UInt64 = 7

  @Option(help: "The threads to use; all processors if not given.")
  var threads: Int?

  @Flag(help: "Go on with a run of the same project that was stopped or killed.")
  var resume = false

  @Flag(help: "Print results.json on standard output, and nothing else there.")
  var json = false

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("threads must be 1 or more") }
    if let candidates, candidates < 1 { throw ValidationError("candidates must be 1 or more") }
  }

  func run() throws {
    let (project, solution) = try Project.open(folder, among: SolutionList.all)
    let signal = InterruptSignal()
    let bar = SharedProgress()
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    bar.show(nil, "reading \(project.source)")
    let data = try ProjectData(project, solution.card, threads: threads)
    let findings = try ProjectCheck.findings(project, solution, data)
    // The run's own guard would stop it too, later, and in words that are not the customer's.
    let leaks = try ColumnCheck.guard(project, solution.card, data, threads: threads)
    if let first = (findings + leaks).first(where: { $0.level == .stop }) {
      throw AssayError(.data, first.words, at: project.source, remedy: first.remedy)
    }
    for finding in data.dateFindings { standardError("warning: \(finding.words); \(finding.remedy)") }
    let context = ProjectContext(
      budget: budget.seconds, candidateLimit: candidates, threads: threads, seed: seed, resumes: resume,
      interruption: signal.interruption, ledger: try Ledger(path: Ledger.defaultPath()), command: commandLine(),
      progress: { bar.show($0, $1) })
    let outcome = try solution.run(project, data, context).warning(of: findings)
    bar.finish()
    try ReadingNotes(data).write(project)
    let text = try CanonicalJSON.encode(outcome.results, pretty: true)
    try AtomicFile.write(text, to: project.path("results.json"))
    try ProjectReport.write(outcome.results, to: project.path("report.html"))
    if json {
      standardOutput(String(decoding: text, as: UTF8.self))
    } else {
      standardOutput(outcome.summary.joined(separator: "\n"))
      standardOutput("report:  \(folder)/report.html\nresults: \(folder)/results.json")
    }
  }
}
