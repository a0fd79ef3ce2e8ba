import Basics
import Estimators
import Sequences

/// From readings to features, learned from training units alone.
struct LifePipeline: Sendable, Codable {
  private let channels: PreparedChannels
  private let health: HealthIndexModel
  private let statistics: WindowStatistics
  private let window: RawWindows

  /// The most steps that networks see: more rows than that are looked at from step to step, smoothed between them.
  private static let mostSteps = 20
  /// The weight of a row in means over the recent past: about ten rows count.
  private static let recent = 0.2
  /// The channel that puts all sensors together.
  static let healthName = "health of all sensors"

  /// The health of each channel's state enters as a channel of its own.
  init(_ units: UnitSequences, failed: [Bool], settings: LifeSettings, context: FitContext) throws {
    var preparation = ChannelPreparation()
    preparation.settings = settings.conditions
    channels = try preparation.fit(units, context: context)
    let prepared = try channels.transform(units, threads: context.threads)
    health = try HealthIndex(.remainingLife(cap: settings.longestLife)).fit(prepared, failed: failed)
    var statistics = WindowStatistics(length: settings.window)
    statistics.spans = [5, 15, 30, 60]
    self.statistics = statistics
    let spacing = (settings.window + Self.mostSteps - 1) / Self.mostSteps
    window = RawWindows(length: (settings.window + spacing - 1) / spacing, spacing: spacing)
  }

  /// The features of all rows: statistics of the past for trees and lines, the past itself for networks.
  func features(of units: UnitSequences, threads: Int) throws -> Features {
    let prepared = try channels.transform(units, threads: threads)
    let channels = try health.appended(to: prepared, as: Self.healthName)
    let statistics = try statistics.features(of: channels, threads: threads)
    // Between two steps of a window lie `spacing` rows; an exponential mean over four times as many sums them up.
    let smooth = window.spacing > 1 ? channels.smoothed(weight: 2 / Double(4 * window.spacing + 1)) : channels
    let places = statistics.features.indices.filter { statistics.features[$0].name == "age" }
    let age = FeatureMatrix(
      features: places.map { statistics.features[$0] }, columns: places.map { statistics.columns[$0] },
      rowCount: statistics.rowCount)
    return Features(
      statistics: statistics, windows: try window.features(of: smooth, threads: threads).joined(with: age))
  }

  /// For rows, the share of each sensor in what sets the health of all sensors apart from that of a usual unit; the
  /// shares of a row sum to 1. Sensors are looked at as means over their recent past.
  func healthShares(of units: UnitSequences, rows: [Int], threads: Int) throws -> [[String: Double]] {
    let prepared = try channels.transform(units, threads: threads)
    let parts = try health.parts(of: prepared.smoothed(weight: Self.recent))
    return rows.map { row in
      let sizes = parts.map { abs($0[row]) }
      let total = sizes.reduce(0, +)
      return Dictionary(uniqueKeysWithValues: zip(health.channels, sizes.map { total > 0 ? $0 / total : 0 }))
    }
  }

  struct Features {
    let statistics: FeatureMatrix
    let windows: FeatureMatrix
  }

  /// The channels that do not vary, which are left out.
  var dropped: [String] { channels.dropped }
  /// The kinds of operation that were found.
  var conditionCount: Int { channels.conditions.count }
}
