import Foundation

/// Events and units at risk at each time at which something happens, all counted by weight.
struct EventTable: Sendable {
  /// Rising times at which units had the event or went out of sight.
  private(set) var times: [Double] = []
  /// The weight of events at each time.
  private(set) var events: [Double] = []
  /// The weight of rows that end at each time without the event.
  private(set) var censored: [Double] = []
  /// The weight of rows watched just before each time: entered before it, and not ended before it.
  private(set) var atRisk: [Double] = []
  /// The sum of squared weights of events at each time.
  private(set) var squaredEvents: [Double] = []

  init(_ outcomes: SurvivalOutcomes) { self.init(outcomes, rows: Array(0..<outcomes.count)) }

  init(_ outcomes: SurvivalOutcomes, rows: [Int]) {
    let order = rows.sorted { outcomes.times[$0] < outcomes.times[$1] }
    let entries = outcomes.entries.map { entries in
      rows.map { (time: entries[$0], weight: outcomes.weight($0)) }.sorted { $0.time < $1.time }
    }
    var waiting = 0.0
    for row in order { waiting += outcomes.weight(row) }
    var entered = entries == nil ? waiting : 0
    var left = 0.0
    var nextEntry = 0
    var start = 0
    while start < order.count {
      let time = outcomes.times[order[start]]
      if let entries {
        while nextEntry < entries.count, entries[nextEntry].time < time {
          entered += entries[nextEntry].weight
          nextEntry += 1
        }
      }
      var (eventWeight, squared, censoredWeight) = (0.0, 0.0, 0.0)
      var end = start
      while end < order.count, outcomes.times[order[end]] == time {
        let weight = outcomes.weight(order[end])
        if outcomes.events[order[end]] {
          eventWeight += weight
          squared += weight * weight
        } else {
          censoredWeight += weight
        }
        end += 1
      }
      if eventWeight + censoredWeight > 0 {
        times.append(time)
        events.append(eventWeight)
        censored.append(censoredWeight)
        // The difference of two sums may round to just below what ends here.
        atRisk.append(max(entered - left, eventWeight + censoredWeight))
        squaredEvents.append(squared)
      }
      left += eventWeight + censoredWeight
      start = end
    }
  }

  /// The positions of times with events.
  var eventPositions: [Int] { times.indices.filter { events[$0] > 0 } }
}
