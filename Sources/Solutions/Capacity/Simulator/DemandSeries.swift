import Basics
import Foundation

/// One series: what is in demand where, and how its mean moves.
struct DemandSeries: Sendable {
  /// A step of the series with its truth.
  struct Step: Sendable {
    /// Steps since the start of the simulation.
    var time = 0
    var distribution: CountDistribution
    /// What was asked for.
    var demand = 0
    /// What was recorded; not-a-number where nothing was.
    var recorded = 0.0
    var price = 0.0
    var isCampaign = false
    var isHoliday = false
    var isOut = false
  }

  let region: Int
  let product: Int
  /// How it came to be: in every region from the start, or later, or with demand on few days only.
  let kind: Kind
  private(set) var steps: [Step] = []

  enum Kind: Sendable {
    case steady
    case intermittent
    case new
  }

  /// What the products have in common everywhere.
  struct Product: Sendable {
    var level = 0.0
    var price = 0.0
    var elasticity = 0.0
    /// By weekday.
    var week: [Double] = []
    /// Height and place of the yearly wave.
    var wave = (height: 0.0, peak: 0.0)
    /// The days of its campaigns.
    var campaigns: [Range<Int>] = []
    /// By hour, on working days and on weekends; each sums to 24.
    var hours: [[Double]] = []
  }

  init(
    region: Int, product: Int, of simulator: DemandSimulator, common: Product, calendar: DemandCalendar, key: RandomKey
  ) {
    self.region = region
    self.product = product
    let isHourly = simulator.frequency == .hourly
    kind = product % 6 == 5 ? .new : product % 6 == 4 && !isHourly ? .intermittent : .steady
    var random = key["nature"].stream()
    let size = 1 / (1 + 0.5 * Double(region)) * (kind == .intermittent ? 0.02 : 1)
    let level = common.level * size * exp(0.2 * random.normal())
    let growth = 0.08 + 0.1 * random.normal()
    let shape = kind == .intermittent ? 2 : isHourly ? 30 + 40 * random.uniform() : 8 + 20 * random.uniform()
    let days = simulator.days
    // Later in each region: the first one has it after a half, the last after four fifths of the time.
    let lateness = 0.5 + 0.3 * Double(region) / Double(max(1, simulator.regions - 1))
    let launch = kind == .new ? Int(Double(days) * lateness) : 0
    let activity = kind == .intermittent ? 0.12 + 0.2 * random.uniform() : 1
    let gaps = Self.stretches(simulator.gaps, days: days, length: 3...12, using: &random)
    let outages = isHourly ? [] : Self.stretches(simulator.gaps, days: days, length: 2...7, using: &random)
    var draws = key["draws"].stream()
    for day in launch..<max(launch, days) {
      let today = calendar.days[day]
      let isCampaign = common.campaigns.contains { $0.contains(day) }
      let price = ((isCampaign ? 0.8 : 1) * common.price * 100).rounded() / 100
      var mean = level * exp(growth * Double(day) / 365) * common.week[today.weekday]
      mean *= 1 + common.wave.height * cos(2 * .pi * (today.season - common.wave.peak))
      mean *= today.isHoliday ? 0.35 : today.isBeforeHoliday ? 1.3 : 1
      mean *= pow(price / common.price, -common.elasticity)
      // Those who stocked up stay away for a week.
      if common.campaigns.contains(where: { ($0.upperBound..<$0.upperBound + 7).contains(day) }) { mean *= 0.88 }
      // A new product needs some weeks to become known.
      if kind == .new { mean *= 1 - 0.75 * exp(-Double(day - launch) / 30) }
      let rate = draws.gamma(shape: shape, scale: 1 / shape)
      for hour in 0..<(isHourly ? 24 : 1) {
        let share = isHourly ? common.hours[today.weekday < 5 && !today.isHoliday ? 0 : 1][hour] / 24 : 1
        let distribution = CountDistribution(mean: mean * share, shape: shape, activity: activity)
        var step = Step(distribution: distribution)
        step.time = isHourly ? day * 24 + hour : day
        step.demand = distribution.draw(rate: rate, using: &draws)
        step.isOut = outages.contains { $0.contains(day) }
        step.recorded = gaps.contains { $0.contains(day) } ? .nan : step.isOut ? 0 : Double(step.demand)
        step.price = price
        step.isCampaign = isCampaign
        step.isHoliday = today.isHoliday
        steps.append(step)
      }
    }
  }

  /// Stretches of days, so many a year on average.
  private static func stretches(
    _ perYear: Double, days: Int, length: ClosedRange<Int>, using random: inout RandomStream
  ) -> [Range<Int>] {
    (0..<random.poisson(mean: perYear * Double(days) / 365)).map { _ in
      let first = random.integer(below: days)
      return first..<first + length.lowerBound + random.integer(below: length.count)
    }
  }
}

extension DemandSeries.Product {
  /// Draws a product.
  init(of simulator: DemandSimulator, key: RandomKey) {
    var random = key.stream()
    let isHourly = simulator.frequency == .hourly
    level = exp(0.5 * random.normal()) * (isHourly ? 600 : 80)
    price = (5 + 20 * random.uniform()).rounded()
    elasticity = isHourly ? 0.6 : 1.6 + 1.2 * random.uniform()
    week = isHourly ? [1.25, 1.1, 1.05, 1.05, 1.1, 0.6, 0.45] : [0.9, 0.85, 0.9, 1, 1.25, 1.4, 0.7]
    week = week.map { $0 * exp(0.08 * random.normal()) }
    wave = (0.1 + 0.2 * random.uniform(), random.uniform())
    let count = random.poisson(mean: 5 * Double(simulator.days) / 365)
    campaigns = (0..<count).map { _ in
      let monday = random.integer(below: max(1, simulator.days / 7)) * 7
      return monday..<monday + 7
    }
    // Two humps on working days, one late one on weekends.
    let late = random.uniform()
    func hump(_ hour: Int, at centre: Double, width: Double) -> Double {
      let distance = (Double(hour) - centre) / width
      return exp(-distance * distance)
    }
    let working = (0..<24).map { hour -> Double in
      0.03 + hump(hour, at: 10.2, width: 2) + 0.8 * hump(hour, at: 15.5 + late, width: 2.6)
    }
    let weekend = (0..<24).map { hour -> Double in 0.05 + hump(hour, at: 13 + late, width: 3.5) }
    hours = [working, weekend].map { profile in
      let sum = profile.reduce(0, +)
      return profile.map { $0 * 24 / sum }
    }
  }
}
