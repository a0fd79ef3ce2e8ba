import Basics
import Projects
import Tables

extension PredictiveMaintenance {
  /// The turbofan engines of C-MAPSS, and the records of a milling machine.
  public func start(of name: String, tables: [String: Table]) throws -> ProjectStart? {
    if name == "ai4i2020", let table = tables["records"] { return Self.milling(table) }
    guard name.hasPrefix("cmapss"), let train = tables["train"], let test = tables["test"],
      let truth = tables["truth"]
    else { return nil }
    let lives = zip(try truth.column("unit").numbers(), try truth.column("rul").numbers())
    let left = Dictionary(lives.map { (Int($0), $1) }) { first, _ in first }
    let parts = [("train", train, [Int: Double]()), ("test", test, left)]
    var (names, sides, remaining, failed) = ([String](), [String](), [Double](), [Int8]())
    for (side, table, left) in parts {
      let units = try table.column("unit").numbers().map { Int($0) }
      let cycles = try table.column("cycle").numbers()
      let last = Dictionary(zip(units, cycles)) { max($0, $1) }
      for row in units.indices {
        names.append("\(side) \(units[row])")
        sides.append(side)
        remaining.append((last[units[row]] ?? 0) - cycles[row] + (left[units[row]] ?? 0))
        failed.append(side == "train" ? 1 : 0)
      }
    }
    var columns = [
      Column("engine", .category(CategoryValues(names))), Column("part", .category(CategoryValues(sides))),
      Column("remaining", .float(remaining)), Column("failed", .boolean(failed)),
    ]
    for column in train.columns where column.name != "unit" {
      columns.append(Column(column.name, .float(column.numbers() + (try test.column(column.name)).numbers())))
    }
    let conditions = train.names.filter { $0.hasPrefix("setting") }
    return ProjectStart(
      table: try Table(columns),
      columns: [
        "unit": "engine", "cycle": "cycle", "failed": "failed", "remaining": "remaining", "part": "part",
      ],
      settings: ["conditions": conditions.joined(separator: ", "), "longest life": "125"],
      words: """
        They are simulated turbofan engines: some run until they fail, the others are cut off some time before, and it is \
        known how long they would have gone on.
        """)
  }

  /// AI4I 2020. What its author says of the failures is about three quantities that no column holds: the power at the
  /// tool, the strain on a worn tool, and the difference of temperatures that carries heat away.
  private static func milling(_ table: Table) -> ProjectStart {
    ProjectStart(
      table: table, columns: ["failed": "Machine_failure"],
      // Numbers of the record.
      excluded: ["UDI", "Product ID"],
      settings: [
        "records": "snapshots", "modes": "TWF, HDF, PWF, OSF, RNF",
        "derived": "power W = `Torque [Nm]` * `Rotational speed [rpm]` * 0.10472; "
          + "strain = `Torque [Nm]` * `Tool wear [min]`; heat = `Process temperature [K]` - `Air temperature [K]`",
      ],
      words: """
        They are 10,000 records of a milling machine (realistically simulated), with five failure modes: tool wear (TWF), \
        heat dissipation (HDF), power (PWF), overstrain (OSF) and random (RNF).
        """)
  }
}
