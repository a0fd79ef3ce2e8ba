import ArgumentParser
import Basics
import Experiments
import Foundation

/// The program.
@main
struct Assay: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assay",
    abstract: "From a customer's table to a decision they can act on.",
    discussion: """
      Examples:
        assay demo                                        a first look, on data the program simulates
        assay new fraud my-shop                           a business problem that comes ready, in a folder
        assay run my-shop                                 from its data to a report and a model
        assay train customers.csv --target churned        train, compare, explain, report
        assay train orders.parquet --target fraud --time ordered_at --value value.yaml --budget 5m
        assay predict assay-output/model new.csv --output scored.csv
      """,
    version: programVersion,
    subcommands: [
      ListSolutions.self, New.self, Check.self, RunProject.self, DataCommand.self, Train.self, Predict.self,
      Profile.self, Runs.self,
      Compare.self, Demo.self, Bench.self,
    ])

  /// Runs the command; exit status 0 on success only, 1 for what the data or files cause, 64 for a wrong command line.
  static func main() {
    // A closed pipe or a limit on file sizes becomes an error of the write, which says what could not be written.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as AssayError {
      standardError("error: \(error)")
      Foundation.exit(1)
    } catch let error as any Error & CustomStringConvertible where isSystemError(error) {
      standardError("error: \(error)")
      Foundation.exit(1)
    } catch {
      exit(withError: error)
    }
  }

  /// Whether an error comes from the system and not from the command line's parser.
  private static func isSystemError(_ error: any Error) -> Bool {
    let name = String(reflecting: type(of: error))
    return !name.hasPrefix("ArgumentParser.")
  }
}
