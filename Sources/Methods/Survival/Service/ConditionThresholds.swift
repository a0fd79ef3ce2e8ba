import Basics
import Evaluation
import Foundation

/// What was predicted for a unit while it ran, and how it ended.
public struct UnitHistory: Sendable, Codable, Hashable {
  /// Rising times at which it was looked at.
  public let times: [Double]
  /// The score at each of them; larger means closer to failure.
  public let scores: [Double]
  /// When it failed or went out of sight; not before the last time.
  public let end: Double
  /// Whether it failed then.
  public let hasFailed: Bool

  /// A history.
  ///
  /// - Throws: a `data` error for times that do not rise or lie after the end, or scores that are not numbers.
  public init(times: [Double], scores: [Double], end: Double, hasFailed: Bool) throws {
    guard times.count == scores.count else {
      throw AssayError(
        .data, "there are \(times.count) times but \(scores.count) scores", remedy: "give one score each")
    }
    guard zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }), times.last ?? 0 <= end, end > 0, end.isFinite,
      times.first ?? 0 >= 0
    else {
      throw AssayError(
        .data, "the times of a unit do not rise from 0 to its end at \(end)", remedy: "sort them, and leave out doubles"
      )
    }
    guard !scores.contains(where: \.isNaN) else { throw AssayError(.data, "a score is not a number") }
    self.times = times
    self.scores = scores
    self.end = end
    self.hasFailed = hasFailed
  }

  /// When the score first reaches a threshold; nil if it never does.
  public func alarm(_ threshold: Double) -> Double? {
    for (time, score) in zip(times, scores) where score >= threshold { return time }
    return nil
  }
}

/// Serving a unit once its score reaches a threshold, judged on histories of units that the model has not learned from.
public struct ConditionThresholds: Sendable {
  /// The histories.
  public let histories: [UnitHistory]
  /// The costs.
  public let costs: ServiceCosts
  /// The time between alarm and service.
  public let reaction: Double
  /// Whether the score is known by looking at a unit only.
  public let inspects: Bool

  /// A way to judge thresholds.
  ///
  /// - Parameters:
  ///   - histories: One per unit; whole lives, since units cut short are not seen to fail.
  ///   - costs: Each time that a unit is looked at costs an inspection. Running to failure needs none.
  ///   - reaction: The time between alarm and service; 0 unless given. A unit that fails within it has failed.
  ///   - inspects: Whether the score is known by looking at a unit only; false where it is known without, such as an
  ///     age, so that no inspection is paid. True unless given.
  /// - Throws: a `data` error without histories.
  public init(
    _ histories: [UnitHistory], costs: ServiceCosts, reaction: Double = 0, inspects: Bool = true
  ) throws {
    guard !histories.isEmpty else { throw AssayError(.data, "there are no histories of units to judge by") }
    guard reaction >= 0 else {
      throw AssayError(.configuration, "the reaction time is \(reaction), it must be at least 0")
    }
    self.histories = histories
    self.costs = costs
    self.reaction = reaction
    self.inspects = inspects
  }

  /// How a threshold does.
  public struct Point: Sendable, Codable, Hashable {
    /// The threshold; nil means running to failure.
    public let threshold: Double?
    /// The cost per unit of time: all costs over all time run, with an interval from resampled units.
    public let rate: Estimate
    /// The share of units that failed before they were served.
    public let failures: Double
    /// The mean time that served units would have run on.
    public let lostLife: Double
  }

  /// The cost of a threshold, its interval from 500 resamples of units; infinity is running to failure.
  public func point(_ threshold: Double, level: Double = 0.95, key: RandomKey = RandomKey(seed: 0)) -> Point {
    var (spent, run) = ([Double](), [Double]())
    var (failures, lost, served) = (0.0, 0.0, 0.0)
    // Who waits for a failure need not look.
    let look = inspects && threshold.isFinite ? costs.inspection : 0
    for history in histories {
      let service = history.alarm(threshold).map { $0 + reaction }
      let end = min(service ?? .infinity, history.end)
      var cost = look * Double(history.times.prefix { $0 <= end }.count)
      if let service, service < history.end {
        cost += costs.service
        served += 1
        lost += history.end - service
      } else if history.hasFailed {
        cost += costs.failure
        failures += 1
      }
      spent.append(cost)
      run.append(end)
    }
    let count = histories.count
    func rate(_ counts: [Double]?) -> Double {
      var (cost, time) = (0.0, 0.0)
      for unit in 0..<count {
        cost += (counts?[unit] ?? 1) * spent[unit]
        time += (counts?[unit] ?? 1) * run[unit]
      }
      return time > 0 ? cost / time : .nan
    }
    let drawn = (0..<500).map { resample -> Double in
      var random = key[resample].stream()
      var counts = [Double](repeating: 0, count: count)
      for _ in 0..<count { counts[random.integer(below: count)] += 1 }
      return rate(counts)
    }.filter { !$0.isNaN }.sorted()
    let value = rate(nil)
    func end(_ share: Double) -> Double {
      drawn.isEmpty ? .nan : drawn[min(drawn.count - 1, max(0, Int((share * Double(drawn.count)).rounded(.down))))]
    }
    return Point(
      threshold: threshold.isFinite ? threshold : nil,
      rate: Estimate(value, lower: min(value, end(0.5 - level / 2)), upper: max(value, end(0.5 + level / 2))),
      failures: failures / Double(count), lostLife: served > 0 ? lost / served : 0)
  }

  /// The cost over thresholds: up to `count` of them, spread over the scores; the last point runs to failure.
  ///
  /// The best of many thresholds looks better than it is; choose it on other units than those it is judged on.
  public func curve(count: Int = 50, key: RandomKey = RandomKey(seed: 0)) -> [Point] {
    let scores = histories.flatMap(\.scores).sorted()
    return (spreadTimes(scores, count: count) + [.infinity]).map { point($0, key: key) }
  }

  /// How early alarms come if few of them are false.
  public struct LeadTime: Sendable, Codable, Hashable {
    /// The smallest threshold that keeps the budget; nil if none does.
    public let threshold: Double?
    /// The share of units with an alarm earlier than the window before their end; Wilson's interval.
    public let falseAlarms: Estimate
    /// The share of failures with an alarm in the window before them, the reaction time before the failure or earlier.
    public let detected: Estimate
    /// The median time from alarm to failure of those detected; nil if there are none.
    public let median: Double?
    /// The times from alarm to failure of those detected, rising.
    public let times: [Double]
  }

  /// The lead time at a budget of false alarms.
  ///
  /// - Parameters:
  ///   - budget: The largest share of units whose first alarm is false.
  ///   - window: An alarm is false if the unit ran on for longer than this; a unit that went out of sight within it is
  ///     given the benefit of the doubt.
  public func leadTime(falseAlarmBudget budget: Double, window: Double) -> LeadTime {
    func falseShare(_ threshold: Double) -> Double {
      let count = histories.count { history in history.alarm(threshold).map { history.end - $0 > window } ?? false }
      return Double(count) / Double(histories.count)
    }
    // Fewer alarms, and later ones, with larger thresholds: the share falls.
    let scores = Array(Set(histories.flatMap(\.scores))).sorted()
    var (low, high) = (0, scores.count)
    while low < high {
      let middle = (low + high) / 2
      if falseShare(scores[middle]) <= budget { high = middle } else { low = middle + 1 }
    }
    let threshold = low < scores.count ? scores[low] : .infinity
    let failed = histories.filter(\.hasFailed)
    let leads = failed.compactMap { history in history.alarm(threshold).map { history.end - $0 } }
      .filter { $0 <= window && $0 >= reaction }.sorted()
    let total = Double(histories.count)
    let median: Double? =
      leads.isEmpty
      ? nil
      : leads.count % 2 == 1
        ? leads[leads.count / 2] : (leads[leads.count / 2 - 1] + leads[leads.count / 2]) / 2
    return LeadTime(
      threshold: threshold.isFinite ? threshold : nil,
      falseAlarms: wilsonInterval(successes: falseShare(threshold) * total, trials: total),
      detected: wilsonInterval(successes: Double(leads.count), trials: Double(failed.count)), median: median,
      times: leads)
  }
}
