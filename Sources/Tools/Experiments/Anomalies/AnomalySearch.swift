import Basics
import Estimators
import Evaluation
import Foundation
import Kernels
import Sequences
import Tables

/// Finds out without any label which detector to rank rows by, and fits it.
///
/// Without labels nobody can measure which detector is right. What can be measured is whether one says the same twice:
/// each is fitted on random halves of the rows, both fits rank later rows, and the share that their tops have in common
/// is its stability. A detector whose top hangs on which half it has seen ranks by chance. The mean of the standardised
/// scores of both kinds, which is usually as good as the better of them (Aggarwal and Sathe, "Theoretical foundations and
/// algorithms for outlier ensembles", 2015), is a candidate too, and taken unless a single one is clearly more stable.
public struct AnomalySearch: Sendable {
  /// What rows can be ranked by.
  public enum Method: String, Sendable, Codable, CaseIterable {
    /// An isolation forest.
    case isolationForest = "isolation forest"
    /// An autoencoder.
    case autoencoder = "autoencoder"
    /// The mean of the standardised scores of both.
    case both = "mean of both"
  }

  /// How a method fared.
  public struct Judged: Sendable, Hashable {
    /// The method.
    public let method: Method
    /// The share that the tops of two fits on halves of the rows have in common, 0 to 1.
    public let stability: Double
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// The method that was chosen, fitted on all rows.
    public let model: UnusualRows
    /// All methods.
    public let judged: [Judged]
  }

  /// The share of rows that are at the top, above 0 and below 1: as many as can be looked at.
  public var topShare = 0.01
  /// How often the rows are halved, at least 1.
  public var repeats = 2
  /// The source of randomness.
  public var key: RandomKey
  /// The threads; the result does not depend on their number.
  public var threads = 1
  /// The moment by which networks stop with what they have; the result then depends on the clock.
  public var deadline = Deadline.never
  /// Ends the search with a `cancelled` error.
  public var interruption = Interruption()

  /// A search with defaults.
  public init(key: RandomKey) { self.key = key }

  /// A single method must be this much more stable than the mean of both to be taken in its place.
  private static let clearLead = 0.15
  private static let networkSteps = 1_500
  private static let features = FeaturePlan.anomalies

  /// Learns what is usual in a table and chooses a method by how it ranks another.
  ///
  /// - Parameters:
  ///   - learned: The rows to learn from, with the columns that count.
  ///   - judged: Rows with the same columns, such as later ones, that are ranked to compare methods.
  /// - Throws: a `data` error where no column tells rows apart, `cancelled`.
  public func run(learned: Table, judged: Table) throws -> Outcome {
    require(topShare > 0 && topShare < 1 && repeats >= 1, "AnomalySearch", "a top of \(topShare), \(repeats) repeats")
    let (pipeline, rows) = try FeaturePipeline.fit(
      plan: Self.features, table: learned, task: .classification(classes: ["0", "1"]),
      labels: Array(repeating: 0, count: learned.rowCount), key: key["features"], threads: threads)
    let later = try pipeline.transform(judged, threads: threads)
    let halvings = 2 * repeats
    // All fits share the time; the last one, on all rows, has twice a half's.
    func due(_ fit: Int) -> Deadline {
      let left = deadline.secondsLeft
      return left.isFinite ? deadline.earlier(after: max(0.05, left / Double(halvings + 2 - fit))) : .never
    }
    var overlaps: [Method: Double] = [:]
    for round in 0..<repeats where learned.rowCount >= 4 {
      var stream = key["halves"][round].stream()
      let order = stream.permutation(of: learned.rowCount)
      let middle = order.count / 2
      let halves = [order[..<middle], order[middle...]].map { $0.sorted() }
      let scores = try halves.enumerated().map { half, chosen in
        let fits = try detectors(
          rows.selecting(rows: chosen), key: key["half"][round][half], deadline: due(2 * round + half))
        return Dictionary(uniqueKeysWithValues: Method.allCases.map { ($0, fits.scores(later, $0, threads: threads)) })
      }
      for method in Method.allCases {
        overlaps[method, default: 0] += overlap(scores[0][method] ?? [], scores[1][method] ?? []) / Double(repeats)
      }
    }
    let list = Method.allCases.map { Judged(method: $0, stability: overlaps[$0] ?? 0) }
    let mean = overlaps[.both] ?? 0
    let lead = list.filter { $0.method != .both && $0.stability > mean + Self.clearLead }
      .max { $0.stability < $1.stability }
    let fitted = try detectors(rows, key: key["final"], deadline: deadline)
    let method = lead?.method ?? .both
    return Outcome(
      model: UnusualRows(
        method: method, pipeline: pipeline, columns: learned.names, detectors: fitted,
        learned: fitted.scores(rows, method, threads: threads)),
      judged: list)
  }

  private func detectors(_ rows: FeatureMatrix, key: RandomKey, deadline: Deadline) throws -> UnusualRows.Detectors {
    let context = FitContext(key: key, threads: threads, deadline: deadline, interruption: interruption)
    var network = Autoencoder()
    network.members = 1
    network.epochs = min(max(Self.networkSteps * network.batchSize / max(1, rows.rowCount), 2), 60)
    guard let forest = try IsolationForest().fit(rows, context: context) as? IsolationForestModel,
      let autoencoder = try network.fit(rows, context: context) as? AutoencoderModel
    else { throw AssayError(.data, "no detector could be fitted") }
    return UnusualRows.Detectors(
      forest: forest, autoencoder: autoencoder, rows: rows, threads: threads)
  }

  /// The share that the rows with the highest scores have in common.
  private func overlap(_ first: [Double], _ second: [Double]) -> Double {
    let count = max(1, Int((Double(first.count) * topShare).rounded()))
    func top(_ scores: [Double]) -> Set<Int> {
      Set(scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }.prefix(count))
    }
    return Double(top(first).intersection(top(second)).count) / Double(count)
  }
}
