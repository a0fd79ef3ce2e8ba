import Basics
import Checks
import Experiments
import Foundation
import Fraud
import Projects
import Tables

/// A project of payments in a folder.
struct FraudProject {
  let folder: String
  let columns: [String: String]
  let settings: [String: String]
  let value: String

  private var text: String {
    var lines = ["solution: fraud", "data: data.csv", "columns:"]
    lines += columns.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
    if !settings.isEmpty { lines.append("settings:") }
    lines += settings.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
    return (lines + (value.isEmpty ? [] : ["value:", value])).joined(separator: "\n") + "\n"
  }

  func project() throws -> Project {
    try Project.parse(text, folder: folder, name: "solution.yaml", among: [FraudPrevention()]).project
  }

  private func data(_ project: Project, _ table: Table, _ name: String, lacking: Set<String> = []) throws -> ProjectData
  {
    try TableWriter.write(table, to: folder + "/" + name)
    return try ProjectData(
      project, FraudPrevention().card, source: folder + "/" + name, lacking: lacking, threads: 1)
  }

  func findings(_ table: Table) throws -> [ProjectFinding] {
    let project = try project()
    return try FraudPrevention().check(project, data(project, table, "data.csv"))
  }

  func run(_ table: Table, budget: Double = 600, candidates: Int?, seed: UInt64 = 7) throws -> ProjectOutcome {
    let project = try project()
    let context = ProjectContext(budget: budget, candidateLimit: candidates, threads: 2, seed: seed)
    return try FraudPrevention().run(project, data(project, table, "data.csv"), context)
  }

  func predict(_ table: Table, explains: Bool = false) throws -> Table {
    let project = try project()
    let lacking = Set(FraudPrevention().card.fields.map(\.name))
    return try FraudPrevention().predict(
      project, data(project, table, "later.csv", lacking: lacking),
      ProjectContext(threads: 2, explains: explains))
  }
}

/// Payments of a small shop, made row by row.
struct SmallShop {
  var times: [Int64] = []
  var customers: [String] = []
  var terminals: [String] = []
  var amounts: [Double] = []
  var isFraud: [Bool] = []

  /// 2025-03-03, a Monday, in seconds since 1970.
  static let start: Int64 = 1_740_960_000

  mutating func add(second: Double, customer: Int, terminal: Int, amount: Double, isFraud: Bool) {
    times.append(Self.start + Int64(second))
    customers.append("c\(customer)")
    terminals.append("t\(terminal)")
    amounts.append((amount * 100).rounded() / 100)
    self.isFraud.append(isFraud)
  }

  /// The rows by time.
  func table(labels: Bool = true, rows picked: Range<Int>? = nil) throws -> Table {
    let order = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }[picked ?? times.indices]
    var columns = [
      Column("when", .dateTime(order.map { times[$0] * 1_000_000 })),
      Column("who", .category(CategoryValues(order.map { customers[$0] }))),
      Column("where", .category(CategoryValues(order.map { terminals[$0] }))),
      Column("euro", .float(order.map { amounts[$0] })),
    ]
    if labels { columns.append(Column("label", .integer(order.map { isFraud[$0] ? 1 : 0 }))) }
    return try Table(columns)
  }

  /// Whether the rows of `table` are frauds.
  var sortedLabels: [Bool] { times.indices.sorted { (times[$0], $0) < (times[$1], $1) }.map { isFraud[$0] } }

  static let columns = ["time": "when", "amount": "euro", "customer": "who", "terminal": "where"]

  static func project(
    _ folder: String, labels: Bool = true, settings: [String: String] = [:], value: String = ""
  ) -> FraudProject {
    FraudProject(
      folder: folder, columns: columns.merging(labels ? ["fraud": "label"] : [:]) { $1 },
      settings: ["label delay": "2 days", "windows": "\"1h, 1d, 7d\"", "queue": "10"].merging(settings) { $1 },
      value: value)
  }

  /// Customers with a usual amount and a few usual terminals; stolen accounts are emptied within the hour at terminals that
  /// are new to the customer, in amounts several times the usual.
  static func stolenAccounts(key: RandomKey, customers: Int = 200, days: Int = 40) -> SmallShop {
    var shop = SmallShop()
    for customer in 0..<customers {
      var random = key["customer"][customer].stream()
      let usual = 20 * exp(0.5 * random.normal())
      let favourites = (0..<3).map { _ in random.integer(below: 60) }
      let theft = random.uniform() < 0.15 ? random.uniform() * Double(days) : -1
      for day in 0..<days where random.uniform() < 0.45 {
        let second = (Double(day) + 0.4 + 0.3 * random.uniform()) * 86_400
        shop.add(
          second: second, customer: customer, terminal: favourites[random.integer(below: 3)],
          amount: usual * exp(0.3 * random.normal()), isFraud: false)
      }
      guard theft >= 0 else { continue }
      for payment in 0..<3 {
        shop.add(
          second: theft * 86_400 + Double(payment) * 600 * (0.5 + random.uniform()), customer: customer,
          terminal: random.integer(below: 60), amount: usual * 4 * exp(0.3 * random.normal()), isFraud: true)
      }
    }
    return shop
  }

  /// Customers who pay small, middle and large amounts in an order that does not matter, but for frauds: a payment after a
  /// small, then a large one. Counts and sums over windows are the same for the other order.
  static func telltaleOrder(key: RandomKey, customers: Int = 220, days: Int = 40) -> SmallShop {
    var shop = SmallShop()
    for customer in 0..<customers {
      var random = key["customer"][customer].stream()
      var before: [Int] = []
      for day in 0..<days where random.uniform() < 0.5 {
        let size = random.integer(below: 3)
        let follows = before.suffix(2) == [0, 2]
        shop.add(
          second: (Double(day) + 0.4 + 0.2 * random.uniform()) * 86_400, customer: customer,
          terminal: random.integer(below: 20), amount: [10, 30, 90][size] * exp(0.1 * random.normal()),
          isFraud: random.uniform() < (follows ? 0.6 : 0.01))
        before.append(size)
      }
    }
    return shop
  }
}
