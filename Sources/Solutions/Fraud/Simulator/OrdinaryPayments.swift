import Basics
import Foundation

/// What customers buy for themselves, and the frauds that hide among it.
struct OrdinaryPayments {
  let world: PaymentWorld
  /// The days of each seller on which payments go astray, with the probability that one does.
  let compromised: [Int: (days: Range<Int>, probability: Double)]
  /// How many frauds there are, relative to the usual number.
  let intensity: Double

  /// The payments of one customer, by time.
  func payments(of shopper: Shopper) -> [SimulatedPayment] {
    var random = world.key["payments"][shopper.account.number].stream()
    var payments: [SimulatedPayment] = []
    for day in 0..<world.days {
      let weekday = [0.95, 0.95, 1, 1, 1.1, 1.15, 0.85][day % 7]
      // A slow wave over the year.
      let season = 1 + 0.12 * sin(2 * .pi * Double(day) / 365)
      for _ in 0..<random.poisson(mean: shopper.rate * weekday * season) {
        let payment = self.payment(of: shopper, day: day, using: &random)
        if payment.second > shopper.account.created { payments.append(payment) }
      }
    }
    payments.sort { $0.second < $1.second }
    settle(&payments, of: shopper, using: &random)
    return payments
  }

  private func payment(of shopper: Shopper, day: Int, using random: inout RandomStream) -> SimulatedPayment {
    let hour = shopper.hour.centre + shopper.hour.spread * random.normal()
    let wrapped = hour - 24 * (hour / 24).rounded(.down)
    let second = day * PaymentWorld.secondsPerDay + Int(wrapped * 3_600)
    // Gift cards and tickets come up, fashion goes down.
    var tastes = shopper.tastes
    tastes[4] *= 1 + Double(day) / 200
    tastes[0] *= 1 - 0.3 * min(1, Double(day) / 300)
    let category = random.choose(Merchant.Category.allCases, weights: tastes)
    let trip = shopper.trips.first { $0.days.contains(day) }
    let isAway = trip != nil && random.uniform() < 0.8
    let country = isAway ? trip?.country ?? shopper.account.country : shopper.account.country
    let usesMobileNetwork = random.uniform() < 0.3
    let network =
      isAway || usesMobileNetwork ? PaymentWorld.network(of: country, using: &random) : shopper.network
    let known = shopper.devices.dropLast()
    let device =
      second > shopper.deviceChange ? shopper.devices.last : random.uniform() < 0.75 ? known.first : known.last
    let isGift = random.uniform() < 0.05
    return SimulatedPayment(
      second: second, account: shopper.account, email: shopper.account.email, card: shopper.card,
      cardCountry: shopper.account.country, device: device, ip: network + String(1 + random.integer(below: 254)),
      ipCountry: country,
      shipping: category.isDigital ? nil : isGift ? PaymentWorld.address(using: &random) : shopper.account.address,
      merchant: world.merchant(of: category, using: &random),
      amount: world.amount(category, level: shopper.level, day: day, using: &random),
      items: 1 + random.poisson(mean: category == .groceries ? 5 : 0.6),
      isApp: random.uniform() < 0.35 + 0.25 * Double(day) / Double(max(120, world.days)))
  }

  /// Decides which payments are frauds, and keeps the account's refunds.
  private func settle(_ payments: inout [SimulatedPayment], of shopper: Shopper, using random: inout RandomStream) {
    var refundedAt: [Int] = []
    for i in payments.indices {
      let payment = payments[i]
      let day = payment.second / PaymentWorld.secondsPerDay
      payments[i].refunds = refundedAt.count { $0 < payment.second }
      let isShipped = payment.shipping != nil
      var causes: [(scheme: SimulatedPayment.Scheme, probability: Double)] = [(.opportunistic, 0.0004)]
      if let trouble = compromised[payment.merchant.number], trouble.days.contains(day) {
        causes.append((.merchant, trouble.probability))
      }
      if shopper.isAbuser, isShipped, payment.amount > 25 { causes.append((.refund, 0.35)) }
      let strongest = causes.max { $0.probability < $1.probability } ?? causes[0]
      payments[i].scheme = strongest.scheme
      payments[i].probability = min(0.95, 1 - causes.reduce(1) { $0 * (1 - min(0.95, $1.probability * intensity)) })
      payments[i].isFraud = random.uniform() < payments[i].probability
      let claims = payments[i].isFraud && strongest.scheme == .refund
      if claims || (isShipped && random.uniform() < shopper.returns) {
        refundedAt.append(payment.second + (4 + random.integer(below: 9)) * PaymentWorld.secondsPerDay)
      }
    }
  }
}
