import Experiments
import Foundation

/// Runs as lines of a table for the terminal.
public enum RunListText {
  /// A header and one line per run, with a line break at the end.
  ///
  /// - Parameters:
  ///   - width: the columns of the terminal, at least 40: what no longer fits is left out from the right.
  ///   - usesColors: whether escape sequences are written.
  public static func text(_ runs: [RunListing], width: Int = 100, usesColors: Bool = false) -> String {
    let terminal = TerminalText(width: max(40, width), usesColors: usesColors)
    let rows = runs.map { run in
      let measure = Measure(run.metric)
      let score = run.score.map { measure.format.text($0, digits: 4) }
      return [
        TerminalText.safe(run.identifier), TerminalText.safe(run.target), TerminalText.safe(measure.title),
        score ?? run.state.rawValue, TerminalText.safe(run.model), String(run.started.formatted(.iso8601).prefix(16)),
        run.seconds.map(Verdicts.duration) ?? "", run.state.rawValue, TerminalText.safe(run.data),
      ]
    }
    return terminal.table(
      [
        .init(title: "run"), .init(title: "target", limit: 20), .init(title: "measure"),
        .init(title: "score", isNumber: true), .init(title: "model", limit: 20), .init(title: "started (UTC)"),
        .init(title: "time", isNumber: true), .init(title: "state"), .init(title: "data", limit: 60),
      ], rows) + "\n"
  }
}
