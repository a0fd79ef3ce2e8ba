import Basics
import Foundation

/// Bursts of payments that look like fraud, and whether they are.
///
/// An episode is drawn in two steps: first everything that can be seen of it, then, with a probability that follows from
/// what was drawn, whether it is a fraud. So the probability is true by construction, and honest look-alikes exist: a
/// new customer before the holidays, a traveller with a new phone, a tablet in a dormitory.
struct FraudEpisodes {
  let world: PaymentWorld
  /// How many episodes there are, relative to the usual number.
  let intensity: Double

  /// The usual numbers of episodes per customer and day.
  private static let stolenCardRate = 1.2e-4
  private static let takeoverRate = 2.7e-4
  private static let ringRate = 7e-5
  /// Rings appear after this part of the simulated time.
  static let ringStart = 0.6

  /// The payments of all episodes; accounts made for them are numbered from `firstAccount` on.
  func payments(firstAccount: Int) -> [SimulatedPayment] {
    let customerDays = Double(world.shoppers.count * world.days) * intensity
    var payments: [SimulatedPayment] = []
    var account = firstAccount
    func count(_ name: String, _ rate: Double) -> Int {
      var random = world.key[name]["count"].stream()
      return random.poisson(mean: rate * customerDays)
    }
    for number in 0..<count("stolen card", Self.stolenCardRate) {
      var random = world.key["stolen card"][number].stream()
      payments += stolenCard(account: account, using: &random)
      account += 1
    }
    for number in 0..<count("takeover", Self.takeoverRate) {
      var random = world.key["takeover"][number].stream()
      payments += takeover(using: &random)
    }
    for number in 0..<count("ring", Self.ringRate * (1 - Self.ringStart)) {
      var random = world.key["ring"][number].stream()
      payments += ring(firstAccount: &account, using: &random)
    }
    return payments.filter { $0.second < world.days * PaymentWorld.secondsPerDay }
  }

  private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  private func moment(from: Double = 0, using random: inout RandomStream) -> Int {
    Int((from + (1 - from) * random.uniform()) * Double(world.days * PaymentWorld.secondsPerDay))
  }

  private func settle(
    _ payments: [SimulatedPayment], _ scheme: SimulatedPayment.Scheme, probability: Double,
    using random: inout RandomStream
  ) -> [SimulatedPayment] {
    let isFraud = random.uniform() < probability
    return payments.map { payment in
      var payment = payment
      payment.scheme = scheme
      payment.probability = probability
      payment.isFraud = isFraud
      return payment
    }
  }

  /// A new account buys several times within hours: small amounts that test the card, then large ones.
  private func stolenCard(account number: Int, using random: inout RandomStream) -> [SimulatedPayment] {
    let start = moment(using: &random)
    let isDisposable = random.uniform() < 0.5
    let isMismatch = random.uniform() < 0.5
    let tests = random.uniform() < 0.55
    let count = 3 + random.integer(below: 7)
    let country = random.choose(PaymentWorld.countries, weights: PaymentWorld.countryWeights)
    let ipCountry = isMismatch ? random.choose(PaymentWorld.foreignCountries) : country
    let email =
      isDisposable
      ? PaymentWorld.madeUpEmail(
        stem: PaymentWorld.firstName(using: &random), domain: "tempbox.example", using: &random)
      : PaymentWorld.email(using: &random)
    let account = SimulatedAccount(
      number: number, created: start - 60 - Int(random.exponential(mean: 7_200)), email: email, country: country,
      address: PaymentWorld.address(using: &random))
    let device = PaymentWorld.device(using: &random)
    let card = PaymentWorld.card(using: &random)
    let ip = PaymentWorld.network(of: ipCountry, using: &random) + String(1 + random.integer(below: 254))
    var second = start
    let payments = (0..<count).map { position in
      let category = random.choose(
        [Merchant.Category.giftCards, .electronics, .tickets, .fashion], weights: [4, 3, 2, 2])
      let isTest = tests && position < count / 2
      let amount = isTest ? 1 + 4 * random.uniform() : category.price * exp(0.9 + 0.4 * random.normal())
      second += 30 + Int(random.exponential(mean: 1_500))
      return SimulatedPayment(
        second: second, account: account, email: email, card: card, cardCountry: country, device: device, ip: ip,
        ipCountry: ipCountry, shipping: category.isDigital ? nil : account.address,
        merchant: world.merchant(of: category, using: &random), amount: (amount * 100).rounded() / 100, items: 1,
        isApp: random.uniform() < 0.2)
    }
    let evidence =
      -2.0 + (isDisposable ? 1.8 : 0) + (isMismatch ? 1.8 : 0) + (tests ? 1.4 : 0) + 0.25 * Double(count - 3)
    return settle(payments, .stolenCard, probability: logistic(evidence), using: &random)
  }

  /// A customer's account is used from a new device, for dear things that go elsewhere.
  private func takeover(using random: inout RandomStream) -> [SimulatedPayment] {
    let shopper = random.choose(world.shoppers)
    let start = moment(using: &random)
    guard start > shopper.account.created else { return [] }
    let isForeign = random.uniform() < 0.5
    let isElsewhere = random.uniform() < 0.5
    let hasNewEmail = random.uniform() < 0.4
    let multiple = exp(0.4 + 1.4 * random.uniform())
    let country = isForeign ? random.choose(PaymentWorld.foreignCountries) : shopper.account.country
    let ip = PaymentWorld.network(of: country, using: &random) + String(1 + random.integer(below: 254))
    let device = PaymentWorld.device(using: &random)
    let email = hasNewEmail ? PaymentWorld.email(using: &random) : shopper.account.email
    let address = isElsewhere ? PaymentWorld.address(using: &random) : shopper.account.address
    var second = start
    let payments = (0..<1 + random.integer(below: 4)).map { _ in
      let category = random.choose(
        [Merchant.Category.electronics, .giftCards, .fashion, .home], weights: [5, 3, 2, 2])
      second += 60 + Int(random.exponential(mean: 14_400))
      let amount = category.price * multiple * exp(shopper.level + 0.3 * random.normal())
      return SimulatedPayment(
        second: second, account: shopper.account, email: email, card: shopper.card,
        cardCountry: shopper.account.country, device: device, ip: ip, ipCountry: country,
        shipping: category.isDigital ? nil : address, merchant: world.merchant(of: category, using: &random),
        amount: (amount * 100).rounded() / 100, items: 1 + random.integer(below: 3), isApp: random.uniform() < 0.3)
    }
    let evidence =
      -3.4 + (isForeign ? 1.7 : 0) + (isElsewhere ? 1.7 : 0) + (hasNewEmail ? 1.6 : 0) + 1.4 * log(multiple)
    return settle(payments, .takeover, probability: logistic(evidence), using: &random)
  }

  /// Many new accounts pay from one device over some weeks.
  private func ring(firstAccount: inout Int, using random: inout RandomStream) -> [SimulatedPayment] {
    let start = moment(from: Self.ringStart, using: &random)
    let count = 4 + random.integer(below: 9)
    let hasOneStem = random.uniform() < 0.55
    let hasOneAddress = random.uniform() < 0.5
    let country = random.choose(PaymentWorld.countries, weights: PaymentWorld.countryWeights)
    let network = PaymentWorld.network(of: country, using: &random)
    let device = PaymentWorld.device(using: &random)
    let stem = PaymentWorld.firstName(using: &random)
    let addresses = (0..<2).map { _ in PaymentWorld.address(using: &random) }
    var payments: [SimulatedPayment] = []
    for _ in 0..<count {
      let created = start + Int(random.uniform() * 21 * Double(PaymentWorld.secondsPerDay))
      let email =
        hasOneStem
        ? PaymentWorld.madeUpEmail(stem: stem, domain: "freemail.example", using: &random)
        : PaymentWorld.email(using: &random)
      let account = SimulatedAccount(
        number: firstAccount, created: created, email: email, country: country,
        address: hasOneAddress ? random.choose(addresses) : PaymentWorld.address(using: &random))
      firstAccount += 1
      let card = PaymentWorld.card(using: &random)
      var second = created
      for _ in 0...random.integer(below: 2) {
        second += 300 + Int(random.exponential(mean: 40_000))
        let category = random.choose([Merchant.Category.electronics, .fashion, .beauty, .toys], weights: [3, 3, 2, 2])
        payments.append(
          SimulatedPayment(
            second: second, account: account, email: email, card: card, cardCountry: country, device: device,
            ip: network + String(1 + random.integer(below: 254)), ipCountry: country, shipping: account.address,
            merchant: world.merchant(of: category, using: &random),
            amount: (category.price * exp(0.5 + 0.4 * random.normal()) * 100).rounded() / 100,
            items: 1 + random.integer(below: 3), isApp: random.uniform() < 0.5))
      }
    }
    let evidence = -2.2 + 0.22 * Double(count - 4) + (hasOneStem ? 2 : 0) + (hasOneAddress ? 1.6 : 0)
    return settle(payments, .ring, probability: logistic(evidence), using: &random)
  }
}
