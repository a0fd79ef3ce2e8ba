/// An account of the simulated shop.
struct SimulatedAccount: Sendable {
  /// Consecutive numbers, the shoppers' first.
  let number: Int
  /// Seconds since the start of the simulation; negative before it.
  let created: Int
  let email: String
  let country: String
  let address: String
}

/// A simulated payment with its truth.
struct SimulatedPayment: Sendable {
  /// How a fraud comes about; raw values are those of the column `scheme`.
  enum Scheme: String, CaseIterable {
    case none
    case opportunistic
    case stolenCard = "stolen card"
    case takeover = "account takeover"
    case ring = "shared device"
    case merchant = "compromised merchant"
    case refund = "refund abuse"

    /// The median days from the payment to the report, and the spread of their logarithm.
    var delay: (median: Double, spread: Double) {
      switch self {
      case .none, .opportunistic: (14, 0.6)
      case .stolenCard: (6, 0.6)
      case .takeover: (3, 0.6)
      case .ring: (12, 0.5)
      case .merchant: (16, 0.4)
      case .refund: (20, 0.4)
      }
    }

    /// The probability that whoever pays passes a second factor.
    var passes: Double {
      switch self {
      case .none: 0.94
      case .opportunistic: 0.5
      case .stolenCard: 0.08
      case .takeover: 0.15
      case .ring: 0.3
      // The account's owner pays, and the fraud is elsewhere: asking the owner does not help.
      case .merchant, .refund: 0.94
      }
    }
  }

  /// Seconds since the start of the simulation.
  var second: Int
  var account: SimulatedAccount
  var email: String
  var card: String
  var cardCountry: String
  var device: String?
  var ip: String?
  var ipCountry: String?
  /// Where the goods go; nil for what is delivered on-line.
  var shipping: String?
  var merchant: Merchant
  /// Euro.
  var amount: Double
  var items: Int
  var isApp: Bool
  /// The refunds that the shop had granted to the account.
  var refunds = 0
  /// What the payment would be if it is a fraud.
  var scheme = Scheme.opportunistic
  /// The probability of fraud, given how the payment came about.
  var probability = 0.0
  var isFraud = false
}

/// A seller on the simulated shop's platform.
struct Merchant: Sendable {
  let number: Int
  let category: Category
  let popularity: Double

  /// What is sold.
  enum Category: String, CaseIterable {
    case fashion
    case electronics
    case home
    case groceries
    case giftCards = "gift cards"
    case tickets
    case beauty
    case toys

    /// The usual price in Euro.
    var price: Double {
      switch self {
      case .fashion: 48
      case .electronics: 140
      case .home: 60
      case .groceries: 32
      case .giftCards: 40
      case .tickets: 65
      case .beauty: 27
      case .toys: 30
      }
    }

    /// Whether it is delivered on-line.
    var isDigital: Bool { self == .giftCards || self == .tickets }
  }
}
