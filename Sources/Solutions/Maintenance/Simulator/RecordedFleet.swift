import Tables

/// A simulated fleet as it is recorded up to some day.
struct RecordedFleet {
  private let cycles: Table
  /// The unit of each row.
  private let units: [String]
  /// The day of each row.
  private let days: [Int]
  /// The day on which each unit failed.
  private let failures: [String: Int]

  init(_ simulation: MachineSimulator.Simulation) throws {
    cycles = simulation.cycles
    let names = try cycles.column("unit")
    let units = (0..<names.count).map { names.text(at: $0) ?? "" }
    self.units = units
    let times = try cycles.column("time").numbers()
    let days = times.map { Int(($0 / 86_400).rounded()) - MachineTables.start }
    self.days = days
    let owners = try simulation.units.column("unit")
    let failed = try simulation.units.column("failed").numbers()
    let failing = Set((0..<owners.count).filter { failed[$0] == 1 }.map { owners.text(at: $0) ?? "" })
    failures = Dictionary(zip(units, days).filter { failing.contains($0.0) }) { max($0, $1) }
  }

  /// The rows of the first days, marked by whether the machine has failed within them.
  func records(until end: Int) throws -> Table {
    let rows = days.indices.filter { days[$0] < end }
    let marks = rows.map { row in failures[units[row]].map { $0 < end } == true ? Int8(1) : 0 }
    return try cycles.selecting(rows: rows).setting(Column("ended_in_failure", .boolean(marks)))
  }

  /// The last two months of the machines that run on, to the end of what is simulated; without what became of them.
  func running() -> Table {
    let last = days.max() ?? 0
    return cycles.selecting(
      rows: days.indices.filter { row in
        days[row] > last - 60 && failures[units[row]] == nil
      })
  }
}
