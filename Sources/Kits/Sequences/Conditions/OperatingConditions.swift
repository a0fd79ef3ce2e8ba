import Basics
import Estimators
import Foundation

/// How many operating conditions there are.
public enum ConditionCount: Sendable, Hashable, Codable {
  /// One: settings do not matter.
  case one
  /// That many, at least 1.
  case fixed(Int)
  /// The number from 2 to a limit with the largest mean silhouette if that shows a strong structure, else one.
  case best(upTo: Int)
}

/// Operating conditions: clusters of rows with like settings, such as altitude and speed of an aircraft.
///
/// Found by k-means on standardised settings. The number of clusters is that of the largest mean silhouette; below
/// 0.71, which Kaufman and Rousseeuw ("Finding groups in data", 1990) call a strong structure, there is one condition:
/// settings that vary without groups are no conditions.
public struct OperatingConditions: Sendable, Codable {
  /// The names of the settings, without those that do not vary.
  public let settings: [String]
  private let clusters: KMeansModel?

  /// The silhouette from which groups are believed.
  private static let strongStructure = 0.71
  /// Rows that clusters are found on; of more a random sample is taken.
  private static let maximumRows = 6000

  /// Finds conditions.
  ///
  /// - Parameters:
  ///   - units: The units to learn from.
  ///   - settings: The channels with settings; none means one condition.
  ///   - count: How many conditions there are.
  /// - Throws: a `schema` error for an unknown channel, a `data` error for a missing setting, a `configuration` error
  ///   for a count out of range, `cancelled`.
  public init(_ units: UnitSequences, settings: [String], count: ConditionCount, context: FitContext) throws {
    switch count {
    case .one: break
    case .fixed(let number) where number < 1:
      throw AssayError(.configuration, "\(number) operating conditions are none", remedy: "choose 1 or more")
    case .best(let limit) where !(2...64).contains(limit):
      throw AssayError(.configuration, "the most operating conditions are \(limit), they must be in 2 ... 64")
    default: break
    }
    let varying = try settings.filter { name in
      let values = try units.channel(name)
      try Self.check(values, name, units)
      return values.contains { $0 != values[0] }
    }
    self.settings = varying
    if varying.isEmpty || count == .one || count == .fixed(1) {
      clusters = nil
      return
    }
    var rows = Array(0..<units.rowCount)
    if rows.count > Self.maximumRows {
      var stream = context.key["condition rows"].stream()
      rows = Array(stream.permutation(of: rows.count).prefix(Self.maximumRows)).sorted()
    }
    let points = try Self.points(units, varying).selecting(rows: rows)
    var method = KMeans()
    switch count {
    case .best(let limit): method.clusters = .best(of: 2...min(limit, max(2, rows.count - 1)))
    case .fixed(let number): method.clusters = .fixed(number)
    case .one: break
    }
    guard let found = try method.fit(points, context: context) as? KMeansModel else {
      stop("OperatingConditions", "k-means gave another model")
    }
    if case .best = count, !((found.silhouettes[found.clusterCount] ?? 0) >= Self.strongStructure) {
      clusters = nil
    } else {
      clusters = found
    }
  }

  /// The number of conditions.
  public var count: Int { clusters?.clusterCount ?? 1 }

  /// The condition of each row, in 0 ..< count.
  ///
  /// - Throws: a `schema` error for an unknown channel, a `data` error for a missing setting.
  public func assign(_ units: UnitSequences, threads: Int) throws -> [Int] {
    guard let clusters else { return Array(repeating: 0, count: units.rowCount) }
    for name in settings { try Self.check(units.channel(name), name, units) }
    return try clusters.assign(Self.points(units, settings), threads: threads)
  }

  private static func check(_ values: [Float], _ name: String, _ units: UnitSequences) throws {
    guard let row = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw AssayError(
      .data, "the setting of row \(units.sourceRows[row] + 1) is missing", at: "channel \"\(name)\"",
      remedy: "fill it in, or leave the row out")
  }

  private static func points(_ units: UnitSequences, _ settings: [String]) throws -> FeatureMatrix {
    FeatureMatrix(
      features: settings.map { Feature($0) }, columns: try settings.map { .dense(try units.channel($0)) },
      rowCount: units.rowCount)
  }
}
