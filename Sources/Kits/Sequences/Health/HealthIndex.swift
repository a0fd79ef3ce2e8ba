import Basics
import Foundation

/// How a unit's state becomes one number per row: 1 is new, 0 has failed.
///
/// Channels are put together by one linear projection. What it gives is scaled to 0 ... 1 by training units and
/// smoothed along each unit; nothing after a row is looked at. Channels should be prepared (`ChannelPreparation`): of
/// like scale, without missing numbers.
public struct HealthIndex: Sendable, Hashable, Codable {
  /// How the projection is learned.
  public enum Method: Sendable, Hashable, Codable {
    /// By ridge regression to the remaining life up to a cap, as a share of the cap; units must have failed.
    case remainingLife(cap: Double)
    /// The direction in which rows vary most (the first principal component), turned so that it falls with time.
    case principal
  }

  /// How the projection is learned.
  public var method: Method
  /// The penalty of squared coefficients, per row, for standardised channels; at least 0, 0.001 unless set.
  public var ridge = 1e-3
  /// The weight a of a new number in s = a x + (1 - a) s, above 0 and at most 1; 0.2 unless set.
  public var smoothing = 0.2
  /// Whether wear is taken not to heal: health is then where the falling curve ends that fits the numbers so far best,
  /// by least squares, so that a chance rise of the numbers corrects it a little at most; true unless set.
  public var isMonotone = true
  /// The rows over which a trend is measured, at least 2; 30 unless set.
  public var trendLength = 30

  /// A configuration.
  public init(_ method: Method) { self.method = method }

  /// Learns the projection.
  ///
  /// - Parameters:
  ///   - units: Prepared training units.
  ///   - failed: For each unit whether its last row is its failure; all unless given.
  /// - Throws: a `configuration` error for a setting out of range; a `data` error for missing numbers, channels that
  ///   do not vary, or no row whose life is known.
  public func fit(_ units: UnitSequences, failed: [Bool]? = nil) throws -> HealthIndexModel {
    guard ridge >= 0, ridge.isFinite else { throw refusal("the ridge penalty is \(ridge), it must be at least 0") }
    guard smoothing > 0, smoothing <= 1 else {
      throw refusal("the smoothing is \(smoothing), it must be above 0 and at most 1")
    }
    guard trendLength >= 2 else { throw refusal("a trend over \(trendLength) rows is none, it needs 2 or more") }
    try Self.check(units)
    let moments = ChannelMoments(units)
    let direction: [Double]
    switch method {
    case .remainingLife(let cap):
      let target = try LifeTarget(units, .remainingLife(cap: cap), failed: failed)
      direction = moments.regression(on: target.labels, rows: target.known, ridge: ridge)
    case .principal:
      direction = moments.principal(falling: units)
    }
    guard direction.contains(where: { $0 != 0 }), direction.allSatisfy(\.isFinite) else {
      throw AssayError(.data, "the channels do not vary, so they say nothing about health")
    }
    let raw = HealthIndexModel.project(units, direction, moments.means)
    let scale = Self.ends(units, raw, failed: failed)
    return HealthIndexModel(
      channels: units.channels, direction: direction, means: moments.means, new: scale.new, old: scale.old,
      smoothing: smoothing, isMonotone: isMonotone, trendLength: trendLength)
  }

  private func refusal(_ problem: String) -> AssayError { AssayError(.configuration, problem, at: "health index") }

  static func check(_ units: UnitSequences) throws {
    for (name, values) in zip(units.channels, units.values) where values.contains(where: { !$0.isFinite }) {
      throw AssayError(
        .data, "numbers are missing", at: "channel \"\(name)\"", remedy: "prepare the channels, which fills them up")
    }
  }

  /// What counts as new, the median of the units' first rows, and as failed, that of their last rows.
  private static func ends(_ units: UnitSequences, _ raw: [Double], failed: [Bool]?) -> (new: Double, old: Double) {
    func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    func mean(_ rows: some Collection<Int>) -> Double { rows.reduce(0) { $0 + raw[$1] } / Double(rows.count) }
    let span = 5
    let new = median(units.units.map { mean($0.rows.prefix(span)) })
    let ended = units.units.indices.filter { failed?[$0] ?? true }
    let last = ended.isEmpty ? Array(units.units.indices) : ended
    let old = median(last.map { mean(units.units[$0].rows.suffix(span)) })
    return new > old ? (new, old) : (raw.max() ?? 1, raw.min() ?? 0)
  }
}
