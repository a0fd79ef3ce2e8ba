import Basics
import Foundation
import Kernels
import Tables

/// Simulates the payments of an on-line shop, with fraud by five schemes and a known truth.
///
/// Customers have habits: hours, prices, tastes, devices, a home network, trips, things they send back. Frauds come as
/// stolen cards on new accounts, takeovers of accounts, rings of accounts on one device (only in the last two fifths of
/// the time: a scheme that history does not show), sellers whose payments go astray for some weeks, and customers who
/// claim refunds for what arrived. Each has honest look-alikes. Tastes, prices and the share of the app drift over the
/// weeks. A fraud is reported some days later, and only then known.
///
/// What is known of every payment, in a table of its own: the probability of fraud given how it came about, from which
/// the label was drawn; so no score that is computed from the payments alone, past or future, has a higher expected area
/// under the curve than this probability. (Who also uses what was reported of the same episode can know more: payments
/// of an episode are all frauds, or none.) Further the scheme, whether whoever pays would pass a second factor, and
/// whether an honest customer who is refused would leave.
public struct PaymentSimulator: Sendable {
  /// Simulated payments with their truth.
  public struct Simulation: Sendable {
    /// The payments by time, as a shop would export them.
    ///
    /// `payment_id`, `time`, `account_id`, `account_created`, `account_refunds`, `email`, `card_id`, `card_country`,
    /// `device_id`, `ip`, `ip_country`, `shipping_address`, `merchant_id`, `category`, `amount` (Euro), `items`,
    /// `channel`, and the labels: `fraud` (yes or no) and `fraud_reported`, the time of the report, missing where there
    /// is none.
    public var payments: Table
    /// Row for row what only the simulation knows: `payment_id`, `probability`, `scheme`, `passes_challenge`,
    /// `leaves_if_refused`.
    public var truth: Table
    /// The probability that each payment is a fraud.
    public var probabilities: [Double]
    /// Whether each payment is a fraud.
    public var isFraud: [Bool]
  }

  /// The column to predict, "yes" or "no".
  public static let target = "fraud"
  /// The column of the moment of payment.
  public static let timeColumn = "time"
  /// The column of the moment at which a fraud is reported.
  public static let reportColumn = "fraud_reported"
  /// The first moment, Monday 2025-01-06, in seconds since 1970.
  static let start = 1_736_121_600

  /// The number of customers.
  public let customers: Int
  /// The number of days.
  public let days: Int
  /// The number of frauds relative to the usual one of about 1.2 % of the payments.
  public let intensity: Double
  private let key: RandomKey

  /// Creates a simulator. About one payment is made per ten customers and day.
  ///
  /// - Parameters:
  ///   - customers: at least 1.
  ///   - days: at least 1; a report takes days to weeks, so some months are useful.
  ///   - intensity: the number of frauds relative to the usual one, 0 or more.
  ///   - key: the randomness; the same key gives the same tables.
  public init(customers: Int = 2_000, days: Int = 120, intensity: Double = 1, key: RandomKey) {
    precondition(
      customers >= 1 && days >= 1 && intensity >= 0, "PaymentSimulator: \(customers) customers, \(days) days")
    self.customers = customers
    self.days = days
    self.intensity = intensity
    self.key = key["payments"]
  }

  /// Draws the tables; they do not depend on the number of threads.
  ///
  /// - Throws: a `data` error if there is no payment at all, as with one customer on one day.
  public func simulate(threads: Int = 1) throws -> Simulation {
    let world = PaymentWorld(customers: customers, days: days, key: key)
    let ordinary = OrdinaryPayments(world: world, compromised: compromised(world), intensity: intensity)
    var payments = parallelMap(customers, threads: threads) { ordinary.payments(of: world.shoppers[$0]) }.flatMap { $0 }
    payments += FraudEpisodes(world: world, intensity: intensity).payments(firstAccount: customers)
    guard !payments.isEmpty else {
      throw AssayError(.data, "the simulated shop has no payment", remedy: "simulate more customers or days")
    }
    // Numbers break ties, so that the order is the same wherever it is sorted.
    let order = payments.indices.sorted {
      (payments[$0].second, payments[$0].account.number, $0) < (payments[$1].second, payments[$1].account.number, $1)
    }
    payments = order.map { payments[$0] }
    // A payment by somebody else's hand shows the refunds of the account, too.
    var refunds: [Int: Int] = [:]
    for i in payments.indices {
      let account = payments[i].account.number
      if payments[i].scheme == .takeover { payments[i].refunds = refunds[account] ?? 0 }
      refunds[account] = payments[i].refunds
    }
    return try PaymentTables(payments: payments, key: key["table"]).simulation()
  }

  /// Some sellers, one per 40 sellers and 120 days, for two to three weeks each.
  private func compromised(_ world: PaymentWorld) -> [Int: (days: Range<Int>, probability: Double)] {
    var random = key["compromised"].stream()
    let count = max(1, Int((Double(world.merchants.count * days) / 4_800).rounded()))
    var cases: [Int: (days: Range<Int>, probability: Double)] = [:]
    for _ in 0..<count {
      let merchant = random.integer(below: world.merchants.count)
      let first = random.integer(below: days)
      cases[merchant] = (first..<first + 14 + random.integer(below: 8), 0.25 + 0.35 * random.uniform())
    }
    return cases
  }
}
