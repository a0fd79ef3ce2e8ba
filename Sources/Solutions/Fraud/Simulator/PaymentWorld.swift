import Basics
import Foundation

/// A customer with habits.
struct Shopper: Sendable {
  let account: SimulatedAccount
  /// Payments per day.
  let rate: Double
  /// The hour of the day around which the customer buys, and its spread.
  let hour: (centre: Double, spread: Double)
  /// How much dearer than usual the customer buys, as a logarithm.
  let level: Double
  /// By category, in the order of `Merchant.Category.allCases`.
  let tastes: [Double]
  let devices: [String]
  /// The second from which the last device takes over from the first.
  let deviceChange: Int
  let card: String
  /// The network at home, without its last number.
  let network: String
  /// Days away, with the country.
  let trips: [(days: Range<Int>, country: String)]
  /// The probability of sending something back.
  let returns: Double
  /// Whether the customer claims refunds for what arrived.
  let isAbuser: Bool
}

/// The people, sellers, devices and networks of a simulation.
struct PaymentWorld: Sendable {
  let key: RandomKey
  let days: Int
  let shoppers: [Shopper]
  let merchants: [Merchant]

  static let secondsPerDay = 86_400
  static let countries = ["DE", "AT", "FR", "NL", "IT", "ES"]
  static let countryWeights = [46.0, 14, 15, 10, 10, 5]
  static let foreignCountries = ["US", "GB", "SG", "CA", "BR"]

  private static let firstNames = [
    "anna", "ben", "clara", "david", "emma", "finn", "greta", "hugo", "ida", "jonas", "klara", "leo", "mia", "noah",
    "olga", "paul", "rosa", "simon", "tina", "uwe", "vera", "yann", "zoe", "luca", "sofia", "marco", "jan", "eva",
  ]
  private static let lastNames = [
    "bauer", "costa", "dubois", "egger", "ferrari", "garcia", "huber", "jansen", "keller", "lange", "moreau", "nowak",
    "ott", "peters", "richter", "seidel", "vogel", "weber", "winter", "ziegler", "bakker", "romano", "leroy", "maier",
  ]
  private static let domains = ["webmail.example", "inbox.example", "freemail.example", "post.example"]
  private static let streets = [
    "Lindenweg", "Hauptstr.", "Gartenweg", "Kirchgasse", "Rue Haute", "Via Roma", "Calle Mayor", "Dorpsstraat",
    "Bahnhofstr.", "Am Markt", "Schulstr.", "Ringstr.",
  ]

  init(customers: Int, days: Int, key: RandomKey) {
    self.key = key
    self.days = days
    let count = max(24, min(400, customers / 16))
    let merchants = (0..<count).map { number -> Merchant in
      var random = key["merchant"][number].stream()
      let category =
        number < Merchant.Category.allCases.count
        ? Merchant.Category.allCases[number]
        : random.choose(Merchant.Category.allCases, weights: [26, 14, 16, 14, 4, 6, 12, 8])
      return Merchant(number: number, category: category, popularity: pow(1 - random.uniform(), -0.6))
    }
    self.merchants = merchants
    var shoppers: [Shopper] = []
    shoppers.reserveCapacity(customers)
    for number in 0..<customers {
      var random = key["customer"][number].stream()
      // A household: the one before lives at the same address and lends a device.
      let partner = random.uniform() < 0.08 ? shoppers.last : nil
      shoppers.append(PaymentWorld.shopper(number, partner: partner, days: days, using: &random))
    }
    self.shoppers = shoppers
  }

  private static func shopper(
    _ number: Int, partner: Shopper?, days: Int, using random: inout RandomStream
  ) -> Shopper {
    let country = partner?.account.country ?? random.choose(countries, weights: countryWeights)
    // A tenth signs up while the simulation runs.
    let lastSignup = random.uniform() < 0.1 ? Double(days) * 0.8 : -1
    let created =
      lastSignup > 0
      ? Int(random.uniform() * lastSignup * Double(secondsPerDay))
      : -Int((1 + random.exponential(mean: 500)) * Double(secondsPerDay))
    let account = SimulatedAccount(
      number: number, created: created, email: email(using: &random), country: country,
      address: partner?.account.address ?? address(using: &random))
    var devices = (0...random.integer(below: 2)).map { _ in device(using: &random) }
    if let shared = partner?.devices.first { devices.append(shared) }
    devices.append(device(using: &random))
    let change = Int(random.exponential(mean: 450) * Double(secondsPerDay))
    let trips = (0..<random.poisson(mean: Double(days) / 150)).map { _ -> (days: Range<Int>, country: String) in
      let first = random.integer(below: max(1, days))
      return (first..<first + 3 + random.integer(below: 9), random.choose(countries + foreignCountries))
    }
    let fashion = 0.5 + random.uniform()
    return Shopper(
      account: account, rate: random.gamma(shape: 1.2, scale: 0.1 / 1.2),
      hour: (random.uniform() < 0.12 ? 23 : 13 + 3.5 * random.normal(), 2 + 2 * random.uniform()),
      level: 0.35 * random.normal(),
      tastes: [26 * fashion, 9, 14, 18, 3, 5, 13, 8].map { $0 * exp(0.7 * random.normal()) }, devices: devices,
      deviceChange: change, card: card(using: &random),
      network: partner?.network ?? network(of: country, using: &random),
      trips: trips, returns: 0.02 + 0.2 * pow(random.uniform(), 2) * fashion, isAbuser: random.uniform() < 0.015)
  }

  // MARK: Names and numbers

  static func email(using random: inout RandomStream) -> String {
    "\(random.choose(firstNames)).\(random.choose(lastNames))\(random.integer(below: 100))@\(random.choose(domains))"
  }

  /// An address as somebody makes them who needs many.
  static func madeUpEmail(stem: String, domain: String, using random: inout RandomStream) -> String {
    "\(stem)\(100_000 + random.integer(below: 900_000))@\(domain)"
  }

  static func firstName(using random: inout RandomStream) -> String { random.choose(firstNames) }

  static func address(using random: inout RandomStream) -> String {
    "\(random.choose(streets)) \(1 + random.integer(below: 140)), \(10_000 + random.integer(below: 89_999))"
  }

  static func device(using random: inout RandomStream) -> String { "d-" + hexadecimal(10, using: &random) }

  static func card(using random: inout RandomStream) -> String { "k-" + hexadecimal(12, using: &random) }

  /// The beginning of an address from the ranges for private use, of which each country has its own.
  static func network(of country: String, using random: inout RandomStream) -> String {
    let position = (countries + foreignCountries).firstIndex(of: country) ?? 0
    return "10.\(position * 16 + random.integer(below: 16)).\(random.integer(below: 256))."
  }

  private static func hexadecimal(_ digits: Int, using random: inout RandomStream) -> String {
    let text = String(random.next() >> UInt64(64 - 4 * digits), radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }

  // MARK: Choices

  /// A seller of a category.
  func merchant(of category: Merchant.Category, using random: inout RandomStream) -> Merchant {
    let sellers = merchants.filter { $0.category == category }
    return random.choose(sellers, weights: sellers.map(\.popularity))
  }

  /// What something of a category costs this time, in Euro; prices rise by 0.3 % a week.
  func amount(_ category: Merchant.Category, level: Double, day: Int, using random: inout RandomStream) -> Double {
    let dearer = random.uniform() < 0.02 ? 1.4 : 0
    let euro = category.price * exp(level + dearer + 0.55 * random.normal() + 0.003 * Double(day) / 7)
    return max(1, (euro * 100).rounded() / 100)
  }
}
