import Basics
import Sequences
import Survival

/// Moments at which units are looked at, with how long each ran on (landmarks; van Houwelingen, "Dynamic prediction
/// by landmarking in event history analysis", 2007).
struct Landmarks {
  /// The rows of the sequences.
  let rows: [Int]
  /// The unit of each.
  let units: [Int]
  /// How long each ran on; all moments of a unit weigh as much as one unit.
  let outcomes: SurvivalOutcomes

  /// The moments of units; nil where none has a moment after which it was watched.
  ///
  /// - Parameters:
  ///   - left: For each unit how long it ran on after its last row: 0 where it failed in it, not-a-number where nobody
  ///     knows.
  ///   - most: The most moments; of more, every second, third ... row is taken.
  init?(_ units: UnitSequences, left: [Double], most: Int) {
    let step = max(1, (units.rowCount + most - 1) / most)
    var (rows, owners, times, events) = ([Int](), [Int](), [Double](), [Bool]())
    for (position, unit) in units.units.enumerated() {
      let end = units.times[unit.rows.upperBound - 1]
      let isKnown = !left[position].isNaN
      // Units begin at different places of the step, so that lives are not multiples of it.
      for row in unit.rows where (unit.rows.upperBound - 1 - row + position) % step == 0 {
        let time = end - units.times[row] + (isKnown ? left[position] : 0)
        guard time > 0 else { continue }
        rows.append(row)
        owners.append(position)
        times.append(time)
        events.append(isKnown)
      }
    }
    var counts = [Double](repeating: 0, count: units.units.count)
    for owner in owners { counts[owner] += 1 }
    guard
      let outcomes = try? SurvivalOutcomes(times: times, events: events, weights: owners.map { 1 / counts[$0] })
    else { return nil }
    (self.rows, self.units, self.outcomes) = (rows, owners, outcomes)
  }

  /// The same moments, watched for a time at most; weights of 1 on average, as methods are tuned for.
  func watched(for time: Double) throws -> SurvivalOutcomes {
    let weights = outcomes.weights ?? rows.map { _ in 1 }
    let mean = weights.reduce(0, +) / Double(weights.count)
    return try SurvivalOutcomes(
      times: outcomes.times.map { min($0, time) },
      events: zip(outcomes.times, outcomes.events).map { $0 <= time && $1 }, weights: weights.map { $0 / mean })
  }
}
