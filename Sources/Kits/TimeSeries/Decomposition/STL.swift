import Basics

/// Decomposition into trend, one season and remainder by local regression.
///
/// Cleveland, Cleveland, McRae and Terpenning, "STL: a seasonal-trend decomposition procedure based on loess", Journal of
/// Official Statistics 6 (1990). The season may change slowly; the robust form gives outliers little weight.
public struct STL: Sendable, Codable, Hashable {
  /// The periods that a season's phase is smoothed over, odd, at least 3; larger lets the season change more slowly.
  public var seasonalWindow: Int
  /// Whether the season is the same in all periods; the window is then not used.
  public var isPeriodic: Bool
  /// The steps that the trend is smoothed over; by default the smallest odd number of at least
  /// 1.5 period / (1 - 1.5 / seasonal window).
  public var trendWindow: Int?
  /// The steps that what is left of the trend in the season is smoothed over; by default the smallest odd number above
  /// the period.
  public var lowPassWindow: Int?
  /// 1 for lines in the season's smoothing, 0 for means.
  public var seasonalDegree: Int
  /// Whether outliers get small weights.
  public var isRobust: Bool
  /// The passes of season and trend in turn; 2 by default, 1 in the robust form.
  public var innerPasses: Int?
  /// The passes of the robust weights; 15 by default in the robust form.
  public var outerPasses: Int?
  /// Whether about every tenth of a window is smoothed and the rest interpolated, which is faster and nearly the same.
  public var jumps: Bool

  /// Creates the method.
  public init(
    seasonalWindow: Int = 11, isPeriodic: Bool = false, trendWindow: Int? = nil, lowPassWindow: Int? = nil,
    seasonalDegree: Int = 1, isRobust: Bool = false, innerPasses: Int? = nil, outerPasses: Int? = nil,
    jumps: Bool = true
  ) {
    self.seasonalWindow = seasonalWindow
    self.isPeriodic = isPeriodic
    self.trendWindow = trendWindow
    self.lowPassWindow = lowPassWindow
    self.seasonalDegree = seasonalDegree
    self.isRobust = isRobust
    self.innerPasses = innerPasses
    self.outerPasses = outerPasses
    self.jumps = jumps
  }

  /// Takes a series apart.
  ///
  /// - Parameters:
  ///   - values: The series without missing values (see `SeasonalInterpolation`), at least two periods.
  ///   - period: The steps of the season, at least 2.
  public func decompose(_ values: [Double], period: Int) -> SeasonalDecomposition {
    require(
      period >= 2 && values.count >= 2 * period, "STL", "\(values.count) steps for a season of \(period), two needed")
    require(
      seasonalWindow >= 3 && (trendWindow ?? 3) >= 3 && (lowPassWindow ?? 3) >= 3, "STL", "a window below 3 steps")
    let work = STLWork(self, values: values, period: period)
    work.run()
    var season = work.season
    if isPeriodic {
      // The mean of each phase: what an endless window tends to.
      for phase in 0..<period {
        let steps = stride(from: phase, to: values.count, by: period)
        var sum = 0.0
        var count = 0.0
        for step in steps {
          sum += season[step]
          count += 1
        }
        for step in steps { season[step] = sum / count }
      }
    }
    let trend = work.trend
    return SeasonalDecomposition(
      periods: [period], trend: trend, seasons: [season],
      remainder: values.indices.map { values[$0] - trend[$0] - season[$0] })
  }
}

/// The arrays of one decomposition.
private final class STLWork {
  let count: Int
  let period: Int
  private let values: [Double]
  private let settings: STL
  private(set) var trend: [Double]
  private(set) var season: [Double]
  private var weights: [Double] = []
  /// The smoothed phases, one period longer at both ends.
  private var cycles: [Double]
  private var averages: [Double]
  private var low: [Double]
  private var phase: [Double]
  private var phaseWeights: [Double]
  private var smoothed: [Double]
  private let seasonal: Loess
  private let trending: Loess
  private let lowPass: Loess

  init(_ settings: STL, values: [Double], period: Int) {
    self.settings = settings
    self.values = values
    self.period = period
    count = values.count
    trend = [Double](repeating: 0, count: count)
    season = trend
    cycles = [Double](repeating: 0, count: count + 2 * period)
    averages = cycles
    low = trend
    let longest = count / period + 2
    phase = [Double](repeating: 0, count: longest)
    phaseWeights = phase
    smoothed = phase
    func odd(_ value: Int) -> Int { value | 1 }
    func loess(_ window: Int, _ degree: Int) -> Loess {
      Loess(window: window, degree: degree, jump: settings.jumps ? (window + 9) / 10 : 1)
    }
    let seasonalWindow = settings.isPeriodic ? odd(10 * count) : odd(settings.seasonalWindow)
    seasonal =
      settings.isPeriodic
      ? Loess(window: seasonalWindow, degree: 0, jump: longest) : loess(seasonalWindow, settings.seasonalDegree)
    let natural = (1.5 * Double(period) / (1 - 1.5 / Double(seasonalWindow))).rounded(.up)
    trending = loess(odd(settings.trendWindow ?? Int(natural)), 1)
    lowPass = loess(odd(settings.lowPassWindow ?? period + 1), 1)
  }

  func run() {
    let inner = settings.innerPasses ?? (settings.isRobust ? 1 : 2)
    for _ in 0..<max(1, inner) { pass() }
    for _ in 0..<(settings.outerPasses ?? (settings.isRobust ? 15 : 0)) {
      weigh()
      for _ in 0..<max(1, inner) { pass() }
    }
  }

  /// Season, then trend, each from the series without the other.
  private func pass() {
    smoothPhases()
    movingAverage(&cycles, count + 2 * period, period, &averages)
    movingAverage(&averages, count + period + 1, period, &low)
    movingAverage(&low, count + 2, 3, &averages)
    averages.withUnsafeBufferPointer { from in
      low.withUnsafeMutableBufferPointer { into in
        guard let from = from.baseAddress, let into = into.baseAddress else { return }
        lowPass.smooth(from, count: count, robustness: nil, into: into)
      }
    }
    for t in 0..<count { season[t] = cycles[period + t] - low[t] }
    for t in 0..<count { averages[t] = values[t] - season[t] }
    averages.withUnsafeBufferPointer { from in
      trend.withUnsafeMutableBufferPointer { into in
        guard let from = from.baseAddress, let into = into.baseAddress else { return }
        weights.withUnsafeBufferPointer {
          trending.smooth(from, count: count, robustness: $0.isEmpty ? nil : $0.baseAddress, into: into)
        }
      }
    }
  }

  private func smoothPhases() {
    for start in 0..<period {
      let length = (count - start + period - 1) / period
      for k in 0..<length { phase[k] = values[start + k * period] - trend[start + k * period] }
      let isWeighted = !weights.isEmpty
      if isWeighted { for k in 0..<length { phaseWeights[k] = weights[start + k * period] } }
      phase.withUnsafeBufferPointer { from in
        smoothed.withUnsafeMutableBufferPointer { into in
          phaseWeights.withUnsafeBufferPointer { weight in
            guard let from = from.baseAddress, let into = into.baseAddress else { return }
            let robustness = isWeighted ? weight.baseAddress : nil
            seasonal.smooth(from, count: length, robustness: robustness, into: into)
            cycles[start] = seasonal.value(at: -1, from, count: length, robustness: robustness)
            for k in 0..<length { cycles[start + (k + 1) * period] = into[k] }
            cycles[start + (length + 1) * period] = seasonal.value(
              at: length, from, count: length, robustness: robustness)
          }
        }
      }
    }
  }

  private func movingAverage(_ from: inout [Double], _ length: Int, _ width: Int, _ into: inout [Double]) {
    var sum = 0.0
    for i in 0..<width { sum += from[i] }
    if into.count < length - width + 1 {
      into += [Double](repeating: 0, count: length - width + 1 - into.count)
    }
    into[0] = sum / Double(width)
    for i in width..<length {
      sum += from[i] - from[i - width]
      into[i - width + 1] = sum / Double(width)
    }
  }

  /// Bisquare weights of the remainder over six times its median size.
  private func weigh() {
    let sizes = (0..<count).map { abs(values[$0] - trend[$0] - season[$0]) }
    let sorted = sizes.sorted()
    let limit = 3 * (sorted[count / 2] + sorted[(count - 1) / 2])
    weights = sizes.map { size in
      if size <= 0.001 * limit { return 1 }
      if size > 0.999 * limit { return 0 }
      let ratio = size / limit
      return (1 - ratio * ratio) * (1 - ratio * ratio)
    }
  }
}
