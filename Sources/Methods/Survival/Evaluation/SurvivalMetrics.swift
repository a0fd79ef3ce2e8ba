import Basics
import Evaluation
import Foundation

/// How good predictions of event times are, with censored units among the rows judged.
///
/// Weights of the outcomes count in all of them; late entries do not.
public enum SurvivalMetrics {
  /// The share of pairs in which the unit with the earlier event has the larger risk (Harrell and others 1982); 0.5 is
  /// chance, 1 is best. Equal risks count half; a unit that went out of sight at the time of another's event lived longer.
  ///
  /// Depends on censoring; `concordance(_:risks:censoring:limit:)` does not. Not-a-number without pairs. Cost: n log n.
  public static func concordance(_ outcomes: SurvivalOutcomes, risks: [Double]) -> Double {
    share(outcomes, risks: risks, limit: .infinity) { _ in 1 }
  }

  /// The share of pairs in which the unit with the earlier event has the larger risk, pairs weighted so that it does not
  /// depend on censoring (Uno and others 2011).
  ///
  /// - Parameters:
  ///   - censoring: That of the training rows, or of these.
  ///   - limit: Only events before it count; a time at which enough units are still watched. None unless given.
  public static func concordance(
    _ outcomes: SurvivalOutcomes, risks: [Double], censoring: CensoringDistribution, limit: Double = .infinity
  ) -> Double {
    share(outcomes, risks: risks, limit: limit) { time in
      let probability = censoring.probability(until: time)
      return probability > 0 ? 1 / (probability * probability) : 0
    }
  }

  private static func share(
    _ outcomes: SurvivalOutcomes, risks: [Double], limit: Double, weight: (Double) -> Double
  ) -> Double {
    require(risks.count == outcomes.count, "concordance", "\(risks.count) risks for \(outcomes.count) outcomes")
    let levels = Array(Set(risks)).sorted()
    let ranks = risks.map { firstIndex(in: levels, atLeast: $0) }
    var tree = FenwickTree(count: levels.count)
    let (times, events) = (outcomes.times, outcomes.events)
    // From the latest on; at equal times those out of sight first.
    let order = times.indices.sorted {
      times[$0] != times[$1] ? times[$0] > times[$1] : events[$0] != events[$1] ? !events[$0] : $0 < $1
    }
    var (won, all) = (0.0, 0.0)
    var start = 0
    while start < order.count {
      let time = times[order[start]]
      var end = start
      while end < order.count, times[order[end]] == time {
        let row = order[end]
        if !events[row] { tree.add(outcomes.weight(row), at: ranks[row]) }
        end += 1
      }
      if time < limit {
        let factor = weight(time)
        for row in order[start..<end] where events[row] {
          let own = factor * outcomes.weight(row)
          let below = tree.sum(below: ranks[row])
          let equal = tree.sum(below: ranks[row] + 1) - below
          won += own * (below + 0.5 * equal)
          all += own * tree.total
        }
      }
      for row in order[start..<end] where events[row] { tree.add(outcomes.weight(row), at: ranks[row]) }
      start = end
    }
    return all > 0 ? won / all : .nan
  }

  /// The mean squared difference between survival and its prediction at each of some times, weighted for censoring (Graf
  /// and others 1999); 0 is best, 0.25 is that of predicting one half.
  ///
  /// - Parameters:
  ///   - survival: Predicted at those times, row after row.
  ///   - times: Times within which units were watched.
  ///   - censoring: That of the training rows, or of these.
  public static func brier(
    _ outcomes: SurvivalOutcomes, survival: [Double], at times: [Double], censoring: CensoringDistribution
  ) -> [Double] {
    require(
      survival.count == outcomes.count * times.count, "brier",
      "\(survival.count) predictions for \(outcomes.count) rows at \(times.count) times")
    let total = (0..<outcomes.count).reduce(0) { $0 + outcomes.weight($1) }
    let known = outcomes.times.map { inverse(censoring.probability(until: $0)) }
    return times.indices.map { index in
      let time = times[index]
      let still = inverse(censoring.probability(after: time))
      var sum = 0.0
      for row in 0..<outcomes.count {
        let predicted = survival[row * times.count + index]
        if outcomes.times[row] > time {
          sum += outcomes.weight(row) * still * (1 - predicted) * (1 - predicted)
        } else if outcomes.events[row] {
          sum += outcomes.weight(row) * known[row] * predicted * predicted
        }
      }
      return sum / total
    }
  }

  /// The mean of the Brier score over a span of times, by the trapezoidal rule.
  public static func integratedBrier(
    _ outcomes: SurvivalOutcomes, curves: SurvivalCurves, at times: [Double], censoring: CensoringDistribution
  ) -> Double {
    let scores = brier(outcomes, survival: curves.survival(at: times), at: times, censoring: censoring)
    guard let first = times.first, let last = times.last, last > first else { return scores.first ?? .nan }
    var area = 0.0
    for index in 1..<times.count {
      area += (times[index] - times[index - 1]) * (scores[index] + scores[index - 1]) / 2
    }
    return area / (last - first)
  }

  /// For each time, the probability that a unit with the event by then has a larger risk than one without, weighted for
  /// censoring (Uno and others 2007; Hung and Chiang 2010). Not-a-number where there are none of either.
  public static func dynamicAUC(
    _ outcomes: SurvivalOutcomes, risks: [Double], at times: [Double], censoring: CensoringDistribution
  ) -> [Double] {
    require(risks.count == outcomes.count, "dynamicAUC", "\(risks.count) risks for \(outcomes.count) outcomes")
    let order = risks.indices.sorted { risks[$0] < risks[$1] }
    let known = outcomes.times.map { inverse(censoring.probability(until: $0)) }
    return times.map { time in
      var (cases, controls, won) = (0.0, 0.0, 0.0)
      var start = 0
      while start < order.count {
        var (levelCases, levelControls) = (0.0, 0.0)
        var end = start
        while end < order.count, risks[order[end]] == risks[order[start]] {
          let row = order[end]
          if outcomes.times[row] > time {
            levelControls += outcomes.weight(row)
          } else if outcomes.events[row] {
            levelCases += outcomes.weight(row) * known[row]
          }
          end += 1
        }
        won += levelCases * (controls + 0.5 * levelControls)
        cases += levelCases
        controls += levelControls
        start = end
      }
      return cases > 0 && controls > 0 ? won / (cases * controls) : .nan
    }
  }

  private static func inverse(_ probability: Double) -> Double { probability > 0 ? 1 / probability : 0 }
}

/// Sums over the lower part of an array that changes, in logarithmic time.
struct FenwickTree {
  private var sums: [Double]
  private(set) var total = 0.0

  init(count: Int) { sums = [Double](repeating: 0, count: count + 1) }

  mutating func add(_ value: Double, at index: Int) {
    total += value
    var place = index + 1
    while place < sums.count {
      sums[place] += value
      place += place & -place
    }
  }

  func sum(below index: Int) -> Double {
    var (result, place) = (0.0, index)
    while place > 0 {
      result += sums[place]
      place -= place & -place
    }
    return result
  }
}
