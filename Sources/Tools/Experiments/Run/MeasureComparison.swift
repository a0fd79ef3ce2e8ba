import Basics
import Evaluation

/// The measures of two runs side by side, where no row by row results are kept that a test could compare.
public struct MeasureComparison: Sendable, Codable, Hashable {
  /// A measure of both runs.
  public struct Line: Sendable, Codable, Hashable {
    /// The measure's name.
    public let name: String
    /// The first run's value.
    public let first: Estimate
    /// The second run's value.
    public let second: Estimate
  }

  /// The first run's name.
  public let first: String
  /// The second run's name.
  public let second: String
  /// The measures that both have, the one that the runs are judged by first, the others by name.
  public let measures: [Line]
  /// What the reader must know: that nothing was tested, and what else differs between the runs.
  public let notes: [String]

  /// Sets the measures of two runs side by side.
  ///
  /// - Returns: Nil where at least one of the runs keeps what a test needs, its test rows' scores or its folds' results.
  /// - Throws: `configuration` if there is no such run, one has no result, or they are of different problems.
  public static func between(_ first: String, _ second: String, ledger: Ledger) throws -> MeasureComparison? {
    let (one, two) = (try ledger.fetch(first), try ledger.fetch(second))
    guard [one, two].allSatisfy({ $0.foldsHash.isEmpty && $0.artifact(.testPredictions) == nil }) else { return nil }
    for record in [one, two] where record.metrics.isEmpty {
      throw AssayError(
        .configuration, "run \(record.identifier) has no result (\(record.state.rawValue))",
        remedy: "choose a finished run")
    }
    guard one.target == two.target else {
      throw AssayError(
        .configuration,
        "run \(one.identifier) is one of \(one.target), run \(two.identifier) one of \(two.target)",
        remedy: "compare runs of one problem")
    }
    let others = Dictionary(two.metrics.filter { $0.part == .test }.map { ($0.name, $0) }) { first, _ in first }
    let own = one.metrics.filter { $0.part == .test && $0.fold == nil }
    let ordered = own.filter { $0.name == one.metric } + own.filter { $0.name != one.metric }
    let lines = ordered.compactMap { metric in
      others[metric.name].map { Line(name: metric.name, first: metric.estimate, second: $0.estimate) }
    }
    var notes = [
      "No test of the difference is possible: these runs keep no results row by row. Values whose intervals overlap may "
        + "differ by chance; run both with several seeds to see how much."
    ]
    if one.dataHash != two.dataHash { notes.append("The runs used different data: measures differ for that alone.") }
    if one.seed != two.seed { notes.append("The runs had different seeds (\(one.seed) and \(two.seed)).") }
    if one.version != two.version {
      notes.append("The runs were made by different versions (\(one.version) and \(two.version)).")
    }
    return MeasureComparison(first: one.identifier, second: two.identifier, measures: lines, notes: notes)
  }
}

extension RunMetric {
  /// The number with its interval; ends that are no numbers where none was computed.
  var estimate: Estimate { Estimate(value, lower: lower ?? .nan, upper: upper ?? .nan) }
}
