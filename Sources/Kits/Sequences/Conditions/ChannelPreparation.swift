import Basics
import Estimators
import Foundation
import Kernels

/// How channels are made comparable: standardised within operating conditions, filled up, smoothed.
///
/// Everything is learned from the units given to `fit`, which must be training units alone. In this order: conditions
/// are found from the settings; each channel becomes (value - mean) / deviation of its condition, and channels that do
/// not vary within any condition are left out; missing numbers take the unit's last known one, at the beginning 0, the
/// mean; then exponential smoothing runs along each unit.
public struct ChannelPreparation: Sendable, Hashable, Codable {
  /// The channels with settings; none unless set.
  public var settings: [String] = []
  /// How many operating conditions there are; up to 8 unless set.
  public var conditions = ConditionCount.best(upTo: 8)
  /// The channels to prepare; nil for all but the settings.
  public var channels: [String]?
  /// The weight a of a new number in s = a x + (1 - a) s, above 0 and at most 1; nil for no smoothing.
  public var smoothing: Double?

  /// The default configuration: no settings, all channels, no smoothing.
  public init() {}

  /// Learns conditions, means and deviations.
  ///
  /// - Throws: what `OperatingConditions` throws; a `configuration` error for smoothing out of range; a `data` error if
  ///   no channel varies.
  public func fit(_ units: UnitSequences, context: FitContext) throws -> PreparedChannels {
    if let smoothing, !(smoothing > 0 && smoothing <= 1) {
      throw AssayError(.configuration, "the smoothing is \(smoothing), it must be above 0 and at most 1")
    }
    let found = try OperatingConditions(units, settings: settings, count: conditions, context: context)
    let condition = try found.assign(units, threads: context.threads)
    let names = channels ?? units.channels.filter { !settings.contains($0) }
    let columns = try names.map { try units.channel($0) }
    let scales = parallelMap(columns.count, threads: context.threads) { channel in
      ConditionScale(columns[channel], condition: condition, count: found.count)
    }
    let kept = names.indices.filter { scales[$0].varies }
    guard !kept.isEmpty else {
      throw AssayError(
        .data, "none of the \(names.count) channels varies within an operating condition",
        remedy: "give channels that were measured, or fewer conditions")
    }
    return PreparedChannels(
      conditions: found, channels: kept.map { names[$0] }, scales: kept.map { scales[$0] }, smoothing: smoothing,
      dropped: names.indices.filter { !scales[$0].varies }.map { names[$0] })
  }
}

/// Means and deviations of a channel by operating condition.
struct ConditionScale: Sendable, Hashable, Codable {
  let means: [Double]
  let deviations: [Double]
  /// Whether it varies within some condition.
  let varies: Bool

  /// A deviation below this share of the mean is rounding.
  private static let rounding = 1e-6

  init(_ values: [Float], condition: [Int], count: Int) {
    var rows = [Double](repeating: 0, count: count + 1)
    var sums = rows
    // The last place holds all rows: what a condition with too few rows takes.
    for (value, at) in zip(values, condition) where !value.isNaN {
      for place in [at, count] {
        rows[place] += 1
        sums[place] += Double(value)
      }
    }
    let centres = zip(sums, rows).map { $1 > 0 ? $0 / $1 : 0 }
    var squares = [Double](repeating: 0, count: count + 1)
    for (value, at) in zip(values, condition) where !value.isNaN {
      for place in [at, count] { squares[place] += (Double(value) - centres[place]) * (Double(value) - centres[place]) }
    }
    var (means, deviations): ([Double], [Double]) = ([], [])
    var varies = false
    for place in 0..<count {
      let isKnown = rows[place] >= 2
      means.append(isKnown ? centres[place] : centres[count])
      let deviation = isKnown ? (squares[place] / rows[place]).squareRoot() : 0
      let isVarying = deviation > Self.rounding * max(abs(centres[place]), .leastNormalMagnitude)
      varies = varies || isVarying
      deviations.append(isVarying ? deviation : 0)
    }
    self.means = means
    self.deviations = deviations
    self.varies = varies
  }
}

/// What `ChannelPreparation` learned.
public struct PreparedChannels: Sendable, Codable {
  /// The operating conditions.
  public let conditions: OperatingConditions
  /// The channels that come out.
  public let channels: [String]
  /// The channels that were left out because they do not vary.
  public let dropped: [String]
  let scales: [ConditionScale]
  let smoothing: Double?

  init(
    conditions: OperatingConditions, channels: [String], scales: [ConditionScale], smoothing: Double?,
    dropped: [String]
  ) {
    self.conditions = conditions
    self.channels = channels
    self.scales = scales
    self.smoothing = smoothing
    self.dropped = dropped
  }

  /// The prepared channels of units; no number is missing.
  ///
  /// - Throws: a `schema` error for a channel that is not there, a `data` error for a missing setting.
  public func transform(_ units: UnitSequences, threads: Int = 1) throws -> UnitSequences {
    let condition = try conditions.assign(units, threads: threads)
    let columns = try channels.map { try units.channel($0) }
    let prepared = parallelMap(columns.count, threads: threads) { channel in
      var values = columns[channel]
      let scale = scales[channel]
      for unit in units.units {
        var last: Float = 0
        var smooth: Double?
        for row in unit.rows {
          let at = condition[row]
          if !values[row].isNaN {
            let deviation = scale.deviations[at]
            last = deviation > 0 ? Float((Double(values[row]) - scale.means[at]) / deviation) : 0
          }
          if let smoothing {
            let next = smooth.map { $0 + smoothing * (Double(last) - $0) } ?? Double(last)
            smooth = next
            values[row] = Float(next)
          } else {
            values[row] = last
          }
        }
      }
      return values
    }
    return units.with(channels: channels, values: prepared)
  }
}
