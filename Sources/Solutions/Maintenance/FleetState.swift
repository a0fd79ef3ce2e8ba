import Basics
import Sequences

/// How machines stand at the end of their records, and when each is to be served.
struct FleetState {
  /// A machine.
  struct Machine {
    let name: String
    let time: Double
    /// Its last row, in the table.
    let row: Int
    let told: Double
    let lower: Double
    let upper: Double
    /// The probability of a failure within the horizon; not-a-number where nothing tells it.
    let risk: Double
    /// The sensors that shorten its predicted life most, the strongest first.
    let signs: [String]
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
    let lives = rows.map { told.lives[$0] }
    let intervals = model.intervals?.intervals(for: lives)
    let schedule = ServiceSchedule(lives: lives, limit: model.alarm, crew: max(1, crew))
    let effects = try SensorEffects(units, rows: rows, model: model, threads: threads)
    machines = schedule.turns.map { turn in
      let place = turn.machine
      return Machine(
        name: units.units[place].name, time: units.times[rows[place]], row: units.sourceRows[rows[place]],
        told: lives[place],
        lower: intervals?.lower[place] ?? .nan, upper: intervals?.upper[place] ?? .nan, risk: told.risks[rows[place]],
        signs: effects.shortening(place, most: 2), turn: turn)
    }
    drivers = effects.strongest
  }
}
