import Basics
import Foundation
import Tables
import TimeSeries

/// The forecasts that a run leaves for later.
public struct KeptForecasts: Codable, Sendable {
  /// The version of this format.
  private var formatVersion = 1
  /// The moments of the steps forecast, in seconds since 1970.
  public private(set) var moments: [Double]
  /// The names of the nodes.
  public private(set) var names: [String]
  /// One per node.
  public private(set) var forecasts: [Forecast]
  /// Which methods that learn from all series the run used; nil in files of earlier versions.
  private(set) var extent: SharedLearning.Extent?
  /// The seconds that the run was given, which forecasts of later numbers keep to as well.
  private(set) var budget: Double?

  init(panel: DemandPanel, forecasts: [Forecast], extent: SharedLearning.Extent?, budget: Double?) {
    self.extent = extent
    self.budget = budget
    moments = (0..<(forecasts.first?.horizon ?? 0)).map { Double(panel.moment(panel.count + $0)) }
    names = panel.nodes.map(\.name)
    self.forecasts = forecasts
  }

  /// What a study has found.
  ///
  /// - Parameter budget: The seconds that it was given.
  public init(_ outcome: DemandStudy.Outcome, budget: Double) {
    self.init(
      panel: outcome.panel, forecasts: outcome.ahead.forecasts, extent: outcome.learning.extent, budget: budget)
  }

  /// Reads what a run has left; nil where none has.
  ///
  /// - Throws: a `bundle` error for a file that is damaged.
  public init?(contentsOf path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      self = try CBORDecoder().decode(KeptForecasts.self, from: FileAccess.read(path))
    } catch {
      throw AssayError(.bundle, "the forecasts that a run has left cannot be read", at: path, remedy: "run: assay run")
    }
  }

  /// Writes them.
  ///
  /// - Throws: a `file` error.
  public func save(to path: String) throws { try AtomicFile.write(CBOREncoder().encode(self), to: path) }

  /// One row per node and step: `series`, `time`, the demand, and the `lower` and `upper` ends of its interval.
  ///
  /// - Parameters:
  ///   - level: The probability that the interval promises.
  ///   - demand: The name of the column with the demand.
  public func table(level: Double, demand: String) throws -> Table {
    let horizon = moments.count
    func all(_ value: (Forecast) -> [Double]) -> [Double] { forecasts.flatMap(value) }
    return try Table([
      Column("series", .text(TextValues(names.flatMap { Array(repeating: $0, count: horizon) }))),
      Column("time", .dateTime(names.flatMap { _ in moments.map { Int64($0) * 1_000_000 } })),
      Column(demand, .float(all(\.point))),
      Column("lower", .float(all { $0.quantile((1 - level) / 2) ?? $0.point })),
      Column("upper", .float(all { $0.quantile((1 + level) / 2) ?? $0.point })),
    ])
  }
}
