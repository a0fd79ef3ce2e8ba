import Basics
import Foundation

/// The probability of having had no event yet, for several rows at common times.
///
/// All questions about remaining life are answered from it: chances within a horizon, quantiles, means, and each of
/// them given that a unit has come as far as it has.
public struct SurvivalCurves: Sendable, Codable, Equatable {
  /// What a curve does between two times.
  public enum Between: String, Sendable, Codable, Hashable {
    /// It keeps the value at the earlier time, as Kaplan-Meier and Cox curves do.
    case step
    /// The hazard is constant: the logarithm of the curve is a line.
    case constantHazard
  }

  /// Rising times, at least 0.
  public let times: [Double]
  /// Survival at those times, row after row: `values[row * times.count + index]`.
  public let values: [Double]
  /// What curves do between times.
  public let between: Between

  /// Curves from their values, which do not rise along a row.
  public init(times: [Double], values: [Double], between: Between) {
    precondition(
      !times.isEmpty && values.count % times.count == 0, "SurvivalCurves: \(values.count) values, \(times.count) times")
    precondition(
      zip(times, times.dropFirst()).allSatisfy { $0 < $1 } && times[0] >= 0, "SurvivalCurves: times must rise from 0")
    self.times = times
    self.values = values
    self.between = between
  }

  /// The number of rows.
  public var rowCount: Int { values.count / times.count }

  /// The curves of these rows, in this order.
  public func selecting(rows: [Int]) -> SurvivalCurves {
    let width = times.count
    return SurvivalCurves(
      times: times, values: rows.flatMap { values[$0 * width..<($0 + 1) * width] }, between: between)
  }

  /// The probability that a row has had no event by a time.
  ///
  /// After the last time a curve with steps stays as it is; one with constant hazard goes on with the last hazard.
  public func survival(_ row: Int, at time: Double) -> Double {
    let width = times.count
    let start = row * width
    let index = firstIndex(in: times, above: time) - 1
    let (earlierTime, earlier) = index < 0 ? (0, 1) : (times[index], values[start + index])
    guard between == .constantHazard, time > earlierTime else { return earlier }
    if index + 1 < width {
      let later = values[start + index + 1]
      let share = (time - earlierTime) / (times[index + 1] - earlierTime)
      return Self.geometric(earlier, later, share)
    }
    let rate = lastHazard(row)
    return earlier * exp(-rate * (time - earlierTime))
  }

  /// Survival of every row at each of some times, row after row.
  public func survival(at wanted: [Double]) -> [Double] {
    (0..<rowCount).flatMap { row in wanted.map { survival(row, at: $0) } }
  }

  /// The probability that the event comes within a horizon, given that it has not come before the row's age.
  ///
  /// - Parameters:
  ///   - horizon: From the age on, in units of time.
  ///   - age: How far the unit has come; 0 unless given.
  public func failureProbability(_ row: Int, within horizon: Double, age: Double = 0) -> Double {
    let now = survival(row, at: age)
    guard now > 0 else { return 1 }
    return 1 - survival(row, at: age + horizon) / now
  }

  /// The time left, from the age on, by which the event has come with probability `level`; infinity where the curve does
  /// not come down that far.
  ///
  /// - Parameters:
  ///   - level: Between 0 and 1; 0.5 is the median.
  ///   - age: How far the unit has come without the event; 0 unless given.
  public func remainingLife(_ row: Int, level: Double, age: Double = 0) -> Double {
    precondition(level > 0 && level < 1, "remainingLife: the level \(level) is not between 0 and 1")
    let now = survival(row, at: age)
    guard now > 0 else { return 0 }
    let goal = now * (1 - level)
    let width = times.count
    let start = row * width
    // Curves do not rise: the first time at which the curve is at or below the goal.
    var low = 0
    var high = width
    while low < high {
      let middle = (low + high) / 2
      if values[start + middle] <= goal * (1 + 1e-12) { high = middle } else { low = middle + 1 }
    }
    if between == .step { return low < width ? max(0, times[low] - age) : .infinity }
    let (earlierTime, earlier) = low == 0 ? (0, 1) : (times[low - 1], values[start + low - 1])
    let rate: Double
    if low < width {
      guard earlier > goal else { return max(0, earlierTime - age) }
      let later = values[start + low]
      // A line, as in `survival`.
      guard later > 0 else {
        return max(0, earlierTime + (times[low] - earlierTime) * (1 - goal / earlier) - age)
      }
      rate = log(earlier / later) / (times[low] - earlierTime)
    } else {
      rate = lastHazard(row)
    }
    guard rate > 0 else { return .infinity }
    return max(0, earlierTime + log(earlier / goal) / rate - age)
  }

  /// The mean time left until the event or the horizon, whichever comes first, given that a unit has come to an age.
  ///
  /// - Parameters:
  ///   - horizon: From the age on; nil means up to the last time of the curves.
  ///   - age: How far the unit has come without the event; 0 unless given.
  public func meanRemainingLife(_ row: Int, horizon: Double? = nil, age: Double = 0) -> Double {
    let end = horizon.map { age + $0 } ?? times[times.count - 1]
    let now = survival(row, at: age)
    guard end > age, now > 0 else { return 0 }
    return area(row, from: age, to: end) / now
  }

  /// The integral of a curve between two times.
  func area(_ row: Int, from begin: Double, to end: Double) -> Double {
    var total = 0.0
    var time = begin
    var value = survival(row, at: begin)
    var index = firstIndex(in: times, above: begin)
    while time < end {
      let next = index < times.count ? min(times[index], end) : end
      let nextValue = survival(row, at: next)
      let width = next - time
      total += width * (between == .step ? value : Self.logarithmicMean(value, nextValue))
      time = next
      value = nextValue
      index += 1
    }
    return total
  }

  /// The hazard of the last stretch between times.
  private func lastHazard(_ row: Int) -> Double {
    let width = times.count
    let last = values[row * width + width - 1]
    let (time, value) = width > 1 ? (times[width - 2], values[row * width + width - 2]) : (0, 1)
    guard last > 0, times[width - 1] > time else { return last > 0 ? 0 : .infinity }
    return max(0, log(value / last)) / (times[width - 1] - time)
  }

  private static func geometric(_ earlier: Double, _ later: Double, _ share: Double) -> Double {
    guard earlier > 0 else { return 0 }
    // A curve that falls to 0 has no constant hazard; a line stands in for it.
    guard later > 0 else { return earlier * (1 - share) }
    return earlier * exp(share * log(later / earlier))
  }

  /// The mean of an exponential between two values.
  private static func logarithmicMean(_ a: Double, _ b: Double) -> Double {
    guard a > 0, b > 0 else { return (a + b) / 2 }
    let ratio = log(b / a)
    return abs(ratio) < 1e-6 ? (a + b) / 2 : (b - a) / ratio
  }
}

/// The first position of rising numbers whose entry is above `value`; their count if none is.
func firstIndex(in sorted: [Double], above value: Double) -> Int {
  var low = 0
  var high = sorted.count
  while low < high {
    let middle = (low + high) / 2
    if sorted[middle] <= value { low = middle + 1 } else { high = middle }
  }
  return low
}

/// The first position of rising numbers whose entry is at least `value`; their count if none is.
func firstIndex(in sorted: [Double], atLeast value: Double) -> Int {
  var low = 0
  var high = sorted.count
  while low < high {
    let middle = (low + high) / 2
    if sorted[middle] < value { low = middle + 1 } else { high = middle }
  }
  return low
}
