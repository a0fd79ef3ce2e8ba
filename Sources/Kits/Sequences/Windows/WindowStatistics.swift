import Basics
import Estimators
import Foundation
import Kernels

/// A number that sums up the last steps of a channel.
public enum WindowStatistic: String, Sendable, Hashable, Codable, CaseIterable {
  /// The number of the row itself.
  case last
  /// The mean of the window.
  case mean
  /// The change per step of a straight line through the window, by least squares; 0 for one step.
  case slope
  /// Where that line ends: the present level with less noise than `last`.
  case level
  /// The standard deviation of the window, dividing by the number of steps.
  case deviation
  /// The smallest number.
  case minimum
  /// The largest number.
  case maximum
  /// The mean of the window minus the mean of the unit's first steps.
  case change
}

/// Features of each row that sum up its unit's last steps, for linear models and boosting.
///
/// The window of a row is the row and those before it in its unit, at most `length`; near the beginning of a unit it is
/// shorter. Nothing after the row is looked at. Features are named "sensor 4 mean", "sensor 4 mean over 15" and so on,
/// their source is the channel; "age" is the time since the unit's first row.
public struct WindowStatistics: Sendable, Hashable, Codable {
  /// The most steps of a window, at least 1; 30 unless set.
  public var length = 30
  /// What is computed of each window; everything unless set.
  public var statistics = WindowStatistic.allCases
  /// Spans n of exponential means s = s + 2 / (n + 1) (x - s) that run from the unit's first row, each at least 1; with
  /// their help boosting sees fast and slow changes. 5, 15 and 45 unless set.
  public var spans: [Double] = [5, 15, 45]
  /// The number of first steps that `change` compares with, at least 1; 10 unless set.
  public var firstSteps = 10
  /// Whether the time since the unit's first row is a feature; true unless set.
  public var includesAge = true

  /// The default configuration.
  public init() {}

  /// Windows of some length.
  public init(length: Int) { self.length = length }

  /// The features of every row.
  ///
  /// - Throws: a `configuration` error for a setting out of range.
  public func features(of units: UnitSequences, threads: Int = 1) throws -> FeatureMatrix {
    guard length >= 1, firstSteps >= 1, spans.allSatisfy({ $0 >= 1 }) else {
      throw AssayError(
        .configuration,
        "windows of \(length) steps, \(firstSteps) first steps and spans \(spans) must all be at least 1")
    }
    let parts = parallelMap(units.channels.count, threads: threads) { channel in
      summaries(of: units.values[channel], units)
    }
    var features: [Feature] = []
    for channel in units.channels {
      features += statistics.map { Feature("\(channel) \($0.rawValue)", source: channel) }
      features += spans.map { Feature("\(channel) mean over \(Self.text($0))", source: channel) }
    }
    var columns = parts.flatMap { $0 }
    if includesAge {
      features.append(Feature("age"))
      columns.append(age(units))
    }
    return FeatureMatrix(features: features, columns: columns.map { .dense($0) }, rowCount: units.rowCount)
  }

  private static func text(_ span: Double) -> String {
    span == span.rounded() && span < 1e15 ? String(Int(span)) : String(span)
  }

  private func age(_ units: UnitSequences) -> [Float] {
    var result = [Float](repeating: 0, count: units.rowCount)
    for unit in units.units {
      let start = units.times[unit.rows.lowerBound]
      for row in unit.rows { result[row] = Float(units.times[row] - start) }
    }
    return result
  }

  /// One column per statistic, then one per span.
  private func summaries(of values: [Float], _ units: UnitSequences) -> [[Float]] {
    var result = [[Float]](
      repeating: [Float](repeating: 0, count: values.count), count: statistics.count + spans.count)
    for unit in units.units {
      var means = spans.map { _ in Double.nan }
      var firstSum = 0.0
      for row in unit.rows {
        let position = row - unit.rows.lowerBound
        if position < firstSteps { firstSum += Double(values[row]) }
        let window = max(unit.rows.lowerBound, row - length + 1)...row
        let summary = WindowSummary(values, window)
        for (place, statistic) in statistics.enumerated() {
          result[place][row] = Float(
            statistic == .change
              ? summary.mean - firstSum / Double(min(position + 1, firstSteps)) : summary.value(statistic))
        }
        for (place, span) in spans.enumerated() {
          let value = Double(values[row])
          means[place] = position == 0 ? value : means[place] + 2 / (span + 1) * (value - means[place])
          result[statistics.count + place][row] = Float(means[place])
        }
      }
    }
    return result
  }
}

/// The sums of a window.
private struct WindowSummary {
  let count: Double
  let mean: Double
  let slope: Double
  let deviation: Double
  let last: Double
  var minimum = Double.infinity
  var maximum = -Double.infinity

  init(_ values: [Float], _ window: ClosedRange<Int>) {
    count = Double(window.count)
    last = Double(values[window.upperBound])
    var sum = 0.0
    for row in window {
      let value = Double(values[row])
      sum += value
      minimum = min(minimum, value)
      maximum = max(maximum, value)
    }
    mean = sum / count
    let middle = (count - 1) / 2
    var squares = 0.0
    var product = 0.0
    for (step, row) in window.enumerated() {
      let difference = Double(values[row]) - mean
      squares += difference * difference
      product += difference * (Double(step) - middle)
    }
    deviation = (squares / count).squareRoot()
    slope = count > 1 ? product / (count * (count * count - 1) / 12) : 0
  }

  func value(_ statistic: WindowStatistic) -> Double {
    switch statistic {
    case .last: last
    case .mean, .change: mean
    case .slope: slope
    case .level: mean + slope * (count - 1) / 2
    case .deviation: deviation
    case .minimum: minimum
    case .maximum: maximum
    }
  }
}
