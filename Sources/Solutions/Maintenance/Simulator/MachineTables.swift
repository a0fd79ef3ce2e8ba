import Basics
import Tables

/// The lives of a fleet as tables.
struct MachineTables {
  let lives: [MachineLife]

  /// The first day, 2024-01-01, in days since 1970.
  static let start = 19_723

  func simulation() throws -> MachineSimulator.Simulation {
    let rows = lives.indices.flatMap { unit in lives[unit].cycles.indices.map { (unit: unit, cycle: $0) } }
    func cycle(_ row: (unit: Int, cycle: Int)) -> MachineLife.Cycle { lives[row.unit].cycles[row.cycle] }
    func numbers(_ name: String, _ value: (MachineLife.Cycle) -> Double) -> Column {
      Column(name, .float(rows.map { value(cycle($0)) }))
    }
    func rounded(_ name: String, _ value: (MachineLife.Cycle) -> Double) -> Column {
      numbers(name) { (value($0) * 10).rounded() / 10 }
    }
    let unit = Column("unit", categories(rows.map { $0.unit }, lives.map { name($0) }))
    let numbersOfCycles = Column("cycle", .integer(rows.map { Int64($0.cycle + 1) }))
    var cycles = [
      unit, Column("time", dates(rows.map { lives[$0.unit].installed + $0.cycle })), numbersOfCycles,
      Column("model", .category(CategoryValues(rows.map { lives[$0.unit].model }))),
      Column("site", .category(CategoryValues(rows.map { lives[$0.unit].site }))), rounded("load", \.load),
      rounded("ambient_c", \.ambient),
    ]
    for (position, sensor) in MachineSimulator.sensors.enumerated() {
      cycles.append(numbers(sensor) { $0.sensors[position] })
    }
    cycles.append(Column("service", .integer(rows.map { cycle($0).isServiced ? 1 : 0 })))
    let truth = try Table([
      unit, numbersOfCycles,
      Column("remaining_life", .integer(rows.map { Int64(lives[$0.unit].length - 1 - $0.cycle) })),
      numbers("bearing_wear") { min(1, $0.bearing) }, numbers("seal_wear") { min(1, $0.seal) },
      numbers("impeller_wear") { min(1, $0.impeller) },
      Column("mode", .category(CategoryValues(rows.map { lives[$0.unit].mode }))),
    ])
    return MachineSimulator.Simulation(cycles: try Table(cycles), units: try units(), truth: truth)
  }

  private func units() throws -> Table {
    try Table([
      Column("unit", categories(Array(lives.indices), lives.map { name($0) })),
      Column("model", .category(CategoryValues(lives.map { $0.model }))),
      Column("site", .category(CategoryValues(lives.map { $0.site }))),
      Column("installed", dates(lives.map(\.installed))),
      Column("last_cycle", .integer(lives.map { Int64($0.cycles.count) })),
      Column("failed", .integer(lives.map { $0.hasFailed ? 1 : 0 })),
      Column("failure_mode", .category(CategoryValues(lives.map { $0.hasFailed ? $0.mode : nil }))),
    ])
  }

  private func name(_ life: MachineLife) -> String { "U-\(1_000 + life.number)" }

  private func categories(_ codes: [Int], _ levels: [String]) -> ColumnValues {
    .category(CategoryValues(codes: codes.map(Int32.init), levels: levels))
  }

  private func dates(_ days: [Int]) -> ColumnValues {
    .dateTime(days.map { Int64(MachineTables.start + $0) * 86_400_000_000 })
  }
}
