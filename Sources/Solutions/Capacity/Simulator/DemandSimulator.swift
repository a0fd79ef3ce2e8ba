import Basics
import Foundation
import Kernels
import Tables

/// Simulates demand as many series, products in regions by the day or calls in regions by the hour, with a known truth.
///
/// A series has a level, growth, a weekly and a yearly season (calls also a profile over the day), holidays, and campaigns
/// with a lower price after which demand dips. Products differ, and so do regions. Every sixth product is new: it appears
/// late, later in each further region, and needs weeks to become known. By the day, another sixth is intermittent: demand
/// on few days only. Counts scatter more than Poisson numbers; the hours of one day rise and fall together. What is
/// recorded lacks stretches, and by the day has stock-outs, where nothing was sold although there was demand.
///
/// What is known of every step in a table of its own: the true mean, true quantiles of that step's distribution, and the
/// demand itself where it was not recorded or not met. The means of series add up to those of regions, products and the
/// whole. No forecast has a lower expected squared error than the mean, and none a lower pinball loss than the quantiles.
public struct DemandSimulator: Sendable {
  /// The length of a step.
  public enum Frequency: String, Sendable, Hashable, Codable {
    /// Calls per hour.
    case hourly
    /// Units sold per day.
    case daily
  }

  /// Simulated demand with its truth.
  public struct Simulation: Sendable {
    /// One row per series and step, by series and time: `time`, `region`, `product`, `demand` (missing where nothing was
    /// recorded), `price`, `campaign`, `holiday` and, by the day, `stock_out` (0 or 1).
    public var demand: Table
    /// Row for row: `mean`, `q5` and so on for the levels, `demand`.
    public var truth: Table
    /// The series in the order of the rows.
    public var series: [SeriesRows]
  }

  /// Where a series lies in the tables.
  public struct SeriesRows: Sendable, Hashable {
    /// The region's name.
    public let region: String
    /// The product's name.
    public let product: String
    /// The rows, by time.
    public let rows: Range<Int>
    /// Whether demand comes on few days only.
    public let isIntermittent: Bool
    /// Whether it began after the others.
    public let isNew: Bool
  }

  /// The length of a step.
  public let frequency: Frequency
  /// The number of regions.
  public let regions: Int
  /// The number of products, or of reasons to call.
  public let products: Int
  /// The number of days.
  public let days: Int
  /// The missing stretches, and as many stock-outs, per series and year.
  public let gaps: Double
  /// The levels of the quantiles, ascending.
  public let levels: [Double]
  private let key: RandomKey

  /// Creates a simulator.
  ///
  /// - Parameters:
  ///   - frequency: the length of a step.
  ///   - regions: at least 1.
  ///   - products: at least 1; with 6 there are new and intermittent ones.
  ///   - days: at least 1.
  ///   - gaps: the missing stretches per series and year, 0 or more; as many stock-outs.
  ///   - levels: the levels of the true quantiles, ascending, between 0 and 1.
  ///   - key: the randomness; the same key gives the same tables.
  public init(
    frequency: Frequency = .daily, regions: Int = 4, products: Int = 6, days: Int = 730, gaps: Double = 0.8,
    levels: [Double] = [0.05, 0.1, 0.5, 0.9, 0.95], key: RandomKey
  ) {
    precondition(regions >= 1 && products >= 1 && days >= 1, "DemandSimulator: \(regions), \(products), \(days)")
    precondition(
      gaps >= 0 && levels.allSatisfy { $0 > 0 && $0 < 1 } && levels == levels.sorted(),
      "DemandSimulator: levels \(levels)")
    self.frequency = frequency
    self.regions = regions
    self.products = products
    self.days = days
    self.gaps = gaps
    self.levels = levels
    self.key = key["demand"]
  }

  /// Draws the tables; they do not depend on the number of threads.
  public func simulate(threads: Int = 1) throws -> Simulation {
    let calendar = DemandCalendar(days: days)
    let common = (0..<products).map { DemandSeries.Product(of: self, key: key["product"][$0]) }
    let series = parallelMap(regions * products, threads: threads) { number in
      DemandSeries(
        region: number / products, product: number % products, of: self, common: common[number % products],
        calendar: calendar, key: key["series"][number])
    }
    let steps = series.flatMap(\.steps)
    guard !steps.isEmpty else { throw AssayError(.data, "no series has begun yet", remedy: "simulate more days") }
    let quantiles = parallelMap(series.count, threads: threads) { number in
      series[number].steps.map { $0.distribution.quantiles(levels) }
    }.flatMap { $0 }
    var truth = [Column("mean", .float(steps.map(\.distribution.mean)))]
    for (position, level) in levels.enumerated() {
      truth.append(Column(Self.name(level), .integer(quantiles.map { Int64($0[position]) })))
    }
    truth.append(Column("demand", .integer(steps.map { Int64($0.demand) })))
    return Simulation(demand: try table(series, steps), truth: try Table(truth), series: rows(series))
  }

  /// The name of a quantile's column: `q5` for the level 0.05.
  public static func name(_ level: Double) -> String {
    let percent = (level * 1_000).rounded() / 10
    return "q" + (percent == percent.rounded() ? String(Int(percent)) : String(percent))
  }

  private func table(_ series: [DemandSeries], _ steps: [DemandSeries.Step]) throws -> Table {
    let stepLength = frequency == .hourly ? 3_600_000_000 : 86_400_000_000
    let start = DemandCalendar.start * 86_400_000_000
    func codes(_ code: (DemandSeries) -> Int) -> [Int32] {
      series.flatMap { Array(repeating: Int32(code($0)), count: $0.steps.count) }
    }
    func flags(_ name: String, _ value: (DemandSeries.Step) -> Bool) -> Column {
      Column(name, .integer(steps.map { value($0) ? 1 : 0 }))
    }
    var columns = [
      Column("time", .dateTime(steps.map { Int64(start + $0.time * stepLength) })),
      Column("region", .category(CategoryValues(codes: codes(\.region), levels: (0..<regions).map(regionName)))),
      Column("product", .category(CategoryValues(codes: codes(\.product), levels: (0..<products).map(productName)))),
      Column("demand", .float(steps.map(\.recorded))), Column("price", .float(steps.map(\.price))),
      flags("campaign", \.isCampaign), flags("holiday", \.isHoliday),
    ]
    if frequency == .daily { columns.append(flags("stock_out", \.isOut)) }
    return try Table(columns)
  }

  private func rows(_ series: [DemandSeries]) -> [SeriesRows] {
    var first = 0
    return series.map { series in
      defer { first += series.steps.count }
      return SeriesRows(
        region: regionName(series.region), product: productName(series.product),
        rows: first..<first + series.steps.count, isIntermittent: series.kind == .intermittent,
        isNew: series.kind == .new)
    }
  }

  private func regionName(_ number: Int) -> String {
    let names = ["north", "south", "west", "east", "coast", "centre", "islands", "hills"]
    return number < names.count ? names[number] : "region \(number + 1)"
  }

  private func productName(_ number: Int) -> String {
    let names =
      frequency == .hourly
      ? ["orders", "returns", "billing", "technical", "contracts", "app"]
      : ["milk", "coffee", "bread", "fruit", "batteries", "oat drink"]
    return number < names.count ? names[number] : "product \(number + 1)"
  }
}
