import Basics
import Histories
import Tables

/// A deterministic source of small random numbers for tests.
struct Draws {
  private let key: RandomKey
  private var position: UInt64 = 0

  init(_ seed: UInt64) { key = RandomKey(seed: seed) }

  mutating func number(below limit: Int) -> Int {
    position += 1
    return Int(key.word(at: position) % UInt64(limit))
  }
}

/// Random events with few entities, many ties, missing values, and amounts that repeat.
struct RandomEvents {
  var times: [Int64] = []
  var customers: [Int64] = []
  var terminals: [String?] = []
  var countries: [String?] = []
  var amounts: [Double] = []
  var labels: [Int8] = []

  init(_ count: Int, seed: UInt64) {
    var draws = Draws(seed)
    for _ in 0..<count {
      // Whole minutes within four days: many events share their time.
      times.append(1_600_000_000_000_000 + Int64(draws.number(below: 5_760)) * 60_000_000)
      customers.append(draws.number(below: 12) == 0 ? Column.missingInteger : Int64(draws.number(below: 9)))
      terminals.append(draws.number(below: 15) == 0 ? nil : "t\(draws.number(below: 7))")
      countries.append("c\(draws.number(below: 30))")
      amounts.append(draws.number(below: 10) == 0 ? .nan : Double(draws.number(below: 40)) * 0.25)
      labels.append(Int8(draws.number(below: 4)) - 1)
      if labels[labels.count - 1] == 2 { labels[labels.count - 1] = 0 }
    }
  }

  var count: Int { times.count }

  func table(rows: [Int]? = nil, labels given: [Int8]? = nil) throws -> Table {
    let table = try Table([
      Column("when", .dateTime(times)), Column("customer", .integer(customers)),
      Column("terminal", .category(CategoryValues(terminals))), Column("country", .text(TextValues(countries))),
      Column("amount", .float(amounts)), Column("fraud", .boolean(given ?? labels)),
    ])
    return rows.map { table.selecting(rows: $0) } ?? table
  }

  /// The plan that uses everything.
  static func plan(delay: HistorySpan = .hours(10)) -> HistoryPlan {
    HistoryPlan(
      time: "when",
      entities: [
        .init(columns: ["customer"]), .init(columns: ["terminal"], missing: .unknown), .init(columns: ["country"]),
        .init("both", columns: ["customer", "terminal"], features: [.counts, .labels]),
      ],
      windows: [.all, .hours(2), .hours(24), .hours(7)], amounts: [.init("amount", resolution: 0.25)],
      label: .init("fraud", delay: delay, smoothing: 2, prior: 0.1),
      links: [.init("customer", "terminal"), .init("terminal", "country")],
      graphs: [.init(["customer", "terminal", "country"]), .init(["customer", "country"], hubDegree: 3)])
  }

  func event(_ row: Int) -> HistoryEvent {
    let customer = customers[row] == Column.missingInteger ? EntityKey.missing : EntityKey(customers[row])
    let terminal = EntityKey(terminals[row])
    return HistoryEvent(
      time: times[row],
      keys: [customer, terminal, EntityKey(countries[row]), EntityKey(combining: [customer, terminal])],
      amounts: [amounts[row]])
  }

  var order: [Int] { (0..<count).sorted { (times[$0], $0) < (times[$1], $1) } }
}

/// The features of a table by name.
struct Features {
  let columns: [String: [Float]]

  init(_ table: Table, _ names: [String]) {
    columns = Dictionary(
      uniqueKeysWithValues: names.map { name in
        guard case .single(let values)? = table[name]?.values else { return (name, []) }
        return (name, values)
      })
  }

  subscript(_ name: String) -> [Float] { columns[name] ?? [] }
}

/// Equal to the last bit, missing ones too.
func same(_ first: [Float], _ second: [Float]) -> Bool {
  first.count == second.count && zip(first, second).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
}
