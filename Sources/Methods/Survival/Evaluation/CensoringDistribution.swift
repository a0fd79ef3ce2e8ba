import Foundation

/// The probability of still being watched over time, by Kaplan-Meier with the roles of event and censoring exchanged.
///
/// Its inverse weighs units with known outcomes for those that went out of sight (IPCW; Robins and Rotnitzky 1992).
/// Where both happen at the same time, events come first. Censoring must not depend on what the event depends on.
public struct CensoringDistribution: Sendable, Codable, Hashable {
  private let times: [Double]
  private let values: [Double]

  /// The distribution in outcomes; those of the training rows are usual.
  public init(_ outcomes: SurvivalOutcomes) {
    let table = EventTable(outcomes)
    var value = 1.0
    var (times, values) = ([Double](), [Double]())
    for index in table.times.indices where table.censored[index] > 0 {
      let risk = table.atRisk[index] - table.events[index]
      value *= max(0, 1 - table.censored[index] / max(risk, table.censored[index]))
      times.append(table.times[index])
      values.append(value)
    }
    self.times = times
    self.values = values
  }

  /// The probability of being watched beyond a time.
  public func probability(after time: Double) -> Double {
    let index = firstIndex(in: times, above: time)
    return index == 0 ? 1 : values[index - 1]
  }

  /// The probability of being watched up to a time.
  public func probability(until time: Double) -> Double {
    let index = firstIndex(in: times, atLeast: time)
    return index == 0 ? 1 : values[index - 1]
  }
}
