import Basics
import Foundation
import Tables

/// Payments as the tables that a shop would export, with values that are missing, and their truth.
struct PaymentTables {
  /// By time.
  let payments: [SimulatedPayment]
  let key: RandomKey

  /// What is drawn for a payment after the simulation.
  private struct Afterwards {
    /// Seconds from the payment to the report; nil without fraud.
    var delay: Int?
    var passes: Bool
    var leaves: Bool
    var lacksDevice: Bool
    var lacksNetwork: Bool
  }

  func simulation() throws -> PaymentSimulator.Simulation {
    let afterwards = payments.indices.map { drawAfterwards(of: $0) }
    let identifiers = Column("payment_id", .text(TextValues(payments.indices.map { "P-\(1_000_000 + $0)" })))
    let truth = try Table([
      identifiers,
      Column("probability", .float(payments.map(\.probability))),
      Column(
        "scheme",
        .category(CategoryValues(payments.map { ($0.isFraud ? $0.scheme : SimulatedPayment.Scheme.none).rawValue }))),
      Column("passes_challenge", .boolean(afterwards.map { $0.passes ? 1 : 0 })),
      Column("leaves_if_refused", .boolean(afterwards.map { $0.leaves ? 1 : 0 })),
    ])
    return PaymentSimulator.Simulation(
      payments: try table(identifiers, afterwards), truth: truth, probabilities: payments.map(\.probability),
      isFraud: payments.map(\.isFraud))
  }

  private func drawAfterwards(of row: Int) -> Afterwards {
    let payment = payments[row]
    var random = key[row].stream()
    let scheme = payment.isFraud ? payment.scheme : SimulatedPayment.Scheme.none
    let delay = scheme.delay
    let days = min(75, max(0.3, delay.median * exp(delay.spread * random.normal())))
    let isLoyal = payment.account.created < -100 * PaymentWorld.secondsPerDay
    return Afterwards(
      delay: payment.isFraud ? Int(days * Double(PaymentWorld.secondsPerDay)) : nil,
      passes: random.uniform() < scheme.passes,
      leaves: !payment.isFraud && random.uniform() < (isLoyal ? 0.12 : 0.3),
      lacksDevice: random.uniform() < 0.03, lacksNetwork: random.uniform() < 0.01)
  }

  private func table(_ identifiers: Column, _ afterwards: [Afterwards]) throws -> Table {
    func texts(_ name: String, _ value: (SimulatedPayment) -> String?) -> Column {
      Column(name, .text(TextValues(payments.map(value))))
    }
    func categories(_ name: String, _ value: (SimulatedPayment) -> String?) -> Column {
      Column(name, .category(CategoryValues(payments.map(value))))
    }
    func integers(_ name: String, _ value: (SimulatedPayment) -> Int) -> Column {
      Column(name, .integer(payments.map { Int64(value($0)) }))
    }
    let publicNumbers = accountNumbers()
    let lacksDevice = afterwards.map(\.lacksDevice)
    let lacksNetwork = afterwards.map(\.lacksNetwork)
    let devices = zip(payments, lacksDevice).map { $1 ? nil : $0.device }
    let ips = zip(payments, lacksNetwork).map { $1 ? nil : $0.ip }
    let ipCountries = zip(payments, lacksNetwork).map { $1 ? nil : $0.ipCountry }
    let reports = zip(payments, afterwards).map { payment, afterwards in
      afterwards.delay.map { PaymentTables.microseconds(payment.second + $0) } ?? Column.missingInteger
    }
    return try Table([
      identifiers,
      Column(PaymentSimulator.timeColumn, .dateTime(payments.map { PaymentTables.microseconds($0.second) })),
      texts("account_id") { "A-\(50_000 + (publicNumbers[$0.account.number] ?? 0))" },
      Column("account_created", .dateTime(payments.map { PaymentTables.microseconds($0.account.created) })),
      integers("account_refunds", \.refunds),
      texts("email", \.email),
      texts("card_id", \.card),
      categories("card_country", \.cardCountry),
      Column("device_id", .text(TextValues(devices))),
      Column("ip", .text(TextValues(ips))),
      Column("ip_country", .category(CategoryValues(ipCountries))),
      texts("shipping_address", \.shipping),
      categories("merchant_id") { "M-\(100 + $0.merchant.number)" },
      categories("category", \.merchant.category.rawValue),
      Column("amount", .float(payments.map(\.amount))),
      integers("items", \.items),
      categories("channel") { $0.isApp ? "app" : "web" },
      categories(PaymentSimulator.target) { $0.isFraud ? "yes" : "no" },
      Column(PaymentSimulator.reportColumn, .dateTime(reports)),
    ])
  }

  /// Numbers as a shop gives them: by the time of signing up, so that they tell nothing else.
  private func accountNumbers() -> [Int: Int] {
    let accounts = Dictionary(payments.map { ($0.account.number, $0.account.created) }) { first, _ in first }
    let order = accounts.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    return Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1.key, $0) })
  }

  private static func microseconds(_ second: Int) -> Int64 { Int64(PaymentSimulator.start + second) * 1_000_000 }
}
