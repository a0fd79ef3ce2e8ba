import Basics
import Estimators
import Sequences

/// From readings to features, learned from training machines alone.
struct LifePipeline: Sendable, Codable {
  /// How it is learned.
  struct Settings: Sendable, Hashable {
    var conditions: [String]
    var longestLife: Double
    var window: Int
  }

  private let channels: PreparedChannels
  private let health: HealthIndexModel
  private let statistics: WindowStatistics
  private let window: RawWindows

  /// The health of each channel's state enters as a channel of its own.
  init(_ units: UnitSequences, failed: [Bool], settings: Settings, context: FitContext) throws {
    var preparation = ChannelPreparation()
    preparation.settings = settings.conditions
    channels = try preparation.fit(units, context: context)
    let prepared = try channels.transform(units, threads: context.threads)
    health = try HealthIndex(.remainingLife(cap: settings.longestLife)).fit(prepared, failed: failed)
    var statistics = WindowStatistics(length: settings.window)
    statistics.spans = [5, 15, 30, 60]
    self.statistics = statistics
    window = RawWindows(length: settings.window)
  }

  /// The features of all rows: statistics of the past for trees and lines, the past itself for networks.
  func features(of units: UnitSequences, threads: Int) throws -> Features {
    let prepared = try channels.transform(units, threads: threads)
    let channels = try health.appended(to: prepared, as: "health of all sensors")
    return Features(
      statistics: try statistics.features(of: channels, threads: threads),
      windows: try window.features(of: channels, threads: threads))
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
