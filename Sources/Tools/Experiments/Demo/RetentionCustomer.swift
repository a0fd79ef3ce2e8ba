import Basics
import Foundation

/// One simulated customer on the day of the review.
struct RetentionCustomer: Sendable {
  /// Days since 1 January 2024.
  let day: Int
  let signupDay: Int
  /// Full months since signing up.
  let tenure: Int
  let region: String
  let age: Int?
  let contract: String
  let plan: String
  let payment: String
  let isPaperless: Bool
  /// Euro per month.
  let fee: Double
  /// Gigabytes in the last month; missing where the meter did not report.
  let usage: Double?
  /// Percent, last three months against the three before; missing for new customers.
  let usageChange: Double?
  /// In the last ninety days.
  let tickets: Int
  /// In the last year.
  let latePayments: Int
  /// 1 to 10; missing where the survey was not answered.
  let satisfaction: Int?
  /// The last campaign that reached the customer.
  let campaign: String?
  /// What was noted in the last call.
  let note: String?

  /// What nobody sees and several columns show: how content the customer is, of the standard normal distribution.
  private let mood: Double
  private let subject: RetentionNote.Subject?
  private let listPrice: Double
  /// Decides between leaving and staying, in [0, 1).
  private let luck: Double

  /// Draws a customer.
  init(day: Int, key: RandomKey) {
    var random = key.stream()
    let mood = random.normal()
    let pricesHaveRisen = day / 7 >= RetentionCustomer.weekOfHigherPrices

    self.day = day
    self.mood = mood
    let months = min(140, -log(1 - random.uniform()) * 26 + 1)
    signupDay = day - Int(months * 30.44)
    tenure = Int(months)

    // The south grows over time.
    region = random.choice(
      ["north", "south", "east", "west", "centre", "coast", "islands"],
      weights: [20, 14 + 0.12 * Double(day / 7), 15, 16, 18, 11, 2])
    let years = Int((46 + 15 * random.normal()).rounded())
    age = random.uniform() < 0.04 ? nil : min(92, max(18, years))
    contract = random.choice(
      ["monthly", "one year", "two years"], weights: tenure < 6 ? [70, 25, 5] : [45, 33, 22])
    plan = random.choice(["basic", "plus", "family", "business"], weights: [38, 34, 20, 8])
    payment = random.choice(["direct debit", "card", "invoice"], weights: [56, 28, 16])
    isPaperless = random.uniform() < (years < 60 ? 0.72 : 0.38)

    listPrice = ["basic": 29, "plus": 44, "family": 62, "business": 95][plan] ?? 29
    let discount = contract == "monthly" ? 1 : contract == "one year" ? 0.92 : 0.85
    fee = max(12, listPrice * discount * (pricesHaveRisen ? 1.08 : 1) + 5 * random.normal())

    let size = ["family": 4.6, "business": 4.9][plan] ?? 3.9
    let gigabytes = exp(size + 0.7 * random.normal())
    usage = random.uniform() < 0.05 ? nil : gigabytes
    let change = max(-95, 2 + 14 * random.normal() + 9 * mood)
    usageChange = tenure < 6 ? nil : change
    tickets = random.poisson(exp(-0.15 - 0.45 * mood + (pricesHaveRisen ? 0.25 : 0)))
    latePayments = random.poisson(payment == "invoice" ? 0.9 : payment == "card" ? 0.35 : 0.12)
    let answers = random.uniform() < (mood < -1 ? 0.38 : 0.56)
    let grade = Int((6.6 + 1.7 * mood + random.normal()).rounded())
    satisfaction = answers ? min(10, max(1, grade)) : nil
    let reached = random.choice(
      ["welcome", "upgrade", "price letter", "anniversary"], weights: [25, 30, pricesHaveRisen ? 60 : 15, 20])
    campaign = random.uniform() < 0.3 ? nil : reached
    subject = RetentionNote.Subject.draw(mood: mood, hasTickets: tickets > 0, using: &random)
    note = subject?.text(using: &random)
    luck = random.uniform()
  }

  /// Whether the customer left.
  var leaves: Bool { luck < probability }

  /// The probability of leaving.
  var probability: Double { 1 / (1 + exp(-logOdds)) }

  /// Each line is a cause that a good model can find, up to the mood.
  private var logOdds: Double {
    let isMonthly = contract == "monthly"
    let week = day / 7
    var sum = -2.85 - 0.35 * mood
    sum += isMonthly ? 1.1 : contract == "one year" ? 0 : -0.9
    sum += 0.9 * exp(-Double(tenure) / 8) - 0.012 * Double(min(tenure, 60))
    sum += tickets == 0 ? -0.25 : 0.42 * Double(min(tickets, 5))
    sum += 0.28 * Double(min(latePayments, 4))
    sum -= 0.024 * max(-40, min(20, usageChange ?? 0))
    sum += 0.03 * (fee - 0.95 * listPrice)
    sum += ["basic": 0.15, "family": -0.35][plan] ?? 0
    sum += satisfaction.map { $0 <= 4 ? 0.8 : $0 >= 8 ? -0.5 : 0 } ?? 0.2
    sum += campaign == "price letter" ? (isMonthly ? 0.55 : 0.1) : 0
    sum += subject?.effect ?? 0
    if week >= RetentionCustomer.weekOfCompetitor, ["coast", "west"].contains(region) { sum += 0.6 }
    if week >= RetentionCustomer.weekOfHigherPrices, isMonthly { sum += 0.25 }
    return sum
  }

  private static let weekOfHigherPrices = 52
  private static let weekOfCompetitor = 60
}

extension RandomStream {
  /// One of some choices, with probabilities in proportion to their weights.
  mutating func choice<Choice>(_ choices: [Choice], weights: [Double]) -> Choice {
    precondition(!choices.isEmpty && choices.count == weights.count, "choice: one weight per choice")
    var rest = uniform() * weights.reduce(0, +)
    for (choice, weight) in zip(choices, weights) {
      rest -= weight
      if rest < 0 { return choice }
    }
    return choices[choices.count - 1]
  }

  /// A number of the Poisson distribution with a small mean, by multiplying uniform numbers (Knuth).
  mutating func poisson(_ mean: Double) -> Int {
    let limit = exp(-mean)
    var product = uniform()
    var count = 0
    while product > limit {
      product *= uniform()
      count += 1
    }
    return count
  }
}
