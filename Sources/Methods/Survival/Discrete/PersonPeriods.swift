import Basics
import Estimators
import Foundation

/// Intervals of time: the first from 0 to the first end, each next one to the next end, ends included.
public struct TimeIntervals: Sendable, Codable, Hashable {
  /// The rising ends of the intervals, above 0.
  public let ends: [Double]

  /// Intervals by their ends.
  ///
  /// - Throws: a `configuration` error for ends that do not rise from above 0.
  public init(ends: [Double]) throws {
    guard let first = ends.first, first > 0, zip(ends, ends.dropFirst()).allSatisfy({ $0 < $1 }),
      ends.allSatisfy(\.isFinite)
    else {
      throw AssayError(.configuration, "the ends of intervals must rise from above 0", remedy: "sort them")
    }
    self.ends = ends
  }

  /// Intervals with about equally many events each.
  ///
  /// - Parameter count: At most so many; fewer where events share times.
  /// - Throws: a `data` error without events after time 0.
  public init(_ outcomes: SurvivalOutcomes, count: Int) throws {
    let times = (0..<outcomes.count).filter { outcomes.events[$0] && outcomes.times[$0] > 0 && outcomes.weight($0) > 0 }
      .map { outcomes.times[$0] }.sorted()
    guard !times.isEmpty else {
      throw AssayError(.data, "no unit has had the event after time 0", remedy: "add units that have had it")
    }
    ends = spreadTimes(times, count: count)
  }

  /// The number of intervals.
  public var count: Int { ends.count }

  /// The interval that holds a time; `count` for times after the last.
  public func interval(of time: Double) -> Int { firstIndex(in: ends, atLeast: time) }

  /// Where an interval begins.
  func start(_ interval: Int) -> Double { interval == 0 ? 0 : ends[interval - 1] }

  /// The middle of an interval.
  func middle(_ interval: Int) -> Double { 0.5 * (start(interval) + ends[interval]) }

  /// The intervals in which a row was at risk, and whether the last of them has the event.
  ///
  /// An interval that was watched in part counts if it was watched for half of it, or has the event.
  func watched(_ outcomes: SurvivalOutcomes, row: Int) -> (intervals: Range<Int>, hasEvent: Bool) {
    let (time, entry) = (outcomes.times[row], outcomes.entry(row))
    let last = interval(of: time)
    let hasEvent = outcomes.events[row] && last < count
    var first = min(firstIndex(in: ends, above: entry), count)
    if first < count, entry > middle(first), !(hasEvent && first == last) { first += 1 }
    var end = min(last, count)
    if hasEvent || (last < count && time >= middle(last)) { end += 1 }
    return (min(first, end)..<end, hasEvent && first < end)
  }
}

/// A table with a row per unit and interval in which it was at risk, and whether its event came in it: any classifier
/// that learns it learns hazards (Singer and Willett 1993).
///
/// The table itself is not built until `matrix` is asked for a part of it; only two numbers are kept per row.
public struct PersonPeriods: Sendable {
  /// How the interval is told to a classifier.
  public enum Encoding: String, Sendable, Codable, Hashable {
    /// As its number: one more numeric feature, for trees.
    case number
    /// As a category with a level per interval, for linear models: the hazard may take any shape.
    case level
  }

  /// The row of the data.
  public let rows: [Int32]
  /// The interval.
  public let intervals: [Int32]
  /// 1 where the event came in the interval.
  public let labels: [Double]
  /// What each counts: the weight of the row, and for periods drawn from many one over the share drawn; nil if all 1.
  public let weights: [Double]?

  /// The periods of outcomes.
  ///
  /// - Parameters:
  ///   - limit: The most periods. With more, all with events are kept and of the others a share is drawn, with weights
  ///     that make up for it.
  ///   - key: For the draw.
  public init(_ outcomes: SurvivalOutcomes, intervals grid: TimeIntervals, limit: Int = .max, key: RandomKey) {
    var (total, events) = (0, 0)
    for row in 0..<outcomes.count where outcomes.weight(row) > 0 {
      let watched = grid.watched(outcomes, row: row)
      total += watched.intervals.count
      events += watched.hasEvent ? 1 : 0
    }
    let share =
      total <= limit ? 1 : Double(max(limit - events, min(total - events, events + 1))) / Double(total - events)
    var (rows, intervals, labels, weights) = ([Int32](), [Int32](), [Double](), [Double]())
    var position: UInt64 = 0
    for row in 0..<outcomes.count where outcomes.weight(row) > 0 {
      let watched = grid.watched(outcomes, row: row)
      for interval in watched.intervals {
        let isEvent = watched.hasEvent && interval == watched.intervals.upperBound - 1
        position += 1
        if !isEvent, share < 1, key.uniform(at: position) >= share { continue }
        rows.append(Int32(row))
        intervals.append(Int32(interval))
        labels.append(isEvent ? 1 : 0)
        weights.append(outcomes.weight(row) * (isEvent || share >= 1 ? 1 : 1 / share))
      }
    }
    self.rows = rows
    self.intervals = intervals
    self.labels = labels
    self.weights = outcomes.weights == nil && share >= 1 ? nil : weights
  }

  /// The number of periods.
  public var count: Int { rows.count }

  /// The features of all periods with the interval as the last one, named "period".
  public func matrix(_ features: FeatureMatrix, intervals grid: TimeIntervals, encoding: Encoding) -> FeatureMatrix {
    Self.matrix(features, rows: rows.map { Int($0) }, intervals: intervals.map { Float($0) }, grid, encoding)
  }

  static func matrix(
    _ features: FeatureMatrix, rows: [Int], intervals: [Float], _ grid: TimeIntervals, _ encoding: Encoding
  ) -> FeatureMatrix {
    let selected = features.selecting(rows: rows)
    let kind: FeatureKind = encoding == .number ? .numeric : .categorical(levels: grid.count)
    return FeatureMatrix(
      features: selected.features + [Feature("period", kind: kind)], columns: selected.columns + [.dense(intervals)],
      rowCount: rows.count)
  }
}
