/// The rows of Cox's likelihood in the order in which risk sets grow, and the times of events.
///
/// Within each stratum rows go from the latest time to the earliest; rows with late entries leave again.
struct CoxRiskSets: Sendable {
  /// One time of events in a stratum.
  struct Moment: Sendable {
    let time: Double
    let stratum: Int
    /// The rows that join before this moment: positions in `order` up to here.
    let joined: Int
    /// The rows that have left before it: positions in `leaving` up to here.
    let left: Int
    /// The rows with an event at it: positions in `order`.
    let events: Range<Int>
    /// The sum of the weights of those events.
    let weight: Double
  }

  /// Rows by stratum, latest first; among equal times events come last.
  private(set) var order: [Int] = []
  /// Rows by stratum, latest entry first; empty where all are watched from 0.
  private(set) var leaving: [Int] = []
  /// Moments by stratum, latest first.
  private(set) var moments: [Moment] = []
  /// Where the moments of each stratum start, and the end.
  private(set) var starts: [Int] = []
  let stratumCount: Int

  init(_ outcomes: SurvivalOutcomes) {
    stratumCount = outcomes.stratumCount
    var members = [[Int]](repeating: [], count: stratumCount)
    for row in 0..<outcomes.count where outcomes.weight(row) > 0 { members[outcomes.strata?[row] ?? 0].append(row) }
    let (times, events) = (outcomes.times, outcomes.events)
    for stratum in 0..<stratumCount {
      starts.append(moments.count)
      let base = order.count
      let sorted = members[stratum].sorted {
        times[$0] != times[$1] ? times[$0] > times[$1] : events[$0] != events[$1] ? !events[$0] : $0 < $1
      }
      order += sorted
      var exits: [Int] = []
      if let entries = outcomes.entries {
        exits = members[stratum].sorted { entries[$0] != entries[$1] ? entries[$0] > entries[$1] : $0 < $1 }
      }
      let exitBase = leaving.count
      leaving += exits
      var gone = 0
      var position = 0
      while position < sorted.count {
        let time = times[sorted[position]]
        var end = position
        while end < sorted.count, times[sorted[end]] == time { end += 1 }
        let firstEvent = (position..<end).first { events[sorted[$0]] } ?? end
        if firstEvent < end {
          if let entries = outcomes.entries {
            while gone < exits.count, entries[exits[gone]] >= time { gone += 1 }
          }
          moments.append(
            Moment(
              time: time, stratum: stratum, joined: base + end, left: exitBase + gone,
              events: base + firstEvent..<base + end,
              weight: sorted[firstEvent..<end].reduce(0) { $0 + outcomes.weight($1) }))
        }
        position = end
      }
    }
    starts.append(moments.count)
  }
}
