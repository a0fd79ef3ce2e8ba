import Basics
import Estimators

/// Times until an event, some of which are only known to be longer than the unit was watched.
///
/// A row is one unit watched over one stretch: from its entry, 0 unless given, to its time, at which it had the event or
/// went out of sight ("censored": it had not had the event yet). A unit whose history is told in several rows, each
/// entered where the last one ended, is allowed.
public struct SurvivalOutcomes: Sendable, Codable, Hashable {
  /// The time of the event or of the end of watching, per row; any unit, at least 0.
  public let times: [Double]
  /// Whether the event happened at that time, per row.
  public let events: [Bool]
  /// From when each unit was watched, below its time (left truncation); nil means from 0.
  public let entries: [Double]?
  /// One weight of at least 0 per row; nil means all 1.
  public let weights: [Double]?
  /// The stratum of each row, 0, 1, ...: groups with hazards of their own shape; nil means one.
  public let strata: [Int]?

  /// Outcomes of units.
  ///
  /// - Parameters:
  ///   - times: The time of the event or of the end of watching.
  ///   - events: Whether the event happened then.
  ///   - entries: From when each unit was watched; from 0 unless given.
  ///   - weights: What each row counts; 1 unless given.
  ///   - strata: Groups with hazards of their own shape; one unless given.
  /// - Throws: a `data` error that names the row for lists of unlike lengths, no rows, times that are not numbers of at
  ///   least 0, entries that are not before their time, weights or strata below 0, or weights that are all 0.
  public init(
    times: [Double], events: [Bool], entries: [Double]? = nil, weights: [Double]? = nil, strata: [Int]? = nil
  ) throws {
    guard !times.isEmpty else {
      throw AssayError(.data, "there are no rows to learn from", remedy: "give at least one row")
    }
    for (name, count) in [
      ("events", events.count), ("entries", entries?.count), ("weights", weights?.count), ("strata", strata?.count),
    ] {
      guard let count, count != times.count else { continue }
      throw AssayError(.data, "there are \(times.count) times but \(count) \(name)", remedy: "give one per row")
    }
    for (row, time) in times.enumerated() {
      guard time.isFinite, time >= 0 else {
        throw AssayError(
          .data, "the time \(time) is not a number of at least 0", at: "row \(row + 1)",
          remedy: "give the time from a unit's start to its event or to the end of watching")
      }
      if let entry = entries?[row], !(entry >= 0 && entry < time) {
        throw AssayError(
          .data, "the unit was watched from \(entry) on, which is not before its time \(time)", at: "row \(row + 1)",
          remedy: "an entry is at least 0 and before the event or the end of watching")
      }
      if let weight = weights?[row], !(weight >= 0 && weight.isFinite) {
        throw AssayError(.data, "the weight \(weight) is not a number of at least 0", at: "row \(row + 1)")
      }
      if let stratum = strata?[row], stratum < 0 {
        throw AssayError(.data, "the stratum \(stratum) is below 0", at: "row \(row + 1)", remedy: "number them from 0")
      }
    }
    if let weights, !weights.contains(where: { $0 > 0 }) { throw AssayError(.data, "all weights are 0") }
    self.times = times
    self.events = events
    self.entries = entries
    self.weights = weights
    self.strata = strata
  }

  private init(trusted times: [Double], _ events: [Bool], _ entries: [Double]?, _ weights: [Double]?, _ strata: [Int]?)
  {
    self.times = times
    self.events = events
    self.entries = entries
    self.weights = weights
    self.strata = strata
  }

  /// The number of rows.
  public var count: Int { times.count }

  /// The number of rows with the event.
  public var eventCount: Int { events.reduce(0) { $0 + ($1 ? 1 : 0) } }

  /// The number of strata: the largest plus one.
  public var stratumCount: Int { (strata?.max() ?? 0) + 1 }

  /// The outcomes of these rows, in this order; rows may repeat. There must be at least one.
  public func selecting(rows: [Int]) -> SurvivalOutcomes {
    SurvivalOutcomes(
      trusted: rows.map { times[$0] }, rows.map { events[$0] }, entries.map { all in rows.map { all[$0] } },
      weights.map { all in rows.map { all[$0] } }, strata.map { all in rows.map { all[$0] } })
  }

  /// The same rows with other weights: one of at least 0 per row.
  public func weighted(by weights: [Double]) -> SurvivalOutcomes {
    precondition(weights.count == count, "SurvivalOutcomes: \(weights.count) weights for \(count) rows")
    return SurvivalOutcomes(trusted: times, events, entries, weights, strata)
  }

  /// What a row counts.
  func weight(_ row: Int) -> Double { weights?[row] ?? 1 }

  /// From when a row was watched.
  func entry(_ row: Int) -> Double { entries?[row] ?? 0 }

  /// Refuses outcomes without any event.
  ///
  /// - Throws: a `data` error.
  func requireEvents() throws {
    for row in 0..<count where events[row] && weight(row) > 0 { return }
    throw AssayError(
      .data, "no unit has had the event, so there is nothing to learn about when it comes",
      remedy: "watch the units for longer, or add units that have had it")
  }
}

/// Features with the outcomes to learn.
public struct SurvivalData: Sendable {
  /// The features; one row per row of the outcomes.
  public let features: FeatureMatrix
  /// When events came.
  public let outcomes: SurvivalOutcomes

  /// Features with outcomes.
  ///
  /// - Throws: a `data` error for numbers of rows that differ, or infinite features.
  public init(features: FeatureMatrix, outcomes: SurvivalOutcomes) throws {
    guard features.rowCount == outcomes.count else {
      throw AssayError(
        .data, "there are \(features.rowCount) rows of features but \(outcomes.count) outcomes",
        remedy: "give one outcome per row")
    }
    for (feature, column) in zip(features.features, features.columns) {
      let values: [Float]
      switch column {
      case .dense(let numbers): values = numbers
      case .sparse(_, let numbers): values = numbers
      }
      guard values.contains(where: \.isInfinite) else { continue }
      throw AssayError(
        .data, "an infinite value", at: "column \"\(feature.source)\"",
        remedy: "replace it by a number, or leave it empty")
    }
    self.features = features
    self.outcomes = outcomes
  }

  private init(trusted features: FeatureMatrix, _ outcomes: SurvivalOutcomes) {
    self.features = features
    self.outcomes = outcomes
  }

  /// The number of rows.
  public var rowCount: Int { outcomes.count }

  /// The data with only these rows, in this order.
  public func selecting(rows: [Int]) -> SurvivalData {
    SurvivalData(trusted: features.selecting(rows: rows), outcomes.selecting(rows: rows))
  }
}
