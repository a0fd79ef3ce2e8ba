import Basics
import Estimators
import Sequences

/// How machines stand at the end of their records, and when each is to be served.
struct FleetState {
  /// A machine.
  struct Machine {
    let name: String
    let time: Double
    let told: Double
    let lower: Double
    let upper: Double
    let turn: ServiceSchedule.Turn
  }

  /// The machines, the most urgent first.
  let machines: [Machine]
  /// How much each channel moves what is told, summed over the machines; the strongest first.
  let drivers: [(channel: String, effect: Double)]

  init(units: UnitSequences, positions: [Int], model: LifeModel, crew: Int, threads: Int) throws {
    let units = units.selecting(units: positions)
    let told = try model.predict(units, threads: threads)
    let rows = units.lastRows
    let lives = rows.map { told[$0] }
    let intervals = model.intervals?.intervals(for: lives)
    let schedule = ServiceSchedule(lives: lives, limit: model.alarm, crew: max(1, crew))
    machines = schedule.turns.map { turn in
      let place = turn.machine
      return Machine(
        name: units.units[place].name, time: units.times[rows[place]], told: lives[place],
        lower: intervals?.lower[place] ?? .nan, upper: intervals?.upper[place] ?? .nan, turn: turn)
    }
    drivers = try Self.drivers(units, rows, model, threads)
  }

  private static func drivers(
    _ units: UnitSequences, _ rows: [Int], _ model: LifeModel, _ threads: Int
  ) throws -> [(channel: String, effect: Double)] {
    var sums: [String: Double] = [:]
    for fit in model.fits where !fit.seesWindows {
      guard let explaining = fit.model.model as? any ContributingModel else { continue }
      let features = try model.pipelines[fit.pipeline].features(of: units, threads: threads).statistics
      let found = explaining.contributions(features.selecting(rows: rows), threads: threads)
      for row in rows.indices {
        var byChannel: [String: Double] = [:]
        for (place, feature) in features.features.enumerated() {
          byChannel[feature.source, default: 0] += found[row, 0, place]
        }
        for (channel, effect) in byChannel {
          sums[channel, default: 0] += fit.weight * abs(effect) / Double(rows.count)
        }
      }
    }
    return sums.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }
}
