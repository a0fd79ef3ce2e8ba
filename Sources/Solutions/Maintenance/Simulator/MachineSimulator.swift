import Basics
import Foundation
import Kernels
import Tables

/// Simulates a fleet of pumps that wear out, are serviced and fail, with a known truth.
///
/// Units are installed over time and observed once a day, called a cycle, until they fail or the observation ends: then
/// their life is censored. They work under three loads that change. Bearing, seal and impeller wear by gamma processes,
/// faster under load and the more worn they are; a unit fails when one of them is worn through. Now and then one fails
/// for an electrical reason that no sensor shows. A planned service renews most of the seal and lubricates the bearing.
/// Sensors show wear under the influence of load and weather, each unit with offsets of its own; some values are
/// missing, and oil is analysed only every tenth cycle.
///
/// What is known in a table of its own: the cycles that each unit had left at each row, also where it was not observed
/// to fail, and the wear of each part, 0 new to 1 worn through. The wear of bearing and impeller never falls, that of the
/// seal only at services.
public struct MachineSimulator: Sendable {
  /// A simulated fleet with its truth.
  public struct Simulation: Sendable {
    /// One row per unit and cycle, by unit and cycle: `unit`, `time`, `cycle` (1, 2, ...), `model`, `site`, the
    /// conditions `load` (percent) and `ambient_c`, the sensors `speed_rpm`, `flow_m3h`, `pressure_bar`,
    /// `motor_current_a`, `vibration_mm_s`, `bearing_temp_c`, `seal_leak_ml_h`, `oil_particles_ppm`, `supply_v`, and
    /// `service`, 1 where a planned service preceded the cycle.
    public var cycles: Table
    /// One row per unit: `unit`, `model`, `site`, `installed`, `last_cycle`, `failed` (0 where the life is censored) and
    /// `failure_mode`, missing where it is censored.
    public var units: Table
    /// Row for row with `cycles`: `unit`, `cycle`, `remaining_life` (cycles until the failure; 0 in the row of the
    /// failure), `bearing_wear`, `seal_wear`, `impeller_wear`, and `mode`, the way in which the unit will fail.
    public var truth: Table
  }

  /// The ways to fail, the levels of `failure_mode`.
  public static let failureModes = ["bearing", "seal", "impeller", "electrical"]
  /// The columns that sensors measure.
  public static let sensors = [
    "speed_rpm", "flow_m3h", "pressure_bar", "motor_current_a", "vibration_mm_s", "bearing_temp_c", "seal_leak_ml_h",
    "oil_particles_ppm", "supply_v",
  ]

  /// The number of units.
  public let units: Int
  /// The days of observation; units are installed during the first seven tenths.
  public let days: Int
  /// The cycles between planned services; nil for none.
  public let serviceInterval: Int?
  private let key: RandomKey

  /// Creates a simulator.
  ///
  /// - Parameters:
  ///   - units: at least 1.
  ///   - days: at least 10; lives last about 200 days, so about a quarter is censored at 500.
  ///   - serviceInterval: the cycles between planned services, at least 1; nil for none.
  ///   - key: the randomness; the same key gives the same tables.
  public init(units: Int = 100, days: Int = 500, serviceInterval: Int? = 90, key: RandomKey) {
    precondition(
      units >= 1 && days >= 10 && serviceInterval ?? 1 >= 1, "MachineSimulator: \(units) units, \(days) days")
    self.units = units
    self.days = days
    self.serviceInterval = serviceInterval
    self.key = key["machines"]
  }

  /// Draws the tables; they do not depend on the number of threads.
  public func simulate(threads: Int = 1) throws -> Simulation {
    let weather = Weather(days: days, key: key["weather"])
    let lives = parallelMap(units, threads: threads) { number in
      MachineLife(number: number, simulator: self, weather: weather, key: key["unit"][number])
    }
    return try MachineTables(lives: lives).simulation()
  }
}

/// The temperature outside, by the day.
struct Weather: Sendable {
  /// Degrees Celsius.
  let temperatures: [Double]

  init(days: Int, key: RandomKey) {
    var random = key.stream()
    var deviation = 0.0
    // Long enough for the lives that go on behind the observation: there the last year repeats itself.
    temperatures = (0..<days).map { day in
      deviation = 0.8 * deviation + 1.8 * random.normal()
      return 11 - 9 * cos(2 * .pi * Double(day) / 365) + deviation
    }
  }
}
