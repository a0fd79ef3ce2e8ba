import Basics
import Sequences

/// How units stand at the end of their records, and when each is to be served.
public struct FleetState {
  /// A unit.
  public struct Member: Sendable {
    /// Its name.
    public let name: String
    /// The time of its last row.
    public let time: Double
    /// Its last row, in the table.
    public let row: Int
    /// Its predicted life.
    public let told: Double
    /// The ends of its interval; not-a-number where there are none.
    public let lower: Double
    /// The upper end.
    public let upper: Double
    /// The probability of a failure within the horizon; not-a-number where nothing tells it.
    public let risk: Double
    /// The sensors that shorten its predicted life most, the strongest first.
    public let signs: [String]
    /// When it is to be served.
    public let turn: ServiceSchedule.Turn
  }

  /// The units, the most urgent first.
  public let members: [Member]
  /// How much each channel moves what is told, on average over the units; the strongest first.
  public let drivers: [(channel: String, effect: Double)]

  /// How units stand.
  ///
  /// - Parameters:
  ///   - units: Sequences with the model's channels.
  ///   - positions: Those of the units that are looked at.
  ///   - model: Tells their life.
  ///   - crew: The services that can be done in one step of time; 1 at least.
  ///   - threads: The threads to use; the result does not depend on their number.
  /// - Throws: a `schema` error where a channel is not there.
  public init(units: UnitSequences, positions: [Int], model: LifeModel, crew: Int, threads: Int) throws {
    let units = units.selecting(units: positions)
    let told = try model.predict(units, threads: threads)
    let rows = units.lastRows
    let lives = rows.map { told.lives[$0] }
    let intervals = model.intervals?.intervals(for: lives)
    let schedule = ServiceSchedule(lives: lives, limit: model.alarm, crew: max(1, crew))
    let effects = try SensorEffects(units, rows: rows, model: model, threads: threads)
    members = schedule.turns.map { turn in
      let place = turn.unit
      return Member(
        name: units.units[place].name, time: units.times[rows[place]], row: units.sourceRows[rows[place]],
        told: lives[place],
        lower: intervals?.lower[place] ?? .nan, upper: intervals?.upper[place] ?? .nan, risk: told.risks[rows[place]],
        signs: effects.shortening(place, most: 2), turn: turn)
    }
    drivers = effects.strongest
  }
}
