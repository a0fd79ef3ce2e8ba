import Basics
import Estimators
import Foundation
import Kernels
import Tables

/// The last steps of each row as they are, for networks.
///
/// Features stand channel by channel, the oldest step first, and are named "sensor 4 @-29" ... "sensor 4 @0", the last
/// being the row itself; their source is the channel. Steps before the unit's first row are not-a-number: a network
/// takes steps at which all channels are missing, up to the first that is not, for padding.
public struct RawWindows: Sendable, Hashable, Codable {
  /// What stands before a unit's first row.
  public enum Padding: String, Sendable, Hashable, Codable {
    /// Nothing: not-a-number.
    case missing
    /// The first row again and again.
    case first
  }

  /// The number of steps, at least 1; 30 unless set.
  public var length = 30
  /// The rows from step to step, at least 1; 1 unless set.
  public var spacing = 1
  /// What stands before a unit's first row; nothing unless set.
  public var padding = Padding.missing

  /// The default configuration.
  public init() {}

  /// Windows of some length.
  public init(length: Int, spacing: Int = 1) {
    self.length = length
    self.spacing = spacing
  }

  /// The name of the feature that holds a channel some rows ago.
  public static func name(_ channel: String, rowsAgo: Int) -> String {
    rowsAgo == 0 ? "\(channel) @0" : "\(channel) @-\(rowsAgo)"
  }

  /// The windows of every row.
  ///
  /// - Throws: a `configuration` error for a setting out of range.
  public func features(of units: UnitSequences, threads: Int = 1) throws -> FeatureMatrix {
    guard length >= 1, spacing >= 1 else {
      throw AssayError(
        .configuration, "windows of \(length) steps with a spacing of \(spacing); both must be at least 1")
    }
    let lags = (0..<length).reversed().map { $0 * spacing }
    let features = units.channels.flatMap { channel in
      lags.map { Feature(Self.name(channel, rowsAgo: $0), source: channel) }
    }
    let columns = parallelMap(features.count, threads: threads) { feature -> FeatureValues in
      let values = units.values[feature / length]
      let lag = lags[feature % length]
      var column = [Float](repeating: .nan, count: units.rowCount)
      for unit in units.units {
        let first = unit.rows.lowerBound
        for row in unit.rows {
          if row - lag >= first {
            column[row] = values[row - lag]
          } else if padding == .first {
            column[row] = values[first]
          }
        }
      }
      return .dense(column)
    }
    return FeatureMatrix(features: features, columns: columns, rowCount: units.rowCount)
  }
}

extension FeatureMatrix {
  /// The features of this matrix followed by those of another with the same rows; names must differ.
  public func joined(with other: FeatureMatrix) -> FeatureMatrix {
    require(rowCount == other.rowCount, "joined", "\(rowCount) and \(other.rowCount) rows")
    return FeatureMatrix(
      features: features + other.features, columns: columns + other.columns, rowCount: rowCount)
  }
}

extension UnitSequences {
  /// Features of the rows as columns of the table that the sequences were read from; rows of the table that are not
  /// among the sequences are missing.
  ///
  /// - Parameters:
  ///   - features: One row per row of the sequences.
  ///   - rowCount: The number of rows of the table.
  public func tableColumns(_ features: FeatureMatrix, rowCount: Int) -> [Column] {
    require(
      features.rowCount == self.rowCount && sourceRows.allSatisfy { $0 < rowCount }, "tableColumns",
      "\(features.rowCount) rows for \(self.rowCount) of a table of \(rowCount)")
    return features.features.indices.map { position in
      let values = features.dense(position)
      var column = [Float](repeating: .nan, count: rowCount)
      for (row, source) in sourceRows.enumerated() { column[source] = values[row] }
      return Column(features.features[position].name, .single(column))
    }
  }
}
