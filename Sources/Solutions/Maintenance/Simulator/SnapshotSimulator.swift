import Basics
import Foundation
import Tables

/// Simulates the jobs of hydraulic presses: each row a piece of work, with whether the press failed in it and how.
///
/// A job has a material, a speed, a pressure and a flow of oil; the tool has been used for some hours, and worn tools need
/// more pressure. What makes a press fail are combinations, not single readings:
/// - `overload`: the hydraulic power, pressure times flow over 600 in kW, is above 29;
/// - `heat`: the oil is more than 31 degrees above the air while little of it, less than 78 l/min, flows to carry the
///   warmth away;
/// - `tool`: the hours of the tool times the pressure are beyond what the material allows;
/// - `electrical`: once in a thousand jobs, announced by nothing.
///
/// A press beyond a limit fails nine times in ten. Several limits can be passed at once. Readings carry noise of about one
/// per cent, and one oil temperature in a hundred is missing; the limits hold for the true values.
public struct SnapshotSimulator: Sendable {
  /// Simulated jobs with their truth.
  public struct Simulation: Sendable {
    /// One row per job: `job`, `material`, `ambient_c`, `oil_c`, `strokes_min`, `pressure_bar`, `flow_l_min`,
    /// `tool_hours`, `failed`, and a column for each mode, 1 where the press failed in this way.
    public var jobs: Table
    /// Row for row: `power`, `warmth` and `wear`, the true values of what the limits are about, wear as a share of its
    /// limit.
    public var truth: Table
  }

  /// The ways to fail, the columns of `jobs`.
  public static let modes = ["overload", "heat", "tool", "electrical"]
  /// What the limits are about, as formulas over the readings, for the setting `derived`.
  public static let derived =
    "power = pressure_bar * flow_l_min / 600; warmth = oil_c - ambient_c; wear = tool_hours * pressure_bar"

  /// The number of jobs.
  public let jobs: Int
  private let key: RandomKey

  /// Creates a simulator.
  ///
  /// - Parameters:
  ///   - jobs: at least 1; about 3 in 100 fail.
  ///   - key: the randomness; the same key gives the same tables.
  public init(jobs: Int = 6_000, key: RandomKey) {
    precondition(jobs >= 1, "SnapshotSimulator: \(jobs) jobs")
    self.jobs = jobs
    self.key = key["snapshots"]
  }

  private static let materials = ["soft", "medium", "hard"]
  private static let pressures = [1.0, 1.12, 1.25]
  /// Hours of the tool times bar.
  private static let limits = [60_000.0, 66_000, 72_000]

  /// Draws the tables.
  ///
  /// - Throws: nothing that can happen; the columns have equal lengths.
  public func simulate() throws -> Simulation {
    var random = key.stream()
    var readings = [[Double]](repeating: [], count: 6)
    var truth = [[Double]](repeating: [], count: 3)
    var marks = [[Int64]](repeating: [], count: Self.modes.count)
    var materials: [String] = []
    for _ in 0..<jobs {
      let material = random.choose([0, 1, 2], weights: [0.5, 0.3, 0.2])
      let ambient = 21 + 4 * random.normal()
      let strokes = min(40, max(12, 24 + 4 * random.normal()))
      let tool = 400 * random.uniform()
      let pressure = max(
        60, 140 * Self.pressures[material] - 1.5 * (strokes - 24) + 0.04 * (tool - 200) + 16 * random.normal())
      let flow = max(20, 3.2 * strokes + 4 * random.normal())
      let power = pressure * flow / 600
      let oil = ambient + 14 + 0.55 * power + 3 * random.normal()
      let wear = tool * pressure / Self.limits[material]
      let isBeyond = [power > 29, oil - ambient > 31 && flow < 78, wear > 1]
      for mode in isBeyond.indices {
        let holds = random.uniform() < 0.1
        marks[mode].append(isBeyond[mode] && !holds ? 1 : 0)
      }
      marks[3].append(random.uniform() < 0.001 ? 1 : 0)
      materials.append(Self.materials[material])
      for (place, value) in [ambient, oil, strokes, pressure, flow, tool].enumerated() {
        let noise = place == 5 ? 0 : 0.01 * random.normal()
        readings[place].append((value * (1 + noise) * 10).rounded() / 10)
      }
      if random.uniform() < 0.01 { readings[1][readings[1].count - 1] = .nan }
      for (place, value) in [power, oil - ambient, wear].enumerated() { truth[place].append(value) }
    }
    let failed = (0..<jobs).map { job in marks.contains { $0[job] == 1 } ? Int64(1) : 0 }
    let names = ["ambient_c", "oil_c", "strokes_min", "pressure_bar", "flow_l_min", "tool_hours"]
    let columns =
      [
        Column("job", .text(TextValues((0..<jobs).map { "J-\(10_000 + $0)" }))),
        Column("material", .category(CategoryValues(materials))),
      ]
      + zip(names, readings).map { Column($0, .float($1)) } + [Column("failed", .integer(failed))]
      + zip(Self.modes, marks).map { Column($0, .integer($1)) }
    return Simulation(
      jobs: try Table(columns),
      truth: try Table(zip(["power", "warmth", "wear"], truth).map { Column($0, .float($1)) }))
  }
}
