import Experiments
import Foundation

/// Runs as lines of a table.
enum RunList {
  /// A header and one line per run.
  static func text(_ runs: [RunListing]) -> String {
    let header = ["run", "state", "started", "seconds", "target", "metric", "score", "model", "data"]
    let rows = runs.map { run in
      [
        run.identifier, run.state.rawValue, run.started.formatted(.iso8601),
        run.seconds.map { String(format: "%.1f", $0) } ?? "", run.target, run.metric,
        run.score.map { String(format: "%.5g", $0) } ?? "", run.model, run.data,
      ]
    }
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    return ([header] + rows).map { row in
      row.indices.map { row[$0] + String(repeating: " ", count: widths[$0] - row[$0].count) }
        .joined(separator: "  ").trimmingCharacters(in: .whitespaces)
    }.joined(separator: "\n")
  }
}
