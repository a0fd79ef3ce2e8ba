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
/// The window of a row is the row and those before it in its unit, at most some length; near the beginning of a unit it
/// is shorter. Nothing after the row is looked at. Windows of several lengths show fast and slow changes; one longer
/// than the units' lives sums up all that happened to a unit so far. Features are named "sensor 4 last", "sensor 4 mean
/// of 30", "sensor 4 mean over 15" and so on, their source is the channel; "age" is the time since the unit's first row.
public struct WindowStatistics: Sendable, Hashable, Codable {
  /// The most steps of each window, 1 or more lengths of at least 1, rising; one of 30 unless set.
  public var lengths = [30]
  /// What is computed of each window; everything unless set.
  public var statistics = WindowStatistic.allCases
  /// Spans n of exponential means s = s + 2 / (n + 1) (x - s) that run from the unit's first row, each at least 1; 5, 15
  /// and 45 unless set.
  public var spans: [Double] = [5, 15, 45]
  /// The number of first steps that `change` compares with, at least 1; 10 unless set.
  public var firstSteps = 10
  /// Whether the time since the unit's first row is a feature; true unless set.
  public var includesAge = true

  /// The default configuration.
  public init() {}

  /// Windows of one length.
  public init(length: Int) { lengths = [length] }

  /// Windows of some lengths.
  public init(lengths: [Int]) { self.lengths = lengths }

  /// The features of every row.
  ///
  /// - Throws: a `configuration` error for a setting out of range.
  public func features(of units: UnitSequences, threads: Int = 1) throws -> FeatureMatrix {
    let isRising = zip(lengths, lengths.dropFirst()).allSatisfy { $0 < $1 }
    guard isRising, let shortest = lengths.first, shortest >= 1, firstSteps >= 1, spans.allSatisfy({ $0 >= 1 }) else {
      throw AssayError(
        .configuration,
        "windows of \(lengths) steps, \(firstSteps) first steps and spans \(spans): there must be a length, lengths rise, "
          + "and all are at least 1")
    }
    let parts = parallelMap(units.channels.count, threads: threads) { channel in
      summaries(of: units.values[channel], units)
    }
    var features: [Feature] = []
    for channel in units.channels {
      features += columns.map { column in
        let name = "\(channel) \(column.statistic.rawValue)"
        return Feature(column.statistic == .last ? name : "\(name) of \(column.length)", source: channel)
      }
      features += spans.map { Feature("\(channel) mean over \(Self.text($0))", source: channel) }
    }
    var values = parts.flatMap { $0 }
    if includesAge {
      features.append(Feature("age"))
      values.append(age(units))
    }
    return FeatureMatrix(features: features, columns: values.map { .dense($0) }, rowCount: units.rowCount)
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

  /// What is computed of a channel before the exponential means; the last number is the same for all lengths.
  private var columns: [(length: Int, statistic: WindowStatistic)] {
    lengths.enumerated().flatMap { place, length in
      statistics.filter { place == 0 || $0 != .last }.map { (length, $0) }
    }
  }

  /// One column per length and statistic, then one per span.
  private func summaries(of values: [Float], _ units: UnitSequences) -> [[Float]] {
    let columns = columns
    var result = [[Float]](repeating: [Float](repeating: 0, count: values.count), count: columns.count + spans.count)
    for unit in units.units {
      let first = unit.rows.lowerBound
      var means = spans.map { _ in Double.nan }
      var firstSum = 0.0
      for row in unit.rows {
        if row - first < firstSteps { firstSum += Double(values[row]) }
        let firstMean = firstSum / Double(min(row - first + 1, firstSteps))
        var summary = WindowSummary(values, max(first, row - lengths[0] + 1)...row)
        var length = lengths[0]
        for (place, column) in columns.enumerated() {
          if column.length != length {
            length = column.length
            summary = WindowSummary(values, max(first, row - length + 1)...row)
          }
          let value = summary.value(column.statistic)
          result[place][row] = Float(column.statistic == .change ? value - firstMean : value)
        }
        for (place, span) in spans.enumerated() {
          let value = Double(values[row])
          means[place] = row == first ? value : means[place] + 2 / (span + 1) * (value - means[place])
          result[columns.count + place][row] = Float(means[place])
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
